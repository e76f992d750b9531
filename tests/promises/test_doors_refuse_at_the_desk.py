"""Whatever is sent to the desk, missing, wrong, oversized, unreadable, stale or foreign, is answered by a refusal in words:
never by a server's error, and nothing is written."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from lianfang.ground import clock
from lianfang.rooms import people
from lianfang.rooms.people.models import Posting
from tests import night
from tests.cast import HOME, STORY, Cast
from tests.conftest import SERVER

from .conftest import Visited
from .matrix import ROWS, Row
from .test_t12_nobody_sees_anothers_people import filled, ids, what

WRITES = sorted(
    name for name, row in ROWS.items() if row.said and name not in ("size", "language", "verification_person")
)
"""Addresses where a form that fits writes a line."""

FORM = "application/x-www-form-urlencoded"
SIGNS = [
    "",
    " ",
    "\0",
    "a\0b",
    "９９",
    "9" * 400,
    "x" * 5000,
    "\ufffd",
    "\ud800",
    "\u202e\u0000é\U0010ffff",
    "' OR 1=1 --",
]
WORDS = """-1 0 1e9 NaN [] {} None 2020-13-45 0000-00-00 9999-12-31T23:59 0001-01-01 -99999999999999999999 <script> {0} %s
%(who)s ../../etc 00000000-0000-0000-0000-000000000000 110198001001.3.2.402. ~ on"""
NONSENSE = [*SIGNS, *WORDS.split()]


def sender(name: str) -> str:
    """Somebody whose role may send this form."""
    return next(who for who in ("wang", "li", "chen", "zhao", "sun") if ROWS[name].sent(who) in ("ok", "200"))


def written(database: str) -> list[Any]:
    """How many lines, jobs and things there are, and whether a row has changed."""
    with psycopg.connect(SERVER.superuser_url, dbname=database) as boss:
        names = boss.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'lianfang\\_%' AND relkind = 'r' ORDER BY 1"
        ).fetchall()
        return [
            boss.execute(f"SELECT '{one}', count(*), max(xmin::text::bigint) FROM {one}").fetchone()  # type: ignore[arg-type]
            for (one,) in names
            if one not in ("lianfang_account", "lianfang_tokenkey")
        ]


def path_of(visited: Visited, row: Row) -> str:
    """The address, for what is in the first community."""
    return filled(row.path, ids(visited, HOME))


def said_to(visited: Visited, row: Row) -> dict[str, str]:
    """A form that fits."""
    return {key: filled(value, ids(visited, HOME)) for key, value in row.said.items()}


def as_text(said: dict[str, str]) -> bytes:
    """A form as it is sent; what no text can hold is sent all the same."""
    parts = (f"{key}={quote(value.encode('utf-8', 'surrogatepass'), safe='')}" for key, value in said.items())
    return "&".join(parts).encode()


def refused(answer: Any, why: str) -> None:
    """A refusal is a page with a status of the caller's own making, or the way to sign in."""
    assert 400 <= answer.status_code < 500 or what(answer) == "in", f"{why}: {answer.status_code}"
    assert answer.status_code < 400 or b"<html" in answer.content, f"{why}: no page"


@pytest.mark.parametrize("name", WRITES)
def test_a_form_with_something_missing_or_wrong_is_refused(visited: Visited, three: str, name: str) -> None:
    """Every field left out, and each field with a third of the nonsense in turn: refused, or taken as what it says, and
    never our fault."""
    row = ROWS[name]
    window, path, fits = visited.window(sender(name)), path_of(visited, row), said_to(visited, row)
    before = written(three)
    if name != "reveal":  # to read a masked field again is another deed
        refused(window.post(path, {"key": "no-key", **fits}), "a key that is none")
    for moment in (
        "yesterday",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
        "2020-02-30T00:00",
        "1999-01-01T00:00",
    ):
        refused(window.post(path, {"at": moment, **fits}), f"at {moment}")
    if name not in ("assess", "assessment"):
        # Facts may all stay unknown; every other form asks for something.
        refused(window.post(path, {}), "nothing at all")
        refused(window.post(path, dict.fromkeys(fits, "")), "everything empty")
        assert written(three) == before
    for number, key in enumerate(fits):
        for value in NONSENSE[number % 3 :: 3]:
            answer = window.post(path, as_text(fits | {key: value}), content_type=FORM)
            assert answer.status_code < 500, f"{key}={value[:40]!r}"


