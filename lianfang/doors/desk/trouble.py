"""When something cannot be done: what happened, and what to do, in the reader's language."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianfang.ground.refusals import Refused


def refusal(request: HttpRequest, no: Refused, *, back: str = "/") -> HttpResponse:
    """The page of a refusal: its reason, and the way back."""
    context = {"code": no.code, "why": no.message, "back": back}
    return render(request, "desk/error.html", context, status=no.code)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """What was sent cannot be read."""
    return render(request, "desk/error.html", {"code": 400}, status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Not yours."""
    return render(request, "desk/error.html", {"code": 403}, status=403)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was too old, or the form came from elsewhere: nothing was done."""
    return render(request, "desk/error.html", {"code": "csrf"}, status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Nothing there, or nothing there for you: the same answer."""
    return render(request, "desk/error.html", {"code": 404}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault. Nothing was written."""
    return render(request, "desk/error.html", {"code": 500}, status=500)
