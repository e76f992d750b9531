"""A household: who lives behind a door, what binds them, what happened; write a note, read a masked field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import CONFLICT, GONE, UNFIT, Refused, refuse_if
from lianfang.ground.where import within
from lianfang.reports import household as report
from lianfang.reports import timeline
from lianfang.rooms.messages.models import Message
from lianfang.rooms.messages.wording import sentence
from lianfang.rooms.notes import queries as notes
from lianfang.rooms.notes.forms import Write
from lianfang.rooms.orders.models import Check, Order
from lianfang.rooms.people import queries as people
from lianfang.rooms.people.acts import REASONS
from lianfang.rooms.people.forms import Reveal
from lianfang.rooms.people.queries import Home, Member
from lianfang.rooms.people.roles import ROLES

from .aid_pages import need_row
from .cases import age, attempt, door_ref, href_of, reader
from .frame import area_names, deed, desk, href, may, page
from .heard import note_row, promise_row
from .stack import stack_href
from .tickets import ticket_row
from .waiting import five_lines, observed_as, order_row, sees_readings, today_of

READ_OR_SEND = ["GET", "HEAD", "POST"]
SHOWN = 30
"""Lines of the time line shown at first; all of them by a link."""

REF = re.compile(r"(?:(\d{12})-)?([0-9A-Za-z]{1,8}(?:-[0-9A-Za-z]{1,8}){1,4})\Z")


class Shown(NamedTuple):
    """A masked field just read: whose, which, and what it says."""

    resident: UUID
    field: str
    value: str
    why: str


@require_http_methods(["GET", "HEAD"])
@desk
def household(request: Request, ref: str) -> HttpResponse:
    """The page of a door."""
    return _shown(request, ref)


@require_http_methods(READ_OR_SEND)
@desk
def note(request: Request, ref: str) -> HttpResponse:
    """Write down what was heard. What was typed stays if it is refused."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:household", args=[ref]))
    said = {**request.POST.dict(), "where": _where(ref, reader(request))}
    tried = attempt(request, "note.written", said, Write(request.POST), _("Written down."))
    if tried.line:
        return HttpResponseRedirect(reverse("desk:household", args=[ref]))
    return _shown(request, ref, tried.context, tried.status)


@require_http_methods(READ_OR_SEND)
@desk
def reveal(request: Request, id: UUID) -> HttpResponse:
    """Read a masked field: a deed with a reason. The value stands on the answer itself and nowhere else; to see it again is
    to read it again."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:today"))
    who, ref = reader(request), str(request.POST.get("home", ""))
    _where(ref, who)
    said = {"resident": id, "field": request.POST.get("field", ""), "reason": request.POST.get("reason", "")}
    try:
        deed(request, "resident.revealed", said)
    except Refused as no:
        if no.code not in (UNFIT, CONFLICT):
            raise
        return _shown(request, ref, {"refusal": _why_not(no)}, no.code)
    with reading(who):
        person = people.resident(who.where, id)
        refuse_if(person is None, _("There is no such entry here."), GONE)
        value = person.opened(str(said["field"])) if person else ""
    shown = Shown(id, str(said["field"]), value, str(REASONS[str(said["reason"])]))
    return _shown(request, ref, {"shown": shown})


def _why_not(no: Refused) -> str:
    labels = {name: field.label for name, field in Reveal.base_fields.items()}
    return " ".join(
        [
            no.message,
            *(f"{labels.get(name, name)}: {' '.join(map(str, why))}" for name, why in no.fields.items()),
        ]
    )


def _where(ref: str, who: Actor) -> str:
    """The door an address means; refused as one that does not exist if it is not the reader's."""
    said = REF.match(ref)
    if said is None or (said[1] is None and len(who.where) < 12):
        raise Refused(_("There is no such entry here."), GONE)
    where = f"{said[1] or who.where[:12]}.{said[2].replace('-', '.')}."
    refuse_if(not within(where, who.where), _("There is no such entry here."), GONE)
    return where


