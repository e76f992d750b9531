"""The notebook 流水: one line for each deed. Append-only; the database gives the application no way to change one.

A line says who did what, about what, where, when, in which matter, under which rule, because of which other line. It
holds no foreign keys, so it outlives what it speaks of, and no personal words: those live in the thing's row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import RawSQL

from .things import SHARED, Thing, there_is
from .where import WhereField


class Line(models.Model):
    """One line. ``at`` is when it happened, ``written_at`` when it was written down; both aware, UTC."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=60)
    about = models.UUIDField(db_index=True)
    matter = models.UUIDField()
    where = WhereField()
    also = ArrayField(WhereField(), default=list)
    by = models.UUIDField()
    role = models.CharField(max_length=20)
    at = models.DateTimeField()
    written_at = models.DateTimeField()
    via = models.CharField(max_length=20)
    rule = models.CharField(max_length=120, blank=True)
    because = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    payload = models.BinaryField(max_length=32)
    seq = models.BigIntegerField(db_default=RawSQL("nextval('lianfang_line_seq')", []))
    xact = models.BigIntegerField(db_default=RawSQL("pg_current_xact_id()::text::bigint", []))

    again: bool = False
    """Whether it had been written before it was asked for: the same was sent twice."""

    ROWS = SHARED
    SELF = None
    NO_UPDATE = True
    ERASABLE = ("where", "also", "about", "matter", "facts", "changes", "payload")
    """What is about people. It may be emptied, by an act that erases them (``erasing``), and not changed; the rest of a
    line stays as it was written."""
    EMPTIED = (
        '"where" = left("where", 12) AND also = \'{}\' AND about = id AND matter = id'
        " AND facts = '{}' AND changes = '[]' AND payload = decode(repeat('00', 32), 'hex')"
    )

    class Meta:
        indexes = [
            models.Index(fields=["xact", "seq"], name="line_reading_order"),
            models.Index(fields=["matter", "at"], name="line_matter"),
            models.Index(fields=["where", "written_at"], name="line_where"),
            models.Index(fields=["kind", "written_at"], name="line_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


def line(thing: Thing, *, rule: str = "", where: str = "", matter: UUID | None = None, **facts: Any) -> Line:
    """The line an act returns. ``facts`` are plain words and numbers, never a name, a number of a person or free text."""
    return Line(
        about=thing.id,
        matter=matter or thing.matter,
        where=where or thing.where,
        also=list(getattr(thing, "also", [])),
        rule=rule,
        facts=facts,
    )


class Place(NamedTuple):
    """How far a reader has read: transaction id and sequence."""

    xact: int = 0
    seq: int = 0


def since(place: Place, *, under: str, limit: int = 500) -> tuple[list[Line], Place]:
    """The next lines at or below ``under`` after ``place``, oldest first, and the new place.

    Read below the transaction horizon: a line whose writer may still be beaten to the commit by an earlier number is
    left for the next reading, so that a reader that polls never misses one (a plain sequence loses a third of them).
    """
    horizon = RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", [])
    ahead = models.Q(xact__gt=place.xact) | models.Q(xact=place.xact, seq__gt=place.seq)
    rows = Line.objects.filter(ahead, where__under=under, xact__lt=horizon).order_by("xact", "seq")
    lines = list(rows[:limit])
    return lines, Place(lines[-1].xact, lines[-1].seq) if lines else place


def of_matter(matters: Iterable[UUID]) -> models.QuerySet[Line]:
    """All lines of some matters, in the order they happened."""
    return Line.objects.filter(matter__in=list(matters)).order_by("at", "xact", "seq")


def known(matter: UUID) -> bool:
    """Whether the reader can see a line of this matter: what joins a matter must not join one that is not his."""
    return there_is(Line, matter=matter)


def written(ids: Iterable[UUID]) -> set[UUID]:
    """Which of these lines stand in the notebook already, as far as this reader sees."""
    return set(Line.objects.filter(id__in=list(ids)).values_list("id", flat=True))


def last_written() -> datetime | None:
    """When the last line this reader sees was written."""
    last: datetime | None = Line.objects.aggregate(last=models.Max("written_at"))["last"]
    return last
