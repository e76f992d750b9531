"""Properties of deciding, on editions made up at random and on the real ones against brute force."""

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianfang.rules.conditions import Cell, Condition, Truth, Verdict, merged
from lianfang.rules.deciding import Answer, Change, Decision, Outcome, days, decide
from lianfang.rules.documents import plain
from lianfang.rules.editions import (
    Clause,
    Edition,
    Exempt,
    Measure,
    MeasureKind,
    Supersedes,
    in_force,
    read_policies,
)
from lianfang.rules.vocabulary import Facts, Label, Value, parse_vocabulary

L = {"zh": "字", "en": "word"}
WORDS = parse_vocabulary(
    {
        "fact": [
            {"key": "n", "type": "number", "low": 0, "high": 6, "unit": L, "label": L, "learnt": L},
            {"key": "flag", "type": "boolean", "label": L, "learnt": L},
            {"key": "pick", "type": "choice", "values": {"a": L, "b": L, "c": L}, "label": L, "learnt": L},
            {
                "key": "day",
                "type": "date",
                "low": "2020-02-27",
                "high": "2020-03-03",
                "label": L,
                "learnt": L,
            },
            {"key": "from", "type": "place", "values": {"abroad": L}, "label": L, "learnt": L},
        ]
    }
)
# Places at full length, inside and outside of every area a made-up condition may name.
PLACES = (
    "abroad",
    "110101001001",
    "110102001001",
    "130000000000",
    "131028001001",
    "131028002001",
    "990000000000",
)
AREAS = ("abroad", "11", "110101", "13", "131028", "131028001")
DAYS = tuple(date(2020, 2, 27) + timedelta(days=n) for n in range(6))
GRID: dict[str, tuple[Value, ...]] = {
    "n": tuple(range(7)),
    "flag": (False, True),
    "pick": ("a", "b", "c"),
    "day": DAYS,
    "from": PLACES,
}
relaxed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # a busy machine proves nothing
ON, WHERE = date(2020, 2, 26), "110198001001.3.2.402."


def spans(values: tuple[int, ...] | tuple[date, ...]) -> st.SearchStrategy[Cell]:
    ends = st.tuples(st.sampled_from(values), st.sampled_from(values)).map(sorted)
    return st.tuples(ends, st.sampled_from(("both", "from", "to"))).map(
        lambda drawn: Cell(
            from_=drawn[0][0] if drawn[1] != "to" else None,
            to=drawn[0][1] if drawn[1] != "from" else None,
        )
    )


def some(words: tuple[str, ...] | tuple[bool, ...]) -> st.SearchStrategy[tuple[str | bool, ...]]:
    return st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True).map(tuple)


def areas() -> st.SearchStrategy[Cell]:
    pairs = st.tuples(some(AREAS) | st.just(()), some(AREAS) | st.just(()))
    return pairs.filter(any).map(lambda pair: Cell(in_=pair[0], not_in=tuple(map(str, pair[1]))))


CELLS = {
    "n": spans(tuple(range(7))),
    "flag": some((False, True)).map(lambda values: Cell(in_=values)),
    "pick": some(("a", "b", "c")).map(lambda values: Cell(in_=values)),
    "day": spans(DAYS),
    "from": areas(),
}


@st.composite
def conditions(draw: st.DrawFn) -> tuple[Condition, ...]:
    facts = draw(st.lists(st.sampled_from(sorted(GRID)), unique=True, max_size=3))
    cells = [(fact, draw(CELLS[fact]), draw(st.none() | CELLS[fact])) for fact in facts]
    return tuple(
        Condition(fact, cell.in_, cell.not_in, cell.from_, cell.to, silent) for fact, cell, silent in cells
    )


MEASURES = st.builds(Measure, st.sampled_from(list(MeasureKind)[1:]), st.none() | st.integers(1, 21))


