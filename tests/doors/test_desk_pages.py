"""What every page of the desk keeps to: who may see it, what it costs, what it says of itself, and how it refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from lianfang.doors.desk import frame
from lianfang.ground import clock, seals
from lianfang.ground.acts import reading
from tests import night
from tests.cast import HOME, Cast

from .visiting import sign_in, statements, text_of

LISTS = [
    "/verifications",
    "/verifications?which=unsettled",
    "/verifications?which=all",
    "/questions",
    "/questions?which=ruled",
]
LISTS += ["/questions?which=all"]
REGISTER = ["/orders", "/orders?which=waiting", "/orders?which=all"]
PAGES = ["/", *REGISTER, "/search", "/search?q=nxs", "/search?q=3-2-402", "/h/3-2-402", "/h/3-3-601", *LISTS]
SENT = ["/size", "/language", "/h/3-2-402/note", "/reveal/01890000-0000-7000-8000-000000000000", "/sign-out"]


@pytest.fixture(scope="module")
def street_of_cases(one_street: str) -> Iterator[Cast]:
    """The small street after the first night."""
    cast = Cast()
    night.issued(cast)
    night.asked(cast)
    yield cast


@pytest.fixture(scope="module")
def session(street_of_cases: Cast) -> str:
    """One signing in for the module: it takes a while on purpose."""
    return sign_in("wang").cookies["sessionid"].value


@pytest.fixture
def wang(session: str) -> Client:
    visitor = Client()
    visitor.cookies["sessionid"] = session
    return visitor


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_before_he_has_signed_in(street_of_cases: Cast, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_stands(wang: Client, path: str) -> None:
    answer = wang.get(path)
    assert answer.status_code == 200
    assert wang.head(path).status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Content-Language"] == "zh-hans"
    page = text_of(answer)
    assert " style=" not in page and "<style" not in page and "onclick" not in page
    assert page.count("<h1") == 1 and page.count("<main") == 1


@pytest.mark.parametrize("path", [*LISTS, "/search?q=nxs", "/search?q=3-2-402"])
def test_a_list_takes_at_most_six_statements(wang: Client, path: str) -> None:
    assert statements(wang, path) <= 6


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/h/9-9-999",
        "/h/-",
        "/h/3-2-402-1-1-1-1",
        "/h/110198001002-3-2-402",
        "/h/%00",
        "/h/3-2-402%0a",
        "/h/三",
        "/h/110198001001",
        "/verifications?which=none",
        "/orders?before=x",
        "/questions?before=%00",
        "/reveal/x",
    ],
)
def test_what_is_not_there_and_what_is_not_his_get_the_same_page(wang: Client, path: str) -> None:
    answer = wang.get(path)
    assert answer.status_code == 404
    assert "这里没有" in text_of(answer)
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_to_read_takes_nothing_sent(wang: Client, path: str) -> None:
    answer = wang.post(path, {})
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert "没有改" in text_of(answer)


@pytest.mark.parametrize("path", ["/", "/sign-in", *SENT])
def test_no_other_method_is_taken(wang: Client, path: str) -> None:
    for method in ("put", "delete", "patch", "options", "trace"):
        assert getattr(wang, method)(path).status_code == 405


@pytest.mark.parametrize("path", ["/sign-in", "/size", "/h/3-2-402/note", "/"])
def test_more_than_a_page_takes_is_refused_before_it_is_read(wang: Client, path: str) -> None:
    answer = wang.post(path, {"text": "长" * 500_000})
    assert answer.status_code in ((405, 413) if path == "/" else (413,))
    many = wang.post("/sign-in", {f"f{number}": "1" for number in range(400)})
    assert many.status_code == 400


def test_a_name_that_is_not_ours_is_refused(street_of_cases: Cast) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)("/sign-in", headers={"host": "elsewhere.example"})
        assert answer.status_code == 400
        assert "没有改" in text_of(answer)


@pytest.mark.parametrize("cookie", ['"a\\000b"', "x" * 3000, "'; DROP TABLE--", '"\\377\\376"'])
def test_a_cookie_made_up_is_nobody(street_of_cases: Cast, cookie: str) -> None:
    answer = Client().get(
        "/", headers={"cookie": f"sessionid={cookie}; lianfang_language={cookie}; lianfang_size={cookie}"}
    )
    assert answer.status_code == 302


def test_a_broken_page_says_so_and_asks_nothing_of_the_database(
    wang: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lianfang.reports import today

    def broken(*_given: object, **_named: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")

    monkeypatch.setattr(today, "today", broken)
    wang.raise_request_exception = False
    answer = wang.get("/")
    assert answer.status_code == 500
    assert "我们" in text_of(answer) and "建西里" not in text_of(answer)
    monkeypatch.undo()
    assert wang.get("/").status_code == 200


def test_language_and_size_are_kept_on_the_device(wang: Client) -> None:
    assert (
        wang.post("/language", {"language": "en", "next": "/search?q=nxs"}).headers["Location"]
        == "/search?q=nxs"
    )
    page = text_of(wang.get("/"))
    assert '<html lang="en" data-size="1"' in page and "Waiting for me" in page
    wang.post("/size", {"size": "4", "next": "/"})
    assert 'data-size="4"' in text_of(wang.get("/"))
    for wrong in ({"size": "9"}, {"size": ""}, {}, {"size": "4\0"}):
        assert wang.post("/size", wrong).status_code == 302
    assert (
        wang.post("/language", {"language": "xx", "next": "https://elsewhere.example/"}).headers["Location"]
        == "/"
    )
    page = text_of(wang.get("/"))
    assert 'data-size="4"' in page and 'lang="en"' in page


ODD = ["\0", "%", "_", "\\", "'", "a" * 5000, "😀", "3-", "-", "(", "3-2-(", "*", "1" * 30]


@pytest.mark.parametrize("asked", ODD)
def test_whatever_is_searched_is_an_answer(wang: Client, asked: str) -> None:
    assert wang.get("/search", {"q": asked}).status_code == 200


def test_every_reader_is_given_the_head_of_the_seals(wang: Client, street_of_cases: Cast) -> None:
    seals.write(clock.now())
    frame._names.clear()
    with reading(street_of_cases.wang):
        head = seals.head_of(HOME)
    assert head is not None and head.lines > 0
    assert head.text in text_of(wang.get("/"))
