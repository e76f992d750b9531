"""Requests take turns: one is worked on at a time, and none before its client has finished speaking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import connection, connections

from lianfang.doors.in_turn import LONGEST, InTurn

Start = Callable[..., Any]


class Silent:
    """A client that says no more until it is let go."""

    def __init__(self) -> None:
        self.asked, self.gone = Event(), Event()

    def read(self, _length: int) -> bytes:
        self.asked.set()
        self.gone.wait()
        return b"ha"


class Inside:
    """An application that keeps what it was asked, and sees whether it is alone."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.closed = self.here = self.most = 0

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        self.here += 1
        self.most = max(self.most, self.here)
        self.bodies.append(environ["wsgi.input"].read())
        start("200 OK", [])
        return self

    def __iter__(self) -> Iterator[bytes]:
        return iter([b"yes"])

    def __next__(self) -> bytes:
        raise StopIteration

    def close(self) -> None:
        self.closed += 1
        self.here -= 1


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
def application(inside: Inside) -> Iterator[InTurn]:
    yield InTurn(inside)
    connections["default"].dec_thread_sharing()


def ask(application: InTurn, body: Any, length: object = None) -> tuple[str, list[bytes]]:
    """Status and answer."""
    said: list[str] = []
    stream = BytesIO(body) if isinstance(body, bytes) else body
    length = len(body) if length is None else length
    answer = application(
        {"CONTENT_LENGTH": str(length), "wsgi.input": stream}, lambda status, _headers: said.append(status)
    )
    return said[0], list(answer)


def test_the_body_is_taken_down_and_handed_on(application: InTurn, inside: Inside) -> None:
    assert ask(application, b"hello") == ("200 OK", [b"yes"])
    assert (inside.bodies, inside.closed) == ([b"hello"], 1)


def test_who_is_gone_before_his_end_gets_no_turn(application: InTurn, inside: Inside) -> None:
    assert ask(application, b"hel", 5)[0].startswith("400")
    assert inside.bodies == []


@pytest.mark.parametrize("length", [LONGEST + 1, "9" * 400, "-5", "x"])
def test_what_is_longer_than_anything_we_take_is_not_read(
    application: InTurn, inside: Inside, length: object
) -> None:
    stream = BytesIO(b"hello")
    assert ask(application, stream, length)[0] == "200 OK"
    assert stream.tell() == 0 and inside.bodies == [b""], "it is refused further in, by its length"


def test_a_silent_client_keeps_nobody_waiting(application: InTurn, inside: Inside) -> None:
    silent = Silent()
    waiting = Thread(target=ask, args=[application, silent, 5], daemon=True)
    waiting.start()
    silent.asked.wait()
    assert ask(application, b"hello") == ("200 OK", [b"yes"])
    silent.gone.set()
    waiting.join()
    assert inside.bodies == [b"hello"]


def test_one_is_worked_on_at_a_time_and_on_one_connection(application: InTurn, inside: Inside) -> None:
    start, used = Barrier(8), set[int]()

    def send() -> None:
        start.wait()
        for _ in range(50):
            ask(application, b"x")
        used.add(id(connections["default"]))

    senders = [Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert (inside.most, inside.closed) == (1, 400)
    assert used == {id(connections["default"])}
    assert connection.vendor == "postgresql"


def test_an_error_inside_ends_the_turn(inside: Inside) -> None:
    def broken(_environ: dict[str, Any], _start: Start) -> list[bytes]:
        raise ZeroDivisionError

    application = InTurn(broken)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            ask(application, b"x")
    assert not application.turn.locked()
    connections["default"].dec_thread_sharing()
