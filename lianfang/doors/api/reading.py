"""Questions: lines since a place, things by kind, people, today, a matter, what the rules say. Each is asked as the caller
sees, in a transaction of its own that cannot write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query

from lianfang.ground import clock, notebook
from lianfang.ground.acts import Actor, reading
from lianfang.ground.notebook import Place
from lianfang.ground.refusals import GONE, UNFIT, Refused
from lianfang.ground.things import Thing
from lianfang.ground.where import is_where, within
from lianfang.reports import timeline
from lianfang.reports import today as report
from lianfang.rooms.people import queries as people
from lianfang.rooms.policies import queries as policies
from lianfang.rooms.policies.acts import refusal_of
from lianfang.rules.documents import PolicyError

from .acting import REFUSALS
from .door import api, caller, entered, insist_on_names, sees_names
from .listing import LISTINGS, shown
from .shapes import PAGE, Case, Lines, Matter, Me, People, Things, of_line

FOUND = 50
"""People found at once; who looks for more says more."""

_CURSOR = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)

Limit = Annotated[int, Query(ge=1, le=PAGE)]
Under = Annotated[str | None, Query(max_length=60, description="place code; your own if it is left out")]


def _under(who: Actor, code: str | None) -> str:
    """The place asked about; what is not at or below the caller's own is not there."""
    if code is None:
        return who.where
    if not is_where(code) or not within(code, who.where):
        raise Refused(_("There is no such entry here."), GONE)
    return code


@api.get("/me", response={200: Me} | REFUSALS, url_name="api_me", operation_id="me", summary="Who am I")
def me(request: HttpRequest) -> Any:
    """Whose token this is, in which role and where, and what may be done by it."""
    came = entered(request)
    who = came.actor
    return {
        "name": who.name,
        "role": who.role,
        "where": who.where,
        "unit": who.unit,
        "names": sees_names(who),
        "may": sorted(who.may),
        "token": came.token,
        "until": came.until,
    }


@api.get(
    "/lines",
    response={200: Lines} | REFUSALS,
    url_name="api_lines",
    operation_id="lines",
    summary="Lines of the notebook",
)
def lines(request: HttpRequest, under: Under = None, after: str = "0-0", limit: Limit = PAGE) -> Any:
    """The lines at or below a place after ``after``, oldest first. Whoever asks again and again from ``next`` misses none:
    a line whose writer has not finished is left for the next time. A role that sees no names is told the community, not
    the door."""
    who = caller(request)
    came = _CURSOR.fullmatch(after)
    if came is None:
        raise Refused(_("Some of this does not fit."), UNFIT, fields={"after": [_("does not fit")]})
    place, names = _under(who, under), sees_names(who)
    with reading(who):
        found, to = notebook.since(Place(int(came[1]), int(came[2])), under=place, limit=limit)
    return {
        "lines": [of_line(one, names=names) for one in found],
        "next": f"{to.xact}-{to.seq}",
        "more": len(found) == limit,
    }


@api.get(
    "/things/{kind}",
    response={200: Things} | REFUSALS,
    url_name="api_things",
    operation_id="things",
    summary="Things of a kind",
)
def things(
    request: HttpRequest,
    kind: str,
    under: Under = None,
    before: UUID | None = None,
    limit: Limit = 100,
) -> Any:
    """The things of a kind at or below a place, newest first, with identifiers masked: ``verification``, ``question``,
    ``order``, ``ticket``, ``need`` or ``note``."""
    who = caller(request)
    insist_on_names(who)
    if kind not in LISTINGS:
        raise Refused(_("There is no such entry here."), GONE)
    with reading(who):
        rows = LISTINGS[kind].question(_under(who, under), limit, before)
        told = [shown(kind, row) for row in rows]
    return {"things": told, "next": told[-1]["id"] if len(told) == limit else None}


@api.get(
    "/people",
    response={200: People} | REFUSALS,
    url_name="api_people",
    operation_id="people",
    summary="Find a person",
)
def find_people(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=60)],
    under: Under = None,
    limit: Annotated[int, Query(ge=1, le=FOUND)] = 25,
) -> Any:
    """People by name, initials, pinyin, door, or the last figures of a phone, as the desk finds them. No number of a person
    is told."""
    who = caller(request)
    insist_on_names(who)
    with reading(who):
        hits = people.search(_under(who, under), _speakable(q), limit)
        found = [
            {
                "resident": one.resident.id if one.resident else None,
                "name": one.resident.name if one.resident else "",
                "door": one.door,
                "where": one.where,
                "household": one.household,
                "why": str(one.why),
            }
            for one in hits.rows
        ]
    return {"people": found, "total": hits.total}


def _speakable(text: str) -> str:
    if re.search("[\0\ud800-\udfff\ufffd]", text):
        raise Refused(_("This cannot be read as text."), UNFIT)
    return text


@api.get(
    "/today",
    response={200: dict[str, Any]} | REFUSALS,
    url_name="api_today",
    operation_id="today",
    summary="Today in figures",
)
def today(request: HttpRequest, under: Under = None) -> Any:
    """What waits at or below a place, in figures, building by building; and the ids of what waits, for roles that see whom
    it is about."""
    who, now = caller(request), clock.now()
    with reading(who):
        day = report.today(_under(who, under), now)
    waits: dict[str, Sequence[Thing]] = {
        "verifications": day.verifications,
        "unsettled": day.unsettled,
        "questions": list({one.id: one for one in [*day.questions, *day.asked_here]}.values()),
        "overdue": day.overdue,
        "ruled": day.ruled,
        "to_serve": day.to_serve,
        "observed": day.observed,
    }
    told: dict[str, Any] = {
        "at": now,
        "figures": {name: len(rows) for name, rows in waits.items()}
        | {"homes": day.homes, "residents": day.residents, "parked": day.parked},
        "buildings": [asdict(one) for one in day.buildings],
    }
    if sees_names(who):
        told["waiting"] = {name: [one.id for one in rows] for name, rows in waits.items()}
    return told


@api.get(
    "/matters/{uuid:id}",
    response={200: Matter} | REFUSALS,
    url_name="api_matter",
    operation_id="matter",
    summary="The story of a matter",
)
def matter(request: HttpRequest, id: UUID) -> Any:
    """The time line of a matter: who did what, when, under which rule, with the words that were noted."""
    who = caller(request)
    insist_on_names(who)
    with reading(who):
        entries = [one.as_json() for one in timeline.of_matter(id)]
    if not entries:
        raise Refused(_("There is no such entry here."), GONE)
    return {"matter": id, "entries": entries}


@api.post(
    "/decide",
    response={200: dict[str, Any]} | REFUSALS,
    url_name="api_decide",
    operation_id="decide",
    summary="What the rules say",
)
def decide(request: HttpRequest, case: Case) -> Any:
    """Required, exempt or unclear, with the deciding clauses, those that nearly match, and the facts that would change the
    answer. Nothing is written and nobody is named: a decision about somebody is an act."""
    who = caller(request)
    place = _under(who, case.where)
    try:
        on = date.fromisoformat(case.on) if case.on else policies.day_of(clock.now())
    except ValueError as wrong:
        raise Refused(_("Some of this does not fit."), UNFIT, fields={"on": [_("does not fit")]}) from wrong
    try:
        with reading(who):
            return policies.decide(place, case.facts, on, case.subject).as_json()
    except PolicyError as error:
        raise refusal_of(error) from error
