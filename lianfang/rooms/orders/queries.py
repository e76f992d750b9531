"""Questions about orders, their notices, checks and alarms. Each takes ``where`` or an order first."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Left

from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line
from lianfang.rooms.policies.acts import number
from lianfang.rooms.policies.queries import weighed_at
from lianfang.rules.observing import WITHIN

from .models import Check, Notice, Objection, Order

T = TypeVar("T", Notice, Objection)
_FULL = Order.objects.select_related("resident", "notice", "edition", "undertaking", "release")
_OPEN = _FULL.exclude(state=Order.State.RELEASED)


def order(where: str, id: UUID) -> Order | None:
    """The order with this id, with its notice, if it is at or below ``where``."""
    return _FULL.filter(where__under=where, id=id).first()


def to_serve(where: str, limit: int = 50) -> list[Order]:
    """Orders whose notice has not been served, oldest first; those not accepted among them."""
    waiting = _OPEN.filter(where__under=where).exclude(notice__state=Notice.State.SERVED)
    return list(waiting.order_by("issued_at", "id")[:limit])


def active(where: str, on: date, limit: int = 500) -> list[Order]:
    """Orders in force on a day at or below a place, those that end first first. One whose days are over binds
    nobody, released or not."""
    running = _OPEN.filter(where__under=where, last_day__gte=on)
    return list(running.order_by("last_day", "where", "id")[:limit])


def latest(where: str, limit: int = 25, before: UUID | None = None) -> list[Order]:
    """All orders, newest first; ``before``: only those older than this one."""
    older = {"id__lt": before} if before else {}
    return list(_FULL.filter(where__under=where, **older).order_by("-id")[:limit])


def running_for(where: str, residents: Iterable[UUID], on: date) -> dict[UUID, Order]:
    """The orders in force for some residents on a day, by resident."""
    some = _OPEN.filter(where__under=where, resident__in=list(residents), last_day__gte=on)
    return {one.resident_id: one for one in some}


def at_door(where: str) -> list[Order]:
    """All orders at exactly this door, newest first."""
    return list(_FULL.filter(where=where).order_by("-issued_at", "-id"))


def of_matter(where: str, matter: UUID) -> list[Order]:
    """The orders of a matter, oldest first."""
    return list(_FULL.filter(where__under=where, matter=matter).order_by("issued_at", "id"))


def day_number(one: Order, on: date) -> int:
    """Which day of the order this is: 0 on the first day."""
    return (on - one.first_day).days


def words(where: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The reasons of some orders, for a time line."""
    return dict(Order.objects.filter(where__under=where, id__in=list(ids)).values_list("id", "reason"))


def told(model: type[T], where: str, ids: Iterable[UUID]) -> dict[UUID, T]:
    """Some notices, or objections, for the free words of a time line."""
    return model._default_manager.filter(where__under=where).in_bulk(list(ids))


def late(where: str, at: datetime, limit: int = 500) -> list[Check]:
    """Checks of orders in force whose time has passed without a reading, and that are not marked so."""
    waiting = Check.objects.filter(where__under=where, state=Check.State.DUE, further=False, due_at__lte=at)
    return list(waiting.exclude(order__state=Order.State.RELEASED).order_by("due_at", "id")[:limit])


def missing(one: Order, at: datetime) -> int:
    """How many checks whose time has passed have no reading to this day."""
    over = Check.objects.filter(order=one, further=False, due_at__lte=at)
    return over.exclude(state=Check.State.DONE).count()


def to_review(where: str, on: date, limit: int = 500) -> list[Order]:
    """Orders that were decided by other editions than are in force for their place on this day."""
    rows = Order.objects.filter(where__under=where).exclude(state=Order.State.RELEASED)
    kinds = list(rows.values_list(Left("where", 12), "weighed").distinct())
    now, stale = weighed_at({here for here, _codes in kinds}, on), Q(id=None)
    for here, codes in kinds:
        stale |= Q(where__under=here, weighed=codes) if codes != now[here] else Q(id=None)
    return list(rows.filter(stale).order_by("id")[:limit])


def deciders(one: Order) -> set[UUID]:
    """Who decided: who issued the order, and who ruled what it rests on."""
    ruled = Line.objects.filter(about=one.ruling or one.id, kind="question.ruled")
    return {one.issued_by, *ruled.values_list("by", flat=True)}


def due_by(one: Order) -> datetime:
    """When the release becomes overdue: an hour after his days are over, or by when he is to be freed."""
    return min(one.free_by or one.release_due + WITHIN, one.release_due + WITHIN)


def alarming(one: Check) -> bool:
    """Whether a reading asks for the doctor: any complaint, or the fever line that holds here on that day."""
    if one.symptoms or one.temperature is None or one.taken_at is None:
        return bool(one.symptoms)
    return one.temperature >= number(one.where, "fever.from", one.taken_at)


def clock_of(moment: datetime) -> str:
    """A moment as it is said in a refusal."""
    return f"{moment.astimezone(BEIJING):%m-%d %H:%M}"
