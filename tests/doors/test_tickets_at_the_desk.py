"""Tickets at the desk: a call is taken, what it may repeat is offered, the ticket goes its way, the case page joins it all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from lianfang.ground.acts import reading
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.rooms import notes, tickets
from lianfang.rooms.tickets import queries
from lianfang.rooms.tickets.models import Contact, Ticket
from tests import night
from tests.cast import DOOR, HOME, STORY, STREET, Cast
from tests.doors.at_the_desk import Seat
from tests.rooms.tickets import complaint

Later = Callable[[float], datetime]

CALL = {
    "channel": "12345",
    "outside_no": "京12345-0226-0417",
    "caller_name": "宁小松",
    "caller_phone": "199 0000 0402",
    "community": HOME,
    "spoken": "3-2-402",
    "type": "complaint",
    "category": "epidemic",
    "words": complaint.WORDS,
    "level": "",
}


def all_tickets(cast: Cast) -> list[Ticket]:
    with reading(cast.chen):
        return list(Ticket.objects.order_by("id"))


def test_a_first_call_is_lodged_at_once(street: str, cast: Cast) -> None:
    chen = Seat("chen")
    chen.get("/t/new", home=f"{HOME}-3-2-402")
    assert 'value="3-2-402"' in chen.page
    chen.post("/t/new", key=chen.key(), **CALL)
    (one,) = all_tickets(cast)
    assert chen.at == f"/t/{one.id}" and chen.status == 200
    assert (one.door, one.also, one.where) == (DOOR, [HOME], STREET)
    for words in ("0226-001", "宁小松", "199****0402", complaint.WORDS, "清和街道", "建西里社区"):
        assert words in chen.words(), words


def test_what_a_call_may_repeat_is_offered_beside_a_new_ticket(street: str, cast: Cast) -> None:
    first = complaint.lodged(cast)
    chen = Seat("chen", "en")
    chen.get("/t/new")
    said = CALL | {"outside_no": "京12345-0226-0430", "words": "又来问。", "key": chen.key()}
    chen.post("/t/new", **said)
    assert len(all_tickets(cast)) == 1 and chen.status == 200
    for words in ("Has he called about this before?", "0226-001", "Log as a repeat call", "Open a new ticket",
                  "waits to be taken up", "又来问。"):  # fmt: skip
        assert words in chen.words() or words in chen.page, words
    chen.post("/t/new", **said, same=str(first.id))
    assert chen.at == f"/t/{first.id}" and len(all_tickets(cast)) == 1
    with reading(cast.chen):
        spoken = queries.contacts(first)
    assert [each.words for each in spoken] == [complaint.WORDS, "又来问。"]
    assert "waits to be taken up" in spoken[1].progress_told and spoken[1].progress_told in chen.words()


def test_a_new_ticket_can_be_opened_all_the_same(street: str, cast: Cast) -> None:
    complaint.lodged(cast)
    chen = Seat("chen")
    chen.get("/t/new")
    chen.post("/t/new", key=chen.key(), same="new", **(CALL | {"outside_no": "", "category": "utilities"}))
    assert [each.level for each in all_tickets(cast)] == ["7d", "24h"]


def test_a_new_ticket_may_join_the_order_that_runs_at_the_door(street: str, cast: Cast) -> None:
    order, notice = night.issued(cast)
    chen = Seat("chen")
    chen.get("/t/new")
    said = CALL | {"key": chen.key()}
    chen.post("/t/new", **said)
    assert notice.number in chen.words() and all_tickets(cast) == []
    chen.post("/t/new", **said, same="new", matter=str(order.matter))
    (one,) = all_tickets(cast)
    assert one.matter == order.matter
    chen.get(f"/m/{order.matter}")
    for words in (one.number, notice.number, "宁小松", "3-2-402", "京12345-0226-0417", "陈立", "赵国强"):
        assert words in chen.words(), words


def test_he_himself_is_told_more_than_his_neighbour(street: str, cast: Cast) -> None:
    order, notice = night.issued(cast)
    his = complaint.lodged(cast, matter=order.matter)
    other = complaint.lodged(cast, matter=order.matter, caller_phone="19900000403", outside_no="")
    he = Seat("he")
    for one, hears in ((his, True), (other, False)):
        he.get(f"/t/{one.id}")
        he.post(f"/t/{one.id}/call", key=he.key(), channel="110", words="又打来。", progress="")
        with reading(cast.he):
            told = queries.contacts(one)[-1].progress_told
        assert (notice.number in told) is hears
        assert "清和街道" in told


def test_the_answer_is_told_to_the_phone_that_asked(street: str, cast: Cast) -> None:
    one = complaint.answered(cast)
    chen = Seat("chen")
    for phone, hears in (("19900000402", True), ("19900000403", False), ("", False)):
        chen.get("/t/new")
        chen.post("/t/new", key=chen.key(), **(CALL | {"caller_phone": phone, "words": "怎么样了？"}))
        assert (complaint.ANSWER in chen.page) is hears, phone
        chen.post(
            "/t/new", key=chen.key(), same=str(one.id), **(CALL | {"caller_phone": phone, "words": "？"})
        )
        with reading(cast.chen):
            told = queries.contacts(one)[-1].progress_told
        assert (complaint.ANSWER in told) is hears and "0226-001" in told


def test_a_community_logs_calls_and_lodges_none(street: str, cast: Cast) -> None:
    one = complaint.lodged(cast)
    wang = Seat("wang", "en")
    wang.get("/t/new")
    said = {k: v for k, v in CALL.items() if k != "community"} | {
        "words": "打到居委会来了。",
        "key": wang.key(),
    }
    wang.post("/t/new", **said)
    assert "Log as a repeat call" in wang.page and "Open a new ticket" not in wang.page
    wang.post("/t/new", **said, same="new")
    assert wang.status == 403
    wang.get("/t/new")
    wang.post("/t/new", **(said | {"spoken": "3-1-601", "caller_phone": "", "outside_no": ""}))
    assert "the street desk opens one" in wang.words() and "打到居委会来了。" in wang.page
    wang.get("/t/new")
    wang.post("/t/new", **(said | {"key": str(new_id())}), same=str(one.id))
    assert wang.at == f"/t/{one.id}"
    with reading(cast.wang):
        assert queries.calls(one) == 2


def test_a_call_that_does_not_fit_comes_back_with_what_was_typed(street: str, cast: Cast) -> None:
    chen = Seat("chen", "en")
    chen.get("/t/new")
    chen.post("/t/new", key=chen.key(), **(CALL | {"words": "", "spoken": "9-9-999", "caller_phone": "x"}))
    assert chen.status == 422 and chen.page.count('class="err"') == 3
    assert 'value="9-9-999"' in chen.page and 'value="宁小松"' in chen.page
    chen.post("/t/new", key=chen.key(), **(CALL | {"community": ""}))
    assert chen.status == 422 and "in which community" in chen.page
    for wrong in ({"community": "110198002001"}, {"channel": "drone"}, {"type": ""}, {"spoken": "x" * 21}):
        chen.post("/t/new", key=chen.key(), **(CALL | wrong))
        assert chen.status == 422, wrong
    chen.post("/t/new", key=chen.key(), same="rubbish", **CALL)
    assert chen.status == 404
    assert all_tickets(cast) == []


def test_sent_twice_is_lodged_once(street: str, cast: Cast) -> None:
    chen = Seat("chen")
    chen.get("/t/new")
    said = CALL | {"key": chen.key(), "same": "new"}
    chen.post("/t/new", **said)
    first = chen.at
    chen.post("/t/new", **said)
    assert chen.at == first and len(all_tickets(cast)) == 1


def test_a_ticket_goes_its_way_through_the_pages(street: str, cast: Cast, later: Later) -> None:
    one = complaint.lodged(cast)
    chen, pan, li, he = Seat("chen"), Seat("pan", "en"), Seat("li"), Seat("he")
    page = f"/t/{one.id}"
    chen.get(page)
    assert f"{page}/accept" in chen.page and f"{page}/answer" not in chen.page
    chen.post(f"{page}/accept", key=chen.key())
    li.get(page)
    assert f"{page}/accept" not in li.page and f"{page}/answer" not in li.page
    li.post(f"{page}/speak", key=li.key(1), channel="phone", words="听他说了一小时。")
    he.get(page)
    he.post(
        f"{page}/call",
        key=he.key(),
        channel="110",
        words="打了110。",
        outside_no="110-88",
        progress="已告知。",
    )
    chen.get(page)
    chen.post(f"{page}/answer", key=chen.key(), words="")
    assert chen.status == 422 and 'class="err"' in chen.page
    chen.post(f"{page}/answer", key=chen.key(), words=complaint.ANSWER)
    assert complaint.ANSWER in chen.words() and f"{page}/call-back" not in chen.page
    pan.get(page)
    pan.post(f"{page}/call-back", key=pan.key(), reached="yes", heard="yes", solved="no")
    assert pan.status == 422 and "Ask this too" in pan.page
    pan.post(
        f"{page}/call-back",
        key=pan.key(),
        reached="yes",
        heard="yes",
        solved="no",
        satisfied="no",
        words="没",
    )
    assert "Written down" in pan.page
    pan.post(f"{page}/close", key=pan.key(), why="")
    assert pan.status == 422 and "not solved" in pan.page
    pan.post(f"{page}/reopen", key=pan.key(), why="草莓还在棚里。")
    chen.get(page)
    assert "草莓还在棚里。" in chen.words()
    chen.post(f"{page}/answer", key=chen.key(), words="已卖出。")
    pan.get(page)
    pan.post(f"{page}/call-back", key=pan.key(), reached="yes", heard="yes", solved="yes", satisfied="yes")
    pan.post(f"{page}/close", key=pan.key(), why="")
    assert "closed" in pan.words() and "199****0402" in pan.words() and "19900000402" not in pan.page
    li.get("/tickets", which="closed")
    assert one.number in li.words()


def test_the_callers_number_is_read_for_a_reason_and_stands_there_once(street: str, cast: Cast) -> None:
    one = complaint.lodged(cast)
    wang, zhao = Seat("wang"), Seat("zhao")
    wang.get(f"/t/{one.id}")
    assert "19900000402" not in wang.page
    wang.post(f"/t/{one.id}/reveal", reason="")
    assert wang.status == 422 and "19900000402" not in wang.page
    wang.post(f"/t/{one.id}/reveal", reason="contact")
    assert 'href="tel:19900000402"' in wang.page
    wang.get(f"/t/{one.id}")
    assert "19900000402" not in wang.page
    with reading(cast.wang):
        (line,) = Line.objects.filter(kind="ticket.revealed")
    assert line.facts == {"number": "0226-001", "reason": "contact"}
    zhao.get(f"/t/{one.id}")
    assert "/reveal" not in zhao.page
    zhao.post(f"/t/{one.id}/reveal", reason="contact")
    assert zhao.status == 403


def test_whoever_accepts_second_is_told_who_was_first(street: str, cast: Cast) -> None:
    one = complaint.lodged(cast)
    chen, pan = Seat("chen"), Seat("pan", "en")
    chen.get(f"/t/{one.id}")
    pan.get(f"/t/{one.id}")
    chen.post(f"/t/{one.id}/accept", key=chen.key())
    pan.post(f"/t/{one.id}/accept", key=pan.key())
    assert pan.status == 409 and "陈立 already took this" in pan.words()


def test_who_handled_it_is_refused_as_caller_back(street: str, cast: Cast) -> None:
    one = complaint.answered(cast)
    chen = Seat("chen", "en")
    chen.get(f"/t/{one.id}")
    assert "Somebody else calls back" in chen.words()
    chen.post(
        f"/t/{one.id}/call-back", key=str(new_id()), reached="yes", heard="yes", solved="yes", satisfied="yes"
    )
    assert chen.status == 403 and "somebody else does" in chen.words()


def test_the_list_has_saved_views_with_their_numbers(street: str, cast: Cast, later: Later) -> None:
    complaint.lodged(cast)
    complaint.lodged(cast, category="danger", outside_no="")
    complaint.answered(cast, outside_no="")
    chen, li, fang = Seat("chen", "en"), Seat("li", "en"), Seat("fang", "en")
    for seat in (chen, li):
        seat.get("/tickets")
        assert (
            "To accept 2" in seat.words()
            and "Due soon 1" in seat.words()
            and "To call back 1" in seat.words()
        )
        assert "0226-001" in seat.words() and "0226-003" not in seat.words() and "12345" in seat.words()
        assert seat.statements <= 8
    fang.get("/tickets")
    assert "Nothing here" in fang.words() and "0226" not in fang.words()
    later(125)
    chen.get("/tickets", which="soon")
    assert "overdue" in chen.words()
    for wrong in ({"which": "mine"}, {"which": "closed", "before": "x"}):
        chen.get("/tickets", **wrong)
        assert chen.status == 404, wrong


def test_the_closed_are_turned_over_by_pages(
    street: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lianfang.doors.desk import tickets as desk_tickets

    monkeypatch.setattr(desk_tickets, "SHOWN", 2)
    for number in range(3):
        one = complaint.answered(cast, outside_no=f"n{number}")
        tickets.call_back(one, reached=True, heard=True, solved=True, satisfied=True, by=cast.pan, at=STORY)
        tickets.close(complaint.found(one.id, cast.chen), by=cast.chen, at=STORY)
    chen = Seat("chen")
    chen.get("/tickets", which="closed")
    assert "0226-003" in chen.words() and "0226-001" not in chen.words()
    (older,) = re.findall(r'href="(/tickets\?which=closed&before=[^"]+)"', chen.page)
    chen.get(older)
    assert "0226-001" in chen.words() and "0226-003" not in chen.words()


def test_the_case_page_joins_the_matter(street: str, cast: Cast, later: Later) -> None:
    order, notice = night.issued(cast)
    one = complaint.lodged(cast, matter=order.matter)
    tickets.log_call(one, channel="110", outside_no="110-88", words="打了110。", by=cast.he, at=STORY)
    tickets.speak(one, channel="phone", words="听他说了一小时。", by=cast.wang, at=STORY)
    notes.write(DOOR, text="门口谈到三点。", how="door", matter=order.matter, by=cast.li, at=STORY)
    li = Seat("li", "en")
    li.get(f"/m/{order.matter}")
    for words in ("宁小松", "3-2-402", notice.number, one.number, "京12345-0226-0417", "110-88", "2 calls",
                  "听他说了一小时。", "门口谈到三点。", "Calls and visits", "王秀英", "何伟", "李建华"):  # fmt: skip
        assert words in li.words(), words
    assert "Issued" not in li.words()[li.words().index("Calls and visits") :]
    li.get(f"/m/{order.matter}", lines="all")
    assert "Issued" in li.words() and "What happened" in li.words()
    li.post(
        f"/m/{order.matter}/note", key=li.key(), text="交班：明早八点上门。", how="handover", promise="八点上门听困难",
        promise_due="2020-02-27T08:00",
    )  # fmt: skip
    assert (
        "What was promised" in li.words()
        and "八点上门听困难" in li.words()
        and "李建华 · until 27 Feb 08:00" in li.words()
    )
    assert li.at == f"/m/{order.matter}" and "交班：明早八点上门。" in li.words()
    with reading(cast.li):
        assert Line.objects.filter(kind="note.written", matter=order.matter, where=DOOR).count() == 2
    li.post(f"/m/{order.matter}/note", key=str(new_id()), text="", how="phone")
    assert li.status == 422
    fewer = li.statements
    for number in range(6):
        tickets.log_call(
            one, channel="12345", outside_no=f"n{number}", words="又来。", by=cast.wang, at=STORY
        )
    li.get(f"/m/{order.matter}")
    first = li.statements
    complaint.lodged(cast, matter=order.matter, outside_no="x")
    li.get(f"/m/{order.matter}")
    assert li.statements == first and fewer


def test_the_case_page_says_what_waits_for_whom(street: str, cast: Cast) -> None:
    order, _notice = night.issued(cast)
    one = complaint.lodged(cast, matter=order.matter)
    page, door = f"/m/{order.matter}", f"{HOME}-3-2-402"
    chen, li, pan, zhou = Seat("chen"), Seat("li"), Seat("pan"), Seat("zhou")

    def waits(seat: Seat) -> set[str]:
        seat.get(page)
        return set(re.findall(r'<a class="btn(?: pr)?" href="(/[ton]/[^"]+)"', seat.page))

    assert waits(chen) == {f"/t/{one.id}", f"/t/new?home={door}", f"/n/new?home={door}"}
    assert f"/o/{order.id}" in waits(li) and f"/t/{one.id}" not in waits(li)
    tickets.accept(one, by=cast.chen, at=STORY)
    tickets.answer(one, words=complaint.ANSWER, by=cast.chen, at=STORY)
    assert f"/t/{one.id}" in waits(pan) and f"/t/{one.id}" not in waits(chen)
    zhou.get(page)
    assert zhou.status == 403


def test_a_matter_nobody_knows_or_of_another_community_is_not_there(street: str, cast: Cast) -> None:
    one = complaint.lodged(cast)
    fang = Seat("fang")
    for page in (f"/m/{one.matter}", f"/t/{one.id}", f"/m/{new_id()}", f"/t/{new_id()}"):
        fang.get(page)
        assert fang.status == 404
    with reading(cast.fang):
        assert not Contact.objects.exists()
