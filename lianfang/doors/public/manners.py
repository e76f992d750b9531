"""What every answer of the resident's door keeps to: a code never stands in an address that anybody else sees, whoever is
signed in at the desk is not looked at, and whatever refuses further in is said on a page of this door."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

PATH = "/r/"
KNOWN = ("", "me", "object", "request", "arrived", "seen", "leave", "link")
"""What may follow ``/r/``; anything else is taken for a code."""

LONGEST = 64
OURS = "X-Lianfang-Page"
"""Set on the pages of this door while they pass through, so that foreign ones are told apart; taken off at the end."""


class Manners:
    """Middleware around the desk's own."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PATH):
            return self.answer(request)
        _take_out_the_code(request)
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        response = self.answer(request)
        if response.status_code >= 400 and OURS not in response.headers:
            with translation.override(response.headers.get("Content-Language", settings.LANGUAGE_CODE)):
                response = sorry(request, response)
        del response.headers[OURS]
        # Within this door the address may be told, for the check against forged forms; elsewhere nothing of it.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _take_out_the_code(request: HttpRequest) -> None:
    """Before anything can write the address down, what follows ``/r/`` is kept aside, unless it is a page's name."""
    rest = request.path_info[len(PATH) :]
    if rest.partition("/")[0] in KNOWN:
        return
    request.slip_code = rest[:LONGEST]  # type: ignore[attr-defined]
    request.path = request.path_info = PATH + "link"
    for name in ("PATH_INFO", "REQUEST_URI", "RAW_URI"):
        if name in request.META:
            request.META[name] = request.path


def sorry(request: HttpRequest, old: HttpResponse) -> HttpResponse:
    """What happened, in plain words, with the status and the headers of the answer it stands for."""
    code = old.status_code
    response = render(request, "public/sorry.html", {"code": code}, status=code)
    for name, value in old.headers.items():
        response.headers.setdefault(name, value)
    return response
