"""The morning meeting 早例会: its agenda as sections of rows, on 今日 and as a sheet to print. Every row leads to what it is
about."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor
from lianfang.reports import meeting as report
from lianfang.reports.meeting import Meeting, Missed
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.notes.models import Note, Promise
from lianfang.rooms.orders.models import Alarm, Check, Order
from lianfang.rooms.policies.models import Edition

from .aid_pages import need_row
from .cases import door_ref, reader
from .frame import address, desk, href, page
from .heard import promise_row
from .tickets import ticket_row
from .waiting import Row, call_row, observed_as, order_row, place_words, question_row, sees_readings, today_of

SHORT = 60
"""Signs of a note shown in a row."""


class Section(NamedTuple):
    """One point of the agenda: its words, its rows, where the whole list stands, and what is said if there is nothing."""

    id: str
    title: str
    rows: list[Row]
    more: str
    nothing: str


@require_http_methods(["GET", "HEAD"])
@desk
def morning(request: Request) -> HttpResponse:
    """The agenda as a sheet to print."""
    who, now = reader(request), clock.now()
    day = report.meeting(who.where, now)
    return page(
        request, "morning", {"sections": sections(day, who), "at": now, "back": address("desk:today")}
    )


def sections(day: Meeting, who: Actor) -> list[Section]:
    """The agenda in the order it is spoken about."""
    return [*_of_people(day, who), *_of_matters(day, who)]


def _of_people(day: Meeting, who: Actor) -> list[Section]:
    """Who is new, who is to be released, whose checks are missing; and first what was left over."""
    now = day.at
    return [
        Section(
            "left",
            _("Left from yesterday"),
            [
                *(_alarm_row(one, who) for one in day.alarms),
                *(call_row(one, who) for one in day.calls),
                *(question_row(one, who) for one in day.questions),
                *(order_row(one, who, now) for one in day.unserved),
            ],
            "",
            _("Nothing was left over."),
        ),
        Section(
            "new",
            _("New arrivals"),
            [
                *(order_row(one, who, now) for one in day.arrived),
                *(_passed_row(one, who) for one in day.passed if not _bound(one, day)),
            ],
            address("desk:orders"),
            _("Nobody new since yesterday."),
        ),
        Section(
            "release",
            _("To be released today"),
            [
                *(_release_row(one, who) for one in day.releases),
                *(_review_row(one, who) for one in day.reviewed if one not in day.releases),
            ],
            address("desk:orders"),
            _("Nobody's days end today."),
        ),
        Section(
            "missing",
            _("Missing checks"),
            [_missed_row(one, who, now.astimezone(clock.BEIJING).date()) for one in day.missed],
            address("desk:orders"),
            _("Every check has its reading."),
        ),
    ]


def _of_matters(day: Meeting, who: Actor) -> list[Section]:
    """What is needed, asked and promised, what the night says, and which rules change."""
    return [
        Section(
            "needs",
            _("Open needs"),
            [need_row(one, who) for one in day.needs],
            address("desk:needs"),
            _("Nobody waits for help."),
        ),
        Section(
            "tickets",
            _("Requests near their time"),
            [ticket_row(one, who) for one in day.tickets],
            address("desk:tickets"),
            _("No request ends within a day."),
        ),
        Section(
            "promises",
            _("Promises due"),
            [_promise_row(one, who) for one in day.promises],
            address("desk:notes"),
            _("Nothing promised falls due today."),
        ),
        Section(
            "night",
            _("Handed over by the night"),
            [_note_row(one, who, day) for one in day.handed_over],
            address("desk:notes"),
            _("No hand-over note since yesterday evening."),
        ),
        Section(
            "rules",
            _("Rules that change"),
            [_edition_row(one, today_of(day.at)) for one in day.editions],
            address("desk:editions"),
            _("The rules stay as they are."),
        ),
    ]


def _bound(call: Verification, day: Meeting) -> bool:
    return any(one.matter == call.matter for one in day.arrived)


def _passed_row(one: Verification, who: Actor) -> Row:
    """Somebody a checkpoint let through, of whom nothing was decided."""
    name = one.resident.name if one.resident else one.asked_for
    return call_row(one, who) | {
        "title": _("%(name)s is back, let through at %(post)s") % {"name": name, "post": one.post},
        "since": one.settled_at,
        "kind": "todo",
        "words": _("no decision yet"),
    }


def _alarm_row(one: Alarm, who: Actor) -> Row:
    """A reading about which the doctor was called and has not said what it is."""
    told = one.cause.temperature if sees_readings(who) else None
    reading = f"{told} ℃" if told else _("a symptom") if sees_readings(who) else _("a reading")
    return {
        "href": href("desk:order", one.order_id),
        "title": _("%(name)s: %(reading)s") % {"name": one.order.resident.name, "reading": reading},
        "src": pgettext("where it comes from", "Check"),
        "src_kind": "order",
        "who": place_words(one.where, who),
        "since": one.raised_at,
        "kind": "alarm",
        "words": one.get_state_display(),
    }


def _release_row(one: Order, who: Actor) -> Row:
    """An order whose days end by midnight, or have ended."""
    row = order_row(one, who, one.issued_at)
    due = one.free_by or one.release_due
    row = {name: value for name, value in row.items() if name not in ("kind", "words")}
    title = _("%(name)s: %(days)s days, last day %(day)s") % {
        "name": one.resident.name,
        "days": one.days,
        "day": date_format(one.last_day, pgettext("date format", "j M")),
    }
    return row | {"title": title, "due": due}


def _review_row(one: Order, who: Actor) -> Row:
    """An order that the rules of today would not give so."""
    return order_row(one, who, one.issued_at) | {
        "since": one.reviewed_at,
        "kind": "todo",
        "words": one.get_review_display(),
    }


def _missed_row(one: Missed, who: Actor, on: date) -> Row:
    """Checks without a reading, of one person."""
    halves = {str(Check.Half(check.half).label) for check in one.checks}
    last = one.checks[-1]
    n = len(one.checks)
    words = ngettext("%(n)d check without a reading", "%(n)d checks without a reading", n) % {"n": n}
    kind, day = observed_as(one.order, on)
    return order_row(one.order, who, one.order.issued_at) | {
        "title": _("%(name)s: %(asks)s") % {"name": one.order.resident.name, "asks": words},
        "who": " · ".join([place_words(one.order.where, who), day, _(", ").join(sorted(halves))]),
        "since": last.due_at,
        "kind": "todo" if kind == "obs" else kind,
        "words": Check.State.MISSED.label,
    }


def _promise_row(one: Promise, who: Actor) -> Row:
    said = promise_row(one, who)
    return {
        "href": said["href"],
        "title": one.what,
        "src": pgettext("where it comes from", "Word"),
        "src_kind": "",
        "who": " · ".join([said["place"], one.owner_name]),
        "since": None,
        "due": one.due,
    }


def _note_row(one: Note, who: Actor, day: Meeting) -> Row:
    """A note by which the night handed over; its first words."""
    name, role = day.writers.get(one.id, ("", ""))
    inside = one.where.count(".") == 4
    text = one.text if len(one.text) <= SHORT else one.text[: SHORT - 1] + "…"
    here = reverse("desk:household", args=[door_ref(one.where, who)]) if inside else address("desk:notes")
    return {
        "href": here,
        "title": text,
        "text": one.text,
        "src": pgettext("where it comes from", "Night"),
        "src_kind": "",
        "who": " · ".join(filter(None, [place_words(one.where, who), f"{name} {role}".strip()])),
        "since": one.noted_at,
    }


def _edition_row(one: Edition, on: date) -> Row:
    """An edition that begins or ends about today."""
    begins = abs((one.effective_from - on).days) <= 1
    when = one.effective_from if begins or one.effective_to is None else one.effective_to
    said = {"day": date_format(when, pgettext("date format", "j M"))}
    return {
        "href": reverse("desk:edition", args=[one.code]),
        "title": one.title,
        "src": pgettext("where it comes from", "Rule"),
        "src_kind": "",
        "who": " · ".join(filter(None, [one.issuer, one.number])),
        "since": None,
        "kind": "plain",
        "words": (_("from %(day)s") if begins else _("until %(day)s")) % said,
    }
