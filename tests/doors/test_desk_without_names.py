"""Roles that work with numbers see nobody's name, number, door or words, on no page and by no search; and nothing of one
community reaches another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import get_resolver

from lianfang.ground.ids import new_id
from tests.cast import HOME, NEIGHBOUR, Cast
from tests.promises.neighbours import Community, settle_in

from .visiting import post_somebody, sign_in, text_of

ROLES = ["zhou", "qian", "new-department", "new-reader"]


@dataclass
class Two:
    """Two communities with the same things in each, and a session of everybody."""

    ours: Community
    theirs: Community
    sessions: dict[str, str]

    def visitor(self, name: str) -> Client:
        visitor = Client()
        visitor.cookies["sessionid"] = self.sessions[name]
        return visitor


@pytest.fixture(scope="module")
def two(one_street: str) -> Iterator[Two]:
    cast = Cast()
    ours, theirs = settle_in(HOME), settle_in(NEIGHBOUR)
    new = [post_somebody(cast, role) for role in ("department", "reader")]
    names = ["wang", "li", "chen", "fang", "zhou", "qian", *new]
    yield Two(ours, theirs, {name: sign_in(name).cookies["sessionid"].value for name in names})


def addresses(of: Community) -> list[str]:
    """Every address of the desk with what stands in this community put in; found in the routes, so that none is left out."""
    things = {"v": "answered", "a": "assessment", "q": "question", "o": "order", "reveal": "resident"}
    found: list[str] = []
    for name, ways in get_resolver().namespace_dict["desk"][1].reverse_dict.lists():
        if not isinstance(name, str) or name == "sign_out":  # which would end the walk
            continue
        route, words = ways[0][0][0]
        first = route.partition("/")[0]
        for said in (of.ids.get(things.get(first, ""), new_id()), new_id()):
            ref = f"{of.where}-3-3-601" if said in of.ids.values() or first == "h" else "x"
            others = dict.fromkeys(words, said) | {"ref": ref, "code": "beijing-2020-02-14"}
            found.append("/" + route % others)
    searches = [
        "亓",
        "亓官翯",
        "3-3-601",
        of.canary.phone,
        of.canary.phone[-4:],
        of.canary.id_number,
        "qgh",
        "3#",
        "乙",
        "甲",
    ]
    lists = [
        f"/{one}?which={way}"
        for one in ("verifications", "questions", "orders")
        for way in ("all", "waiting", "ruled")
    ]
    lists += ["/verifications?which=unsettled", "/orders?which=running", f"/h/{of.where}-3-3-601?lines=all"]
    return sorted({*found, *(f"/search?q={one}" for one in searches), *lists})


def test_the_canary_sings_for_those_who_may_hear_it(two: Two) -> None:
    heard = [
        path
        for path in addresses(two.ours)
        if two.ours.canary.anywhere_in(text_of(two.visitor("li").get(path)))
    ]
    assert {"/", "/verifications", f"/h/{HOME}-3-3-601"} <= set(heard)
    assert len(heard) > 12


@pytest.mark.parametrize(("name", "language"), [*((name, "zh-hans") for name in ROLES), ("zhou", "en")])
def test_no_page_tells_a_role_without_names_who_is_meant(two: Two, name: str, language: str) -> None:
    visitor = two.visitor(name)
    visitor.cookies["lianfang_language"] = language
    for path in addresses(two.ours):
        for answer in (
            visitor.get(path),
            visitor.post(path, {"field": "phone", "reason": "contact", "how": "door"}),
        ):
            asked = path.partition("?q=")[2]
            page = text_of(answer).replace(asked, "") if asked else text_of(answer)
            assert two.ours.canary.anywhere_in(page) == [], path
            assert "3-3-601" not in page.replace(path, ""), path
            assert answer.status_code < 500, path
    assert visitor.get("/").status_code == 200


@pytest.mark.parametrize("name", ROLES)
def test_search_lists_and_households_are_refused_with_a_sentence(two: Two, name: str) -> None:
    visitor = two.visitor(name)
    for path in (
        "/search?q=nxs",
        "/verifications",
        "/questions",
        "/orders",
        f"/h/{HOME}-3-2-402",
        "/h/9-9-999",
    ):
        answer = visitor.get(path)
        assert answer.status_code == 403
        assert "您的岗位看不到具体是谁" in text_of(answer)
    page = text_of(visitor.get("/"))
    assert 'role="search"' not in page and 'href="/search' not in page and 'href="/orders"' not in page


def test_nothing_of_the_neighbours_is_on_any_page(two: Two) -> None:
    for name, of in (("fang", two.ours), ("wang", two.theirs), ("li", two.theirs)):
        visitor = two.visitor(name)
        for path in addresses(of):
            for answer in (
                visitor.get(path),
                visitor.post(path, {"field": "phone", "reason": "contact", "home": "3-3-601"}),
            ):
                asked = path.partition("?q=")[2]
                page = text_of(answer).replace(asked, "") if asked else text_of(answer)
                assert of.canary.anywhere_in(page) == [], (name, path)
                assert answer.status_code < 500, (name, path)
        assert visitor.get("/").status_code == 200