@st.composite
def editions(draw: st.DrawFn) -> tuple[Edition, ...]:
    """A nation's, a city's and a district's edition: each requires and exempts."""
    made: list[Edition] = []
    for level, place in (("nation", ""), ("city", "11"), ("district", "110198")):
        required = [
            f"{edition.id}/{clause.id}" for edition in made for clause in edition.clauses if clause.require
        ]
        clauses = [
            Clause(str(n), "字", "paraphrase", "word", require=draw(MEASURES), when=draw(conditions()))
            for n in range(draw(st.integers(1, 2)))
        ]
        own = [f"{level}/{clause.id}" for clause in clauses]
        for n in range(draw(st.integers(0, 2))):
            names = st.lists(st.sampled_from([*own, *required]), min_size=1, unique=True).map(tuple)
            kinds = st.lists(st.sampled_from(list(MeasureKind)[1:]), max_size=1).map(tuple)
            freed = Exempt(draw(names), draw(kinds))
            when = draw(conditions().filter(bool))
            clauses.append(Clause(f"x{n}", "字", "paraphrase", "word", exempt=freed, when=when))
        label = Label("字", "word")
        made.append(Edition(level, label, level, level, place, "arrivals", ON, tuple(clauses)))  # type: ignore[arg-type]
    return tuple(made)


def cases() -> st.SearchStrategy[Facts]:
    known = {key: st.none() | st.sampled_from(values) for key, values in GRID.items()}
    return st.fixed_dictionaries(known).map(WORDS.facts)


def severity(outcome: Outcome) -> tuple[int, tuple[int, int, int]]:
    order = (Answer.EXEMPT, Answer.UNCLEAR, Answer.REQUIRED)
    measure = outcome.measure if outcome.answer is Answer.REQUIRED else None
    return order.index(outcome.answer), measure.strictness if measure else (0, 0, 0)


@relaxed
@given(editions(), cases())
def test_every_case_gets_one_of_three_answers_and_every_answer_its_grounds(
    e: tuple[Edition, ...], f: Facts
) -> None:
    decision = decide(e, f, ON, WHERE)
    assert (decision.measure is None) is (decision.answer is Answer.UNCLEAR)
    assert bool(decision.deciding) is not (decision.because == "no_rule_requires_it")
    if decision.answer is Answer.EXEMPT:
        assert all(reading.clause.exempt for reading in decision.deciding)


@relaxed
@given(editions(), cases(), st.randoms())
def test_the_same_case_gets_the_same_words_whatever_the_order_of_the_texts(
    e: tuple[Edition, ...], f: Facts, random: Random
) -> None:
    shuffled = list(e)
    random.shuffle(shuffled)
    backwards = Facts(f.vocabulary, dict(reversed(f.values.items())))
    one, two = decide(e, f, ON, WHERE).as_json(), decide(shuffled, backwards, ON, WHERE).as_json()
    assert json.dumps(one, sort_keys=True) == json.dumps(two, sort_keys=True)


@relaxed
@given(editions(), cases(), st.data())
def test_widening_an_exemption_never_makes_anyone_stricter(
    e: tuple[Edition, ...], f: Facts, data: st.DataObject
) -> None:
    exempting = [
        (n, m) for n, edition in enumerate(e) for m, clause in enumerate(edition.clauses) if clause.exempt
    ]
    if not exempting:
        return
    n, m = data.draw(st.sampled_from(exempting))
    clause = e[n].clauses[m]
    drop = data.draw(st.integers(0, len(clause.when) - 1))
    # Wider in every case: without one of its conditions, or with what was left open now true.
    kept = clause.when[:drop] + clause.when[drop + 1 :]
    opened = clause.when[drop].open
    spoken = (
        (Condition(clause.when[drop].fact, opened.in_, opened.not_in, opened.from_, opened.to),)
        if opened
        else ()
    )
    wider = [replace(clause, when=kept)] if kept else []
    if spoken:  # the old words stand, and a second clause says for the open values what was not said
        wider.append(replace(clause, id="wider", when=kept + spoken))
    for other in wider:
        clauses = tuple(other if other.id == c.id else c for c in e[n].clauses)
        clauses += (other,) if other.id == "wider" else ()
        after = decide((*e[:n], replace(e[n], clauses=clauses), *e[n + 1 :]), f, ON, WHERE)
        assert severity(after.outcome) <= severity(decide(e, f, ON, WHERE).outcome)


