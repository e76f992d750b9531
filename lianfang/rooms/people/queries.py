"""Questions about people: who is it, who lives behind this door, who did this. Each takes ``where`` (or a
thing) first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lianfang.ground import vault
from lianfang.ground.clock import BEIJING
from lianfang.ground.ids import CLOCK, OPERATOR
from lianfang.ground.notebook import Line
from lianfang.ground.things import Thing
from lianfang.rooms.places.models import Door
from lianfang.rooms.places.queries import door_said
from lianfang.rooms.places.rules import spoken

from .models import CareMark, Household, ParkedRow, Resident, Stay, Worker
from .roles import ROLES
from .search_keys import Query, normalise_query

Text = str | Promise


def role_words(role: str) -> Text:
    """What a role is called."""
    return ROLES[role].label if role in ROLES else role


def names_of(workers: Iterable[UUID]) -> dict[UUID, str]:
    """The names of some workers, as far as this reader may see them."""
    return dict(
        Worker.objects.filter(id__in={one for one in workers if one not in (CLOCK, OPERATOR)}).values_list(
            "id", "name"
        )
    )


def first_to(kind: str, thing: Thing) -> dict[str, Any]:
    """Who did this to the thing, and when, for telling whoever comes second: ``who`` and ``time``."""
    first = Line.objects.filter(about=thing.id, kind=kind).order_by("-written_at").first()
    if first is None:
        return {"who": _("somebody"), "time": "–"}
    name = names_of([first.by]).get(first.by, "")
    who = format_lazy("{} {}", role_words(first.role), name) if name else role_words(first.role)
    return {"who": who, "time": f"{first.at.astimezone(BEIJING):%m-%d %H:%M}"}


def stay_within(where: str, resident: Resident) -> Stay | None:
    """The stay of a person at or below a place that has not ended; the main one if there are several."""
    stays = Stay.objects.filter(resident=resident, where__under=where, until=None)
    return min(stays, key=lambda stay: (stay.where != resident.where, stay.where), default=None)


def resident(where: str, id: UUID) -> Resident | None:
    """The person with this id, if he stays at or below ``where``."""
    return Resident.objects.filter(id=id, stays__where__under=where, stays__until=None).distinct().first()


def masked(kind: str, plain: str) -> str:
    """An identifier as it may be shown: of an ID number the first two and last two, of a phone three and
    four."""
    first, last = (2, 2) if kind == "id_number" else (3, 4)
    if len(plain) < first + last + 2:
        return "*" * len(plain)
    return plain[:first] + "*" * (len(plain) - first - last) + plain[-last:]


@dataclass(frozen=True)
class Hit:
    """A row found: the door, the person (None for a home nobody is entered in), how many live there, why it
    matched."""

    where: str
    door: str
    resident: Resident | None
    household: int
    why: Text


@dataclass(frozen=True)
class Hits:
    """The rows found, at most as many as asked for, and how many match in all."""

    rows: list[Hit] = field(default_factory=list)
    total: int = 0


def search(where: str, text: str, limit: int = 25) -> Hits:
    """Find people at or below a place by name, initials, pinyin, door, phone or ID number. At most two
    statements."""
    query = normalise_query(text[:60])
    matches = [(_match(where, kind, query.text), kind) for kind in (query.kind, *query.also)]
    wanted = [match for match, _kind in matches if match is not None]
    if not wanted:
        return Hits()
    found = wanted[0]
    for other in wanted[1:]:
        found |= other
    rows = list(_staying(Stay.objects.filter(found, where__under=where, until=None))[:limit])
    if rows:
        hits = [Hit(row.where, spoken(row.where), row.resident, row.size, _why(query, row)) for row in rows]
        return Hits(hits, rows[0].total)
    if not {"door"} & {kind for _match, kind in matches}:
        return Hits()
    doors = list(
        Door.objects.filter(door_said(where, query.text), where__under=where)
        .annotate(total=Window(Count("*")))
        .order_by("where")[:limit]
    )
    return Hits(
        [Hit(one.where, spoken(one.where), None, 0, _("door")) for one in doors],
        doors[0].total if doors else 0,
    )


def _staying(stays: QuerySet[Stay]) -> QuerySet[Any]:
    size = Stay.objects.filter(household=OuterRef("household"), until=None).order_by().values("household")
    return (
        stays.select_related("resident")
        .annotate(
            size=Coalesce(Subquery(size.annotate(n=Count("*")).values("n"), output_field=IntegerField()), 0),
            total=Window(Count("*")),
        )
        .order_by("where", "id")
    )


def _match(where: str, kind: str, text: str) -> Q | None:
    """What to look for among stays; None if this kind cannot be found (the end of an ID number is not kept
    readable)."""
    match kind:
        case "name":
            return Q(resident__name__startswith=text) if len(text) == 1 else Q(resident__name__contains=text)
        case "pinyin":
            return Q(resident__keys__startswith=text) | Q(resident__keys__contains=f" {text}")
        case "door":
            return door_said(where, text)
        case "phone":
            return Q(resident__phone_index__in=vault.blinds("phone", text, 32))
        case "phone_tail":
            return Q(resident__phone_tail__in=vault.blinds("phone_tail", text, 16))
        case "id":
            return Q(resident__id_index__in=vault.blinds("id_number", text))
    return None


_WHY: dict[str, Text] = {
    "name": _("name"),
    "door": _("door"),
    "phone": _("phone"),
    "phone_tail": _("last four digits of the phone"),
    "id": _("ID number"),
}


def _why(query: Query, row: Stay) -> Text:
    if query.kind == "pinyin":
        *initials, _whole = row.resident.keys.split(" ")
        return _("initials") if any(one.startswith(query.text) for one in initials) else _("pinyin")
    if query.kind == "phone_tail" and row.where.endswith(f".{query.text}."):
        return _WHY["door"]
    return _WHY.get(query.kind, "")


@dataclass(frozen=True)
class Member:
    """Somebody who lives here: identifiers masked, care marks."""

    stay: Stay
    resident: Resident
    id_number: str
    phone: str
    marks: list[CareMark]


@dataclass(frozen=True)
class Home:
    """What the page of a door needs: the door, the household if one is entered, who lives there and who has
    left."""

    door: Door
    household: Household | None
    members: list[Member]
    former: list[Stay]


def household(where: str) -> Home | None:
    """Who lives behind the door at exactly ``where``; None if there is no such door. Three statements."""
    door = Door.objects.select_related("building__compound").filter(where=where).first()
    if door is None:
        return None
    stays = list(Stay.objects.select_related("resident", "household").filter(where=where).order_by("id"))
    here = [stay for stay in stays if stay.until is None]
    marks: dict[UUID, list[CareMark]] = {}
    for mark in CareMark.objects.filter(resident__in=[stay.resident_id for stay in here]).order_by("id"):
        marks.setdefault(mark.resident_id, []).append(mark)
    members = [
        Member(
            stay,
            stay.resident,
            masked("id_number", stay.resident.opened("id_number")),
            masked("phone", stay.resident.opened("phone")),
            marks.get(stay.resident_id, []),
        )
        for stay in here
    ]
    order = Stay.Relation.values
    members.sort(
        key=lambda one: (order.index(one.stay.relation), one.resident.born or date.max, one.resident.name)
    )
    return Home(
        door,
        stays[0].household if stays else None,
        members,
        [stay for stay in stays if stay.until is not None],
    )


def parked(where: str, limit: int = 100) -> list[ParkedRow]:
    """Rows of register files that wait for a person, in the order of the file."""
    waiting = ParkedRow.objects.filter(where__under=where, state=ParkedRow.State.WAITING)
    return list(waiting.order_by("file", "row")[:limit])


def parked_count(where: str) -> int:
    """How many rows wait for a person."""
    return ParkedRow.objects.filter(where__under=where, state=ParkedRow.State.WAITING).count()
