"""The figures of a brief, each defined once: its words, its unit, what is counted (口径), and the lines it is counted from.
Whoever sees a number can open exactly the lines behind it.

A figure counts what happened in the day of the brief (the twenty-four hours before its hour), or what stood at that hour:
what had begun and not ended. The notebook alone is read, below a horizon for what is frozen: so a number that was
published and the lines that stand behind it agree for ever, and what was written later is what came late.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from lianfang.ground.notebook import Line
from lianfang.ground.where import level, street_of
from lianfang.rooms.briefs import queries as briefs
from lianfang.rooms.briefs.counting import counts
from lianfang.rooms.briefs.models import Brief
from lianfang.rooms.briefs.rules import closes, opens
from lianfang.rooms.places import queries as places

from .figure_words import FIGURES, Figure

Text = str | Promise
Number = int | float
SERIES = ("in_force", "released")
"""The figures that are drawn day by day."""

DAYS = 14
"""How many days the chart shows."""

DAY = timedelta(days=1)

UNTOLD = ("medicine", "doctor", "care")
"""Needs no story is told of: with a place and a day they say that somebody is ill."""


class Row(NamedTuple):
    """A line, as much of it as is counted."""

    id: UUID
    kind: str
    about: UUID
    matter: UUID
    where: str
    also: list[str]
    at: datetime
    written_at: datetime
    xact: int
    facts: Mapping[str, Any]

    @property
    def community(self) -> str:
        """The community it is about; empty if it is the street's own."""
        inside = [self.where, *self.also]
        return next((one[:12] for one in inside if len(one) >= 12), "")


Known = Callable[[Row], bool]


@dataclass(frozen=True)
class Figures:
    """The figures of one brief: the one thing its page, its paper and its picture are drawn from. ``before``: the day
    before. ``parts``: by community, "" for what is the street's own. ``story``: a need that was met, without words."""

    where: str
    day: date
    values: Mapping[str, Number]
    before: Mapping[str, Number]
    series: Mapping[str, Sequence[Number]]
    parts: Mapping[str, Mapping[str, Number]]
    corrections: Sequence[Mapping[str, Any]]
    story: Mapping[str, Any] | None

    @classmethod
    def of(cls, brief: Brief) -> Figures:
        """The frozen figures of a published brief."""
        return cls(where=brief.where, day=brief.day, **brief.figures)

    def as_json(self) -> dict[str, Any]:
        """What is frozen; place and day stand on the brief itself."""
        return {
            "values": dict(self.values),
            "before": dict(self.before),
            "series": {name: list(those) for name, those in self.series.items()},
            "parts": {code: dict(those) for code, those in self.parts.items()},
            "corrections": [dict(one) for one in self.corrections],
            "story": dict(self.story) if self.story else None,
        }

    def change(self, name: str) -> Number:
        """By how much a figure differs from the day before."""
        return tidy(Decimal(str(self.values[name])) - Decimal(str(self.before[name])))


def tidy(value: Decimal) -> Number:
    """A whole number as one; else with two places, as JSON holds it."""
    return int(value) if value == value.to_integral_value() else float(round(value, 2))


