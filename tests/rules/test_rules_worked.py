"""The worked rows: real editions of 25 January to 20 July 2020, and what they say of real cases."""

import json
from collections.abc import Mapping
from datetime import date, datetime

import pytest

from lianfang.rules.conditions import Verdict
from lianfang.rules.deciding import (
    HERE,
    Answer,
    Consequence,
    Decision,
    Outcome,
    Period,
    Reading,
    consequence,
    days,
    decide,
)
from lianfang.rules.editions import FOLDER, Measure, MeasureKind, parse_edition, read_policies

POLICIES = read_policies()
DOOR = "110198001001.3.2.402."
TWO_WEEKS = Measure(MeasureKind.HOME, 14, or_else=MeasureKind.CENTRAL)

# He lives in Beijing, grows strawberries in 马坊 (Beijing), and takes them to 大厂 (Hebei) and back every week.
GROWER = {
    "lives_in": "110198001001",
    "works_in": "110117",
    "occupation": "grower",
    "origin": "131028",
    "high_incidence_14d": False,
    "to_key_area": False,
    "nights_away": 0,
    "purpose": "goods",
    "how_often": "weekly",
    "transport": "own_vehicle",
    "symptom": False,
}
COMMUTER = {
    "lives_in": "131082",
    "works_in": "110105",
    "origin": "131082",
    "purpose": "commute",
    "how_often": "daily",
    "high_incidence_14d": False,
}
# What the seven items of 21 February ask, for someone whom none of them frees.
NOBODY_SPECIAL = {
    "purpose": "return_home",
    "occupation": "other",
    "lives_in": "110198001001",
    "days_in_origin": 3,
    "high_incidence_14d": False,
}


def ask(facts: Mapping[str, object], month: int, day: int, subject: str = "arrivals") -> Decision:
    known = POLICIES.vocabulary.facts(facts)
    return decide(POLICIES.editions, known, date(2020, month, day), DOOR, subject=subject)


def grounds(decision: Decision) -> list[str]:
    return [reading.key for reading in decision.deciding]


def but_for(reading: Reading) -> tuple[str, Verdict] | None:
    return (reading.near[0].fact, reading.near[1]) if reading.near else None


def near(decision: Decision) -> dict[str, tuple[str, Verdict] | None]:
    return {reading.key: but_for(reading) for reading in decision.near}


def test_on_26_february_the_grower_back_within_the_day_is_unclear_and_not_silently_required() -> None:
    decision = ask(GROWER, 2, 26)
    assert decision.outcome == Outcome(Answer.UNCLEAR, None)
    assert grounds(decision) == ["beijing-2020-02-14/1"]


def test_it_is_unclear_because_the_text_does_not_say_and_not_because_we_do_not_know() -> None:
    assert near(ask(GROWER, 2, 26))["beijing-2020-02-14/1"] == ("nights_away", Verdict.NOT_SAID)
    unknown = {**GROWER, "nights_away": None}
    assert near(ask(unknown, 2, 26))["beijing-2020-02-14/1"] == ("nights_away", Verdict.UNKNOWN)


def test_the_commuters_exemption_is_shown_as_near_since_he_is_its_mirror_image() -> None:
    decision = ask(GROWER, 2, 26)
    assert near(decision)["beijing-2020-02-21/4"] == ("lives_in", Verdict.FALSE)
    assert set(near(decision)) == {"beijing-2020-02-14/1", "beijing-2020-02-21/4"}


def test_the_freight_rules_are_shown_as_elsewhere_and_later_and_decide_nothing() -> None:
    decision = ask(GROWER, 2, 26)
    found = {r.key: (r.elsewhere, r.later, but_for(r)) for r in decision.elsewhere_or_later}
    assert found["jiangsu-2020-02-23-freight/1"] == (True, False, ("to_key_area", Verdict.NOT_SAID))
    assert found["nation-2020-03-06-freight/1"] == (False, True, ("to_key_area", Verdict.NOT_SAID))
    assert found["beijing-2020-04-18/2"] == (False, True, None)
    assert not {name.partition("/")[0] for name in found} & set(decision.considered)


def test_from_18_april_the_grower_is_exempt() -> None:
    decision = ask(GROWER, 4, 18)
    assert decision.outcome == Outcome(Answer.EXEMPT, Measure(MeasureKind.NONE))
    assert decision.because == "exemption_holds"
    assert grounds(decision) == ["beijing-2020-04-18/2"]
    assert ask(GROWER, 4, 17).answer is Answer.UNCLEAR


def test_an_order_of_26_february_still_running_on_18_april_is_freed_by_the_new_edition() -> None:
    assert consequence(ask(GROWER, 2, 26), ask(GROWER, 4, 18)) is Consequence.RELEASE
    assert consequence(ask(GROWER, 2, 26), ask(GROWER, 4, 17)) is Consequence.KEEP


