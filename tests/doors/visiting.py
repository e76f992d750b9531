"""Visitors of the desk without a browser: who signs in, how many statements a page takes, whether it is a page at all."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.ground.acts import Actor
from lianfang.rooms import people
from lianfang.rooms.people.models import Unit, Worker
from tests import night
from tests.cast import PASSWORD, STORY, STREET, Cast


def sign_in(name: str, password: str = PASSWORD, **client: Any) -> Client:
    """Somebody who has signed in."""
    visitor = Client(**client)
    answer = visitor.post("/sign-in", {"username": name, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    return visitor


def text_of(answer: Any) -> str:
    """The page as text."""
    text: str = answer.content.decode()
    return text


def statements(visitor: Client, path: str) -> int:
    """How many SQL statements a page takes once the names of the place are known."""
    assert visitor.get(path).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert visitor.get(path).status_code == 200
    return len(asked)


def post_somebody(cast: Cast, role: str, where: str = STREET) -> str:
    """Post somebody new in a role, with an account; gives the name to sign in with."""
    by: Actor = cast.qian
    worker = night.get(Worker, people.register_worker(where, name="郝新", by=by, at=STORY).id, by)
    unit = night.get(
        Unit, people.register_unit(where, kind="department", name="区某局", by=by, at=STORY).id, by
    )
    people.post(worker, role=role, where=where, unit=unit, by=by, at=STORY)
    people.open_account(worker, name=f"new-{role}", password=PASSWORD, by=by, at=STORY)
    return f"new-{role}"
