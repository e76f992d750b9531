"""Signing in: who is told what, how often one may try, when an access ends."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from lianfang.ground import clock
from lianfang.rooms import people
from lianfang.rooms.people.models import Account, Posting
from tests import night
from tests.cast import PASSWORD, STORY, Cast

from .visiting import sign_in, text_of

pytestmark = pytest.mark.usefixtures("street")


def tried(name: str, password: str) -> str:
    """The answer to a try, without what changes from answer to answer."""
    answer = Client().post("/sign-in", {"username": name, "password": password})
    assert answer.status_code == 422
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", text_of(answer)).replace(name, "NAME")


def test_a_name_that_does_not_exist_and_a_wrong_password_are_told_alike() -> None:
    assert tried("wang", "wrong-password") == tried("nobody", "wrong-password")
    assert "登录名和密码对不上" in tried("wang", "wrong-password")


def test_the_page_somebody_wanted_is_the_page_he_comes_to() -> None:
    asked = Client().get("/h/3-2-402?lines=all")
    assert asked.headers["Location"] == "/sign-in?next=%2Fh%2F3-2-402%3Flines%3Dall"
    came = Client().post(
        "/sign-in", {"username": "wang", "password": PASSWORD, "next": "/h/3-2-402?lines=all"}
    )
    assert came.headers["Location"] == "/h/3-2-402?lines=all"


@pytest.mark.parametrize(
    "goal", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\x"]
)
def test_nobody_is_led_away_to_a_foreign_page(goal: str) -> None:
    came = Client().post("/sign-in", {"username": "wang", "password": PASSWORD, "next": goal})
    assert came.headers["Location"] == "/"
    assert goal not in text_of(Client().get("/sign-in", {"next": goal}))


def test_after_ten_wrong_tries_even_the_right_password_waits() -> None:
    for _try in range(10):
        tried("wang", secrets.token_hex(6))
    answer = Client().post("/sign-in", {"username": "wang", "password": PASSWORD})
    assert answer.status_code == 429
    assert "15 分钟" in text_of(answer)
    clock.move_to(STORY + timedelta(minutes=16))
    sign_in("wang")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"username": "", "password": ""},
        {"username": "wang"},
        {"username": "w" * 41, "password": PASSWORD},
        {"username": "wang\0", "password": PASSWORD},
        {"username": "wang", "password": "x" * 201},
        {"username": "wang", "password": "\0"},
    ],
)
def test_what_does_not_fit_comes_back_to_be_mended(said: dict[str, str]) -> None:
    assert Client().post("/sign-in", said).status_code == 422


def test_a_session_that_was_there_before_is_not_the_one_signed_in_with() -> None:
    visitor = sign_in("wang")
    before = visitor.session.session_key
    visitor.post("/sign-in", {"username": "li", "password": PASSWORD})
    assert visitor.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_out_ends_the_session_and_a_link_does_not() -> None:
    visitor = sign_in("wang")
    cookie = visitor.cookies["sessionid"].value
    assert visitor.get("/sign-out").headers["Location"] == "/"
    assert visitor.get("/").status_code == 200
    assert visitor.post("/sign-out").headers["Location"] == "/signed-out"
    assert "已退出" in text_of(visitor.get("/signed-out"))
    stolen = Client()
    stolen.cookies["sessionid"] = cookie
    assert stolen.get("/").status_code == 302


def test_the_end_of_a_posting_ends_the_access_with_the_next_request(cast: Cast) -> None:
    visitor = sign_in("wang")
    posting = night.get(Posting, cast.wang.posting, cast.qian)  # type: ignore[arg-type]
    people.end_posting(posting, by=cast.qian, at=clock.now())
    clock.move_to(STORY + timedelta(minutes=1))
    assert visitor.get("/").status_code == 302
    assert visitor.post("/h/3-2-402/note", {"text": "话", "how": "door"}).headers["Location"] == "/sign-in"


def test_a_new_password_ends_the_sessions_of_the_old_one() -> None:
    visitor = sign_in("wang")
    account = Account.objects.get(name="wang")
    account.set_password("another-password")
    account.save()
    assert visitor.get("/").status_code == 302


def test_a_form_from_elsewhere_does_nothing_and_says_why() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/sign-in", {"username": "wang", "password": PASSWORD})
    assert answer.status_code == 403
    assert "页面太旧" in text_of(answer) or "过期" in text_of(answer) or "旧" in text_of(answer)


def test_demo_accounts_stand_on_the_page_only_in_a_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    from lianfang.doors import demo

    assert demo.DEMO_PASSWORD not in text_of(Client().get("/sign-in"))
    monkeypatch.setattr(settings, "DEMO", True)
    page = text_of(Client().get("/sign-in"))
    assert demo.DEMO_PASSWORD in page
    for account in demo.demo_accounts():
        assert f'value="{account.login}"' in page
        assert account.name in page
