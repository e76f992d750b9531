"""The register of home observation 居家观察台账: who is observed behind which door, the how-manieth day it is, today's two
checks, what is missing, what he said, what waits for the doctor, and whose end has come. Five statements, however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from lianfang.ground.clock import BEIJING
from lianfang.ground.things import Thing
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.orders.models import Alarm, Check, Notice, Objection, Order, Release, Undertaking
from lianfang.rooms.people.models import Worker

LONGEST = 500
"""Rows of a register on one page; a street at its worst had a hundred and fifty households a day."""

DAY = timedelta(days=1)

_FULL = Order.objects.select_related("resident", "notice", "edition", "undertaking", "release")
_OPEN = _FULL.exclude(state=Order.State.RELEASED)


@dataclass(frozen=True)
class Row:
    """One order as the register shows it at a moment. ``today``: this day's checks, in order; ``last``: the check whose
    time passed last; ``missing``: how many passed without a reading, ``readings`` the further ones of today."""

    order: Order
    at: datetime
    today: Sequence[Check]
    readings: Sequence[Check]
    last: Check | None
    missing: int
    objection: Objection | None
    alarms: Sequence[Alarm]

    @property
    def day(self) -> int:
        """Which day it is; day 0 is the first."""
        return orders.day_number(self.order, _day(self.at))

    @property
    def in_force(self) -> bool:
        """Whether it binds him: he was told, his days are not over, and nobody has released him."""
        told = self.order.state not in (Order.State.ISSUED, Order.State.RELEASED)
        return told and self.at < self.order.release_due

    @property
    def due(self) -> Check | None:
        """The check that is to be taken now."""
        open_ = (
            one for one in self.today if one.state == Check.State.DUE and one.opens_at <= self.at < one.due_at
        )
        return next(open_, None) if self.in_force else None

    @property
    def missed(self) -> bool:
        """Whether the check whose time passed last has no reading: somebody goes or calls."""
        return self.in_force and self.last is not None and self.last.state != Check.State.DONE

    @property
    def ending(self) -> bool:
        """Whether he is to be released: his days are over, or the rules or an answer have freed him."""
        open_ = self.order.state != Order.State.RELEASED
        return open_ and (self.order.free_by is not None or self.at >= self.order.release_due)

    @property
    def overdue(self) -> bool:
        """Whether he should have been released by now."""
        return self.ending and self.at >= orders.due_by(self.order)

    @property
    def release(self) -> Release | None:
        """The verified end, and who released him."""
        return getattr(self.order, "release", None)

    @property
    def undertaking(self) -> Undertaking | None:
        """What he signed."""
        return getattr(self.order, "undertaking", None)

    @property
    def to_answer(self) -> bool:
        """Whether his objection has waited longer than he was told."""
        return self.objection is not None and self.objection.answer_due <= self.at

    def check(self, half: str) -> Check | None:
        """Today's check of a half day."""
        return next((one for one in self.today if one.half == half), None)


@dataclass(frozen=True)
class Register:
    """The rows of a place at a moment, and how many of them there are to do something about."""

    rows: list[Row]
    at: datetime

    def only(self, which: str) -> list[Row]:
        """The rows of one view; every row if it has no such view."""
        ways: dict[str, Callable[[Row], bool]] = {
            "waiting": lambda row: row.order.notice.state != Notice.State.SERVED,
            "due": lambda row: row.due is not None,
            "missing": lambda row: row.missed,
            "alarm": lambda row: bool(row.alarms),
            "objection": lambda row: row.objection is not None,
            "ending": lambda row: row.ending,
        }
        wanted = ways.get(which)
        return [row for row in self.rows if wanted(row)] if wanted else self.rows


def register(where: str, at: datetime, limit: int = LONGEST) -> Register:
    """Everybody at or below a place who has not been released, by door; whose days are over among them."""
    return Register(rows_of(_OPEN.filter(where__under=where).order_by("where", "id")[:limit], at), at)


def everybody(where: str, at: datetime, limit: int, before: UUID | None = None) -> list[Row]:
    """All orders, the newest first, released ones too; ``before``: only those older than this one."""
    some = _FULL.filter(where__under=where, **({"id__lt": before} if before else {}))
    return rows_of(some.order_by("-id")[:limit], at)


