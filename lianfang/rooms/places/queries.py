"""Questions about places. Each takes ``where`` first."""

from collections.abc import Iterable

from django.db.models import Q

from lianfang.ground.things import there_is
from lianfang.ground.where import community_of, level

from .models import Area, Building, Door
from .rules import patterns_said


def area(code: str) -> Area | None:
    """The area with this code, if this reader may see it."""
    return Area.objects.filter(code=code).first()


def names_above(where: str) -> list[Area]:
    """The areas a place lies in, widest first."""
    codes = [where[:digits] for digits in (2, 4, 6, 9, 12) if len(where) >= digits]
    return list(Area.objects.filter(code__in=codes).order_by("code"))


def communities(where: str) -> list[Area]:
    """The communities at or below a place."""
    return [one for one in Area.objects.filter(code__under=where).order_by("code") if len(one.code) == 12]


def doors(where: str) -> Iterable[Door]:
    """Every door at or below a place."""
    return Door.objects.filter(where__under=where).select_related("building").order_by("where")


def door_at(where: str) -> Door | None:
    """The door with exactly this ``where``."""
    return Door.objects.filter(where=where).first()


def is_door(where: str) -> bool:
    """Whether there is a door with exactly this ``where``."""
    return there_is(Door, where=where)


def door_spoken(where: str, spoken: str) -> Door | None:
    """The door of a community as people say it: ``3-2-402``."""
    inner = spoken.strip().strip("-").replace("-", ".")
    return door_at(f"{community_of(where)}.{inner}.")


def buildings(where: str) -> list[Building]:
    """The buildings at or below a place, in the order of their numbers."""
    found = list(Building.objects.filter(where__under=where).select_related("compound"))
    return sorted(
        found,
        key=lambda one: (one.where[:12], int("".join(filter(str.isdigit, one.number)) or 0), one.number),
    )


def door_said(where: str, text: str) -> Q:
    """A door as people say it, among things with a ``where`` at or below a place; 3-2-402 of a community is one place."""
    parts = text.split("-")
    if level(where) == "community" and len(parts) == 3:
        return Q(where=f"{where}.{'.'.join(parts)}.")
    patterns = patterns_said(text)
    return Q(where__regex=rf"^[0-9]{{12}}\.({'|'.join(patterns)})") if patterns else Q(pk__in=[])
