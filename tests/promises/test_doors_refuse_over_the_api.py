"""Whatever is sent to the API, missing, wrong, oversized, unreadable, stale or foreign, is answered by a problem document:
never by a server's error, and nothing is written."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client

from lianfang.ground import clock
from lianfang.ground.ids import new_id
from lianfang.rooms import people, tokens
from lianfang.rooms.people.models import Posting
from lianfang.rooms.tokens.models import Token
from tests import night
from tests.cast import DOOR, HOME, STORY, Cast
from tests.conftest import SERVER
from tests.doors.at_the_api import PATH, Caller, token_of

from .conftest import Visited
from .test_doors_refuse_at_the_desk import HEADERS, NONSENSE, written
from .test_t12_nobody_sees_anothers_people import ids

NOTE = {"kind": "note.written", "said": {"where": DOOR, "text": "-", "how": "door"}}
LARGE = 512 * 1024


@pytest.fixture
def bearer(cast: Cast, three: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_of(cast.li)}"}


def ask(
    method: str, path: str, body: bytes, headers: dict[str, str], kind: str = "application/json", **more: Any
) -> Any:
    """One answer, whatever it is."""
    client = Client(raise_request_exception=False)
    return client.generic(method, PATH + path, body, content_type=kind, headers=headers, **more)


def refused(answer: Any, why: object) -> None:
    """A problem document with a status of the caller's own making."""
    assert 400 <= answer.status_code < 500, f"{why!r:.80}: {answer.status_code}"
    assert answer.headers["Content-Type"] == "application/problem+json", why
    told = json.loads(answer.content)
    assert told["status"] == answer.status_code and told["detail"], why


