"""A refusal as a problem document (RFC 9457): what happened and what to do, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header

from lianfang.ground.refusals import Refused

PROBLEM = "application/problem+json"
CHINESE, ENGLISH = "zh-hans", "en"

SAID: Mapping[int, Promise] = {
    400: _("What was sent cannot be read as JSON."),
    401: _("Show a token that holds: it is unknown, has expired, or was withdrawn."),
    403: _("Your role does not do this."),
    404: _("There is no such entry here."),
    405: _("This address does not take this method."),
    413: _("This is more than is taken at once."),
    415: _("Send JSON: the content type is application/json."),
    500: _("Our fault. Nothing was written; please tell the administrator."),
    503: _("The database does not answer now. Send the same again, under the same id."),
}


def language_of(request: HttpRequest) -> str:
    """Chinese, unless the caller would rather have English."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:400]):
        if code.split("-")[0] in ("zh", "*"):
            return CHINESE
        if code.split("-")[0] == "en":
            return ENGLISH
    return CHINESE


def document(
    code: int, detail: str = "", fields: Mapping[str, Sequence[Any]] | None = None
) -> dict[str, Any]:
    """The members of a problem document."""
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": detail or str(SAID.get(code, SAID[400])),
    }
    return told | (
        {"fields": {name: [str(one) for one in why] for name, why in fields.items()}} if fields else {}
    )


def of_refusal(no: Refused) -> dict[str, Any]:
    """A refusal's own words."""
    return document(no.code, no.message, no.fields)


def answer(told: dict[str, Any]) -> HttpResponse:
    """A problem document as an answer."""
    response = JsonResponse(told, status=told["status"], content_type=PROBLEM)
    if told["status"] == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="lianfang"'
    if told["status"] == 503:
        response.headers["Retry-After"] = "5"
    return response
