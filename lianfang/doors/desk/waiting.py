"""Things as rows of a list: what it is, whose, since when, until when; and the five lines every restriction says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lianfang.ground.acts import Actor
from lianfang.ground.clock import BEIJING
from lianfang.reports.today import Today
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.orders.models import Order
from lianfang.rooms.orders.queries import day_number
from lianfang.rooms.places.rules import spoken
from lianfang.rooms.rulings.models import Question

from .frame import area_names, community_names, href

Row = dict[str, Any]
SHORT = 34
"""Signs of a question shown in a row."""


def place_words(where: str, who: Actor) -> str:
    """A place as said: a door or a building, for readers above a community with its community before it."""
    if len(where) <= 12:
        return dict([*area_names(who), *community_names(who)]).get(where, where)
    inner = spoken(where)
    said = inner if "-" in inner else _("building %(no)s") % {"no": inner}
    if len(who.where) >= 12:
        return said
    community = dict(community_names(who)).get(where[:12], where[:12])
    return f"{community} {said}"


def sees_readings(who: Actor) -> bool:
    """Whether a reader is told what a thermometer showed: whoever records, treats, verifies or releases. Others, a stairwell
    head or the police, see that a check was done and no more."""
    return bool({"check.recorded", "alarm.settled", "release.verified", "order.released"} & who.may)


def _words(*some: object) -> str:
    return " · ".join(str(one) for one in some if one)


def call_row(one: Verification, who: Actor) -> Row:
    """A checkpoint's call."""
    if one.state == Verification.State.ASKED:
        kind, words = "due", _("waits for an answer")
    elif one.state == Verification.State.ANSWERED:
        kind, words = "todo", _("what the checkpoint did is not noted")
    else:
        kind, words = "done", str(Verification.Result(one.result).label)
    return {
        "href": href("desk:verification", one.id),
        "title": _("%(name)s: %(asks)s") % {"name": one.asked_for, "asks": Verification.Asks(one.asks).label},
        "src": pgettext("where it comes from", "Gate"),
        "src_kind": "gate",
        "who": _words(one.post, spoken(one.resident.where) if one.resident else ""),
        "since": one.asked_at,
        "kind": kind,
        "words": words,
    }


def question_row(one: Question, who: Actor) -> Row:
    """A question asked upward."""
    person, state = one.assessment.resident, Question.State(one.state)
    text = one.question if len(one.question) <= SHORT else one.question[: SHORT - 1] + "…"
    row: Row = {
        "href": href("desk:question", one.id),
        "title": _("%(name)s: %(asks)s") % {"name": person.name, "asks": text} if person else text,
        "src": pgettext("where it comes from", "Ask"),
        "src_kind": "ask",
        "who": place_words(person.where, who) if person else place_words(one.where, who),
        "since": one.asked_at,
    }
    if state == Question.State.ASKED:
        return row | {"due": one.due}
    return row | {"kind": "done" if state == Question.State.APPLIED else "todo", "words": _ruling(one)}


def _ruling(one: Question) -> str:
    if one.state == Question.State.APPLIED or one.answer == Question.Answer.EXEMPT:
        return one.get_answer_display()
    return _("%(answer)s; the order is not issued yet") % {"answer": one.get_answer_display()}


def order_row(one: Order, who: Actor, now: datetime) -> Row:
    """An order: who is bound until when, or that its notice still waits."""
    on = today_of(now)
    kind, words = observed_as(one, on)
    if one.state == Order.State.ISSUED:
        kind, words = "due", _("the notice is not served yet")
    elif one.state == Order.State.REFUSED and on <= one.first_day:
        kind, words = "todo", _("the notice was not accepted")
    return {
        "href": href("desk:order", one.id),
        "title": _("%(name)s: %(asks)s") % {"name": one.resident.name, "asks": what_of(one)},
        "src": pgettext("where it comes from", "Order"),
        "src_kind": "order",
        "who": _words(place_words(one.where, who), one.authority),
        "since": one.issued_at,
        "kind": kind,
        "words": words,
    }


def today_of(now: datetime) -> date:
    """The day of a moment, in Beijing."""
    return now.astimezone(BEIJING).date()


def what_of(one: Order) -> str:
    """The measure and its days."""
    days = ngettext("%(n)d day", "%(n)d days", one.days) % {"n": one.days}
    return f"{one.get_measure_display()} {days}"


def observed_as(one: Order, on: date) -> tuple[str, str]:
    """The badge of somebody under an order: which day it is, or that it has ended."""
    if one.state == Order.State.RELEASED:
        return "free", _("released")
    if one.last_day < on:
        return "free", _("ended")
    if on < one.first_day:
        return "obs", _("begins later")
    return "obs", _("day %(day)d of %(days)d") % {"day": day_number(one, on), "days": one.days}


def five_lines(one: Order, name: str, now: datetime) -> Row:
    """What every restriction says wherever it is shown: what, who, why, by whom, on which clause, until when, and how to
    object. ``one`` comes with its edition."""
    kind, words = observed_as(one, today_of(now))
    clause = one.clause.partition("/")[2] or one.clause
    basis = _("a ruling of the street in this matter") if one.ruling else ""
    if one.edition:
        basis = _("%(title)s, clause %(clause)s") % {
            "title": one.edition.number or one.edition.title,
            "clause": clause,
        }
    return {
        "href": href("desk:order", one.id),
        "name": name,
        "what": what_of(one),
        "why": one.reason,
        "who": _words(one.authority, one.issued_name),
        "clause": basis,
        "until": one.last_day,
        "release": one.release_due,
        "object": one.remedy,
        "kind": kind,
        "words": words,
    }


def waiting_for(who: Actor, day: Today) -> list[Row]:
    """What waits for this reader: only what his role can do something about, soonest due first."""
    rows: list[Row] = []
    if "verification.answered" in who.may:
        rows += _once(call_row(one, who) for one in [*day.verifications, *day.unsettled])
    if "question.ruled" in who.may:
        rows += _once(question_row(one, who) for one in day.asked_here)
    if "order.issued" in who.may:
        rows += [question_row(one, who) for one in day.ruled if one.answer != Question.Answer.EXEMPT]
    if "notice.served" in who.may:
        rows += [order_row(one, who, day.at) for one in day.to_serve]
    return sorted(rows, key=lambda row: row.get("due") or row["since"])


def _once(rows: Iterable[Row]) -> list[Row]:
    return list({row["href"]: row for row in rows}.values())
