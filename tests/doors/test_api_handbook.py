"""The page ``docs/handbook/api.md``: every example is sent as it stands, and its answer is the one the page shows."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lianfang.doors.api import listing, manners, shapes
from lianfang.doors.api.fields import DEEPEST
from lianfang.doors.console import main
from lianfang.rooms.tokens.rules import MOST, SYSTEMS

from .at_the_api import Answer, Caller

PAGE = Path(__file__).resolve().parents[2] / "docs" / "handbook" / "api.md"
ANYTHING = "…"


def blocks() -> list[tuple[str, str]]:
    """Every example, in order: its language and its text."""
    return re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def requests(text: str) -> Iterator[list[str]]:
    """The calls of ``api`` in an example, as a shell splits them."""
    words = shlex.split(text.replace("$HERE", ""))
    starts = [n for n, word in enumerate(words) if word == "api"]
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        yield words[start + 1 : end]


def send(caller: Caller, words: list[str]) -> Answer:
    """What ``curl`` would send."""
    method, headers, body, path = "", dict[str, str](), None, ""
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(rest).encode()
        else:
            path = word
    return caller.ask(method or ("POST" if body else "GET"), path, body, **headers)


def like(shown: Any, got: Any) -> bool:
    """Whether an answer is as the page shows it; ``…`` is anything, and any more."""
    if shown == ANYTHING:
        return True
    if isinstance(shown, dict) and isinstance(got, dict):
        told = shown.keys() - {ANYTHING}
        more = ANYTHING in shown or told == got.keys()
        return more and told <= got.keys() and all(like(shown[name], got[name]) for name in told)
    if isinstance(shown, list) and isinstance(got, list):
        told = [one for one in shown if one != ANYTHING]
        more = ANYTHING in shown or len(told) == len(got)
        return more and len(told) <= len(got) and all(map(like, told, got))
    return bool(shown == got)


def test_every_example_is_answered_as_the_page_shows(street: str, capsys: pytest.CaptureFixture[str]) -> None:
    commands = [
        shlex.split(line)[1:] for kind, text in blocks() if kind == "console" for line in text.splitlines()
    ]
    shown = []
    for command in commands:
        assert main(command) == 0
        shown.append(capsys.readouterr().out)
    caller, sent, answer = Caller(shown[0].split()[0]), 0, Answer(0, None)
    for kind, text in blocks():
        if kind == "sh" and "curl" not in text:
            for words in requests(text):
                answer, sent = send(caller, words), sent + 1
                assert answer.status in (200, 201) or "by pigeon" in text, (words, answer.said)
        elif kind == "json":
            assert like(json.loads(text), answer.said), (json.loads(text), answer.said)
    assert sent >= 11
    # Sent again as it stands, nothing is done twice.
    again = [
        send(caller, words).status
        for kind, text in blocks()
        if kind == "sh" and "curl" not in text
        for words in requests(text)
    ]
    assert 201 not in again


def test_an_answer_that_differs_is_found() -> None:
    assert like({"a": "…", "b": [1, "…"]}, {"a": 7, "b": [1, 2, 3]})
    assert like({"a": 1, "…": "…"}, {"a": 1, "b": 2})
    for shown, got in [
        ({"a": 1}, {"a": 1, "b": 2}), ({"a": 1}, {"a": 2}), ([1], [1, 2]), ([1, 2, "…"], [1]), ({"a": 1, "…": "…"}, {"b": 1}),
    ]:  # fmt: skip
        assert not like(shown, got)


def test_the_page_states_the_limits_that_hold() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert manners.LARGEST == 512 * 1024 and "A body 512 KB" in page
    assert shapes.BATCH == 50 and "fifty acts in a batch" in page
    assert shapes.PAGE == 500 and "500 lines or things on a page, fifty people" in page
    assert DEEPEST == 12 and "twelve levels deep" in page
    assert MOST == 20 and "twenty tokens a holder" in page
    assert all(f"`{kind}`" in page for kind in listing.LISTINGS)
    assert all(f"`{role}`" in page for role in SYSTEMS)
