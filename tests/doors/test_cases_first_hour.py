"""The first hour through the desk's pages, without a script and without a browser: every form is sent as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from lianfang.ground.acts import reading
from lianfang.reports import timeline
from tests import night
from tests.cast import Cast
from tests.doors.at_the_desk import Seat

Later = Callable[[float], datetime]
CALL = {
    "post": "马坊进京检查站", "officer": "赵警官", "callback": "19900000110", "asked_for": "宁小松", "id_tail": "",
    "plate": "京A00000", "asks": "lives_here",
}  # fmt: skip
FACTS = {
    "origin": "大厂", "arrived_on": "2020-02-26", "nights_away": "0", "lives_in": "北京市 11", "works_in": "11",
    "purpose": "goods", "how_often": "weekly", "transport": "own_vehicle", "occupation": "grower",
    "lodging": "own_home", "central_unit": "no",
    "high_incidence_14d": "no", "to_key_area": "no", "symptom": "no", "on": "2020-02-26",
}  # fmt: skip
INTERIM = "今晚先在家等批复，早晚各报一次体温。"


def noted(wang: Seat) -> str:
    """The call is noted; the address of its page."""
    wang.get("/v/new")
    wang.post("/v/new", key=wang.key(), **CALL)
    assert wang.status == 200 and "/v/" in wang.at, wang.words()
    return wang.at


def answered(wang: Seat) -> str:
    """He is found and the question answered; the address of the page."""
    call = noted(wang)
    assert "宁小松" in wang.words() and "3-2-402" in wang.words()
    person = re.findall(r'name="person" value="([^"]+)"', wang.page)[0]
    wang.post(f"{call}/person", person=person)
    assert "Answer only what was asked" in wang.words()
    wang.post(f"{call}/answer", key=wang.key(), person=person, answer="yes", words="")
    assert wang.status == 200, wang.words()
    wang.post(f"{call}/settle", key=wang.key(), result="passed")
    assert wang.status == 200, wang.words()
    return call


def unclear(seat: Seat, call: str) -> str:
    """The rules have been asked; the address of the answer."""
    seat.get(call)
    (start,) = re.findall(r'href="(/assess\?[^"]+)"', seat.page)
    seat.get(start)
    seat.post(start, key=seat.key(), **FACTS)
    assert seat.status == 200 and seat.at.startswith("/a/"), seat.words()
    return seat.at


def asked_up(li: Seat, assessed: str) -> str:
    """The director has asked; the address of the question."""
    li.get(f"{assessed}/ask")
    wording = re.findall(r'<textarea name="question"[^>]*>([^<]*)', li.page)[0]
    assert wording.endswith("on which clause?") and len(wording) <= 602
    li.post(
        f"{assessed}/ask", key=li.key(), question="每周往大厂送货，当天往返，是否要求居家观察？", view="modified", view_days="14",
        view_words="没有过夜。", interim=INTERIM, due="2020-02-26T23:50",
    )  # fmt: skip
    assert li.status == 200 and li.at.startswith("/q/"), li.words()
    return li.at


def ruled(chen: Seat, question: str) -> str:
    """The street's duty officer has ruled."""
    chen.get(question)
    chen.post(f"{question}/rule", key=chen.key(), answer="required", days="14", ground="discretion", clause="",
              reason="现行通知没有说到当天往返的人，从严掌握。")  # fmt: skip
    assert chen.status == 200, chen.words()
    return question


def issued(zhao: Seat, question: str) -> str:
    """The street leader has issued the order; its address."""
    zhao.get(question)
    (form,) = re.findall(r'href="(/q/[^"]+/order)"', zhao.page)
    zhao.get(form)
    zhao.post(form, **order_form(zhao))
    assert zhao.status == 200 and zhao.at.startswith("/o/"), zhao.words()
    return zhao.at


def order_form(zhao: Seat, **other: str) -> dict[str, str]:
    """The form of the order as it stands on the page, with another value here and there."""
    counted = re.findall(r'name="counted" value="([^"]*)"', zhao.page)[0]
    return {
        "key": zhao.key(), "measure": "home_observation", "days": "14", "first_day": "2020-02-26", "clause": "",
        "reason": "2月26日往返河北大厂送货。", "remedy": "可以申请行政复议。", "counted": counted,
    } | other  # fmt: skip


def test_five_people_do_the_first_hour(street: str, cast: Cast, later: Later) -> None:
    wang = Seat("wang", "en")
    call = answered(wang)
    later(35)
    li = Seat("li", "en")
    assessed = unclear(li, call)
    said = li.words()
    assert "unclear" in said and "paraphrase" in said and "the text does not say" in said
    assert "Lives in" not in said and "does not fit" in said  # the mirror image of the commuters' exemption
    assert "later" in said and "elsewhere" in said
    later(40)
    question = asked_up(li, assessed)
    later(70)
    chen = Seat("chen", "en")
    ruled(chen, question)
    later(85)
    zhao = Seat("zhao", "en")
    zhao.get(question)
    (form,) = re.findall(r'href="(/q/[^"]+/order)"', zhao.page)
    zhao.get(form)
    assert "Day 0 26 Feb Last day 11 Mar Release due 12 Mar 00:00" in zhao.words()
    order = issued(zhao, question)
    later(120)
    liu = Seat("liu", "en")
    liu.get(order)
    liu.post(
        f"{order}/refuse",
        key=liu.key(1),
        words="我就是路过送个货，车都没下，凭什么关我14天？",
        witness="郭玉芬",
    )
    assert "凭什么" in liu.words()
    liu.get(f"{order}/notice")
    assert "清和街居观〔2020〕1号" in liu.words() and "12 Mar 2020" in liu.words()
    liu.get(order)
    liu.post(
        f"{order}/serve",
        key=liu.key(),
        how="paper",
        to_whom="himself",
        proof="signed",
        proof_words="",
        remedy_told="on",
    )
    assert liu.status == 200 and "Notice served" in liu.words(), liu.words()

    with reading(cast.li):
        told = [one.line.kind for one in timeline.of_door(night.DOOR)]
    assert [kind for kind in told if kind not in ("resident.registered", "question.applied")] == [
        "verification.asked", "verification.answered", "verification.settled", "assessment.made", "question.asked",
        "question.ruled", "order.issued", "notice.refused", "notice.served",
    ]  # fmt: skip
