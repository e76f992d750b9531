"""Editions are published once, at their issuer's place; an assessment can be replayed."""

import copy
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import policies
from lianfang.rooms.people.roles import installer
from lianfang.rooms.policies import forms, queries
from lianfang.rooms.policies.models import Assessment, Edition
from lianfang.rules.editions import read_policies
from tests import night
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, STREET, Cast

FEBRUARY = date(2020, 2, 26)


def street_edition(**changes: Any) -> dict[str, Any]:
    """A rule of the street's own, as data."""
    known = read_policies(settings.LIANFANG_DATA / "policies")
    document = copy.deepcopy(
        next(one for one in known.editions if one.id == "beijing-2020-02-14").as_document()
    )
    return (
        document
        | {
            "id": "qinghe-2020-02-26",
            "issuer": "清和街道疫情防控组",
            "level": "street",
            "place": STREET,
            "subject": "arrivals",
            "number": "清和防〔2020〕1号",
            "effective_from": "2020-02-26",
            "supersedes": [],
        }
        | changes
    )


def test_every_reviewed_edition_is_in_the_notebook(street: str, cast: Cast) -> None:
    known = read_policies(settings.LIANFANG_DATA / "policies")
    with reading(cast.li):
        rows = {row.code: row for row in Edition.objects.all()}
        assert set(rows) == {one.id for one in known.editions}
        assert {queries.parsed(row) for row in rows.values()} == set(known.editions)
        assert Line.objects.filter(kind="edition.published").count() == 0, (
            "the street's own lines are elsewhere"
        )


def test_the_same_is_in_force_here_as_in_the_files(street: str, cast: Cast) -> None:
    with reading(cast.li):
        codes = [one.id for one in queries.in_force(DOOR, FEBRUARY)]
        later = [one.id for one in queries.in_force(HOME, date(2020, 4, 18))]
        published = [row.code for row in queries.published(HOME)]
    assert "beijing-2020-02-14" in codes and "beijing-2020-02-21" in codes
    assert "beijing-2020-04-18" not in codes and "beijing-2020-04-18" in later
    assert "jiangsu-2020-02-23-freight" not in codes + published


def test_terms_have_place_and_period(street: str, cast: Cast) -> None:
    with reading(cast.li):
        assert queries.term(HOME, "observation.days", FEBRUARY).value == 14
        assert str(queries.term(HOME, "fever.from", FEBRUARY).value) == "37.3"