def test_a_stricter_rule_never_acts_by_itself() -> None:
    traveller = {**NOBODY_SPECIAL, "origin": "abroad", "nights_away": 20, "fit_for_home": False}
    before, after = ask(traveller, 3, 15), ask(traveller, 3, 16)
    assert (before.measure, after.measure) == (TWO_WEEKS, Measure(MeasureKind.CENTRAL))
    assert consequence(before, after) is Consequence.ASK
    assert consequence(after, before) is Consequence.EASE


def test_a_change_that_leaves_a_case_unclear_is_for_a_person() -> None:
    before, after = ask({**GROWER, "nights_away": 1}, 2, 26), ask(GROWER, 2, 26)
    assert (before.answer, after.answer) == (Answer.REQUIRED, Answer.UNCLEAR)
    assert consequence(before, after) is Consequence.ASK


def test_on_15_february_back_from_hebei_after_20_nights_is_14_days_at_home_or_centrally() -> None:
    decision = ask({"lives_in": "110198001001", "origin": "13", "nights_away": 20}, 2, 15)
    assert decision.outcome == Outcome(Answer.REQUIRED, TWO_WEEKS)
    assert grounds(decision) == ["beijing-2020-02-14/1"]
    assert days(date(2020, 2, 15), 14).last_day == date(2020, 2, 29)


def test_on_23_february_the_daily_commuter_from_sanhe_is_exempt_by_the_fourth_item() -> None:
    for nights in (None, 0, 1):
        decision = ask({**COMMUTER, "nights_away": nights}, 2, 23)
        assert decision.answer is Answer.EXEMPT
        assert grounds(decision) == ["beijing-2020-02-21/4"]
    assert ask({**COMMUTER, "nights_away": 1}, 2, 20).answer is Answer.REQUIRED


def test_an_exemption_from_14_days_does_not_hide_that_he_may_come_from_a_high_incidence_area() -> None:
    decision = ask({**COMMUTER, "high_incidence_14d": None}, 2, 23)
    assert decision.answer is Answer.UNCLEAR
    assert "high_incidence_14d" in {change.fact.key for change in decision.would_change}


def test_on_20_february_the_family_with_a_hospital_appointment_is_required_and_has_a_medical_need() -> None:
    family = {
        "origin": "44",
        "lives_in": "44",
        "nights_away": 366,
        "purpose": "medical",
        "lodging": "family_or_friends",
        "needs_treatment": True,
    }
    decision = ask(family, 2, 20)
    assert decision.outcome == Outcome(Answer.REQUIRED, TWO_WEEKS)
    assert grounds(decision) == ["beijing-2020-02-14/1"]
    assert decision.medical_need == ("needs_treatment", "purpose")
    assert ask({**family, "needs_treatment": False, "purpose": "visit"}, 2, 20).medical_need == ()


def test_on_26_february_with_origin_not_known_it_is_unclear_and_origin_would_change_it() -> None:
    decision = ask({**GROWER, "origin": None}, 2, 26)
    assert decision.answer is Answer.UNCLEAR
    change = next(change for change in decision.would_change if change.fact.key == "origin")
    assert change.as_json() == {
        "fact": "origin",
        "known": False,
        "value": None,
        "outcomes": [
            {"answer": "exempt", "measure": {"kind": "none"}, "values": [{"in": ["11"]}]},
            {
                "answer": "required",
                "measure": {"kind": "home_observation", "days": 14},
                "values": [{"in": ["4201"]}],
            },
        ],
    }


def test_on_18_april_hebei_would_free_him_whose_origin_is_not_known() -> None:
    decision = ask({**GROWER, "origin": None}, 4, 18)
    change = next(change for change in decision.would_change if change.fact.key == "origin")
    freed = [values for outcome, values in change.outcomes if outcome.answer is Answer.EXEMPT]
    areas = {name for cell in freed[0] for name in cell.in_}
    assert {"11", "12", "13"} <= areas and "abroad" not in areas and "4201" not in areas


def test_someone_who_never_left_beijing_is_exempt_because_no_rule_requires_anything() -> None:
    decision = ask({"origin": "110105", "high_incidence_14d": False}, 2, 26)
    assert (decision.answer, decision.because, decision.deciding) == (
        Answer.EXEMPT,
        "no_rule_requires_it",
        (),
    )


def test_a_province_alone_does_not_tell_whether_he_comes_from_wuhan() -> None:
    assert (
        ask({"origin": "42", "high_incidence_14d": False, "nights_away": 0}, 1, 26).answer is Answer.UNCLEAR
    )
    assert ask({"origin": "420106"}, 1, 26).measure == Measure(MeasureKind.HOME, 14)


def test_the_strictest_measure_wins_and_all_grounds_are_listed() -> None:
    facts = {**NOBODY_SPECIAL, "high_incidence_14d": True, "central_unit": True}
    decision = ask({**facts, "origin": "420100", "nights_away": 3}, 2, 26)
    assert decision.measure == Measure(MeasureKind.CENTRAL)
    assert grounds(decision) == [
        "nation-2020-01-25/1",
        "beijing-2020-02-10-arrivals/1",
        "beijing-2020-02-14/1",
        "beijing-2020-02-21/6",
    ]