class Book:
    """The lines of a place that any figure of a day may count, read once."""

    def __init__(self, where: str, day: date, rows: Iterable[Row]) -> None:
        self.where, self.day = where, day
        self._by_kind: dict[str, list[Row]] = {}
        for row in sorted(rows, key=_order):
            self._by_kind.setdefault(row.kind, []).append(row)
        self._lines: dict[tuple[str, ...], list[Row]] = {}

    def lines(self, *kinds: str) -> list[Row]:
        """The lines of some kinds, in the order they happened."""
        if kinds not in self._lines:
            some = [row for kind in kinds for row in self._by_kind.get(kind, ())]
            self._lines[kinds] = sorted(some, key=_order) if len(kinds) > 1 else some
        return self._lines[kinds]

    def rows(self, figure: Figure, day: date, known: Known | None = None) -> list[Row]:
        """The lines behind a figure of a day: those it counts, in the order they happened."""
        start, end = opens(day), closes(day)
        some = self.lines(*figure.kinds, *figure.ends)
        some = some[: bisect_right(some, end, key=_when)]
        if not figure.ends:
            some = some[bisect_right(some, start, key=_when) :]
        if known:
            some = [row for row in some if known(row)]
        if figure.ends:
            # The last word on each thing: it stands if that word is one that begins it.
            last = {row.about: row for row in some if not _emptied(row)}
            some = sorted((row for row in last.values() if row.kind in figure.kinds), key=_order)
        if figure.only:
            some = [row for row in some if figure.only(row.facts, end)]
        return some

    def value(self, figure: Figure, day: date, known: Known | None = None) -> Number:
        """A figure of a day."""
        return measure(figure, self.rows(figure, day, known))

    def values(self, day: date, known: Known | None = None) -> dict[str, Number]:
        """Every figure of a day."""
        return {name: self.value(one, day, known) for name, one in FIGURES.items()}

    def parts(self) -> dict[str, dict[str, Number]]:
        """Every figure of the day by community, and under "" what is the street's own; they add up."""
        if level(self.where) != "street":
            return {}
        found: dict[str, dict[str, list[Row]]] = {one.code: {} for one in places.communities(self.where)}
        for name, figure in FIGURES.items():
            for row in self.rows(figure, self.day):
                found.setdefault(row.community, {}).setdefault(name, []).append(row)
        return {
            code: {name: measure(figure, those.get(name, [])) for name, figure in FIGURES.items()}
            for code, those in sorted(found.items())
        }

    def series(self) -> dict[str, list[Number]]:
        """What the chart shows, oldest day first."""
        days = [self.day - DAY * back for back in range(DAYS - 1, -1, -1)]
        return {name: [self.value(FIGURES[name], day) for day in days] for name in SERIES}

    def figures(self, corrections: Sequence[Mapping[str, Any]] = ()) -> Figures:
        """All of it. ``corrections``: what came late for earlier briefs."""
        return Figures(
            where=self.where,
            day=self.day,
            values=self.values(self.day),
            before=self.values(self.day - DAY),
            series=self.series(),
            parts=self.parts(),
            corrections=corrections,
            story=self.story(),
        )

    def moved(self, since: datetime) -> dict[str, tuple[Number, Number]]:
        """The figures that changed by what was written since a moment: what each was and is."""
        then, now = self.values(self.day, lambda row: row.written_at <= since), self.values(self.day)
        return {name: (then[name], now[name]) for name in FIGURES if then[name] != now[name]}

    def late(self, published: Sequence[Brief], told: int) -> list[dict[str, Any]]:
        """What came late for briefs that are out, and was not told yet: each figure as it was told last, and as it is.
        ``told``: the horizon up to which it was.

        What has been emptied since, because somebody was erased, is missing on both sides and changes nothing."""
        found = []
        for one in published:
            frozen, first = one.figures["values"], one.horizon or 0
            for name, figure in FIGURES.items():
                then, now = self.value(figure, one.day, _below(max(told, first))), self.value(figure, one.day)
                if then == now or name not in frozen:
                    continue
                at_first = self.value(figure, one.day, _below(first))
                shift = Decimal(str(frozen[name])) - Decimal(str(at_first))
                was, is_now = (tidy(Decimal(str(each)) + shift) for each in (then, now))
                said = {"brief": str(one.id), "day": one.day.isoformat(), "figure": name}
                found.append(said | {"was": was, "now": is_now})
        return found

    def story(self) -> dict[str, Any] | None:
        """What was done for somebody this day: a need that was met, or found help, or was heard. Kinds and numbers only;
        what it was that he could not sell, who he is and where he lives stay where they are."""
        pledges, open_ones = FIGURES["pledges"], self.rows(FIGURES["needs_open"], self.day)
        today = {str(row.facts.get("for_need")) for row in self.rows(pledges, self.day)}
        met = self.rows(FIGURES["needs_met"], self.day)
        met, open_ones = (
            [row for row in some if row.facts.get("need") not in UNTOLD] for some in (met, open_ones)
        )
        one = max(
            met
            or [row for row in open_ones if str(row.about) in today]
            or [row for row in open_ones if row.at > opens(self.day)],
            key=lambda row: (row.facts.get("unit") != "task", *_order(row)),  # what can be counted says more
            default=None,
        )
        if one is None:
            return None
        by = {
            str(row.facts["by"])
            for row in self.lines(*pledges.kinds)
            if row.at <= closes(self.day) and row.facts.get("for_need") == str(one.about)
        }
        return {
            "met": one.kind in FIGURES["needs_met"].kinds,
            "need": one.facts.get("need", ""),
            "quantity": one.facts.get("quantity"),
            "unit": one.facts.get("unit", ""),
            "by": sorted(by),
        }


