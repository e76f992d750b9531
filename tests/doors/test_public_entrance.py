"""Coming to the resident's door: the code, the square, the half hour; what is refused, and what is nowhere written down."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from lianfang.doors.public.entrance import address_of
from lianfang.ground import clock
from lianfang.ground.ids import new_id
from lianfang.rooms import messages
from lianfang.rooms.messages import codes, entering
from lianfang.rooms.messages.models import Slip
from lianfang.rooms.orders.models import Objection
from lianfang.rooms.people.roles import the_clock
from tests import night
from tests.cast import PASSWORD, STORY, Cast

from .at_his_page import Visitor, slip
from .test_public_page import WORDS, at_home, bound

pytestmark = pytest.mark.usefixtures("street")


@pytest.fixture(autouse=True)
def every_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def said_aloud(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> str:
    """Everything that was logged or printed."""
    return "\n".join([*(one.getMessage() for one in caplog.records), *capfd.readouterr()])


# Coming in


def test_he_types_the_code_and_is_at_home(cast: Cast) -> None:
    code, _id = slip(cast)
    him = Visitor()
    him.get("/r/")
    assert him.status == 200 and "查询单上的码" in him.words()
    him.post("/r/", code=codes.written(code).lower())
    assert (him.status, him.at) == (200, "/r/me") and "宁小松" in him.words()
    him.get("/r/me")
    assert him.status == 200


def test_the_square_needs_one_press_and_opens_nothing_by_itself(cast: Cast) -> None:
    """A messenger that looks at the address for a preview gets a page that says nothing, and no slip open."""
    code, _id = slip(cast)
    him = Visitor()
    with CaptureQueriesContext(connection) as asked:
        him.get(f"/r/{codes.link_of(code)}")
    assert (him.status, him.at, len(asked)) == (200, "/r/", 0)
    assert "宁小松" not in him.page and "lianfang_slip" not in him.client.cookies
    him.post("/r/", code=him.hidden("code"))
    assert him.at == "/r/me" and "宁小松" in him.words()
    assert "lianfang_link" not in him.client.cookies or not him.client.cookies["lianfang_link"].value


def test_he_closes_it_and_it_closes_by_itself(cast: Cast, later: Any) -> None:
    code, _id = slip(cast)
    him = Visitor()
    him.enter(code)
    for minutes in (29, 58, 87):
        later(minutes)
        him.get("/r/me")
        assert him.at == "/r/me" and him.status == 200, "each page gives another half hour"
    later(117)
    him.get("/r/me")
    assert him.at == "/r/?over" and "过了半小时" in him.words()
    him.post("/r/", code=code)
    him.post("/r/leave")
    assert him.at == "/r/"
    him.get("/r/me")
    assert him.at == "/r/" and "过了半小时" not in him.words()


def test_what_he_was_writing_when_the_half_hour_ended_is_not_lost(cast: Cast, later: Any) -> None:
    order = bound(cast)
    code, _id = slip(cast, matter=order.matter)
    him = Visitor()
    him.enter(code)
    key = him.hidden("key")
    later(31)
    him.post("/r/object", words=WORDS, order=str(order.id), key=key)
    assert him.status == 403 and WORDS in him.page
    him.post("/r/", code="K7M3QX9PAD", then=him.hidden("then"), words=him.hidden("words"))
    assert him.status == 422 and WORDS in him.page, "nor by a mistyped code"
    him.post("/r/", code=code, then=him.hidden("then"), words=him.hidden("words"))
    assert him.status == 200 and f">{WORDS}</textarea>" in him.page
    him.post("/r/object", words=WORDS, order=str(order.id), key=him.hidden("key"))
    assert him.at.startswith("/r/me?said=objected")


# Refusals


def test_wrong_ended_withdrawn_and_foreign_are_answered_alike(cast: Cast, later: Any) -> None:
    """Word for word, by as many statements; and in words a person can act on."""
    ended, _id = slip(cast)
    withdrawn, id = slip(cast, "曾兰")
    messages.withdraw_slip(night.get(Slip, id, cast.liu), by=cast.liu, at=STORY)
    later(15 * 24 * 60)
    answers = set()
    for code in ("K7M3QX9PAD", ended, withdrawn, str(new_id()), "码" * 10, "A" * 40, "' OR 1=1 --"):
        him = Visitor()
        him.get("/r/")
        with CaptureQueriesContext(connection) as said:
            him.post("/r/", code=code)
        page = him.page.replace(code[:40], "")
        for token in [him.hidden("csrfmiddlewaretoken", n) for n in range(page.count("csrfmiddlewaretoken"))]:
            page = page.replace(token, "")
        page = page.partition('name="code" value="')[0]
        answers.add((him.status, len(said), page))
        assert "这个码打不开页面" in him.words() and "不影响您的权利" in him.words()
        clock.move_to(clock.now() + entering.WINDOW)  # the count of wrong codes begins anew
    assert len(answers) == 1 and {status for status, *_more in answers} == {422}


def test_nothing_that_is_sent_breaks_the_door(cast: Cast) -> None:
    bound(cast)
    him = Visitor()
    him.get("/r/")
    for code in ("", " ", "\0", "a\0b", "x" * 5_000, "９" * 400, "\ufffd", "\u202e", "%s", "{0}", "<script>"):
        him.post("/r/", code=code)
        assert him.status in (422, 429), repr(code)
        assert b"<script>" not in him.answer.content
    for address in (
        "/r/nowhere/at/all",
        "/r/%00",
        "/r/" + "A" * 3_000,
        "/r/../sign-in",
        "/r/me/",
        "/r/seen/x",
        "/r/%ff",
    ):
        him.get(address)
        assert him.status in (200, 404), address
    for address in ("/r/me", "/r/object", "/r/request", f"/r/seen/{new_id()}", f"/r/arrived/{new_id()}"):
        him.get("/r/")
        him.post(address, words="话", key="x", order="x")
        assert him.status in (403, 405), address
    him.get("/r/")
    him.post("/r/", code="A" * 1_200_000)
    assert him.status in (400, 413) and "什么都没有改动" in him.words()
    with night.reading(the_clock()):
        assert not Objection.objects.exists()


def test_a_forged_form_and_a_method_nobody_answers_are_told_in_plain_words(cast: Cast) -> None:
    order = bound(cast)
    him = at_home(cast, order)
    answer = him.client.post("/r/object", {"words": WORDS, "order": str(order.id)})
    assert answer.status_code == 403 and "什么都没有改动" in answer.content.decode()
    stranger = Client()
    for path in ("/r/", "/r/me", "/r/object", "/r/leave", "/r/K7M3QX9PAD"):
        answer = stranger.put(path)
        assert (
            answer.status_code == 405
            and answer.headers["Allow"]
            and "desk/" not in answer.content.decode().replace("desk/icon", "")
        )
    with night.reading(cast.wang):
        assert not Objection.objects.exists()


def test_a_forged_or_foreign_cookie_opens_nothing(cast: Cast) -> None:
    _code, _id = slip(cast)
    for value in ("", "x", "a:b:c", str(new_id()), "é" * 40, "." * 4_000):
        him = Visitor()
        him.client.cookies["lianfang_slip"] = value
        him.client.cookies["lianfang_link"] = value
        him.get("/r/me")
        assert him.at.startswith("/r/") and him.at != "/r/me" and him.status == 200


def test_a_withdrawn_slip_ends_the_page_that_is_open(cast: Cast) -> None:
    code, id = slip(cast)
    him = Visitor()
    him.enter(code)
    messages.withdraw_slip(night.get(Slip, id, cast.liu), by=cast.liu, at=STORY)
    him.get("/r/me")
    assert him.at == "/r/?over"
    him.post("/r/request", words="有事", key=str(new_id()))
    assert him.status == 403


# Guessing


def test_whoever_guesses_waits_and_the_holder_does_not(cast: Cast) -> None:
    code, _id = slip(cast)
    guesser = Visitor(REMOTE_ADDR="203.0.113.7")
    guesser.get("/r/")
    statuses = [guesser.post("/r/", code=f"K7M3Q{n:05}") and guesser.status for n in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    assert "请 15 分钟后再试" in guesser.words() and guesser.answer.headers["Retry-After"] == "900"
    guesser.post("/r/", code=code)
    assert guesser.status == 429
    for holder, typed in (
        (Visitor(REMOTE_ADDR="203.0.113.8"), code),
        (Visitor(REMOTE_ADDR="203.0.113.7"), codes.link_of(code)),
    ):
        holder.enter(typed)
        assert holder.at == "/r/me"
    open_already = holder
    open_already.get("/r/me")
    assert open_already.status == 200


def test_the_address_counts_as_our_own_machines_saw_it() -> None:
    def seen(passed: str, proxies: int) -> str:
        request = RequestFactory().get("/r/", HTTP_X_FORWARDED_FOR=passed, REMOTE_ADDR="10.0.0.1")
        with override_settings(LIANFANG_PROXIES=proxies):
            return address_of(request)

    assert seen("6.6.6.6", 0) == "10.0.0.1", "what anybody may write is not believed"
    assert seen("6.6.6.6, 203.0.113.7", 1) == "203.0.113.7"
    assert seen("6.6.6.6, 203.0.113.7, 10.0.0.2", 2) == "203.0.113.7"
    assert seen("", 1) == "10.0.0.1"


# What is nowhere written down


def test_no_code_is_in_a_log_an_address_a_title_or_a_referer(
    cast: Cast,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever becomes of it: opened, wrong, foreign method, a broken server."""
    code, id = slip(cast)
    link, him = codes.link_of(code), Visitor()
    pages = []
    for address in (f"/r/{link}", f"/r/{code}", f"/r/{codes.written(code)}/", f"/r/{code}/more?x={code}"):
        him.get(address.partition("?")[0])
        pages.append(him.page)
        assert him.at == "/r/" and code not in him.first["Location"]
        for method in ("put", "delete", "post"):
            getattr(him.client, method)(address.partition("?")[0])
    him.post("/r/", code=him.hidden("code"))
    pages += [him.page, him.get("/r/me")]
    messages.withdraw_slip(night.get(Slip, id, cast.liu), by=cast.liu, at=STORY)
    him.enter(code)
    pages.append(him.page)
    monkeypatch.setattr("lianfang.doors.public.keeping.carry", lambda *_given: 1 / 0)
    him.get(f"/r/{link}")
    assert him.status == 500 and "我们这边出了故障" in him.words()
    for page in pages:
        title = page[page.index("<title>") : page.index("</title>")]
        assert code not in title and "宁小松" not in title
    told = said_aloud(caplog, capfd)
    assert "/r/link" in told, "something was logged at all"
    for one in (code, codes.written(code), link, link[10:]):
        assert one not in told and one.lower() not in told