def test_a_fact_that_could_still_exempt_is_asked_before_anyone_is_confined() -> None:
    decision = ask({**NOBODY_SPECIAL, "occupation": None, "origin": "13", "nights_away": 20}, 2, 26)
    assert decision.answer is Answer.UNCLEAR
    assert grounds(decision) == ["beijing-2020-02-14/1", "beijing-2020-02-21/5"]
    assert ask({**NOBODY_SPECIAL, "origin": "13", "nights_away": 20}, 2, 26).measure == TWO_WEEKS


def test_what_may_still_ask_for_more_is_shown_beside_what_is_required() -> None:
    old = {**NOBODY_SPECIAL, "origin": "abroad", "nights_away": 366, "age": 75, "fit_for_home": True}
    decision = ask(old, 3, 20)
    assert decision.measure == TWO_WEEKS
    assert [reading.key for reading in decision.may_be_stricter] == ["beijing-2020-03-16/5"]


def test_leaving_home_observation_restarts_the_clock_from_16_april_and_not_before() -> None:
    left = {"refused_or_left": True}
    assert ask(left, 4, 16, "home-observation").measure == Measure(MeasureKind.CENTRAL, 14)
    assert ask(left, 2, 27, "home-observation").because == "no_rule_requires_it"


def test_patients_are_observed_until_16_may_frees_those_from_low_risk_areas() -> None:
    patient = {"purpose": "medical", "origin": "440100", "origin_risk": "low", "nights_away": 366}
    patient["high_incidence_14d"] = False
    assert ask(patient, 4, 1).measure == TWO_WEEKS
    assert ask(patient, 5, 16).answer is Answer.EXEMPT
    assert ask({**patient, "origin_risk": "high"}, 5, 16).answer is Answer.REQUIRED


def test_the_duty_to_report_and_the_streets_duty_to_support_stand_beside_the_answer() -> None:
    stated = {reading.key for reading in ask({**COMMUTER, "nights_away": 1}, 2, 23).stated}
    assert {"beijing-2020-02-10-arrivals/2", "beijing-2020-02-10-arrivals/3"} <= stated


def test_the_gate_takes_temperatures_until_20_july() -> None:
    def at_the_gate(on: tuple[int, int]) -> set[str]:
        return {reading.key for reading in ask({}, *on, subject="gates").stated}

    assert "beijing-2020-02-10-gates/3" in at_the_gate((7, 19))
    assert "beijing-2020-02-10-gates/3" not in at_the_gate((7, 20))
    assert "beijing-2020-02-10-gates/1" in at_the_gate((7, 20))


@pytest.mark.parametrize("facts", [GROWER, COMMUTER, {}])
def test_a_decision_is_plain_json_keeps_no_door_and_replays_byte_for_byte(facts: dict[str, object]) -> None:
    first = ask(facts, 2, 26).as_json()
    stored = json.dumps(first, sort_keys=True)
    assert DOOR not in stored and first["where"] == "110198001001"
    documents = [json.loads(json.dumps(edition.as_document())) for edition in reversed(POLICIES.editions)]
    editions = [parse_edition(document, POLICIES.vocabulary) for document in documents]
    known = POLICIES.vocabulary.facts(json.loads(stored)["facts"])
    again = decide(editions, known, date.fromisoformat(str(first["on"])), str(first["where"]))
    assert json.dumps(again.as_json(), sort_keys=True) == stored


def test_no_paraphrase_is_stored_as_a_quotation_without_having_been_read_so() -> None:
    assert all(clause.text_is == "paraphrase" for edition in POLICIES.editions for clause in edition.clauses)
    assert len(POLICIES.editions) == len(list(FOLDER.glob("*.toml"))) - 2


def test_arrival_on_26_february_and_14_days_end_on_11_march_and_release_is_due_at_midnight() -> None:
    due = datetime(2020, 3, 12, 0, 0, tzinfo=HERE)
    assert days(date(2020, 2, 26), 14) == Period(date(2020, 2, 26), date(2020, 3, 11), due)
    assert str(due.utcoffset()) == "8:00:00"


def test_a_term_may_end_on_the_morning_after() -> None:
    assert days(date(2020, 2, 26), 14, "32:00").release_due == datetime(2020, 3, 12, 8, 0, tzinfo=HERE)
    with pytest.raises(ValueError, match="25 o'clock"):
        days(date(2020, 2, 26), 14, "25 o'clock")


@pytest.mark.parametrize(
    ("key", "where", "value"),
    [
        ("observation.days", "32", "14"),
        ("fever.from", DOOR, "37.3"),
        ("checks.per_day", DOOR, "2"),
        ("report.within_days", DOOR, "0"),
    ],
)
def test_a_number_of_the_rules_is_looked_up_by_place_and_day(key: str, where: str, value: str) -> None:
    assert str(POLICIES.terms.term(key, date(2020, 2, 26), where).value) == value
