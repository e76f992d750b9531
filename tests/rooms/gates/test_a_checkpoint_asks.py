"""A checkpoint asks; the community answers what was asked and nothing else."""

import pytest
from django.utils import translation

from lianfang.ground.acts import reading
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import gates
from lianfang.rooms.gates import queries
from lianfang.rooms.gates.models import Verification
from tests import night
from tests.at_once import at_once
from tests.cast import DOOR, HOME, STORY, Cast


def test_yes_names_the_person_and_is_written_at_his_door(street: str, cast: Cast) -> None:
    asked = night.asked(cast)
    line = gates.answer(asked, answer="yes", resident=night.ning(cast.wang), by=cast.wang, at=STORY)
    assert (line.where, line.matter, line.facts) == (DOOR, asked.id, {"answer": "yes", "asks": "lives_here"})
    found = night.get(Verification, asked.id, cast.wang)
    assert (found.state, found.resident_id) == ("answered", night.ning(cast.wang).id)


def test_the_second_to_answer_is_told_who_was_first(street: str, cast: Cast) -> None:
    asked = night.asked(cast)
    outcomes = at_once(
        lambda: gates.answer(asked, answer="no", by=cast.wang, at=STORY),
        lambda: gates.answer(asked, answer="unclear", words="册上没有", by=cast.li, at=STORY),
    )
    first = next(one for one in outcomes if isinstance(one, Line))
    refusal = night.one_done_one_refused(outcomes)
    with translation.override("en"):
        words = {"worker": "community worker", "director": "community director"}[first.role]
        assert words in refusal.message and "02-26 21:40" in refusal.message


def test_it_is_settled_once_and_only_after_an_answer(street: str, cast: Cast) -> None:
    asked = night.asked(cast)
    with translation.override("en"), pytest.raises(Refused, match="not been answered"):
        gates.settle(asked, result="passed", by=cast.wang, at=STORY)
    gates.answer(asked, answer="no", by=cast.wang, at=STORY)
    gates.settle(asked, result="turned_back", by=cast.wang, at=STORY)
    with translation.override("en"), pytest.raises(Refused, match="already settled"):
        gates.settle(asked, result="passed", by=cast.li, at=STORY)
    assert night.get(Verification, asked.id, cast.wang).result == "turned_back"


def test_the_same_call_sent_twice_is_written_once(street: str, cast: Cast) -> None:
    id = new_id()
    said = {"post": "马坊进京检查站", "asked_for": "宁小松"}
    first = gates.ask.once(id)(HOME, by=cast.wang, at=STORY, **said)
    again = gates.ask.once(id)(HOME, by=cast.wang, at=STORY, **said)
    assert (first.id, again.id) == (id, id)
    with pytest.raises(Refused) as no:
        gates.ask.once(id)(HOME, by=cast.wang, at=STORY, **(said | {"asked_for": "曾兰"}))
    assert no.value.code == 409
    with reading(cast.wang):
        assert Verification.objects.count() == 1


def test_another_community_does_not_find_it(street: str, cast: Cast) -> None:
    asked = night.asked(cast)
    with pytest.raises(Refused) as no:
        gates.answer(asked, answer="no", by=cast.fang, at=STORY)
    assert no.value.code == 404
    with reading(cast.fang):
        assert queries.waiting(HOME) == [] and queries.verification("", asked.id) is None


def test_the_line_holds_no_personal_word_and_the_number_is_sealed(street: str, cast: Cast) -> None:
    asked = night.asked(cast)
    with reading(cast.wang):
        line = Line.objects.get(id=asked.id)
    written = f"{line.facts} {line.changes} {line.rule}"
    for word in ("宁小松", "京A00000", "检查站民警", "19900000110", "0002"):
        assert word not in written
    assert b"19900000110" not in bytes(asked.callback)
    assert asked.opened("callback") == "19900000110"


def test_what_waits_longest_comes_first(street: str, cast: Cast, later: object) -> None:
    first, second = night.asked(cast), night.asked(cast, later(3))  # type: ignore[operator]
    gates.answer(first, answer="no", by=cast.wang, at=STORY)
    third = night.asked(cast, later(5))  # type: ignore[operator]
    with reading(cast.wang):
        assert [one.id for one in queries.waiting(HOME)] == [second.id, third.id]
        assert [one.id for one in queries.unsettled(HOME)] == [first.id]