def test_every_answer_keeps_to_itself(cast: Cast) -> None:
    """Not kept by anybody, told to no other site, in no frame, with no script."""
    order = bound(cast)
    him = at_home(cast, order)
    for address in ("/r/", "/r/me", "/r/nowhere", "/r/seen/x", f"/r/{new_id()}"):
        answer = him.client.get(address)
        assert answer.headers["Referrer-Policy"] == "same-origin", address
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "X-Lianfang-Page" not in answer.headers
    kept = him.client.cookies["lianfang_slip"]
    assert (kept["path"], kept["max-age"], kept["httponly"], kept["samesite"]) == ("/r", 1800, True, "Lax")
    assert Visitor().client.get("/r/", secure=True).status_code == 200
    sure = Visitor()
    token = sure.get("/r/") and sure.hidden("csrfmiddlewaretoken")
    code, _id = slip(cast)
    answer = sure.client.post(
        "/r/", {"code": code, "csrfmiddlewaretoken": token}, secure=True, HTTP_REFERER="https://testserver/r/"
    )
    assert answer.status_code == 302 and answer.cookies["lianfang_slip"]["secure"]


def test_the_desk_and_his_page_do_not_know_each_other(cast: Cast) -> None:
    """Whoever is signed in at the desk is nobody at the resident's door, and a slip is no way to the desk."""
    code, _id = slip(cast)
    him = Visitor()
    him.get("/sign-in")
    him.post("/sign-in", username="wang", password=PASSWORD)
    assert him.status == 200
    him.get("/r/me")
    assert him.at == "/r/" and "王秀英" not in him.page
    him.get("/r/")
    assert him.statements == 0, "nobody looked who is signed in at the desk"
    him.enter(code)
    assert him.at == "/r/me" and "王秀英" not in him.page
    him.client.cookies.pop("sessionid")
    him.get("/")
    assert him.at.startswith("/sign-in")
