"""What a note tells of a need: item, quantity with its unit, the day by which it is needed. Pure; the words stand in
data/aid. It proposes and decides nothing."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from .numbers import CENT, MOST, Numerals, either

SELL = "sell"
LONGEST = 2_000
"""Signs of a note that are read."""

FAR = 120
"""Days ahead a day without a year may lie; a day that would lie farther is one that has passed."""

_SENTENCE = re.compile(r"[。！？；!?;\n]+")
_CLAUSE = re.compile(r"[，,、：:]+")
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), 0xFF0E)}


@dataclass(frozen=True)
class Found:
    """A need a note seems to tell of. ``quantity`` is None if none was read; ``rough`` if the person must be asked how much."""

    kind: str
    item: str
    quantity: Decimal | None = None
    unit: str = ""
    by: date | None = None
    rough: bool = False


class Quantity(NamedTuple):
    """How much, as it stands in a text."""

    number: Decimal | None
    unit: str
    rough: bool
    start: int
    end: int


class Unit(NamedTuple):
    """A word for a unit: what it is counted in, and how many of that it is."""

    code: str
    times: int


@dataclass(frozen=True)
class Words:
    """The word list, read once."""

    numerals: Numerals
    units: Mapping[str, Unit]
    about: Mapping[str, tuple[str, ...]]
    days: Mapping[str, Any]
    trouble: Mapping[str, tuple[str, ...]]
    wants: tuple[str, ...]
    kinds: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Words:
        """Out of ``data/aid/words.toml``."""
        numbers = document["numbers"]
        units = {word: Unit(one["code"], one["times"]) for one in document["unit"] for word in one["said"]}
        about = {name: tuple(numbers[name]) for name in ("about_before", "about_after", "about_end", "to")}
        trouble = {name: tuple(words) for name, words in document["trouble"].items()}
        return cls(
            Numerals.of(numbers), units, about, document["days"], trouble, tuple(document["wants"]["said"]),
            tuple(document["kind"]),
        )  # fmt: skip

    @cached_property
    def quantity(self) -> re.Pattern[str]:
        """A quantity: a number or a range, roughly or not, and its unit."""
        number, about = self.numerals.pattern, self.about
        return re.compile(
            rf"(?P<before>{either(about['about_before'])})?(?P<number>{number})"
            rf"(?:(?P<to>{either(about['to'])}){number})?(?P<after>{either(about['about_after'])})?"
            rf"(?P<unit>{either(self.units)})(?P<half>{self.numerals.half})?(?P<end>{either(about['about_end'])})?"
        )

    @cached_property
    def dated(self) -> re.Pattern[str]:
        """A day, with what follows it if that says "before"."""
        number, days = self.numerals.pattern, self.days
        week = f"(?P<shift>{either([*days['next'], *days['this']])})?(?:{either(days['week'])})"
        return re.compile(
            rf"(?:(?P<word>{either(days['words'])})|(?P<end>{either(days['month_end'])})"
            rf"|{week}(?P<weekday>[{days['weekdays']}{days['sunday']}])"
            rf"|(?:(?P<month>{number})(?:{either(days['month'])}))?(?P<day>{number})(?:{either(days['day'])})"
            rf"|(?P<in>{number})(?:{either(days['days'])})(?={either(days['within'])}))"
            rf"(?P<before>{either([*days['before'], *days['within']])})?"
        )


def needs_in(text: str, on: date, words: Words) -> list[Found]:
    """The needs a note seems to tell of, each thing once. ``on`` is the day of the note: its days are counted from it."""
    sentences = [list(_clauses(one, words)) for one in _SENTENCE.split(_plain(text))]
    found = [*_to_sell(sentences, on, words)]
    for clauses in sentences:
        for clause in clauses:
            found += _wanted(clause, on, words, taken=[one.item for one in found if one.kind == SELL])
    return _once(found)


def _plain(text: str) -> str:
    """Ordinary figures, no blanks, no commas inside a number."""
    text = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", text[:LONGEST].translate(_WIDE))
    return re.sub(r"[^\S\n]+", "", text)


def _clauses(sentence: str, words: Words) -> Iterator[str]:
    """The clauses of a sentence that do not say that something is settled."""
    for clause in _CLAUSE.split(sentence):
        if clause and not any(one in clause for one in words.trouble["settled"]):
            yield clause


def _to_sell(sentences: list[list[str]], on: date, words: Words) -> Iterator[Found]:
    """Goods that cannot be sold: those with a quantity if the note speaks of trouble, others if their sentence does."""
    troubled = [_has("".join(one), words.trouble["said"]) for one in sentences]
    if not any(troubled):
        return
    by = next((day for one in sentences for clause in one if (day := day_in(clause, on, words))), None)
    for clauses, trouble in zip(sentences, troubled, strict=True):
        for clause in clauses:
            amounts = list(quantities(clause, words))
            goods = list(re.finditer(either(words.trouble["goods"]), clause))
            for good in goods:
                amount = _nearest(good.start(), good.end(), amounts)
                if amount or trouble:
                    yield _found(SELL, good[0], amount, by, ask=True)
                if amount:
                    amounts.remove(amount)
            if trouble and not goods:
                yield from (_found(SELL, "", one, by, ask=True) for one in amounts)


def _wanted(clause: str, on: date, words: Words, taken: Iterable[str]) -> Iterator[Found]:
    """Everyday needs: a word that says enough alone, or a thing beside a word of wanting."""
    wanting = _has(clause, words.wants)
    for kind in words.kinds:
        alone = re.search(either(kind["alone"]), clause)
        thing = re.search(either(kind["things"]), clause)
        said = alone or (thing if wanting else None)
        if said is None or any(said[0] in one for one in taken):
            continue
        amount = next(iter(quantities(clause, words)), None)
        yield _found(
            kind["code"],
            thing[0] if thing and wanting else said[0],
            amount,
            day_in(clause, on, words),
            ask=False,
        )


def _found(kind: str, item: str, amount: Quantity | None, by: date | None, *, ask: bool) -> Found:
    if amount is None:
        return Found(kind, item, by=by, rough=ask)
    return Found(kind, item, amount.number, amount.unit, by, amount.rough)


def quantities(text: str, words: Words) -> Iterator[Quantity]:
    """Every quantity in a text. Weights are counted in jin."""
    for match in words.quantity.finditer(text):
        number, rough = words.numerals.read(match["number"])
        unit = words.units[match["unit"]]
        if number is not None:
            number = (number + (Decimal("0.5") if match["half"] else 0)) * unit.times
            number = number if number <= MOST and number == number.quantize(CENT) else None
        rough = rough or number is None or any(match[name] for name in ("before", "to", "after", "end"))
        yield Quantity(number, unit.code, rough, match.start(), match.end())


def day_in(clause: str, on: date, words: Words) -> date | None:
    """The day by which something is needed: one that is followed by "before", or stands beside what will spoil."""
    spoils = _has(clause, words.trouble["spoils"])
    for match in words.dated.finditer(clause):
        day = _day(match, on, words) if match["before"] or match["in"] or spoils else None
        if day is not None and day >= on:
            return day
    return None


def _day(match: re.Match[str], on: date, words: Words) -> date | None:
    days = words.days
    if match["word"]:
        return on + timedelta(days=days["words"][match["word"]])
    if match["end"]:
        return on.replace(day=monthrange(on.year, on.month)[1])
    if match["in"]:
        number, _rough = words.numerals.read(match["in"])
        return on + timedelta(days=int(number)) if number is not None and number <= FAR else None
    if match["weekday"]:
        wanted = days["weekdays"].find(match["weekday"])
        wanted = 6 if wanted < 0 else wanted
        ahead = wanted - on.weekday()
        return on + timedelta(days=ahead + 7 if match["shift"] in days["next"] else ahead % 7)
    return _in_month(match, on, words.numerals)


def _in_month(match: re.Match[str], on: date, numerals: Numerals) -> date | None:
    """3月1日, or the 1st: the next one there is, unless that is so far that the last one was meant."""
    day, _rough = numerals.read(match["day"])
    month = numerals.read(match["month"])[0] if match["month"] else None
    if day is None or day != int(day) or (match["month"] and (month is None or not 1 <= month <= 12)):
        return None
    first = on.replace(day=1)
    for _ahead in range(13):
        fits = month is None or first.month == month
        if fits and 1 <= day <= monthrange(first.year, first.month)[1]:
            one = first.replace(day=int(day))
            if one >= on:
                return one if (one - on).days <= FAR else None
        first = (first + timedelta(days=32)).replace(day=1)
    return None


def _nearest(start: int, end: int, amounts: Iterable[Quantity]) -> Quantity | None:
    """The quantity next to a word."""
    return min(
        amounts, key=lambda one: one.start - end if one.start >= end else start - one.end, default=None
    )


def _has(text: str, some: Iterable[str]) -> bool:
    return any(one in text for one in some)


def _once(found: Iterable[Found]) -> list[Found]:
    """Each thing once; of a kind of everyday need, its first; what a later mention adds is added."""
    kept: dict[tuple[str, str], Found] = {}
    for one in found:
        key = (one.kind, one.item if one.kind == SELL else "")
        first = kept.get(key)
        if first is None:
            kept[key] = one
        elif first.quantity is None and one.quantity is not None:
            kept[key] = replace(one, by=first.by or one.by)
        elif first.by is None and one.by is not None:
            kept[key] = replace(first, by=one.by)
    return list(kept.values())
