"""What does not fit a ticket, and whose it is not. Nothing is changed, so one street serves all."""

from typing import Any

import pytest
from django.utils import translation

from lianfang.ground.acts import reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import Refused
from lianfang.rooms import tickets
from lianfang.rooms.tickets import forms, rules
from lianfang.rooms.tickets.models import Ticket
from tests.cast import NEIGHBOUR, STORY, STREET, Cast

from . import complaint


@pytest.fixture(scope="module")
def waiting(one_street: str) -> Ticket:
    return complaint.lodged(Cast())


@pytest.fixture(scope="module")
def given_answer(one_street: str) -> Ticket:
    return complaint.answered(Cast(), outside_no="")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"channel": "drone"}, 422),
        ({"channel": ""}, 422),
        ({"type": "grudge"}, 422),
        ({"category": ""}, 422),
        ({"level": "never"}, 422),
        ({"words": " "}, 422),
        ({"words": "字" * 2001}, 422),
        ({"outside_no": "1" * 41}, 422),
        ({"caller_name": "\0"}, 422),
        ({"door": "110198001001.9.9.999."}, 404),
        ({"door": "110198002001"}, 404),
        ({"door": STREET}, 404),
        ({"door": "somewhere"}, 404),
        ({"matter": new_id()}, 404),
    ],
)
def test_a_call_that_does_not_fit_is_refused(
    one_street: str, cast: Cast, wrong: dict[str, Any], code: int
) -> None:
    with reading(cast.chen):
        before = Ticket.objects.count()
    with pytest.raises(Refused) as no:
        complaint.lodged(cast, **({"outside_no": ""} | wrong))
    assert no.value.code == code
    with reading(cast.chen):
        assert Ticket.objects.count() == before


@pytest.mark.parametrize("sign_in", ["wang", "li", "liu", "guo", "sun", "he", "zhao", "zhou", "qian"])
def test_only_the_street_desk_lodges_accepts_answers_calls_back_and_closes(
    waiting: Ticket, given_answer: Ticket, cast: Cast, sign_in: str
) -> None:
    by = getattr(cast, sign_in)
    said: dict[str, Any] = {"channel": "door", "type": "help", "category": "other", "words": "帮帮我"}
    for deed in (
        lambda: tickets.lodge(by.where, by=by, at=STORY, **said),
        lambda: tickets.accept(waiting, by=by, at=STORY),
        lambda: tickets.answer(waiting, words="答", by=by, at=STORY),
        lambda: tickets.call_back(given_answer, reached=False, by=by, at=STORY),
        lambda: tickets.close(given_answer, by=by, at=STORY),
        lambda: tickets.reopen(given_answer, why="再开", by=by, at=STORY),
        lambda: tickets.lapse(waiting, by=by, at=STORY),
    ):
        with pytest.raises(Refused) as no:
            deed()
        assert no.value.code in (403, 404)


def test_even_with_the_right_a_helper_does_not_act_for_the_owner(waiting: Ticket, cast: Cast) -> None:
    from dataclasses import replace

    mistaken = replace(cast.li, may=cast.chen.may)
    for deed in (tickets.accept, tickets.close):
        with translation.override("en"), pytest.raises(Refused, match="owns this ticket"):
            deed(waiting, by=mistaken, at=STORY)


@pytest.mark.parametrize(
    ("sign_in", "code"),
    [("liu", 403), ("sun", 403), ("guo", 403), ("zhou", 403), ("qian", 403), ("fang", 404)],
)
def test_who_does_not_log_calls_is_refused(waiting: Ticket, cast: Cast, sign_in: str, code: int) -> None:
    by = getattr(cast, sign_in)
    for deed in (tickets.log_call, tickets.speak):
        with pytest.raises(Refused) as no:
            deed(waiting, channel="phone", words="喂", by=by, at=STORY)
        assert no.value.code == code


@pytest.mark.parametrize(
    ("sign_in", "reason", "code"),
    [("zhao", "contact", 403), ("liu", "contact", 403), ("zhou", "contact", 403), ("wang", "curious", 422)],
)
def test_who_has_no_reason_does_not_read_the_callers_number(
    waiting: Ticket, cast: Cast, sign_in: str, reason: str, code: int
) -> None:
    with pytest.raises(Refused) as no:
        tickets.reveal_caller(waiting, reason=reason, by=getattr(cast, sign_in), at=STORY)
    assert no.value.code == code


