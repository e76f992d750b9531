"""Briefs at the desk: begun by one, published by another; every number opens just the lines it was counted from."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from lianfang import reactions
from lianfang.ground import clock
from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.rooms import briefs, notes
from lianfang.rooms.briefs.models import Brief
from tests import night
from tests.cast import DOOR, HOME, STREET, Cast
from tests.doors.at_the_desk import Seat
from tests.doors.test_tickets_browser import the_night

Later = Callable[[float], datetime]
HALF_PAST_EIGHT = datetime(2020, 2, 27, 8, 30, tzinfo=BEIJING)
NINE = HALF_PAST_EIGHT + timedelta(minutes=40)
HEADLINE = "一夜七通电话，居家观察 {居家观察} 人，{居家观察±}。"
ASKS = "环京通勤送货怎么管，口径要统一。请区里明确。\r\n东门夜里太暗。"


@pytest.fixture
def told(street: str, cast: Cast, later: Later) -> Cast:
    """The night of 26 February has been; it is half past eight."""
    the_night(cast, later)
    clock.move_to(HALF_PAST_EIGHT)
    return cast


def published(cast: Cast, where: str = STREET, at: datetime = NINE) -> Brief:
    """The brief of the morning, out."""
    clock.move_to(at)
    writer, second = (cast.chen, cast.zhao) if where == STREET else (cast.wang, cast.li)
    id = briefs.draft(where, day=at.date(), by=writer, at=at).about
    briefs.publish(night.get(Brief, id, second), by=second, at=at)
    return night.get(Brief, id, second)


def numbers(page: str) -> set[tuple[str, str]]:
    """The numbers on the page of a brief: where each leads, and what it says."""
    links = re.findall(r'<a[^>]* href="(/b/[^/"]+/[a-z_]+(?:\?in=\d+)?)"[^>]*>(.*?)</a>', page)
    said = [(href, re.sub(r'<span class="vh">.*?</span>|<[^>]+>', "", words)) for href, words in links]
    return {(href, words) for href, words in said if re.fullmatch(r"[\d.]+", words)}


def test_a_brief_goes_its_way_from_one_desk_to_the_other(told: Cast) -> None:
    chen, zhao = Seat("chen"), Seat("zhao")
    chen.get("/b")
    chen.post("/b/new", key=chen.key())
    here = chen.at
    assert "草稿" in chen.words() and "截至 09:00" in chen.words()
    assert "{居家观察}" in chen.page, "the house's own words stand in the form"
    chen.post(f"{here}/amend", key=chen.key(), headline=HEADLINE, asks=ASKS, turn="0")
    assert "文字已保存" in chen.words() and "一夜七通电话，居家观察 1 人， 比昨日多 1 。" in chen.words()
    clock.move_to(NINE)
    chen.get(here)
    assert "请另一位看过后签发" in chen.words() and f"{here}/publish" not in chen.page
    zhao.get(here)
    zhao.post(f"{here}/publish", key=zhao.key(1) if zhao.page.count('name="key"') > 1 else zhao.key())
    for words in ("第 1 期", "文字 陈立", "签发 赵国强", "东门夜里太暗。", "清和街道疫情防控组"):
        assert words in zhao.words(), words
    assert f"{here}/amend" not in zhao.page
    chen.get("/b")
    assert "清和街道 2020年2月27日" in chen.words() and "已签发" in chen.words()


@pytest.mark.parametrize("where", [STREET, HOME])
def test_every_number_opens_as_many_lines(told: Cast, where: str) -> None:
    """The lines are counted on the page they are on, not taken from its heading."""
    brief = published(told, where)
    seat = Seat("zhao" if where == STREET else "li")
    seat.get(f"/b/{brief.id}")
    found = numbers(seat.page)
    assert len({href.partition("?")[0] for href, _ in found}) == len(brief.figures["values"])
    assert any("?in=" in href for href, _ in found) == (where == STREET)
    for href, said in found:
        seat.get(href)
        assert seat.status == 200
        if "由这些流水计得" in seat.page:
            lines = seat.page[seat.page.find('<ol class="tl">') :].count('<p class="what">')
            assert lines == int(said), href


def test_the_calls_of_the_night_are_seven_and_one_and_stand_with_their_door(told: Cast) -> None:
    brief = published(told)
    zhao = Seat("zhao", "en")
    zhao.get(f"/b/{brief.id}/calls", **{"in": HOME})
    assert "Calls: 9" in zhao.words() and zhao.page.count("He called again") == 6
    assert 'href="/t/' in zhao.page


def test_a_community_reads_its_streets_brief_and_of_its_lines_its_own(told: Cast) -> None:
    brief = published(told)
    wang, fang = Seat("wang"), Seat("fang")
    wang.get(f"/b/{brief.id}")
    assert wang.status == 200 and f"/b/{brief.id}/calls?in={HOME}" in wang.page
    wang.get(f"/b/{brief.id}/calls?in={HOME}")
    assert wang.status == 200
    for address in (f"/b/{brief.id}/calls", f"/b/{brief.id}/calls?in=110198001002"):
        wang.get(address)
        assert wang.status == 403 and "3-2-402" not in wang.words()
    fang.get(f"/b/{brief.id}/calls?in={HOME}")
    assert fang.status == 403


def test_who_sees_no_names_reads_the_numbers_and_opens_none(told: Cast) -> None:
    brief = published(told)
    seat = Seat("zhou")
    seat.get(f"/b/{brief.id}")
    assert seat.status == 200 and "第 1 期" in seat.words()
    assert numbers(seat.page) == set()
    seat.get(f"/b/{brief.id}/calls")
    assert seat.status == 403


def test_paper_and_picture_say_what_the_page_says(told: Cast) -> None:
    brief = published(told)
    zhao = Seat("zhao")
    zhao.get(f"/b/{brief.id}")
    answer = zhao.client.get(f"/b/{brief.id}/pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert f"brief-{STREET}-2020-02-27.pdf" in answer["Content-Disposition"]
    (sheet,) = PdfReader(BytesIO(answer.content)).pages
    text = re.sub(r"[\s\u200b]", "", sheet.extract_text())
    headline = re.search(r'<p class="said">(.*?)</p>', zhao.page)
    assert headline and re.sub(r"<[^>]+>|\s", "", headline[1]) in text
    for one in re.findall(r"<li><span>([^<]+)</span> <span class=\"v\">.*?<b>([^<]+)</b>", zhao.page):
        assert "".join(one) in text, one
    picture = zhao.client.get(f"/b/{brief.id}/png")
    assert picture["Content-Type"] == "image/png" and picture.content[:4] == b"\x89PNG"


def test_a_figure_nobody_knows_is_named_and_nothing_typed_is_lost(told: Cast) -> None:
    chen = Seat("chen")
    chen.get("/b")
    chen.post("/b/new", key=chen.key())
    here = chen.at
    chen.post(f"{here}/amend", key=chen.key(), headline="今天{天气}好", asks="补灯。", turn="0")
    assert chen.status == 422 and "没有名叫“天气”的指标" in chen.words()
    assert "今天{天气}好" in chen.page and "补灯。" in chen.page
    chen.post(f"{here}/amend", key=chen.key(), headline="", asks="一\n二\n三\n四", turn="0")
    assert chen.status == 422 and "最多三件" in chen.words()
    chen.post(f"{here}/amend", key=chen.key(), headline="长" * 300, asks="", turn="x")
    assert chen.status == 422


def test_the_houses_own_words_sent_back_stay_the_houses(told: Cast) -> None:
    chen = Seat("chen")
    chen.get("/b")
    chen.post("/b/new", key=chen.key())
    own = re.search(r'<textarea name="headline"[^>]*>\s*([^<]+)</textarea>', chen.page)
    assert own
    chen.post(f"{chen.at}/amend", key=chen.key(), headline=own[1].strip(), asks="补灯。", turn="0")
    with reading(told.chen):
        assert Brief.objects.get(where=STREET).headline == ""


def test_what_changed_since_the_words_were_written_is_said(told: Cast) -> None:
    chen = Seat("chen")
    chen.get("/b")
    chen.post("/b/new", key=chen.key())
    here = chen.at
    chen.post(f"{here}/amend", key=chen.key(), headline="昨夜一切如常。", asks="", turn="0")
    assert "改文字之后数字有变" not in chen.words()
    clock.move_to(HALF_PAST_EIGHT + timedelta(minutes=5))
    notes.write(DOOR, text="又听到", how="door", by=told.wang, at=clock.now())
    chen.get(here)
    assert "改文字之后数字有变： 民情记录 1 → 2" in chen.words()


def test_what_came_late_stands_on_the_next_brief_and_beside_the_old_one(told: Cast) -> None:
    old = published(told)
    clock.move_to(NINE + timedelta(hours=3))
    notes.write(DOOR, text="早上的事，中午才记", how="door", by=told.wang, at=NINE - timedelta(hours=1))
    new = published(told, at=NINE + timedelta(days=1))
    night.follow_up()
    zhao = Seat("zhao")
    zhao.get(f"/b/{new.id}")
    assert "上期更正：2月27日民情记录应为 2（原 1）" in zhao.words().replace("： ", "：")
    zhao.get(f"/b/{old.id}")
    assert "2月28日第 2 期：2月27日民情记录应为 2（原 1）" in zhao.words()
    zhao.get(f"/b/{old.id}/notes")
    assert "民情记录： 1" in zhao.words() and zhao.page.count('<p class="what">') == 1


def test_the_morning_finds_drafts_on_the_desk(told: Cast) -> None:
    clock.move_to(HALF_PAST_EIGHT)
    reactions.draft_briefs(clock.now())
    li = Seat("li")
    li.get("/b")
    assert "建西里社区 2020年2月27日" in li.words() and "草稿" in li.words()
    assert "起草" not in li.words(), "it is begun already"


def test_what_is_none_is_not_there(told: Cast) -> None:
    brief = published(told)
    zhao = Seat("zhao")
    for address in (
        "/b?before=x", f"/b/{brief.id}/weather", f"/b/{brief.id}/calls?in=110198002001", f"/b/{brief.matter}/x",
        f"/b/{brief.id}/calls?in=%00", f"/b/{brief.id}/calls?in=110198001001.3.",
    ):  # fmt: skip
        zhao.get(address)
        assert zhao.status in (404, 400), address


def test_a_page_takes_few_statements_and_no_more_on_a_full_day(told: Cast) -> None:
    brief = published(told)
    zhao = Seat("zhao")
    zhao.get(f"/b/{brief.id}")
    few = zhao.statements
    assert few <= 12
    clock.move_to(NINE + timedelta(hours=1))
    for minute in range(20):
        notes.write(DOOR, text="记", how="door", by=told.wang, at=NINE + timedelta(minutes=minute))
    full = published(told, at=NINE + timedelta(days=1))
    zhao.get(f"/b/{full.id}")
    zhao.get(f"/b/{full.id}")
    assert zhao.statements == few
