"""Editions of rules: dated, placed, sourced, and refused at the door if anything about them is unclear."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import Any, Literal, TypeAlias

from lianfang.rules.conditions import Condition
from lianfang.rules.documents import PolicyError, build, check_place, inside, plain
from lianfang.rules.vocabulary import (
    Grade,
    Label,
    Terms,
    Vocabulary,
    parse_terms,
    parse_vocabulary,
    read_toml,
)

FOLDER = Path(__file__).parents[2] / "data" / "policies"
Level: TypeAlias = Literal["nation", "province", "city", "district", "street", "community"]
LEVELS = {
    "nation": 0,
    "province": 2,
    "city": 2,
    "district": 6,
    "street": 9,
    "community": 12,
}  # digits of its area, at least
ENDS_AT = re.compile(
    r"([0-3]\d|4[0-7]):([0-5]\d)"
)  # from 00:00 of the last day on: 32:00 is 08:00 the morning after


class MeasureKind(StrEnum):
    """What may be asked of a person, from the lightest to the strictest."""

    NONE = "none"
    REPORT = "report_and_register"
    MONITOR = "health_monitoring"
    HOME = "home_observation"
    CENTRAL = "central_observation"

    @property
    def strictness(self) -> int:
        return list(MeasureKind).index(self)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure with its term in days (None: the text gives none) and, if the text offers one, its alternative."""

    kind: MeasureKind
    days: int | None = None
    or_else: MeasureKind | None = None

    def __post_init__(self) -> None:
        if self.days is not None and self.days < 1:
            raise PolicyError("not_allowed", value=self.days, allowed="1, 2, …")

    @property
    def strictness(self) -> tuple[int, int, int]:
        return (self.kind.strictness, self.days or 0, self.or_else.strictness if self.or_else else 0)

    def as_json(self) -> dict[str, Any]:
        return dict(plain(self))


@dataclass(frozen=True, slots=True)
class Require:
    measure: Measure


@dataclass(frozen=True, slots=True)
class Exempt:
    """Frees from the clauses named "edition/clause", and from all of its own or a lower level that ask for `measures`."""

    clauses: tuple[str, ...] = field(metadata={"name": "from"}, default=())
    measures: tuple[MeasureKind, ...] = field(metadata={"name": "from_any"}, default=())

    def __post_init__(self) -> None:
        if not self.clauses and not self.measures:
            raise PolicyError("frees_nothing")