def test_a_lower_level_cannot_free_from_a_rule_above_it() -> None:
    home, when = Measure(MeasureKind.HOME, 14), (Condition("flag", (True,)),)
    label, freed = Label("字", "word"), Exempt((), (MeasureKind.HOME,))
    rule = Clause("1", "字", "paraphrase", "word", require=home)
    free = Clause("1", "字", "paraphrase", "word", exempt=freed, when=when)
    city = Edition("city", label, "city", "city", "11", "arrivals", ON, (rule,))
    facts = WORDS.facts({"flag": True})
    for level, place, answer in (
        ("street", "110198001", Answer.REQUIRED),
        ("city", "11", Answer.EXEMPT),
        ("nation", "", Answer.EXEMPT),
    ):
        other = Edition("other", label, "other", level, place, "arrivals", ON, (free,))  # type: ignore[arg-type]
        assert decide((city, other), facts, ON, WHERE).answer is answer, level


def test_neighbouring_values_are_said_as_one_and_others_are_not() -> None:
    spans = [Cell(from_=0, to=1), Cell(from_=2, to=4), Cell(from_=6, to=7)]
    assert merged(spans) == (Cell(from_=0, to=4), Cell(from_=6, to=7))
    days_ = [Cell(from_=DAYS[0], to=DAYS[1]), Cell(from_=DAYS[2], to=DAYS[3])]
    assert merged(days_) == (Cell(from_=DAYS[0], to=DAYS[3]),)
    words = [Cell(in_=("a",)), Cell(in_=("b",)), Cell(in_=("13",), not_in=("131028",)), Cell(in_=("c",))]
    assert merged(words) == (Cell(in_=("a", "b")), *words[2:])


def said(change: Change | None, value: Value) -> Outcome | None:
    """The outcome the change promises for this value, if any."""
    found = [
        o
        for o, cells in (change.outcomes if change else ())
        if any(c.holds(value) is Truth.TRUE for c in cells)
    ]
    assert len(found) <= 1, "one value cannot lead to two outcomes"
    return found[0] if found else None


def naive(e: tuple[Edition, ...], facts: Facts) -> Outcome:
    """Deciding once more in another way, straight from the page: sets of clauses that hold, that may, and who is freed."""
    holds, may = set[str](), set[str]()
    clauses = {f"{edition.id}/{clause.id}": (edition, clause) for edition in e for clause in edition.clauses}
    for key, (_edition, clause) in clauses.items():
        said = [condition.read(facts.get(condition.fact)) for condition in clause.when]
        if Verdict.FALSE not in said:
            (holds if all(one is Verdict.TRUE for one in said) else may).add(key)
    required, unsure = [], False
    for key, (edition, clause) in clauses.items():
        if not clause.require or key not in holds | may:
            continue
        free = {
            name
            for name, (home, other) in clauses.items()
            if other.exempt
            and (
                key in other.exempt.clauses
                or (clause.require.kind in other.exempt.measures and home.height <= edition.height)
            )
        }
        if free & holds:
            continue
        if key in holds and not free & may:
            required.append(clause.require)
        else:
            unsure = True
    if required:
        return Outcome(Answer.REQUIRED, sorted(required, key=lambda measure: measure.strictness)[-1])
    return Outcome(Answer.UNCLEAR, None) if unsure else Outcome(Answer.EXEMPT, Measure(MeasureKind.NONE))


@relaxed
@given(editions(), cases())
def test_deciding_agrees_with_the_page_read_naively(e: tuple[Edition, ...], f: Facts) -> None:
    assert decide(e, f, ON, WHERE).outcome == naive(e, f)


