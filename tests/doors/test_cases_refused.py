"""What the pages of a case refuse, and that nothing typed is lost when they do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client

from lianfang.ground.acts import reading
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.rooms.gates.models import Verification
from tests import night
from tests.cast import STORY, Cast
from tests.doors.at_the_desk import Seat

FORMS = ["answer", "settle"]


def written(cast: Cast, kind: str) -> int:
    """Lines of a kind in the street's notebook."""
    with reading(cast.chen):
        return Line.objects.filter(kind=kind).count()


@pytest.fixture
def case(street: str, cast: Cast) -> Iterator[Cast]:
    yield cast


def test_a_call_without_a_post_comes_back_with_what_was_typed(case: Cast) -> None:
    wang = Seat("wang", "en")
    wang.get("/v/new")
    wang.post("/v/new", key=wang.key(), post="", asked_for="宁小松", callback="12", asks="lives_here")
    assert wang.status == 422
    assert 'value="宁小松"' in wang.page and 'value="12"' in wang.page
    assert wang.page.count('class="err"') == 2
    assert written(case, "verification.asked") == 0


def test_a_form_sent_twice_is_done_once(case: Cast) -> None:
    wang = Seat("wang")
    wang.get("/v/new")
    said = {"key": wang.key(), "post": "马坊进京检查站", "asked_for": "宁小松", "asks": "lives_here"}
    wang.post("/v/new", **said)
    first = wang.at
    wang.post("/v/new", **said)
    assert wang.at == first and written(case, "verification.asked") == 1


def test_who_answers_second_is_told_who_was_first_and_keeps_his_words(case: Cast) -> None:
    call = night.asked(case)
    he, wang = Seat("he", "en"), Seat("wang", "en")
    for seat in (he, wang):
        seat.get(f"/v/{call.id}")
    he.post(f"/v/{call.id}/answer", key=he.key(), answer="no")
    wang.post(f"/v/{call.id}/answer", key=wang.key(), answer="unclear", words="同名两人，要再核对")
    assert wang.status == 409
    assert "何伟" in wang.words() and "同名两人，要再核对" in wang.words()
    assert written(case, "verification.answered") == 1


def test_the_answer_says_no_more_than_was_asked(case: Cast) -> None:
    call = night.asked(case)
    wang = Seat("wang", "en")
    wang.get(f"/v/{call.id}")
    person = re.findall(r'name="person" value="([^"]+)"', wang.page)[0]
    wang.post(f"/v/{call.id}/answer", key=new_id(), person=person, answer="yes", words="他女儿在发烧")
    assert wang.status == 422 and "Answer only what was asked" in wang.words()
    assert "他女儿在发烧" in wang.page
    assert night.get(Verification, call.id, case.wang).state == "asked"


def test_the_number_the_officer_said_comes_first(case: Cast) -> None:
    call = night.asked(case)  # it ends in 0002, which nobody's number does
    wang = Seat("wang", "en")
    assert "ends as he said" not in wang.get(f"/v/{call.id}")
    wang.get("/v/new")
    wang.post(
        "/v/new", key=wang.key(), post="马坊进京检查站", asked_for="宁", id_tail="00", asks="lives_here"
    )
    assert "ends as he said" in wang.page


def test_a_missing_thing_is_a_page_that_says_so(case: Cast) -> None:
    zhao, li = Seat("zhao"), Seat("li")
    for page in ("/v/{}", "/a/{}", "/q/{}", "/o/{}", "/o/{}/notice", "/q/{}/order", "/a/{}/order", "/e/{}"):
        zhao.get(page.format(uuid4()))
        assert zhao.status == 404, page
    li.get(f"/a/{uuid4()}/ask")
    assert li.status == 404
    li.get("/assess", call="none")
    assert li.status == 404


def test_a_neighbour_finds_nothing_there(case: Cast) -> None:
    order, _notice = night.issued(case)
    question = order.ruling
    fang = Seat("fang")
    for page in (f"/v/{order.matter}", f"/q/{question}", f"/o/{order.id}", f"/o/{order.id}/notice"):
        fang.get(page)
        assert fang.status == 404, page
    for page in (f"/q/{question}/rule", f"/o/{order.id}/serve", f"/o/{order.id}/refuse"):
        fang.get("/")
        fang.post(page, key=new_id(), words="x", answer="exempt", ground="discretion", reason="x", how="paper",
                  to_whom="himself", proof="signed", remedy_told="on")  # fmt: skip
        assert fang.status in (403, 404), page
    assert written(case, "notice.served") == written(case, "notice.refused") == 0


def test_who_sees_no_names_reads_no_case(case: Cast) -> None:
    order, _notice = night.issued(case)
    for name in ("zhou", "qian"):
        seat = Seat(name)
        for page in (f"/o/{order.id}", f"/q/{order.ruling}", f"/o/{order.id}/notice", "/v/new", "/assess"):
            seat.get(page)
            assert seat.status == 403, (name, page)
            assert "宁小松" not in seat.page


