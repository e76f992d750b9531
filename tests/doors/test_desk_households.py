"""A household's page: who lives there, what binds them, what happened; a note; a masked field read for a reason."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from lianfang.ground.acts import reading
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.rooms.notes.models import Note
from lianfang.rooms.people.models import Resident
from tests import night
from tests.cast import DOOR, HOME, NEIGHBOUR, Cast, id_number

from .visiting import sign_in, text_of

PHONE = "19900000402"


@pytest.fixture
def wang(street: str) -> Client:
    return sign_in("wang")


def lines(cast: Cast, kind: str) -> list[Line]:
    with reading(cast.wang):
        return list(Line.objects.filter(kind=kind))


def write(visitor: Client, ref: str = "3-2-402", **said: Any) -> Any:
    return visitor.post(f"/h/{ref}/note", {"text": "草莓卖不掉", "how": "door", "key": str(new_id())} | said)


def show(visitor: Client, cast: Cast, **said: Any) -> Any:
    given = {"home": "3-2-402", "field": "phone", "reason": "contact"} | said
    return visitor.post(f"/reveal/{given.pop('id', None) or night.ning(cast.li).id}", given)


def test_one_page_tells_who_lives_there_and_what_binds_him(wang: Client, cast: Cast) -> None:
    night.issued(cast)
    page = text_of(wang.get("/h/3-2-402"))
    for words in (
        "宁小松",
        "曾兰",
        "宁晓禾",
        "第 0/14 天",
        "3月11日",
        "可以向区政府申请行政复议",
        "建西里社区",
    ):
        assert words in page
    assert "199****0402" in page and PHONE not in page
    assert id_number("110101", night.get(Resident, night.ning(cast.li).id, cast.li).born, "male") not in page  # type: ignore[arg-type]
    assert page.index("宁小松") < page.index("曾兰")


def test_the_same_door_of_the_neighbours_is_not_there(wang: Client, cast: Cast) -> None:
    assert wang.get(f"/h/{NEIGHBOUR}-3-2-402").status_code == 404
    assert wang.get(f"/h/{HOME}-3-2-402").status_code == 200
    assert sign_in("fang").get(f"/h/{HOME}-3-2-402").status_code == 404


def test_readers_of_a_street_name_the_community(street: str, cast: Cast) -> None:
    chen = sign_in("chen")
    assert chen.get("/h/3-2-402").status_code == 404
    page = text_of(chen.get(f"/h/{HOME}-3-2-402"))
    assert "宁小松" in page and f"/h/{HOME}-3-2-402/note" in page
    found = text_of(chen.get("/search?q=nxs"))
    assert (
        f"/h/{HOME}-3-2-402" in found and f"/h/{NEIGHBOUR}-3-2-402" in found and "清和里社区 3-2-402" in found
    )


def test_a_note_is_written_once_however_often_it_is_sent(wang: Client, cast: Cast) -> None:
    key = str(new_id())
    for _time in range(3):
        assert write(wang, key=key).headers["Location"] == "/h/3-2-402"
    page = text_of(wang.get("/h/3-2-402"))
    assert page.count("草莓卖不掉") == 2  # among the notes, and on the time line
    with reading(cast.wang):
        assert [(one.where, one.text) for one in Note.objects.all()] == [(DOOR, "草莓卖不掉")]
    assert len(lines(cast, "note.written")) == 1


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"text": ""}, ""),
        ({"text": "   "}, ""),
        ({"text": "话" * 2001}, "话" * 2001),
        ({"how": "dream"}, "草莓卖不掉"),
        ({"text": "零\0字节"}, "字节"),
    ],
)
def test_a_note_refused_comes_back_with_what_was_typed(
    wang: Client, cast: Cast, said: dict[str, str], kept: str
) -> None:
    key = str(new_id())
    answer = write(wang, key=key, **said)
    assert answer.status_code == 422
    page = text_of(answer)
    assert kept in page and 'role="alert"' in page and f'value="{key}"' in page
    assert lines(cast, "note.written") == []


def test_a_key_used_for_something_else_is_refused_and_nothing_typed_is_lost(wang: Client, cast: Cast) -> None:
    key = str(new_id())
    write(wang, key=key)
    answer = write(wang, key=key, text="另外一句")
    assert answer.status_code == 409
    assert "另外一句" in text_of(answer)
    assert len(lines(cast, "note.written")) == 1


@pytest.mark.parametrize("key", ["x", "0", "\0", "'"])
def test_a_key_that_is_none_is_refused(wang: Client, key: str) -> None:
    assert write(wang, key=key).status_code == 404


@pytest.mark.parametrize("ref", [f"{NEIGHBOUR}-3-2-402", "9-9-999", "x", "3-2"])
def test_a_note_about_a_door_that_is_not_his_is_refused_as_if_it_were_not_there(
    wang: Client, cast: Cast, ref: str
) -> None:
    assert write(wang, ref).status_code == 404
    assert write(wang, ref, where=DOOR).status_code == 404
    assert lines(cast, "note.written") == []


def test_what_the_address_says_counts_and_not_a_place_sent_along(wang: Client, cast: Cast) -> None:
    write(wang, where=f"{HOME}.3.2.403.", matter="")
    assert [one.where for one in lines(cast, "note.written")] == [DOOR]
    assert write(wang, matter="nonsense").status_code == 404


def test_a_masked_field_is_shown_once_for_a_reason_and_leaves_a_line(wang: Client, cast: Cast) -> None:
    answer = show(wang, cast)
    assert answer.status_code == 200
    page = text_of(answer)
    assert page.count(PHONE) == 2  # the words and the link that dials
    assert "现在要联系本人" in page
    assert answer.headers["Cache-Control"] == "private, no-store"
    told = lines(cast, "resident.revealed")
    assert [(one.facts, one.by) for one in told] == [({"field": "phone", "reason": "contact"}, cast.wang.id)]
    assert PHONE not in text_of(wang.get("/h/3-2-402"))
    assert PHONE not in str(answer.cookies) + str(dict(wang.session))
    assert all(PHONE not in str(one.get_decoded()) for one in Session.objects.all())


def test_to_see_it_again_is_to_read_it_again(wang: Client, cast: Cast) -> None:
    show(wang, cast)
    show(wang, cast)
    assert len(lines(cast, "resident.revealed")) == 2


def test_an_id_number_is_shown_alone(wang: Client, cast: Cast) -> None:
    page = text_of(show(wang, cast, field="id_number", reason="verify"))
    assert re.search(r"110101198105170\d\d[\dX]", page) and PHONE not in page


@pytest.mark.parametrize(
    "said",
    [
        {"reason": ""},
        {"reason": "curious"},
        {"field": ""},
        {"field": "name"},
        {"field": "keys"},
        {"field": "__class__"},
    ],
)
def test_without_a_reason_of_the_list_nothing_is_shown(
    wang: Client, cast: Cast, said: dict[str, str]
) -> None:
    answer = show(wang, cast, **said)
    assert answer.status_code == 422
    assert 'role="alert"' in text_of(answer) and PHONE not in text_of(answer)
    assert lines(cast, "resident.revealed") == []


def test_a_field_nobody_entered_cannot_be_shown(wang: Client, cast: Cast) -> None:
    with reading(cast.wang):
        child = Resident.objects.get(name="宁晓禾")
    assert show(wang, cast, id=child.id).status_code == 404


@pytest.mark.parametrize(
    ("name", "field"), [("guo", "phone"), ("liu", "id_number"), ("zhao", "phone"), ("zhou", "phone")]
)
def test_a_role_that_does_not_read_the_field_is_refused(
    street: str, cast: Cast, name: str, field: str
) -> None:
    visitor = sign_in(name)
    home = f"{HOME}-3-2-402"
    assert show(visitor, cast, field=field, home=home).status_code == 403
    assert lines(cast, "resident.revealed") == []
    page = text_of(visitor.get(f"/h/{home}"))
    assert f'name="field" value="{field}"' not in page


def test_a_person_of_another_community_cannot_be_shown(wang: Client, cast: Cast) -> None:
    with reading(cast.fang):
        other = Resident.objects.get(where__startswith=NEIGHBOUR)
    assert show(wang, cast, id=other.id).status_code == 404
    assert show(wang, cast, home=f"{NEIGHBOUR}-3-2-402").status_code == 404
    with reading(cast.fang):
        assert not Line.objects.filter(kind="resident.revealed").exists()


def test_coming_back_to_the_address_of_a_deed_leads_to_a_page(wang: Client, cast: Cast) -> None:
    assert wang.get("/h/3-2-402/note").headers["Location"] == "/h/3-2-402"
    assert wang.get(f"/reveal/{new_id()}").headers["Location"] == "/"


def test_a_long_time_line_is_shown_from_its_end_and_whole_when_asked(wang: Client, cast: Cast) -> None:
    for number in range(35):
        write(wang, text=f"第{number}句话。")
    page = text_of(wang.get("/h/3-2-402"))
    assert "第34句话。" in page and "第3句话。" not in page and "?lines=all" in page
    assert "第3句话。" in text_of(wang.get("/h/3-2-402?lines=all"))
