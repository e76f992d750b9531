"""The resident's page as a resident has it: a small screen, large text, no script, old eyes, fingers that need room. With
``LIANFANG_PICTURES`` set to a folder each page is kept as a picture."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from lianfang.rooms import messages, tickets
from lianfang.rooms.messages import codes
from lianfang.rooms.people.roles import the_clock
from lianfang.rooms.tickets.models import Ticket
from tests import night
from tests.cast import DOOR, STORY, STREET, Cast

from .at_his_page import slip
from .browser import Desk
from .test_public_page import WORDS, bound, sold

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURES = os.environ.get("LIANFANG_PICTURES", "")

HIT = "button, a.go, summary, textarea, .pick, input:not([type=hidden]):not([type=radio])"
HEIGHTS = """hit => [...document.querySelectorAll(hit)].filter(one => one.checkVisibility())
  .map(one => [one.tagName, one.innerText, one.getBoundingClientRect().height])"""
READERS = [
    ("zh-hans", 1366, "1"),
    ("zh-hans", 768, "1"),
    ("zh-hans", 360, "1"),
    ("zh-hans", 360, "4"),
    ("en", 360, "1"),
    ("en", 320, "4"),
]


def look(page: Page, name: str, least: int) -> None:
    """No violation, nothing wider than the window, nothing too small for a finger."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    assert found == [], [(one["id"], [node["html"][:160] for node in one["nodes"][:2]]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    small = [one for one in page.evaluate(HEIGHTS, HIT) if one[2] < least]
    assert small == [], small
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def a_full_page(cast: Cast) -> str:
    """The fullest page there is: a decision, help in parts, a request answered, something told. Gives the code."""
    order = bound(cast, told=False)
    sold(cast, order)
    with night.reading(the_clock()):
        himself = night.ning(the_clock())
    line = tickets.lodge(
        STREET, channel="12345", type="complaint", category="epidemic", words=WORDS, door=DOOR, caller_name="宁小松",
        caller_phone="19900000402", matter=order.matter, by=cast.chen, at=STORY,
    )  # fmt: skip
    ticket = night.get(Ticket, line.id, cast.chen)
    said: list[dict[str, Any]] = [
        {"occasion": "order_issued", "facts": {"number": "清和街居观〔2020〕1号", "days": 14, "last_day": "2020-03-11"}},
        {"occasion": "ticket_accepted", "about": ticket.id, "facts": {"number": ticket.number, "due": ticket.due.isoformat()}},
        {"occasion": "words", "words": "宁先生，草莓的事我们明早八点上门谈，您先别急。", "way": "door"},
        {
            "occasion": "ticket_answered", "about": ticket.id, "facts": {"number": ticket.number},
            "words": "您反映的情况已向街道请示：规定没有写到每周往返的情形，先按居家观察办理；草莓由社区帮忙找买家。",
        },
    ]  # fmt: skip
    for one in said:
        messages.send(DOOR, resident=himself, matter=order.matter, by=the_clock(), at=STORY, **one)
    code, _id = slip(cast, matter=order.matter, release=order.release_due)
    return code


@pytest.mark.parametrize(("language", "width", "size"), READERS)
def test_every_page_is_open_to_everybody(
    desk: Desk, cast: Cast, language: str, width: int, size: str
) -> None:
    code, least, at = a_full_page(cast), 60 if size == "4" else 48, f"{language}-{width}-{size}"
    page = desk.window(language=language, width=width, height=780, size=size, bypass_csp=True)
    page.goto("/r/")
    look(page, f"enter-{at}", least)
    page.fill("#code", "K7M3Q-X9PAD")
    page.click("main button")
    expect(page.locator("[role=alert]")).to_be_visible()
    look(page, f"wrong-{at}", least)
    page.goto(f"/r/{codes.link_of(code)}")
    look(page, f"square-{at}", least)
    page.click("main button.go")
    look(page, f"own-{at}", least)
    for one in page.locator("main details").all():
        one.locator("summary").click()
    look(page, f"forms-{at}", least)
    page.fill("textarea >> nth=0", " ")
    page.locator("form[action='/r/object'] button").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    look(page, f"refused-{at}", least)
    page.goto("/r/nowhere/at/all/seen")
    page.goto("/r/seen/x")
    look(page, f"sorry-{at}", least)


def test_he_does_it_all_without_a_script(desk: Desk, cast: Cast) -> None:
    """Scan, open, read, object, ask, say that it has arrived, say that he has read it, close."""
    code = a_full_page(cast)
    page = desk.window(width=360, height=780, java_script_enabled=False)
    page.goto(f"/r/{codes.link_of(code)}")
    page.click("main button.go")
    assert page.url == desk.address + "/r/me"
    page.click("summary >> text=我有异议")
    page.fill("form[action='/r/object'] textarea", WORDS)
    page.click("form[action='/r/object'] button")
    assert "潘雨" in page.inner_text("main")
    page.click("summary >> text=写一条诉求")
    page.fill("form[action='/r/request'] textarea", "家里没有退烧药了")
    page.click("form[action='/r/request'] button")
    assert "0226-002" in page.inner_text("[role=status]")
    page.click("form[action^='/r/arrived/'] button")
    assert "谢谢" in page.inner_text("[role=status]")
    page.locator("form[action^='/r/seen/'] button").first.click()
    assert "您已看过" in page.inner_text("main")
    page.click("header form[action='/size'] button")
    assert page.get_attribute("html", "data-size") == "3" and page.url == desk.address + "/r/me?said=seen"
    page.click("header form[action='/language'] button")
    assert "My page" in page.title() and code not in page.title()
    page.click("form[action='/r/leave'] button")
    page.goto("/r/me")
    assert page.url == desk.address + "/r/"
