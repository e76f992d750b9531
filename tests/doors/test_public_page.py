"""The resident's own page: what it says, what he can do there, and that it is nobody else's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from lianfang.ground import clock
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.rooms import aid, messages, notes, orders, people, tickets
from lianfang.rooms.aid.models import Need, Pledge
from lianfang.rooms.messages.models import Message
from lianfang.rooms.orders.models import Objection, Order
from lianfang.rooms.people.models import Resident
from lianfang.rooms.people.roles import the_clock
from lianfang.rooms.tickets.models import Ticket
from tests import night
from tests.cast import DOOR, STORY, Cast

from .at_his_page import Visitor, slip

pytestmark = pytest.mark.usefixtures("street")

CSS = Path(__file__).resolve().parents[2] / "lianfang/doors/public/static/public/public.css"
WORDS = "我一天没在外面过夜，凭什么关我十四天？"


def bound(cast: Cast, told: bool = True) -> Order:
    """He is bound, and heard the notice without accepting it; ``told``: his page says so too."""
    order, notice = night.issued(cast)
    orders.refuse_notice(notice, words="坚决不签", witness="王秀英", by=cast.liu, at=STORY)
    if told:
        night.follow_up()
    return night.get(Order, order.id, cast.wang)


def at_home(cast: Cast, order: Order, **visitor: Any) -> Visitor:
    """He has typed the code of a slip about the order."""
    code, _id = slip(cast, matter=order.matter, release=order.release_due)
    him = Visitor(**visitor)
    him.enter(code)
    assert (him.status, him.at) == (200, "/r/me"), him.words()
    return him


def sold(cast: Cast, order: Order, delivered: bool = True) -> Need:
    """The strawberries: needed, pledged by two neighbours, delivered or on the way."""
    proposed = aid.propose(
        DOOR, kind="sell", item="草莓", words="压在棚里", matter=order.matter, by=cast.li, at=STORY
    )
    need = night.get(Need, proposed.id, cast.li)
    with night.reading(cast.li):
        owner = people.models.Worker.objects.get(id=cast.worker("liu"))
    aid.confirm(
        need, owner=owner, due=STORY + timedelta(days=2), kind="sell", item="草莓", quantity=Decimal(200), unit="jin",
        price=Decimal(15), by=cast.li, at=STORY,
    )  # fmt: skip
    for name in ("邻居甲乙", "邻居丙丁"):
        line = aid.pledge(
            need, by_kind="neighbour", by_name=name, quantity=Decimal(100), by=cast.li, at=STORY
        )
        if delivered:
            aid.deliver(
                night.get(Pledge, line.id, cast.li),
                quantity=Decimal(100),
                yuan=Decimal(1500),
                by=cast.li,
                at=STORY,
            )
    return night.get(Need, need.id, cast.li)


# What it says


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_says_the_five_lines_and_how_to_object(cast: Cast, language: str) -> None:
    order = bound(cast)
    him = at_home(cast, order, language=language)
    said = him.words()
    with translation.override(language):
        for words in (
            order.get_measure_display(), order.reason, order.authority, "赵国强", order.remedy, "清和街居观〔2020〕1号",
        ):  # fmt: skip
            assert str(words) in said
    if language == "en":
        assert "Please stay at home for now" in said and "14 days left" in said
        assert "The last day is 11 March 2020" in said or "The last day is 11 Mar 2020" in said
        assert "ruled on it" in said
    else:
        assert "这几天请先在家" in said and "还有 14 天" in said
        assert "3月11日" in said and "3月12日 00:00" in said
        assert "街道作了批复" in said


def test_a_clause_stands_there_in_its_words(cast: Cast) -> None:
    assessment = night.assessed(cast, facts=night.NING | {"nights_away": 3})
    line = orders.issue(
        night.ning(cast.zhao),
        by=cast.zhao,
        at=STORY,
        **night.order_words(matter=assessment.matter, clause=night.CLAUSE),
    )
    order = night.get(Order, line.id, cast.zhao)
    for language, words in (
        ("zh-hans", "大意是：所有返京人员，到京后居家或集中观察14天。"),
        ("en", "Everyone returning to Beijing is observed for 14 days, at home or centrally."),
    ):
        assert words in at_home(cast, order, language=language).words().replace(" ：", "：").replace(
            "： ", "："
        )


def test_the_days_count_down_and_the_end_is_told(cast: Cast, later: Any) -> None:
    order = bound(cast)
    code, _id = slip(cast, matter=order.matter, release=order.release_due)
    told = {}
    for day in (1, 13, 14, 15):
        clock.move_to(STORY + timedelta(days=day))
        him = Visitor()
        him.enter(code)
        told[day] = him.words()
    assert "还有 13 天" in told[1] and "还有 1 天" in told[13] and "还有 0 天" in told[14]
    assert "观察期已满" in told[15] and "如果还没有人告诉您，请打社区电话或 12345" in told[15]
    at = STORY + timedelta(days=15)
    due = night.get(Order, order.id, cast.li)
    orders.verify_release(due, why_missed="没有安排", by=cast.li, at=at)
    line = orders.release(night.get(Order, order.id, cast.zhao), by=cast.zhao, at=at)
    night.follow_up()
    him.get("/r/me")
    assert "目前对您没有限制" in him.words() and line.facts["number"] in him.words()
    assert "您已解除" in him.words(), "and he was told so"


def test_without_an_order_nothing_binds_him(cast: Cast) -> None:
    code, _id = slip(cast)
    him = Visitor()
    him.enter(code)
    assert "目前对您没有限制" in him.words() and "没有对您作出任何限制决定" in him.words()


def test_nothing_of_others_of_his_home_is_on_it(cast: Cast) -> None:
    """Her order, his wife's need in another matter, care marks, notes, the phone's number: at his door, and not on his page."""
    order = bound(cast)
    with night.reading(cast.zhao):
        wife = Resident.objects.get(where=DOOR, name="曾兰")
    people.mark_care(wife, kind="pregnant", note="金丝雀预产期", by=cast.sun, at=STORY)
    people.mark_care(night.ning(cast.sun), kind="treatment", note="金丝雀透析", by=cast.sun, at=STORY)
    notes.write(DOOR, text="金丝雀家里吵架", how="door", matter=order.matter, by=cast.wang, at=STORY)
    assessment = night.assessed(cast, facts=night.NING | {"nights_away": 3})
    line = orders.issue(
        wife, by=cast.zhao, at=STORY,
        **night.order_words(matter=assessment.matter, clause=night.CLAUSE, reason="金丝雀妻子从武汉回来"),
    )  # fmt: skip
    aid.propose(
        DOOR, kind="doctor", item="金丝雀产检", words="金丝雀", matter=line.matter, by=cast.li, at=STORY
    )
    messages.send(DOOR, resident=wife, words="金丝雀给妻子的话", by=cast.wang, at=STORY)
    sold(cast, order)
    him = at_home(cast, order)
    for canary in ("金丝雀", "曾兰", "19900000402", "110101", "邻居甲乙", "坚决不签"):
        assert canary not in him.page, canary
    assert "草莓" in him.page and "邻居 × 2" in him.page.replace("一位", "")
    code, _id = slip(cast, "曾兰", matter=line.matter)
    her = Visitor()
    her.enter(code)
    assert "金丝雀妻子从武汉回来" in her.page and "金丝雀给妻子的话" in her.page
    assert order.reason not in her.page and "草莓" not in her.page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_and_its_style_are_light(cast: Cast, language: str) -> None:
    """Twenty thousand bytes, uncompressed, on the fullest day: order, objection, help, a ticket's whole way."""
    order = bound(cast)
    him = at_home(cast, order, language=language)
    him.post("/r/object", words=WORDS, order=str(order.id), key=him.hidden("key"))
    him.post("/r/request", words="草莓怎么办？", type="help", key=str(new_id()))
    sold(cast, order)
    night.follow_up()
    him.get("/r/me")
    assert him.status == 200
    assert len(him.answer.content) + CSS.stat().st_size <= 20_000
    assert "<script" not in him.page and "style=" not in him.page and " on" + "click" not in him.page


