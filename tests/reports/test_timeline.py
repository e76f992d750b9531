"""Every line is said as a sentence, in both languages; a time line takes a constant number of statements."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lianfang.ground.acts import ACTS, reading
from lianfang.ground.notebook import Line
from lianfang.reports import phrases, timeline
from lianfang.rooms import gates, notes, orders
from tests import night
from tests.cast import DOOR, HOME, STORY, Cast

SERVED: dict[str, Any] = {"how": "paper", "proof": "signed", "to_whom": "himself", "remedy_told": True}


def test_every_act_has_a_phrase_and_no_phrase_is_left_over() -> None:
    assert set(phrases.PHRASES) == set(ACTS)


@pytest.mark.parametrize("kind", sorted(phrases.PHRASES))
def test_a_phrase_is_said_in_both_languages_even_without_facts(kind: str) -> None:
    line = Line(kind=kind, facts={})
    with translation.override("en"):
        english = phrases.sentence(line)
    with translation.override("zh-hans"):
        chinese = phrases.sentence(line)
    assert english and english != kind and "%" not in english
    assert re.search("[\u4e00-\u9fff]", chinese), chinese


def test_a_choice_is_said_in_its_own_words() -> None:
    line = Line(kind="question.ruled", facts={"answer": "required", "days": 14, "ground": "discretion"})
    with translation.override("en"):
        assert phrases.sentence(line) == "Ruled: required, 14 days"
    with translation.override("zh-hans"):
        assert "14" in phrases.sentence(line) and "required" not in phrases.sentence(line)
    with translation.override("en"):
        assert (
            phrases.sentence(Line(kind="question.ruled", facts={"answer": "exempt", "days": None}))
            == "Ruled: exempt"
        )


def test_an_unknown_kind_is_named_by_itself() -> None:
    assert phrases.sentence(Line(kind="strawberry.sold", facts={})) == "strawberry.sold"


def test_the_rule_is_said_in_words(street: str, cast: Cast) -> None:
    question = night.ruled(cast, ground="clause", clause=night.CLAUSE, reason="")
    with reading(cast.li), translation.override("en"):
        rules = {one.line.kind: one.rule for one in timeline.of_matter(question.matter)}
    assert rules["question.ruled"] == "所有返京人员居家或集中观察14天, clause 1"
    assert rules["question.asked"] == ""


def test_what_was_written_much_later_says_so(street: str, cast: Cast, later: Any) -> None:
    later(120)
    notes.write(DOOR, text="九点四十听到的。", how="phone", by=cast.wang, at=STORY)
    notes.write(DOOR, text="现在。", how="phone", by=cast.wang, at=STORY + timedelta(minutes=119))
    with reading(cast.li):
        first, second = [one for one in timeline.of_door(DOOR) if one.line.kind == "note.written"]
    assert (first.late is not None, second.late) == (True, None)
    assert (first.about, first.words) == ("3-2-402", "九点四十听到的。")


def test_who_may_not_read_words_gets_none(street: str, cast: Cast) -> None:
    notes.write(DOOR, text="他家有人生病。", how="phone", by=cast.wang, at=STORY)
    with reading(cast.li):
        assert [
            one.words for one in timeline.of_door(DOOR, words=False) if one.line.kind == "note.written"
        ] == [""]
        assert "他家有人生病" not in str([one.as_json() for one in timeline.latest(HOME)])


def test_the_stairwell_head_sees_the_door_but_not_the_question(street: str, cast: Cast) -> None:
    night.asked_up(cast)
    with reading(cast.guo):
        kinds = {one.line.kind for one in timeline.of_door(DOOR)}
    assert "assessment.made" in kinds and "question.asked" not in kinds


def test_a_time_line_of_fifty_costs_as_many_statements_as_one_of_five(street: str, cast: Cast) -> None:
    order, notice = night.issued(cast)
    orders.refuse_notice(notice, words="不接受。", by=cast.liu, at=STORY)
    orders.serve(notice, by=cast.liu, at=STORY, **SERVED)
    notes.write(DOOR, text="第一次", how="door", matter=order.matter, by=cast.liu, at=STORY)
    gates.answer(night.asked(cast), answer="yes", resident=night.ning(cast.li), by=cast.wang, at=STORY)

    def statements() -> tuple[int, int]:
        with reading(cast.li), CaptureQueriesContext(connection) as said:
            told = timeline.of_door(DOOR)
        return len(told), len(said)

    few, cost = statements()
    for number in range(50):
        notes.write(DOOR, text=f"第{number}次", how="door", matter=order.matter, by=cast.liu, at=STORY)
    many, same = statements()
    assert many == few + 50 and same == cost <= 10


def test_as_json_is_plain(street: str, cast: Cast) -> None:
    night.asked(cast)
    with reading(cast.li), translation.override("en"):
        (entry,) = timeline.latest(HOME, 1)
        said = entry.as_json()
    assert said["at"] == "2020-02-26T21:40:00+08:00"
    assert said["sentence"] == "马坊进京检查站 asks: does he live here"
    assert said["who"] == "王秀英 community worker"
