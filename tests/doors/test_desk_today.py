"""今日 and its sheet: the agenda in its order, every row a link; and pages that cost the same however much there is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lianfang.ground import clock
from lianfang.ground.acts import Row, many
from lianfang.ground.clock import BEIJING
from lianfang.ground.ids import new_id
from lianfang.rooms import aid, notes, orders, people
from lianfang.rooms.people.roles import installer, the_clock
from lianfang.rooms.places.queries import doors
from tests import night
from tests.cast import DOOR, HOME, STORY, Cast

from .visiting import sign_in, statements, text_of

POINTS = [
    "昨日未完", "新到人员", "今日应解除", "缺报体温", "在办帮扶", "快到时限的诉求", "今日要兑现的承诺", "夜班交接", "政策变化",
]  # fmt: skip
MORNING = datetime(2020, 2, 27, 8, 0, tzinfo=BEIJING)


@pytest.fixture
def li(street: str) -> Client:
    return sign_in("li")


def a_night(cast: Cast) -> None:
    night.issued(cast)
    night.asked(cast)
    notes.write(
        DOOR, text="凌晨三点十分交班：李主任八点上门。", how="handover", promise="八点上门看他",
        promise_due=MORNING + timedelta(hours=1), by=cast.li, at=STORY,
    )  # fmt: skip
    aid.propose(DOOR, kind="medicine", item="降压药", by=cast.li, at=STORY)


@pytest.mark.parametrize("path", ["/", "/morning"])
def test_the_agenda_stands_in_the_order_it_is_spoken_about(li: Client, cast: Cast, path: str) -> None:
    a_night(cast)
    clock.move_to(MORNING)
    page = text_of(li.get(path))
    titles = re.findall(r"<h[23]>([^<]+?) <span", page) or re.findall(r"<h3>([^<]+?) ", page)
    assert [one for one in re.findall(r"<h[23]>\s*([^<]+?)\s*<", page) if one in POINTS] == POINTS, titles
    agenda = page[page.find("昨日未完") : page.find("政策变化")]
    for words in ("宁小松", "八点上门看他", "降压药", "凌晨三点十分交班"):
        assert words in agenda, words


def test_every_row_leads_somewhere(li: Client, cast: Cast) -> None:
    a_night(cast)
    clock.move_to(MORNING)
    page = text_of(li.get("/morning"))
    agenda = page[page.find('class="outline"') :]
    leads = set(re.findall(r'<a href="([^"]+)"', agenda))
    assert len(leads) >= 5
    for href in leads:
        assert li.get(href.partition("#")[0]).status_code == 200, href


def test_a_missing_check_and_an_alarm_come_to_the_figures(li: Client, cast: Cast, later: Any) -> None:
    order, notice = night.issued(cast)
    orders.serve(
        notice, how="paper", proof="signed", to_whom="himself", remedy_told=True, by=cast.liu, at=STORY
    )
    orders.schedule_checks(order, by=the_clock(), at=STORY)
    quiet = text_of(li.get("/"))
    assert "kp alarm" not in quiet and "0 人缺报体温" in quiet
    later(20 * 60)
    assert "1 人缺报体温" in text_of(li.get("/"))


def test_those_who_see_no_names_see_no_agenda(street: str, cast: Cast) -> None:
    a_night(cast)
    zhou = sign_in("zhou")
    page = text_of(zhou.get("/"))
    assert "昨日未完" not in page and "宁小松" not in page and zhou.get("/morning").status_code == 403


def fill(cast: Cast, more: int) -> None:
    """So many residents more, and as many notes with promises, and needs."""
    by = installer(HOME)
    with night.reading(by):
        some = [one for one in doors(HOME) if one.where != DOOR]
    living = [
        Row(new_id(), (some[n % len(some)],), {"name": f"住户{n}", "relation": "other"}) for n in range(more)
    ]
    said = {"text": "问需", "how": "handover", "promise": "再来", "promise_due": MORNING + timedelta(hours=2)}
    heard = [Row(new_id(), (DOOR,), said) for _n in range(more)]
    needed = [Row(new_id(), (DOOR,), {"kind": "food"}) for _n in range(100)]
    for act, rows, who in (
        (people.register, living, by),
        (notes.write, heard, cast.li),
        (aid.propose, needed, cast.li),
    ):
        assert not [one.refused for one in many(act, rows, by=who, at=STORY) if one.refused]


PAGES = ["/", "/morning", "/stack", "/h/3-2-402", "/notes", "/notes?words=问需"]


def test_pages_cost_the_same_at_a_hundred_and_at_a_thousand(li: Client, cast: Cast) -> None:
    night.issued(cast)
    fill(cast, 100)
    clock.move_to(MORNING)
    few = {path: statements(li, path) for path in PAGES}
    clock.move_to(STORY)
    fill(cast, 900)
    clock.move_to(MORNING)
    # Fewer on the page of a door: its time line, which ends at five hundred lines, holds fewer kinds of them.
    assert all(statements(li, path) <= few[path] for path in PAGES)
    assert max(few.values()) <= 45
