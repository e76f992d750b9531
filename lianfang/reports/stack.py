"""The building stack 楼栋图: every door of a community as a cell of its building. What binds whoever lives there, what is
to be done there today, what to know before knocking. A constant number of statements, however many doors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from lianfang.ground.clock import BEIJING
from lianfang.rooms.aid.models import Need
from lianfang.rooms.aid.queries import WAITING
from lianfang.rooms.notes.models import Promise
from lianfang.rooms.notes.queries import OWED
from lianfang.rooms.orders.models import Alarm, Check, Order
from lianfang.rooms.people.models import CareMark, Household, Stay
from lianfang.rooms.people.search_keys import SURNAMES
from lianfang.rooms.places.models import Door
from lianfang.rooms.tickets.models import Ticket

FREED = timedelta(days=14)
"""So long a door shows that somebody behind it was released."""

BACK = timedelta(days=2)
"""How far back the last check of somebody is looked for."""


class Reading(NamedTuple):
    """The last check of an order that was open by now: the day, its half, due, done or missed, the reading."""

    day: int
    half: str
    state: str
    temperature: Any


@dataclass
class Cell:
    """One door. ``bound``: somebody is under observation, and this is his day of so many; ``missed``: the check of the
    same day that has no reading, if a later one is open; tickets, needs, promises: what is not done yet."""

    where: str
    unit: str
    floor: int
    number: str
    surname: str = ""
    people: int = 0
    entered: bool = False
    rented: bool = False
    bound: tuple[int, int] | None = None
    over: bool = False
    freed: bool = False
    alarm: bool = False
    check: Reading | None = None
    missed: Reading | None = None
    tickets: int = 0
    needs: int = 0
    promises: int = 0
    care: list[str] = field(default_factory=list)

    @property
    def home(self) -> str:
        """What is known of the home: todo (nobody was ever entered), void (all have left), rent or home."""
        if not self.entered:
            return "todo"
        if not self.people:
            return "void"
        return "rent" if self.rented else "home"

    @property
    def state(self) -> str:
        """What comes first at this door: alarm, late (release overdue), due (a check to take), obs, free; else what is
        known of the home."""
        if self.alarm:
            return "alarm"
        if self.over:
            return "late"
        if self.bound is not None:
            return "due" if self.check is not None and self.check.state != Check.State.DONE else "obs"
        return "free" if self.freed else self.home


@dataclass
class Building:
    """One building: its floors from the top, its units with the columns they need, its cells by unit, floor and column."""

    where: str
    number: str
    floors: list[int]
    units: list[tuple[str, list[str]]]
    cells: dict[tuple[str, int, str], Cell]

    def count(self, *states: str) -> int:
        """How many doors are in one of these states."""
        return sum(cell.state in states for cell in self.cells.values())

    @property
    def people(self) -> int:
        """How many people live here."""
        return sum(cell.people for cell in self.cells.values())


def stack(where: str, at: datetime) -> list[Building]:
    """The buildings at or below a place with every door, as they stand at a moment. Ten statements."""
    rows = Door.objects.filter(where__under=where).values_list("where", "unit", "floor", "number")
    cells = {row[0]: Cell(*row) for row in rows}
    _people(where, cells)
    _bound(where, at, cells)
    _asked(where, cells)
    return _buildings(cells.values())


def _people(where: str, cells: dict[str, Cell]) -> None:
    rented = Household.Tenure.RENTED
    for door, tenure in Household.objects.filter(where__under=where).values_list("where", "tenure"):
        if cell := cells.get(door):
            cell.entered, cell.rented = True, tenure == rented
    living = Stay.objects.filter(where__under=where, until=None)
    for door, name, relation in living.values_list("where", "resident__name", "relation"):
        if cell := cells.get(door):
            cell.people += 1
            cell.entered = True
            if not cell.surname or relation == Stay.Relation.HEAD:
                cell.surname = surname(name)
    for door, kind in (
        CareMark.objects.filter(where__under=where).order_by("kind").values_list("where", "kind")
    ):
        if (cell := cells.get(door)) and kind not in cell.care:
            cell.care.append(kind)


def _bound(where: str, at: datetime, cells: dict[str, Cell]) -> None:
    """Orders in force, what their last check says, who was released of late."""
    on = at.astimezone(BEIJING).date()
    rows = Order.objects.filter(where__under=where, last_day__gte=on - FREED)
    running: dict[UUID, Cell] = {}
    for id, door, name, state, first, days, last, due in rows.order_by("issued_at").values_list(
        "id", "where", "resident__name", "state", "first_day", "days", "last_day", "release_due"
    ):
        if (cell := cells.get(door)) is None:
            continue
        if state == Order.State.RELEASED:
            cell.freed = True
        elif last >= on:
            cell.bound, cell.surname = ((on - first).days, days), surname(name)
            running[id] = cell
        elif due <= at:
            cell.over, cell.surname = True, surname(name)
    opened = Check.objects.filter(order__in=running, further=False, opens_at__lte=at, opens_at__gt=at - BACK)
    for row in opened.order_by("due_at").values_list("order", "day", "half", "state", "temperature"):
        cell, check = running[row[0]], Reading(*row[1:])
        before = cell.check
        same = before is not None and before.day == check.day and before.state == Check.State.MISSED
        cell.check, cell.missed = check, before if same else None
    for door in Alarm.objects.filter(where__under=where, state=Alarm.State.OPEN).values_list(
        "where", flat=True
    ):
        if cell := cells.get(door):
            cell.alarm = True


def _asked(where: str, cells: dict[str, Cell]) -> None:
    """What was asked for or promised and is not done."""
    waiting = Ticket.objects.filter(door__under=where).exclude(state=Ticket.State.CLOSED)
    for door in waiting.values_list("door", flat=True):
        if cell := cells.get(door):
            cell.tickets += 1
    for door in Need.objects.filter(where__under=where, state__in=WAITING).values_list("where", flat=True):
        if cell := cells.get(door):
            cell.needs += 1
    for door in Promise.objects.filter(where__under=where, state__in=OWED).values_list("where", flat=True):
        if cell := cells.get(door):
            cell.promises += 1


def _buildings(cells: Iterable[Cell]) -> list[Building]:
    """Cells by their buildings, communities first, buildings in the order of their numbers."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        community, number, _rest = cell.where.split(".", 2)
        found.setdefault(f"{community}.{number}.", []).append(cell)
    return [_building(where, found[where]) for where in sorted(found, key=_in_order)]


def _in_order(where: str) -> tuple[str, int, str]:
    community, number, _rest = where.split(".", 2)
    return community, int("".join(filter(str.isdigit, number)) or 0), number


def _building(where: str, cells: list[Cell]) -> Building:
    columns: dict[str, set[str]] = {}
    placed = {}
    for cell in cells:
        column = cell.number.removeprefix(str(cell.floor)) or cell.number
        columns.setdefault(cell.unit, set()).add(column)
        placed[(cell.unit, cell.floor, column)] = cell
    units = sorted(columns, key=lambda unit: (int("".join(filter(str.isdigit, unit)) or 0), unit))
    return Building(
        where=where,
        number=where.split(".")[1],
        floors=sorted({cell.floor for cell in cells}, reverse=True),
        units=[(unit, sorted(columns[unit])) for unit in units],
        cells=placed,
    )


def surname(name: str) -> str:
    """The family's name, as a cell has room for: two signs of a compound one (or of a name of four), else the first; the
    first word of a name in letters."""
    bare = name.strip()
    if bare[:1].isascii():
        return bare.split(" ", 1)[0]
    return bare[:2] if bare[:2] in SURNAMES or len(bare) == 4 else bare[:1]
