"""A slip is issued at the desk and printed; the square on it is read back; what he was told is noted there."""

from __future__ import annotations

import re
from typing import Any

import pytest
import zxingcpp
from django.test import override_settings
from PIL import Image

from lianfang.doors.desk.slips import square
from lianfang.rooms import messages
from lianfang.rooms.messages import codes
from lianfang.rooms.messages.models import Message, Slip
from tests import night
from tests.cast import DOOR, STORY, Cast

from .at_his_page import Visitor
from .at_the_desk import Seat
from .browser import Desk
from .test_public_browser import look
from .test_public_page import bound

pytestmark = pytest.mark.usefixtures("street")


def printed(cast: Cast, name: str = "liu") -> tuple[Seat, str, str]:
    """Somebody of the desk has printed a slip from the page of the order: the seat, the code on it, the address."""
    order = bound(cast)
    seat = Seat(name)
    seat.get(f"/o/{order.id}")
    (address,) = re.findall(r'href="(/slip/[^"]+)"', seat.page)
    seat.get(address)
    seat.post(f"{address}/issue", key=seat.key(-1))
    assert seat.status == 200, seat.words()
    code = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", seat.words())
    assert code, seat.words()
    return seat, code[0], address


def test_a_slip_is_printed_from_the_order_and_opens_his_page(cast: Cast) -> None:
    seat, code, _address = printed(cast)
    said = seat.words()
    for words in (
        "宁小松",
        "清和街居观〔2020〕1号",
        "testserver/r/",
        "有效至 2020年3月26日 00:00",
        "行政复议",
        "12345",
    ):
        assert words in said, words
    assert code not in seat.page[: seat.page.index("</title>")]
    him = Visitor()
    him.enter(code)
    assert him.at == "/r/me" and "宁小松" in him.words()


def test_the_household_leads_to_each_ones_own_slip(cast: Cast) -> None:
    seat = Seat("wang")
    seat.get("/h/3-2-402")
    addresses = re.findall(r'href="(/slip/[^"]+)"', seat.page)
    assert len(addresses) == 3
    for address, name in zip(addresses, ("宁小松", "曾兰", "宁晓禾"), strict=True):
        seat.get(address)
        assert name in seat.words() and "他还没有有效的查询单" in seat.words()


def test_a_code_is_shown_once_and_pressed_twice_is_the_same(cast: Cast) -> None:
    seat, code, address = printed(cast)
    with night.reading(cast.liu):
        key = str(Slip.objects.get().id)
    seat.get(address)
    assert code not in seat.page and "他有一张" in seat.words()
    seat.post(f"{address}/issue", key=key)
    assert code in seat.words(), "the same form sent again"
    with night.reading(cast.liu):
        assert Slip.objects.count() == 1
    seat.get(address)
    seat.post(f"{address}/issue", key=seat.key(-1))
    another = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", seat.words())
    assert another and another[0] != code
    seat.get(address)
    seat.post(f"{address}/issue", key=key)
    assert seat.status == 409 and code not in seat.page, "the first was replaced meanwhile"


def test_a_lost_slip_is_withdrawn(cast: Cast) -> None:
    seat, code, address = printed(cast)
    seat.get(address)
    slip = re.search(r'name="slip" value="([^"]+)"', seat.page)
    assert slip
    seat.post(f"{address}/withdraw", slip=slip[1])
    assert "已作废" in seat.words() and "他还没有有效的查询单" in seat.words()
    him = Visitor()
    him.enter(code)
    assert him.status == 422
    seat.post(f"{address}/withdraw", slip=slip[1])
    assert seat.status == 409 and "刘明" in seat.words()


def test_who_has_told_him_writes_it_down(cast: Cast) -> None:
    line = messages.send(DOOR, resident=night.ning(cast.wang), words="明早八点来", by=cast.wang, at=STORY)
    seat = Seat("wang")
    address = f"/slip/{night.ning(cast.wang).id}"
    seat.get(address)
    assert "明早八点来" in seat.words() and "本人尚未知晓" in seat.words()
    seat.post(f"{address}/told", message=str(line.id), way="phone")
    assert night.get(Message, line.id, cast.wang).state == "delivered" and "已告知本人" in seat.words()
    seat.post(f"{address}/told", message=str(line.id), way="door")
    assert seat.status == 409 and "王秀英" in seat.words()
    seat.post(f"{address}/tell", words=" ")
    assert seat.status == 422
    seat.get(address)
    seat.post(f"{address}/tell", words="菜放在门口了", key=seat.key())
    assert "菜放在门口了" in seat.words()


