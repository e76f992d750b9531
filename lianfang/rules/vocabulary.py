"""The words and numbers the rules are written in: facts with their allowed values, terms with their place and period."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeAlias

from lianfang.rules.documents import PolicyError, build, check_place, inside, plain, read_day

Value: TypeAlias = bool | int | str | date
Grade: TypeAlias = Literal[
    "A", "B", "C", "D"
]  # primary text, official site or named press, mirror, weak aggregator


class Kind(StrEnum):
    """What a fact is. There is no free text: rules could not be compared on it."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    DATE = "date"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Label:
    zh: str
    en: str

    def as_json(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be known of a case; `learnt` says how.

    `low` and `high` bound a number or a date, both included. `said` are the words of a choice, or those a place may be
    instead of an official code (abroad). `medical_need_when`: the values that speak of a medical need.
    """

    key: str
    kind: Kind = field(metadata={"name": "type"})
    label: Label
    learnt: Label
    unit: Label | None = None
    low: int | date | None = None
    high: int | date | None = None
    said: Mapping[str, Label] = field(metadata={"name": "values"}, default_factory=dict)
    medical_need_when: tuple[bool | str, ...] = ()

    def __post_init__(self) -> None:
        bounded, ends = self.kind in (Kind.NUMBER, Kind.DATE), (self.low, self.high)
        if (None in ends) is bounded or (self.kind is Kind.CHOICE and not self.said):
            raise PolicyError("wrong_fact", kind=self.kind)
        if bounded and self.ordinals[0] > self.ordinals[1]:
            raise PolicyError("bad_bounds")
        for value in self.medical_need_when:
            self.read(value)

    @property
    def values(self) -> tuple[tuple[str, Label], ...]:
        return tuple(self.said.items())

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.said)

    @property
    def ordinals(self) -> tuple[int, int]:
        """Both bounds on the line of whole numbers."""
        return ordinal(self.low or 0), ordinal(self.high or 0)

    def read(self, value: object) -> Value:
        """The value, if this fact may have it; days may be written YYYY-MM-DD. Raises PolicyError naming the fact."""
        with inside(self.key):
            if self.kind is Kind.DATE and isinstance(value, str):
                value = read_day(value)
            right = {Kind.NUMBER: int, Kind.BOOLEAN: bool, Kind.DATE: date}.get(self.kind, str)
            if type(value) is not right or not isinstance(value, bool | int | str | date):
                raise PolicyError("wrong_type", expected=self.kind, value=value)
            if isinstance(value, str):
                if self.kind is Kind.CHOICE and value not in self.said:
                    raise PolicyError("not_allowed", value=value, allowed=", ".join(self.said))
                return value if value in self.said else check_place(value)
            if self.kind is not Kind.BOOLEAN and not self.ordinals[0] <= ordinal(value) <= self.ordinals[1]:
                raise PolicyError("out_of_range", value=value, low=self.low, high=self.high)
            return value


def ordinal(value: int | date) -> int:
    """Numbers and days on one line of whole numbers."""
    return value.toordinal() if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All facts the rules may ask for."""

    fact: tuple[Fact, ...]

    def __post_init__(self) -> None:
        keys = [fact.key for fact in self.fact]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise PolicyError("key_twice", key=twice)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.fact)

    def __getitem__(self, key: str) -> Fact:
        for fact in self.fact:
            if fact.key == key:
                return fact
        raise PolicyError("unknown_fact", fact=key)

    def facts(self, document: Mapping[str, object]) -> "Facts":
        """What is known of a case, from plain JSON; None is unknown. Raises PolicyError for what no fact may be."""
        return Facts(
            self, {key: self[key].read(value) for key, value in document.items() if value is not None}
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one case, made by `Vocabulary.facts`. What is absent is unknown."""

    vocabulary: Vocabulary
    values: Mapping[str, Value]

    def get(self, key: str) -> Value | None:
        return self.values.get(key)

    @property
    def medical_need(self) -> tuple[str, ...]:
        """The facts that speak of a medical need: they open a need, whatever the rules answer."""
        return tuple(k for k in sorted(self.values) if self.values[k] in self.vocabulary[k].medical_need_when)

    def as_json(self) -> dict[str, bool | int | str]:
        return {key: plain(self.values[key]) for key in sorted(self.values)}


@dataclass(frozen=True, slots=True)
class Term:
    """A number of the law or of practice, with the area and the days it holds for; `until` is its last day."""

    key: str
    value: int | Decimal
    unit: Label
    label: Label
    place: str
    since: date = field(metadata={"name": "from"})
    source: str
    grade: Grade
    until: date | None = field(metadata={"name": "to"}, default=None)
    found_at: str = ""

    def __post_init__(self) -> None:
        if self.place:
            check_place(self.place)
        if self.until and self.until < self.since:
            raise PolicyError("bad_bounds")


@dataclass(frozen=True, slots=True)
class Terms:
    """All numbers. Two values for the same area on the same day are refused."""

    all: tuple[Term, ...] = field(metadata={"name": "term"})

    def __post_init__(self) -> None:
        for one, two in pairwise(sorted(self.all, key=lambda term: (term.key, term.place, term.since))):
            if (one.key, one.place) == (two.key, two.place) and two.since <= (one.until or date.max):
                raise PolicyError("term_overlap", key=two.key, place=two.place, day=two.since)

    def term(self, key: str, on: date, where: str) -> Term:
        """The value for the smallest area around `where` on that day. Raises PolicyError if there is none."""
        alike = [term for term in self.all if term.key == key and where.startswith(term.place)]
        found = [term for term in alike if term.since <= on <= (term.until or date.max)]
        if not found:
            raise PolicyError("no_term", key=key, where=where, day=on)
        return max(found, key=lambda term: len(term.place))


def parse_vocabulary(document: Mapping[str, object]) -> Vocabulary:
    """The facts of `facts.toml`. Raises PolicyError."""
    return build(Vocabulary, document)


def parse_terms(document: Mapping[str, object]) -> Terms:
    """The numbers of `terms.toml`. Raises PolicyError."""
    return build(Terms, document)


def read_toml(path: Path) -> dict[str, object]:
    """A TOML file as plain data; fractions stay exact. Raises PolicyError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError("not_toml", reason=error) from error
