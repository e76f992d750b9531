"""One PostgreSQL for the whole run, one small street as a template, a fresh copy of it for each test.

Acts are durable transactions, so tests commit for real; a copy of a small database costs a tenth of a second.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest

MEMORY = Path("/dev/shm")
"""A copy of a database costs a second of waiting for a disk, a twentieth in memory; the server waits for both alike."""


def _place() -> str | None:
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 * 2**30
    return str(MEMORY) if roomy else None


HOME = Path(tempfile.mkdtemp(prefix="lf", dir=_place()))
os.environ["LIANFANG_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["LIANFANG_HOSTS"] = "127.0.0.1,localhost,testserver"
os.environ.pop("LIANFANG_DEMO", None)

from lianfang.ground import embedded  # noqa: E402 - the home must be set first

SERVER = embedded.start(HOME, log=lambda _text: None)
os.environ["LIANFANG_DATABASE_URL"] = SERVER.app_url
os.environ["LIANFANG_OWNER_URL"] = SERVER.owner_url

import django  # noqa: E402

django.setup()

from django.db import connections  # noqa: E402

from lianfang.ground import clock, migrating, vault  # noqa: E402
from tests import cast as casting  # noqa: E402

vault.make_keys(HOME / "keys.json")
TEMPLATE, _number = "street_template", count(1)
pytest_plugins = ["tests.doors.browser"]


def pytest_unconfigure(config: pytest.Config) -> None:
    connections.close_all()
    SERVER.stop()
    shutil.rmtree(HOME, ignore_errors=True)


def _sql(statement: str) -> None:
    with psycopg.connect(SERVER.superuser_url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


def use(database: str) -> None:
    """Point every connection of this process, in every thread, at a database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections.settings[alias]["NAME"] = database
        connections[alias].settings_dict["NAME"] = database


@pytest.fixture(scope="session")
def empty_template() -> str:
    """A migrated, protected database with nothing in it."""
    _sql("CREATE DATABASE empty_template OWNER lianfang_owner")
    use("empty_template")
    migrating.migrate()
    connections.close_all()
    return "empty_template"


@pytest.fixture(scope="session")
def street_template(empty_template: str) -> str:
    """The small street: areas, units, workers, editions, building 3 and a few residents."""
    _sql(f"CREATE DATABASE {TEMPLATE} OWNER lianfang_owner TEMPLATE {empty_template}")
    use(TEMPLATE)
    clock.move_to(casting.MORNING)
    casting.set_up()
    clock.move_to(None)
    connections.close_all()
    return TEMPLATE


def _copy(template: str) -> Iterator[str]:
    name = f"t{next(_number)}"
    _sql(f"CREATE DATABASE {name} OWNER lianfang_owner TEMPLATE {template}")
    use(name)
    clock.move_to(casting.STORY)
    yield name
    clock.move_to(None)
    connections.close_all()
    _sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty(empty_template: str) -> Iterator[str]:
    """A fresh database without a street; the name of the database."""
    yield from _copy(empty_template)


@pytest.fixture
def street(street_template: str) -> Iterator[str]:
    """A fresh copy of the small street at 21:40 on 26 February 2020; the name of the database."""
    yield from _copy(street_template)


@pytest.fixture(scope="module")
def one_street(street_template: str) -> Iterator[str]:
    """One copy of the small street for all tests of a module that only read, or do not mind each other."""
    yield from _copy(street_template)


@pytest.fixture
def cast() -> casting.Cast:
    """The people of the story as actors."""
    return casting.Cast()


@pytest.fixture
def later() -> object:
    """Let the clock read so many minutes after 21:40 of the story, and give that moment."""

    def at(minutes: float = 0) -> datetime:
        moment = casting.STORY + timedelta(minutes=minutes)
        clock.move_to(moment)
        return moment

    return at