def _shown(
    request: Request, ref: str, more: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    who, given, now = reader(request), dict(more or {}), clock.now()
    where = _where(ref, who)
    with reading(who):
        door = report.household(where, now)
        if door is None:
            raise Refused(_("There is no such entry here."), GONE)
        owners = notes.owners(where) if may(request, "note.written") else []
    lines = [_line(one, one is door.lines[-1]) for one in reversed(door.lines)]
    every = "lines" in request.GET
    on = today_of(now)
    running = {
        one.resident_id: one
        for one in reversed(door.orders)
        if one.last_day >= on and one.state != Order.State.RELEASED
    }
    shown: Shown | None = given.pop("shown", None)
    sent = status != 200 and request.POST.get("key")
    context = {
        "home": _home(door.home, who),
        "people": [_person(one, running.get(one.resident.id), who, shown) for one in door.home.members],
        "why_choices": [{"code": code, "words": words} for code, words in REASONS.items()],
        "may_reveal": may(request, "resident.revealed"),
        "may_note": may(request, "note.written"),
        "may_verify": may(request, "verification.asked"),
        "may_keep": may(request, "promise.kept"),
        "may_need": may(request, "need.proposed"),
        "gone": len(door.home.former),
        "stack_href": stack_href(where, who),
        "orders": [five_lines(one, one.resident.name, now) for one in running.values()],
        "checks": [_check(one, door, sees_readings(who)) for rows in door.checks.values() for one in rows],
        "open_rows": [
            *(order_row(one, who, now) for one in door.orders if one.state != Order.State.RELEASED),
            *(ticket_row(one, who) for one in door.tickets),
            *(need_row(one, who) for one in door.needs),
        ],
        "promises": [promise_row(one, who) for one in door.promises],
        "told": [_told(one) for one in door.messages],
        "notes": [note_row(one, who, door.writers, []) for one in door.notes],
        "lines": lines if every else lines[:SHOWN],
        "lines_total": len(lines),
        "older_href": f"{request.path}?lines=all" if len(lines) > SHOWN and not every else "",
        "note_form": given.get("form") or Write(initial={"how": "door"}),
        "owners": [
            {"id": one.id, "name": one.name, "title": one.title} for one in owners if one.id != who.id
        ],
        "owner": request.POST.get("owner", ""),
        "key": request.POST.get("key") if sent else new_id(),
    }
    return page(request, "household", context | given, status)


def _check(one: Check, door: report.Household, open_: bool) -> dict[str, Any]:
    """A half day's check: what was measured, or that nothing was."""
    order = next(each for each in door.orders if each.id == one.order_id)
    kinds = {Check.State.DUE: "due", Check.State.MISSED: "todo", Check.State.DONE: "ok"}
    return {
        "name": order.resident.name,
        "href": href("desk:order", order.id),
        "day": one.day,
        "days": order.days,
        "half": one.get_half_display(),
        "temperature": one.temperature if open_ else None,
        "symptoms": [str(Check.Symptom(name).label) for name in one.symptoms] if open_ else [],
        "how": one.get_how_display() if one.how else "",
        "at": one.taken_at,
        "by": one.taken_name,
        "late": one.late,
        "kind": kinds[Check.State(one.state)],
        "words": one.get_state_display(),
    }


def _told(one: Message) -> dict[str, Any]:
    return {
        "at": one.sent_at,
        "name": one.resident.name,
        "what": sentence(one),
        "words": one.words,
        "way": one.get_way_display(),
        "kind": "todo" if one.state == Message.State.WAITING else "done",
        "state": one.get_state_display(),
    }


def _home(home: Home, who: Actor) -> dict[str, Any]:
    names, door = dict(area_names(who)), home.door
    compound = door.building.compound.name if door.building.compound else ""
    place = " · ".join(filter(None, [names.get(door.where[:12], ""), compound]))
    tenure = (
        home.household.get_tenure_display() if home.household and home.household.tenure != "unknown" else ""
    )
    found = {
        "door": door_ref(door.where, who).removeprefix(f"{door.where[:12]}-"),
        "ref": door_ref(door.where, who),
    }
    badge = {"kind": "rent", "words": tenure} if home.household and home.household.tenure == "rented" else {}
    return found | {"place": place or door.where[:12], "tenure": "" if badge else tenure} | badge


def _person(one: Member, order: Order | None, who: Actor, shown: Shown | None) -> dict[str, Any]:
    person, stay = one.resident, one.stay
    reveals = ROLES[who.role].reveals
    has = {"id_number": one.id_number, "phone": one.phone}
    found: dict[str, Any] = {
        "id": person.id,
        "name": person.name,
        "sex": person.get_sex_display() if person.sex != "unknown" else "",
        "age": age(person.born, clock.now()),
        "role": stay.get_relation_display() if stay.relation != "unknown" else "",
        "number": one.id_number,
        "phone": one.phone,
        "reveals": [name for name in ("phone", "id_number") if name in reveals and has[name]],
        "marks": [
            f"{mark.get_kind_display()}{_(': ')}{mark.note}" if mark.note else mark.get_kind_display()
            for mark in one.marks
        ],
        "slip_href": href("desk:slip", person.id) if "slip.issued" in who.may else "",
        "hot": order is not None,
    }
    if order is not None:
        found["kind"], found["words"] = observed_as(order, today_of(clock.now()))
    if shown is not None and shown.resident == person.id:
        found["shown"] = {"why": shown.why, shown.field: shown.value}
    return found


def _line(one: timeline.Entry, last: bool) -> dict[str, Any]:
    return {
        "at": one.at,
        "what": one.sentence,
        "href": href_of(one.line),
        "by": one.who,
        "via": one.via,
        "about": "",
        "rule": one.rule,
        "words": one.words,
        "late": one.late,
        "now": last,
    }
