"""The first hour clicked and typed by five people in real Chromium; every page they come to is looked at by axe, in Chinese
and in English. With ``LIANFANG_PICTURES`` set to a folder, each page is also kept as a picture, wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from lianfang.ground.acts import reading
from lianfang.reports import timeline
from tests import night
from tests.cast import Cast
from tests.doors.browser import Desk

Later = Callable[[float], datetime]
RULES = {
    "runOnly": {
        "type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    }
}  # fmt: skip
PICTURES = os.environ.get("LIANFANG_PICTURES", "")
VIEWS = ((1366, 768, "1"), (768, 1024, "1"), (360, 780, "1"), (360, 780, "4"))


class Eyes:
    """Looks at each page: no violation, nothing wider than the window; keeps pictures if they are wanted."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def look(self, page: Page, name: str) -> None:
        """Look at the page as it stands, in the window's own language and in the other one."""
        self.seen.append(name)
        language = page.evaluate("document.documentElement.lang")
        for tongue in (language[:2], "en" if language[:2] == "zh" else "zh"):
            if tongue != language[:2]:
                self._speak(page, "en" if tongue == "en" else "zh-hans")
            found = Axe().run(page, options=RULES).response["violations"]
            assert found == [], (name, tongue, [(one["id"], one["nodes"][0]["html"][:200]) for one in found])
            self._narrow(page, f"{name}.{tongue}")
        self._speak(page, "zh-hans" if language[:2] == "zh" else "en")

    def _speak(self, page: Page, language: str) -> None:
        where = page.evaluate("location.origin")
        page.context.add_cookies([{"name": "lianfang_language", "value": language, "url": where}])
        page.reload()
        assert page.evaluate("document.documentElement.lang")[:2] == language[:2]

    def _narrow(self, page: Page, name: str) -> None:
        before = page.viewport_size
        for width, height, size in VIEWS if PICTURES else VIEWS[-2:]:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("(size) => { document.documentElement.dataset.size = size }", size)
            over = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert over <= 0, f"{name} at {width} px in size {size} is {over} px too wide"
            if PICTURES:
                page.screenshot(path=str(Path(PICTURES) / f"{name}.{width}x{size}.png"), full_page=True)
        page.evaluate("document.documentElement.dataset.size = '1'")
        if before:
            page.set_viewport_size(before)


def fill(page: Page | Locator, **said: Any) -> None:
    """Fill the fields of a page, or of one form of it, by their names: text is typed, a choice is checked or selected."""
    for name, value in said.items():
        field = page.locator(f'[name="{name}"]:not([type=hidden])')
        kind = field.first.evaluate("one => one.type || one.tagName")
        if kind == "checkbox":
            field.check()
        elif kind == "radio":
            page.locator(f'[name="{name}"][value="{value}"]').check()
        elif kind.startswith("select"):
            field.select_option(value)
        else:
            field.fill(value)


def answer_the_phone(desk: Desk, eyes: Eyes, later: Later) -> str:
    """21:40 王秀英 answers the phone. No mouse: she types, and chooses by one key."""
    wang = desk.sign_in("wang")
    wang.goto("/v/new")
    eyes.look(wang, "call-new")
    wang.locator("[name=post]").focus()
    for text in ("马坊进京检查站", "赵警官", "19900000110", "宁小松", "", "京A00000"):
        wang.keyboard.type(text)
        wang.keyboard.press("Tab")
    wang.locator("form[method=post] button.big").press("Enter")
    expect(wang.locator("ol.hits li")).to_have_count(1)
    eyes.look(wang, "call-find")
    wang.locator("#who").fill("nxs")
    wang.locator("#who").press("Enter")
    expect(wang.locator("ol.hits li")).to_have_count(1)
    wang.locator("h1").click()
    wang.keyboard.press("1")
    wang.locator("[name=answer][value=yes]").wait_for()
    eyes.look(wang, "call-answer")
    later(4)
    wang.locator('form[action$="/answer"] button.pr').press("Enter")
    wang.locator("[name=result]").first.wait_for()
    eyes.look(wang, "call-settle")
    later(8)
    fill(wang, result="passed")
    wang.locator('form[action$="/settle"] button.pr').click()
    wang.locator('a[href^="/assess"]').wait_for()
    eyes.look(wang, "call-done")
    return wang.url


