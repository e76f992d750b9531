"""The pages of tickets and of a matter in a real browser: open to everybody, in both languages, narrow and large. With
``LIANFANG_PICTURES`` set to a folder, each page is also kept as a picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lianfang.rooms import aid, notes, tickets
from lianfang.rooms.tickets.models import Ticket
from tests import night
from tests.at_once import at_once
from tests.cast import DOOR, HOME, Cast
from tests.rooms.tickets import complaint

from .browser import Desk
from .test_desk_browser import complaints

pytestmark = pytest.mark.browser
Later = Callable[[float], datetime]
PICTURES = os.environ.get("LIANFANG_PICTURES", "")


def look(page: Page, name: str) -> None:
    """No violation, nothing wider than the window; a picture if one is wanted."""
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def the_night(cast: Cast, later: Later) -> Ticket:
    """An order, seven calls, four who speak with him, a hand-over note; the ticket is in hand."""
    order, _notice = night.issued(cast)
    one = complaint.lodged(cast, later(70), matter=order.matter)
    tickets.accept(one, by=cast.chen, at=later(75))
    again = [("12345", cast.chen, 95, "再次要求解除隔离。"), ("110", cast.he, 120, "报警称社区限制他出门。"),
             ("12345", cast.wang, 150, "问办到哪一步了。"), ("12345", cast.chen, 190, "说草莓要烂在棚里。"),
             ("110", cast.he, 240, "要求民警到场。"), ("12345", cast.li, 290, "还是不接受。")]  # fmt: skip
    for number, (channel, by, minute, words) in enumerate(again, 2):
        tickets.log_call(
            one,
            channel=channel,
            words=words,
            outside_no=f"{channel}-0226-{number:03}",
            by=by,
            at=later(minute),
        )
    for by, minute, words in [(cast.wang, 200, "听他说完，解释依据。"), (cast.li, 235, "答应明早八点上门。"),
                              (cast.zhao, 260, "说明可以申请行政复议。"), (cast.he, 325, "劝说到三点，平稳了。")]:  # fmt: skip
        tickets.speak(one, channel="phone", words=words, by=by, at=later(minute))
    notes.write(
        DOOR,
        text="交班：明早八点到宁先生家，听草莓的事。",
        how="handover",
        promise="八点上门，听草莓的困难",
        promise_due=later(330) + timedelta(hours=5),
        matter=order.matter,
        by=cast.li,
        at=later(330),
    )
    aid.propose(DOOR, kind="sell", item="草莓", quantity=Decimal(200), unit="jin", perish_by=date(2020, 3, 1),
                words="草莓二百斤压在棚里", matter=order.matter, by=cast.li, at=later(331))  # fmt: skip
    assert at_once(night.follow_up) == [
        None
    ]  # in a thread of its own: Playwright keeps a loop running in this one
    complaint.lodged(cast, later(335), door=HOME, type="enquiry", category="utilities", outside_no="京12345-0227-0003",
                     caller_name="单国庆", caller_phone="19900000403", words="五号楼暖气不热，老人受不了。")  # fmt: skip
    complaint.answered(cast, later(336), door=f"{HOME}.3.2.403.", outside_no="", channel="phone", type="enquiry",
                       caller_phone="19900000403", caller_name="单国庆", words="快递能不能送到楼下？")  # fmt: skip
    return complaint.found(one.id, cast.chen)


@pytest.mark.parametrize(
    ("language", "width", "height", "size"),
    [("zh-hans", 1366, 768, "1"), ("en", 1366, 768, "1"), ("zh-hans", 768, 1024, "1"), ("zh-hans", 360, 780, "1"),
     ("zh-hans", 360, 780, "4"), ("en", 360, 780, "4")],
)  # fmt: skip
def test_the_pages_of_tickets_are_open_to_everybody(
    desk: Desk, cast: Cast, later: Later, language: str, width: int, height: int, size: str
) -> None:
    one = the_night(cast, later)
    later(345)
    said = {"language": language, "width": width, "height": height, "size": size, "bypass_csp": True}
    chen = desk.sign_in("chen", **said)
    view = f"{language}.{width}x{size}"
    for name, path in (("tickets", "/tickets?which=in_hand"), ("tickets-soon", "/tickets?which=soon"),
                       ("ticket", f"/t/{one.id}"), ("matter", f"/m/{one.matter}"),
                       ("matter-all", f"/m/{one.matter}?lines=all"), ("ticket-new", "/t/new")):  # fmt: skip
        chen.goto(path)
        look(chen, f"{name}.{view}")
    chen.select_option("[name=community]", HOME)
    chen.fill("[name=spoken]", "3-2-402")
    chen.fill("[name=words]", "又打来，问草莓谁来收。")
    chen.locator("[name=type][value=complaint]").check()
    chen.select_option("[name=category]", "epidemic")
    chen.locator("form button.big").click()
    expect(chen.locator("ol.hits li")).to_have_count(1)
    look(chen, f"ticket-offers.{view}")
    chen.locator("ol.hits button").click()
    chen.wait_for_url(f"**/t/{one.id}")
    expect(chen.locator("ol.tl li.now").first).to_be_visible()
    chen.fill("[id=answer_words]", "")
    chen.locator("form[action$='/answer'] button").click()
    expect(chen.locator(".errors")).to_be_visible()
    look(chen, f"ticket-refused.{view}")


def test_the_call_back_is_made_by_another(desk: Desk, cast: Cast, later: Later) -> None:
    one = complaint.answered(cast)
    pan = desk.sign_in("pan", bypass_csp=True)
    pan.goto(f"/t/{one.id}")
    look(pan, "ticket-back")
    for name, value in (("reached", "yes"), ("heard", "yes"), ("solved", "yes"), ("satisfied", "no")):
        pan.locator(f"[name={name}][value={value}]").check()
    pan.locator("form[action$='/call-back'] button.big").click()
    expect(pan.locator("form[action$='/close']")).to_be_visible()
    look(pan, "ticket-called-back")
