"""The register, the page of an order and the notice of release in a real browser: open to everybody, in both languages,
narrow and large. With ``LIANFANG_PICTURES`` set to a folder, each page is also kept as a picture."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from lianfang.ground import clock
from lianfang.ground.acts import reading
from lianfang.rooms import orders
from lianfang.rooms.orders.models import Order
from tests.at_once import at_once
from tests.cast import Cast
from tests.rooms.orders import busy, observed

from .browser import Desk
from .test_tickets_browser import look

pytestmark = pytest.mark.browser


def an_evening(cast: Cast) -> tuple[Order, Order]:
    """The busy evening, and somebody who was released that night; told in a thread of its own, for Playwright keeps a loop
    running in this one."""

    def tell() -> tuple[Order, Order]:
        his = busy.evening(cast)
        with reading(cast.zhao):
            over = Order.objects.get(resident__name="尉迟静")
        orders.release(over, by=cast.zhao, at=clock.now())
        return his, over

    (came,) = at_once(tell)
    assert isinstance(came, tuple), came
    return came


@pytest.mark.parametrize(
    ("language", "width", "height", "size"),
    [("zh-hans", 1366, 768, "1"), ("en", 1366, 768, "1"), ("zh-hans", 768, 1024, "1"), ("zh-hans", 360, 780, "1"),
     ("zh-hans", 360, 780, "4"), ("en", 360, 780, "4")],
)  # fmt: skip
def test_the_register_and_an_order_are_open_to_everybody(
    desk: Desk, cast: Cast, language: str, width: int, height: int, size: str
) -> None:
    his, over = an_evening(cast)
    said = {"language": language, "width": width, "height": height, "size": size, "bypass_csp": True}
    view = f"{language}.{width}x{size}"
    li = desk.sign_in("li", **said)
    pages = {
        "register": "/orders",
        "register-due": "/orders?which=due",
        "register-all": "/orders?which=all",
        "order": f"/o/{his.id}",
        "order-over": f"/o/{over.id}",
        "released": f"/o/{over.id}/released",
    }
    for name, path in pages.items():
        li.goto(path)
        look(li, f"{name}.{view}")
    li.goto("/orders?which=ending")
    li.locator("tbody a").first.click()
    li.locator("form[action$='/verify'] button").click()
    expect(li.locator(".errors")).to_be_visible()
    look(li, f"order-refused.{view}")
    sun = desk.sign_in("sun", **said)
    sun.goto(f"/o/{his.id}")
    look(sun, f"order-doctor.{view}")


def test_a_reading_is_typed_and_pressed_and_enter_alone_decides_nothing(desk: Desk, cast: Cast) -> None:
    an_evening(cast)
    wang = desk.sign_in("wang", bypass_csp=True)
    wang.goto("/orders?which=due")
    rows = wang.locator("form.take")
    expect(rows).to_have_count(2)
    rows.first.locator("input[name=temperature]").fill("36.4")
    wang.keyboard.press("Enter")
    expect(wang.locator("form.take")).to_have_count(2)  # nobody said how it was taken
    rows.first.locator("button[value=phone]").click()
    expect(wang.locator("form.take")).to_have_count(1)
    expect(wang.locator(".flash")).to_be_visible()
    wang.locator("form.take input[name=temperature]").fill("366")
    wang.locator("form.take button[value=door]").click()
    expect(wang.locator(".errors")).to_contain_text("366")
    expect(wang.locator("form[action*='/check/'] input[name=temperature]")).to_have_value("366")


def test_a_release_that_is_late_by_an_hour_is_red(desk: Desk, cast: Cast) -> None:
    at_once(lambda: observed.told(cast))
    clock.move_to(observed.OVER + timedelta(minutes=61))
    li = desk.sign_in("li", bypass_csp=True)
    li.goto("/orders")
    expect(li.locator("tr.hot .b-alarm")).to_be_visible()