def measure(figure: Figure, rows: Sequence[Row]) -> Number:
    """How many lines there are; or, of a figure that adds up a fact, its sum."""
    if not figure.adds:
        return len(rows)
    return tidy(sum((Decimal(str(row.facts.get(figure.adds) or 0)) for row in rows), Decimal(0)))


STANDING = {kind for one in FIGURES.values() if one.ends for kind in (*one.kinds, *one.ends)} | {
    "aid.pledged"
}
"""Kinds of which every line is read, however old: what has begun may stand for weeks, and a story begins with a pledge."""

COUNTED = STANDING | {kind for one in FIGURES.values() for kind in one.kinds}


def _counted(where: str, day: date, horizon: int | None) -> QuerySet[Line]:
    """The lines of a place that count up to a day's hour; below a horizon, if one is given."""
    here = Q(where__under=where)
    if level(where) == "community":
        # What a community helps its street with stands at the street.
        here |= Q(where=street_of(where), also__contains=[where])
    some = Line.objects.filter(here, at__lte=closes(day))
    return some if horizon is None else some.filter(xact__lt=horizon)


def book(where: str, day: date, horizon: int | None = None, since: date | None = None) -> Book:
    """The lines a place's day and the day before are counted from, as far as this reader sees them; ``since``: and every
    day from that one on. One statement."""
    start = opens(since or day - DAY)
    wanted = Q(kind__in=STANDING) | Q(kind__in=COUNTED - STANDING, at__gt=start)
    some = _counted(where, day, horizon).filter(wanted).values_list(*Row._fields)
    return Book(where, day, (Row(*values) for values in some.iterator(5000)))


def figures(where: str, day: date, horizon: int | None = None) -> Figures:
    """The figures of a place's day. Two statements, one more for a street, and one more if it has published before; two
    more if something came late."""
    return book(where, day, horizon).figures(corrections(where, day, horizon))


def corrections(where: str, day: date, horizon: int | None = None) -> list[dict[str, Any]]:
    """What came late for what a place published before a day, and no brief has told yet."""
    published = briefs.recent(where, day)
    if not published:
        return []
    told, last = max(one.horizon or 0 for one in published), published[-1].day
    if not _counted(where, last, horizon).filter(kind__in=COUNTED, xact__gte=told).exists():
        return []
    return book(where, last, horizon, since=published[0].day).late(published, told)


@counts
def count(where: str, day: date, horizon: int) -> dict[str, Any]:
    """The figures a brief freezes."""
    return figures(where, day, horizon).as_json()


def of(brief: Brief) -> Figures:
    """The figures of a brief: frozen, or of a draft as they are now."""
    return Figures.of(brief) if brief.state == Brief.State.PUBLISHED else figures(brief.where, brief.day)


def rows(brief: Brief, name: str, within: str = "") -> list[Row]:
    """The lines behind a number of a brief; ``within``: those of one community, or of the street itself (its code)."""
    read = book(brief.where, brief.day, brief.horizon)
    found = read.rows(FIGURES[name], brief.day)
    if not within:
        return found
    community = within if level(within) == "community" else ""
    return [row for row in found if row.community == community]


def _when(row: Row) -> datetime:
    return row.at


def _order(row: Row) -> tuple[datetime, int, UUID]:
    return row.at, row.xact, row.id


def _below(edge: int | None) -> Known | None:
    return None if edge is None else lambda row: row.xact < edge


def _emptied(row: Row) -> bool:
    """A line of somebody who was erased: it no longer says what it was about."""
    return not row.facts and row.about == row.id == row.matter
