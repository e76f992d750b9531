"""The desk's first pages in a real browser: by keyboard alone, in large text, without a script, and open to everybody."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import night
from tests.cast import Cast

from .browser import Desk

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [
    "/",
    "/search",
    "/search?q=nxs",
    "/search?q=zzz",
    "/h/3-2-402",
    "/h/3-3-601",
    "/orders",
    "/verifications",
]
PAGES += ["/verifications?which=unsettled", "/questions?which=all", "/h/9-9-999"]


def complaints(page: Page) -> list[tuple[str, str, Any]]:
    """What axe finds wrong with a page."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [(page.url, one["id"], [node["html"][:160] for node in one["nodes"][:2]]) for one in found]


@pytest.mark.parametrize(
    ("language", "width", "size"),
    [("zh-hans", 1366, "1"), ("en", 1366, "1"), ("zh-hans", 360, "4"), ("en", 320, "1")],
)
def test_every_page_is_open_to_everybody(
    desk: Desk, cast: Cast, language: str, width: int, size: str
) -> None:
    night.issued(cast)
    night.asked(cast)
    page = desk.sign_in("wang", language=language, width=width, size=size, bypass_csp=True)
    for path in PAGES:
        page.goto(path)
        assert complaints(page) == []
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), path
    page.goto("/h/3-2-402")
    page.fill("textarea[name=text]", " ")
    page.click("form[action$='/note'] button")
    assert complaints(page) == []
    page.locator(".people summary").first.click()
    page.locator("button[name=field][value=phone]").first.click()
    expect(page.locator("#shown")).to_be_focused()
    assert complaints(page) == []
    lone = desk.window(language=language, width=width, size=size, bypass_csp=True)
    for path in ("/sign-in", "/signed-out", "/nowhere"):
        lone.goto(path)
        assert complaints(lone) == []
    lone.goto("/sign-in")
    lone.click("main button")
    assert complaints(lone) == []


def test_somebody_is_found_and_a_note_written_without_a_mouse(desk: Desk) -> None:
    page = desk.sign_in("wang")
    page.keyboard.press("/")
    page.keyboard.type("nxs")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=nxs")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/h/3-2-402")
    page.focus("textarea[name=text]")
    page.keyboard.type("他说草莓卖不掉，j 和 / 也照样写得进去。")
    for _field in ("how it was heard", "what was promised", "when"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]").first).to_contain_text("记下了")
    expect(page.locator(".tl blockquote").first).to_have_text("他说草莓卖不掉，j 和 / 也照样写得进去。")


def test_a_masked_phone_is_gone_with_the_next_page(desk: Desk) -> None:
    page = desk.sign_in("wang")
    page.goto("/h/3-2-402")
    expect(page.locator("body")).not_to_contain_text("19900000402")
    page.locator(".people summary").first.click()
    page.locator("button[name=field][value=phone]").first.click()
    expect(page.locator(".people")).to_contain_text("19900000402")
    page.click("nav a")
    page.goto("/h/3-2-402")
    expect(page.locator("body")).not_to_contain_text("19900000402")


def test_larger_text_loses_nothing_that_was_typed(desk: Desk) -> None:
    page = desk.sign_in("wang")
    page.goto("/h/3-2-402")
    page.fill("textarea[name=text]", "写到一半")
    page.locator("summary.tool").first.click()
    with page.expect_response("**/size"):
        page.click("button[name=size][value='4']")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "30px"
    assert page.input_value("textarea[name=text]") == "写到一半"
    page.goto("/")
    assert page.get_attribute("html", "data-size") == "4"


def test_the_desk_works_without_a_script(desk: Desk) -> None:
    page = desk.sign_in("wang", java_script_enabled=False)
    page.fill("#q", "3-2-402")
    page.press("#q", "Enter")
    page.wait_for_url("**/search?q=3-2-402")
    page.click("a.go >> nth=0")
    page.fill("textarea[name=text]", "没有脚本也能记")
    page.click("form[action$='/note'] button")
    expect(page.locator(".tl blockquote").first).to_have_text("没有脚本也能记")
    page.locator("summary.me").click()
    page.click("form[action='/sign-out'] button")
    page.wait_for_url("**/signed-out")
    page.go_back()
    page.wait_for_url("**/sign-in**")
