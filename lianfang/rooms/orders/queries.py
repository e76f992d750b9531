"""Questions about orders and notices. Each takes ``where`` first."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from .models import Notice, Order

_FULL = Order.objects.select_related("resident", "notice", "edition")


def order(where: str, id: UUID) -> Order | None:
    """The order with this id, with its notice, if it is at or below ``where``."""
    return _FULL.filter(where__under=where, id=id).first()


def to_serve(where: str, limit: int = 50) -> list[Order]:
    """Orders whose notice has not been served, oldest first; those not accepted among them."""
    waiting = _FULL.filter(where__under=where).exclude(notice__state=Notice.State.SERVED)
    return list(waiting.order_by("issued_at", "id")[:limit])


def active(where: str, on: date, limit: int = 500) -> list[Order]:
    """Orders running on a day at or below a place, those that end first first."""
    return list(
        _FULL.filter(where__under=where, last_day__gte=on).order_by("last_day", "where", "id")[:limit]
    )


def latest(where: str, limit: int = 25, before: UUID | None = None) -> list[Order]:
    """All orders, newest first; ``before``: only those older than this one."""
    some = _FULL.filter(where__under=where, **({"id__lt": before} if before else {}))
    return list(some.order_by("-id")[:limit])


def running_for(where: str, residents: Iterable[UUID], on: date) -> dict[UUID, Order]:
    """The orders that run for some residents on a day, by resident."""
    some = Order.objects.filter(where__under=where, resident__in=list(residents), last_day__gte=on)
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


def notices(where: str, ids: Iterable[UUID]) -> dict[UUID, Notice]:
    """Some notices, for the free words of a time line."""
    return Notice.objects.filter(where__under=where).in_bulk(list(ids))
