"""Who stands at the resident's door: somebody whose slip is open on this device, and what every page of his begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from lianfang.ground import clock
from lianfang.rooms.messages import entering
from lianfang.rooms.messages.entering import Holder

from . import keeping
from .manners import OURS

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Holder, P], HttpResponse]

READS, SENDS = ("GET", "HEAD"), ("GET", "HEAD", "POST")


def page(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A page of this door."""
    response = render(request, f"public/{template}.html", dict(context), status=status)
    response.headers[OURS] = "1"
    return response


def held(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page for whoever holds a slip that is open on this device. It is read in one transaction in which the database
    knows him and his door; a deed opens its own."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        at = clock.now()
        digest = keeping.remembered(request, at)
        if digest is None:
            return _ask_again(request)
        response = None
        with transaction.atomic():
            holder = entering.hold(digest, at)
            if holder is not None and request.method in READS:
                response = view(request, holder, *args, **kwargs)
        if holder is None:
            return _ask_again(request)
        response = response or view(request, holder, *args, **kwargs)
        keeping.remember(request, response, digest, at)
        return response

    return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], answer)


def _ask_again(request: HttpRequest) -> HttpResponse:
    """No slip is open here, or not any more. What was being written is kept on the page that asks for the code."""
    over = bool(request.COOKIES.get(keeping.COOKIE))
    if request.method in READS:
        return HttpResponseRedirect(reverse("public:enter") + ("?over" if over else ""))
    then = request.resolver_match.url_name if request.resolver_match else ""
    kept = {"then": then, "words": request.POST.get("words", "")}
    return page(request, "enter", {"over": over, **kept}, 403)
