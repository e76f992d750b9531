"""The building stack at the desk: a real table, its layers and filters plain links, each cell a door one can open."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from django.test import Client

from lianfang.ground.acts import reading
from lianfang.rooms import people, places
from lianfang.rooms.places.models import Door
from tests import night
from tests.cast import HOME, NEIGHBOUR, STORY, Cast

from .visiting import sign_in, statements, text_of


@pytest.fixture
def wang(street: str) -> Client:
    return sign_in("wang")


def cells(page: str) -> list[str]:
    return re.findall(r'<td class="([a-z]+)(?: u)?"><a', page)


def test_a_cell_says_in_words_what_it_shows(wang: Client, cast: Cast) -> None:
    night.issued(cast)
    page = text_of(wang.get("/stack"))
    (cell,) = re.findall(r'<td class="obs"><a href="/h/3-2-402">(.*?)</a>', page)
    assert "宁" in cell and "0/14" in cell and "宁小松" not in page
    (said,) = re.findall(r'<span class="vh">(.*?)</span>', cell)
    assert said == "观察中，已查、3 人、第 0/14 天"
    assert len(cells(page)) == 71 and page.count("<table") == 1 and '<th scope="row">6层</th>' in page


def test_a_filter_leaves_every_door_in_its_place(wang: Client, cast: Cast) -> None:
    night.issued(cast)
    page = text_of(wang.get("/stack?only=obs"))
    found = cells(page)
    assert (found.count("obs"), found.count("off"), len(found)) == (1, 70, 71)
    assert 'href="?" aria-current="true"><span class="sw obs"' in page


@pytest.mark.parametrize(
    ("layer", "kind", "n"), [("canvass", "todo", 69), ("care", "care", 1), ("requests", "quiet", 71)]
)
def test_a_layer_shows_one_thing(wang: Client, cast: Cast, layer: str, kind: str, n: int) -> None:
    people.mark_care(night.ning(cast.wang), kind="treatment", by=cast.wang, at=STORY)
    page = text_of(wang.get(f"/stack?layer={layer}"))
    assert cells(page).count(kind) == n
    assert ("定期治疗" in page or "透析" in page or "反复治疗" in page) == (layer == "care")


@pytest.mark.parametrize(
    "query", ["layer=x", "only=x", "layer=care&only=obs", "b=9", "b=%00", f"b={'3' * 400}"]
)
def test_what_is_not_there_is_answered_in_words(wang: Client, query: str) -> None:
    assert wang.get(f"/stack?{query}").status_code == 404


def test_one_building_alone_to_print(wang: Client, cast: Cast) -> None:
    places.draw_building(HOME, number="5", floors=2, units=1, doors=2, by=cast.li, at=STORY)
    assert text_of(wang.get("/stack")).count("<table") == 2
    page = text_of(wang.get("/stack?b=5"))
    assert page.count("<table") == 1 and "/h/5-1-201" in page and "/h/3-2-402" not in page


def test_who_sees_whose_buildings(street: str, cast: Cast) -> None:
    chen, fang, guo, zhou = (sign_in(name) for name in ("chen", "fang", "guo", "zhou"))
    assert f"?at={HOME}" in text_of(chen.get("/stack"))
    assert f"/h/{HOME}-3-2-402" in text_of(chen.get(f"/stack?at={HOME}"))
    assert (fang.get(f"/stack?at={HOME}").status_code, fang.get(f"/stack?at={NEIGHBOUR}").status_code) == (
        404,
        200,
    )
    assert len(cells(text_of(guo.get("/stack")))) == 71
    assert zhou.get("/stack").status_code == 403
    for code in ("110198001009", "110198002001", "x", "3", f"{HOME}.3."):
        assert chen.get(f"/stack?at={code}").status_code == 404


def test_a_name_is_never_read_as_html(wang: Client, cast: Cast) -> None:
    with reading(cast.wang):
        door = Door.objects.get(where=f"{HOME}.3.1.601.")
    people.register(door, name="<b>甲", relation="head", by=cast.wang, at=STORY)
    page = text_of(wang.get("/stack"))
    assert "&lt;b&gt;甲" in page and "<b>甲" not in page


def test_a_thousand_doors_are_a_small_page_in_as_many_statements_as_one_building(
    wang: Client, cast: Cast
) -> None:
    few = statements(wang, "/stack")
    for number in range(10, 24):
        places.draw_building(HOME, number=str(number), floors=6, units=4, doors=3, by=cast.li, at=STORY)
    answer: Any = wang.get("/stack")
    assert statements(wang, "/stack") == few
    assert len(cells(text_of(answer))) == 71 + 14 * 72
    assert len(gzip.compress(answer.content, 6)) <= 60_000
