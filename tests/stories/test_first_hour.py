"""The first hour of the strawberry night, as five people do it: 26 February 2020, from 21:40.

王秀英 answers the phone, 李建华 directs, 陈立 has duty at the street, 赵国强 leads there, 刘明 is seconded. 宁小松 of
3-2-402 was away for hours, delivering strawberries.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.ids import derived, new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.reports import timeline
from lianfang.rooms import gates, orders, policies, rulings
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.orders.models import Notice, Order
from lianfang.rooms.people.queries import search
from lianfang.rooms.policies.models import Assessment
from lianfang.rooms.rulings.models import Question
from tests import night
from tests.at_once import at_once
from tests.cast import DOOR, HOME, STREET, Cast

Later = Callable[[float], datetime]
REFUSAL = "我当天去当天回，草莓都压在手里了，我不接受。"


def checkpoint(cast: Cast, later: Later) -> Verification:
    """21:40-21:48: the checkpoint asks, he is found in one search, and what was asked is answered."""
    at = later(0)
    asked = gates.ask(
        HOME,
        post="马坊进京检查站",
        asked_for="宁小松",
        asks="lives_here",
        callback="19900000110",
        by=cast.wang,
        at=at,
    )
    with reading(cast.wang), CaptureQueriesContext(connection) as said:
        (hit,) = search(HOME, "nxs").rows
    assert hit.resident and (hit.door, hit.household, len(said)) == ("3-2-402", 3, 1)
    verification = night.get(Verification, asked.id, cast.wang)
    gates.answer(verification, answer="yes", resident=hit.resident, by=cast.wang, at=later(4))
    gates.settle(verification, result="passed", by=cast.wang, at=later(8))
    return night.get(Verification, asked.id, cast.wang)


def unclear(cast: Cast, later: Later, verification: Verification) -> Assessment:
    """22:15: the rules leave his case unclear, and say what comes near."""
    line = policies.assess(
        HOME,
        facts=night.NING,
        resident=night.ning(cast.li),
        matter=verification.matter,
        by=cast.li,
        at=later(35),
    )
    return night.get(Assessment, line.id, cast.li)


def says_what_comes_near(decision: dict[str, Any]) -> None:
    """The near clauses with the one fact each lacks, what holds elsewhere or later, what would change the answer."""
    assert decision["answer"] == "unclear"
    near = {(one["edition"], one["clause"]): (one["but_for"], one["says"]) for one in decision["near"]}
    assert near["beijing-2020-02-21", "4"] == ("lives_in", "false")
    assert near["beijing-2020-02-14", "1"] == ("nights_away", "not_said")
    beside = {one["edition"]: (one["elsewhere"], one["later"]) for one in decision["elsewhere_or_later"]}
    assert beside["jiangsu-2020-02-23-freight"] == (True, False)
    assert beside["beijing-2020-04-18"] == (False, True)
    assert "nights_away" in {one["fact"] for one in decision["would_change"]}


def ask_street(cast: Cast, later: Later, assessment: Assessment) -> Question:
    """22:20: the director asks the street upward, with her own view and an interim measure."""
    line = rulings.ask_up(
        assessment,
        question="当天往返大厂送草莓，没有过夜。14日通知是否适用？",
        view="modified",
        view_days=14,
        view_words="不适用通勤豁免，但也不是返京人员。",
        interim="今晚在家等候，不登记为居家观察。",
        due=later(40) + timedelta(hours=2),
        by=cast.li,
        at=later(40),
    )
    return night.get(Question, line.id, cast.li)


def test_the_first_hour(street: str, cast: Cast, later: Later) -> None:
    verification = checkpoint(cast, later)
    matter = verification.matter
    assert (verification.state, verification.answer, verification.result) == ("settled", "yes", "passed")
    assert verification.answer_words == ""

    assessment = unclear(cast, later, verification)
    says_what_comes_near(assessment.decision)
    question = ask_street(cast, later, assessment)
    with translation.override("en"), pytest.raises(Refused, match="still open"):
        orders.issue(
            night.ning(cast.zhao),
            by=cast.zhao,
            at=later(45),
            **night.order_words(matter=matter, clause=night.CLAUSE),
        )

    rulings.rule(
        question,
        answer="required",
        ground="discretion",
        days=14,
        reason="条文没有写到当天往返；他每周都去，先按居家观察十四天办理，同时报区里。",
        by=cast.chen,
        at=later(50),
    )
    issued = orders.issue(
        night.ning(cast.zhao),
        by=cast.zhao,
        at=later(55),
        considered=[{"clause": "beijing-2020-02-21/4", "because": "lives_in"}],
        **night.order_words(matter=matter, ruling=question.id),
    )
    night.follow_up()
    order = night.get(Order, issued.id, cast.li)
    assert (order.last_day, order.days) == (date(2020, 3, 11), 14)
    assert order.release_due == datetime(2020, 3, 12, tzinfo=BEIJING)
    assert night.get(Question, question.id, cast.li).state == "applied"

    with reading(cast.liu):
        notice = Notice.objects.get(order=order)
    orders.refuse_notice(notice, words=REFUSAL, witness="王秀英", by=cast.liu, at=later(60))
    assert night.get(Order, order.id, cast.li).state == "refused"

    with reading(cast.li), translation.override("zh-hans"):
        told = timeline.of_door(DOOR)
        assert [one.line.id for one in timeline.of_matter(matter)] == [
            one.line.id for one in told if one.line.matter == matter
        ]
    told = [one for one in told if one.line.matter == matter]
    assert [one.line.kind for one in told] == [
        "verification.asked",
        "verification.answered",
        "verification.settled",
        "assessment.made",
        "question.asked",
        "question.ruled",
        "order.issued",
        "question.applied",
        "message.sent",
        "notice.refused",
    ]
    people = ["王秀英", "王秀英", "王秀英", "李建华", "李建华", "陈立", "赵国强", "", "", "刘明"]
    for entry, name in zip(told, people, strict=True):
        assert name in entry.who and entry.sentence and "%" not in entry.sentence
    assert told[-1].words == REFUSAL and told[5].rule == "酌情处理，写明理由"


def test_each_step_is_one_line_in_one_matter(street: str, cast: Cast, later: Later) -> None:
    verification = checkpoint(cast, later)
    question = ask_street(cast, later, unclear(cast, later, verification))
    night.ruled(cast, later(50), question=question)
    with reading(cast.chen):
        lines = list(Line.objects.filter(matter=verification.matter).order_by("at", "seq"))
        assert Line.objects.filter(written_at__gte=verification.asked_at).count() == len(lines) == 6
    for line in lines:
        assert line.changes, f"{line.kind} explains what it changed"


def test_two_at_the_phone_two_at_the_street_two_at_the_door(street: str, cast: Cast, later: Later) -> None:
    """Whoever comes second is told who was first, in his own language, and nothing is done twice."""
    asked = night.asked(cast, later(0))
    ning, at = night.ning(cast.li), later(5)
    pairs: list[tuple[Callable[[], Any], Callable[[], Any], set[str]]] = [
        (
            lambda: gates.answer(asked, answer="yes", resident=ning, by=cast.wang, at=at),
            lambda: gates.answer(asked, answer="yes", resident=ning, by=cast.he, at=at),
            {"社工 王秀英", "社区民警 何伟"},
        ),
    ]
    question = night.asked_up(cast, at, assessment=night.assessed(cast, at, matter=asked.matter))
    said: dict[str, Any] = {"answer": "required", "ground": "discretion", "days": 14, "reason": "先办理。"}
    pairs.append(
        (
            lambda: rulings.rule(question, by=cast.chen, at=at, **said),
            lambda: rulings.rule(question, by=cast.zhao, at=at, **said),
            {"街道值班 陈立", "包居领导 赵国强"},
        )
    )
    for one, two, who in pairs:
        refusal = night.one_done_one_refused(at_once(one, two))
        with translation.override("zh-hans"):
            assert any(name in refusal.message for name in who), refusal.message
            assert "02-26 21:45" in refusal.message
    _order, notice = night.issued(cast, at, matter=asked.matter, ruling=question.id)
    outcomes = at_once(
        lambda: orders.refuse_notice(notice, words=REFUSAL, by=cast.liu, at=at),
        lambda: orders.refuse_notice(notice, words="他说不接受。", by=cast.wang, at=at),
    )
    refusal = night.one_done_one_refused(outcomes)
    with translation.override("zh-hans"):
        assert "下沉干部 刘明" in refusal.message or "社工 王秀英" in refusal.message


def test_every_step_sent_twice_is_done_once(street: str, cast: Cast, later: Later) -> None:
    matter = new_id()

    def id(step: str) -> Any:
        return derived(matter, step)

    at = later(0)

    def ask() -> Line:
        return gates.ask.once(id("ask"))(HOME, post="马坊进京检查站", asked_for="宁小松", by=cast.wang, at=at)

    line = ask()
    asked = night.get(Verification, line.id, cast.wang)
    ning = night.ning(cast.li)
    question: list[Question] = []

    def assess() -> Line:
        return policies.assess.once(id("assess"))(
            HOME, facts=night.NING, resident=ning, matter=asked.matter, by=cast.li, at=at
        )

    def ask_up() -> Line:
        return rulings.ask_up.once(id("ask_up"))(
            night.get(Assessment, id("assess"), cast.li),
            question="适用吗？",
            view="exempt",
            interim="在家等候。",
            due=at + timedelta(hours=1),
            by=cast.li,
            at=at,
        )

    def rule() -> Line:
        question[:] = [night.get(Question, id("ask_up"), cast.chen)]
        return rulings.rule.once(id("rule"))(
            question[0],
            answer="required",
            ground="discretion",
            days=14,
            reason="先办理。",
            by=cast.chen,
            at=at,
        )

    def issue() -> Line:
        return orders.issue.once(id("issue"))(
            ning, by=cast.zhao, at=at, **night.order_words(matter=asked.matter, ruling=id("ask_up"))
        )

    def refuse() -> Line:
        with reading(cast.liu):
            notice = Notice.objects.get(order=id("issue"))
        return orders.refuse_notice.once(id("refuse"))(notice, words=REFUSAL, by=cast.liu, at=at)

    steps: list[Callable[[], Line]] = [
        ask,
        lambda: gates.answer.once(id("answer"))(asked, answer="yes", resident=ning, by=cast.wang, at=at),
        assess,
        ask_up,
        rule,
        issue,
        refuse,
    ]
    first = [step().id for step in steps]
    assert [step().id for step in steps] == first
    with reading(cast.chen):
        assert Line.objects.filter(matter=asked.matter).count() == len(steps)
        assert (Order.objects.count(), Notice.objects.count(), Question.objects.count()) == (1, 1, 1)


def test_a_neighbour_community_sees_nothing_of_it(street: str, cast: Cast, later: Later) -> None:
    verification = checkpoint(cast, later)
    night.issued(cast, later(55))
    with reading(cast.fang):
        assert timeline.of_matter(verification.matter) == [] and timeline.of_door(DOOR) == []
        for model in (Verification, Assessment, Question, Order, Notice):
            assert not model.objects.exists()
    with reading(cast.chen):
        assert [one.asked_of for one in Question.objects.all()] == [STREET]