def test_it_takes_a_constant_number_of_statements(cast: Cast) -> None:
    order = bound(cast)
    him = at_home(cast, order)
    him.get("/r/me")
    few = him.statements
    for n in range(6):
        messages.send(DOOR, resident=night.ning(cast.wang), words=f"第{n}句", by=cast.wang, at=STORY)
    sold(cast, order)
    him.get("/r/me")
    assert him.statements <= few + 1 <= 12


# What he can do there


def test_he_objects_in_his_own_words_and_another_person_answers(cast: Cast) -> None:
    order = bound(cast)
    him = at_home(cast, order)
    him.post("/r/object", words=WORDS, order=str(order.id), key=him.hidden("key"))
    assert him.status == 200 and "您的异议已经记下" in him.words()
    with night.reading(cast.wang):
        made = Objection.objects.get(order=order)
        line = Line.objects.get(kind="order.objected")
    assert (line.by, line.role, line.via) == (order.resident_id, "resident", "public")
    assert made.words == WORDS and made.answer_due == STORY.replace(hour=22, minute=0) + timedelta(hours=72)
    assert made.answer_by_name == "潘雨", "chen ruled and zhao decided: neither answers"
    assert WORDS in him.words() and "潘雨" in him.words() and "我有异议" not in him.words()
    orders.answer_objection(
        night.get(Objection, made.id, cast.pan),
        outcome="stands",
        answer="批复已复核。",
        by=cast.pan,
        at=STORY,
    )
    night.follow_up()
    him.get("/r/me")
    assert "批复已复核。" in him.words() and "您对 清和街居观" in him.words() and "我有异议" in him.words()


def test_he_objects_once_however_often_he_presses(cast: Cast) -> None:
    order = bound(cast)
    him = at_home(cast, order)
    key = him.hidden("key")
    for _press in range(2):
        him.post("/r/object", words=WORDS, order=str(order.id), key=key)
        assert him.status == 200
    him.post("/r/object", words="再说一遍", order=str(order.id), key=str(new_id()))
    assert (him.status == 409 and "已经在等答复" in him.words()) or him.status == 409
    with night.reading(cast.wang):
        assert Objection.objects.count() == 1


