"""When something cannot be done: what happened, and what to do, in the reader's language."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianfang.ground.refusals import Refused


def _page(request: HttpRequest, code: int, **said: Any) -> HttpResponse:
    return render(request, "desk/error.html", {"code": code} | said, status=code)


def refusal(request: HttpRequest, no: Refused, *, back: str = "/") -> HttpResponse:
    """The page of a refusal: its reason, and the way back."""
    return _page(request, no.code, why=no.message, back=back)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """What was sent cannot be read, or is more than a page takes."""
    return _page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Not yours."""
    return _page(request, 403)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was too old, or the form came from elsewhere: nothing was done."""
    return render(request, "desk/error.html", {"code": "csrf"}, status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Nothing there, or nothing there for you: the same answer."""
    return _page(request, 404)


def not_that_way(request: HttpRequest) -> HttpResponse:
    """The address does not take this method."""
    return _page(request, 405)


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault. Nothing was written. The page asks nothing of the database: that may be what is broken."""
    request.actor = None  # type: ignore[attr-defined]
    return _page(request, 500)
