"""What is decided about somebody, and how his request goes on, reaches him without anybody thinking of it."""

from __future__ import annotations

from typing import Any

import pytest

from lianfang.rooms import tickets
from lianfang.rooms.messages import queries
from lianfang.rooms.messages.models import Message
from lianfang.rooms.people.roles import the_clock
from lianfang.rooms.tickets.models import Ticket
from tests import night
from tests.cast import DOOR, STORY, STREET, Cast

pytestmark = pytest.mark.usefixtures("street")

CALL: dict[str, Any] = {
    "channel": "12345",
    "type": "complaint",
    "category": "epidemic",
    "words": "凭什么让我在家？",
    "door": DOOR,
    "caller_name": "宁小松",
    "caller_phone": "19900000402",
}


def lodged(cast: Cast, **given: Any) -> Ticket:
    line = tickets.lodge(STREET, **(CALL | given), by=cast.chen, at=STORY)
    return night.get(Ticket, line.id, cast.chen)


def told() -> list[Message]:
    """Everything anybody was told, oldest first."""
    night.follow_up()
    with night.reading(the_clock()):
        return list(Message.objects.order_by("sent_at", "id"))


def test_a_decision_is_told_to_whom_it_binds(cast: Cast) -> None:
    order, notice = night.issued(cast)
    (one,) = told()
    assert (one.where, one.resident_id, one.matter) == (DOOR, order.resident_id, order.matter)
    assert (one.occasion, one.about, one.state) == ("order_issued", order.id, "waiting")
    assert one.facts == {"number": notice.number, "days": 14, "last_day": "2020-03-11"}
    with night.reading(cast.wang):
        assert queries.to_deliver(DOOR) == [], "the notice is served to him besides"


def test_a_request_is_followed_from_call_to_answer(cast: Cast) -> None:
    ticket = lodged(cast)
    tickets.log_call(ticket, channel="110", words="再打一次", by=cast.he, at=STORY)
    tickets.accept(ticket, by=cast.chen, at=STORY)
    tickets.answer(ticket, words="已请示街道。", by=cast.chen, at=STORY)
    received, called, accepted, answered = told()
    assert [one.occasion for one in (received, called, accepted, answered)] == [
        "ticket_lodged",
        "ticket_called",
        "ticket_accepted",
        "ticket_answered",
    ]
    assert {one.about for one in told()} == {ticket.id}
    assert (called.state, called.way) == ("delivered", "phone")
    assert ticket.number in called.words and "凭什么" not in called.words
    assert (answered.words, answered.way, answered.state) == ("已请示街道。", "door", "waiting")
    with night.reading(cast.wang):
        assert queries.to_deliver(DOOR) == [answered]


@pytest.mark.parametrize(
    ("who", "knows"),
    [
        ({}, True),
        ({"caller_name": "", "caller_phone": "199-0000-0402"}, True),
        ({"caller_phone": ""}, True),
        ({"type": "report"}, True),
        ({"type": "report", "caller_phone": ""}, False),
        ({"caller_name": "单国庆", "caller_phone": "19900000403"}, False),
        ({"caller_name": "", "caller_phone": ""}, False),
        ({"caller_name": "宁小松", "caller_phone": "19900000403"}, False),
        ({"door": DOOR[:12]}, False),
        ({"door": ""}, False),
    ],
    ids=str,
)
def test_nobody_learns_of_a_call_that_may_be_another_mans(
    cast: Cast, who: dict[str, Any], knows: bool
) -> None:
    """A neighbour who complains of him by his door is not made known to him."""
    lodged(cast, **who)
    assert [one.resident_id for one in told()] == ([night.ning(cast.wang).id] if knows else [])


def test_told_twice_is_told_once(cast: Cast) -> None:
    from lianfang import reactions
    from lianfang.ground.notebook import Line

    lodged(cast)
    first = told()
    with night.reading(the_clock()):
        line = Line.objects.get(kind="ticket.lodged")
    reactions.tell_of_ticket(line)
    assert told() == first
