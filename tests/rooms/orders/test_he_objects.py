"""He objects in his own words and somebody who did not decide answers; he signs if he likes. The measure continues."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from lianfang.ground.acts import reading
from lianfang.ground.refusals import Refused
from lianfang.rooms import orders
from lianfang.rooms.orders import queries
from lianfang.rooms.orders.models import Notice, Objection, Order, Undertaking
from tests import night
from tests.at_once import at_once
from tests.cast import HOME, Cast

from . import observed

WORDS = "当天去当天回，也算返京？我要讨个说法。"
ANSWER = "每周往返没有豁免；两周内有变化，再为他复核。"


def said(cast: Cast, at: datetime, **given: Any) -> dict[str, Any]:
    return {
        "words": WORDS,
        "answer_by": cast.worker("pan"),
        "answer_due": at + timedelta(hours=20),
        "remedy_told": True,
        "at": at,
    } | given


def objected(cast: Cast, **given: Any) -> tuple[Order, Objection]:
    order = observed.told(cast)
    line = orders.object_to(order, by=cast.liu, **said(cast, observed.REFUSED, **given))
    return order, night.get(Objection, line.id, cast.pan)


def test_his_words_stand_with_who_answers_and_by_when_and_the_order_runs_on(street: str, cast: Cast) -> None:
    order, objection = objected(cast)
    assert (objection.words, objection.answer_by_name, objection.state) == (WORDS, "潘雨", "open")
    assert objection.answer_due == observed.REFUSED + timedelta(hours=20)
    with reading(cast.wang):
        assert [one.id for one in queries.active(HOME, order.first_day)] == [order.id]
        assert WORDS not in str(night.Line.objects.get(id=objection.id).facts)


@pytest.mark.parametrize("sign_in", ["zhao", "chen"])
def test_neither_who_issued_nor_who_ruled_is_named_to_answer_or_answers(
    street: str, cast: Cast, sign_in: str
) -> None:
    order = observed.told(cast)
    with translation.override("en"), pytest.raises(Refused, match="name another person"):
        orders.object_to(order, by=cast.liu, **said(cast, observed.REFUSED, answer_by=cast.worker(sign_in)))
    line = orders.object_to(order, by=cast.liu, **said(cast, observed.REFUSED))
    decided = getattr(cast, sign_in)
    with pytest.raises(Refused) as no:
        orders.answer_objection(
            night.get(Objection, line.id, decided),
            outcome="stands",
            answer=ANSWER,
            by=decided,
            at=observed.REFUSED,
        )
    assert no.value.code == 403


def test_the_answer_is_given_by_another_and_only_once(street: str, cast: Cast) -> None:
    order, objection = objected(cast)
    at = observed.REFUSED + timedelta(hours=2)
    from lianfang.ground import clock

    clock.move_to(at)
    line = orders.answer_objection(objection, outcome="stands", answer=ANSWER, by=cast.pan, at=at)
    assert line.facts == {"number": "清和街居观〔2020〕1号", "outcome": "stands", "in_time": True}
    with translation.override("en"), pytest.raises(Refused, match="already answered"):
        orders.answer_objection(objection, outcome="freed", answer=ANSWER, by=cast.pan, at=at)
    assert night.get(Order, order.id, cast.zhao).free_by is None


def test_an_answer_that_frees_him_lists_him_for_release(street: str, cast: Cast) -> None:
    order, objection = objected(cast)
    orders.answer_objection(objection, outcome="freed", answer=ANSWER, by=cast.pan, at=observed.REFUSED)
    assert night.get(Order, order.id, cast.zhao).free_by == observed.REFUSED + timedelta(hours=1)
    with reading(cast.wang):
        assert queries.active(HOME, order.first_day)  # until he is released
    observed.verified(order, cast, why_missed="")
    observed.released(order, cast.zhao)
    with reading(cast.wang):
        assert not queries.active(HOME, order.first_day)


def test_a_community_does_not_answer(street: str, cast: Cast) -> None:
    _order, objection = objected(cast)
    for who in (cast.li, cast.wang, cast.liu):
        with pytest.raises(Refused) as no:
            orders.answer_objection(objection, outcome="stands", answer=ANSWER, by=who, at=observed.REFUSED)
        assert no.value.code == 403


def test_two_objections_at_once_are_one_and_the_second_hears_of_the_first(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    outcomes = at_once(
        *(
            lambda who=who: orders.object_to(order, by=who, **said(cast, observed.REFUSED))
            for who in (cast.liu, cast.wang)
        )
    )
    assert "%(who)s" not in night.one_done_one_refused(outcomes).message
    with reading(cast.li):
        assert Objection.objects.count() == 1


def test_who_was_never_told_does_not_object_nor_sign(street: str, cast: Cast) -> None:
    order, _notice = night.issued(cast)
    for deed in (
        lambda: orders.object_to(order, by=cast.liu, **said(cast, night.STORY)),
        lambda: orders.undertake(order, how="paper", freely=True, by=cast.liu, at=night.STORY),
    ):
        with translation.override("en"), pytest.raises(Refused, match="tell him first"):
            deed()


def test_he_signs_of_his_own_will_and_only_once(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    at = observed.on(2, 27, 8, 40)
    with translation.override("en"), pytest.raises(Refused, match="Nobody has to sign"):
        orders.undertake(order, how="paper", by=cast.li, at=at)
    orders.undertake(order, how="paper", freely=True, words="草莓的事请帮忙", by=cast.li, at=at)
    assert night.get(Order, order.id, cast.li).state == "undertaken"
    with translation.override("en"), pytest.raises(Refused, match="He has signed"):
        orders.undertake(order, how="screen", freely=True, by=cast.wang, at=at)
    with reading(cast.li):
        assert Undertaking.objects.get().words == "草莓的事请帮忙"


def test_a_notice_served_after_he_signed_does_not_undo_his_signature(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    at = observed.on(2, 27, 8, 40)
    orders.undertake(order, how="screen", freely=True, by=cast.li, at=at)
    with reading(cast.li):
        notice = Notice.objects.get(order=order)
    orders.serve(notice, how="paper", proof="signed", to_whom="himself", remedy_told=True, by=cast.li, at=at)
    assert night.get(Order, order.id, cast.li).state == "undertaken"


def test_a_signature_that_is_none_is_refused(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    for how in ("", "thumb"):
        with pytest.raises(Refused) as no:
            orders.undertake(order, how=how, freely=True, by=cast.li, at=observed.REFUSED)
        assert no.value.code == 422
    assert isinstance(order.id, UUID)
