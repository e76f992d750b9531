"""The resident's own page: what was decided about him and why, and what he can do about it from here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianfang.doors import asking
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import CONFLICT, GONE, UNFIT, Refused, refuse_if
from lianfang.ground.where import street_of
from lianfang.reports.own import Decision, answerer, decisions, own
from lianfang.rooms.messages.entering import Holder
from lianfang.rooms.messages.wording import sentence
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.orders.models import Order
from lianfang.rooms.people.models import Resident
from lianfang.rooms.people.queries import resident
from lianfang.rooms.tickets.models import Ticket

from .holding import READS, SENDS, held, page

ANSWER_WITHIN = timedelta(hours=72)
"""So soon an objection is answered, or before his days are over."""

TYPES = (Ticket.Type.HELP, Ticket.Type.ENQUIRY, Ticket.Type.COMPLAINT, Ticket.Type.SUGGESTION)
"""What a resident asks for on his page. Whoever reports somebody else calls 12345, where his name is kept apart."""

NUMBER = re.compile(r"[0-9]{4}-[0-9]{3,6}\Z")


@require_http_methods(READS)
@held
def own_page(request: HttpRequest, holder: Holder) -> HttpResponse:
    """His page."""
    return shown(request, holder)


def shown(
    request: HttpRequest,
    holder: Holder,
    writing: Mapping[str, str] | None = None,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    """His page, read inside a transaction that is his. ``writing``: words by the form they stand in; ``wrong``: why
    something was not done."""
    found = own(holder.actor.where, holder.actor.id, holder.matter)
    now = clock.now()
    context = {
        "name": holder.actor.name,
        "expires": holder.expires,
        "decisions": [_decision(one, now) for one in found.decisions],
        "helps": found.helps,
        "requests": [_message(one) for one in found.requests],
        "told": [_message(one) for one in found.told],
        "types": [(one.value, one.label) for one in TYPES],
        "keys": {name: new_id() for name in ("object", "request")},
        "writing": dict(writing or {}),
        "kept": any(words.strip() for words in (writing or {}).values()),
        "wrong": wrong,
        "done": _done(request) if request.method in READS else "",
    }
    return page(request, "own", context, status)


def _decision(one: Decision, now: datetime) -> dict[str, Any]:
    order, today = one.order, now.astimezone(clock.BEIJING).date()
    released = order.state == Order.State.RELEASED
    return {
        "order": order,
        "clause": one.clause,
        "objections": one.objections,
        "release": one.release,
        "released": released,
        "over": not released and now >= order.release_due,
        "left": max((order.last_day - today).days, 0),
        "day": orders.day_number(order, today),
        "told": order.state != Order.State.ISSUED,
        "may_object": not released and order.state != Order.State.ISSUED and one.open_objection is None,
        "answer_hours": int(ANSWER_WITHIN.total_seconds() // 3600),
    }


def _message(one: Any) -> dict[str, Any]:
    return {"message": one, "sentence": sentence(one)}


def _done(request: HttpRequest) -> str:
    """What was just done, from the address; only words of ours."""
    number = request.GET.get("no", "")
    said = {
        "objected": _("Your objection is written down. Somebody who did not decide answers it."),
        "asked": _("Your request is received; its number is %(number)s. Keep it.") % {"number": number},
        "arrived": _("Thank you. It is written down that it has arrived."),
        "seen": _("Thank you. It is written down that you have read it."),
    }
    known = said.get(request.GET.get("said", ""), "")
    return "" if known and "no" in request.GET and not NUMBER.match(number) else known


@require_http_methods(SENDS)
@held
def object_to(request: HttpRequest, holder: Holder) -> HttpResponse:
    """He objects, in his own words. Somebody of the authority who did not decide is named to answer, and by when."""
    if request.method != "POST":
        return _back()
    words, at = request.POST.get("words", ""), clock.now()
    try:
        _refuse_silence(words)
        counter = _at_the_counter(holder, "order.objected")
        with reading(counter):
            one = _his(holder, request.POST.get("order", ""))
            another = answerer(one.order)
        if any(str(said.id) == request.POST.get("key") and said.words == words for said in one.objections):
            return _back("objected")  # pressed twice
        if another is None:
            raise Refused(_("Nobody is named yet who could answer. Call 12345 and say that you object."))
        order = one.order
        due = min(_full_hour(at + ANSWER_WITHIN), max(order.release_due, at + timedelta(days=1)))
        said = {"words": words, "order": str(order.id), "answer_by": str(another.id), "remedy_told": "on"}
        _deed(request, "order.objected", said | {"answer_due": due.astimezone(clock.BEIJING)}, counter, at)
    except Refused as no:
        return _not_done(request, holder, no, {"object": words})
    return _back("objected")


@require_http_methods(SENDS)
@held
def request_something(request: HttpRequest, holder: Holder) -> HttpResponse:
    """He leaves a request: a ticket of the street, about his door, with his name and the phone of the register."""
    if request.method != "POST":
        return _back()
    words, type_ = request.POST.get("words", ""), request.POST.get("type", "")
    who = holder.actor
    try:
        _refuse_silence(words)
        counter = _at_the_counter(holder, "ticket.lodged")
        with reading(who):
            himself = resident(who.where, who.id)
        said = {
            "where": street_of(who.where),
            "door": who.where,
            "channel": "web",
            "type": type_ if type_ in TYPES else Ticket.Type.HELP,
            "category": Ticket.Category.OTHER,
            "words": words,
            "caller_name": who.name,
            "caller_phone": _phone(himself),
            "matter": str(holder.matter),
        }
        line = _deed(request, "ticket.lodged", said, counter, clock.now())
    except Refused as no:
        return _not_done(request, holder, no, {"request": words})
    return _back("asked", str(line.facts.get("number", "")))


def _phone(himself: Resident | None) -> str:
    return himself.opened("phone") if himself else ""


@require_http_methods(SENDS)
@held
def arrived(request: HttpRequest, holder: Holder, id: UUID) -> HttpResponse:
    """What he needed has arrived, and it is enough."""
    if request.method != "POST":
        return _back()
    try:
        with reading(holder.actor):
            known = {one.need.id for one in own(holder.actor.where, holder.actor.id, holder.matter).helps}
        if id not in known:
            raise Refused(_("There is no such entry here."), GONE)
        words = request.POST.get("words", "").strip() or _("It has arrived.")
        _deed(request, "need.met", {"need": str(id), "words": words}, holder.actor, clock.now())
    except Refused as no:
        return _not_done(request, holder, no, {})
    return _back("arrived")


@require_http_methods(SENDS)
@held
def seen(request: HttpRequest, holder: Holder, id: UUID) -> HttpResponse:
    """He has read a message."""
    if request.method != "POST":
        return _back()
    try:
        _deed(request, "message.acknowledged", {"message": str(id)}, holder.actor, clock.now())
    except Refused as no:
        return _not_done(request, holder, no, {})
    return _back("seen")


def _refuse_silence(words: str) -> None:
    refuse_if(not words.strip(), _("Nothing is written yet: a few words are enough."), UNFIT)


def _full_hour(moment: datetime) -> datetime:
    """The next full hour: a time people keep in mind."""
    return (moment + timedelta(minutes=59, seconds=59)).replace(minute=0, second=0, microsecond=0)


def _his(holder: Holder, named: str) -> Decision:
    """A decision about himself; anybody else's is refused as one that does not exist."""
    wanted = asking.uuid_of(named)
    found = [one for one in decisions(holder.actor.where, holder.actor.id) if one.order.id == wanted]
    if not found:
        raise Refused(_("There is no such entry here."), GONE)
    return found[0]


