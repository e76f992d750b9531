"""What the rules leave unclear is asked upward; an authority rules, by a clause or by discretion."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from lianfang import reactions
from lianfang.ground.acts import reading
from lianfang.ground.holds import holds
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import rulings
from lianfang.rooms.people.roles import the_clock
from lianfang.rooms.rulings import queries
from lianfang.rooms.rulings.models import Question
from tests import night
from tests.at_once import at_once
from tests.cast import HOME, STORY, STREET, Cast

RULED = {"answer": "required", "ground": "discretion", "days": 14, "reason": "条文没有写到。"}


def test_a_question_carries_the_near_clauses_and_goes_to_the_street(street: str, cast: Cast) -> None:
    question = night.asked_up(cast)
    assert (question.where, question.asked_of, question.state) == (HOME, STREET, "asked")
    assert {(one["clause"], one["but_for"], one["says"]) for one in question.near} >= {
        ("4", "lives_in", "false")
    }
    with reading(cast.chen):
        assert [one.id for one in queries.asked_of(STREET)] == [question.id]
    with reading(cast.li):
        assert [one.id for one in queries.open_questions(HOME)] == [question.id]
    with reading(cast.fang):
        assert queries.open_questions("") == [] and queries.asked_of(STREET) == []


def test_a_clear_case_is_asked_only_with_a_reason(street: str, cast: Cast) -> None:
    clear = night.assessed(cast, facts=night.NING | {"nights_away": 20})
    assert clear.answer == "required"
    with translation.override("en"), pytest.raises(Refused, match="clear answer"):
        night.asked_up(cast, assessment=clear)
    assert night.asked_up(cast, assessment=clear, though_clear="他父亲在化疗。").state == "asked"


def test_one_question_at_a_time_in_a_matter(street: str, cast: Cast) -> None:
    one = night.assessed(cast)
    two = night.assessed(cast, matter=one.matter)
    first = night.asked_up(cast, assessment=one)
    with translation.override("en"), pytest.raises(Refused, match="already open"):
        night.asked_up(cast, assessment=two)
    night.ruled(cast, question=first)
    assert night.asked_up(cast, assessment=two).matter == first.matter


def test_two_questions_at_once_in_a_matter_are_one(street: str, cast: Cast) -> None:
    one = night.assessed(cast)
    two = night.assessed(cast, matter=one.matter)
    said: dict[str, Any] = {
        "question": "适用吗？",
        "view": "exempt",
        "interim": "先在家。",
        "due": STORY + timedelta(hours=1),
    }
    outcomes = at_once(
        lambda: rulings.ask_up(one, by=cast.li, at=STORY, **said),
        lambda: rulings.ask_up(two, by=cast.li, at=STORY, **said),
    )
    with translation.override("en"):
        assert "already open" in night.one_done_one_refused(outcomes).message


def test_a_ruling_by_a_clause_names_its_edition(street: str, cast: Cast) -> None:
    question = night.ruled(cast, ground="clause", clause=night.CLAUSE, reason="")
    with reading(cast.li):
        found = queries.question(HOME, question.id)
        assert (
            found and found.edition and (found.state, found.edition.code) == ("ruled", "beijing-2020-02-14")
        )
        line = Line.objects.get(about=question.id, kind="question.ruled")
    assert (line.rule, line.facts["answer"], line.matter) == (night.CLAUSE, "required", question.matter)


def test_the_second_ruling_is_told_who_was_first(street: str, cast: Cast) -> None:
    question = night.asked_up(cast)
    outcomes = at_once(
        lambda: rulings.rule(question, by=cast.chen, at=STORY, **RULED),
        lambda: rulings.rule(
            question, by=cast.zhao, at=STORY, **(RULED | {"answer": "exempt", "days": None})
        ),
    )
    first = next(one for one in outcomes if isinstance(one, Line))
    with translation.override("en"):
        words = {"street_desk": "street duty officer", "street_leader": "street leader"}[first.role]
        assert words in night.one_done_one_refused(outcomes).message
    assert night.get(Question, question.id, cast.chen).answer == first.facts["answer"]


def test_the_holds_tell_other_rooms(street: str, cast: Cast) -> None:
    question = night.asked_up(cast)
    with reading(cast.zhao):
        assert holds("question open", question.matter)
    night.ruled(cast, question=question)
    with reading(cast.zhao):
        assert not holds("question open", question.matter) and not holds("ruled exempt", question.matter)
        assert holds("days ruled", question.id) and not holds("days ruled", new_id())


def test_the_last_ruling_of_a_matter_counts(street: str, cast: Cast, later: Any) -> None:
    first = night.ruled(cast)
    again = night.asked_up(cast, later(5), assessment=night.assessed(cast, matter=first.matter))
    night.ruled(cast, later(6), question=again, answer="exempt", days=None)
    with reading(cast.zhao):
        assert holds("ruled exempt", first.matter) and not holds("days ruled", again.id)


def test_time_marks_an_overdue_question_once(street: str, cast: Cast, later: Any) -> None:
    question = night.asked_up(cast)
    assert reactions.find_overdue_questions(later(119)) == 0
    assert reactions.find_overdue_questions(later(121)) == 1
    assert reactions.find_overdue_questions(later(122)) == 0
    found = night.get(Question, question.id, cast.li)
    assert (found.overdue, found.state) == (True, "asked")
    with reading(cast.li):
        (line,) = Line.objects.filter(kind="question.overdue")
    assert (line.matter, line.role, line.via, line.at) == (question.matter, "clock", "clock", question.due)
    night.ruled(cast, later(130), question=found)
    assert reactions.find_overdue_questions(later(140)) == 0


def test_nobody_but_time_marks_or_applies(street: str, cast: Cast) -> None:
    question = night.ruled(cast)
    for actor in (cast.li, cast.chen, cast.zhao, cast.qian):
        with pytest.raises(Refused) as no:
            rulings.apply(question, by=actor, at=STORY)
        assert no.value.code == 403
    rulings.apply(question, by=the_clock(), at=STORY)
    with translation.override("en"), pytest.raises(Refused, match="no ruling to apply"):
        rulings.apply(question, by=the_clock(), at=STORY)
