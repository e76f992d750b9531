"""T3: partial failure is all or nothing. Whatever breaks, at whichever statement, nothing is left half done.

Every act of the house is broken at its first, second, … last statement, before and after the statement was carried
out, and by a database that dies before the commit. Each time every table (the jobs too) must be exactly as before; then
the act must still succeed, and exactly then a line is there.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection
from procrastinate.exceptions import ConnectorException

from lianfang import reactions
from lianfang.ground import followups
from lianfang.ground.acts import ACTS
from lianfang.ground.notebook import Line
from tests.cast import Cast
from tests.conftest import SERVER
from tests.examples import EXAMPLES, in_story_order


class BrokenError(Exception):
    """Anything that may go wrong: the power, the network, a bug."""


class Boss:
    """Sees every table past row-level security, and can kill."""

    def __init__(self, database: str) -> None:
        self.connection = psycopg.connect(SERVER.superuser_url, dbname=database, autocommit=True)
        tables = self.connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        parts = (
            f"SELECT '{table}', md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {table} t"
            for (table,) in tables
        )
        self.sql = " UNION ALL ".join(parts)

    def everything(self) -> dict[str, str]:
        """A hash of all rows of each table."""
        return dict(self.connection.execute(self.sql).fetchall())  # type: ignore[call-overload]

    def lines(self) -> int:
        """How many lines there are."""
        (found,) = self.connection.execute("SELECT count(*) FROM lianfang_line").fetchone() or (0,)
        return int(found)


def break_at(number: int, *, done: bool) -> Callable[..., Any]:
    """Break the statement with this number, before it is carried out or after."""
    so_far = count(1)

    def execute(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if next(so_far) != number:
            return execute(sql, params, many, context)
        if done:
            execute(sql, params, many, context)
        raise BrokenError(sql)

    return execute


def breaks(perform: Callable[[], Line], number: int, *, done: bool) -> bool:
    """Whether the act has a statement with this number, so that it broke; else it was done."""
    try:
        with connection.execute_wrapper(break_at(number, done=done)):
            perform()
    except BrokenError:
        return True
    return False


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [table for table in before if before[table] != after[table]]


@pytest.fixture
def boss(street: str) -> Any:
    """Every kind has something that follows from it, so that its jobs are part of what must not be half done."""
    followups.connect({kind: [follow] for kind in ACTS})
    seen = Boss(street)
    yield seen
    seen.connection.close()
    followups.connect(reactions.WHEN)


def follow(line: Line) -> None:
    raise AssertionError("nothing works off the jobs here")


def test_an_act_that_breaks_at_any_statement_leaves_nothing(cast: Cast, boss: Boss) -> None:
    broken: dict[str, int] = {}
    for kind, perform in in_story_order(cast):
        before, lines, number = boss.everything(), boss.lines(), 1
        while breaks(perform, number, done=False):
            assert changed(before, boss.everything()) == [], f"{kind} broken before statement {number}"
            assert breaks(perform, number, done=True)
            assert changed(before, boss.everything()) == [], f"{kind} broken after statement {number}"
            broken[kind], number = number, number + 1
        assert boss.lines() == lines + 1, kind
        assert {"lianfang_line", "procrastinate_jobs"} <= {*changed(before, boss.everything())}, kind
    assert set(broken) == set(ACTS)
    assert min(broken.values()) >= 3, "each act asks, writes its line and defers a job at least"


def test_an_act_whose_line_cannot_be_written_leaves_nothing(cast: Cast, boss: Boss) -> None:
    def no_room(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "lianfang_line"'):
            raise BrokenError("no room for the line")
        return execute(sql, params, many, context)

    for kind, perform in in_story_order(cast):
        before = boss.everything()
        with pytest.raises(BrokenError), connection.execute_wrapper(no_room):
            perform()
        assert changed(before, boss.everything()) == [], kind
        perform()


def test_an_act_whose_database_dies_before_the_commit_leaves_nothing(cast: Cast, boss: Boss) -> None:
    def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if sql.startswith('INSERT INTO "lianfang_line"'):
            boss.connection.execute(
                "SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid]
            )
        return done

    for kind, perform in in_story_order(cast):
        before = boss.everything()
        with pytest.raises((DatabaseError, ConnectorException)), connection.execute_wrapper(die):
            perform()
        connection.close()
        assert changed(before, boss.everything()) == [], kind
        perform()
        assert changed(before, boss.everything()) != [], kind


def test_a_write_outside_the_transaction_would_be_found(cast: Cast, boss: Boss) -> None:
    """The test of the test: something written past the act's transaction shows in the hashes."""
    before = boss.everything()
    boss.connection.execute("UPDATE lianfang_unit SET name = name || '.'")
    assert changed(before, boss.everything()) == ["lianfang_unit"]


def test_every_act_has_an_example() -> None:
    assert set(EXAMPLES) == set(ACTS)
