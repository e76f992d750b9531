"""Orders and notices that do not fit. Nothing is changed, so one street serves all."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from lianfang.ground.acts import reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import Refused
from lianfang.rooms import orders
from lianfang.rooms.orders import forms
from lianfang.rooms.orders.models import Notice, Order
from tests import night
from tests.cast import STORY, Cast

SERVED: dict[str, Any] = {"how": "paper", "proof": "signed", "to_whom": "himself", "remedy_told": True}


@pytest.mark.parametrize("sign_in", ["wang", "li", "liu", "guo", "sun", "he", "chen", "zhou", "qian"])
def test_a_community_and_a_duty_officer_do_not_issue(one_street: str, cast: Cast, sign_in: str) -> None:
    question = night.ruled(cast)
    with pytest.raises(Refused) as no:
        orders.issue(
            night.ning(cast.zhao),
            by=getattr(cast, sign_in),
            at=STORY,
            **night.order_words(matter=question.matter, ruling=question.id),
        )
    assert no.value.code == 403


def test_even_a_director_with_the_right_is_refused_for_her_level(one_street: str, cast: Cast) -> None:
    from dataclasses import replace

    question = night.ruled(cast)
    mistaken = replace(cast.li, may=cast.zhao.may)
    with translation.override("en"), pytest.raises(Refused, match="does not decide"):
        orders.issue(
            night.ning(cast.li),
            by=mistaken,
            at=STORY,
            **night.order_words(matter=question.matter, ruling=question.id),
        )


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"ruling": None}, 422),
        ({"ruling": new_id()}, 422),
        ({"clause": "beijing-2020-02-21/4"}, 422),
        ({"clause": "beijing-2020-04-16/1"}, 422),
        ({"clause": night.CLAUSE, "days": 21}, 422),
        ({"reason": " "}, 422),
        ({"remedy": ""}, 422),
        ({"days": 0}, 422),
        ({"days": 365}, 422),
        ({"measure": "central_observation"}, 422),
        ({"measure": ""}, 422),
        ({"first_day": date(2019, 2, 26)}, 422),
        ({"matter": new_id()}, 404),
    ],
)
def test_an_order_without_basis_reason_or_end_is_refused(
    one_street: str, cast: Cast, wrong: dict[str, Any], code: int
) -> None:
    question = night.ruled(cast)
    said = night.order_words(matter=question.matter, ruling=question.id) | wrong
    with pytest.raises(Refused) as no:
        orders.issue(night.ning(cast.zhao), by=cast.zhao, at=STORY, **said)
    assert no.value.code == code
    with reading(cast.zhao):
        assert Order.objects.count() == 0


@pytest.fixture(scope="module")
def waiting(one_street: str) -> Notice:
    return night.issued(Cast())[1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"remedy_told": False},
        {"how": "phone", "proof": "signed"},
        {"how": "phone", "proof": "photo", "proof_words": "门上的照片"},
        {"proof": "photo"},
        {"proof": "witness", "proof_words": " "},
        {"how": "drone"},
        {"proof": ""},
        {"to_whom": "neighbour"},
    ],
)
def test_serving_without_proof_is_refused(waiting: Notice, cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as no:
        orders.serve(waiting, by=cast.liu, at=STORY, **(SERVED | wrong))
    assert no.value.code == 422
    assert night.get(Notice, waiting.id, cast.li).state == "waiting"


def test_an_order_is_not_longer_than_its_ruling(one_street: str, cast: Cast) -> None:
    question = night.ruled(cast, days=7)
    words = night.order_words(matter=question.matter, ruling=question.id)
    with translation.override("zh-hans"), pytest.raises(Refused) as no:
        orders.issue(night.ning(cast.zhao), by=cast.zhao, at=STORY, **words)
    assert no.value.code == 422 and no.value.params == {"most": 7}


def test_his_refusal_needs_his_own_words(waiting: Notice, cast: Cast) -> None:
    with pytest.raises(Refused) as no:
        orders.refuse_notice(waiting, words=" ", by=cast.liu, at=STORY)
    assert no.value.code == 422


@pytest.mark.parametrize(
    ("sign_in", "code"), [("guo", 403), ("sun", 403), ("zhao", 403), ("he", 403), ("fang", 404)]
)
def test_who_does_not_serve_is_refused(waiting: Notice, cast: Cast, sign_in: str, code: int) -> None:
    with pytest.raises(Refused) as no:
        orders.serve(waiting, by=getattr(cast, sign_in), at=STORY, **SERVED)
    assert no.value.code == code


def test_the_forms_ask_for_what_the_acts_insist_on() -> None:
    assert set(forms.Issue({}).errors) == {"measure", "days", "first_day", "reason", "remedy"}
    assert set(forms.Serve({"how": "paper", "to_whom": "himself", "proof": "photo"}).errors) == {
        "proof_words",
        "remedy_told",
    }
    assert set(forms.RefuseNotice({"words": ""}).errors) == {"words"}
