"""Who acts or reads, and how the database is told: settings that last for one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from .ids import CLOCK


@dataclass(frozen=True)
class Actor:
    """Who does it, in which posting: role × where × unit. ``may`` are the kinds of line his role may write."""

    id: UUID
    role: str
    where: str
    unit: UUID | None
    name: str
    may: frozenset[str]
    via: str = "desk"
    posting: UUID | None = None

    def by_way_of(self, via: str) -> Actor:
        """The same actor coming through another door."""
        return replace(self, via=via)


TELL = "SELECT set_config('app.actor', %s, true), set_config('app.scope', %s, true)"


def begin(by: Actor, id: UUID) -> None:
    """Tell the database, for this transaction only, who acts, how far he sees and under which line."""
    with connection.cursor() as cursor:
        cursor.execute(f"{TELL}, set_config('app.line', %s, true)", [str(by.id), f"@{by.where}", str(id)])


class reading:  # noqa: N801 - used as a word: with reading(by): ...
    """A transaction that reads as ``by`` sees, and cannot write."""

    def __init__(self, by: Actor) -> None:
        self.by, self.block = by, transaction.atomic()

    def __enter__(self) -> None:
        self.block.__enter__()
        with connection.cursor() as cursor:
            cursor.execute(TELL, [str(self.by.id), f"@{self.by.where}"])

    def __exit__(self, *failure: Any) -> None:
        self.block.__exit__(*failure)


def the_clock(may: Iterable[str] = ()) -> Actor:
    """The actor that is time itself: sees the whole installation; ``may`` are the kinds of line it may write."""
    return Actor(CLOCK, "clock", "", None, "", frozenset(may), "clock")
