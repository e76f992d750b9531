"""What a checkpoint's question does not allow. Nothing is changed, so one street serves all."""

import pytest
from django.utils import translation

from lianfang.ground.acts import reading
from lianfang.ground.refusals import Refused
from lianfang.rooms import gates
from lianfang.rooms.gates import forms
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.people.models import Resident
from tests import night
from tests.cast import DOOR, NEIGHBOUR, STORY, Cast


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"answer": "yes"}, 422),
        ({"answer": "no", "words": "他不在，可能在外地。"}, 422),
        ({"answer": "perhaps"}, 422),
        ({"answer": ""}, 422),
    ],
)
def test_an_answer_that_says_too_little_or_too_much_is_refused(
    one_street: str, cast: Cast, said: dict[str, str], code: int
) -> None:
    asked = night.asked(cast)
    with pytest.raises(Refused) as no:
        gates.answer(asked, by=cast.wang, at=STORY, **said)
    assert no.value.code == code
    assert night.get(Verification, asked.id, cast.wang).state == "asked"


def test_yes_adds_no_words_about_him(one_street: str, cast: Cast) -> None:
    with translation.override("en"), pytest.raises(Refused, match="only what was asked"):
        gates.answer(
            night.asked(cast),
            answer="yes",
            resident=night.ning(cast.wang),
            words="他最近身体不好",
            by=cast.wang,
            at=STORY,
        )


def test_somebody_of_the_neighbour_community_is_not_ours_to_confirm(one_street: str, cast: Cast) -> None:
    with reading(cast.fang):
        namesake = Resident.objects.get(where=f"{NEIGHBOUR}.3.2.402.")
    with pytest.raises(Refused) as no:
        gates.answer(night.asked(cast), answer="yes", resident=namesake, by=cast.wang, at=STORY)
    assert no.value.code == 404


@pytest.mark.parametrize("sign_in", ["sun", "guo", "chen", "zhou", "qian"])
def test_who_does_not_answer_for_the_community_is_refused(one_street: str, cast: Cast, sign_in: str) -> None:
    asked = night.asked(cast)
    with pytest.raises(Refused) as no:
        gates.answer(asked, answer="no", by=getattr(cast, sign_in), at=STORY)
    assert no.value.code == 403


def test_a_checkpoint_asks_a_community_not_a_door(one_street: str, cast: Cast) -> None:
    with pytest.raises(Refused) as no:
        gates.ask(DOOR, post="马坊进京检查站", asked_for="宁小松", by=cast.wang, at=STORY)
    assert no.value.code == 422


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"post": "检查站", "asked_for": "宁小松", "asks": "lives_here"}, set()),
        ({"post": "", "asked_for": "", "asks": "lives_here"}, {"post", "asked_for"}),
        ({"post": "检" * 61, "asked_for": "宁小松", "asks": "health"}, {"post", "asks"}),
        (
            {"post": "检查站", "asked_for": "宁", "asks": "status", "id_tail": "X123", "callback": "abc"},
            {"id_tail", "callback"},
        ),
    ],
)
def test_the_form_refuses_what_does_not_fit(said: dict[str, str], wrong: set[str]) -> None:
    assert set(forms.Ask(said).errors) == wrong
