"""Questions and rulings that do not fit. Nothing is changed, so one street serves all."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from lianfang.ground.refusals import Refused
from lianfang.rooms import rulings
from lianfang.rooms.rulings import forms
from lianfang.rooms.rulings.models import Question
from tests import night
from tests.cast import HOME, STORY, Cast

RULED = {"answer": "required", "ground": "discretion", "days": 14, "reason": "条文没有写到。"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": " "},
        {"interim": ""},
        {"due": STORY - timedelta(minutes=1)},
        {"view": "required", "view_days": None},
        {"view": "exempt", "view_days": 14},
        {"view": "maybe"},
        {"view_days": 0},
        {"view_days": 400},
        {"asked_of": "110198002"},
        {"asked_of": HOME},
        {"question": "字" * 601},
    ],
)
def test_a_question_that_does_not_fit_is_refused(one_street: str, cast: Cast, wrong: dict[str, Any]) -> None:
    assessment = night.assessed(cast)
    with pytest.raises(Refused) as no:
        night.asked_up(cast, assessment=assessment, **wrong)
    assert no.value.code == 422


@pytest.mark.parametrize("sign_in", ["wang", "li", "liu", "guo", "sun", "he", "zhou", "qian"])
def test_a_community_does_not_rule(one_street: str, cast: Cast, sign_in: str) -> None:
    question = night.asked_up(cast)
    with pytest.raises(Refused) as no:
        rulings.rule(question, by=getattr(cast, sign_in), at=STORY, **RULED)
    assert no.value.code == 403


def test_who_asked_does_not_rule(one_street: str, cast: Cast) -> None:
    question = night.asked_up(cast)
    promoted = replace(cast.chen, id=cast.li.id)
    with translation.override("en"), pytest.raises(Refused, match="does not rule"):
        rulings.rule(question, by=promoted, at=STORY, **RULED)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ground": "discretion", "reason": " "},
        {"ground": "clause", "clause": ""},
        {"ground": "clause", "clause": "beijing-2020-04-18/1"},
        {"ground": "clause", "clause": "beijing-2020-02-14/99"},
        {"ground": "discretion", "clause": night.CLAUSE},
        {"ground": "rumour"},
        {"answer": "required", "days": None},
        {"answer": "exempt", "days": 3},
        {"answer": "perhaps"},
    ],
)
def test_a_ruling_without_ground_is_refused(one_street: str, cast: Cast, wrong: dict[str, Any]) -> None:
    question = night.asked_up(cast)
    with pytest.raises(Refused) as no:
        rulings.rule(question, by=cast.chen, at=STORY, **(RULED | wrong))
    assert no.value.code == 422
    assert night.get(Question, question.id, cast.chen).state == "asked"


def test_the_forms_ask_for_what_the_acts_insist_on() -> None:
    assert set(forms.AskUp({}).errors) == {"question", "view", "interim", "due"}
    assert set(forms.Rule({"answer": "required", "ground": "clause"}).errors) == {"days", "clause"}
    assert set(forms.Rule({"answer": "exempt", "ground": "discretion", "days": 3}).errors) == {"reason"}
    form = forms.Rule({"answer": "exempt", "ground": "discretion", "days": 3, "reason": "x", "clause": "y"})
    assert form.is_valid() and (form.cleaned_data["days"], form.cleaned_data["clause"]) == (None, "")
