"""What a household's page knows besides who lives there; notes found again by two characters; a promise that is kept."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from lianfang.ground.acts import reading
from lianfang.ground.ids import new_id
from lianfang.rooms import aid, messages, notes, orders, people, tickets
from lianfang.rooms.notes import queries
from lianfang.rooms.people.models import Worker
from lianfang.rooms.people.roles import the_clock
from tests import night
from tests.cast import DOOR, NEIGHBOUR, STORY, STREET, Cast

from .visiting import sign_in, statements, text_of

HEARD = "听困难：草莓二百斤压在棚里，3月1日前卖不掉就要烂"
PROMISED = "发动社工和在职党员想销路"
DUE = STORY + timedelta(hours=10)


@pytest.fixture
def wang(street: str) -> Client:
    return sign_in("wang")


def visited(cast: Cast, **more: Any) -> None:
    said = {"text": HEARD, "how": "visit", "promise": PROMISED, "promise_due": DUE} | more
    notes.write(DOOR, by=cast.li, at=STORY, **said)


def everything(cast: Cast) -> None:
    """One of each kind of thing at his door."""
    order, notice = night.issued(cast)
    orders.serve(
        notice, how="paper", proof="signed", to_whom="himself", remedy_told=True, by=cast.liu, at=STORY
    )
    orders.schedule_checks(order, by=the_clock(), at=STORY)
    aid.propose(DOOR, kind="sell", item="草莓", quantity=Decimal(200), unit="jin", by=cast.li, at=STORY)
    tickets.lodge(
        STREET, channel="12345", type="complaint", category="epidemic", words="凭什么在家十四天", door=DOOR,
        by=cast.chen, at=STORY,
    )  # fmt: skip
    people.mark_care(night.ning(cast.wang), kind="hearing", note="敲门要敲重些", by=cast.wang, at=STORY)
    messages.send(
        DOOR, resident=night.ning(cast.wang), occasion="words", words="菜放在门口了", way="phone", by=cast.wang, at=STORY
    )  # fmt: skip
    visited(cast)


def test_a_households_page_knows_what_is_open_there(wang: Client, cast: Cast, later: Any) -> None:
    everything(cast)
    later(11 * 60)
    page = text_of(wang.get("/h/3-2-402"))
    for words in (
        "第 1/14 天", "待测", "草莓", "凭什么在家十四天", "听力不好", "敲门要敲重些", "菜放在门口了", HEARD, PROMISED,
    ):  # fmt: skip
        assert words in page, words
    assert "/stack?b=3" in page and "/n/new?home=3-2-402" in page


def test_it_costs_the_same_however_much_is_open(wang: Client, cast: Cast) -> None:
    everything(cast)
    few = statements(wang, "/h/3-2-402")
    for number in range(12):
        visited(cast, promise=f"第{number}件事")
        aid.propose(DOOR, kind="food", by=cast.li, at=STORY)
        messages.send(
            DOOR, resident=night.ning(cast.wang), occasion="words", words="一", way="phone", by=cast.wang, at=STORY
        )  # fmt: skip
    assert statements(wang, "/h/3-2-402") == few <= 45


def test_a_promise_is_written_with_the_note_and_kept_on_the_page(wang: Client, cast: Cast) -> None:
    with reading(cast.wang):
        liu = Worker.objects.get(name="刘明")
    said = {
        "text": HEARD,
        "how": "visit",
        "promise": PROMISED,
        "promise_due": "2020-02-27T08:00",
        "owner": str(liu.id),
    }
    assert wang.post("/h/3-2-402/note", said | {"key": str(new_id())}).status_code == 302
    page = text_of(wang.get("/h/3-2-402"))
    assert PROMISED in page and "刘明" in page
    ((action, key),) = re.findall(r'action="(/promise/[^"]+)">.*?name="key" value="([^"]+)"', page, re.DOTALL)
    for _twice in range(2):
        answer = wang.post(action, {"words": "二十户认了", "key": key})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/h/3-2-402")
    page = text_of(wang.get("/h/3-2-402"))
    assert "二十户认了" in page and 'action="/promise/' not in page
    assert wang.post(action, {"key": str(new_id())}).status_code == 409


def test_half_a_promise_comes_back_with_what_was_typed(wang: Client) -> None:
    answer = wang.post(
        "/h/3-2-402/note", {"text": HEARD, "how": "visit", "promise": PROMISED, "key": str(new_id())}
    )
    page = text_of(answer)
    assert answer.status_code == 422 and PROMISED in page and "请写明答应在什么时候之前办到" in page
    assert '<details class="more" open>' in page


@pytest.mark.parametrize("words", ["草莓", "棚里", "3月1日", "销路"])
def test_two_characters_in_mid_sentence_find_the_note(wang: Client, cast: Cast, words: str) -> None:
    visited(cast)
    notes.write(NEIGHBOUR, text=HEARD, how="desk", by=cast.fang, at=STORY)
    page = text_of(wang.get("/notes", {"words": words}))
    assert page.count(HEARD) == 1 and PROMISED in page and "李建华" in page and "/h/3-2-402" in page
    assert HEARD not in text_of(wang.get("/notes", {"words": "桃子"}))


@pytest.mark.parametrize("words", ["\0", "%", "字" * 4000, "' OR 1=1", "\\"])
def test_whatever_is_looked_for_is_answered(wang: Client, cast: Cast, words: str) -> None:
    visited(cast)
    assert wang.get("/notes", {"words": words}).status_code == 200
    assert wang.get("/notes", {"before": words}).status_code == 404


def test_notes_go_on_by_pages_in_as_many_statements(wang: Client, cast: Cast) -> None:
    visited(cast)
    few = statements(wang, "/notes")
    for number in range(30):
        notes.write(DOOR, text=f"第{number}条", how="phone", by=cast.li, at=STORY)
    assert statements(wang, "/notes") == few
    first = text_of(wang.get("/notes"))
    assert "第29条" in first and "第3条" not in first
    (older,) = re.findall(r'href="(\?before=[^"]+)"', first)
    rest = text_of(wang.get(f"/notes{older}"))
    assert "第3条" in rest and HEARD in rest and "第29条" not in rest


def test_what_was_promised_elsewhere_is_not_there(street: str, cast: Cast) -> None:
    visited(cast)
    with reading(cast.li):
        (one,) = queries.promises_at(DOOR)
    assert sign_in("fang").post(f"/promise/{one.id}", {"key": str(new_id())}).status_code == 404
    assert sign_in("zhou").post(f"/promise/{one.id}", {"key": str(new_id())}).status_code == 403
    assert sign_in("zhou").get("/notes").status_code == 403
