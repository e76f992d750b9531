"""T13: with the application's own filters removed the database still shows nobody a foreign row, shows nothing to whom it
does not know, and lets nothing be written outside an act."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from lianfang.ground import rows, seals
from lianfang.ground.acts import Actor, begin, reading
from lianfang.ground.ids import new_id
from lianfang.ground.things import DOOR, LAW, SHARED
from tests.cast import HOME, NEIGHBOUR, STORY, Cast
from tests.conftest import SERVER

from .neighbours import settle_in

ACTORS = ("wang", "li", "chen", "zhao", "liu", "guo", "sun", "he", "zhou", "qian", "fang")
OUTSIDE = {"lianfang_account", "lianfang_sliptries", "lianfang_tokenkey"}
"""Tables outside row-level security: what a sign-in needs before anybody is anybody. No person's data in them."""


def protected() -> list[type[models.Model]]:
    """Every model under row-level security."""
    return [model for model in rows.tables() if getattr(model, "ROWS", None) != DOOR]


@pytest.fixture(scope="module")
def two(one_street: str) -> Iterator[str]:
    """Two communities with a thing of each kind; the name of the database."""
    for where in (HOME, NEIGHBOUR):
        settle_in(where)
    seals.write(STORY)
    yield one_street


def _as_nobody_hides(database: str, model: type[models.Model]) -> list[dict[str, Any]]:
    """All rows of a table, as the superuser sees them: what row-level security is judged by."""
    with psycopg.connect(SERVER.superuser_url, dbname=database, row_factory=psycopg.rows.dict_row) as link:
        return link.execute(f'SELECT * FROM "{model._meta.db_table}"').fetchall()


def _may_see(model: type[models.Model], row: dict[str, Any], by: Actor) -> bool:
    """The rule in Python, from what the model declares: own, law or shared; himself; who signs above."""
    places = [row["where"], *(row["also"] if model.ROWS == SHARED else [])]  # type: ignore[attr-defined]
    mine = getattr(model, "SELF", None)
    known_below = model.ROWS == LAW or getattr(model, "SEEN_BELOW", False)  # type: ignore[attr-defined]
    law = known_below and by.where.startswith(row["where"])
    himself = mine is not None and row[mine] == by.id
    return law or himself or any(place.startswith(by.where) for place in places)


def test_every_table_is_under_a_class_or_outside_on_purpose() -> None:
    """A new table is either protected or named here."""
    outside = {model._meta.db_table for model in rows.tables() if getattr(model, "ROWS", None) == DOOR}
    assert outside == OUTSIDE
    assert {m._meta.db_table for m in apps.get_app_config("lianfang").get_models()} - outside == {
        m._meta.db_table for m in protected()
    }


@pytest.mark.parametrize("name", ACTORS)
def test_without_any_filter_nobody_sees_a_foreign_row(two: str, name: str) -> None:
    """Model.objects.all() gives exactly the rows the declared class allows: none more, and none less."""
    by = getattr(Cast(), name)
    with reading(by):
        seen = {model: {row.pk for row in model._default_manager.all()} for model in protected()}
    hidden = 0
    for model, ids in seen.items():
        everything = _as_nobody_hides(two, model)
        assert everything, f"there is no {model.__name__} to hide"
        allowed = {row["id"] for row in everything if _may_see(model, row, by)}
        assert ids - allowed == set(), f"{name} sees foreign rows of {model.__name__}"
        assert allowed - ids == set(), f"{name} does not see rows of {model.__name__} that are his"
        hidden += len(everything) - len(allowed)
    assert hidden or by.where == "110198001"


def test_whom_the_database_does_not_know_it_shows_nothing(two: str) -> None:
    """Unset, emptied and outlived settings all fail closed."""
    for model in protected():
        assert not model._default_manager.exists(), model.__name__
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', '', true), set_config('app.actor', '', true)")
        for model in protected():
            assert not model._default_manager.exists(), model.__name__
    with reading(Cast().chen):
        pass
    for model in protected():
        assert not model._default_manager.exists(), f"{model.__name__} after the transaction"


