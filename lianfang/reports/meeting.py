"""The morning meeting 早例会: what a place has to speak about today, in the order it is spoken about. A constant number of
statements, however full the day is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from lianfang.ground.clock import BEIJING
from lianfang.ground.where import ROOT
from lianfang.rooms.aid import queries as aid
from lianfang.rooms.aid.models import Need
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.notes import queries as notes
from lianfang.rooms.notes.models import Note, Promise
from lianfang.rooms.orders.models import Alarm, Check, Order
from lianfang.rooms.people.queries import Text
from lianfang.rooms.policies.models import Edition
from lianfang.rooms.rulings.models import Question
from lianfang.rooms.tickets import queries as tickets
from lianfang.rooms.tickets.models import Ticket

LISTED = 50
"""Rows of each kind at most; what is more stands in its own list."""

LONGEST = 500
"""People under observation at most."""

EVENING = time(17)
"""A hand-over note of last night was written after this hour of the day before."""


@dataclass(frozen=True)
class Missed:
    """Checks of one order that have no reading since yesterday, the earliest first."""

    order: Order
    checks: list[Check]


@dataclass(frozen=True)
class Meeting:
    """The agenda. ``calls``, ``questions``, ``unserved``: begun before today and not finished; ``arrived``: orders given since
    yesterday; ``passed``: residents let through by a checkpoint since yesterday; ``releases``: due by midnight, overdue ones
    first; ``reviewed``: orders other rules decide now; ``editions``: that begin or end about today."""

    at: datetime
    calls: list[Verification]
    questions: list[Question]
    unserved: list[Order]
    arrived: list[Order]
    passed: list[Verification]
    releases: list[Order]
    alarms: list[Alarm]
    missed: list[Missed]
    needs: list[Need]
    tickets: list[Ticket]
    promises: list[Promise]
    handed_over: list[Note]
    writers: dict[UUID, tuple[str, Text]]
    editions: list[Edition]
    reviewed: list[Order]
    waiting_tickets: dict[str, int] = field(default_factory=dict)


def meeting(where: str, at: datetime) -> Meeting:
    """The agenda of a place at a moment."""
    local = at.astimezone(BEIJING)
    today = datetime.combine(local.date(), time(), BEIJING)
    yesterday, midnight = today - timedelta(days=1), today + timedelta(days=1)
    bound = list(_orders(where, yesterday)[:LONGEST])
    heard = notes.handed_over(where, datetime.combine(yesterday.date(), EVENING, BEIJING))
    inside = Verification.objects.filter(where__under=where).select_related("resident")
    asked = Question.objects.filter(where__under=where, state=Question.State.ASKED, asked_at__lt=today)
    open_ = [one for one in bound if one.state != Order.State.RELEASED]
    unserved = [one for one in open_ if one.state in (Order.State.ISSUED, Order.State.REFUSED)]
    return Meeting(
        at=at,
        calls=list(
            inside.filter(state=Verification.State.ASKED, asked_at__lt=today).order_by("asked_at", "id")[
                :LISTED
            ]
        ),
        questions=list(asked.select_related("assessment__resident").order_by("due", "id")[:LISTED]),
        unserved=[one for one in unserved if one.issued_at < today],
        arrived=[one for one in bound if one.issued_at >= yesterday],
        passed=list(
            inside.filter(
                result=Verification.Result.PASSED, settled_at__gte=yesterday, resident__isnull=False
            )
            .filter(state=Verification.State.SETTLED)
            .order_by("settled_at", "id")[:LISTED]
        ),
        releases=sorted(
            (one for one in open_ if min(one.release_due, one.free_by or one.release_due) <= midnight),
            key=lambda one: one.free_by or one.release_due,
        ),
        alarms=list(
            Alarm.objects.filter(where__under=where, state=Alarm.State.OPEN)
            .select_related("order__resident", "cause")
            .order_by("raised_at", "id")[:LISTED]
        ),
        missed=_missed(open_, yesterday, at),
        needs=[one for state in aid.WAITING for one in aid.waiting(where, state, LISTED)],
        tickets=tickets.in_view(where, "soon", at, LISTED),
        promises=notes.promises_due(where, midnight, LISTED),
        handed_over=heard,
        writers=notes.writers(one.id for one in heard),
        editions=_editions(where, local.date()),
        reviewed=[one for one in open_ if one.review not in ("", Order.Review.KEEP)],
        waiting_tickets=tickets.counts(where, at),
    )


def _orders(where: str, since: datetime) -> QuerySet[Order]:
    """Orders that are not released, and those given since yesterday."""
    rows = Order.objects.filter(where__under=where).select_related("resident", "notice")
    return rows.filter(~Q(state=Order.State.RELEASED) | Q(issued_at__gte=since)).order_by("issued_at", "id")


def _missed(bound: Sequence[Order], since: datetime, at: datetime) -> list[Missed]:
    """The checks since yesterday whose time has passed without a reading, by order."""
    by_id = {one.id: one for one in bound}
    over = Check.objects.filter(order__in=by_id, further=False, due_at__lte=at, due_at__gte=since)
    found: dict[UUID, list[Check]] = {}
    for check in over.exclude(state=Check.State.DONE).order_by("due_at", "id"):
        found.setdefault(check.order_id, []).append(check)
    return [Missed(by_id[order], checks) for order, checks in found.items()]


def _editions(where: str, on: date) -> list[Edition]:
    """The editions that hold for a place and begin from yesterday to tomorrow, or end about now."""
    about = (on - timedelta(days=1), on + timedelta(days=1))
    here = {where[:digits] for digits in (2, 4, 6, 9, 12)} | {ROOT}
    rows = Edition.objects.filter(
        Q(effective_from__range=about) | Q(effective_to__range=about), place__in=here
    )
    return list(rows.defer("document").order_by("effective_from", "code")[:LISTED])