def test_the_community_neither_rules_nor_orders(case: Cast) -> None:
    question = night.asked_up(case)
    li = Seat("li", "en")
    li.get(f"/q/{question.id}")
    assert "Rule on it" not in li.words()
    li.post(f"/q/{question.id}/rule", key=new_id(), answer="exempt", ground="discretion", reason="x")
    assert li.status == 403
    li.get(f"/q/{question.id}/order")
    assert li.status == 403 and "does not decide" in li.words()


def test_a_ruling_by_discretion_keeps_its_words_until_it_has_its_days(case: Cast) -> None:
    question = night.asked_up(case)
    chen = Seat("chen", "en")
    chen.get(f"/q/{question.id}")
    chen.post(
        f"/q/{question.id}/rule",
        key=chen.key(),
        answer="required",
        ground="discretion",
        reason="每周往返，从严掌握。",
    )
    assert chen.status == 422 and "每周往返，从严掌握。" in chen.page and written(case, "question.ruled") == 0
    chen.post(f"/q/{question.id}/rule", key=chen.key(), answer="required", ground="clause",
              clause="beijing-2020-02-14/1", days="14")  # fmt: skip
    assert chen.status == 200 and written(case, "question.ruled") == 1
    assert "by a clause" in chen.words()


def test_an_order_is_issued_only_as_it_was_counted(case: Cast) -> None:
    question = night.ruled(case)
    zhao = Seat("zhao", "en")
    form = f"/q/{question.id}/order"
    zhao.get(form)
    said = {
        "measure": "home_observation",
        "first_day": "2020-02-26",
        "clause": "",
        "reason": "往返大厂。",
        "remedy": "复议。",
    }
    zhao.post(form, key=zhao.key(), days="7", counted="2020-03-11", **said)
    assert zhao.status == 409 and "Last day 4 Mar" in zhao.words() and "往返大厂。" in zhao.page
    zhao.post(form, key=zhao.key(), days="14", counted="2020-03-04", count="1", **said)
    assert zhao.status == 200 and "Last day 11 Mar" in zhao.words()
    zhao.post(form, key=zhao.key(), days="", counted="", **said)
    assert zhao.status == 422
    assert written(case, "order.issued") == 0
    zhao.post(form, key=zhao.key(), days="14", counted="2020-03-11", **said)
    assert zhao.status == 200 and written(case, "order.issued") == 1
    zhao.get(form)
    zhao.post(form, key=zhao.key(), days="14", counted="2020-03-11", **said)
    assert zhao.status == 409 and "already in force" in zhao.words() and "往返大厂。" in zhao.page


def test_an_exempting_ruling_leads_to_no_order(case: Cast) -> None:
    question = night.ruled(case, answer="exempt", days=None)
    zhao = Seat("zhao", "en")
    zhao.get(f"/q/{question.id}")
    assert '/order"' not in zhao.page
    zhao.get(f"/q/{question.id}/order")
    assert zhao.status == 409


def test_a_notice_needs_its_proof(case: Cast) -> None:
    order, _notice = night.issued(case)
    liu = Seat("liu", "en")
    liu.get(f"/o/{order.id}")
    liu.post(
        f"/o/{order.id}/serve", key=liu.key(), how="phone", to_whom="himself", proof="witness", proof_words=""
    )
    assert liu.status == 422 and written(case, "notice.served") == 0
    assert "Describe the proof" in liu.words()


def test_a_place_may_be_said_by_name_and_a_wrong_one_is_kept(case: Cast) -> None:
    li = Seat("li", "en")
    li.get("/assess")
    li.post("/assess", key=li.key(), on="2020-02-26", origin="大长县", nights_away="0")
    assert li.status == 422 and 'value="大长县"' in li.page
    li.post(
        "/assess", key=li.key(), on="2020-02-26", origin="Hebei", nights_away="20", arrived_on="2020-02-15"
    )
    assert li.status == 200 and "Hebei 13" in li.page and "home observation, 14 days" in li.words()


def test_no_key_no_sign_in_no_page(street: str) -> None:
    for page in ("/v/new", "/assess", "/e", "/e/beijing-2020-02-14"):
        answer = Client().get(page)
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in"), page


def test_rules_of_a_day_in_six_statements(street: str) -> None:
    wang = Seat("wang", "en")
    wang.get("/e")
    wang.get("/e")
    assert wang.statements <= 6 and "Seven exemptions" in wang.words()
    wang.get("/e", on="2020-02-01")
    assert wang.status == 200
    wang.get("/e", on="then")
    assert wang.status == 422


def test_what_pages_of_a_case_cost(case: Cast) -> None:
    order, _notice = night.issued(case)
    night.asked(case, STORY)
    zhao = Seat("zhao")
    cost = {}
    for page in (
        f"/o/{order.id}",
        f"/o/{order.id}/notice",
        f"/q/{order.ruling}",
        "/e",
        "/e/beijing-2020-02-21",
    ):
        zhao.get(page)
        zhao.get(page)
        cost[page.split("/")[1]] = cost.get(page.split("/")[1], 0) or zhao.statements
        assert zhao.status == 200 and zhao.statements <= 24, (page, zhao.statements)
