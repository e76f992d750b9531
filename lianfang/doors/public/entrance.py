"""Coming to the resident's door and leaving it: a code typed, or brought by the printed square."""

from __future__ import annotations

from math import ceil
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianfang.ground import clock
from lianfang.rooms.messages import entering

from . import keeping, pages
from .holding import READS, SENDS, page


@require_http_methods(SENDS)
def enter(request: HttpRequest) -> HttpResponse:
    """Type the code. A wrong one, one that has ended and one that was withdrawn are told alike."""
    if request.method != "POST":
        return page(request, "enter", {"over": "over" in request.GET, "carried": keeping.carried(request)})
    at, typed = clock.now(), str(request.POST.get("code", ""))
    tried = entering.try_code(typed, address_of(request), at)
    kept = {name: str(request.POST.get(name, "")) for name in ("then", "words")}
    if tried.digest is None:
        return _not_opened(
            request, kept | {"code": typed[:40]}, ceil(tried.wait.total_seconds()) if tried.wait else 0
        )
    response = _inside(request, tried.digest, kept) or HttpResponseRedirect(reverse("public:own"))
    keeping.forget(response)
    keeping.remember(request, response, tried.digest, at)
    return response


def _not_opened(request: HttpRequest, given: dict[str, Any], wait: int) -> HttpResponse:
    given |= {"wait": ceil(wait / 60)} if wait else {"wrong": True}
    response = page(request, "enter", given, 429 if wait else 422)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _inside(request: HttpRequest, digest: UUID, kept: dict[str, str]) -> HttpResponse | None:
    """His page at once, with the words he was writing when his half hour ended; None if there are none."""
    if not kept["words"].strip():
        return None
    with transaction.atomic():
        holder = entering.hold(digest, clock.now())
        return pages.shown(request, holder, {kept["then"]: kept["words"]}) if holder else None


@require_http_methods(READS)
def link(request: HttpRequest) -> HttpResponse:
    """The printed square: its code is carried to the page that asks for it, and opened there by a press of a button. What
    only looks at addresses (a messenger's preview) opens nothing."""
    response = HttpResponseRedirect(reverse("public:enter"))
    code = getattr(request, "slip_code", "")
    if code:
        keeping.carry(request, response, code)
    return response


@require_http_methods(SENDS)
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page on this device. Coming here by a link closes nothing."""
    response = HttpResponseRedirect(reverse("public:enter"))
    if request.method == "POST":
        keeping.forget(response)
    return response


def address_of(request: HttpRequest) -> str:
    """The network address somebody comes from: as the farthest of our own machines in front saw it, if there are any."""
    way = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()]
    way.append(str(request.META.get("REMOTE_ADDR", "")))
    return str(way[-settings.LIANFANG_PROXIES - 1 :][0])
