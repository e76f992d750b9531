"""The building stack, the agenda, the notes and a full household in a real browser: open to everybody, at every size of text,
and walked through with the arrows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lianfang.rooms import aid, notes, people
from tests import night
from tests.cast import DOOR, STORY, Cast

from .browser import Desk
from .test_desk_browser import complaints

pytestmark = pytest.mark.browser
PAGES = [
    "/stack",
    "/stack?layer=care",
    "/stack?layer=requests&only=need",
    "/morning",
    "/notes?words=草莓",
    "/notes?words=梨",
]
PAGES += ["/h/3-2-402", "/"]


def something_of_each(cast: Cast) -> None:
    night.issued(cast)
    notes.write(
        DOOR, text="听困难：草莓二百斤压在棚里", how="handover", promise="想销路", promise_due=STORY + timedelta(hours=2),
        by=cast.li, at=STORY,
    )  # fmt: skip
    aid.propose(DOOR, kind="sell", item="草莓", by=cast.li, at=STORY)
    people.mark_care(night.ning(cast.wang), kind="treatment", by=cast.wang, at=STORY)


@pytest.mark.parametrize(
    ("language", "width", "size"),
    [("zh-hans", 1366, "1"), ("en", 1366, "1"), ("zh-hans", 360, "4"), ("en", 320, "1")],
)
def test_every_page_is_open_to_everybody(
    desk: Desk, cast: Cast, language: str, width: int, size: str
) -> None:
    something_of_each(cast)
    page = desk.sign_in("wang", language=language, width=width, size=size, bypass_csp=True)
    for path in PAGES:
        page.goto(path)
        assert complaints(page) == []
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), path


def test_the_arrows_walk_from_door_to_door(desk: Desk, cast: Cast) -> None:
    page = desk.sign_in("wang")
    page.goto("/stack")
    page.locator("a[href='/h/3-1-201']").focus()
    for key, door in (
        ("ArrowRight", "3-1-202"),
        ("ArrowUp", "3-1-302"),
        ("ArrowLeft", "3-1-301"),
        ("ArrowLeft", "3-1-301"),
        ("ArrowDown", "3-1-201"),
        ("ArrowDown", "3-1-201"),  # 1-101 is no door
    ):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.getAttribute('href')") == f"/h/{door}", (key, door)
    page.keyboard.press("Enter")
    page.wait_for_url("**/h/3-1-201")


def test_the_stack_reads_without_a_script_and_filters_by_links(desk: Desk, cast: Cast) -> None:
    something_of_each(cast)
    page = desk.sign_in("wang", java_script_enabled=False)
    page.goto("/stack")
    page.click(".legend a:has(.sw.obs)")
    assert page.locator("td.obs").count() == 1 and page.locator("td.off").count() == 70
    page.click("td.obs a")
    assert page.url.endswith("/h/3-2-402")
