"""The register of home observation: one row for each order, today's checks typed where they stand; and on the page of an
order its checks as a table, the check that is to be taken, and the doctor's alarm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import GONE, refuse
from lianfang.reports import register as report
from lianfang.reports.register import Row
from lianfang.rooms.orders.models import Alarm, Check, Order

from .cases import age, clock_words, reader
from .frame import desk, href, may, page
from .lists import SHOWN, before_of
from .waiting import place_words, sees_readings

VIEWS = ("running", "waiting", "due", "missing", "alarm", "objection", "ending", "all")
Shown = dict[str, Any]


@require_http_methods(["GET", "HEAD"])
@desk
def register(request: Request) -> HttpResponse:
    """Who is observed, what is due, what is missing, whose end has come."""
    who, now, before = reader(request), clock.now(), before_of(request)
    which = request.GET.get("which", VIEWS[0])
    if which not in VIEWS:
        refuse(_("There is no such list."), GONE)
    pages = which == "all"
    rows = report.everybody(who.where, now, SHOWN + 1, before) if pages else []
    whole = None if pages else report.register(who.where, now)
    rows = whole.only(which) if whole else rows
    shown = rows[:SHOWN] if pages else sorted(rows, key=_first)
    words = {
        "running": _("Not released"),
        "waiting": _("Notice to serve"),
        "due": _("To check now"),
        "missing": _("No reading"),
        "alarm": _("For the doctor"),
        "objection": _("Objections"),
        "ending": _("To release"),
        "all": _("All"),
    }
    here = request.path
    context = {
        "filters": [
            {
                "href": here if name == VIEWS[0] else f"{here}?which={name}",
                "words": words[name],
                "here": name == which,
                "count": len(whole.only(name)) if whole and name != "all" else None,
            }
            for name in VIEWS
        ],
        "rows": [row_words(one, who) for one in shown],
        "at": now,
        "may_check": may(request, "check.recorded"),
        "back": request.get_full_path(),
        "pages": {
            "older": f"{here}?{urlencode({'which': 'all', 'before': shown[-1].order.id})}"
            if len(shown) < len(rows)
            else "",
            "newer": f"{here}?which=all" if before and pages else "",
        },
    }
    return page(request, "register", context)


def _first(row: Row) -> tuple[bool, bool, bool, bool, str]:
    """Who is in trouble first; then who should be free, then whose check is missing or due; then by door."""
    return (not row.alarms, not row.ending, not row.missed, row.due is None, row.order.where)


def row_words(row: Row, who: Actor) -> Shown:
    """A row of the register as the page says it."""
    one, open_ = row.order, sees_readings(who)
    kind, words = stands(row)
    papers = [_("notice %(state)s") % {"state": one.notice.get_state_display()}]
    if row.undertaking:
        papers.append(_("undertaking signed"))
    return {
        "id": one.id,
        "href": href("desk:order", one.id),
        "name": one.resident.name,
        "door": place_words(one.where, who),
        "about": _persons(one, row.at),
        "day": day_words(row),
        "am": cell(row.check("am"), row, open_),
        "pm": cell(row.check("pm"), row, open_),
        "further": [measured(each, open_) for each in row.readings],
        "missing": row.missing,
        "missed": row.missed,
        "papers": papers,
        "number": one.notice.number,
        "objection": row.objection,
        "to_answer": row.to_answer,
        "until": one.last_day,
        "release_due": one.release_due,
        "kind": kind,
        "words": words,
    }


def _persons(one: Order, at: datetime) -> str:
    years = age(one.resident.born, at)
    said = [one.resident.get_sex_display() if one.resident.sex else ""]
    said.append(_("aged %(n)s") % {"n": years} if years is not None else "")
    return " ".join(part for part in said if part)


def day_words(row: Row) -> str:
    """Day 9 of 14; before the first day, or after the last, it has none."""
    if row.at >= row.order.release_due:
        return _("over")
    return _("%(day)s of %(days)s") % {"day": max(row.day, 0), "days": row.order.days}


def stands(row: Row) -> tuple[str, str]:
    """How an order stands, as a badge: what asks for somebody first."""
    one = row.order
    if one.state == Order.State.RELEASED:
        return "free", _("released")
    if row.alarms:
        return "alarm", _("waits for the doctor")
    if row.overdue:
        return "alarm", _("release overdue")
    if row.ending:
        return "due", _("verified, to be released") if row.release else _("to be released")
    if one.state == Order.State.ISSUED:
        return "due", _("notice to be served")
    if row.missed:
        return "late", _("no reading")
    if row.due:
        return "due", _("to be checked")
    return "obs", _("observed, day %(day)s of %(days)s") % {"day": max(row.day, 0), "days": one.days}


def cell(check: Check | None, row: Row, open_: bool) -> Shown:
    """A half day in the register: what was measured, that nothing was, or the place to type it."""
    if check is None:
        return {"state": "none"}
    done = check.state == Check.State.DONE
    state = check.state if done or check.state == Check.State.MISSED or check is row.due else "ahead"
    if state == "ahead" and check.due_at <= row.at:
        state = "missed"  # a minute before the clock comes by
    again = f"{href('desk:order', row.order.id)}?check={check.id}#h-chk"
    until = _("until %(clock)s") % {"clock": clock_words(check.due_at)}
    gone = check.due_at <= row.at
    return {
        "state": state,
        "id": check.id,
        "key": new_id(),
        "again": again,
        "until": until,
        "gone": gone,
        "half": check.get_half_display(),
    } | (measured(check, open_) if done else {})


def measured(check: Check, open_: bool) -> Shown:
    """A reading as it was taken; without the numbers for who is not told them."""
    alarm = getattr(check, "alarm", None) if "alarm" in check._state.fields_cache else None
    return {
        "temperature": check.temperature if open_ else None,
        "symptoms": [str(Check.Symptom(name).label) for name in check.symptoms] if open_ else [],
        "taken": clock_words(check.taken_at),
        "how": check.get_how_display(),
        "by": check.taken_name,
        "late": check.late,
        "alarm": alarm,
    }


def table(checks: Sequence[Check], row: Row, who: Actor) -> list[Shown]:
    """The checks of an order by day: morning, evening, and every further reading under its half."""
    open_, days = sees_readings(who), dict[int, Shown]()
    for one in checks:
        day = days.setdefault(one.day, {"day": one.day, "on": row.order.first_day + timedelta(days=one.day)})
        if one.further:
            day.setdefault(f"{one.half}_further", []).append(measured(one, open_))
        else:
            day[one.half] = cell(one, row, open_)
            day["today"] = one.day == row.day
    return list(days.values())


def to_take(checks: Sequence[Check], row: Row, wanted: UUID | None) -> Check | None:
    """The check the page offers to record: the one that was asked for, else the last that has begun. A day gone by is never
    offered by itself: today's reading would be typed into it."""
    begun = [one for one in checks if not one.further and one.opens_at <= row.at]
    asked = [one for one in begun if one.id == wanted]
    return next(iter([*asked, *begun[::-1]]), None)


def alarm_words(alarm: Alarm, check: Check, open_: bool) -> Shown:
    """An alarm with the reading that raised it, and the doctor's finding."""
    return {
        "id": alarm.id,
        "open": alarm.state == Alarm.State.OPEN,
        "raised_at": alarm.raised_at,
        "day": check.day,
        "half": check.get_half_display(),
        "reading": measured(check, open_),
        "finding": alarm.get_finding_display() if open_ and alarm.finding else "",
        "words": alarm.words if open_ else "",
        "second": alarm.temperature if open_ else None,
        "by": alarm.settled_name,
        "settled_at": alarm.settled_at,
        "key": new_id(),
    }
