"""What the desk's 今日 needs: what waits, who is under observation, the register in numbers, the notebook's
last lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, F, Func, QuerySet, Value

from lianfang.ground.clock import BEIJING
from lianfang.ground.where import level
from lianfang.rooms.gates import queries as gates
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.orders.models import Order
from lianfang.rooms.people import queries as registers
from lianfang.rooms.people.models import Stay
from lianfang.rooms.places.models import Door
from lianfang.rooms.rulings import queries as rulings
from lianfang.rooms.rulings.models import Question

from .timeline import Entry, latest


@dataclass(frozen=True)
class Building:
    """A building in numbers: homes, residents entered, people under observation, notices to serve."""

    where: str
    number: str
    homes: int
    residents: int
    observed: int
    waiting: int


@dataclass(frozen=True)
class Today:
    """One page of a place at a moment. ``asked_here``: questions put to this very place; ``overdue``: open
    ones past their time."""

    verifications: list[Verification]
    unsettled: list[Verification]
    questions: list[Question]
    asked_here: list[Question]
    ruled: list[Question]
    to_serve: list[Order]
    observed: list[Order]
    buildings: list[Building]
    homes: int
    residents: int
    parked: int
    lines: list[Entry]
    at: datetime

    @property
    def overdue(self) -> list[Question]:
        """Open questions whose time has passed."""
        return [
            one
            for one in {q.id: q for q in [*self.questions, *self.asked_here]}.values()
            if one.due <= self.at
        ]


def today(where: str, at: datetime, *, words: bool = False) -> Today:
    """Everything of a place's day. A constant number of statements, however full the day is."""
    on = at.astimezone(BEIJING).date()
    asked = rulings.open_questions(where)
    observed, to_serve = orders.active(where, on), orders.to_serve(where)
    buildings = _buildings(where, observed, to_serve)
    return Today(
        verifications=gates.waiting(where),
        unsettled=gates.unsettled(where),
        questions=asked,
        asked_here=rulings.asked_of(where) if level(where) != "community" else [],
        ruled=rulings.ruled(where),
        to_serve=to_serve,
        observed=observed,
        buildings=buildings,
        homes=sum(one.homes for one in buildings),
        residents=sum(one.residents for one in buildings),
        parked=registers.parked_count(where),
        lines=latest(where, words=words),
        at=at,
    )


def _buildings(where: str, observed: list[Order], to_serve: list[Order]) -> list[Building]:
    """Every building at or below a place in numbers; two statements."""
    homes = _by_building(Door.objects.filter(where__under=where))
    people = _by_building(Stay.objects.filter(where__under=where, until=None))
    found = []
    for (community, number), count in sorted(homes.items()):
        place = f"{community}.{number}."
        found.append(
            Building(
                where=place,
                number=number,
                homes=count,
                residents=people.get((community, number), 0),
                observed=sum(order.where.startswith(place) for order in observed),
                waiting=sum(order.where.startswith(place) for order in to_serve),
            )
        )
    return found


def _by_building(rows: QuerySet[Any]) -> dict[tuple[str, str], int]:
    """How many rows there are in each building: by community's code and building's number."""
    parts = {
        f"part{n}": Func(F("where"), Value("."), Value(n), function="split_part", output_field=CharField())
        for n in (1, 2)
    }
    counted = rows.order_by().annotate(**parts).values_list(*parts).annotate(n=Count("*"))
    return {(community, number): n for community, number, n in counted}