def rows_of(found: Iterable[Order], at: datetime) -> list[Row]:
    """Some orders as rows."""
    listed = list(found)
    ids = [one.id for one in listed]
    today, further, last = _checks(ids, at)
    over = Q(checks__further=False, checks__due_at__lte=at) & ~Q(checks__state=Check.State.DONE)
    missing = dict(
        Order.objects.filter(id__in=ids).values_list("id").annotate(n=Count("checks", filter=over))
    )
    objections = {
        one.order_id: one for one in Objection.objects.filter(order__in=ids, state=Objection.State.OPEN)
    }
    alarms: defaultdict[UUID, list[Alarm]] = defaultdict(list)
    for alarm in Alarm.objects.filter(order__in=ids, state=Alarm.State.OPEN).order_by("raised_at", "id"):
        alarms[alarm.order_id].append(alarm)
    return [
        Row(
            order=one,
            at=at,
            today=today[one.id],
            readings=further[one.id],
            last=last.get(one.id),
            missing=missing.get(one.id, 0),
            objection=objections.get(one.id),
            alarms=alarms[one.id],
        )
        for one in listed
    ]


@dataclass(frozen=True)
class Whole:
    """One order for its own page: the row it is in the register, all its checks, everything he objected."""

    row: Row
    checks: list[Check]
    objections: list[Objection]


def whole(one: Order, at: datetime) -> Whole:
    """One order with everything that happened on its days. Two statements."""
    checks = list(
        Check.objects.filter(order=one)
        .select_related("alarm")
        .order_by("due_at", "further", "taken_at", "id")
    )
    said = list(Objection.objects.filter(order=one).order_by("objected_at", "id"))
    slots = [each for each in checks if not each.further]
    over = [each for each in slots if each.due_at <= at]
    raised = [each.alarm for each in checks if hasattr(each, "alarm")]
    row = Row(
        order=one,
        at=at,
        today=[each for each in slots if _day(each.due_at) == _day(at)],
        readings=[each for each in checks if each.further and _day(each.due_at) == _day(at)],
        last=over[-1] if over else None,
        missing=sum(each.state != Check.State.DONE for each in over),
        objection=next((each for each in said if each.state == Objection.State.OPEN), None),
        alarms=[each for each in raised if each.state == Alarm.State.OPEN],
    )
    return Whole(row, checks, said)


Several = defaultdict[UUID, list[Check]]


def _checks(ids: list[UUID], at: datetime) -> tuple[Several, Several, dict[UUID, Check]]:
    """Of each order: today's checks, today's further readings, and the check whose time passed last."""
    today, further, last = Several(list), Several(list), dict[UUID, Check]()
    near = Check.objects.filter(order__in=ids, due_at__gt=at - DAY, due_at__lte=at + DAY)
    for one in near.order_by("due_at", "further", "taken_at", "id"):
        if not one.further and one.due_at <= at:
            last[one.order_id] = one
        if _day(one.due_at) == _day(at):
            (further if one.further else today)[one.order_id].append(one)
    return today, further, last


def belonging(one: Order | None, what: str, id: UUID | None) -> Thing | None:
    """The order itself, its notice, or the check, alarm or objection with this id if it is one of this order's."""
    if one is not None and what in ("order", "notice"):
        return one if what == "order" else one.notice
    models: dict[str, Any] = {"check": Check, "alarm": Alarm, "objection": Objection}
    some = models[what]._default_manager.filter(id=id)
    found: Thing | None = (some.filter(order=one) if one is not None else some).first()
    return found


def release_of(one: Order) -> Release | None:
    """The release of an order, once it has been given."""
    return Release.objects.filter(order=one, released_at__isnull=False).first()


def alarms(where: str, limit: int = 100) -> list[Alarm]:
    """Readings that wait for the doctor, oldest first, whatever has become of the order."""
    some = Alarm.objects.select_related("order__resident", "cause").filter(where__under=where)
    return list(some.filter(state=Alarm.State.OPEN).order_by("raised_at", "id")[:limit])


def answerers(one: Order) -> list[Worker]:
    """Who of the authority may answer an objection: nobody who decided."""
    some = Worker.objects.filter(where=one.authority_where).exclude(id__in=orders.deciders(one))
    return list(some.order_by("name", "id"))


def _day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()
