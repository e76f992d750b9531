"""A condition is one cell over one fact. It answers true, false or open, and open has two causes that are kept apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum, StrEnum
from itertools import pairwise

from lianfang.rules.documents import AREA_CODE, PolicyError
from lianfang.rules.vocabulary import Fact, Kind, Value, ordinal


class Truth(IntEnum):
    """Kleene's three values in order: "and" is the least, "or" the greatest, "not" turns the line round."""

    FALSE = 0
    OPEN = 1
    TRUE = 2

    def __invert__(self) -> "Truth":
        return Truth(2 - self)


class Verdict(StrEnum):
    """What one condition says of one case, with the cause if it is open."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"  # the fact is not known, or not closely enough
    NOT_SAID = "not_said"  # the fact is known, and the text does not speak of such a value

    @property
    def truth(self) -> Truth:
        return Truth.TRUE if self is Verdict.TRUE else Truth.FALSE if self is Verdict.FALSE else Truth.OPEN


@dataclass(frozen=True, slots=True)
class Cell:
    """Some values of one fact: an interval of numbers or days (both ends included), or a set, or an area without others.

    An area is named by its official code and holds every code that begins with it.
    """

    in_: tuple[bool | str, ...] = ()
    not_in: tuple[str, ...] = ()
    from_: int | date | None = None
    to: int | date | None = None

    def holds(self, value: Value) -> Truth:
        if isinstance(value, str):
            return min(_within(value, self.in_) if self.in_ else Truth.TRUE, ~_within(value, self.not_in))
        if isinstance(value, bool):
            return Truth.TRUE if value in self.in_ else Truth.FALSE
        after = self.from_ is None or ordinal(self.from_) <= ordinal(value)
        return (
            Truth.TRUE if after and (self.to is None or ordinal(value) <= ordinal(self.to)) else Truth.FALSE
        )

    def checked(self, fact: Fact) -> "Cell":
        """The same cell with the values of this fact. Raises PolicyError if this fact cannot be asked so."""
        spans, sets = fact.kind in (Kind.NUMBER, Kind.DATE), bool(self.in_ or self.not_in)
        low, high = (None if end is None else fact.read(end) for end in (self.from_, self.to))
        if not sets and low is None and high is None:
            raise PolicyError("empty_condition")
        if sets is spans or (self.not_in and fact.kind is not Kind.PLACE):
            raise PolicyError("wrong_cell", kind=fact.kind)
        for value in (*self.in_, *self.not_in):
            fact.read(value)
        if isinstance(low, str) or isinstance(high, str):
            raise PolicyError("wrong_cell", kind=fact.kind)
        if low is not None and high is not None and ordinal(low) > ordinal(high):
            raise PolicyError("bad_bounds")
        return replace(self, from_=low, to=high)


def _within(value: str, named: Iterable[bool | str]) -> Truth:
    """Open if a place is known more widely than it is asked: of someone from Hebei we do not know whether it was 大厂."""
    names = [name for name in named if isinstance(name, str)]
    if value in names or (AREA_CODE.fullmatch(value) and any(value.startswith(name) for name in names)):
        return Truth.TRUE
    wide = AREA_CODE.fullmatch(value) and any(name.startswith(value) for name in names)
    return Truth.OPEN if wide else Truth.FALSE


@dataclass(frozen=True, slots=True)
class Condition:
    """One question a clause asks of one fact: true in its cell, left open by the text in `open`, false elsewhere."""

    fact: str
    in_: tuple[bool | str, ...] = ()
    not_in: tuple[str, ...] = ()
    from_: int | date | None = None
    to: int | date | None = None
    open: Cell | None = None

    @property
    def cell(self) -> Cell:
        return Cell(self.in_, self.not_in, self.from_, self.to)

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.cell,) if self.open is None else (self.cell, self.open)

    def checked(self, fact: Fact) -> "Condition":
        cell, silent = self.cell.checked(fact), self.open.checked(fact) if self.open else None
        return replace(self, from_=cell.from_, to=cell.to, open=silent)

    def read(self, value: Value | None) -> Verdict:
        if value is None:
            return Verdict.UNKNOWN
        said = self.cell.holds(value)
        if said is Truth.FALSE and self.open is not None:
            return (Verdict.FALSE, Verdict.UNKNOWN, Verdict.NOT_SAID)[self.open.holds(value)]
        return (Verdict.FALSE, Verdict.UNKNOWN, Verdict.TRUE)[said]


@dataclass(frozen=True, slots=True)
class Region:
    """Values of one fact that no cell in sight can tell apart, and one of them."""

    sample: Value
    cell: Cell


def regions(fact: Fact, cells: Iterable[Cell]) -> Iterator[Region]:
    """Every allowed value of the fact, in as few regions as these cells leave: trying the samples is trying all values.

    Places are taken at full length (12 digits); a wider name is a fact half known.
    """
    if fact.kind is Kind.BOOLEAN:
        return (Region(value, Cell(in_=(value,))) for value in (False, True))
    if fact.kind is Kind.CHOICE:
        return (Region(word, Cell(in_=(word,))) for word in fact.words)
    return _areas(fact, cells) if fact.kind is Kind.PLACE else _spans(fact, cells)


def _spans(fact: Fact, cells: Iterable[Cell]) -> Iterator[Region]:
    first, last = fact.ordinals
    starts = {first}
    for cell in cells:
        starts |= {ordinal(cell.from_)} if cell.from_ is not None else set()
        starts |= {ordinal(cell.to) + 1} if cell.to is not None else set()
    for low, beyond in pairwise([*sorted(start for start in starts if first <= start <= last), last + 1]):
        ends = (
            (date.fromordinal(low), date.fromordinal(beyond - 1))
            if fact.kind is Kind.DATE
            else (low, beyond - 1)
        )
        yield Region(ends[0], Cell(from_=ends[0], to=ends[1]))


def _areas(fact: Fact, cells: Iterable[Cell]) -> Iterator[Region]:
    named = {name for cell in cells for name in (*cell.in_, *cell.not_in) if isinstance(name, str)}
    codes = sorted(named - set(fact.words))
    yield from (Region(word, Cell(in_=(word,))) for word in fact.words)
    for stem in ("", *codes):
        inner = [code for code in codes if code.startswith(stem) and code != stem]
        nearest = tuple(
            code for code in inner if not any(code.startswith(other) for other in inner if other != code)
        )
        sample = _a_place_in(stem, nearest)
        if sample is not None:
            yield Region(sample, Cell((stem,), nearest) if stem else Cell((), (*fact.words, *nearest)))


def _a_place_in(stem: str, avoid: tuple[str, ...]) -> str | None:
    """A full-length code inside `stem` and inside none of `avoid`, or None if they leave no room."""
    if any(stem.startswith(code) for code in avoid):
        return None
    if not any(code.startswith(stem) for code in avoid):
        return stem.ljust(12, "0")
    width = 2 if len(stem) < 6 else 3
    children = (f"{stem}{number:0{width}}" for number in range(10**width - 1, -1, -1))
    return next((found for child in children if (found := _a_place_in(child, avoid))), None)


def merged(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The same values in fewer cells: neighbouring spans joined, words and whole areas gathered."""
    joined: list[Cell] = []
    for cell in cells:
        last = joined[-1] if joined else Cell()
        if last.in_ and cell.in_ and not (last.not_in or cell.not_in):
            joined[-1] = Cell(in_=last.in_ + cell.in_)
        elif last.to is not None and cell.from_ is not None and ordinal(last.to) + 1 == ordinal(cell.from_):
            joined[-1] = Cell(from_=last.from_, to=cell.to)
        else:
            joined.append(cell)
    return tuple(joined)
