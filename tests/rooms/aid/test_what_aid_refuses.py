"""What does not fit a need or a pledge, and whose deed it is not. Nothing is changed, so one street serves all."""

from decimal import Decimal
from typing import Any

import pytest

from lianfang.ground.acts import reading
from lianfang.ground.refusals import Refused
from lianfang.rooms import aid
from lianfang.rooms.aid import forms
from lianfang.rooms.aid.models import Need, Pledge
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, STREET, Cast

from . import helping

MUCH = [Decimal(0), Decimal(-1), Decimal("0.001"), Decimal(1_000_001)]


@pytest.fixture(scope="module")
def need(one_street: str) -> Need:
    return helping.confirmed(Cast())


@pytest.fixture(scope="module")
def waiting(one_street: str) -> Need:
    return helping.proposed(Cast())


@pytest.fixture(scope="module")
def given(one_street: str, need: Need) -> Pledge:
    return helping.pledged(Cast(), need, 50)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": "gold"}, 422),
        ({"kind": ""}, 422),
        ({"unit": "acre"}, 422),
        ({"item": "莓" * 41}, 422),
        ({"words": "字" * 2001}, 422),
        *[({"quantity": one}, 422) for one in MUCH],
    ],
)
def test_a_proposal_that_does_not_fit_is_refused(
    one_street: str, cast: Cast, wrong: dict[str, Any], code: int
) -> None:
    with reading(cast.li):
        before = Need.objects.count()
    with pytest.raises(Refused) as no:
        helping.proposed(cast, **wrong)
    assert no.value.code == code
    with reading(cast.li):
        assert Need.objects.count() == before


@pytest.mark.parametrize("where", ["110198001001.9.9.999.", STREET, "nowhere", f"{NEIGHBOUR}.3.2.402."])
def test_there_is_no_such_door(one_street: str, cast: Cast, where: str) -> None:
    for deed in (
        lambda: aid.propose(where, kind="food", by=cast.li, at=STORY),
        lambda: aid.ask(where, ticked=["food"], by=cast.li, at=STORY),
    ):
        with pytest.raises(Refused) as no:
            deed()
        assert no.value.code in (404, 403)


def test_a_community_may_need_something_but_is_not_interviewed(one_street: str, cast: Cast) -> None:
    assert (
        aid.propose(HOME, kind="care", words="三号楼电梯停了，老人下不来。", by=cast.li, at=STORY).where
        == HOME
    )
    with pytest.raises(Refused):
        aid.ask(HOME, ticked=["food"], by=cast.li, at=STORY)


@pytest.mark.parametrize("ticked", [["sell"], ["food", "gold"], [""]])
def test_what_is_not_on_the_list_is_not_ticked(one_street: str, cast: Cast, ticked: list[str]) -> None:
    with pytest.raises(Refused) as no:
        aid.ask(DOOR, ticked=ticked, by=cast.li, at=STORY)
    assert no.value.code == 422


@pytest.mark.parametrize(
    "wrong", [{"kind": "gold"}, {"unit": "acre"}, {"price": Decimal(0)}, {"price": Decimal(-3)},
              {"price": Decimal(2_000_000)}, *[{"quantity": one} for one in MUCH]]
)  # fmt: skip
def test_a_need_that_does_not_fit_is_not_confirmed(
    one_street: str, cast: Cast, waiting: Need, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as no:
        aid.confirm(waiting, by=cast.li, at=STORY, **helping.confirm_words(cast, **wrong))
    assert no.value.code == 422


def test_a_proposal_takes_no_pledge_and_is_not_met(one_street: str, cast: Cast, waiting: Need) -> None:
    for deed in (
        lambda: helping.pledged(cast, waiting, 1),
        lambda: aid.meet(waiting, words="好了", by=cast.li, at=STORY),
    ):
        with pytest.raises(Refused) as no:
            deed()
        assert no.value.code == 409


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"who": "ghost"}, 422),
        ({"name": "  "}, 422),
        ({"name": "字" * 61}, 422),
        ({"by_phone": "\0"}, 422),
        *[({"much": one}, 422) for one in (0, -1, "0.001", 1_000_001)],
        ({"much": 201}, 409),
    ],
)
def test_a_pledge_that_does_not_fit_is_refused(
    one_street: str, cast: Cast, need: Need, wrong: dict[str, Any], code: int
) -> None:
    with pytest.raises(Refused) as no:
        helping.pledged(cast, need, **({"much": 1} | wrong))
    assert no.value.code == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, 422),
        ({"quantity": Decimal("0.001")}, 422),
        ({"quantity": Decimal(-1)}, 422),
        ({"quantity": Decimal(1), "yuan": Decimal(-1)}, 422),
        ({"yuan": Decimal("0.001")}, 422),
        ({"yuan": Decimal(2_000_000)}, 422),
        ({"quantity": Decimal(51)}, 409),
        ({"yuan": Decimal(751)}, 409),
    ],
)
def test_a_delivery_that_does_not_fit_is_refused(
    one_street: str, cast: Cast, given: Pledge, said: dict[str, Decimal], code: int
) -> None:
    with pytest.raises(Refused) as no:
        aid.deliver(given, by=cast.wang, at=STORY, **said)
    assert no.value.code == code


def test_a_withdrawal_says_why(one_street: str, cast: Cast, given: Pledge) -> None:
    with pytest.raises(Refused) as no:
        aid.withdraw(given, why=" ", by=cast.wang, at=STORY)
    assert no.value.code == 422


@pytest.mark.parametrize("sign_in", ["guo", "sun", "he", "chen", "zhao", "zhou", "qian"])
def test_who_does_not_see_to_needs_confirms_none(
    one_street: str, cast: Cast, waiting: Need, sign_in: str
) -> None:
    with pytest.raises(Refused) as no:
        aid.confirm(waiting, by=getattr(cast, sign_in), at=STORY, **helping.confirm_words(cast))
    assert no.value.code == 403


@pytest.mark.parametrize("sign_in", ["zhou", "qian"])
def test_who_sees_no_names_takes_nobodys_word(one_street: str, cast: Cast, need: Need, sign_in: str) -> None:
    with pytest.raises(Refused) as no:
        helping.pledged(cast, need, 1, by=getattr(cast, sign_in))
    assert no.value.code == 403


def test_the_forms_ask_for_what_is_missing() -> None:
    assert set(forms.Drop({}).errors) == set(forms.Withdraw({}).errors) == {"why"}
    assert set(forms.Meet({}).errors) == {"words"}
    assert set(forms.Pledge({}).errors) == {"by_kind", "by_name", "quantity"}
    assert set(forms.Deliver({"quantity": "0", "yuan": ""}).errors) == {"quantity"}
    assert set(forms.Deliver({"quantity": "NaN", "yuan": "1e9"}).errors) == {"quantity", "yuan"}
    assert forms.Deliver({"yuan": "15"}).is_valid() and forms.Ask({}).is_valid()
    assert set(forms.Confirm({"kind": "sell", "unit": "jin", "due": "2020-03-01T12:00"}).errors) == {
        "quantity"
    }
    assert forms.Confirm({"kind": "rubbish", "unit": "task", "due": "2020-03-01T12:00"}).is_valid()
    assert set(forms.Propose({"kind": "gold", "unit": "jin"}).errors) == {"kind"}
