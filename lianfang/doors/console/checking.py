"""``lianfang check``: is this installation sound? Each line says what was looked at and how to mend what is wrong."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from lianfang.ground import rows, safety, vault
from lianfang.rules.documents import PolicyError
from lianfang.rules.editions import read_policies

from . import REFUSED, language
from .saying import say_json

Finding = tuple[str, list[str]]


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--json", action="store_true")


def run(name: str, given: argparse.Namespace) -> int:
    """Look at everything; exit code 1 if something is wrong."""
    findings = list(look())
    if given.json:
        say_json([{"what": what, "wrong": wrong} for what, wrong in findings])
    else:
        for what, wrong in findings:
            print(f"{'✗' if wrong else '✓'} {what}")
            for one in wrong:
                print(f"    {one}")
    return REFUSED if any(wrong for _what, wrong in findings) else 0


def look() -> Iterator[Finding]:
    """What was looked at, and what is wrong with it."""
    looks: list[tuple[str, Callable[[], list[str]]]] = [
        (_("the database keeps its word and keeps people apart"), _database),
        (_("tables are of today"), _migrations),
        (_("row-level security stands on every table"), _row_security),
        (_("the vault's keys can be read"), _keys),
        (_("the reviewed rules can be read"), _policies),
    ]
    for what, how in looks:
        yield str(what), how()


def _database() -> list[str]:
    with connections["default"].cursor() as cursor:
        return [one.en if language() == "en" else one.zh for one in safety.unsafe(cursor)]


def _migrations() -> list[str]:
    executor = MigrationExecutor(connections["default"])
    return [
        f"{migration}: lianfang migrate"
        for migration, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())
    ]


def _row_security() -> list[str]:
    with connections["default"].cursor() as cursor:
        return rows.unprotected(cursor)


def _keys() -> list[str]:
    try:
        vault.keys()
    except (OSError, ValueError, KeyError) as wrong:
        return [f"{settings.LIANFANG_KEYS}: {wrong}"]
    return []


def _policies() -> list[str]:
    try:
        read_policies(settings.LIANFANG_DATA / "policies")
    except PolicyError as wrong:
        return [str(wrong)]
    return []
