"""Deeds on places: register an area, a compound; draw a building with the generator."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.notebook import Line, line
from lianfang.ground.refusals import UNFIT, refuse_if
from lianfang.ground.things import new, new_each, take
from lianfang.ground.where import is_where, level

from .models import Area, Building, Compound, Door
from .rules import Plan

ANY_TIME = timedelta(days=36_500)
"""Registers may be entered however late: what is, is."""


@act("area.registered", back=ANY_TIME)
def register_area(where: str, *, code: str, name: str, name_en: str = "", by: Actor, at: datetime) -> Line:
    """Enter an area below ``where`` by its official code (GB/T 2260 and statistical sub-codes)."""
    refuse_if(
        not is_where(code) or level(code) == "inside" or not code.startswith(where) or code == where,
        _("“%(area)s” is not a code of an area below this one."),
        UNFIT,
        area=code,
    )
    refuse_if(Area.objects.filter(code=code).exists(), _("This area is already there."))
    area = new(Area, where=where, code=code, name=name, name_en=name_en)
    return line(area, code=code, level=level(code))


@act("compound.registered", back=ANY_TIME)
def register_compound(where: str, *, name: str, by: Actor, at: datetime) -> Line:
    """Enter a residential compound of a community."""
    refuse_if(level(where) != "community", _("A compound belongs to a community."), UNFIT)
    return line(new(Compound, where=where, name=name))


@act("building.drawn", back=ANY_TIME)
def draw_building(
    where: str,
    *,
    number: str,
    floors: int,
    units: int,
    doors: int,
    without: Sequence[str] = (),
    without_floors: Sequence[int] = (),
    compound: Compound | None = None,
    by: Actor,
    at: datetime,
) -> Line:
    """Draw a building of a community and all its doors: floors × units × doors, less the exceptions."""
    refuse_if(level(where) != "community", _("A building belongs to a community."), UNFIT)
    refuse_if(
        "." in number or not is_where(f"{where}.{number}."),
        _("A building's number takes digits, letters and hyphens only."),
        UNFIT,
    )
    refuse_if(min(floors, units, doors) < 1, _("Floors, units and doors are at least one."), UNFIT)
    plan = Plan(floors, units, doors, frozenset(without), frozenset(without_floors))
    refuse_if(
        plan.size() > Plan.LIMIT, _("More than %(limit)s doors: check the plan."), UNFIT, limit=Plan.LIMIT
    )
    building = new(
        Building,
        where=f"{where}.{number}.",
        number=number,
        compound=take(Compound, compound.id) if compound else None,
        plan={
            "floors": floors,
            "units": units,
            "doors": doors,
            "without": sorted(without),
            "without_floors": sorted(without_floors),
        },
    )
    drawn = new_each(
        Door,
        (
            {
                "where": f"{building.where}{door.unit}.{door.number}.",
                "building": building,
                "unit": door.unit,
                "floor": door.floor,
                "number": door.number,
            }
            for door in plan.all()
        ),
    )
    return line(building, doors=len(drawn))
