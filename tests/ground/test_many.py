"""The bulk path: one transaction, a savepoint and a line for each row, refusals collected."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from lianfang.ground.acts import Row, many, reading
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import CONFLICT, FORBIDDEN, UNFIT
from lianfang.rooms import places
from lianfang.rooms.people.roles import installer
from lianfang.rooms.places.models import Compound
from tests.at_once import at_once
from tests.cast import HOME, NEIGHBOUR, STORY, STREET, Cast

pytestmark = pytest.mark.usefixtures("street")


def rows(*names: str, where: str = HOME) -> list[Row]:
    return [Row(uuid4(), (), {"where": where, "name": name}) for name in names]


def names() -> list[str]:
    with reading(installer(STREET)):
        return sorted(one.name for one in Compound.objects.all())


def test_good_rows_are_in_and_bad_rows_are_told_why(cast: Cast) -> None:
    given = rows("东院", "西院", "东院", "院" * 99, "北院") + rows("南院", where=NEIGHBOUR)
    came = many(places.register_compound, given, by=cast.li, at=STORY)
    assert [one.refused.code if one.refused else "in" for one in came] == [
        "in", "in", CONFLICT, UNFIT, "in", FORBIDDEN,
    ]  # fmt: skip
    assert names() == ["东院", "北院", "西院"]
    with reading(cast.li):
        kept = Line.objects.filter(id__in=[row.id for row in given])
        assert {one.id for one in kept} == {one.id for one in came if one.line}


def test_a_batch_sent_again_changes_nothing_and_says_so(cast: Cast) -> None:
    given = rows("东院", "西院")
    first = many(places.register_compound, given, by=cast.li, at=STORY)
    again = many(places.register_compound, given, by=cast.li, at=STORY)
    assert [one.again for one in first] == [False, False]
    assert [one.again for one in again] == [True, True]
    assert [one.line.pk for one in again if one.line] == [row.id for row in given]
    assert names() == ["东院", "西院"]


def test_a_row_sent_again_with_another_content_is_refused_alone(cast: Cast) -> None:
    given = rows("东院", "西院")
    many(places.register_compound, given, by=cast.li, at=STORY)
    other = [given[0], Row(given[1].id, (), {"where": HOME, "name": "换了"}), *rows("北院")]
    came = many(places.register_compound, other, by=cast.li, at=STORY)
    assert [one.refused.code if one.refused else "in" for one in came] == ["in", CONFLICT, "in"]
    assert names() == ["东院", "北院", "西院"]


def test_the_same_row_twice_in_one_batch_is_done_once(cast: Cast) -> None:
    (row,) = rows("东院")
    came = many(places.register_compound, [row, row], by=cast.li, at=STORY)
    assert [one.again for one in came] == [False, True]
    assert names() == ["东院"]


def test_a_role_that_may_not_is_refused_row_by_row(cast: Cast) -> None:
    came = many(places.register_compound, rows("东院", "西院"), by=cast.guo, at=STORY)
    assert [one.refused and one.refused.code for one in came] == [FORBIDDEN, FORBIDDEN]
    assert names() == []


def test_a_batch_that_breaks_off_leaves_nothing(cast: Cast) -> None:
    def stop(number: int) -> None:
        if number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        many(places.register_compound, rows("东院", "西院", "北院"), by=cast.li, at=STORY, progress=stop)
    assert names() == []


def test_progress_is_told_row_by_row_refused_ones_too(cast: Cast) -> None:
    told: list[int] = []
    many(places.register_compound, rows("东院", "东院", "西院"), by=cast.li, at=STORY, progress=told.append)
    assert told == [1, 2, 3]


def test_the_same_batch_sent_twice_at_the_same_moment_is_done_once(cast: Cast) -> None:
    cast.li  # read before the threads start  # noqa: B018
    given = rows("东院", "西院", "北院")
    came: list[Any] = at_once(*[lambda: many(places.register_compound, given, by=cast.li, at=STORY)] * 3)
    for batch in came:
        assert [one.line.pk for one in batch] == [row.id for row in given]
    assert sorted(batch[0].again for batch in came) == [False, True, True]
    assert names() == ["东院", "北院", "西院"]
