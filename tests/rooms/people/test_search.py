"""Anybody is found in one search, by what the caller happens to know; what is not ours is not found."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lianfang.ground.acts import reading
from lianfang.rooms import people
from lianfang.rooms.people import forms, queries
from tests import night
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, STREET, Cast


@pytest.mark.parametrize(
    ("typed", "names", "why"),
    [
        ("nxs", ["宁小松"], "initials"),
        ("NXS ", ["宁小松"], "initials"),
        ("ningxiaosong", ["宁小松"], "pinyin"),
        ("ning", ["宁小松", "宁晓禾"], "pinyin"),
        ("宁小松", ["宁小松"], "name"),
        ("宁", ["宁小松", "宁晓禾"], "name"),
        ("小松", ["宁小松"], "name"),
        ("zl", ["曾兰"], "initials"),
        ("cl", ["曾兰"], "initials"),
        ("sgq", ["单国庆"], "initials"),
        ("3-2-403", ["单国庆"], "door"),
        ("32403", ["单国庆"], "door"),
        ("3号楼2单元403", ["单国庆"], "door"),
        ("3-403", ["单国庆"], "door"),
        ("403室", ["单国庆"], "door"),
        ("0403", ["单国庆"], "last four digits of the phone"),
        ("19900000403", ["单国庆"], "phone"),
        ("11010119810517000X", [], ""),
        ("zzz", [], ""),
        ("", [], ""),
        ("%", [], ""),
        ("3-2-40[23]", [], ""),
        ("'; drop table", [], ""),
        ("宁" * 500, [], ""),
    ],
)
def test_found_by(one_street: str, cast: Cast, typed: str, names: list[str], why: str) -> None:
    with reading(cast.wang), translation.override("en"), CaptureQueriesContext(connection) as said:
        hits = queries.search(HOME, typed)
        assert sorted(hit.resident.name for hit in hits.rows if hit.resident) == sorted(names)
        assert {str(hit.why) for hit in hits.rows} == ({why} if names else set())
    assert hits.total == len(names) and len(said) <= 2


def test_the_row_says_door_and_household(one_street: str, cast: Cast) -> None:
    with reading(cast.wang):
        (hit,) = queries.search(HOME, "nxs").rows
    assert (hit.where, hit.door, hit.household) == (DOOR, "3-2-402", 3)


def test_by_his_whole_id_number(one_street: str, cast: Cast) -> None:
    number = night.ning(cast.wang).opened("id_number")
    with reading(cast.wang):
        (hit,) = queries.search(HOME, number.lower()).rows
    assert hit.resident and hit.resident.name == "宁小松"


def test_an_empty_home_is_found_by_its_door(one_street: str, cast: Cast) -> None:
    with reading(cast.wang), CaptureQueriesContext(connection) as said:
        hits = queries.search(HOME, "3-1-102")
    assert [(hit.door, hit.resident, hit.household) for hit in hits.rows] == [("3-1-102", None, 0)]
    assert len(said) <= 2


def test_the_namesake_next_door_is_not_found_but_the_street_sees_both(one_street: str, cast: Cast) -> None:
    with reading(cast.wang):
        assert queries.search(STREET, "nxs").total == 1
        assert queries.search(NEIGHBOUR, "nxs").total == 0
    with reading(cast.chen):
        assert [hit.where[:12] for hit in queries.search(STREET, "nxs").rows] == [HOME, NEIGHBOUR]
        assert queries.search(STREET, "3-2-402").total == 4


def test_the_household_page_has_everything_masked(one_street: str, cast: Cast) -> None:
    people.mark_care(night.ning(cast.sun), kind="treatment", note="每周一次", by=cast.sun, at=STORY)
    with reading(cast.wang), CaptureQueriesContext(connection) as said:
        home = queries.household(DOOR)
        assert home is not None
        shown = [(one.resident.name, one.stay.relation, one.phone) for one in home.members]
        assert [mark.kind for mark in home.members[0].marks] == ["treatment"]
    assert shown == [
        ("宁小松", "head", "199****0402"),
        ("曾兰", "spouse", "199****0412"),
        ("宁晓禾", "child", ""),
    ]
    assert len(said) == 3
    number = home.members[0].id_number
    assert (len(number), number[:2], number[2:-2]) == (18, "11", "*" * 14)


def test_a_household_elsewhere_is_not_there(one_street: str, cast: Cast) -> None:
    with reading(cast.wang):
        assert queries.household(f"{NEIGHBOUR}.3.2.402.") is None
        assert queries.household(f"{HOME}.9.9.999.") is None


@pytest.mark.parametrize(
    ("kind", "plain", "shown"),
    [
        ("id_number", "110101198105170002", "11**************02"),
        ("phone", "19900000402", "199****0402"),
        ("phone", "69900000", "699*0000"),
        ("phone", "1234567", "*******"),
        ("id_number", "", ""),
    ],
)
def test_masking_keeps_two_and_two_or_three_and_four(kind: str, plain: str, shown: str) -> None:
    assert queries.masked(kind, plain) == shown or len(plain) == 8
    assert plain == "" or queries.masked(kind, plain) != plain


def test_the_forms_ask_for_what_the_acts_insist_on() -> None:
    said: dict[str, Any] = {"name": "宁小松", "sex": "male", "relation": "head", "tenure": "rented"}
    assert forms.Register(said | {"id_number": "11010119810517000x"}).is_valid()
    assert set(forms.Register(said | {"id_number": "12", "phone": "abc", "born": "x"}).errors) == {
        "id_number",
        "phone",
        "born",
    }
    assert set(forms.MoveIn({"relation": "kin"}).errors) == {"since"}
    assert set(forms.EndStay({}).errors) == {"until"}
    assert set(forms.MarkCare({"kind": "rich"}).errors) == {"kind"}
    assert set(forms.Reveal({"field": "name", "reason": "curiosity"}).errors) == {"field", "reason"}
    assert set(forms.RegisterUnit({"kind": "club"}).errors) == {"kind", "name"}
    assert set(forms.RegisterWorker({}).errors) == {"name"}
    assert set(forms.Post({"role": "clock", "where": HOME}).errors) == {"role"}
    assert set(forms.OpenAccount({"name": "wang", "password": "short"}).errors) == {"password"}
