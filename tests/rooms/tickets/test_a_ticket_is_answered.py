"""One officer takes the ticket and answers; somebody else calls back; it is closed, or opened again; time marks it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from lianfang import reactions
from lianfang.ground.acts import reading
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import aid, notes, tickets
from lianfang.rooms.notes.models import Promise
from lianfang.rooms.tickets import queries
from lianfang.rooms.tickets.models import Contact
from tests import night
from tests.at_once import at_once
from tests.cast import DOOR, HOME, STORY, STREET, Cast

from . import complaint

Later = Callable[[float], datetime]


def test_a_ticket_goes_its_whole_way(street: str, cast: Cast, later: Later) -> None:
    one = complaint.lodged(cast)
    tickets.accept(one, by=cast.chen, at=later(5))
    for minute, by in [(60, cast.wang), (95, cast.li), (150, cast.zhao), (330, cast.he)]:
        line = tickets.speak(
            one, channel="phone", words="听他说完，答应明早八点上门。", by=by, at=later(minute)
        )
        assert night.get(Contact, line.id, by).side == "ours"
    tickets.answer(one, words=complaint.ANSWER, by=cast.chen, at=later(600))
    line = tickets.call_back(
        one, reached=True, heard=True, solved=True, satisfied=False, words="还是觉得冤，但理解。", by=cast.pan,
        at=later(900),
    )  # fmt: skip
    assert line.facts == {
        "number": "0226-001", "reached": True, "heard": True, "solved": True, "satisfied": False, "tries": 1,
    }  # fmt: skip
    tickets.close(one, by=cast.chen, at=later(910))
    found = complaint.found(one.id, cast.chen)
    assert (found.state, found.called_back_by, found.handlers) == (
        "closed",
        cast.pan.id,
        [cast.chen.id, cast.zhao.id],
    )
    with reading(cast.li):
        lines = [each.kind for each in Line.objects.filter(matter=one.matter).order_by("at", "seq")]
        assert queries.calls(one) == 1 and len(queries.contacts(one)) == 5
    assert lines == [
        "ticket.lodged", "ticket.accepted", *["ticket.contacted"] * 4, "ticket.answered", "ticket.called_back",
        "ticket.closed",
    ]  # fmt: skip


def test_who_handled_it_does_not_call_back(street: str, cast: Cast) -> None:
    one = complaint.answered(cast)
    with translation.override("en"), pytest.raises(Refused, match="somebody else does") as no:
        tickets.call_back(one, reached=True, heard=True, solved=True, satisfied=True, by=cast.chen, at=STORY)
    assert no.value.code == 403
    assert complaint.found(one.id, cast.chen).state == "answered"


def test_nor_does_a_colleague_who_only_spoke_with_the_caller(street: str, cast: Cast) -> None:
    one = complaint.accepted(cast)
    tickets.speak(one, channel="phone", words="安抚。", by=cast.pan, at=STORY)
    tickets.answer(one, words=complaint.ANSWER, by=cast.chen, at=STORY)
    with pytest.raises(Refused) as no:
        tickets.call_back(one, reached=False, by=cast.pan, at=STORY)
    assert no.value.code == 403


def test_a_colleague_may_answer_and_has_then_handled_it(street: str, cast: Cast) -> None:
    one = complaint.accepted(cast)
    tickets.answer(one, words=complaint.ANSWER, by=cast.pan, at=STORY)
    found = complaint.found(one.id, cast.chen)
    assert (found.handlers, found.handler_name) == ([cast.chen.id, cast.pan.id], "潘雨")
    with translation.override("en"), pytest.raises(Refused, match="潘雨 already answered"):
        tickets.answer(found, words="再答一次", by=cast.chen, at=STORY)


def test_a_call_nobody_answers_counts_as_nothing_and_three_of_them_are_enough(
    street: str, cast: Cast, later: Later
) -> None:
    one = complaint.answered(cast)
    for tries in (1, 2, 3):
        with translation.override("en"), pytest.raises(Refused, match="Nobody has called back"):
            tickets.close(one, by=cast.chen, at=later(tries))
        line = tickets.call_back(one, reached=False, words="无人接听", by=cast.pan, at=later(tries))
        assert line.facts == {"number": "0226-001", "reached": False, "tries": tries}
    found = complaint.found(one.id, cast.chen)
    assert (found.state, found.heard, found.solved, found.satisfied) == ("answered", None, None, None)
    tickets.close(one, by=cast.chen, at=later(5))


def test_closing_over_an_open_promise_asks_why(street: str, cast: Cast, later: Later) -> None:
    one = complaint.called_back(cast)
    notes.write(
        DOOR, text="谈到三点。", how="phone", promise="明早八点上门听困难", promise_due=STORY + timedelta(hours=10),
        matter=one.matter, by=cast.li, at=STORY,
    )  # fmt: skip
    with translation.override("en"), pytest.raises(Refused, match="Promises are still open") as no:
        tickets.close(one, by=cast.chen, at=STORY)
    assert no.value.code == 422 and complaint.found(one.id, cast.chen).state == "called_back"
    line = tickets.close(one, why="上门的事由社区主任跟到底。", by=cast.chen, at=STORY)
    assert line.facts["promises_open"] is True
    assert complaint.found(one.id, cast.chen).closed_why == "上门的事由社区主任跟到底。"


def test_closing_over_an_open_need_asks_why(street: str, cast: Cast) -> None:
    one = complaint.called_back(cast)
    aid.propose(DOOR, kind="sell", item="草莓", matter=one.matter, by=cast.li, at=STORY)
    with translation.override("en"), pytest.raises(Refused, match="A need is still open"):
        tickets.close(one, by=cast.chen, at=STORY)
    line = tickets.close(one, why="草莓另外跟进。", by=cast.chen, at=STORY)
    assert (line.facts["promises_open"], line.facts["needs_open"]) == (False, True)


def test_a_promise_that_is_kept_holds_nothing(street: str, cast: Cast) -> None:
    one = complaint.called_back(cast)
    written = notes.write(
        DOOR, text="谈到三点。", how="phone", promise="上门", promise_due=STORY + timedelta(hours=10),
        matter=one.matter, by=cast.li, at=STORY,
    )  # fmt: skip
    with reading(cast.li):
        (promised,) = Promise.objects.filter(note=written.id)
    notes.keep(promised, by=cast.li, at=STORY)
    assert tickets.close(one, by=cast.chen, at=STORY).facts["promises_open"] is False


def test_closing_what_the_caller_calls_unsolved_asks_why(street: str, cast: Cast) -> None:
    one = complaint.called_back(cast, solved=False)
    with translation.override("en"), pytest.raises(Refused, match="not solved"):
        tickets.close(one, by=cast.chen, at=STORY)
    line = tickets.close(one, why="依据有效，已告知复议。", by=cast.chen, at=STORY)
    assert line.facts == {"number": "0226-001", "promises_open": False, "needs_open": False, "solved": False}


def test_a_reopened_ticket_is_in_hand_again_with_its_time_counted_anew(
    street: str, cast: Cast, later: Later
) -> None:
    one = complaint.called_back(cast, solved=False)
    moment = later(60)
    tickets.reopen(one, why="草莓还在棚里。", by=cast.chen, at=moment)
    found = complaint.found(one.id, cast.chen)
    assert (found.state, found.due, found.solved, found.called_back_by) == (
        "accepted",
        moment + timedelta(days=7),
        None,
        None,
    )
    with translation.override("en"), pytest.raises(Refused, match="is open"):
        tickets.reopen(found, why="再开", by=cast.chen, at=moment)
    tickets.answer(one, words="已卖出一百斤。", by=cast.chen, at=later(61))
    tickets.call_back(one, reached=True, heard=True, solved=True, satisfied=True, by=cast.pan, at=later(62))
    tickets.close(one, by=cast.chen, at=later(63))


def test_time_marks_a_ticket_nobody_answered_once_for_each_time_it_is_given(
    street: str, cast: Cast, later: Later
) -> None:
    one = complaint.lodged(cast, category="danger")
    assert reactions.find_lapsed_tickets(later(119)) == 0
    assert reactions.find_lapsed_tickets(later(120)) == 1
    assert reactions.find_lapsed_tickets(later(121)) == 0
    found = complaint.found(one.id, cast.chen)
    assert found.lapsed and found.state == "lodged"
    with reading(cast.li):
        (line,) = Line.objects.filter(kind="ticket.lapsed")
        assert (line.role, line.at, line.facts) == ("clock", found.due, {"number": "0226-001", "level": "2h"})
    tickets.accept(one, by=cast.chen, at=later(130))
    line = tickets.answer(one, words=complaint.ANSWER, by=cast.chen, at=later(131))
    assert line.facts["in_time"] is False
    tickets.reopen(one, why="没解决", by=cast.chen, at=later(140))
    assert reactions.find_lapsed_tickets(later(259)) == 0
    assert reactions.find_lapsed_tickets(later(261)) == 1
    assert reactions.find_lapsed_tickets in reactions.LATE


def test_time_and_the_answer_at_once_agree(street: str, cast: Cast, later: Later) -> None:
    one = complaint.accepted(cast, category="danger")
    moment = later(121)
    outcomes = at_once(
        lambda: reactions.find_lapsed_tickets(moment),
        lambda: tickets.answer(one, words=complaint.ANSWER, by=cast.chen, at=moment),
    )
    assert isinstance(outcomes[1], Line)
    found = complaint.found(one.id, cast.chen)
    assert (found.state, found.lapsed) == ("answered", outcomes[0] == 1)


def test_two_who_answer_at_once_are_one(street: str, cast: Cast) -> None:
    one = complaint.accepted(cast)
    outcomes = at_once(
        *(lambda by=by: tickets.answer(one, words="答复", by=by, at=STORY) for by in (cast.chen, cast.pan))
    )
    with translation.override("en"):
        assert "already answered" in night.one_done_one_refused(outcomes).message


def test_the_views_of_the_list(street: str, cast: Cast, later: Later) -> None:
    waiting, soon = complaint.lodged(cast), complaint.lodged(cast, category="danger", outside_no="")
    hand = complaint.accepted(cast, outside_no="")
    back = complaint.answered(cast, outside_no="")
    for where, by in ((STREET, cast.chen), (HOME, cast.li)):
        with reading(by):
            views = {
                name: {each.id for each in queries.in_view(where, name, STORY)}
                for name in ("waiting", "in_hand", "soon", "call_back", "closed")
            }
            assert views == {
                "waiting": {waiting.id, soon.id},
                "in_hand": {hand.id},
                "soon": {soon.id},
                "call_back": {back.id},
                "closed": set(),
            }
            assert queries.counts(where, STORY) == {"waiting": 2, "in_hand": 1, "soon": 1, "call_back": 1}
            assert [each.id for each in queries.at_door(waiting.door)] == [
                back.id,
                hand.id,
                soon.id,
                waiting.id,
            ]
