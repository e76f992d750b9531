"""Needs at the desk: a note's proposal is confirmed with an owner, neighbours give their word by phone, what came is noted,
and the sums on the page add up."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

import pytest

from lianfang.ground.acts import reading
from lianfang.rooms import aid, notes
from lianfang.rooms.aid import queries
from lianfang.rooms.aid.models import Interview, Need, Pledge
from tests import night
from tests.cast import DOOR, HOME, STORY, Cast
from tests.doors.at_the_desk import Seat
from tests.rooms.aid import helping

CONFIRM = {
    "kind": "sell",
    "item": "草莓",
    "quantity": "200",
    "unit": "jin",
    "price": "15",
    "perish_by": "2020-03-01",
    "due": "2020-03-01T12:00",
}


def table(seat: Seat) -> dict[str, list[str]]:
    """The sums as they stand on the page."""
    body = re.search(r'<table class="adds">.*?<tbody>(.*?)</tbody>', seat.page, re.DOTALL)
    assert body is not None
    rows = re.findall(r"<tr.*?>(.*?)</tr>", body[1], re.DOTALL)
    return {re.findall(r"<th.*?>(.*?)</th>", row)[0]: re.findall(r"<td.*?>(.*?)</td>", row) for row in rows}


def test_a_note_is_read_confirmed_helped_and_met(street: str, cast: Cast) -> None:
    notes.write(DOOR, text=helping.NOTE, how="door", by=cast.li, at=STORY)
    night.follow_up()
    li = Seat("li")
    li.get("/needs", which="proposed")
    assert "草莓 200 斤" in li.words() and "最晚 3月1日" in li.words()
    li.get(re.findall(r'href="(/n/[^"]+)"', li.page.split('class="rows"')[1])[0])
    need = li.at
    assert helping.NOTE in li.words() and "情况属实吗" in li.words() and 'value="200"' in li.page
    li.post(f"{need}/confirm", key=li.key(), owner=str(cast.liu.id), **CONFIRM)
    assert li.status == 200 and "已确认，开始办理。" in li.words() and "刘明" in li.words()
    assert table(li) == {
        "已到": ["0", "0"], "已认领未到": ["0", "0"], "还缺": ["200", "3000"], "共需要": ["200", "3000"],
    }  # fmt: skip

    wang = Seat("wang")
    wang.get(need)
    said = {"by_kind": "neighbour", "by_name": "单国庆", "by_phone": "19900000403", "quantity": "30"}
    wang.post(f"{need}/pledge", key=wang.key(), **said)
    assert wang.status == 200 and "199****0403" in wang.words() and "19900000403" not in wang.page
    wang.post(f"{need}/pledge", by_kind="canteen", by_name="街道机关食堂", quantity="180")
    assert wang.status == 409 and "只剩 170 斤：单国庆" in wang.words() and "街道机关食堂" in wang.page
    wang.post(f"{need}/pledge", by_kind="canteen", by_name="街道机关食堂", quantity="170")
    wang.get(need)
    first = re.findall(r'action="([^"]+/deliver)"', wang.page)[0]
    wang.post(first, quantity="20", yuan="300")
    assert "已到，记下" in wang.words()
    assert table(wang) == {
        "已到": ["20", "300"], "已认领未到": ["180", "2700"], "还缺": ["0", "0"], "共需要": ["200", "3000"],
    }  # fmt: skip
    assert "应付 3000 元，已付 300 元，还差 2700 元。" in wang.words()
    wang.post(f"{need}/met", words="好了。")
    assert wang.status == 409 and "还有 180 斤 已认领未到" in wang.words()
    for way, quantity, yuan in zip(
        re.findall(r'action="([^"]+/deliver)"', wang.page), ("10", "170"), ("150", "2550"), strict=True
    ):
        wang.post(way, quantity=quantity, yuan=yuan)
    wang.post(f"{need}/met", words="一颗没烂，谢谢大家。")
    assert wang.status == 200 and "本人确认办好" in wang.words() and "一颗没烂，谢谢大家。" in wang.words()
    assert not re.search(r'action="[^"]+/(deliver|pledge|withdraw|met|drop|confirm)"', wang.page)


def test_a_rough_quantity_is_left_open_in_the_form(street: str, cast: Cast) -> None:
    need = helping.proposed(cast, rough=True, words="两百来斤草莓卖不掉")
    li = Seat("li", "en")
    li.get(f"/n/{need.id}")
    assert "ask him" in li.words() and 'value="200"' not in li.page and "about 200 jin" in li.words()
    li.post(f"/n/{need.id}/confirm", owner=str(cast.liu.id), **(CONFIRM | {"quantity": ""}))
    assert li.status == 422 and night.get(Need, need.id, cast.li).state == "proposed"


def test_the_first_day_is_asked_at_the_door_of_an_order(street: str, cast: Cast) -> None:
    order, _notice = night.issued(cast)
    wang = Seat("wang")
    wang.get("/n/new", home="3-2-402")
    wang.post("/n/ask", key=wang.key(), home="3-2-402", ticked=["food", "rubbish"], words="菜够三天。")
    assert wang.status == 200 and wang.at == "/needs?which=proposed"
    with reading(cast.wang):
        assert Interview.objects.get().matter == order.matter
        assert {one.kind for one in queries.of_matter(HOME, order.matter)} == {"food", "rubbish"}
    wang.get("/n/new", home="3-2-402")
    assert "五样都已问过" in wang.words() and 'action="/n/ask"' not in wang.page
    liu = Seat("liu")
    liu.get("/n/new")
    liu.post("/n/ask", home="3-2-402", words="没说什么。")
    assert liu.status == 409 and "社工 王秀英" in liu.words() and "没说什么。" in liu.page


def test_a_need_noted_by_hand(street: str, cast: Cast) -> None:
    chen = Seat("chen")
    chen.get("/n/new", home=f"{HOME}-3-2-402")
    chen.post(
        "/n/new", key=chen.key(0), home=f"{HOME}-3-2-402", kind="care", unit="task", words="孩子没人接。"
    )
    assert chen.status == 200 and "孩子没人接。" in chen.words() and "照看" in chen.words()
    assert 'action="/n/ask"' not in chen.page


@pytest.mark.parametrize("home", ["", "3-9-999", "nowhere", "110198001002-3-2-402", "3", "x" * 400])
def test_a_door_that_is_none_is_refused_in_words(street: str, cast: Cast, home: str) -> None:
    wang = Seat("wang")
    wang.get("/n/new")
    for way, said in (("/n/new", {"kind": "food", "unit": "task"}), ("/n/ask", {})):
        wang.post(way, home=home, words="原话在这里", **said)
        assert wang.status == 422 and "原话在这里" in wang.page
    with reading(cast.wang):
        assert not Need.objects.exists()


def test_a_pledge_of_another_need_is_not_delivered_here(street: str, cast: Cast) -> None:
    one, other = helping.confirmed(cast), helping.confirmed(cast)
    given = helping.pledged(cast, other, 10)
    wang = Seat("wang")
    wang.get(f"/n/{one.id}")
    wang.post(f"/n/{one.id}/p/{given.id}/deliver", quantity="10")
    assert wang.status == 404 and night.get(Pledge, given.id, cast.wang).delivered == 0


def test_who_does_not_see_to_needs_is_offered_what_he_may(street: str, cast: Cast) -> None:
    need = helping.confirmed(cast)
    given = helping.pledged(cast, need, 10)
    guo = Seat("guo")
    guo.get(f"/n/{need.id}")
    ways = set(re.findall(r'action="/n/[^"]+/(\w+)"', guo.page))
    assert ways == {"pledge", "deliver"}
    guo.post(f"/n/{need.id}/p/{given.id}/withdraw", why="不要了")
    assert guo.status == 403
    zhou = Seat("zhou")
    zhou.get(f"/n/{need.id}")
    assert zhou.status == 403 and "草莓" not in zhou.page


def test_the_list_takes_no_more_statements_for_more_needs(street: str, cast: Cast) -> None:
    li = Seat("li")
    helping.confirmed(cast)
    li.get("/needs")
    few = li.statements
    for _ in range(6):
        helping.pledged(cast, helping.confirmed(cast), 5)
    li.get("/needs")
    assert li.statements <= few
    li.get("/needs", which="all")
    assert li.statements <= few


def test_an_unknown_list_or_need_is_refused(street: str, cast: Cast) -> None:
    li = Seat("li")
    for way in ("/needs?which=gold", "/needs?which=all&before=x", f"/n/{cast.li.id}"):
        li.get(way)
        assert li.status == 404


def test_paid_later_and_in_part_is_shown_as_it_is(street: str, cast: Cast, later: object) -> None:
    need = helping.confirmed(cast)
    given = helping.pledged(cast, need, 200)
    at: datetime = later(60)  # type: ignore[operator]
    aid.deliver(given, quantity=Decimal(200), by=cast.wang, at=at)
    wang = Seat("wang")
    wang.get(f"/n/{need.id}")
    (way,) = re.findall(r'action="([^"]+/deliver)"', wang.page)
    wang.post(way, quantity="0", yuan="1000.5")
    assert wang.status == 200 and "应付 3000 元，已付 1000.5 元，还差 1999.5 元。" in wang.words()
    wang.post(way, quantity="", yuan="2000")
    assert wang.status == 409 and "这笔认领共 3000 元，已付 1000.5 元。" in wang.words()
