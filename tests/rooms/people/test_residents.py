"""Residents and their stays: one person, one row; a move is a new stay; reading an identifier is a deed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianfang.ground.acts import Actor, reading
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import CONFLICT, GONE, UNFIT, Refused
from lianfang.rooms import people
from lianfang.rooms.people.acts import REASONS
from lianfang.rooms.people.models import CareMark, Household, ParkedRow, Resident, Stay
from lianfang.rooms.places.models import Door
from tests.at_once import at_once
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, Cast

pytestmark = pytest.mark.usefixtures("street")


def door(by: Actor, where: str) -> Door:
    with reading(by):
        return Door.objects.get(where=where)


def who(by: Actor, name: str) -> Resident:
    with reading(by):
        return Resident.objects.filter(where__under=by.where).get(name=name)


def enter(by: Actor, where: str, name: str, **given: Any) -> Line:
    return people.register(door(by, where), name=name, **given, by=by, at=STORY)


def test_the_first_person_behind_a_door_makes_its_household(cast: Cast) -> None:
    for name in ("贺一", "贺二"):
        enter(cast.wang, f"{HOME}.3.1.501.", name, tenure="rented")
    with reading(cast.wang):
        (household,) = Household.objects.filter(where=f"{HOME}.3.1.501.")
        assert household.tenure == "rented"
        assert {stay.resident.name for stay in household.stays.all()} == {"贺一", "贺二"}


def test_a_person_begins_a_matter_of_his_own(cast: Cast) -> None:
    one, two = (enter(cast.wang, f"{HOME}.3.1.501.", name) for name in ("贺一", "贺二"))
    assert one.matter == one.about != two.matter


@pytest.mark.parametrize("name", ["", "  ", "\t"])
def test_a_person_needs_a_name(cast: Cast, name: str) -> None:
    with pytest.raises(Refused) as no:
        enter(cast.wang, DOOR, name)
    assert no.value.code == UNFIT


def test_one_id_number_is_one_person_in_a_community_and_may_be_known_in_another(cast: Cast) -> None:
    number = "110101199104050006"
    enter(cast.wang, f"{HOME}.3.1.501.", "贺一", id_number=number)
    with pytest.raises(Refused) as no:
        enter(cast.wang, f"{HOME}.3.1.502.", "贺一", id_number=number)
    assert no.value.code == CONFLICT
    assert number not in no.value.message
    assert enter(cast.fang, f"{NEIGHBOUR}.3.1.501.", "贺一", id_number=number)


def test_of_two_who_enter_one_id_number_at_once_one_does(cast: Cast) -> None:
    cast.wang, cast.li  # read before the threads start  # noqa: B018
    number = "110101199104050006"
    came = at_once(
        lambda: enter(cast.wang, f"{HOME}.3.1.501.", "贺一", id_number=number),
        lambda: enter(cast.li, f"{HOME}.3.1.502.", "贺一", id_number=number),
    )
    assert sorted(type(one).__name__ for one in came) == ["Line", "Refused"]


def test_of_two_who_enter_the_first_person_of_a_door_at_once_both_do_or_one_is_told(cast: Cast) -> None:
    """The door is locked, so the second finds the household the first one made."""
    cast.wang, cast.li  # noqa: B018
    came = at_once(
        lambda: enter(cast.wang, f"{HOME}.3.1.501.", "贺一"),
        lambda: enter(cast.li, f"{HOME}.3.1.501.", "贺二"),
    )
    assert [type(one).__name__ for one in came] == ["Line", "Line"]
    with reading(cast.li):
        assert Household.objects.filter(where=f"{HOME}.3.1.501.").count() == 1


def test_a_second_home_is_a_second_stay_of_the_same_person(cast: Cast) -> None:
    lan, there = who(cast.li, "曾兰"), f"{HOME}.3.1.501."
    people.move_in(door(cast.li, there), resident=lan, since=date(2020, 2, 1), by=cast.li, at=STORY)
    again = who(cast.li, "曾兰")
    assert (again.id, again.where, again.also) == (lan.id, DOOR, [there])
    with pytest.raises(Refused) as no:
        people.move_in(door(cast.li, there), resident=lan, since=date(2020, 2, 2), by=cast.li, at=STORY)
    assert no.value.code == CONFLICT


def test_a_move_ends_one_stay_and_the_person_is_where_he_lives(cast: Cast) -> None:
    lan, there = who(cast.li, "曾兰"), f"{HOME}.3.1.501."
    people.move_in(door(cast.li, there), resident=lan, since=date(2020, 2, 1), by=cast.li, at=STORY)
    with reading(cast.li):
        old = Stay.objects.get(resident=lan, where=DOOR)
    people.end_stay(old, until=date(2020, 2, 10), by=cast.li, at=STORY)
    moved = who(cast.li, "曾兰")
    assert (moved.where, moved.also) == (there, [])
    with reading(cast.li):
        assert Stay.objects.get(id=old.id).until == date(2020, 2, 10), "the row stays, with its end"


def test_who_left_and_comes_back_to_another_door_is_found_there(cast: Cast) -> None:
    lan, there = who(cast.li, "曾兰"), f"{HOME}.3.1.501."
    with reading(cast.li):
        old = Stay.objects.get(resident=lan)
    people.end_stay(old, until=date(2020, 2, 10), by=cast.li, at=STORY)
    people.move_in(door(cast.li, there), resident=lan, since=date(2020, 2, 20), by=cast.li, at=STORY)
    assert (who(cast.li, "曾兰").where, who(cast.li, "曾兰").also) == (there, [])


def test_a_stay_ends_once_and_not_before_it_began(cast: Cast) -> None:
    enter(cast.li, f"{HOME}.3.1.501.", "贺一", since=date(2020, 1, 10))
    with reading(cast.li):
        stay = Stay.objects.get(where=f"{HOME}.3.1.501.")
    with pytest.raises(Refused) as no:
        people.end_stay(stay, until=date(2020, 1, 9), by=cast.li, at=STORY)
    assert no.value.code == UNFIT
    people.end_stay(stay, until=date(2020, 1, 10), by=cast.li, at=STORY)
    with pytest.raises(Refused) as no:
        people.end_stay(stay, until=date(2020, 2, 1), by=cast.li, at=STORY)
    assert no.value.code == CONFLICT


def test_a_care_mark_is_noted_once_and_its_kind_is_not_in_the_line(cast: Cast) -> None:
    line = people.mark_care(who(cast.sun, "单国庆"), kind="hearing", note="按门铃两次", by=cast.sun, at=STORY)
    assert line.facts == {}
    with pytest.raises(Refused) as no:
        people.mark_care(who(cast.li, "单国庆"), kind="hearing", by=cast.li, at=STORY)
    assert no.value.code == CONFLICT
    with reading(cast.sun):
        assert CareMark.objects.get().note == "按门铃两次"


def test_reading_a_masked_field_needs_a_reason_and_leaves_a_line(cast: Cast) -> None:
    ning = who(cast.wang, "宁小松")
    line = people.reveal(ning, field="phone", reason="contact", by=cast.wang, at=STORY)
    assert line.facts == {"field": "phone", "reason": "contact"}
    assert "19900000402" not in f"{line.facts}{line.changes}"
    for reason in ("", "curiosity"):
        with pytest.raises(Refused) as no:
            people.reveal(ning, field="phone", reason=reason, by=cast.wang, at=STORY)
        assert no.value.code == UNFIT


def test_what_is_not_entered_cannot_be_read(cast: Cast) -> None:
    with pytest.raises(Refused) as no:
        people.reveal(who(cast.wang, "宁晓禾"), field="phone", reason="contact", by=cast.wang, at=STORY)
    assert no.value.code == GONE
    assert REASONS


def test_a_parked_row_is_settled_once_and_what_it_said_is_erased(cast: Cast) -> None:
    problems = [{"cell": "C7", "code": "door_unknown"}]
    line = people.park(
        HOME, file="a.xlsx", row=7, said="贺一 19900000501", problems=problems, by=cast.wang, at=STORY
    )
    with reading(cast.wang):
        row = ParkedRow.objects.get(id=line.about)
        assert row.opened("said") == "贺一 19900000501"
    people.drop_row(row, by=cast.wang, at=STORY)
    with reading(cast.wang):
        assert ParkedRow.objects.get(id=line.about).said is None
    with pytest.raises(Refused) as no:
        people.drop_row(row, by=cast.li, at=STORY)
    assert no.value.code == CONFLICT
