"""The pages of the briefs in a real browser: open to everybody, in both languages, narrow and large; and printed, one A4."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from lianfang.ground import clock
from lianfang.rooms import briefs
from tests.cast import HOME, STREET, Cast

from .browser import Desk
from .test_briefs_at_the_desk import ASKS, NINE, published
from .test_tickets_browser import look, the_night

pytestmark = pytest.mark.browser
Later = Callable[[float], datetime]


@pytest.mark.parametrize(
    ("language", "width", "size"),
    [
        ("zh-hans", 1366, "1"),
        ("en", 768, "1"),
        ("zh-hans", 360, "1"),
        ("en", 360, "4"),
        ("zh-hans", 360, "4"),
    ],
)
def test_the_pages_of_a_brief_are_open_to_everybody(
    desk: Desk, cast: Cast, later: Later, language: str, width: int, size: str
) -> None:
    the_night(cast, later)
    clock.move_to(NINE)
    drafted = briefs.draft(HOME, day=NINE.date(), by=cast.wang, at=NINE).about
    out = published(cast)
    for name, paths in (
        ("zhao", {"list": "/b", "street": f"/b/{out.id}", "lines": f"/b/{out.id}/calls"}),
        ("wang", {"draft": f"/b/{drafted}", "above": f"/b/{out.id}"}),
    ):
        page = desk.sign_in(name, width=width, height=768, language=language, size=size)
        for which, path in paths.items():
            page.goto(path)
            look(page, f"brief-{which}-{language}-{width}-{size}")


def test_a_brief_is_written_published_and_read_by_hand(desk: Desk, cast: Cast, later: Later) -> None:
    """Two people, two windows; the second clicks a number and stands before its lines."""
    the_night(cast, later)
    clock.move_to(NINE)
    chen = desk.sign_in("chen", language="en")
    chen.click("nav >> text=Briefs")
    chen.click("text=Begin the brief of")
    chen.fill("[name=asks]", ASKS.replace("\r\n", "\n"))
    chen.click("text=Keep the words")
    assert "The words are kept." in chen.inner_text("[role=status]")
    zhao = desk.sign_in("zhao", language="en")
    zhao.click("nav >> text=Briefs")
    zhao.click("ol.rows a")
    zhao.click("button:has-text('Publish')")
    assert "Published." in zhao.inner_text("[role=status]")
    zhao.click(".brief .said a >> nth=0")
    assert zhao.inner_text("h1").startswith("Under observation: 1")
    assert zhao.locator("ol.tl > li").count() == 1


def test_the_page_itself_prints_on_few_sheets(desk: Desk, cast: Cast, later: Later) -> None:
    """Whoever prints the page and not the PDF gets no frame, no form and no more than two sheets."""
    the_night(cast, later)
    out = published(cast, STREET)
    page = desk.sign_in("zhao")
    page.goto(f"/b/{out.id}")
    sheets = PdfReader(BytesIO(page.pdf(format="A4", print_background=True))).pages
    assert len(sheets) <= 2
    assert "签发" in "".join(sheet.extract_text() for sheet in sheets)