def test_the_street_publishes_at_its_own_place_and_its_communities_read_it(street: str, cast: Cast) -> None:
    line = policies.publish(STREET, document=street_edition(), by=cast.chen, at=STORY)
    assert (line.where, line.rule) == (STREET, "qinghe-2020-02-26")
    for actor in (cast.li, cast.fang):
        with reading(actor):
            assert "qinghe-2020-02-26" in [one.id for one in queries.in_force(HOME, FEBRUARY)]
            found = queries.edition(HOME, "清和防〔2020〕1号")
            assert found and found.code == "qinghe-2020-02-26"


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": "11", "level": "city"},
        {"level": "galaxy"},
        {"effective_from": "soon"},
        {"clause": []},
        {"unknown": 1},
        {"supersedes": [{"edition": "nobody-knows", "whole": True}]},
        {"id": "beijing-2020-02-14"},
    ],
)
def test_a_bad_document_is_refused_with_its_reason(street: str, cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as no:
        policies.publish(STREET, document=street_edition(**wrong), by=cast.chen, at=STORY)
    assert no.value.code == 422 and no.value.message
    with reading(cast.chen):
        assert not Edition.objects.filter(where=STREET).exists()


def test_an_overlap_unsaid_is_refused(street: str, cast: Cast) -> None:
    policies.publish(STREET, document=street_edition(), by=cast.chen, at=STORY)
    second = street_edition(id="qinghe-2020-03-01", effective_from="2020-03-01")
    with translation.override("en"), pytest.raises(Refused, match="supersedes"):
        policies.publish(STREET, document=second, by=cast.chen, at=STORY)
    said = second | {"supersedes": [{"edition": "qinghe-2020-02-26", "whole": True}]}
    policies.publish(STREET, document=said, by=cast.chen, at=STORY)


def test_a_community_publishes_nothing_and_nobody_publishes_elsewhere(street: str, cast: Cast) -> None:
    for actor in (cast.li, cast.zhao, cast.qian):
        with pytest.raises(Refused) as no:
            policies.publish(STREET, document=street_edition(), by=actor, at=STORY)
        assert no.value.code == 403
    for where, document in ((HOME, street_edition()), ("110198002", street_edition(place="110198002"))):
        with pytest.raises(Refused) as no:
            policies.publish(where, document=document, by=cast.chen, at=STORY)
        assert no.value.code in (403, 422)


def test_a_term_is_set_once_for_its_days(street: str, cast: Cast) -> None:
    words = {"zh": "小时", "en": "hours"}
    document = {
        "key": "question.hours",
        "value": 2,
        "unit": words,
        "label": {"zh": "批复时限", "en": "Time for a ruling"},
        "place": STREET,
        "from": "2020-02-01",
        "source": "street",
        "grade": "A",
    }
    policies.set_term(STREET, document=document, by=cast.chen, at=STORY)
    with reading(cast.li):
        assert queries.term(HOME, "question.hours", FEBRUARY).value == 2
    for wrong in ({}, {"value": "many"}, {"from": "2020-02-15"}):
        with pytest.raises(Refused) as no:
            policies.set_term(STREET, document=document | wrong, by=cast.chen, at=STORY)
        assert no.value.code == 422


def test_an_assessment_keeps_the_whole_decision_and_replays_to_the_same(street: str, cast: Cast) -> None:
    made = night.assessed(cast)
    assert (made.answer, made.where, made.on, made.facts) == ("unclear", HOME, FEBRUARY, night.NING)
    assert "beijing-2020-02-21" in made.editions
    with reading(cast.li):
        line = Line.objects.get(id=made.id)
        assert queries.replay(made) == made.decision
        assert [one.id for one in queries.assessments(HOME, made.matter)] == [made.id]
    assert (line.where, line.facts, line.rule) == (DOOR, {"answer": "unclear"}, night.CLAUSE)


def test_the_day_is_the_day_in_beijing(street: str, cast: Cast, later: Any) -> None:
    after_midnight = later(150)
    assert after_midnight.astimezone(BEIJING) == datetime(2020, 2, 27, 0, 10, tzinfo=BEIJING)
    assert night.assessed(cast, after_midnight).on == date(2020, 2, 27)
    spring = night.assessed(cast, on=date(2020, 4, 18))
    assert (spring.answer, spring.on) == ("exempt", date(2020, 4, 18))


def test_a_later_edition_does_not_change_what_was_assessed(street: str, cast: Cast) -> None:
    made = night.assessed(cast)
    policies.publish(STREET, document=street_edition(), by=cast.chen, at=STORY)
    with reading(cast.li):
        assert Assessment.objects.get(id=made.id).decision == made.decision
        assert queries.replay(made)["considered"] != made.decision["considered"]


@pytest.mark.parametrize(
    ("where", "given", "code"),
    [
        (HOME, {"facts": {"weather": "fine"}}, 422),
        (HOME, {"facts": {"nights_away": -1}}, 422),
        (HOME, {"facts": {"nights_away": "two"}}, 422),
        (HOME, {"facts": {"origin": "大厂"}}, 422),
        (HOME, {"matter": new_id()}, 404),
        (STREET, {}, 422),
        (NEIGHBOUR, {}, 403),
    ],
)
def test_a_case_that_cannot_be_assessed_is_refused(
    street: str, cast: Cast, where: str, given: dict[str, Any], code: int
) -> None:
    with pytest.raises(Refused) as no:
        policies.assess(where, by=cast.li, at=STORY, **({"facts": night.NING} | given))
    assert no.value.code == code


def test_facts_are_not_in_the_notebook(street: str, cast: Cast) -> None:
    made = night.assessed(cast)
    with reading(cast.li):
        line = Line.objects.get(id=made.id)
    assert "131028" not in f"{line.facts}{line.changes}"


def test_the_form_asks_every_fact_and_each_may_stay_unknown(street: str) -> None:
    form = forms.Assess({"origin": "131028", "nights_away": "0", "symptom": "no", "arrived_on": "2020-02-26"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["facts"] == {
        "origin": "131028",
        "nights_away": 0,
        "symptom": False,
        "arrived_on": "2020-02-26",
    }
    assert {fact.key for fact in queries.vocabulary()} <= set(form.fields)
    wrong = {
        "nights_away": "-1",
        "purpose": "fun",
        "origin": "大厂",
        "symptom": "perhaps",
        "arrived_on": "soon",
    }
    assert set(forms.Assess(wrong).errors) == set(wrong)


def test_the_publishing_form_takes_json_only() -> None:
    assert set(forms.Publish({"document": "[1]"}).errors) == {"document"}
    assert set(forms.Publish({"document": "{"}).errors) == {"document"}
    form = forms.Publish({"document": '{"id": "x"}'})
    assert form.is_valid() and form.cleaned_data["document"] == {"id": "x"}


def test_the_operator_enters_texts_of_elsewhere_at_the_root(street: str, cast: Cast) -> None:
    document = street_edition(id="tianjin-2020-02-20", issuer="天津市", level="city", place="12")
    policies.publish("", document=document, by=installer(""), at=STORY)
    with reading(cast.li):
        assert "tianjin-2020-02-20" in {one.id for one in queries.readable()}
        assert "tianjin-2020-02-20" not in {one.id for one in queries.in_force(HOME, FEBRUARY)}
