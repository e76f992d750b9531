"""What every page of the desk needs: who reads, where he is, the way around; and how a page asks for a deed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from lianfang.doors import asking
from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import FORBIDDEN, UNFIT, Refused
from lianfang.ground.seals import head_of
from lianfang.rooms.people.roles import ROLES
from lianfang.rooms.places import queries as places

from . import trouble
from .reader import size_of

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]
NOBODY = UUID(int=0)
KEPT_SECONDS = 60.0
"""How long the names of areas above a place are kept; they change when a law does."""

Names = list[tuple[str, str]]
"""Codes of areas and what they are called."""

_names: dict[str, tuple[float, Names, Names, str]] = {}


def desk(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of the desk: for those who have signed in; a refusal becomes a page that says why."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        asked = cast(Request, request)
        if asked.actor is None:
            back = request.get_full_path() if request.method == "GET" else ""
            return HttpResponseRedirect(
                reverse("desk:sign_in") + (f"?{urlencode({'next': back})}" if back else "")
            )
        try:
            return view(asked, *args, **kwargs)
        except Refused as no:
            return trouble.refusal(request, no, back=back_of(request))

    return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], answer)


def actor_of(request: HttpRequest) -> Actor:
    """Who acts; refused if nobody has signed in."""
    who = cast(Request, request).actor
    if who is None:
        raise Refused(_("Please sign in."), FORBIDDEN)
    return who


def page(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A page of the desk in its frame."""
    return render(request, f"desk/{template}.html", dict(context), status=status)


def deed(request: HttpRequest, kind: str, said: Mapping[str, Any], key: str = "") -> Line:
    """Do an act as the reader, under the id the page carried (``key``): pressed twice, it is done once. It happened now,
    or at the moment that was named (``at``, Beijing time)."""
    said = {name: value for name, value in said.items() if name not in ("csrfmiddlewaretoken", "at")}
    line_id = asking.uuid_of(key) if key else None
    return asking.ask(kind, said, by=actor_of(request), at=_moment(request.POST.get("at", "")), id=line_id)


def _moment(named: str) -> datetime:
    if not named.strip():
        return clock.now()
    try:
        return datetime.fromisoformat(named.strip()[:16]).replace(tzinfo=clock.BEIJING)
    except ValueError as wrong:
        raise Refused(_("This date and time cannot be read."), UNFIT) from wrong


def href(name: str, id: UUID) -> str:
    """The address of a thing's page. What ``reverse`` says, thought out once for each page: a list asks for many."""
    before, after = _around(name)
    return f"{before}{id}{after}"


@cache
def address(name: str) -> str:
    """The address of a page that stands alone, thought out once."""
    return reverse(name)


@cache
def _around(name: str) -> tuple[str, str]:
    before, _id, after = reverse(name, args=[NOBODY]).partition(str(NOBODY))
    return before, after


def back_of(request: HttpRequest) -> str:
    """Where the reader came from, if that is a page of ours; else today."""
    return _ours(request, request.POST.get("next") or request.META.get("HTTP_REFERER", ""))


def _ours(request: HttpRequest, came: str) -> str:
    try:
        host = request.get_host()
    except DisallowedHost:  # the page that says so has this frame too
        return reverse("desk:today")
    safe = url_has_allowed_host_and_scheme(came, {host}, require_https=request.is_secure())
    return came if safe else reverse("desk:today")


def may(request: HttpRequest, kind: str) -> bool:
    """Whether the reader's role does this kind of deed."""
    return kind in actor_of(request).may


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what ``desk/frame.html`` expects."""
    who: Actor | None = getattr(request, "actor", None)
    # After a POST the page before; what was sent is not looked at, for it may be what could not be read.
    reads = request.method in ("GET", "HEAD")
    here = request.get_full_path() if reads else _ours(request, request.META.get("HTTP_REFERER", ""))
    given: dict[str, Any] = {
        "demo": settings.DEMO,
        "now": clock.now(),
        "size": size_of(request),
        "stay": here,
    }
    if who is None:
        return given
    above = area_names(who)
    street = next((name for code, name in above if len(code) == 9), "")
    own = above[-1][1] if above else ""
    return given | {
        "me": {
            "name": who.name,
            "role": ROLES[who.role].label,
            "tail": str(who.id)[-4:],
            "names": ROLES[who.role].names,
            "tokens": "token.issued" in who.may,
        },
        "place": {"street": street if own != street else "", "name": own},
        "nav": _ways(request, who),
        "sealed": sealed(who),
    }


def area_names(who: Actor) -> Names:
    """Code and name of the areas around an actor's place, widest first; kept for a minute."""
    return _areas(who)[0]


def community_names(who: Actor) -> Names:
    """Code and name of the communities at or below an actor's place; kept for a minute."""
    return _areas(who)[1]


def sealed(who: Actor) -> str:
    """The head of the seals of an actor's place, as it is read aloud; kept for a minute. Whoever writes it down can show
    later that nothing before it was changed."""
    return _areas(who)[2]


def _areas(who: Actor) -> tuple[Names, Names, str]:
    kept = _names.get(who.where)
    if kept is None or kept[0] < time.monotonic():
        with reading(who):
            above = [(area.code, area.name) for area in places.names_above(who.where)]
            below = [(area.code, area.name) for area in places.communities(who.where)]
            head = head_of(who.where)
        until = time.monotonic() + KEPT_SECONDS
        kept = _names[who.where] = (until, above, below, head.text if head else "—")
    return kept[1:]


def _ways(request: HttpRequest, who: Actor) -> list[dict[str, Any]]:
    """The way around: what this role has to do with."""
    ways = [("desk:today", _("Today"), True)]
    ways += [
        ("desk:stack", _("Building stack"), ROLES[who.role].names),
        ("desk:verifications", _("Verifications"), ROLES[who.role].names),
        ("desk:questions", _("Questions upward"), ROLES[who.role].names),
        ("desk:orders", _("Home observation"), ROLES[who.role].names),
        ("desk:tickets", _("Tickets"), ROLES[who.role].names),
        ("desk:needs", _("Needs"), ROLES[who.role].names),
        ("desk:briefs", _("Briefs"), True),
        ("desk:notes", _("Notes"), ROLES[who.role].names),
        ("desk:editions", _("Rules"), True),
        ("desk:tokens", _("Access tokens"), who.role == "administrator"),
    ]
    return [
        {"href": address(name), "words": words, "here": request.path == address(name)}
        for name, words, open_ in ways
        if open_
    ]