def _refused(statement: str, *params: object) -> str:
    """The SQLSTATE a statement is refused with; empty if it was let through."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, params)
    except DatabaseError as no:
        return str(getattr(no.__cause__, "sqlstate", ""))
    return ""


def _copy(model: type[models.Model], **other: str) -> str:
    """SQL that inserts a row of a table again under another id (and with some columns replaced)."""
    names = [column.column for column in model._meta.concrete_fields if column.column not in ("seq", "xact")]
    source = [{"id": "gen_random_uuid()", **other}.get(name, f'"{name}"') for name in names]
    into = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{model._meta.db_table}" ({into}) SELECT {", ".join(source)} FROM "{model._meta.db_table}" LIMIT 1'


def test_nothing_is_written_outside_an_act(two: str) -> None:
    """Knowing who reads is not enough: without the line of an act, every INSERT, UPDATE and DELETE is refused."""
    by = Cast().chen
    for model in protected():
        table = f'"{model._meta.db_table}"'
        wanted = {
            _copy(model),
            f'UPDATE {table} SET "where" = "where"',
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        }
        if model.ROWS == LAW:  # type: ignore[attr-defined]
            # His own place's laws only are his to write: an UPDATE elsewhere finds no row instead.
            wanted.discard(f'UPDATE {table} SET "where" = "where"')
        for statement in wanted:
            with reading(by):
                assert _refused(statement) == "42501", f"let through: {statement}"


def test_in_an_act_nothing_is_written_into_a_foreign_place(two: str) -> None:
    """Even with a line, and even about himself: no row is born in, moved to, or changed in a place that is not his."""
    by = Cast().li
    for model in protected():
        table, law = f'"{model._meta.db_table}"', model.ROWS == LAW  # type: ignore[attr-defined]
        foreign = {"where": f"'{NEIGHBOUR}'"} | ({"also": "'{}'"} if model.ROWS == SHARED else {})  # type: ignore[attr-defined]
        rows_of = {place: _at(place, model) for place in (HOME, NEIGHBOUR)}
        there = [row for row in _as_nobody_hides(two, model) if _lies(row, NEIGHBOUR)]
        assert there or law, f"no {model.__name__} in the neighbour's place"
        with transaction.atomic():
            begin(by, new_id())
            himself = {mine: f"'{by.id}'"} if (mine := getattr(model, "SELF", None)) else {}
            if model._default_manager.exists():
                assert _refused(_copy(model, **foreign, **himself)) == "42501", model.__name__
            if not getattr(model, "NO_UPDATE", False):
                assert _changed(f"UPDATE {table} SET matter = matter WHERE {rows_of[NEIGHBOUR]}") == 0
                moved = ", ".join(f'"{name}" = {value}' for name, value in foreign.items())
                mine = f"UPDATE {table} SET {moved} WHERE {rows_of[HOME]}"
                assert _refused(mine) == "42501" or (law and _changed(mine) == 0), model.__name__
            transaction.set_rollback(True)


def _lies(row: dict[str, Any], place: str) -> bool:
    """Whether a row lies in a community: there, or shared with it by the street that owns it."""
    return any(one.startswith(place) for one in [row["where"], *(row.get("also") or [])])


def _at(place: str, model: type[models.Model]) -> str:
    """The same as a condition; of rows that are shared those with this one community of the two only."""
    lies = f"\"where\" LIKE '{place}%%'"
    other = NEIGHBOUR if place == HOME else HOME
    shared = f" OR ('{place}' = ANY(also) AND NOT '{other}' = ANY(also) AND \"where\" NOT LIKE '{other}%%')"
    return lies + (shared if model.ROWS == SHARED else "")  # type: ignore[attr-defined]


def _changed(statement: str) -> int:
    """How many rows a statement finds to change."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def test_the_catalogue_holds_no_way_around(two: str) -> None:
    """What bit others: unforced tables, views of the owner's, materialised views, leakproof functions, rights too many."""
    with connection.cursor() as cursor:
        assert rows.unprotected(cursor) == []
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'"
            " AND (relkind = 'm' OR relkind = 'v' AND NOT coalesce(reloptions @> '{security_invoker=true}', false))"
            " AND has_table_privilege(c.oid, 'SELECT')"
        )
        assert cursor.fetchall() == [], "views that read with their owner's eyes"
        cursor.execute(
            "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"
            " AND (proleakproof OR prosecdef)"
        )
        assert cursor.fetchall() == [], "functions that see more than their caller"
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.table_privileges WHERE table_schema = 'public'"
            " AND grantee = current_user AND privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT table_name FROM information_schema.table_privileges WHERE table_schema = 'public'"
            " AND grantee = current_user AND privilege_type = 'DELETE' AND table_name LIKE 'lianfang%'"
        )
        assert cursor.fetchall() == [], "tables of ours that could be emptied"