def test_a_number_that_was_not_given_is_not_there(one_street: str, cast: Cast) -> None:
    one = complaint.lodged(cast, outside_no="", caller_phone="")
    with pytest.raises(Refused) as no:
        tickets.reveal_caller(one, reason="contact", by=cast.chen, at=STORY)
    assert no.value.code == 404
    line = tickets.reveal_caller(waiting_one(cast), reason="contact", by=cast.wang, at=STORY)
    assert line.facts == {"number": line.facts["number"], "reason": "contact"}


def waiting_one(cast: Cast) -> Ticket:
    """A ticket with a caller's number."""
    return complaint.lodged(cast, outside_no="")


@pytest.mark.parametrize("deed", [tickets.log_call, tickets.speak])
@pytest.mark.parametrize("wrong", [{"channel": "drone"}, {"words": " "}, {"words": "字" * 2001}])
def test_a_contact_without_words_or_channel_is_refused(
    waiting: Ticket, cast: Cast, deed: Any, wrong: dict[str, str]
) -> None:
    with pytest.raises(Refused) as no:
        deed(waiting, by=cast.wang, at=STORY, **({"channel": "phone", "words": "喂"} | wrong))
    assert no.value.code == 422


def test_what_is_not_its_turn_is_refused(waiting: Ticket, given_answer: Ticket, cast: Cast) -> None:
    early: list[tuple[Any, str]] = [
        (lambda: tickets.answer(waiting, words="答", by=cast.chen, at=STORY), "Accept the ticket first"),
        (lambda: tickets.call_back(waiting, reached=False, by=cast.pan, at=STORY), "no answer yet"),
        (lambda: tickets.close(waiting, by=cast.chen, at=STORY), "before you close"),
        (lambda: tickets.reopen(waiting, why="开", by=cast.chen, at=STORY), "is open"),
        (lambda: tickets.accept(given_answer, by=cast.pan, at=STORY), "陈立 already took this"),
        (lambda: tickets.reopen(given_answer, why=" ", by=cast.chen, at=STORY), "why you open"),
    ]
    for deed, words in early:
        with translation.override("en"), pytest.raises(Refused, match=words):
            deed()


@pytest.mark.parametrize(
    "said",
    [
        {"reached": True},
        {"reached": True, "heard": True, "solved": True},
        {"reached": False, "satisfied": True},
    ],
)
def test_a_call_back_has_three_answers_or_none(
    given_answer: Ticket, cast: Cast, said: dict[str, bool]
) -> None:
    with pytest.raises(Refused) as no:
        tickets.call_back(given_answer, by=cast.pan, at=STORY, **said)
    assert no.value.code == 422


def test_an_answer_has_words(one_street: str, cast: Cast) -> None:
    one = complaint.accepted(cast, outside_no="", door=NEIGHBOUR)
    with pytest.raises(Refused) as no:
        tickets.answer(one, words=" ", by=cast.chen, at=STORY)
    assert no.value.code == 422


def test_the_forms_ask_for_what_the_acts_insist_on() -> None:
    assert set(forms.Lodge({}).errors) == {"channel", "type", "category", "words"}
    assert set(forms.LogCall({}).errors) == set(forms.Speak({}).errors) == {"channel", "words"}
    assert set(forms.Answer({}).errors) == {"words"}
    assert set(forms.Reopen({}).errors) == {"why"}
    assert not forms.Close({}).errors
    assert set(forms.CallBack({}).errors) == {"reached"}
    assert set(forms.CallBack({"reached": "yes", "heard": "no"}).errors) == {"solved", "satisfied"}
    assert set(forms.CallBack({"reached": "no", "heard": "no"}).errors) == {"heard"}
    said = forms.CallBack({"reached": "yes", "heard": "yes", "solved": "no", "satisfied": "no"})
    assert said.is_valid() and (said.cleaned_data["reached"], said.cleaned_data["solved"]) == (True, False)
    assert forms.CallBack({"reached": False}).is_valid()


@pytest.mark.parametrize(
    ("phone", "figures"),
    [("199 0000-0402", "19900000402"), ("+86 199 0000 0402", "19900000402"), ("", ""), ("12345", "12345")],
)
def test_a_phone_is_known_by_its_figures(phone: str, figures: str) -> None:
    assert rules.figures(phone) == figures
