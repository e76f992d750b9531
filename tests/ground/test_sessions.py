"""Sessions: looked up in one statement, over a connection that may have died meanwhile."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from lianfang.ground.sessions import SessionStore
from tests.conftest import SERVER

pytestmark = pytest.mark.usefixtures("one_street")


def kept(**said: object) -> str:
    session = SessionStore()
    session.update(said)
    session.save()
    assert session.session_key
    return session.session_key


def test_what_was_kept_is_found_under_its_key_and_nowhere_else() -> None:
    key = kept(account="a")
    assert SessionStore(key).get("account") == "a"
    for other in ("x" * 32, key[:-1], "\0", "", None):
        found = SessionStore(other)
        assert found.get("account") is None
        assert found.session_key is None


def test_an_old_one_is_over() -> None:
    key = kept(account="a")
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert SessionStore(key).get("account") is None


def test_a_connection_that_died_is_found_out_and_asked_anew(one_street: str) -> None:
    key = kept(account="a")
    connection.ensure_connection()
    with psycopg.connect(SERVER.superuser_url, autocommit=True) as boss:
        boss.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [one_street],
        )
    assert SessionStore(key).get("account") == "a"