def test_who_may_not_issue_is_not_asked_to(cast: Cast) -> None:
    seat = Seat("guo")
    address = f"/slip/{night.ning(cast.guo).id}"
    seat.get(address)
    assert seat.status == 200 and "/issue" not in seat.page and "/tell" not in seat.page
    seat.post(f"{address}/issue")
    assert seat.status == 403


def test_the_square_leads_where_residents_reach_us(cast: Cast) -> None:
    with override_settings(LIANFANG_PUBLIC_URL="https://jianxili.example.org"):
        seat, code, _address = printed(cast)
    assert "jianxili.example.org/r/" in seat.words()
    assert (
        scanned(drawn(seat.page)) == f"https://jianxili.example.org/r/{codes.link_of(code.replace('-', ''))}"
    )


# The square, read back


def drawn(page: str) -> Image.Image:
    """The square of a page as pixels: each line of its path is a row of dark modules."""
    here = page[page.index('class="square"') :]
    box, path = re.search(r'viewBox="0 0 (\d+) (\d+)"', here), re.search(r'<path[^>]*\bd="([^"]+)"', here)
    assert box and path
    scale = 4
    size = int(box[1])
    image = Image.new("L", (size, size), 255)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[1]):
        given = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", numbers)]
        if command == "M":
            x, y = given
        elif command == "m":
            x, y = x + given[0], y + given[1]
        else:
            dark = (
                int(x * scale),
                int((y - 0.5) * scale),
                int((x + given[0]) * scale),
                int((y + 0.5) * scale),
            )
            image.paste(0, dark)
            x += given[0]
    return image


def scanned(image: Any) -> str:
    """What a camera reads."""
    found = zxingcpp.read_barcodes(image)
    assert len(found) == 1, found
    return str(found[0].text)


def test_the_square_is_read_back_even_with_a_fold_and_a_stain(cast: Cast) -> None:
    link = f"https://jianxili.example.org/r/{codes.link_of('K7M3QX9PAD')}"
    page = f'<div class="square">{square(link)}</div>'
    image = drawn(page)
    assert scanned(image) == link
    stained = image.copy()
    stained.paste(128, (image.width // 2, image.height // 2, image.width // 2 + 18, image.height // 2 + 18))
    assert scanned(stained.rotate(7, expand=True, fillcolor=255)) == link


@pytest.mark.browser
def test_the_paper_as_it_is_printed_is_scanned(desk: Desk, cast: Cast, tmp_path: Any) -> None:
    """From the desk's own page, in a real browser, as it looks on paper."""
    order = bound(cast, told=False)
    window = desk.sign_in("liu")
    window.goto(f"/o/{order.id}")
    window.click('a[href^="/slip/"]')
    window.click('form[action$="/issue"] button')
    window.emulate_media(media="print")
    code = window.inner_text(".slip .code").replace("-", "")
    window.screenshot(path=tmp_path / "slip.png", full_page=True)
    text = scanned(Image.open(tmp_path / "slip.png"))
    assert text == f"{desk.address}/r/{codes.link_of(code)}"
    him = desk.window(width=360, height=780, java_script_enabled=False)
    him.goto(text)
    him.click("button.go")
    assert him.url == desk.address + "/r/me" and "宁小松" in him.inner_text("main")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "width", "size"), [("zh-hans", 1366, "1"), ("zh-hans", 360, "4"), ("en", 360, "1")]
)
def test_the_pages_of_the_desk_are_open_to_everybody(
    desk: Desk, cast: Cast, language: str, width: int, size: str
) -> None:
    order = bound(cast, told=False)
    messages.send(DOOR, resident=night.ning(cast.wang), words="明早八点来", by=cast.wang, at=STORY)
    window = desk.sign_in("liu", language=language, width=width, size=size, bypass_csp=True)
    window.goto(f"/o/{order.id}")
    window.click('a[href^="/slip/"]')
    address = window.url
    look(window, f"desk-slip-{language}-{width}-{size}", 24)
    window.click('form[action$="/issue"] button')
    look(window, f"desk-paper-{language}-{width}-{size}", 24)
    window.goto(address)
    window.fill("textarea[name=words]", " ")
    window.click('form[action$="/tell"] button')
    look(window, f"desk-refused-{language}-{width}-{size}", 24)
