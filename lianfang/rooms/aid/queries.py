"""Questions about needs and pledges. Each takes ``where`` or a need first."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, DecimalField, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from lianfang.ground.holds import hold
from lianfang.ground.notebook import Line
from lianfang.rooms.people.models import Posting, Worker
from lianfang.rooms.people.roles import ROLES

from .models import Interview, Need, Pledge
from .rules import Words

State = Need.State
WAITING = (State.PROPOSED, State.OPEN)
NONE = Decimal(0)


@cache
def words_list() -> Words:
    """The words by which a note's needs are found, read once."""
    return Words.of(
        tomllib.loads((Path(settings.LIANFANG_DATA) / "aid" / "words.toml").read_text(encoding="utf-8"))
    )


@dataclass(frozen=True)
class Sums:
    """How a need stands, in its unit and in yuan. What is pledged is delivered or to come; what is not pledged is open;
    the three make up the need. What is paid and what is still to pay make up what was agreed."""

    quantity: Decimal
    delivered: Decimal
    to_come: Decimal
    paid: Decimal
    price: Decimal | None

    @property
    def pledged(self) -> Decimal:
        """Delivered or to come."""
        return self.delivered + self.to_come

    @property
    def open(self) -> Decimal:
        """Nobody has pledged it yet."""
        return self.quantity - self.pledged

    @property
    def agreed(self) -> Decimal | None:
        """What all of it comes to in yuan, if there is a price."""
        return None if self.price is None else self.quantity * self.price

    @property
    def unpaid(self) -> Decimal | None:
        """What is still to pay of what was agreed."""
        return None if self.agreed is None else self.agreed - self.paid


_AMOUNT = DecimalField(max_digits=12, decimal_places=2)


def _taken() -> Case:
    """What a pledge takes of its need: all of it, or what was delivered before it was withdrawn."""
    return Case(
        When(pledges__state=Pledge.State.WITHDRAWN, then=F("pledges__delivered")),
        default=F("pledges__quantity"),
        output_field=_AMOUNT,
    )


def _summed(needs: QuerySet[Need]) -> QuerySet[Need]:
    nought = Value(NONE, output_field=_AMOUNT)
    return needs.annotate(
        taken=Coalesce(Sum(_taken()), nought),
        brought=Coalesce(Sum("pledges__delivered"), nought),
        paid=Coalesce(Sum("pledges__yuan"), nought),
        helpers=Count("pledges", filter=~Q(pledges__state=Pledge.State.WITHDRAWN)),
    )


def sums(one: Need) -> Sums:
    """How a need stands. One statement, unless the need was found with its sums."""
    held = one if hasattr(one, "taken") else _summed(Need.objects.filter(id=one.id)).get()
    taken, brought, paid = (getattr(held, name) for name in ("taken", "brought", "paid"))
    return Sums(one.quantity or NONE, brought, taken - brought, paid, one.price)


def need(where: str, id: UUID) -> Need | None:
    """The need with this id, with its sums, if it is at or below ``where``."""
    return _summed(Need.objects.filter(where__under=where, id=id)).first()


def pledges(one: Need) -> list[Pledge]:
    """The pledges of a need, in the order they were made."""
    return list(Pledge.objects.filter(need=one).order_by("pledged_at", "id"))


def pledge(where: str, id: UUID) -> Pledge | None:
    """The pledge with this id, with its need, if it is at or below ``where``."""
    return Pledge.objects.select_related("need").filter(where__under=where, id=id).first()


def history(one: Need) -> list[Line]:
    """The lines of a need, of the note it came from and of its pledges, in the order they happened."""
    given = Pledge.objects.filter(need=one).values("id")
    about = Q(about=one.id) | Q(about__in=given) | (Q(about=one.from_note) if one.from_note else Q())
    return list(Line.objects.filter(about).order_by("at", "xact", "seq"))


def last_pledge(one: Need) -> Pledge | None:
    """The pledge that was made last and still stands."""
    standing = Pledge.objects.filter(need=one).exclude(state=Pledge.State.WITHDRAWN)
    return standing.order_by("-pledged_at", "-id").first()


def waiting(where: str, state: str, limit: int = 200) -> list[Need]:
    """The needs of a state at or below a place, those that are needed first first, with their sums."""
    some = Need.objects.filter(where__under=where, state=state)
    return list(_summed(some).order_by(F("perish_by").asc(nulls_last=True), "asked_at", "id")[:limit])


def latest(where: str, limit: int = 25, before: UUID | None = None) -> list[Need]:
    """All needs, newest first, with their sums; ``before``: only those older than this one."""
    some = Need.objects.filter(where__under=where, **({"id__lt": before} if before else {}))
    return list(_summed(some).order_by("-id")[:limit])


def of_matter(where: str, matter: UUID) -> list[Need]:
    """The needs of a matter, in the order they were asked, with their sums."""
    return list(_summed(Need.objects.filter(where__under=where, matter=matter)).order_by("asked_at", "id"))


def of_note(note: UUID) -> list[Need]:
    """The needs that were proposed from a note."""
    return list(Need.objects.filter(from_note=note).order_by("id"))


def interview(matter: UUID) -> Interview | None:
    """The interview of the first day in a matter."""
    return Interview.objects.filter(matter=matter).first()


def interviews(where: str, ids: Iterable[UUID]) -> dict[UUID, Interview]:
    """Some interviews, for the free words of a time line."""
    return Interview.objects.filter(where__under=where).in_bulk(list(ids))


def needs(where: str, ids: Iterable[UUID]) -> dict[UUID, Need]:
    """Some needs, for the free words of a time line."""
    return Need.objects.filter(where__under=where).in_bulk(list(ids))


def helpers(where: str, ids: Iterable[UUID]) -> dict[UUID, Pledge]:
    """Some pledges, for the free words of a time line."""
    return Pledge.objects.filter(where__under=where).in_bulk(list(ids))


def may_own(worker: Worker, where: str) -> bool:
    """Whether somebody is posted here, in a role that sees to needs."""
    return any(one.id == worker.id for one in owners(where))


def owners(where: str) -> list[Worker]:
    """Who sees to needs at a place: those posted there in a role that confirms them, as far as this reader sees."""
    roles = [name for name, role in ROLES.items() if "need.confirmed" in role.writes]
    areas = [where[:digits] for digits in (9, 12) if len(where) >= digits]
    posted = Posting.objects.filter(role__in=roles, until=None, where__in=areas).values("worker")
    return list(Worker.objects.filter(id__in=posted).order_by("name", "id"))


@hold("needs open")
def needs_open(matter: UUID) -> bool:
    """Whether a need of the matter still waits to be confirmed or met."""
    return Need.objects.filter(matter=matter, state__in=WAITING).exists()
