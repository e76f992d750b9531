"""Clients that send and vanish wedge nothing: gone in mid-sentence, gone before the answer, or silent for ever in
mid-sentence as a telephone is that lost its network. The server answers the others, what was sent whole is written once or
not at all, and no transaction is left open."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import pytest

from lianfang.ground import clock
from lianfang.ground.ids import new_id
from lianfang.rooms import tokens
from lianfang.rooms.tokens.rules import fresh
from tests.cast import DOOR, Cast
from tests.conftest import HOME as HOME_OF_TESTS
from tests.conftest import SERVER

from .harness import Installation
from .harness_phones import Desk

MANY = 16
"""So many wedge a peer for more than forty seconds (docs: bench of peers)."""


@dataclass
class Street:
    """A street that runs, and what its clients show."""

    running: Installation
    token: str

    def request(self, id: UUID) -> tuple[bytes, bytes]:
        """Head and body of an act."""
        said = {"where": DOOR, "text": f"fort {id}", "how": "door"}
        body = json.dumps({"kind": "note.written", "said": said}).encode()
        head = (
            f"PUT /api/v1/acts/{id} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode(), body

    def begin(self, parts: float) -> tuple[UUID, socket.socket]:
        """Somebody sends his head and a part of his body, and says no more."""
        id = new_id()
        head, body = self.request(id)
        line = socket.create_connection(("127.0.0.1", self.running.port), 10)
        line.sendall(head + body[: int(len(body) * parts)])
        return id, line

    def answers(self) -> bool:
        """Whether somebody else is served: he asks who he is, and writes a note."""
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.running.port, timeout=5)
            line.request("GET", "/api/v1/me", headers={"Authorization": f"Bearer {self.token}"})
            if line.getresponse().read() == b"":
                return False
            head, body = self.request(new_id())
            path = head.split()[1].decode()
            line.request(
                "PUT",
                path,
                body,
                {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
            )
            return line.getresponse().status == 201
        except (OSError, http.client.HTTPException):
            return False

    def lines(self, ids: list[UUID]) -> int:
        """How many lines these acts have written, and as many things."""
        ((lines,),) = self.running.sql("SELECT count(*) FROM lianfang_line WHERE id = ANY(%s)", ids)
        ((rows,),) = self.running.sql("SELECT count(*) FROM lianfang_note WHERE id = ANY(%s)", ids)
        assert lines == rows
        return int(lines)

    def left_open(self) -> list[tuple[object, ...]]:
        """Transactions somebody began and nobody ends."""
        return self.running.sql(
            "SELECT pid, state, left(query, 80) FROM pg_stat_activity WHERE usename = 'lianfang_app'"
            " AND datname = %s AND xact_start IS NOT NULL AND state LIKE 'idle in transaction%%'",
            self.running.name,
        )

    def insist_on_all_well(self) -> None:
        """Others are served, as many at once as before, and nothing is left open."""
        for _ in range(MANY):
            self.running.until(self.answers, "somebody else is served")
        self.running.until(lambda: not self.left_open(), "no transaction is left open")


@pytest.fixture(scope="module")
def street(one_street: str) -> Iterator[Street]:
    clock.move_to(None)
    secret, wang = fresh(), Cast().wang
    tokens.issue(
        wang.where, label="-", days=1, prefix=secret.prefix, digest=secret.digest, by=wang, at=clock.now()
    )  # fmt: skip
    running = Installation(HOME_OF_TESTS, SERVER, one_street)
    running.open()
    yield Street(running, secret.text)
    running.close()


def test_gone_in_the_middle_of_what_they_send(street: Street) -> None:
    """Half a body, then the line is cut: nothing is written."""
    begun = [street.begin(0.5) for _ in range(MANY)]
    for _id, line in begun:
        line.close()
    street.insist_on_all_well()
    assert street.lines([id for id, _line in begun]) == 0


def test_gone_before_the_answer(street: Street) -> None:
    """Everything sent, and not waited for: each is written once or not at all, and sent again it is written once."""
    begun = [street.begin(1) for _ in range(MANY)]
    for _id, line in begun:
        line.close()
    street.insist_on_all_well()
    assert street.lines([id for id, _line in begun]) <= MANY
    for id, _line in begun:
        head, body = street.request(id)
        line = socket.create_connection(("127.0.0.1", street.running.port), 20)
        line.sendall(head + body)
        assert line.recv(12) in (b"HTTP/1.1 201", b"HTTP/1.1 200")
        line.close()
    assert street.lines([id for id, _line in begun]) == MANY


@pytest.mark.parametrize("parts", [0, 0.5], ids=["after the head", "in the body"])
def test_silent_in_the_middle_of_what_they_send(street: Street, parts: float) -> None:
    """The line is open and nothing comes any more: others are served meanwhile."""
    begun = [street.begin(parts) for _ in range(MANY)]
    street.insist_on_all_well()
    assert street.lines([id for id, _line in begun]) == 0
    for _id, line in begun:
        line.close()
    street.insist_on_all_well()


def test_they_ask_much_and_never_read_the_answer(street: Street) -> None:
    """Sixteen ask for all lines and take none of them."""
    asked = f"GET /api/v1/lines HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {street.token}\r\n\r\n".encode()
    lines = [socket.create_connection(("127.0.0.1", street.running.port), 10) for _ in range(MANY)]
    for line in lines:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        line.sendall(asked)
    street.insist_on_all_well()
    for line in lines:
        line.close()


def test_at_the_desk_they_wedge_nothing_either(street: Street) -> None:
    """The same with forms: half of one and gone, a whole one and gone."""
    desk = Desk(street.running.port)
    assert desk.sign_in("li")
    cookies = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
    body = f"csrfmiddlewaretoken={desk.cookies['csrftoken']}&text=fort&how=door&key=".encode()
    for whole in (False, True):
        for _ in range(MANY):
            form = body + str(new_id()).encode()
            head = (
                f"POST /h/3-2-402/note HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n"
            )
            with suppress(OSError), socket.create_connection(("127.0.0.1", street.running.port), 10) as line:
                line.sendall(head.encode() + (form if whole else form[: len(form) // 2]))
        street.insist_on_all_well()
    assert desk.get("/")[0] == 200
    desk.hang_up()