@pytest.mark.parametrize("name", WRITES)
def test_what_cannot_be_read_is_refused(visited: Visited, three: str, name: str) -> None:
    """Too much, too many, not text, not a form, a file: refused before anything is done."""
    row = ROWS[name]
    window, path, fits = visited.window(sender(name)), path_of(visited, row), said_to(visited, row)
    before = written(three)
    bodies = {
        "two megabytes": (b"text=" + b"x" * 2_000_000, FORM),
        "two megabytes of parts": (b"--b\r\n" + b"x" * 2_000_000, "multipart/form-data; boundary=b"),
        "a thousand fields": (b"&".join(b"f%d=1" % n for n in range(1000)), FORM),
        "half a part": (
            b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nx',
            "multipart/form-data; boundary=b",
        ),
        "no boundary": (b"x", "multipart/form-data"),
        "a boundary beyond text": (b"x", "multipart/form-data; boundary=\xc3\xa9"),
        "json": (b'{"text": "x"}', "application/json"),
        "nothing said of what it is": (b"\x00\xff\xfe", ""),
        "bytes that are no text": (as_text(fits).replace(b"=", b"=%ff%c3%28"), FORM),
        "a foreign character set": (as_text(fits), FORM + "; charset=utf-7"),
        "an unknown character set": (as_text(fits), FORM + "; charset=nonsense"),
    }
    for why, (sent, kind) in bodies.items():
        answer = window.generic("POST", path, sent, content_type=kind)
        assert answer.status_code < 500, f"{why}: {answer.status_code}"
        if "character set" not in why and name not in ("assess", "assessment"):
            refused(answer, why)
            assert written(three) == before, why


@pytest.mark.parametrize("name", WRITES)
def test_a_form_from_elsewhere_or_from_yesterday_is_refused(visited: Visited, three: str, name: str) -> None:
    """Without a token, from a foreign site, after signing out, with made-up cookies: nothing is done."""
    row = ROWS[name]
    path, fits, before = path_of(visited, row), said_to(visited, row), written(three)
    strict = visited.window(sender(name), enforce_csrf_checks=True)
    refused(strict.post(path, fits), "no token")
    refused(strict.post(path, {"csrfmiddlewaretoken": "x" * 64, **fits}), "another's token")
    token = strict.cookies["csrftoken"].value if "csrftoken" in strict.cookies else "y" * 32
    strict.cookies["csrftoken"] = token
    foreign = strict.post(
        path, {"csrfmiddlewaretoken": token, **fits}, headers={"Origin": "https://example.org"}
    )
    refused(foreign, "a foreign site")
    for session in ("", "made-up", "x" * 5000, "\x7f", "' OR 1=1"):
        stale = visited.window("nobody")
        stale.cookies["sessionid"] = session
        refused(stale.post(path, fits), f"the session {session[:20]!r}")
    assert written(three) == before


def test_a_posting_that_ended_ends_the_access_at_once(visited: Visited, three: str, cast: Cast) -> None:
    """The session is still there, the posting is not: the next request is nobody's."""
    window = visited.window("wang")
    assert window.get("/").status_code == 200
    people.end_posting(
        night.get(Posting, cast.wang.posting, cast.qian),
        by=cast.qian,
        at=clock.now(),  # type: ignore[arg-type]
    )
    assert what(window.get("/")) == "in"
    before = written(three)
    for name in WRITES:
        refused(window.post(path_of(visited, ROWS[name]), said_to(visited, ROWS[name])), name)
    assert written(three) == before


def test_a_session_that_grew_old_is_nobodys(visited: Visited, three: str) -> None:
    """After its twelve hours a session is over, whatever the browser still sends."""
    with psycopg.connect(SERVER.superuser_url, dbname=three) as boss:
        boss.execute("UPDATE django_session SET expire_date = now() - interval '1 second'")
    for who in ("wang", "chen", "qian"):
        assert what(visited.window(who).get("/")) == "in"


@pytest.mark.parametrize("name", [name for name in WRITES if ROWS[name].second == "409"])
def test_what_is_sent_twice_is_done_once_and_what_comes_late_is_told_so(
    visited: Visited, three: str, name: str
) -> None:
    """The same key again: the same answer, no second line. Another key: told who was first, and nothing written."""
    row = ROWS[name]
    window, path, fits = visited.window(sender(name)), path_of(visited, row), said_to(visited, row)
    key = "01700000-0000-7000-8000-000000000001"
    assert what(window.post(path, {"key": key, **fits})) == "ok"
    once = written(three)
    if not name.startswith("order_by"):
        # The page of an order asks first whether one is in force.
        assert what(window.post(path, {"key": key, **fits})) == "ok"
    refused(window.post(path, {"key": "01700000-0000-7000-8000-000000000002", **fits}), "late")
    assert written(three) == once
    with_another = visited.window("li").post(
        f"/h/{HOME}-3-3-601/note", {"key": key, "text": "-", "how": "door"}
    )
    refused(with_another, "the key of another deed")
    assert written(three) == once


