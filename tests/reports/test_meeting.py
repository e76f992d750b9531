"""The morning meeting: what was left over, what is new, what ends today, in the order it is spoken about."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.ground import clock
from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.reports.meeting import Meeting, meeting
from lianfang.rooms import aid, gates, notes, orders, tickets
from lianfang.rooms.orders.models import Check, Order
from lianfang.rooms.people.roles import the_clock
from tests import night
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, STREET, Cast

MORNING = datetime(2020, 2, 27, 8, 0, tzinfo=BEIJING)
NIGHT = datetime(2020, 2, 27, 3, 10, tzinfo=BEIJING)


def read(actor: Any, where: str = HOME, at: datetime = MORNING) -> tuple[Meeting, int]:
    with reading(actor), CaptureQueriesContext(connection) as said:
        page = meeting(where, at)
    return page, len(said)


def points(page: Meeting) -> list[int]:
    """How many things stand at each point of the agenda."""
    return [
        len(page.calls) + len(page.questions) + len(page.unserved) + len(page.alarms),
        len(page.arrived) + len(page.passed),
        len(page.releases) + len(page.reviewed),
        len(page.missed),
        len(page.needs),
        len(page.tickets),
        len(page.promises),
        len(page.handed_over),
        len(page.editions),
    ]


def bound(cast: Cast, at: datetime = STORY) -> Order:
    order, notice = night.issued(cast, at)
    orders.serve(notice, how="paper", proof="signed", to_whom="himself", remedy_told=True, by=cast.liu, at=at)
    orders.schedule_checks(order, by=the_clock(), at=at)
    return order


def test_an_empty_morning(street: str, cast: Cast) -> None:
    page, _cost = read(cast.li)
    assert points(page)[:8] == [0] * 8


def test_what_was_begun_yesterday_is_left_over_and_what_is_begun_today_is_not(
    street: str, cast: Cast
) -> None:
    call, question = night.asked(cast), night.asked_up(cast)
    order, _notice = night.issued(cast)
    clock.move_to(MORNING)
    night.asked(cast, MORNING)
    page, _cost = read(cast.li)
    assert ([one.id for one in page.calls], [one.id for one in page.questions]) == ([call.id], [question.id])
    assert [one.id for one in page.unserved] == [one.id for one in page.arrived] == [order.id]
    early, _cost = read(cast.li, at=STORY + timedelta(hours=1))
    assert (early.calls, early.questions, early.unserved) == ([], [], [])


def test_somebody_let_through_is_a_new_arrival(street: str, cast: Cast) -> None:
    call = night.asked(cast)
    gates.answer(call, answer="yes", resident=night.ning(cast.wang), by=cast.wang, at=STORY)
    gates.settle(call, result="passed", by=cast.wang, at=STORY)
    page, _cost = read(cast.li)
    assert [one.resident.name for one in page.passed if one.resident] == ["宁小松"]
    later, _cost = read(cast.li, at=MORNING + timedelta(days=2))
    assert later.passed == []


def test_a_release_is_spoken_about_on_the_last_day_and_until_it_is_done(street: str, cast: Cast) -> None:
    order = bound(cast)
    day = timedelta(days=1)
    eve = order.release_due - timedelta(hours=16)
    assert read(cast.li, at=eve - day)[0].releases == []
    for moment in (eve, order.release_due + timedelta(hours=8), order.release_due + 3 * day):
        assert [one.id for one in read(cast.li, at=moment)[0].releases] == [order.id]


def test_a_missing_check_is_spoken_about_and_one_that_was_taken_is_not(street: str, cast: Cast) -> None:
    order = bound(cast)
    with reading(cast.li):
        first, second = Check.objects.filter(order=order, day=1).order_by("due_at")
    after = second.due_at + timedelta(hours=1)
    clock.move_to(after)
    orders.miss_check(first, by=the_clock(), at=first.due_at)
    (missed,) = read(cast.li, at=after)[0].missed
    assert [one.id for one in missed.checks] == [first.id, second.id]
    orders.record_check(second, how="phone", temperature=Decimal("36.5"), by=cast.wang, at=after)
    (missed,) = read(cast.li, at=after)[0].missed
    assert [one.id for one in missed.checks] == [first.id]
    assert read(cast.li, at=after + timedelta(days=3))[0].missed[0].checks[0].day > 1


def test_needs_requests_promises_and_the_nights_word_stand_in_their_place(street: str, cast: Cast) -> None:
    clock.move_to(NIGHT)
    notes.write(
        DOOR, text="凌晨三点十分交班：宁家暂不再打电话，李主任八点上门。", how="handover", promise="八点上门",
        promise_due=MORNING, by=cast.liu, at=NIGHT,
    )  # fmt: skip
    aid.propose(DOOR, kind="sell", item="草莓", quantity=Decimal(200), unit="jin", by=cast.li, at=NIGHT)
    tickets.lodge(
        STREET, channel="12345", type="complaint", category="epidemic", words="凭什么", door=DOOR, by=cast.chen, at=NIGHT
    )  # fmt: skip
    clock.move_to(MORNING)
    page, _cost = read(cast.li, at=MORNING + timedelta(days=6))
    assert points(page)[4:8] == [1, 1, 1, 0]  # the ticket ends within a day, the night's word is old
    page, _cost = read(cast.li)
    assert (page.handed_over[0].text[:8], page.writers[page.handed_over[0].id][0]) == (
        "凌晨三点十分交班",
        "刘明",
    )


def test_a_new_edition_is_spoken_about_the_day_before_and_the_day_after(street: str, cast: Cast) -> None:
    for day, told in ((16, 0), (17, 1), (18, 1), (19, 1), (20, 0)):
        page, _cost = read(cast.li, at=datetime(2020, 4, day, 8, tzinfo=BEIJING))
        assert len([one for one in page.editions if str(one.effective_from) == "2020-04-18"]) == told, day


def test_the_neighbours_speak_about_their_own(street: str, cast: Cast) -> None:
    bound(cast)
    night.asked(cast)
    notes.write(DOOR, text="交班", how="handover", promise="八点", promise_due=MORNING, by=cast.li, at=STORY)
    page, _cost = read(cast.fang, NEIGHBOUR)
    assert points(page)[:8] == [0] * 8


def test_a_full_morning_costs_as_many_statements_as_a_quiet_one(street: str, cast: Cast) -> None:
    bound(cast)
    _page, quiet = read(cast.li)
    for number in range(12):
        night.asked(cast)
        night.asked_up(cast)
        notes.write(
            DOOR, text=f"{number}", how="handover", promise="来", promise_due=MORNING, by=cast.li, at=STORY
        )
        aid.propose(DOOR, kind="food", by=cast.li, at=STORY)
    page, full = read(cast.li)
    assert (len(page.calls), len(page.promises), len(page.needs)) == (12, 12, 12)
    assert full == quiet + 2 <= 20  # who handed over, which nobody had
