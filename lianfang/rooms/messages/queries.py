"""Questions about messages and slips. Each takes ``where`` or a resident first."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from lianfang.rooms.people.models import Resident, Stay

from .models import Message, Slip


def told(where: str, resident: UUID, limit: int = 50) -> list[Message]:
    """What one resident was told at this door, newest first; nobody else's."""
    return list(Message.objects.filter(where=where, resident=resident).order_by("-sent_at", "-id")[:limit])


def to_deliver(where: str, limit: int = 50) -> list[Message]:
    """Messages below a place that nobody has told and that wait on no page, oldest first."""
    waiting = Message.objects.filter(where__under=where, state=Message.State.WAITING)
    return list(
        waiting.exclude(way=Message.Way.LINK).select_related("resident").order_by("sent_at", "id")[:limit]
    )


def of_matter(where: str, matter: UUID) -> list[Message]:
    """What was told in a matter, oldest first."""
    some = Message.objects.select_related("resident").filter(where__under=where, matter=matter)
    return list(some.order_by("sent_at", "id"))


def message(where: str, id: UUID) -> Message | None:
    """The message with this id, if it is at or below ``where``."""
    return Message.objects.select_related("resident").filter(where__under=where, id=id).first()


def slips(where: str, resident: UUID, at: datetime) -> list[Slip]:
    """The slips of a resident that open his page now, newest first."""
    live = Slip.objects.filter(where__under=where, resident=resident, withdrawn_at=None, expires_at__gt=at)
    return list(live.order_by("-issued_at", "-id"))


def words(where: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What was told in somebody's own words, for a time line; an answer stands there with its ticket or its objection."""
    some = Message.objects.filter(where__under=where, id__in=list(ids), occasion=Message.Occasion.WORDS)
    return dict(some.values_list("id", "words"))


def who_called(door: str, name: str, phone: str) -> Resident | None:
    """The resident of a door who called, by his phone or, if none was noted, by his name; None if it cannot be told. A
    name alone never overrules another phone: it may be a neighbour who gives it."""
    stays = Stay.objects.filter(where=door, until=None).select_related("resident")
    living = {stay.resident_id: stay.resident for stay in stays}.values()
    if phone:
        same = [one for one in living if one.opened("phone") == phone]
        return same[0] if len(same) == 1 and name in ("", same[0].name) else None
    named = [one for one in living if name and one.name == name]
    return named[0] if len(named) == 1 else None
