"""Where: the official code and what lies inside it. A prefix is a place, and 3 is not 30."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from lianfang.ground import where as places
from lianfang.ground.where import (
    community_of,
    is_where,
    level,
    street_of,
    validate_where,
    within,
    within_any,
)
from lianfang.rooms.people.roles import installer
from tests.cast import DOOR, HOME, STREET

CODES = st.one_of(
    st.sampled_from(["", "11", "1101", "110198", STREET, HOME]),
    st.lists(st.sampled_from(["3", "30", "2", "402", "A", "7-1"]), min_size=1, max_size=3).map(
        lambda inner: f"{HOME}.{'.'.join(inner)}."
    ),
)


@pytest.mark.parametrize(
    ("code", "name"),
    [("", "nation"), ("11", "province"), ("1101", "city"), ("110198", "district"), (STREET, "street"),
     (HOME, "community"), (DOOR, "inside"), (f"{HOME}.3.", "inside")],
)  # fmt: skip
def test_the_level_of_a_place(code: str, name: str) -> None:
    assert is_where(code)
    assert level(code) == name


@pytest.mark.parametrize(
    "wrong",
    ["1", "110", "11019", "1101980010010", f"{HOME}.", f"{HOME}.3", f"{HOME}.3.2", f"{HOME}..", f"{HOME}.3..2.",
     " ", "11 ", "11\n", f"{HOME}.3.2.402.\n", f"{HOME}.三.", "11.3.", f"{STREET}.3.", "١١", "1a", f"{HOME}.3.%.",
     f"{HOME}.~."],
)  # fmt: skip
def test_what_is_no_place(wrong: str) -> None:
    assert not is_where(wrong)
    with pytest.raises(ValidationError):
        validate_where(wrong)


def test_three_does_not_hold_thirty() -> None:
    assert within(f"{HOME}.3.2.402.", f"{HOME}.3.")
    assert not within(f"{HOME}.30.1.101.", f"{HOME}.3.")
    assert not within(f"{HOME}.3.20.402.", f"{HOME}.3.2.")


def test_a_place_lies_within_itself_and_everything_within_the_whole() -> None:
    for code in (HOME, STREET, DOOR):
        assert within(code, code)
        assert within(code, "")
        assert not within("", code)


@given(CODES, CODES, CODES)
def test_within_is_an_order(one: str, two: str, three: str) -> None:
    if within(one, two) and within(two, three):
        assert within(one, three)
    if within(one, two) and within(two, one):
        assert one == two


def test_one_of_several_places_is_enough() -> None:
    assert within_any([STREET, DOOR], HOME)
    assert not within_any([STREET], HOME)
    assert not within_any([], "")


def test_the_community_and_the_street_of_a_door() -> None:
    assert (community_of(DOOR), street_of(DOOR)) == (HOME, STREET)
    with pytest.raises(ValueError, match="above a community"):
        community_of(STREET)
    with pytest.raises(ValueError, match="above a street"):
        street_of("110198")


@given(CODES, CODES)
def test_the_range_a_database_is_asked_for_is_the_prefix(code: str, scope: str) -> None:
    assert (scope <= code < scope + "~") == within(code, scope)


def test_under_a_scope_is_what_an_index_can_serve(street: str) -> None:
    from lianfang.ground.acts import reading
    from lianfang.rooms.places.models import Door

    found = Door.objects.filter(where__under=f"{HOME}.3.2.")
    assert "COLLATE" not in str(found.query)
    with reading(installer("")):
        seen = {one.where for one in found}
        whole = {one.where for one in Door.objects.all()}
    assert seen == {where for where in whole if where.startswith(f"{HOME}.3.2.")} != set()


def test_every_level_has_its_digits() -> None:
    assert list(places.LEVELS.values()) == sorted(places.LEVELS.values())