BODIES: list[tuple[int, bytes, str]] = [
    (400, b"", "application/json"),
    (400, b"{", "application/json"),
    (400, b"\xff\xfe\x00", "application/json"),
    (400, b"[" * 100_000, "application/json"),
    (400, b'{"kind": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}", "application/json"),
    (400, b"9" * 5000, "application/json"),
    (413, b'{"kind": "' + b"x" * LARGE + b'"}', "application/json"),
    (415, b"kind=note.written", "application/x-www-form-urlencoded"),
    (415, b"<kind/>", "application/xml"),
    (415, b"--b\r\n\r\n--b--", "multipart/form-data; boundary=b"),
    (415, b"{}", ""),
    (422, b"[]", "application/json"),
    (422, b"null", "application/json"),
    (422, b'"text"', "application/json"),
    (422, b"{}", "application/json"),
    (422, b'{"kind": 7}', "application/json"),
    (422, b'{"kind": null, "said": null}', "application/json"),
    (422, b'{"kind": "note.written", "said": []}', "application/json; charset=utf-8"),
    (422, b'{"kind": "note.written", "said": {}, "by": "x"}', "application/json"),
    (422, b'{"kind": "note.written", "said": {"by": "x", "at": "y", "self": 1}}', "application/json"),
    (422, b'{"kind": "note.written", "said": {}, "at": 1582771500}', "application/vnd.lianfang+json"),
    (422, b'{"kind": "note.written", "said": {"where": "110198001001", "how": "door", "text": NaN}}', "application/json"),
    (404, b'{"kind": "note.unwritten"}', "application/json"),
    (404, b'{"kind": "\\ud800"}', "application/json"),
    (404, b'{"kind": "' + b"x" * 400_000 + b'"}', "application/json"),
    (404, b'{"kind": "note.written", "said": {"where": "\\u0000", "how": "door", "text": "-"}}', "application/json"),
    (422, b'{"kind": "note.written", "said": {"where": "110198001001.3.2.402.", "how": "door", "text": "\\ud800"}}',
     "application/json"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "body", "kind"), BODIES, ids=[ascii(one[1][:60]) for one in BODIES])
def test_what_cannot_be_read_is_refused(
    visited: Visited, three: str, bearer: dict[str, str], code: int, body: bytes, kind: str
) -> None:
    before = written(three)
    answer = ask("PUT", f"/acts/{new_id()}", body, bearer, kind)
    refused(answer, body)
    if body:
        assert answer.status_code == code, answer.content
    for path in ("/acts", "/decide"):
        refused(ask("POST", path, body, bearer, kind), body)
    assert written(three) == before


def test_a_length_that_is_none_is_refused(bearer: dict[str, str]) -> None:
    for length in ("-1", "x", "", "9" * 400, "1e3", "0x10"):
        answer = ask("PUT", f"/acts/{new_id()}", json.dumps(NOTE).encode(), bearer, CONTENT_LENGTH=length)
        refused(answer, length)


VALUES: list[Any] = [
    *NONSENSE,
    None,
    True,
    0,
    -1,
    1e308,
    10**40,
    [],
    [[]],
    {},
    {"a": 1},
    ["x"] * 600,
    "x" * 100_000,
]


@pytest.mark.parametrize(
    "kind",
    ["note.written", "verification.asked", "verification.answered", "question.asked", "ticket.called",
     "stay.began", "building.drawn", "resident.registered"],
)  # fmt: skip
def test_a_field_with_anything_in_it_is_refused_or_taken_as_what_it_says(
    visited: Visited, three: str, bearer: dict[str, str], kind: str
) -> None:
    from lianfang.doors.api.fields import fields_of
    from lianfang.ground.acts import ACTS

    known = ids(visited, HOME)
    fits = {
        name: known.get(name, known["question"])
        for name, field in fields_of(ACTS[kind]).items()
        if field.schema.get("format") == "uuid"
    }
    for number, name in enumerate(fields_of(ACTS[kind])):
        for value in VALUES[number % 3 :: 3]:
            body = json.dumps({"kind": kind, "said": fits | {name: value}}).encode()
            answer = ask("PUT", f"/acts/{new_id()}", body, bearer)
            assert answer.status_code < 500, f"{name}={value!r:.60}"


def test_a_token_that_is_stale_or_somebody_elses_opens_nothing(
    visited: Visited, three: str, cast: Cast
) -> None:
    """Withdrawn, expired, of a posting that ended: 401 in the same words, and nothing is written."""
    stale = [token_of(cast.wang), token_of(cast.liu), token_of(cast.sun)]
    for token in stale:
        assert Caller(token).get("/me").status == 200
    issued = night.get(Token, Caller(stale[0]).get("/me").said["token"], cast.wang)
    tokens.withdraw(issued, by=cast.wang, at=STORY)
    people.end_posting(night.get(Posting, cast.liu.posting, cast.qian), by=cast.qian, at=STORY)  # type: ignore[arg-type]
    with psycopg.connect(SERVER.superuser_url, dbname=three) as boss:
        boss.execute("UPDATE lianfang_token SET until = since WHERE actor = %s", [cast.sun.id])
    before, told = written(three), set()
    for token in [*stale, stale[0][:-1], "", "x", "lf_", "Ω" * 10, "x" * 4000]:
        answer = ask(
            "PUT", f"/acts/{new_id()}", json.dumps(NOTE).encode(), {"Authorization": f"Bearer {token}"}
        )
        refused(answer, token)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="lianfang"')
        told.add(answer.content)
    assert len(told) == 1
    assert written(three) == before


def test_a_token_grows_old_with_the_clock(visited: Visited, three: str, cast: Cast) -> None:
    caller = Caller(token_of(cast.wang))
    clock.move_to(STORY + timedelta(days=89))
    assert caller.get("/me").status == 200
    clock.move_to(STORY + timedelta(days=91))
    assert caller.get("/me").status == 401


ADDRESSES = [
    "", "/", "//", "/acts/", "/acts/x", "/acts/%00", "/acts/00000000-0000-0000-0000-00000000000Z", "/matters/None", "/nowhere",
    "/things", "/things/", "/things/%ff", "/things/\u202e", "/lines?limit=0", "/lines?limit=501", "/lines?limit=x",
    "/lines?limit=1e9", "/lines?after=", "/lines?after=1", "/lines?after=-1-1", "/lines?after=99999999999999999999-1",
    "/lines?after=%00", "/lines?under=%00", "/lines?under=~", "/things/note?before=x", "/things/note?before=%00",
    "/things/note?limit=-1", "/people", "/people?q=", "/people?q=%ff", "/people?q=%00&q=a", "/people?q=%ED%A0%80",
    f"/people?q={'x' * 6000}", "/today?under=..", f"/today?under={'1' * 6000}", "/openapi.json/", "/../settings",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: ascii(address[:50]))
def test_an_address_with_nonsense_in_it_is_answered(bearer: dict[str, str], address: str) -> None:
    for method in ("GET", "PUT", "POST", "DELETE"):
        for headers in (bearer, {}):
            answer = ask(method, address, b"{}", headers)
            assert answer.status_code < 500, f"{method} {address}"
            assert answer.status_code == 200 or answer.headers["Content-Type"] == "application/problem+json"


def test_headers_with_nonsense_in_them_are_answered(bearer: dict[str, str]) -> None:
    for header in [
        *HEADERS,
        "Authorization: ",
        "Authorization: Bearer",
        "Authorization: Bearer\0",
        "Accept-Language: " + "z," * 900,
    ]:
        name, _, value = header.partition(": ")
        for path in ("/me", "/openapi.json", "/nowhere"):
            answer = ask("GET", path, b"", bearer | {name: value})
            assert answer.status_code < 500, f"{header[:60]!r} {path}"
            assert "sessionid" not in answer.cookies and "csrftoken" not in answer.cookies


def test_an_error_of_ours_tells_no_more_than_that(
    bearer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If something breaks all the same: a problem document in the caller's language, and no word of the code."""
    from lianfang.doors import asking

    def broken(*_args: Any, **_given: Any) -> Any:
        raise ZeroDivisionError("a secret of the house")

    monkeypatch.setattr(asking, "ask", broken)
    for language, words in (("zh", "系统出错"), ("en", "Our fault")):
        headers = bearer | {"Accept-Language": language}
        answer = ask("PUT", f"/acts/{new_id()}", json.dumps(NOTE).encode(), headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
        told = json.loads(answer.content)
        assert words in told["detail"] and set(told) == {"type", "title", "status", "detail"}
        assert b"secret" not in answer.content and b"ZeroDivision" not in answer.content
