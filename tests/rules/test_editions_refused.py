"""What is not clear is refused at the door, and the refusal says where and why."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from lianfang.rules.documents import MESSAGES, PolicyError
from lianfang.rules.editions import (
    FOLDER,
    Edition,
    check_together,
    in_force,
    parse_edition,
    read_policies,
)
from lianfang.rules.vocabulary import parse_terms, parse_vocabulary, read_toml

POLICIES = read_policies()
NOTICE = read_toml(FOLDER / "beijing-2020-02-14.toml")
Change = Callable[[dict[str, Any]], object]


def changed(change: Change, document: dict[str, Any] = NOTICE) -> dict[str, Any]:
    copy = deepcopy(document)
    change(copy)
    return copy


def parse(change: Change) -> Edition:
    return parse_edition(changed(change), POLICIES.vocabulary)


def requirement(document: dict[str, Any]) -> Any:
    return document["clause"][0]


def cell(document: dict[str, Any], fact: str, **words: object) -> None:
    requirement(document)["when"] = [{"fact": fact, **words}]


REFUSED: list[tuple[str, list[str], Change]] = [
    ("missing_field", ["issuer"], lambda d: d.pop("issuer")),
    ("missing_field", ["issuer"], lambda d: d.update(issuer="  ")),
    ("missing_field", ["effective_from"], lambda d: d.pop("effective_from")),
    ("missing_field", ["place"], lambda d: d.pop("place")),
    ("unknown_field", ["efective_to"], lambda d: d.update(efective_to="2020-03-01")),
    ("wrong_type", ["effective_from"], lambda d: d.update(effective_from="14 February")),
    ("wrong_type", ["supersedes"], lambda d: d.update(supersedes="all")),
    ("not_allowed", ["level"], lambda d: d.update(level="municipal")),
    ("not_allowed", ["count_from"], lambda d: d.update(count_from="whenever")),
    ("not_allowed", [], lambda d: d.update(ends_at="48:00")),
    ("not_a_place", [], lambda d: d.update(place="京")),
    ("level_too_wide", [], lambda d: d.update(level="street")),
    ("bad_bounds", [], lambda d: d.update(effective_to="2020-02-13")),
    ("no_clause", [], lambda d: d.update(clause=[])),
    ("key_twice", [], lambda d: d["clause"][1].update(id="1")),
    ("missing_field", ["clause", "1", "source"], lambda d: d.pop("source") and d.pop("grade")),
    ("missing_field", ["clause", "1", "grade"], lambda d: d.pop("grade")),
    ("missing_field", ["clause", "1", "grade"], lambda d: requirement(d).update(source="P2")),
    ("missing_field", ["clause", "1", "source"], lambda d: requirement(d).update(grade="A")),
    ("not_allowed", ["clause", "1", "grade"], lambda d: requirement(d).update(grade="E")),
    ("missing_field", ["clause", "1", "text_is"], lambda d: requirement(d).pop("text_is")),
    ("not_allowed", ["clause", "1", "text_is"], lambda d: requirement(d).update(text_is="summary")),
    ("missing_field", ["clause", "1", "wording"], lambda d: requirement(d).update(wording="")),
    ("one_effect", ["clause", "1"], lambda d: requirement(d).pop("require")),
    ("one_effect", ["clause", "1"], lambda d: requirement(d).update(exempt={"from": ["x/1"]})),
    ("not_allowed", ["clause", "1", "require", "kind"], lambda d: requirement(d)["require"].update(kind="jail")),
    ("not_allowed", ["clause", "1", "require"], lambda d: requirement(d)["require"].update(days=0)),
    ("wrong_type", ["clause", "1", "require", "days"], lambda d: requirement(d)["require"].update(days=True)),
    ("unknown_fact", ["clause", "1", "when", "mood"], lambda d: cell(d, "mood", **{"in": [True]})),
    ("empty_condition", ["clause", "1", "when", "origin"], lambda d: cell(d, "origin")),
    ("not_a_place", ["clause", "1", "when", "origin", "origin"], lambda d: cell(d, "origin", **{"in": ["13102"]})),
    ("not_allowed", ["clause", "1", "when", "purpose", "purpose"], lambda d: cell(d, "purpose", **{"in": ["fun"]})),
    ("wrong_cell", ["clause", "1", "when", "purpose"], lambda d: cell(d, "purpose", not_in=["goods"])),
    ("wrong_cell", ["clause", "1", "when", "nights_away"], lambda d: cell(d, "nights_away", **{"in": ["1"]})),
    ("wrong_type", ["clause", "1", "when", "symptom", "symptom"], lambda d: cell(d, "symptom", **{"from": 1})),
    ("bad_bounds", ["clause", "1", "when", "age"], lambda d: cell(d, "age", **{"from": 70, "to": 17})),
    ("out_of_range", ["clause", "1", "when", "age", "age"], lambda d: cell(d, "age", **{"from": 500})),
    ("out_of_range", ["clause", "1", "when", "age", "age"], lambda d: cell(d, "age", **{"from": 9}, open={"to": -1})),
    ("key_twice", ["clause", "1"], lambda d: requirement(d)["when"].append({"fact": "origin", "in": ["12"]})),
    ("whole_or_clauses", ["supersedes", "x"], lambda d: d.update(supersedes=[{"edition": "x"}])),
    ("whole_or_clauses", ["supersedes", "x"], lambda d: d.update(supersedes=[{"edition": "x", "whole": True, "clauses": []}])),
]  # fmt: skip


@pytest.mark.parametrize(("code", "path", "change"), REFUSED)
def test_an_unclear_edition_is_refused_and_the_refusal_leads_to_the_field(
    code: str, path: list[str], change: Change
) -> None:
    with pytest.raises(PolicyError) as refused:
        parse(change)
    assert refused.value.code == code
    assert refused.value.path[0] == "beijing-2020-02-14"
    assert [step for step in refused.value.path[1:] if step in path] == path
    assert "%(" not in str(refused.value) and str(refused.value).startswith("beijing-2020-02-14")


def test_an_exemption_frees_from_something_and_on_some_condition() -> None:
    def exempt(**words: object) -> Change:
        return lambda d: requirement(d).update({"exempt": words}) or requirement(d).pop("require")

    with pytest.raises(PolicyError, match="names the clauses or the measures"):
        parse(exempt())
    with pytest.raises(PolicyError, match="abolishes the rule"):
        parse(lambda d: (exempt(from_any=["home_observation"])(d), requirement(d).pop("when")))


def together(*changes: tuple[str, Change]) -> None:
    documents = {edition.id: edition.as_document() for edition in POLICIES.editions}
    for name, change in changes:
        change(documents[name])
    check_together([parse_edition(document, POLICIES.vocabulary) for document in documents.values()])


def test_the_reviewed_editions_fit_together() -> None:
    together()


TOGETHER: list[tuple[str, str, Change]] = [
    ("overlap", "beijing-2020-02-14", lambda d: d.pop("supersedes")),
    ("edition", "beijing-2020-02-14", lambda d: d.update(id="beijing-2020-02-21")),
    ("no_such_edition", "beijing-2020-02-21", lambda d: d["clause"][0]["exempt"].update({"from": ["gone/1"]})),
    ("no_such_clause", "beijing-2020-02-21", lambda d: d["clause"][0]["exempt"].update({"from": ["beijing-2020-02-14/9"]})),
    ("requires_nothing", "beijing-2020-02-21", lambda d: d["clause"][0]["exempt"].update({"from": ["beijing-2020-02-14/2"]})),
    ("above_its_level", "beijing-2020-02-21", lambda d: d["clause"][0]["exempt"].update({"from": ["nation-2020-01-25/1"]})),
    ("above_its_level", "beijing-2020-02-14", lambda d: d["supersedes"].append({"edition": "nation-2020-01-25", "whole": True})),
    ("no_such_clause", "beijing-2020-03-16", lambda d: d["supersedes"][2].update(clauses=["99"])),
    ("supersedes_newer", "beijing-2020-02-14", lambda d: d["supersedes"][0].update(edition="beijing-2020-03-16", clauses=["1"])),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "change"), TOGETHER)
def test_editions_that_do_not_fit_each_other_are_refused(code: str, name: str, change: Change) -> None:
    with pytest.raises(PolicyError) as refused:
        together((name, change))
    assert refused.value.code == ("key_twice" if code == "edition" else code)


def alone(document: dict[str, Any]) -> None:
    document["supersedes"] = []


def test_an_overlap_is_no_overlap_for_another_issuer_level_subject_or_place_or_after_the_end() -> None:
    for words in ({"issuer": "x"}, {"level": "province"}, {"subject": "treatment"}, {"place": "1101"}):
        other = changed(lambda d: d.update(id="2", supersedes=[]))
        check_together([parse(alone), parse_edition({**other, **words}, POLICIES.vocabulary)])
    first = parse(lambda d: d.update(supersedes=[], effective_to="2020-02-20"))
    check_together([first, parse(lambda d: d.update(id="2", supersedes=[], effective_from="2020-02-21"))])
    with pytest.raises(PolicyError, match="without saying"):
        check_together([first, parse(lambda d: d.update(id="2", supersedes=[], effective_from="2020-02-20"))])


def test_a_whole_edition_superseded_need_not_be_named_by_the_one_after() -> None:
    def made(name: str, day: str, *older: str) -> Edition:
        gone = [{"edition": one, "whole": True} for one in older]
        return parse(lambda d: d.update(id=name, effective_from=day, supersedes=gone))

    chain = [made("a", "2020-02-01"), made("b", "2020-02-02", "a"), made("c", "2020-02-03", "b")]
    check_together(chain)
    day = chain[2].effective_from
    assert [edition.id for edition in in_force(chain, day, "110198001001")] == ["c"]
    assert [edition.id for edition in in_force(chain, chain[1].effective_from, "110198001001")] == ["b"]


def test_a_clause_superseded_is_gone_and_the_rest_of_its_edition_stays() -> None:
    on = date(2020, 3, 16)
    left = {
        edition.id: [clause.id for clause in edition.clauses]
        for edition in in_force(POLICIES.editions, on, "11")
    }
    assert left["beijing-2020-02-21"] == ["2", "3", "4", "5", "6", "7a", "7b"]


def test_an_edition_survives_being_plain_json() -> None:
    for edition in POLICIES.editions:
        document = json.loads(json.dumps(edition.as_document(), ensure_ascii=False))
        assert parse_edition(document, POLICIES.vocabulary) == edition


def test_a_folder_that_cannot_be_read_is_refused_by_file(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    copytree(FOLDER, folder)
    path = folder / "beijing-2020-02-14.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('text_is = "paraphrase"\n', "", 1), encoding="utf-8"
    )
    with pytest.raises(PolicyError) as refused:
        read_policies(folder)
    assert str(refused.value) == "beijing-2020-02-14.toml: beijing-2020-02-14: clause: 1: text_is: is missing"
    path.write_text("= nothing", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"beijing-2020-02-14\.toml: this is not TOML"):
        read_policies(folder)


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("unknown_fact", {"mood": "good"}),
        ("wrong_type", {"nights_away": "0"}),
        ("wrong_type", {"nights_away": True}),
        ("wrong_type", {"nights_away": 1.5}),
        ("wrong_type", {"symptom": 0}),
        ("wrong_type", {"origin": ["13"]}),
        ("wrong_type", {"arrived_on": "yesterday"}),
        ("out_of_range", {"nights_away": -1}),
        ("out_of_range", {"arrived_on": "1999-01-01"}),
        ("not_allowed", {"purpose": "fun"}),
        ("not_a_place", {"origin": "大厂"}),
        ("not_a_place", {"origin": "１３"}),
        ("not_a_place", {"origin": "13102"}),
    ],
)
def test_a_fact_the_vocabulary_does_not_have_is_refused(code: str, facts: dict[str, object]) -> None:
    with pytest.raises(PolicyError) as refused:
        POLICIES.vocabulary.facts(facts)
    assert refused.value.code == code
    assert next(iter(facts)) in str(refused.value)


def test_what_is_not_known_may_be_left_out_or_be_none() -> None:
    facts = POLICIES.vocabulary.facts({"origin": None, "arrived_on": "2020-02-26", "symptom": False})
    assert facts.as_json() == {"arrived_on": "2020-02-26", "symptom": False}


def test_the_vocabulary_refuses_a_fact_that_is_half_declared() -> None:
    label = {"zh": "字", "en": "word"}
    whole = {"key": "n", "type": "number", "low": 0, "high": 9, "label": label, "learnt": label}
    wrong: list[tuple[str, dict[str, object]]] = [
        ("wrong_fact", {"low": None}),
        ("bad_bounds", {"low": 10}),
        ("wrong_fact", {"type": "choice"}),
        ("not_allowed", {"type": "text"}),
        ("wrong_type", {"medical_need_when": ["x"]}),
    ]
    for code, change in wrong:
        fact = {key: value for key, value in {**whole, **change}.items() if value is not None}
        with pytest.raises(PolicyError) as refused:
            parse_vocabulary({"fact": [fact]})
        assert refused.value.code == code, change
    with pytest.raises(PolicyError, match="used twice"):
        parse_vocabulary({"fact": [whole, whole]})


def test_a_term_has_one_value_for_a_place_on_a_day_and_the_nearest_place_wins() -> None:
    label = {"zh": "字", "en": "word"}

    def term(place: str, value: int, since: str, until: str | None = None) -> dict[str, object]:
        words = {"key": "k", "value": value, "place": place, "from": since, "source": "P1", "grade": "C"}
        return {**words, "unit": label, "label": label, **({"to": until} if until else {})}

    terms = parse_terms({"term": [term("", 14, "2020-02-01"), term("11", 7, "2020-03-01", "2020-03-31")]})
    day = terms.all[1].since
    assert terms.term("k", day, "110198001001.3.2.402.").value == 7
    assert terms.term("k", day, "32").value == 14
    assert terms.term("k", day.replace(month=4), "110198001001").value == 14
    with pytest.raises(PolicyError, match="no value of k"):
        terms.term("k", day.replace(month=1), "11")
    with pytest.raises(PolicyError) as refused:
        parse_terms({"term": [term("11", 14, "2020-02-01"), term("11", 7, "2020-03-01")]})
    assert refused.value.code == "term_overlap"


def test_every_refusal_has_its_words_filled() -> None:
    for code, message in MESSAGES.items():
        assert PolicyError(code).message == message
