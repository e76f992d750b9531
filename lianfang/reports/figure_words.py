"""What each figure of the briefs is called, and what exactly it counts. The list is the whole: a number that stands in no
row here stands on no brief."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.rooms.briefs.rules import BEIJING

Text = str | Promise
Facts = Mapping[str, Any]
SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Figure:
    """One figure. ``kinds``: the lines it counts, or that begin what it counts; ``ends``: those that end it, and then the
    figure says what stood at the hour of the brief. ``only``: which of the lines, by their facts and that hour. ``adds``:
    the fact that is added up instead of counting lines. ``better``: whether less of it or more of it is good news."""

    words: Text
    unit: Text
    definition: Text
    kinds: tuple[str, ...]
    ends: tuple[str, ...] = ()
    only: Callable[[Facts, datetime], bool] | None = None
    adds: str = ""
    better: str = ""


def _days_over(facts: Facts, hour: datetime) -> bool:
    return str(facts.get("last_day") or "9999") < hour.astimezone(BEIJING).date().isoformat()


def _due_soon(facts: Facts, hour: datetime) -> bool:
    due = facts.get("due")
    return bool(due) and hour < datetime.fromisoformat(str(due)) <= hour + SOON


def _in_jin(facts: Facts, _hour: datetime) -> bool:
    return facts.get("unit") == "jin"


PEOPLE = pgettext_lazy("unit of a figure", "people")
TIMES = pgettext_lazy("unit of a figure", "times")
CASES = pgettext_lazy("unit of a figure", "cases")
JIN = pgettext_lazy("unit of a figure", "jin")
YUAN = pgettext_lazy("unit of a figure", "yuan")

IN_FORCE = ("order.issued",), ("order.released",)
UNANSWERED = ("ticket.lodged", "ticket.reopened"), ("ticket.answered", "ticket.closed")

FIGURES: dict[str, Figure] = {
    "in_force": Figure(
        _("Under observation"), PEOPLE,
        _("People an order binds at the hour of the brief: issued and not released, whether or not it was served."),
        *IN_FORCE, better="less",
    ),
    "issued": Figure(_("New orders"), PEOPLE, _("Orders issued in the day."), ("order.issued",), better="less"),
    "served": Figure(_("Notices served"), CASES, _("Notices served in the day, with proof."), ("notice.served",)),
    "refused": Figure(
        _("Not accepted"), CASES, _("Notices not accepted in the day; his words stand, the order too."),
        ("notice.refused",), better="less",
    ),
    "undertaken": Figure(
        _("Undertakings signed"), CASES, _("Undertakings given in the day, of his own will."), ("order.undertaken",)
    ),
    "objected": Figure(_("Objections"), CASES, _("Objections made in the day."), ("order.objected",)),
    "released": Figure(
        _("Released"), PEOPLE, _("People released in the day, by a numbered notice."), ("order.released",)
    ),
    "release_due": Figure(
        pgettext_lazy("figure", "Release due"), PEOPLE,
        _("People whose last day is over at the hour of the brief and who are not released."),
        *IN_FORCE, only=_days_over,
    ),
    "checks_done": Figure(
        _("Checks done"), TIMES, _("Temperature checks recorded in the day, each as it was measured."),
        ("check.recorded",), better="more",
    ),
    "checks_missed": Figure(
        _("Checks missed"), TIMES, _("Checks whose time passed in the day without a reading; none counts as normal."),
        ("check.missed",), better="less",
    ),
    "alarms": Figure(
        _("Alarms"), TIMES, _("Readings of 37.3 or more, or a symptom, in the day; a doctor is called at once."),
        ("alarm.raised",), better="less",
    ),
    "alarms_open": Figure(
        _("Alarms with a doctor"), PEOPLE, _("Alarms a doctor had not settled at the hour of the brief."),
        ("alarm.raised",), ("alarm.settled",), better="less",
    ),
    "verified": Figure(
        _("Checkpoint enquiries"), TIMES, _("Enquiries of checkpoints about residents in the day."),
        ("verification.asked",),
    ),
    "verified_answered": Figure(
        _("Enquiries answered"), TIMES, _("Enquiries of checkpoints answered in the day."), ("verification.answered",)
    ),
    "questions": Figure(
        pgettext_lazy("figure", "Questions upward"), CASES,
        _("Questions asked upward in the day, because the rules did not say."),
        ("question.asked",),
    ),
    "rulings": Figure(_("Rulings"), CASES, _("Rulings given in the day."), ("question.ruled",)),
    "questions_open": Figure(
        _("Waiting for a ruling"), CASES, _("Questions without a ruling at the hour of the brief."),
        ("question.asked",), ("question.ruled",), better="less",
    ),
    "tickets": Figure(_("Tickets received"), CASES, _("Tickets lodged in the day; a repeat call is none."),
                      ("ticket.lodged",)),
    "calls": Figure(
        _("Calls"), TIMES, _("Calls about tickets in the day: the first call of each and every repeat call."),
        ("ticket.lodged", "ticket.called"), better="less",
    ),
    "contacts": Figure(
        _("Talks with callers"), TIMES, _("Talks of ours with callers in the day."), ("ticket.contacted",)
    ),
    "tickets_answered": Figure(
        _("Tickets answered"), CASES, _("Answers given to tickets in the day."), ("ticket.answered",), better="more"
    ),
    "tickets_open": Figure(
        _("Tickets in hand"), CASES, _("Tickets without an answer at the hour of the brief."),
        *UNANSWERED, better="less",
    ),
    "tickets_soon": Figure(
        _("Tickets due soon"), CASES, _("Tickets in hand whose time ends within 24 hours of the brief."),
        *UNANSWERED, only=_due_soon,
    ),
    "tickets_late": Figure(
        _("Tickets overdue"), CASES, _("Tickets whose time passed, without an answer at the hour of the brief."),
        ("ticket.lapsed",), ("ticket.answered", "ticket.closed", "ticket.reopened"), better="less",
    ),
    "notes": Figure(pgettext_lazy("figure", "Notes"), CASES, _("Notes written in the day of what was heard from residents."),
                    ("note.written",)),
    "promises_kept": Figure(_("Promises kept"), CASES, _("Promises to residents kept in the day."),
                            ("promise.kept",), better="more"),
    "promises_late": Figure(
        _("Promises overdue"), CASES, _("Promises whose time passed, not kept at the hour of the brief."),
        ("promise.lapsed",), ("promise.kept",), better="less",
    ),
    "needs_open": Figure(
        _("Needs in hand"), CASES, _("Needs confirmed and not met at the hour of the brief."),
        ("need.confirmed",), ("need.met", "need.dropped"),
    ),
    "needs_met": Figure(
        _("Needs met"), CASES, _("Needs met in the day: the resident himself says so."), ("need.met",), better="more"
    ),
    "pledges": Figure(_("Pledges"), TIMES, _("Pledges of help in the day."), ("aid.pledged",), better="more"),
    "jin_pledged": Figure(
        _("Jin pledged"), JIN, _("Jin pledged in the day, withdrawals not taken off."),
        ("aid.pledged",), only=_in_jin, adds="quantity", better="more",
    ),
    "jin": Figure(
        _("Jin delivered"), JIN, _("Jin delivered in the day."),
        ("aid.delivered",), only=_in_jin, adds="quantity", better="more",
    ),
    "yuan": Figure(
        _("Yuan paid"), YUAN, _("Yuan residents got in the day for what was delivered."),
        ("aid.delivered",), adds="yuan", better="more",
    ),
}  # fmt: skip