LONG = [f"/h/{'9' * 4000}", f"/e/{'x' * 4000}", f"/search?q={'x' * 6000}", f"/search?{'q=1&' * 2000}"]
SHORT = """
/ /%00 /\u202e /nowhere // /../.. /static/../config/settings.py /static/%00 /static/nowhere.css /h/ /h/%00 /h/%ff /h/3-2-402-
/h/３-２-４０２ /h/.. /h/3-2-402%2F.. /h/None /h/~ /h/110198001001-3-2-402-1-1-1 /h/3-3-601?lines=%00 /e/%00 /e/%ff%fe /e/..%2f
/e?on=%00 /e?on=9999-99-99 /e?on=0001-01-01 /e?on=9999-12-31 /e/beijing-2020-02-14?on=9999-99-99 /v/none
/v/00000000-0000-0000-0000-000000000000 /v/{verification}?who=%00 /v/{verification}?person=%00 /v/{verification}?person=x
/verifications?which=%00 /verifications?which=nonsense /verifications?which=all&before=%00 /verifications?which=all&before=x
/questions?which=all&before=999999999999999999999999999999999999999999 /orders?which= /assess?call=x /assess?person=%00
/orders?which=all&before=00000000-0000-0000-0000-000000000000 /search?q=%00 /search?q=%ff /search?q=%25%5F%5C /search?q='
/search?q=%F0%9F%8D%93 /search?q=%ED%A0%80 /search?q=110198001001.3.2.402. /assess?call= /sign-in?next=//example.org
/sign-in?next=%00 /sign-in?next=javascript:alert(1)
"""
ADDRESSES = [*LONG, *SHORT.split()]


@pytest.mark.usefixtures("reading_three")
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address[:50])
def test_an_address_with_nonsense_in_it_is_answered(visited: Visited, address: str) -> None:
    """Anything after the host's name gets a page."""
    for who in ("wang", "chen", "qian", "nobody"):
        path = address.replace("{verification}", ids(visited, HOME)["verification"])
        for method in ("get", "head", "post"):
            assert getattr(visited.window(who), method)(path).status_code < 500, f"{who} {method}"


HEADERS = """Host: example.org|Host: 127.0.0.1:99999999|Host: \0|Host: |Referer: javascript:|Referer: http://[|Origin: null
Accept-Language: \xff;q=nan|X-Forwarded-Host: example.org|X-Forwarded-For: \0|Accept: \0|Content-Length: -1|Content-Length: x
If-Modified-Since: yesterday|Range: bytes=5-1,a|X-HTTP-Method-Override: DELETE|Cookie: =;;;=\0|Cookie: lianfang_size=NaN
Cookie: lianfang_language=\xff""".replace("\n", "|").split("|")
HEADERS += [f"Referer: {'x' * 9000}", f"Accept-Language: {'x' * 9000}"]


@pytest.mark.usefixtures("reading_three")
@pytest.mark.parametrize("header", HEADERS, ids=lambda header: ascii(header[:40]))
def test_headers_with_nonsense_in_them_are_answered(visited: Visited, header: str) -> None:
    """Nothing a browser or a stranger says about itself breaks a page."""
    name, _, value = header.partition(": ")
    for who in ("wang", "nobody"):
        for path in ("/", "/sign-in", f"/h/{HOME}-3-3-601"):
            for method in ("get", "post"):
                answer = getattr(visited.window(who), method)(path, headers={name: value})
                assert answer.status_code < 500, f"{who} {method} {path}: {answer.status_code}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"username=wang",
        b"username=%00&password=%00",
        b"username=%ff&password=%ff",
        b"username=" + b"x" * 9000 + b"&password=y",
        b"username=wang&password=" + b"x" * 100_000,
        b"username=wang&username=li&password=a&password=b",
    ],
    ids=lambda body: ascii(body[:40]),
)
def test_signing_in_with_nonsense_is_refused(visited: Visited, three: str, body: bytes) -> None:
    """422 with the form again, and nobody is signed in."""
    window = visited.window("nobody")
    answer = window.post("/sign-in", body, content_type=FORM)
    assert 400 <= answer.status_code < 500
    assert what(window.get("/")) == "in"


def test_hundreds_of_things_nobody_thought_of(visited: Visited, three: str) -> None:
    """Random forms to random addresses by random people, by a seed that is said: none is our fault."""
    seed = os.environ.get("LIANFANG_SEED") or secrets.token_hex(4)
    print(f"LIANFANG_SEED={seed}")
    rng, known = Random(seed), ids(visited, HOME)
    words = [
        *NONSENSE,
        *known.values(),
        "yes",
        "no",
        "door",
        "clause",
        "discretion",
        "required",
        "14",
        "2020-02-26",
        "phone",
    ]
    keys = sorted(
        {key for row in ROWS.values() for key in row.said}
        | {"key", "next", "count", "counted", "clause", "words", "person"}
    )
    windows = {who: visited.window(who) for who in ("wang", "li", "chen", "zhao", "sun", "guo", "qian")}
    paths = [filled(row.path, known) for row in ROWS.values() if row.post and row.path != "/sign-out"]
    for _ in range(300):
        who, path = rng.choice(list(windows)), rng.choice(paths)
        said = {rng.choice(keys): rng.choice(words) for _ in range(rng.randrange(8))}
        answer = windows[who].post(path, as_text(said), content_type=FORM)
        assert answer.status_code < 500, f"{who} {path} {said}"


def test_a_clock_that_is_wrong_by_years_is_refused_in_words(visited: Visited, three: str, cast: Cast) -> None:
    """The server's clock runs, the page's moment lies far away: acts refuse it, pages stand."""
    for years in (-30, 30):
        clock.move_to(STORY + timedelta(days=365 * years))
        for path in ("/", "/orders", "/e", "/verifications"):
            assert visited.window("wang").get(path).status_code < 500
