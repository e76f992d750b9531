"""A checkpoint calls: note who asks, find the person on one page, answer only what was asked, note what came of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lianfang.doors.asking import uuid_of
from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import FORBIDDEN, Refused
from lianfang.ground.where import level
from lianfang.rooms.gates import queries as gates
from lianfang.rooms.gates.forms import Answer, Ask, Settle
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.people import queries as people
from lianfang.rooms.people.models import Resident
from lianfang.rooms.places.rules import spoken
from lianfang.rooms.policies import queries as policies

from .cases import Step, Tried, age, attempt, clock_words, door_ref, found, lines_of, reader, steps, who_wrote
from .frame import desk, may, page

SHOWN = 9
"""People found are shown as far as one key chooses them."""

READ_OR_SEND = ["GET", "HEAD", "POST"]
State, Asks = Verification.State, Verification.Asks


@require_http_methods(READ_OR_SEND)
@desk
def new(request: Request) -> HttpResponse:
    """Note what the caller says."""
    who = reader(request)
    if not may(request, "verification.asked"):
        raise Refused(_("Your role does not do this."), FORBIDDEN)
    if request.method != "POST":
        form = Ask(initial={"asks": Asks.LIVES_HERE})
        return page(request, "verification_new", {"form": form, "key": new_id()})
    said = {**request.POST.dict(), "where": who.where}
    tried = attempt(request, "verification.asked", said, Ask(request.POST), _("Noted. Now find the person."))
    if tried.line:
        return HttpResponseRedirect(reverse("desk:verification", args=[tried.line.about]))
    context = {"form": tried.form, "refusal": tried.refusal, "key": request.POST.get("key") or new_id()}
    return page(request, "verification_new", context, tried.status)


@require_http_methods(["GET", "HEAD"])
@desk
def verification(request: Request, id: UUID) -> HttpResponse:
    """One call: who asks, who it is, what was said, what came of it."""
    return _shown(request, id)


@require_http_methods(READ_OR_SEND)
@desk
def person(request: Request, id: UUID) -> HttpResponse:
    """Choose the person; nothing is written yet."""
    chosen = {"person": str(uuid_of(request.POST["person"]))} if request.POST.get("person") else {}
    return HttpResponseRedirect(_href(id) + (f"?{urlencode(chosen)}" if chosen else ""))


@require_http_methods(READ_OR_SEND)
@desk
def answer(request: Request, id: UUID) -> HttpResponse:
    """Answer what was asked."""
    if request.method != "POST":
        return HttpResponseRedirect(_href(id))
    said: dict[str, Any] = {**request.POST.dict(), "verification": id}
    if said.get("answer") == Verification.Answer.YES:
        said["resident"] = said.get("person", "")
    tried = attempt(
        request, "verification.answered", said, Answer(request.POST), _("Answered, and written down.")
    )
    return HttpResponseRedirect(_href(id)) if tried.line else _shown(request, id, tried)


@require_http_methods(READ_OR_SEND)
@desk
def settle(request: Request, id: UUID) -> HttpResponse:
    """Note what the checkpoint did."""
    if request.method != "POST":
        return HttpResponseRedirect(_href(id))
    said = {**request.POST.dict(), "verification": id}
    tried = attempt(request, "verification.settled", said, Settle(request.POST), _("Written down."))
    return HttpResponseRedirect(_href(id)) if tried.line else _shown(request, id, tried)


def _href(id: UUID) -> str:
    return reverse("desk:verification", args=[id])


def _shown(request: Request, id: UUID, tried: Tried | None = None) -> HttpResponse:
    who = reader(request)
    with reading(who):
        call = found(gates.verification(who.where, id))
        context = _context(request, call, who)
    if tried and tried.form is not None:
        name = "answer_form" if isinstance(tried.form, Answer) else "settle_form"
        context |= {name: tried.form, "key": request.POST.get("key") or new_id(), **tried.context}
    return page(request, "verification", context, tried.status if tried else 200)


def _context(request: Request, call: Verification, who: Actor) -> dict[str, Any]:
    told, lines = lines_of(call.matter)
    asked, may_answer = call.state == State.ASKED, may(request, "verification.answered")
    chosen = call.resident or (_chosen(request, call) if asked and may_answer else None)
    shown: dict[str, Any] = {
        "call": _call(call, who_wrote(told, "verification.asked"), who_wrote(told, "verification.answered")),
        "steps": _steps(call, chosen),
        "person": _person(chosen, call, who) if chosen else None,
        "may_answer": may_answer,
        "may_settle": may(request, "verification.settled"),
        "answer_form": Answer(initial={"answer": Verification.Answer.YES}),
        "settle_form": Settle(),
        "key": new_id(),
        "lines": lines,
    }
    if asked and may_answer and not chosen:
        typed = request.GET.get("who")
        sought = (call.asked_for if typed is None else typed).strip()[:60]
        hits, total = _hits(call, sought, who)
        shown |= {"sought": sought, "hits": hits, "more": max(total - len(hits), 0), "searched": bool(sought)}
    if call.state == State.SETTLED and call.resident and may(request, "assessment.made"):
        made = policies.assessments(who.where, call.matter)
        shown["assess_href"] = (
            reverse("desk:assessment", args=[made[-1].id])
            if made
            else reverse("desk:assess") + f"?{urlencode({'call': call.id})}"
        )
        shown["assessed"] = bool(made)
    return shown


def _chosen(request: Request, call: Verification) -> Resident | None:
    wanted = request.POST.get("person") or request.GET.get("person")
    return found(people.resident(call.where, uuid_of(wanted))) if wanted else None


def _call(call: Verification, taken_by: str, answered_by: str) -> dict[str, Any]:
    kind = {"asked": "due", "answered": "done"}.get(call.state) or (
        "ok" if call.result == "passed" else "done"
    )
    return {
        "id": call.id,
        "state": call.state,
        "kind": kind,
        "words": call.get_result_display() if call.result else call.get_state_display(),
        "post": call.post,
        "officer": call.officer,
        "callback": call.opened("callback"),
        "plate": call.plate,
        "subject": call.asked_for,
        "digits": call.id_tail,
        "asks": call.get_asks_display(),
        "wordless": call.asks == Asks.LIVES_HERE,
        "asked_at": call.asked_at,
        "taken_by": taken_by,
        "said": call.get_answer_display() if call.answer else "",
        "said_words": call.answer_words,
        "answered_at": call.answered_at,
        "answered_by": answered_by,
        "outcome": call.get_result_display() if call.result else "",
        "settled_at": call.settled_at,
    }


def _steps(call: Verification, chosen: Resident | None) -> list[dict[str, str]]:
    answered = call.state != State.ASKED
    said = f"{clock_words(call.answered_at)} {call.get_answer_display()}" if answered else ""
    came = f"{clock_words(call.settled_at)} {call.get_result_display()}" if call.result else ""
    return steps(
        Step(_("Call"), True, clock_words(call.asked_at)),
        Step(_("Found"), answered or chosen is not None, chosen.name if chosen else ""),
        Step(_("Answer"), answered, said.strip()),
        Step(_("Outcome"), bool(call.result), came.strip()),
    )


def _person(one: Resident, call: Verification, who: Actor) -> dict[str, Any]:
    stay = people.stay_within(call.where, one)
    where = stay.where if stay else call.where
    since = stay.since if stay else None
    shown = {
        "id": one.id,
        "name": one.name,
        "door": spoken(where),
        "home_href": reverse("desk:household", args=[door_ref(where, who)])
        if level(where) == "inside"
        else "",
        "sex": one.get_sex_display(),
        "age": age(one.born, clock.now()),
        "number": people.masked("id_number", one.opened("id_number")),
        "lives": _("in the register since %(day)s") % {"day": since}
        if since
        else _("in the register, no day given"),
    }
    if call.asks == Asks.STATUS:
        running = [each for each in orders.at_door(where) if each.resident_id == one.id and _runs(each)]
        shown |= {"kind": "obs" if running else "ok"}
        shown["words"] = (
            _("under observation to %(day)s") % {"day": running[0].last_day}
            if running
            else _("no observation")
        )
    return shown


def _runs(order: Any) -> bool:
    free = order.state == order.State.RELEASED
    return not free and bool(order.first_day <= policies.day_of(clock.now()) <= order.last_day)


def _hits(call: Verification, sought: str, who: Actor) -> tuple[list[dict[str, Any]], int]:
    """People of this community that may be meant; those whose ID number ends as the officer said come first."""
    if not sought:
        return [], 0
    hits = people.search(call.where, sought, limit=25)
    shown = []
    for hit in hits.rows:
        if hit.resident is None:
            continue
        number = hit.resident.opened("id_number")
        ends = bool(call.id_tail) and number.upper().endswith(call.id_tail.upper())
        size = ngettext("%(n)s person lives here", "%(n)s people live here", hit.household) % {
            "n": hit.household
        }
        shown.append(
            {
                "id": hit.resident.id,
                "name": hit.resident.name,
                "door": hit.door,
                "home": size,
                "sex": hit.resident.get_sex_display(),
                "age": age(hit.resident.born, clock.now()),
                "number": people.masked("id_number", number),
                "why": hit.why,
                "ends": ends,
            }
        )
    shown.sort(key=lambda one: not one["ends"])
    return shown[:SHOWN], hits.total