def ask_the_rules_and_the_street(desk: Desk, eyes: Eyes, later: Later, call: str) -> str:
    """22:15 李建华 lets the rules answer, and asks the street."""
    later(35)
    li = desk.sign_in("li")
    li.goto(call)
    li.locator('a[href^="/assess"]').click()
    eyes.look(li, "assess-first")
    fill(li, origin="大厂", nights_away="0", works_in="北京市", purpose="goods", lodging="own_home", high_incidence_14d="no",
         central_unit="no", symptom="no")  # fmt: skip
    li.locator("details.more summary").click()
    fill(li, how_often="weekly", transport="own_vehicle", to_key_area="no")
    li.locator("button.big").click()
    expect(li.locator(".answer.a-unclear")).to_have_count(1)
    expect(li.locator(".k-unsaid").first).to_be_visible()
    eyes.look(li, "assess-unclear")
    later(40)
    li.locator('a[href$="/ask"]').click()
    eyes.look(li, "question-new")
    fill(
        li, view="modified", view_words="没有过夜，只是送货。", interim="今晚先在家等批复，早晚各报一次体温。"
    )
    li.locator("button.big").click()
    expect(li.locator(".errors")).to_be_visible()
    expect(li.locator("[name=interim]")).to_have_value("今晚先在家等批复，早晚各报一次体温。")
    fill(li, view_days="14")
    li.locator("button.big").click()
    li.wait_for_url("**/q/*")
    eyes.look(li, "question-waits")
    return li.url


def rule(desk: Desk, eyes: Eyes, later: Later, question: str) -> None:
    """22:50 陈立 rules, by discretion."""
    later(70)
    chen = desk.sign_in("chen")
    chen.goto(question)
    eyes.look(chen, "question-rule")
    fill(
        chen,
        answer="required",
        days="14",
        ground="discretion",
        reason="现行通知没有说到当天往返的人；他每周都去，从严掌握。",
    )
    chen.locator('form[action$="/rule"] button.big').click()
    expect(chen.locator(".answer.a-required")).to_have_count(1)
    eyes.look(chen, "question-ruled")


def issue(desk: Desk, eyes: Eyes, later: Later, question: str) -> str:
    """23:05 赵国强 sees the sum, and issues the order."""
    later(85)
    zhao = desk.sign_in("zhao")
    zhao.goto(question)
    zhao.locator('a[href$="/order"]').click()
    sums = zhao.locator(".sums")
    expect(sums).to_contain_text("2月26日")
    expect(sums).to_contain_text("3月11日")
    expect(sums).to_contain_text("3月12日 00:00")
    eyes.look(zhao, "order-new")
    fill(zhao, days="7")
    zhao.locator("button.big").click()
    expect(sums).to_contain_text("3月4日")
    fill(zhao, days="14")
    zhao.locator("[name=count]").click()
    expect(sums).to_contain_text("3月11日")
    zhao.locator("button.big").click()
    zhao.wait_for_url("**/o/*")
    eyes.look(zhao, "order-issued")
    return zhao.url


def serve(desk: Desk, eyes: Eyes, later: Later, order: str) -> Page:
    """23:40 刘明 reads it out; he does not accept it, then takes the paper in the morning."""
    later(120)
    liu = desk.sign_in("liu")
    liu.goto(order)
    eyes.look(liu, "order-serve")
    liu.locator("details.more summary").click()
    liu.locator('form[action$="/refuse"] [name=words]').fill("我就是路过送个货，车都没下，凭什么关我14天？")
    liu.locator('form[action$="/refuse"] button.pr').click()
    expect(liu.locator("blockquote.words").first).to_contain_text("凭什么")
    eyes.look(liu, "order-refused")
    liu.goto(f"{order}/notice")
    eyes.look(liu, "notice")
    later(600)
    liu.goto(order)
    liu.locator("details.more").filter(has=liu.locator('form[action$="/serve"]')).locator(
        "summary"
    ).first.click()
    fill(
        liu.locator('form[action$="/serve"]'),
        how="paper",
        to_whom="himself",
        proof="signed",
        remedy_told=True,
    )
    liu.locator('form[action$="/serve"] button.big').click()
    expect(liu.locator("#h-not")).to_be_visible()
    eyes.look(liu, "order-served")
    return liu


@pytest.mark.browser
def test_the_first_hour_in_a_browser(desk: Desk, cast: Cast, later: Later) -> None:
    eyes = Eyes()
    call = answer_the_phone(desk, eyes, later)
    question = ask_the_rules_and_the_street(desk, eyes, later, call)
    rule(desk, eyes, later, question)
    liu = serve(desk, eyes, later, issue(desk, eyes, later, question))
    liu.goto("/e")
    eyes.look(liu, "editions")
    liu.locator('a.go[href*="2020-02-21"]').click()
    eyes.look(liu, "edition")
    with reading(cast.li):
        told = [one.line.kind for one in timeline.of_door(night.DOOR)]
    assert told[-5:] == [
        "question.asked",
        "question.ruled",
        "order.issued",
        "notice.refused",
        "notice.served",
    ]
    assert len(eyes.seen) == 19
