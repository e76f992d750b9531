"""Tokens at the desk: shown once, one's own and no other's; the administrator lets systems in; whoever shows a withdrawn one
is nobody."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from lianfang.ground.acts import reading
from lianfang.rooms.people.models import Unit
from lianfang.rooms.tokens.models import Token
from tests.cast import HOME, STREET, Cast

from .at_the_api import Caller, token_of
from .at_the_desk import Seat
from .browser import Desk


def shown(seat: Seat) -> str:
    """The secret on the page."""
    found = re.search(r'id="secret"[^>]*>([^<]+)</textarea>', seat.page)
    assert found, seat.page
    return found[1]


def test_a_worker_issues_his_own_and_sees_it_once(street: str, cast: Cast) -> None:
    seat = Seat("wang")
    seat.get("/tokens")
    assert "还没有令牌" in seat.words() and "市民" not in seat.words()
    seat.post("/tokens", key=seat.key(), label="值班手机", days="30")
    assert seat.status == 200
    token = shown(seat)
    assert Caller(token).get("/me").said["name"] == cast.wang.name
    seat.get("/tokens")
    assert token.split(".")[1] not in seat.page and token.split(".")[0] in seat.words()
    assert "有效至" in seat.words() and "值班手机" in seat.words()
    other = Seat("li")
    other.get("/tokens")
    assert token.split(".")[0] not in other.page


def test_a_token_is_withdrawn_at_the_desk(street: str, cast: Cast) -> None:
    token = token_of(cast.wang)
    id = Caller(token).get("/me").said["token"]
    li = Seat("li")
    li.post(f"/tokens/{id}/withdraw")
    assert li.status == 403
    fang = Seat("fang")
    fang.post(f"/tokens/{id}/withdraw")
    assert fang.status == 404
    wang = Seat("wang")
    wang.get("/tokens")
    wang.post(f"/tokens/{id}/withdraw")
    assert wang.status == 200 and "已收回" in wang.words()
    assert Caller(token).get("/me").status == 401
    wang.post(f"/tokens/{id}/withdraw")
    assert wang.status == 409


def test_the_administrator_lets_a_system_in(street: str, cast: Cast) -> None:
    with reading(cast.qian):
        office = Unit.objects.get(where=STREET, kind="street")
    seat = Seat("qian")
    seat.get("/tokens")
    assert "接入其他系统" in seat.words()
    seat.post(
        "/tokens",
        key=seat.key(),
        label="市民热线",
        days="90",
        unit=str(office.id),
        role="hotline",
        where=STREET,
    )
    me = Caller(shown(seat)).get("/me").said
    assert (me["name"], me["role"], me["where"], me["names"]) == (office.name, "hotline", STREET, False)
    assert "热线系统" in seat.words() and office.name in seat.words()


@pytest.mark.parametrize(
    "given",
    [{"label": ""}, {"days": "0"}, {"days": "400"}, {"unit": ""}, {"unit": "x"}, {"role": ""}, {"role": "worker"},
     {"where": "11"}, {"where": HOME}],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_comes_back_with_what_was_typed(
    one_street: str, cast: Cast, given: dict[str, str]
) -> None:
    with reading(cast.qian):
        office = Unit.objects.get(where=STREET, kind="street")
    seat = Seat("qian")
    seat.get("/tokens")
    fits = {"label": "市民热线", "days": "90", "unit": str(office.id), "role": "hotline", "where": STREET}
    seat.post("/tokens", key=seat.key(), **(fits | given))
    assert seat.status == 422 and "secret" not in seat.page
    assert "市民热线" in seat.page or "label" in given
    with reading(cast.qian):
        assert not Token.objects.exists()


def test_the_same_page_sent_twice_issues_one(street: str, cast: Cast) -> None:
    seat = Seat("wang")
    seat.get("/tokens")
    key = seat.key()
    seat.post("/tokens", key=key, label="-", days="30")
    first = shown(seat)
    seat.post("/tokens", key=key, label="-", days="30")
    assert seat.status == 409 and "secret" not in seat.page
    assert Caller(first).get("/me").status == 200
    with reading(cast.wang):
        assert Token.objects.count() == 1


def test_who_may_not_is_told_so(street: str) -> None:
    for name in ("guo", "zhou"):
        seat = Seat(name)
        assert 'href="/tokens"' not in seat.page
        seat.get("/tokens")
        assert seat.status == 403


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "width", "size"),
    [("zh-hans", 1366, "1"), ("en", 1366, "1"), ("zh-hans", 360, "4"), ("en", 320, "1")],
)
def test_the_page_is_open_to_everybody(desk: Desk, cast: Cast, language: str, width: int, size: str) -> None:
    token_of(cast.qian)
    page = desk.sign_in("qian", language=language, width=width, size=size, bypass_csp=True)
    page.goto("/tokens")
    page.fill("input[name=label]", "市民热线平台")
    page.select_option("select[name=role]", "hotline")
    page.click("form[action='/tokens'] button")
    assert page.locator("#secret").input_value().startswith("lf_")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
