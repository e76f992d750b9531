"""``python -m bench.street street``: the small street of the tests. ``python -m bench.street calls N``: calls until there are
N. ``python -m bench.street session``: signs in, and says the cookies; ``token``: a token of the same worker, for the API."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.test import Client  # noqa: E402 - Django must be awake

from lianfang.ground import clock  # noqa: E402
from lianfang.ground.acts import Row, many, reading  # noqa: E402
from lianfang.ground.ids import new_id  # noqa: E402
from lianfang.rooms import gates, tokens  # noqa: E402
from lianfang.rooms.gates.models import Verification  # noqa: E402
from lianfang.rooms.tokens.rules import fresh  # noqa: E402
from tests import cast  # noqa: E402


def street() -> None:
    """Areas, people, building 3, residents, editions."""
    clock.move_to(cast.MORNING)
    cast.set_up()


def calls(wanted: int) -> None:
    """Calls of a checkpoint, in batches."""
    wang = cast.Cast().wang
    with reading(wang):
        there = Verification.objects.count()
    at = clock.now() - timedelta(minutes=1)
    said = {"post": "马坊进京检查站", "asked_for": "宁小松", "officer": "检查站民警"}
    while there < wanted:
        size = min(1000, wanted - there)
        done = many(gates.ask, [Row(new_id(), (cast.HOME,), said) for _ in range(size)], by=wang, at=at)
        assert not any(one.refused for one in done)
        there += size


def session() -> None:
    """Sign in; the cookie's value."""
    window = Client(headers={"host": "127.0.0.1"})
    answer = window.post("/sign-in", {"username": "wang", "password": cast.PASSWORD})
    assert answer.status_code == 302, answer.content
    print(window.cookies["sessionid"].value, window.cookies["csrftoken"].value)


def token() -> None:
    """Let a program in as the worker; its token."""
    wang, (text, prefix, digest) = cast.Cast().wang, fresh()
    made = {"label": "bench", "days": 1, "prefix": prefix, "digest": digest}
    tokens.issue(wang.where, **made, by=wang, at=datetime.now(UTC))
    print(text)


if __name__ == "__main__":
    {"street": street, "session": session, "token": token, "calls": lambda: calls(int(sys.argv[2]))}[
        sys.argv[1]
    ]()
