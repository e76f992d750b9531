"""Words are found in the middle of a sentence, where they were written, and by nobody else."""

from datetime import timedelta

import pytest

from lianfang.ground.acts import reading
from lianfang.rooms import notes
from lianfang.rooms.notes import queries
from lianfang.rooms.people.roles import ROLES
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, Cast

SAID = {
    "visit": "听困难：草莓二百斤压在棚里，3月1日前卖不掉就要烂",
    "phone": "他问第十四天的体温还量不量，顺带说孩子上网课没有平板。",
    "handover": "凌晨三点十分交班：宁家暂不再打电话，李主任八点上门。",
}


@pytest.fixture
def written(street: str, cast: Cast) -> None:
    for how, text in SAID.items():
        notes.write(DOOR, text=text, how=how, by=cast.li, at=STORY)
    notes.write(NEIGHBOUR, text="草莓已在清和里卖了一半。", how="desk", by=cast.fang, at=STORY)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("草莓", ["visit"]),
        ("压在", ["visit"]),
        ("体温", ["phone"]),
        ("李主", ["handover"]),
        ("孩子 平板", ["phone"]),
        ("草莓 平板", []),
        ("3月1日", ["visit"]),
        ("", ["handover", "phone", "visit"]),
        ("%", []),
        ("_", []),
        ("莓草", []),
    ],
)
def test_two_characters_in_mid_sentence_are_found(
    written: None, cast: Cast, words: str, found: list[str]
) -> None:
    with reading(cast.wang):
        assert [one.how for one in queries.search(HOME, words)] == found


def test_what_was_promised_is_found_too_and_once(written: None, cast: Cast) -> None:
    due = STORY + timedelta(days=1)
    notes.write(
        DOOR, text="他答应等一等，销路再说。", how="visit", promise="帮他问三家超市的销路", promise_due=due, by=cast.li,
        at=STORY,
    )  # fmt: skip
    with reading(cast.wang):
        assert [one.text for one in queries.search(HOME, "超市")] == ["他答应等一等，销路再说。"]
        assert len(queries.search(HOME, "销路")) == 1


def test_the_neighbours_notes_are_theirs(written: None, cast: Cast) -> None:
    with reading(cast.fang):
        assert [one.text for one in queries.search(NEIGHBOUR, "草莓")] == ["草莓已在清和里卖了一半。"]
        assert queries.search(HOME, "草莓") == []
    with reading(cast.chen):
        assert len(queries.search("110198001", "草莓")) == 2


def test_pages_go_on_where_the_last_one_ended(written: None, cast: Cast) -> None:
    with reading(cast.wang):
        first = queries.search(HOME, "", limit=2)
        rest = queries.search(HOME, "", limit=2, before=first[-1].id)
    assert [one.how for one in [*first, *rest]] == ["handover", "phone", "visit"]


def test_who_wrote_is_said_with_his_role(written: None, cast: Cast) -> None:
    with reading(cast.wang):
        found = queries.search(HOME, "草莓")
        ((name, role),) = queries.writers([one.id for one in found]).values()
    assert (name, role) == ("李建华", ROLES["director"].label)


def test_a_shift_hands_over_in_a_note(written: None, cast: Cast) -> None:
    with reading(cast.wang):
        assert [one.text for one in queries.handed_over(HOME, STORY - timedelta(hours=1))] == [
            SAID["handover"]
        ]
        assert queries.handed_over(HOME, STORY + timedelta(hours=1)) == []