def _at_the_counter(holder: Holder, kind: str) -> Actor:
    """Himself, at the counter of his street, where he may hand in this one thing: what belongs to the street (a ticket, and
    who answers his objection) lies beyond his door, and he reads nothing there."""
    return replace(holder.actor, where=street_of(holder.actor.where), may=holder.actor.may & {kind})


def _deed(request: HttpRequest, kind: str, said: Mapping[str, Any], by: Actor, at: datetime) -> Line:
    """Do an act as the resident, under the id the page carried: pressed twice, it is done once."""
    key = request.POST.get("key", "")
    return asking.ask(kind, said, by=by, at=at, id=asking.uuid_of(key) if key else None)


def _not_done(request: HttpRequest, holder: Holder, no: Refused, writing: Mapping[str, str]) -> HttpResponse:
    """His page with the reason and with what he wrote; what is not his is a page that is not there."""
    if no.code not in (UNFIT, CONFLICT):
        return page(request, "sorry", {"code": no.code, "why": no.message}, no.code)
    why = [no.message, *(str(one) for errors in no.fields.values() for one in errors)]
    with reading(holder.actor):
        return shown(request, holder, writing, " ".join(dict.fromkeys(why)), no.code)


def _back(said: str = "", number: str = "") -> HttpResponse:
    more = f"?said={said}" if said else ""
    more += f"&no={number}" if number else ""
    return HttpResponseRedirect(reverse("public:own") + more)
