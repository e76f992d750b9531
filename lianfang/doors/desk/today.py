"""今日: the first page. What waits for this reader, the day in figures, the buildings, the notebook's last lines."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor
from lianfang.reports import today as report
from lianfang.reports.meeting import Meeting, meeting
from lianfang.reports.timeline import Entry
from lianfang.reports.today import Today
from lianfang.rooms.people.roles import ROLES

from .cases import href_of
from .frame import actor_of, address, community_names, desk, may, page
from .meeting import sections
from .stack import stack_href
from .waiting import place_words, waiting_for

SHOWN = 8
"""Rows that wait, shown on the first page."""


@require_http_methods(["GET", "HEAD"])
@desk
def today(request: Request) -> HttpResponse:
    """The reader's day."""
    who, now = actor_of(request), clock.now()
    day = report.today(who.where, now)
    names = ROLES[who.role].names
    agenda = meeting(who.where, now)
    rows = waiting_for(who, day) if names else []
    context = {
        "figures": _figures(day, agenda, names),
        "sections": sections(agenda, who) if names else [],
        "rows": rows[:SHOWN],
        "total": len(rows),
        "more_href": _more(who) if len(rows) > SHOWN else "",
        "buildings": _buildings(who, day, names),
        "of_street": len(who.where) < 12,
        "homes": day.homes,
        "residents": day.residents,
        "as_of": now,
        "lines": [_line(one, who, names) for one in day.lines],
        "may_ask": may(request, "verification.asked"),
        "names": names,
    }
    return page(request, "today", context)


def _more(who: Actor) -> str:
    if "question.ruled" in who.may:
        return reverse("desk:questions")
    return reverse("desk:verifications" if "verification.answered" in who.may else "desk:orders")


def _figures(day: Today, agenda: Meeting, names: bool) -> list[dict[str, Any]]:
    """The day in figures; each leads to its list for those who may read names."""

    def figure(
        words: str, value: int, unit: str, detail: str, name: str, warn: bool = False, alarm: bool = False
    ) -> dict[str, Any]:
        href = address(f"desk:{name}") if names and name else ""
        said = {"words": words, "value": value, "unit": unit, "detail": detail, "href": href}
        return said | {"warn": warn, "alarm": alarm}

    late, unserved = len(day.overdue), len(day.to_serve)
    asked = len({one.id for one in [*day.questions, *day.asked_here]})
    people, items = pgettext("unit after a number", "people"), pgettext("unit after a number", "cases")
    due = [one for one in agenda.releases if one.release_due <= agenda.at]
    asks = agenda.waiting_tickets
    return [
        figure(
            _("Home observation"), len(day.observed), people,
            ngettext("%(n)d notice to serve", "%(n)d notices to serve", unserved) % {"n": unserved}, "orders",
        ),
        figure(
            _("Alarms"), len(agenda.alarms), people,
            _("%(n)d people with missing checks") % {"n": len(agenda.missed)}, "orders", warn=bool(agenda.missed),
            alarm=bool(agenda.alarms),
        ),
        figure(
            _("To be released today"), len(agenda.releases), people, _("%(n)d overdue") % {"n": len(due)}, "orders",
            warn=bool(due),
        ),
        figure(
            _("Requests"), asks.get("waiting", 0) + asks.get("in_hand", 0), items,
            _("%(n)d end within a day") % {"n": asks.get("soon", 0)}, "tickets", warn=asks.get("soon", 0) > 0,
        ),
        figure(
            _("Checkpoint calls"), len(day.verifications), items,
            _("%(n)d answered, outcome not noted") % {"n": len(day.unsettled)}, "verifications",
        ),
        figure(
            _("Questions upward"), asked, items,
            _("%(late)d overdue · %(ruled)d ruled, no order yet") % {"late": late, "ruled": len(day.ruled)},
            "questions", warn=late > 0,
        ),
        figure(
            _("Register"), day.residents, people,
            _("%(homes)d homes · %(parked)d rows put aside") % {"homes": day.homes, "parked": day.parked}, "",
        ),
    ]  # fmt: skip


def _buildings(who: Actor, day: Today, names: bool) -> list[dict[str, Any]]:
    """The buildings of a community; for readers above one, its communities."""
    if len(who.where) >= 12:
        return [
            {
                "no": one.number,
                "homes": one.homes,
                "observed": one.observed,
                "waiting": one.waiting,
                "href": stack_href(one.where, who) if names else "",
            }
            for one in sorted(day.buildings, key=lambda one: (_number(one.number), one.number))
        ]
    sums: dict[str, tuple[int, int, int]] = {}
    for one in day.buildings:
        homes, observed, waiting = sums.get(one.where[:12], (0, 0, 0))
        sums[one.where[:12]] = (homes + one.homes, observed + one.observed, waiting + one.waiting)
    none = (0, 0, 0)
    return [
        {"name": name, "homes": homes, "observed": observed, "waiting": waiting, "href": ""}
        for code, name in community_names(who)
        for homes, observed, waiting in [sums.get(code, none)]
    ]


def _number(text: str) -> int:
    return int("".join(filter(str.isdigit, text)) or 0)


def _line(one: Entry, who: Actor, names: bool) -> dict[str, Any]:
    """A line of the notebook; without its door and its page for those who do not see who is meant."""
    return {
        "at": one.at,
        "what": one.sentence,
        "href": href_of(one.line) if names else "",
        "by": one.who,
        "via": one.via,
        "about": place_words(one.line.where, who) if names and one.about else "",
        "rule": one.rule,
        "late": one.late,
    }
