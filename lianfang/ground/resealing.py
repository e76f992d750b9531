"""Changing the vault's keys without a pause: what is sealed under an old key is sealed again under today's.

It is no act and leaves no line: no plain value changes, and the journal's fingerprints, made with a key of their own, stay
true. Each row says under which key it is sealed, so the work can be broken off anywhere and taken up again. Rows that an
act holds at the moment are left for the next round; no act waits longer than a slice takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from . import keyring, vault
from .actors import begin, reading, the_clock
from .ids import new_id
from .refusals import Refused
from .rows import tables
from .things import Sealed, Thing

SLICE = 200
"""Rows sealed again in one transaction."""
PATIENCE = 60.0
"""Seconds to wait for transactions that may still hold something sealed under an old key."""


class Done(NamedTuple):
    """What a round came to: rows sealed again, and rows that could not be ("table id": damaged, or the same number twice)."""

    rows: int
    stuck: list[str]


def sealed_tables() -> Iterator[tuple[type[Thing], list[Sealed]]]:
    """Every table that holds something sealed, and the columns."""
    for model in tables():
        columns = [column for column in model._meta.concrete_fields if isinstance(column, Sealed)]
        if columns and issubclass(model, Thing):
            yield model, columns


def _other_key(columns: list[Sealed]) -> str:
    return " OR ".join(
        f'("{one.column}" IS NOT NULL AND substring("{one.column}" FROM 2 FOR 4) <> %s)' for one in columns
    )


def needing() -> dict[str, int]:
    """How many rows of each table still need an old key; tables that need none are left out."""
    current, found = keyring.keys().current.encode(), {}
    with reading(the_clock()), connection.cursor() as cursor:
        for model, columns in sealed_tables():
            table = model._meta.db_table
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE {_other_key(columns)}',  # noqa: S608 - names of ours
                [current] * len(columns),
            )
            if count := cursor.fetchone()[0]:
                found[table] = int(count)
    return found


def go_on(
    seconds: float = float("inf"), slice: int = SLICE, progress: Callable[[int], None] | None = None
) -> Done:
    """One round over every table, for so many seconds and at least a slice. Doing it again goes on where it was left."""
    rows, stuck, end = 0, list[str](), time.monotonic() + seconds
    if len(keyring.keys().live) < 2:
        return Done(0, [])
    for model, columns in sealed_tables():
        after: UUID | None = UUID(int=0)
        while after is not None:
            after, count, bad = _slice(model, columns, after, slice)
            rows, stuck = rows + count, stuck + bad
            if progress:
                progress(rows)
            if rows and time.monotonic() > end:
                return Done(rows, stuck)
    return Done(rows, stuck)


def _slice(
    model: type[Thing], columns: list[Sealed], after: UUID, size: int
) -> tuple[UUID | None, int, list[str]]:
    """Seal some rows of a table again; gives the last of them (None when there are no more), how many, and who is stuck."""
    table, names = model._meta.db_table, [str(one.column) for one in columns]
    listed = ", ".join(f'"{name}"' for name in names)
    with transaction.atomic(durable=True):
        begin(the_clock(), new_id())
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT id, {listed} FROM "{table}" WHERE id > %s AND ({_other_key(columns)})'  # noqa: S608 - names of ours
                " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
                [after, *[keyring.keys().current.encode()] * len(columns), size],
            )
            found = cursor.fetchall()
        if not found:
            return None, 0, []
        fresh, stuck = {}, []
        for row, *sealed in found:
            try:
                fresh[row] = _again(table, row, columns, sealed)
            except vault.VaultError:
                stuck.append(f"{table} {row}")
        try:
            with transaction.atomic():
                _write(table, fresh)
        except IntegrityError:
            for row, values in list(fresh.items()):
                try:
                    with transaction.atomic():
                        _write(table, {row: values})
                except IntegrityError:
                    del fresh[row]
                    stuck.append(f"{table} {row}")
    return found[-1][0], len(fresh), stuck


def _again(table: str, row: UUID, columns: list[Sealed], sealed: list[Any]) -> dict[str, bytes | None]:
    """What a row's columns hold under today's key."""
    values: dict[str, bytes | None] = {}
    for column, old in zip(columns, sealed, strict=True):
        if old is not None:
            plain = vault.unseal(table, row, column.name, old)
            values[str(column.column)] = vault.seal(table, row, column.name, plain)
            values |= column.blind(plain)
    return values


def _write(table: str, rows: dict[UUID, dict[str, bytes | None]]) -> None:
    with connection.cursor() as cursor:
        for row, values in rows.items():
            given = ", ".join(f'"{name}" = %s' for name in values)
            cursor.execute(f'UPDATE "{table}" SET {given} WHERE id = %s', [*values.values(), row])  # noqa: S608 - names of ours


def retire(path: Path | None = None, patience: float = PATIENCE) -> list[str]:
    """Take the old keys out of the file; gives their names. Refused while a row still needs one, or a transaction from
    before may yet bring such a row."""
    return keyring.drop_old(path or Path(settings.LIANFANG_KEYS), lambda _old: _nobody_needs_them(patience))


def _nobody_needs_them(patience: float) -> bool:
    _refuse_if_needed()
    time.sleep(2 * keyring.LOOK)  # until every process has seen which key is the old one
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
        end = time.monotonic() + patience
        while _older_transactions(cursor, moment):
            if time.monotonic() > end:
                raise Refused(_("A transaction from before still runs; try again when it has ended."))
            time.sleep(0.05)
    _refuse_if_needed()
    return True


def _refuse_if_needed() -> None:
    if left := needing():
        rows = ", ".join(f"{table} {count}" for table, count in left.items())
        raise Refused(_("Rows still need the old key: %(rows)s. Let them be sealed again first."), rows=rows)


def _older_transactions(cursor: Any, moment: Any) -> int:
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
        " AND pid <> pg_backend_pid() AND xact_start < %s",
        [moment],
    )
    return int(cursor.fetchone()[0])
