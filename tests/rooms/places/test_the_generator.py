"""The building generator: floors × units × doors, less the exceptions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.rooms.places.rules import Plan, spoken
from tests.cast import DOOR, HOME, STREET

SMALL = st.integers(1, 12)


@given(SMALL, SMALL, SMALL)
def test_a_plain_building_has_floors_times_units_times_doors(floors: int, units: int, doors: int) -> None:
    plan = Plan(floors, units, doors)
    drawn = list(plan.all())
    assert len(drawn) == plan.size() == floors * units * doors
    assert len({(door.unit, door.number) for door in drawn}) == len(drawn)
    assert {door.floor for door in drawn} == set(range(1, floors + 1))


@given(
    SMALL,
    SMALL,
    SMALL,
    st.sets(SMALL, max_size=3),
    st.sets(st.sampled_from(["101", "2-201", "502"]), max_size=3),
)
def test_exceptions_only_take_away(
    floors: int, units: int, doors: int, shops: set[int], missing: set[str]
) -> None:
    whole = set(Plan(floors, units, doors).all())
    drawn = set(Plan(floors, units, doors, frozenset(missing), frozenset(shops)).all())
    assert drawn <= whole
    assert not {door.floor for door in drawn} & shops
    gone = {door for door in whole if door.number in missing or f"{door.unit}-{door.number}" in missing}
    assert drawn == {door for door in whole - gone if door.floor not in shops}


def test_a_door_is_numbered_as_it_stands_on_the_door() -> None:
    assert [door.number for door in Plan(2, 1, 3).all()] == ["101", "102", "103", "201", "202", "203"]
    assert [door.number for door in Plan(11, 1, 1).all()][-2:] == ["1001", "1101"]
    assert [door.number for door in Plan(1, 1, 11).all()][-1] == "111"


def test_a_door_missing_in_one_unit_is_there_in_the_others() -> None:
    drawn = [(door.unit, door.number) for door in Plan(1, 2, 2, frozenset({"2-101"})).all()]
    assert drawn == [("1", "101"), ("1", "102"), ("2", "102")]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (DOOR, "3-2-402"),
        (f"{HOME}.3.", "3"),
        (f"{HOME}.7-1.2.402.", "7-1-2-402"),
        (HOME, HOME),
        (STREET, STREET),
    ],
)
def test_a_place_as_people_say_it(where: str, said: str) -> None:
    assert spoken(where) == said