def agree(e: tuple[Edition, ...], facts: Facts, on: date, grid: dict[str, tuple[Value, ...]]) -> Decision:
    """Try every value of every fact, one fact at a time; compare with what the decision promised."""
    current = tuple(edition for edition in in_force(e, on, WHERE) if edition.subject == "arrivals")
    decision = decide(e, facts, on, WHERE)
    promised = {change.fact.key: change for change in decision.would_change}
    assert set(promised) <= set(grid)
    for key, values in grid.items():
        outcomes = {}
        for value in values:
            other = naive(current, Facts(facts.vocabulary, {**facts.values, key: value}))
            outcomes[value] = other
            expected = None if other == decision.outcome else other
            assert said(promised.get(key), value) == expected, (key, value)
        assert bool(promised.get(key)) is any(other != decision.outcome for other in outcomes.values()), key
    return decision


@relaxed
@given(editions(), cases())
def test_the_facts_that_would_change_the_answer_are_those_that_brute_force_finds(
    e: tuple[Edition, ...], f: Facts
) -> None:
    agree(e, f, ON, GRID)


def test_on_the_real_editions_too_over_every_value_there_is() -> None:
    policies = read_policies()
    named = ("11", "12", "13", "4201", "131024", "131028", "131082", "42", "32", "99")
    places = ("abroad", *(code.ljust(12, "0") for code in named), *(code.ljust(12, "7") for code in named))
    grid: dict[str, tuple[Value, ...]] = {}
    for fact in policies.vocabulary:
        numbers = tuple(range(fact.ordinals[0], fact.ordinals[1] + 1)) if fact.unit else ()
        grid[fact.key] = numbers or fact.words or (False, True)
        if fact.kind == "place":
            grid[fact.key] = places
    del grid["arrived_on"]
    home = {"lives_in": "110198001001", "nights_away": 0, "high_incidence_14d": False, "purpose": "goods"}
    answers = set()
    for origin, on in product(("131028001001", None, "abroad"), (date(2020, 2, 26), date(2020, 5, 16))):
        facts = policies.vocabulary.facts({**home, "origin": origin})
        answers.add(agree(policies.editions, facts, on, grid).answer)
    assert len(answers) > 1


@relaxed
@given(editions(), cases())
def test_near_clauses_lack_exactly_one_condition(e: tuple[Edition, ...], f: Facts) -> None:
    for reading in decide(e, f, ON, WHERE).near:
        assert reading.near
        condition, verdict = reading.near
        others = [v for c, v in zip(reading.clause.when, reading.verdicts, strict=True) if c != condition]
        assert verdict.truth < Truth.TRUE and all(other.truth is Truth.TRUE for other in others)


@relaxed
@given(editions())
def test_what_is_superseded_is_not_in_force_and_decides_nothing(e: tuple[Edition, ...]) -> None:
    newer = replace(
        e[0], id="newer", effective_from=ON + timedelta(days=1), supersedes=(Supersedes(e[1].id, True),)
    )
    assert [x.id for x in in_force((*e, newer), ON, WHERE)] == [x.id for x in e]
    after = in_force((*e, newer), ON + timedelta(days=1), WHERE)
    assert {x.id for x in after} == {e[0].id, "newer", e[2].id}


@relaxed
@given(editions())
def test_an_edition_is_the_same_after_being_plain_json(e: tuple[Edition, ...]) -> None:
    for edition in e:
        assert json.loads(json.dumps(edition.as_document())) == plain(edition)


@relaxed
@given(st.dates(date(2019, 12, 1), date(2030, 12, 31)), st.integers(0, 400))
def test_a_term_of_n_days_has_n_days_after_day_0_and_ends_at_midnight(day_0: date, n: int) -> None:
    period = days(day_0, n)
    assert (period.last_day - period.day_0).days == n
    assert period.release_due.date() == period.last_day + timedelta(days=1)
    assert (period.release_due.hour, period.release_due.minute) == (0, 0)
    assert days(day_0, n + 1).last_day - period.last_day == timedelta(days=1)