@dataclass(frozen=True, slots=True)
class States:
    """Says something that is no measure on the person, so that no decision rests on it; `whose` it is."""

    what: Literal["duty", "permission", "prohibition", "consequence", "advice"]
    whose: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of an edition, in Chinese words that are a quotation or a paraphrase (转述), with its source."""

    id: str
    wording: str
    text_is: Literal["quotation", "paraphrase"]
    gist: str
    require: Measure | None = None
    exempt: Exempt | None = None
    states: States | None = None
    when: tuple[Condition, ...] = ()
    source: str = ""
    grade: Grade | Literal[""] = ""
    found_at: str = ""

    def __post_init__(self) -> None:
        if [self.require, self.exempt, self.states].count(None) != 2:
            raise PolicyError("one_effect")
        if self.exempt and not self.when:
            raise PolicyError("unconditional_exemption")
        _refuse_twice(condition.fact for condition in self.when)

    @property
    def effect(self) -> Require | Exempt | States | None:
        """What it does; exactly one of the three, never None once read."""
        return Require(self.require) if self.require else self.exempt or self.states

    def effect_as_json(self) -> dict[str, Any]:
        effects = {"require": self.require, "exempt": self.exempt, "states": self.states}
        return {name: plain(effect) for name, effect in effects.items() if effect}


@dataclass(frozen=True, slots=True)
class Supersedes:
    """What a newer edition takes out of an older one; no clauses at all means that it stands beside it."""

    edition: str
    whole: bool = False
    clauses: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.whole is (self.clauses is not None):
            raise PolicyError("whole_or_clauses")


@dataclass(frozen=True, slots=True)
class Edition:
    """One text by one issuer on one subject. `place` is an area code, "" the nation; `effective_to` is its last day.

    `authority` is who decides a case under it ("": the text does not say). `count_from` names day 0.
    """

    id: str
    title: Label
    issuer: str
    level: Level
    place: str
    subject: str
    effective_from: date
    clauses: tuple[Clause, ...] = field(metadata={"name": "clause"})
    authority: str = ""
    number: str = ""
    legal_basis: str = ""
    effective_to: date | None = None
    supersedes: tuple[Supersedes, ...] = ()
    source: str = ""
    grade: Grade | Literal[""] = ""
    found_at: str = ""
    count_from: Literal["arrival", "departure", "breach", "decision"] = "arrival"
    ends_at: str = "24:00"

    def __post_init__(self) -> None:
        if self.place:
            check_place(self.place)
        if len(self.place) < LEVELS[self.level]:
            raise PolicyError("level_too_wide", level=self.level, place=self.place)
        if self.effective_to and self.effective_to < self.effective_from:
            raise PolicyError("bad_bounds")
        if not ENDS_AT.fullmatch(self.ends_at):
            raise PolicyError("not_allowed", value=self.ends_at, allowed="00:00 … 47:59")
        if not self.clauses:
            raise PolicyError("no_clause")
        _refuse_twice(clause.id for clause in self.clauses)

    @property
    def title_zh(self) -> str:
        return self.title.zh

    @property
    def title_en(self) -> str:
        return self.title.en

    @property
    def height(self) -> int:
        """0 is the nation; the larger, the lower."""
        return list(LEVELS).index(self.level)

    def covers(self, where: str) -> bool:
        return where.startswith(self.place)

    def in_time(self, on: date) -> bool:
        return self.effective_from <= on <= (self.effective_to or date.max)

    def clause(self, name: str) -> Clause:
        """The clause with this id. Raises PolicyError."""
        for clause in self.clauses:
            if clause.id == name:
                return clause
        raise PolicyError("no_such_clause", clause=f"{self.id}/{name}")

    def as_document(self) -> dict[str, Any]:
        """The same edition as plain JSON; `parse_edition` reads it back to an equal one."""
        return dict(plain(self))


def _refuse_twice(keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise PolicyError("key_twice", key=key)
        seen.add(key)


def parse_edition(document: Mapping[str, object], vocabulary: Vocabulary) -> Edition:
    """An edition from plain TOML or JSON data. Raises PolicyError whose path leads to the edition, clause and field."""
    with inside(str(document.get("id", "?"))):
        edition = build(Edition, document)
        clauses = []
        for clause in edition.clauses:
            with inside("clause"), inside(clause.id):
                clauses.append(_settled(clause, edition, vocabulary))
        return replace(edition, clauses=tuple(clauses))


def _settled(clause: Clause, edition: Edition, vocabulary: Vocabulary) -> Clause:
    """The clause with its source (a grade belongs to its source, so all or none is the edition's) and typed conditions."""
    own = clause if clause.source or clause.grade else edition
    for name in ("source", "grade"):
        with inside(name):
            if not getattr(own, name).strip():
                raise PolicyError("missing_field")
    when = []
    for condition in clause.when:
        with inside("when"), inside(condition.fact):
            when.append(condition.checked(vocabulary[condition.fact]))
    return replace(clause, source=own.source, grade=own.grade, found_at=own.found_at, when=tuple(when))


def check_together(editions: Sequence[Edition]) -> None:
    """Refuse editions that do not fit each other: a name that leads nowhere, a higher rule changed, an overlap unsaid."""
    _refuse_twice(edition.id for edition in editions)
    known = {edition.id: edition for edition in editions}
    for edition in editions:
        with inside(edition.id):
            _check_references(edition, known)
    last_days = {edition.id: _last_day(edition, editions) for edition in editions}
    for one, two in combinations(
        sorted(editions, key=lambda edition: (edition.effective_from, edition.id)), 2
    ):
        alike = all(
            getattr(one, name) == getattr(two, name) for name in ("issuer", "level", "subject", "place")
        )
        said = {older.edition for older in (*one.supersedes, *two.supersedes)} & {one.id, two.id}
        if alike and not said and two.effective_from <= last_days[one.id]:
            with inside(two.id):
                raise PolicyError("overlap", other=one.id)


def _check_references(edition: Edition, known: Mapping[str, Edition]) -> None:
    def target(name: str) -> Edition:
        if name not in known:
            raise PolicyError("no_such_edition", edition=name)
        if known[name].height < edition.height:
            raise PolicyError("above_its_level", edition=name)
        return known[name]

    for older in edition.supersedes:
        with inside("supersedes"):
            if (older.whole or older.clauses) and target(
                older.edition
            ).effective_from >= edition.effective_from:
                raise PolicyError("supersedes_newer", edition=older.edition)
            for name in older.clauses or ():
                target(older.edition).clause(name)
            target(older.edition)
    for clause in edition.clauses:
        for name in clause.exempt.clauses if clause.exempt else ():
            with inside("clause"), inside(clause.id), inside("exempt"):
                home, _, number = name.partition("/")
                if not target(home).clause(number).require:
                    raise PolicyError("requires_nothing", clause=name)


def _last_day(edition: Edition, editions: Iterable[Edition]) -> date:
    """The day it runs out, or the day before a newer edition takes all of it away wherever it holds."""
    gone = Supersedes(edition.id, whole=True)
    newer = [
        other for other in editions if gone in other.supersedes and edition.place.startswith(other.place)
    ]
    return min(
        [edition.effective_to or date.max, *(other.effective_from - timedelta(days=1) for other in newer)]
    )


def in_force(editions: Iterable[Edition], on: date, where: str) -> tuple[Edition, ...]:
    """The editions that hold for this place on this day, of all levels, without what newer ones took out of them.

    Superseding is for good: it lasts when the newer edition has itself been superseded or has run out. It counts from
    the newer edition's first day, where that edition holds. Ordered by level, day and id.
    """
    here = [edition for edition in editions if edition.covers(where)]
    removed = [older for edition in here if edition.effective_from <= on for older in edition.supersedes]
    whole = {older.edition for older in removed if older.whole}
    parts = {(older.edition, clause) for older in removed for clause in older.clauses or ()}
    left = []
    for edition in here:
        clauses = tuple(clause for clause in edition.clauses if (edition.id, clause.id) not in parts)
        if edition.in_time(on) and edition.id not in whole and clauses:
            left.append(
                edition if len(clauses) == len(edition.clauses) else replace(edition, clauses=clauses)
            )
    return tuple(sorted(left, key=lambda edition: (edition.height, edition.effective_from, edition.id)))


@dataclass(frozen=True, slots=True)
class Policies:
    vocabulary: Vocabulary
    terms: Terms
    editions: tuple[Edition, ...]


def read_policies(folder: Path = FOLDER) -> Policies:
    """All of data/policies: facts.toml, terms.toml, and one file per edition. Raises PolicyError naming the file."""
    with inside("facts.toml"):
        vocabulary = parse_vocabulary(read_toml(folder / "facts.toml"))
    with inside("terms.toml"):
        terms = parse_terms(read_toml(folder / "terms.toml"))
    editions = []
    for path in sorted({*folder.glob("*.toml")} - {folder / "facts.toml", folder / "terms.toml"}):
        with inside(path.name):
            editions.append(parse_edition(read_toml(path), vocabulary))
    check_together(editions)
    return Policies(vocabulary, terms, tuple(editions))
