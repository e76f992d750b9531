"""What every answer of the API keeps to: it knows no cookies, takes no more than it says, and refuses in JSON."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from . import problems

PATH = "/api/"
LARGEST = 512 * 1024
"""Bytes of a body: fifty acts of ten thousand signs."""

WRITES = ("PUT", "POST")


class Manners:
    """Middleware around the desk's own. A session is not looked at, so a foreign page cannot use one; whatever refuses
    further in, in whatever form, is told as a problem document."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PATH):
            return self.answer(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {}
        language = problems.language_of(request)
        response = _unreadable(request, language) or self.answer(request)
        if response.status_code >= 400 and response.headers.get("Content-Type") != problems.PROBLEM:
            response = _told(response, language)
        response.cookies.clear()
        response.headers["Content-Language"] = language
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _unreadable(request: HttpRequest, language: str) -> HttpResponse | None:
    """The refusal of a body that is too large or no JSON, before any of it is read."""
    if request.method not in WRITES:
        return None
    sent = request.META.get("CONTENT_LENGTH") or "0"
    kind = (request.content_type or "").lower()
    code = 0
    if not sent.isdecimal() or int(sent[:20]) > LARGEST:
        code = 413 if sent.isdecimal() else 400
    elif kind != "application/json" and not kind.endswith("+json"):
        code = 415
    if not code:
        return None
    with translation.override(language):
        return problems.answer(problems.document(code))


def _told(old: HttpResponse, language: str) -> HttpResponse:
    code = old.status_code if old.status_code in problems.SAID else (400 if old.status_code < 500 else 500)
    with translation.override(language):
        response = problems.answer(problems.document(code))
    if "Allow" in old.headers:
        response.headers["Allow"] = old.headers["Allow"]
    return response
