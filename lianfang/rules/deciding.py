"""How a rule decides: required, exempt or unclear, with every ground, every near miss, and what would change the answer.

Pure: no database, no clock, no chance. The machine says what the rules say; the authority decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from lianfang.rules.conditions import Cell, Condition, Truth, Verdict, merged, regions
from lianfang.rules.documents import plain
from lianfang.rules.editions import ENDS_AT, Clause, Edition, Measure, MeasureKind, in_force
from lianfang.rules.vocabulary import Fact, Facts, Value

HERE = ZoneInfo("Asia/Shanghai")
Because: TypeAlias = Literal["clause_holds", "exemption_holds", "no_rule_requires_it", "open"]


class Answer(StrEnum):
    REQUIRED = "required"
    EXEMPT = "exempt"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause read against the facts: one verdict for each of its conditions, in their order.

    `elsewhere` (not in force here) and `later` (not yet) mark what is no basis for a decision.
    """

    edition: Edition
    clause: Clause
    verdicts: tuple[Verdict, ...]
    elsewhere: bool = False
    later: bool = False

    @property
    def key(self) -> str:
        return f"{self.edition.id}/{self.clause.id}"

    @property
    def truth(self) -> Truth:
        return min((verdict.truth for verdict in self.verdicts), default=Truth.TRUE)

    @property
    def near(self) -> tuple[Condition, Verdict] | None:
        """The one condition that keeps the clause from being true, and whether it is false, unknown or not said.

        A clause whose only condition is false has nothing in common with the case, and is not near.
        """
        missing = [
            pair for pair in zip(self.clause.when, self.verdicts, strict=True) if pair[1] is not Verdict.TRUE
        ]
        alone = len(missing) == 1 and (len(self.verdicts) > 1 or missing[0][1] is not Verdict.FALSE)
        return missing[0] if alone else None

    def as_json(self) -> dict[str, Any]:
        names = ("wording", "text_is", "gist", "source", "grade", "found_at")
        conditions = zip(self.clause.when, self.verdicts, strict=True)
        return {
            "edition": self.edition.id,
            "clause": self.clause.id,
            "issuer": self.edition.issuer,
            "place": self.edition.place,
            "effective_from": plain(self.edition.effective_from),
            **{name: getattr(self.clause, name) for name in names},
            **self.clause.effect_as_json(),
            "conditions": [{**plain(condition), "says": verdict.value} for condition, verdict in conditions],
            **({"but_for": self.near[0].fact, "says": self.near[1].value} if self.near else {}),
            **({"elsewhere": self.elsewhere, "later": self.later} if self.elsewhere or self.later else {}),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer with its measure: NONE if exempt, None while unclear."""

    answer: Answer
    measure: Measure | None

    def as_json(self) -> dict[str, Any]:
        return {"answer": self.answer.value, "measure": self.measure and self.measure.as_json()}


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that, taken alone, would change the answer: each other outcome with all the values that lead to it."""

    fact: Fact
    value: Value | None
    outcomes: tuple[tuple[Outcome, tuple[Cell, ...]], ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "fact": self.fact.key,
            "known": self.value is not None,
            "value": plain(self.value),
            "outcomes": [{**outcome.as_json(), "values": plain(cells)} for outcome, cells in self.outcomes],
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules say of one case, on one day, for one subject.

    `deciding` are the grounds. `may_be_stricter`: a measure is required, and these open clauses ask for more. `stated`:
    duties, permissions and the like that hold (or may) beside the answer. `medical_need`: facts that open a need whatever
    the answer. `where` is kept no closer than the community. `considered` are the ids of the editions in force.
    """

    subject: str
    on: date
    where: str
    facts: Facts
    outcome: Outcome
    because: Because
    deciding: tuple[Reading, ...]
    may_be_stricter: tuple[Reading, ...]
    near: tuple[Reading, ...]
    would_change: tuple[Change, ...]
    elsewhere_or_later: tuple[Reading, ...]
    stated: tuple[Reading, ...]
    medical_need: tuple[str, ...]
    considered: tuple[str, ...]

    @property
    def answer(self) -> Answer:
        return self.outcome.answer

    @property
    def measure(self) -> Measure | None:
        return self.outcome.measure

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, the same for the same input: it can be stored, and compared with a replay."""
        lists = ("deciding", "may_be_stricter", "near", "would_change", "elsewhere_or_later", "stated")
        return {
            **{name: plain(getattr(self, name)) for name in ("subject", "on", "where", "because")},
            "facts": self.facts.as_json(),
            **self.outcome.as_json(),
            **{name: [entry.as_json() for entry in getattr(self, name)] for name in lists},
            "medical_need": list(self.medical_need),
            "considered": list(self.considered),
        }


class _Table:
    """The requiring and exempting clauses of a case, and which exemptions free from which requirement."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self.readings = [reading for reading in readings if not reading.clause.states]
        self.truths = {reading.key: reading.truth for reading in self.readings}
        self.freeing = {
            one.key: (one.clause.require, [other.key for other in self.readings if _frees(other, one)])
            for one in self.readings
            if one.clause.require
        }

    def demands(self, truths: Mapping[str, Truth]) -> dict[str, Truth]:
        """Whether each requiring clause asks it after all: it holds, and no exemption from it does."""
        return {
            key: min(truths[key], ~max((truths[name] for name in names), default=Truth.FALSE))
            for key, (_measure, names) in self.freeing.items()
        }

    def outcome(self, truths: Mapping[str, Truth]) -> Outcome:
        demands = self.demands(truths)
        asked = [self.freeing[key][0] for key, demand in demands.items() if demand is Truth.TRUE]
        if asked:
            return Outcome(Answer.REQUIRED, max(asked, key=lambda measure: measure.strictness))
        if Truth.OPEN in demands.values():
            return Outcome(Answer.UNCLEAR, None)
        return Outcome(Answer.EXEMPT, Measure(MeasureKind.NONE))

    def grounds(self, answer: Answer) -> tuple[Because, set[str]]:
        """Why in one word, and the keys of the clauses that decide."""
        demands = self.demands(self.truths)
        if answer is Answer.REQUIRED:
            return "clause_holds", {key for key, demand in demands.items() if demand is Truth.TRUE}
        wanted = Truth.OPEN if answer is Answer.UNCLEAR else Truth.TRUE  # of the exemptions that matter
        live = [
            key
            for key in demands
            if (demands if answer is Answer.UNCLEAR else self.truths)[key] > Truth.FALSE
        ]
        exemptions = {name for key in live for name in self.freeing[key][1] if self.truths[name] is wanted}
        if answer is Answer.UNCLEAR:
            return "open", {*live, *exemptions}
        return ("exemption_holds" if exemptions else "no_rule_requires_it"), exemptions

    def stricter(self, measure: Measure | None) -> set[str]:
        """The open clauses that ask for more than is required already."""
        open_ = {key for key, demand in self.demands(self.truths).items() if demand is Truth.OPEN}
        return {key for key in open_ if measure and self.freeing[key][0].strictness > measure.strictness}


def _frees(exempting: Reading, requiring: Reading) -> bool:
    exempt, measure = exempting.clause.exempt, requiring.clause.require
    if not exempt or not measure:
        return False
    any_such = measure.kind in exempt.measures and exempting.edition.height <= requiring.edition.height
    return any_such or requiring.key in exempt.clauses


def _read(edition: Edition, facts: Facts) -> list[Reading]:
    return [
        Reading(
            edition, clause, tuple(condition.read(facts.get(condition.fact)) for condition in clause.when)
        )
        for clause in edition.clauses
    ]


def decide(
    editions: Iterable[Edition], facts: Facts, on: date, where: str, *, subject: str = "arrivals"
) -> Decision:
    """What the editions say of this case at this place (area code, with or without the door) on this day.

    Never fails and never guesses: what the rules leave open is `unclear`, to be asked upward.
    """
    about = [edition for edition in editions if edition.subject == subject]
    place = where.partition(".")[0]
    current = in_force(about, on, place)
    readings = [reading for edition in current for reading in _read(edition, facts)]
    table = _Table(readings)
    outcome = table.outcome(table.truths)
    because, deciding = table.grounds(outcome.answer)
    stricter = table.stricter(outcome.measure if outcome.answer is Answer.REQUIRED else None)
    return Decision(
        subject=subject,
        on=on,
        where=place,
        facts=facts,
        outcome=outcome,
        because=because,
        deciding=tuple(reading for reading in table.readings if reading.key in deciding),
        may_be_stricter=tuple(reading for reading in table.readings if reading.key in stricter),
        near=tuple(reading for reading in table.readings if reading.near),
        would_change=tuple(_would_change(table, outcome, facts)),
        elsewhere_or_later=tuple(_elsewhere_or_later(about, facts, on, place)),
        stated=tuple(
            reading for reading in readings if reading.clause.states and reading.truth > Truth.FALSE
        ),
        medical_need=facts.medical_need,
        considered=tuple(edition.id for edition in current),
    )


def _would_change(table: _Table, outcome: Outcome, facts: Facts) -> Iterable[Change]:
    """Every fact the clauses ask, each tried alone with one value of every region their cells can tell apart."""
    asked = [
        (one.fact, n, one, reading) for reading in table.readings for n, one in enumerate(reading.clause.when)
    ]
    for key, group in groupby(sorted(asked, key=lambda each: each[0]), key=lambda each: each[0]):
        touched, fact = list(group), facts.vocabulary[key]
        found: dict[Outcome, list[Cell]] = {}
        for region in regions(
            fact, [cell for _key, _n, condition, _reading in touched for cell in condition.cells]
        ):
            tried = {
                reading.key: _with(reading, n, one.read(region.sample)) for _key, n, one, reading in touched
            }
            other = table.outcome({**table.truths, **tried})
            if other != outcome:
                found.setdefault(other, []).append(region.cell)
        if found:
            outcomes = tuple((other, merged(cells)) for other, cells in found.items())
            yield Change(fact, facts.get(key), outcomes)


def _with(reading: Reading, position: int, verdict: Verdict) -> Truth:
    others = (other.truth for n, other in enumerate(reading.verdicts) if n != position)
    return min(verdict.truth, min(others, default=Truth.TRUE))


def _elsewhere_or_later(editions: Sequence[Edition], facts: Facts, on: date, where: str) -> Iterable[Reading]:
    """No basis for a decision, but useful upward: how others, or we later, settled a case where such a clause holds.

    Clauses that would hold, or would but for one open condition.
    """
    for edition in sorted(editions, key=lambda edition: (edition.effective_from, edition.id)):
        elsewhere, later = not edition.covers(where), edition.effective_from > on
        over = edition.effective_to is not None and edition.effective_to < on
        if over or not (elsewhere or later):
            continue
        then = in_force(editions, max(on, edition.effective_from), edition.place if elsewhere else where)
        for reading in (
            reading for other in then if other.id == edition.id for reading in _read(other, facts)
        ):
            held = reading.truth is Truth.TRUE or (reading.truth is Truth.OPEN and reading.near)
            if held and not reading.clause.states:
                yield replace(reading, elsewhere=elsewhere, later=later)


class Consequence(StrEnum):
    """What a change of the rules means for a measure that is running."""

    RELEASE = "release"  # acts by itself: listed for release within the hour
    EASE = "ease"  # acts by itself
    KEEP = "keep"
    ASK = "ask"  # stricter, or no longer clear: a person decides


def consequence(before: Decision, after: Decision) -> Consequence:
    """The same case before and after a change of the rules. Easing may act by itself; tightening never does."""
    if before.outcome == after.outcome:
        return Consequence.KEEP
    if after.answer is Answer.EXEMPT:
        return Consequence.RELEASE
    lighter = before.measure and after.measure and after.measure.strictness < before.measure.strictness
    return Consequence.EASE if lighter else Consequence.ASK


@dataclass(frozen=True, slots=True)
class Period:
    """A term in days: day 0, the last day, and the moment release is due (Asia/Shanghai)."""

    day_0: date
    last_day: date
    release_due: datetime


def days(day_0: date, count: int, ends_at: str = "24:00") -> Period:
    """The term of `count` days after day 0, the day the edition's `count_from` names.

    `ends_at` counts from 00:00 of the last day, so "24:00" is 00:00 of the next: arrival on 26 Feb 2020 and 14 days give
    the last day 11 Mar and release due on 12 Mar at 00:00. Raises ValueError for what is no term.
    """
    match = ENDS_AT.fullmatch(ends_at)
    if match is None or count < 0:
        raise ValueError(f"{count} days ending at {ends_at}")
    last_day = day_0 + timedelta(days=count)
    # Wall-clock arithmetic on purpose: "24:00 of the day" is a reading of the clock on the wall.
    midnight = datetime(last_day.year, last_day.month, last_day.day, tzinfo=HERE)
    return Period(day_0, last_day, midnight + timedelta(hours=int(match[1]), minutes=int(match[2])))
