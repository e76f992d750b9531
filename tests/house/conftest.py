"""A street in which every act was done at least once, and somebody who sees past row-level security."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from lianfang.ground.notebook import Line
from tests.cast import Cast
from tests.conftest import SERVER
from tests.examples import tell


@pytest.fixture(scope="module")
def told(one_street: str) -> dict[str, Line]:
    """The lines of a street in which every act was done, by kind."""
    return tell(Cast())


@pytest.fixture
def boss(one_street: str) -> Iterator[psycopg.Cursor[Any]]:
    """The superuser; what he breaks in a test is put right after it."""
    with psycopg.connect(SERVER.superuser_url, dbname=one_street) as connection:
        yield connection.cursor()
        connection.rollback()
