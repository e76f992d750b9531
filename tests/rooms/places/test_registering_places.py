"""Areas by their official code, compounds, buildings with all their doors."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from lianfang.ground.acts import reading
from lianfang.ground.refusals import CONFLICT, FORBIDDEN, UNFIT, Refused
from lianfang.rooms import places
from lianfang.rooms.people.roles import installer
from lianfang.rooms.places import queries
from lianfang.rooms.places.models import Building, Compound, Door
from lianfang.rooms.places.rules import Plan
from tests.at_once import at_once
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, STREET, Cast

pytestmark = pytest.mark.usefixtures("one_street")


def draw(cast: Cast, number: str, **given: Any) -> Any:
    said = {"floors": 2, "units": 1, "doors": 2} | given
    return places.draw_building(HOME, number=number, **said, by=cast.li, at=STORY)


def refused(what: Any, **given: Any) -> int:
    with pytest.raises(Refused) as no:
        what(**given, at=STORY)
    return no.value.code


@pytest.mark.parametrize(
    "code", ["110197001", "1101", "110198", "110198001001.3.", "11019800", "", "abc", "110198 01"]
)
def test_an_area_lies_below_the_level_that_enters_it(code: str) -> None:
    given = {"where": "110198", "code": code, "name": "别处", "by": installer("110198")}
    assert refused(places.register_area, **given) == UNFIT


def test_an_area_is_entered_once() -> None:
    given = {"where": STREET, "code": HOME, "name": "又一个", "by": installer(STREET)}
    assert refused(places.register_area, **given) == CONFLICT


def test_the_line_of_an_area_says_its_code_and_level_and_no_name() -> None:
    line = places.register_area(STREET, code="110198001009", name="新里", by=installer(STREET), at=STORY)
    assert line.facts == {"code": "110198001009", "level": "community"}


@pytest.mark.parametrize("where", [STREET, "110198", f"{HOME}.3.", ""])
def test_a_compound_and_a_building_belong_to_a_community(where: str) -> None:
    by = installer(where)
    assert refused(places.register_compound, where=where, name="北院", by=by) == UNFIT
    plan = {"number": "9", "floors": 1, "units": 1, "doors": 1}
    assert refused(places.draw_building, where=where, **plan, by=by) == UNFIT


def test_two_communities_may_each_have_a_compound_of_one_name() -> None:
    for community in (HOME, NEIGHBOUR):
        places.register_compound(community, name="同名院", by=installer(community), at=STORY)
    with reading(installer(STREET)):
        assert Compound.objects.filter(name="同名院").count() == 2


def test_a_building_is_drawn_with_all_its_doors(cast: Cast) -> None:
    line = draw(cast, "21", floors=3, units=2, doors=2, without=["2-302"], without_floors=[1])
    assert line.facts == {"doors": 7}
    with reading(cast.li):
        doors = list(queries.doors(f"{HOME}.21."))
        building = Building.objects.get(where=f"{HOME}.21.")
    assert [door.where.removeprefix(f"{HOME}.21.") for door in doors] == [
        "1.201.", "1.202.", "1.301.", "1.302.", "2.201.", "2.202.", "2.301.",
    ]  # fmt: skip
    assert {door.building_id for door in doors} == {building.id}
    assert {door.matter for door in doors} == {building.matter}
    assert building.plan == {"floors": 3, "units": 2, "doors": 2, "without": ["2-302"], "without_floors": [1]}


def test_a_building_is_drawn_once(cast: Cast) -> None:
    draw(cast, "22")
    with pytest.raises(Refused) as no:
        draw(cast, "22", floors=6)
    assert no.value.code == CONFLICT
    with reading(cast.li):
        assert len(list(queries.doors(f"{HOME}.22."))) == 4


@pytest.mark.parametrize("number", ["", " ", "3.2", "三", "3/1", "~", "1" * 13, "3\n"])
def test_a_number_that_is_none_is_refused(cast: Cast, number: str) -> None:
    with pytest.raises(Refused) as no:
        draw(cast, number)
    assert no.value.code == UNFIT


@pytest.mark.parametrize(
    "plan",
    [
        {"floors": 0},
        {"units": -1},
        {"doors": 0},
        {"floors": 99, "units": 99, "doors": 99},
        {"doors": Plan.LIMIT},
    ],
)
def test_a_plan_that_cannot_be_is_refused(cast: Cast, plan: dict[str, int]) -> None:
    with pytest.raises(Refused) as no:
        draw(cast, "23", **plan)
    assert no.value.code == UNFIT


def test_a_neighbour_draws_nothing_here(cast: Cast) -> None:
    plan = {"number": "24", "floors": 1, "units": 1, "doors": 1}
    assert refused(places.draw_building, where=HOME, **plan, by=cast.fang) == FORBIDDEN
    assert refused(places.draw_building, where=HOME, **plan, by=installer(NEIGHBOUR)) == FORBIDDEN


def test_of_two_who_draw_one_building_at_once_one_does(cast: Cast) -> None:
    cast.li  # read before the threads start  # noqa: B018
    came = at_once(lambda: draw(cast, "25"), lambda: draw(cast, "25"))
    assert sorted(type(one).__name__ for one in came) == ["Line", "Refused"]
    with reading(cast.li):
        assert len(list(queries.doors(f"{HOME}.25."))) == 4


def test_a_compound_of_the_neighbour_is_none_of_ours(cast: Cast) -> None:
    line = places.register_compound(NEIGHBOUR, name="邻院", by=installer(NEIGHBOUR), at=STORY)
    foreign = Compound(id=line.id, where=NEIGHBOUR, matter=line.matter, name="邻院")
    for compound in (foreign, Compound(id=uuid4(), where=HOME, matter=uuid4(), name="没有")):
        with pytest.raises(Refused):
            draw(cast, f"26-{compound.name == '邻院'}", compound=compound)


def test_questions_about_places(cast: Cast) -> None:
    with reading(cast.li):
        assert [one.code for one in queries.names_above(DOOR)] == ["110198", STREET, HOME]
        assert (queries.area(HOME) or Door()).name == "建西里社区"
        assert queries.area("999999") is None
        assert (queries.door_at(DOOR) or Door()).number == "402"
        assert queries.door_at(f"{HOME}.3.2.999.") is None
        for said in ("3-2-402", " 3-2-402 ", "3-2-402-"):
            assert queries.door_spoken(HOME, said) == queries.door_at(DOOR)
        assert queries.door_spoken(HOME, "") is None
    with reading(installer(STREET)):
        assert {one.code for one in queries.communities(STREET)} >= {HOME, NEIGHBOUR}


def test_buildings_come_in_the_order_of_their_numbers(cast: Cast) -> None:
    for number in ("30", "29", "100", "31A"):
        draw(cast, number, floors=1, doors=1)
    with reading(cast.li):
        numbers = [one.number for one in queries.buildings(HOME)]
    assert [one for one in numbers if one in ("3", "29", "30", "31A", "100")] == [
        "3",
        "29",
        "30",
        "31A",
        "100",
    ]