def test_what_he_wrote_is_kept_when_it_is_refused(cast: Cast) -> None:
    order = bound(cast)
    him = at_home(cast, order)
    for words, kept in (("", False), (" \n ", False), ("长" * 1001, True), ("坏\ufffd字", True)):
        him.post("/r/object", words=words, order=str(order.id), key=str(new_id()))
        assert him.status == 422, words[:9]
        assert (words in him.page) == (kept or not words.strip())
    with night.reading(cast.wang):
        assert not Objection.objects.exists()


def test_before_the_notice_is_brought_he_cannot_object_and_is_told_so(cast: Cast) -> None:
    order, _notice = night.issued(cast)
    him = at_home(cast, order)
    assert "告知书正在送来" in him.words() and "我有异议" not in him.words()
    him.post("/r/object", words=WORDS, order=str(order.id), key=str(new_id()))
    assert him.status in (409, 422)


def test_a_request_becomes_a_ticket_of_the_street_and_he_sees_how_it_goes_on(cast: Cast) -> None:
    order = bound(cast)
    him = at_home(cast, order)
    him.post("/r/request", words="草莓怎么办？", type="help", key=him.hidden("key", 1))
    assert him.status == 200
    with night.reading(cast.chen):
        ticket = Ticket.objects.get()
        assert (ticket.where, ticket.door, ticket.channel, ticket.type) == (DOOR[:9], DOOR, "web", "help")
        assert (ticket.caller_name, ticket.opened("caller_phone")) == ("宁小松", "19900000402")
        assert (ticket.matter, ticket.words) == (order.matter, "草莓怎么办？")
        line = Line.objects.get(kind="ticket.lodged")
    assert (line.by, line.role) == (order.resident_id, "resident")
    assert ticket.number in him.words()
    tickets.accept(ticket, by=cast.chen, at=STORY)
    tickets.answer(night.get(Ticket, ticket.id, cast.chen), words="已联系邻居购买。", by=cast.chen, at=STORY)
    night.follow_up()
    him.get("/r/me")
    assert "已联系邻居购买。" in him.words() and f"您的诉求 {ticket.number} 已答复" in him.words()


def test_whoever_calls_for_him_is_not_told_on_and_a_strange_kind_of_request_is_help(cast: Cast) -> None:
    order = bound(cast)
    him = at_home(cast, order)
    him.post("/r/request", words="有事", type="report", key=str(new_id()))
    with night.reading(cast.chen):
        assert Ticket.objects.get().type == "help"


def test_he_says_that_it_has_arrived(cast: Cast) -> None:
    order = bound(cast)
    need = sold(cast, order)
    him = at_home(cast, order)
    assert "已到 200" in him.words() and "已付 3000 元" in him.words()
    him.post(f"/r/arrived/{need.id}", words="钱也收到了")
    assert him.status == 200 and "谢谢" in him.words()
    met = night.get(Need, need.id, cast.li)
    assert (met.state, met.met_words) == ("met", "钱也收到了")
    him.post(f"/r/arrived/{need.id}")
    assert him.status == 409


def test_what_is_on_its_way_cannot_be_called_arrived(cast: Cast) -> None:
    order = bound(cast)
    need = sold(cast, order, delivered=False)
    him = at_home(cast, order)
    assert "在路上 200" in him.words() and not him.links("/r/arrived/")
    him.post(f"/r/arrived/{need.id}")
    assert him.status == 409 and night.get(Need, need.id, cast.li).state == "open"


def test_he_says_that_he_has_read_it(cast: Cast) -> None:
    order = bound(cast)
    him = at_home(cast, order)
    (address,) = him.links("/r/seen/")
    him.post(address)
    assert "您看过了" in him.words() or "您已看过" in him.words()
    with night.reading(the_clock()):
        assert Message.objects.get().state == "acknowledged"


def test_what_is_not_his_is_answered_like_what_is_not_there(cast: Cast) -> None:
    order = bound(cast)
    with night.reading(cast.wang):
        wife = Resident.objects.get(where=DOOR, name="曾兰")
    hers = messages.send(DOOR, resident=wife, words="给她的话", by=cast.wang, at=STORY).id
    need = aid.propose(DOOR, kind="doctor", words="产检", by=cast.li, at=STORY).id
    him = at_home(cast, order)
    known = {"seen": hers, "arrived": need}
    for name, id in known.items():
        for one in (id, new_id()):
            him.post(f"/r/{name}/{one}")
            assert (him.status, "这里没有这个页面" in him.words()) == (404, True), name
    for named in (str(new_id()), "", "x", str(hers), "\0"):
        him.get("/r/me")
        him.post("/r/object", words=WORDS, order=named, key=str(new_id()))
        assert him.status == 404, named
    with night.reading(cast.wang):
        assert not Objection.objects.exists()
        assert Message.objects.get(id=hers).state == "waiting"
