"""Notes: written once, at a door or for the community, never refused for being late."""

from datetime import timedelta

import pytest

from lianfang.ground.acts import reading
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import notes
from lianfang.rooms.notes import forms, queries
from tests import night
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, Cast

WORDS = "他说草莓等不了，今晚先听他把话说完。"


def test_the_stairwell_head_writes_at_a_door_of_her_building(street: str, cast: Cast) -> None:
    line = notes.write(DOOR, text=WORDS, how="door", by=cast.guo, at=STORY)
    assert line.where == DOOR
    with reading(cast.li):
        assert [note.text for note in queries.latest(HOME)] == [WORDS]


def test_a_note_joins_a_matter_it_can_see(street: str, cast: Cast) -> None:
    asked = night.asked(cast)
    line = notes.write(DOOR, text=WORDS, how="phone", matter=asked.matter, by=cast.li, at=STORY)
    assert line.matter == asked.matter
    with pytest.raises(Refused) as no:
        notes.write(DOOR, text=WORDS, how="phone", matter=new_id(), by=cast.li, at=STORY)
    assert no.value.code == 404


def test_a_note_does_not_join_a_matter_of_another_community(street: str, cast: Cast) -> None:
    asked = night.asked(cast)
    with pytest.raises(Refused) as no:
        notes.write(NEIGHBOUR, text=WORDS, how="desk", matter=asked.matter, by=cast.fang, at=STORY)
    assert no.value.code == 404


@pytest.mark.parametrize(
    ("where", "text", "how", "code"),
    [
        (DOOR, "   ", "door", 422),
        (DOOR, "字" * 2001, "door", 422),
        (DOOR, WORDS, "telegram", 422),
        (f"{HOME}.3.9.999.", WORDS, "door", 404),
        ("110198001", WORDS, "door", 404),
        (f"{NEIGHBOUR}.3.2.402.", WORDS, "door", 404),
    ],
)
def test_a_note_without_words_or_a_door_is_refused(
    street: str, cast: Cast, where: str, text: str, how: str, code: int
) -> None:
    with pytest.raises(Refused) as no:
        notes.write(where, text=text, how=how, by=cast.li, at=STORY)
    assert no.value.code == code


def test_the_stairwell_head_writes_nowhere_else(street: str, cast: Cast) -> None:
    with pytest.raises(Refused):
        notes.write(HOME, text=WORDS, how="door", by=cast.guo, at=STORY)


def test_a_note_may_be_entered_late_and_says_when_it_happened(street: str, cast: Cast, later: object) -> None:
    later(600)  # type: ignore[operator]
    line = notes.write(DOOR, text=WORDS, how="door", by=cast.liu, at=STORY)
    assert (line.at, line.written_at > STORY + timedelta(hours=9)) == (STORY, True)


def test_its_words_are_not_in_the_notebook(street: str, cast: Cast) -> None:
    line = notes.write(DOOR, text=WORDS, how="door", by=cast.liu, at=STORY)
    with reading(cast.li):
        written = Line.objects.get(id=line.id)
    assert WORDS not in f"{written.facts}{written.changes}"


def test_the_form_asks_for_words() -> None:
    assert set(forms.Write({"text": "", "how": "door"}).errors) == {"text"}
    assert forms.Write({"text": WORDS, "how": "door"}).is_valid()
