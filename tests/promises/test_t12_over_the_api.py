"""T12 over the API: every address, every role, for what is his own, a sibling community's, another street's and nobody's.

A foreign thing is answered exactly like one that does not exist; nobody's whole number goes out, and a name to those only
who read names; an answer holds the fields that are declared, and no other.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from lianfang.doors.api.listing import LISTINGS
from lianfang.ground.ids import new_id
from lianfang.rooms.people.roles import ROLES
from tests.cast import HOME, NEIGHBOUR, Cast
from tests.doors.at_the_api import PATH, token_of, token_of_system

from .conftest import ELSEWHERE, Visited
from .matrix_api import ABOUT_FOREIGN, ALWAYS, API_ROWS, PROBLEM, THINGS, WHO, Row
from .test_t12_nobody_sees_anothers_people import lines

OWN = dict.fromkeys(WHO, HOME) | {"fang": NEIGHBOUR}
STREET = ("chen", "zhao", "qian", "hotline")
SYSTEMS = ("auditor", "hotline")


@dataclass
class Answer:
    """What came back, read as JSON."""

    status: int
    said: Any
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All of it, as somebody reads it."""
        return json.dumps(self.said, ensure_ascii=False)


class Callers:
    """Everybody's token, in one copy of the three communities."""

    def __init__(self) -> None:
        cast = Cast()
        self.tokens = {who: token_of(getattr(cast, who)) for who in WHO if who not in (*SYSTEMS, "nobody")}
        self.tokens |= {"auditor": token_of_system(cast, "auditor", HOME), "hotline": token_of_system(cast)}

    def ask(self, who: str, method: str, path: str, body: Any = None) -> Answer:
        """One request of somebody."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who in self.tokens else {}
        sent = json.dumps(body).encode() if body is not None else b""
        client = Client(raise_request_exception=False)
        got = client.generic(method, PATH + path, sent, content_type="application/json", headers=headers)
        return Answer(got.status_code, json.loads(got.content), dict(got.headers))


@pytest.fixture(scope="module")
def reading(reading_three: str) -> Callers:
    """Tokens in the copy that is only read."""
    return Callers()


@pytest.fixture
def callers(three: str) -> Callers:
    """Tokens in a fresh copy."""
    return Callers()


def foreign_to(who: str) -> list[str]:
    """The communities that are not his."""
    here = (HOME, NEIGHBOUR, ELSEWHERE)
    return [one for one in here if one == ELSEWHERE or (who not in STREET and one != OWN[who])]


def known(visited: Visited, where: str) -> dict[str, str]:
    """What stands for the words of a path and a body, of a community."""
    here = visited.communities[where]
    return {name: str(id) for name, id in here.ids.items()} | {
        "where": where, "door": here.door, "new": str(new_id()), "kind": "order",
    }  # fmt: skip


def nowhere(visited: Visited, where: str) -> dict[str, str]:
    """The same of things and places that do not exist."""
    there = dict.fromkeys(known(visited, where), str(visited.communities[where].ids["nobody"]))
    return there | {
        "where": "110198007001",
        "door": "110198007001.3.3.601.",
        "new": str(new_id()),
        "kind": "order",
    }


def filled(one: Any, words: dict[str, str]) -> Any:
    """``{words}`` replaced, however deep."""
    if isinstance(one, dict):
        return {name: filled(value, words) for name, value in one.items()}
    if isinstance(one, list):
        return [filled(value, words) for value in one]
    return re.sub(r"\{(\w+)\}", lambda found: words[found[1]], one) if isinstance(one, str) else one


def without_ids(answer: Answer) -> str:
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", answer.text)


def sees_names(who: str, cast: Cast) -> bool:
    role = who if who in SYSTEMS else getattr(cast, who).role
    return ROLES[role].names


@pytest.mark.parametrize("kind", THINGS)
def test_each_kind_shows_the_fields_that_are_declared(visited: Visited, reading: Callers, kind: str) -> None:
    told = reading.ask("chen", "GET", f"/things/{kind}?under={HOME}")
    assert told.said["things"], kind
    assert {frozenset(one) for one in told.said["things"]} == {frozenset(THINGS[kind] | ALWAYS)}
    assert set(LISTINGS) == set(THINGS)
    canary = visited.communities[HOME].canary
    assert canary.id_number not in told.text and canary.phone not in told.text


def test_the_canaries_can_be_seen_at_all(visited: Visited, reading: Callers) -> None:
    """Else their absence would prove nothing."""
    canary = visited.communities[HOME].canary
    for path in ("/people?q=亓官", "/things/note", "/things/question", "/matters/{answered}"):
        assert canary.anywhere_in(reading.ask("wang", "GET", filled(path, known(visited, HOME))).text), path


@pytest.mark.parametrize("kind", THINGS)
def test_a_foreign_id_to_go_on_from_shows_nothing_foreign(
    visited: Visited, reading: Callers, kind: str
) -> None:
    for who in ("wang", "fang", "chen"):
        for where in foreign_to(who):
            id = visited.communities[where].ids["order"]
            told = reading.ask(who, "GET", f"/things/{kind}?before={id}")
            assert told.status == 200
            assert not visited.communities[where].canary.anywhere_in(told.text), who


@pytest.mark.parametrize("name", API_ROWS)
def test_a_method_nobody_answers_is_refused(visited: Visited, reading: Callers, name: str) -> None:
    row = API_ROWS[name]
    path = filled(row.path, known(visited, HOME))
    for who in ("wang", "hotline", "nobody"):
        for method in {"GET", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "HEAD"} - {row.method}:
            if method == "HEAD":
                assert Client().head(PATH + path).status_code == 405
                continue
            answer = reading.ask(who, method, path, {})
            assert (answer.status, set(answer.said)) == (405, PROBLEM), f"{who} {method} {path}"
            assert answer.headers["Allow"] == row.method


def test_a_session_opens_nothing_here(visited: Visited, reading_three: str) -> None:
    """A page of elsewhere that makes a browser ask has the cookies, and no token."""
    for who in ("wang", "chen", "qian"):
        window = visited.window(who)
        for row in API_ROWS.values():
            path, body = (filled(one, known(visited, OWN[who])) for one in (row.path, row.body))
            answer = window.generic(
                row.method, PATH + path, json.dumps(body).encode(), content_type="application/json"
            )
            assert answer.status_code == row.gets("nobody"), f"{who} {path}"
            assert not answer.cookies


@pytest.mark.parametrize("name", API_ROWS)
def test_who_gets_what_of_his_own(visited: Visited, callers: Callers, cast: Cast, name: str) -> None:
    """Status and field set are what the matrix says; no whole number, and no name for who sees none or of elsewhere."""
    row, got = API_ROWS[name], {}
    for who in WHO:
        own = known(visited, OWN[who])
        answer = callers.ask(who, row.method, filled(row.path, own), filled(row.body, own))
        got[who] = answer.status
        _fields_are_as_declared(row, answer)
        for where, community in visited.communities.items():
            names = who != "nobody" and sees_names(who, cast) and where not in foreign_to(who)
            allowed = {community.canary.name, community.canary.words} if names else set()
            found = set(community.canary.anywhere_in(answer.text))
            assert found <= allowed, f"{who} reads of {where} at {name}: {found}"
    assert got == {who: row.gets(who) for who in WHO}


def _fields_are_as_declared(row: Row, answer: Answer) -> None:
    if answer.status >= 400:
        assert set(answer.said) - {"fields"} == PROBLEM
        assert answer.headers["Content-Type"] == "application/problem+json"
        return
    assert set(answer.said) - {"waiting"} == row.fields - {"waiting"}
    for one in answer.said[row.each[0]] if row.each else []:
        assert set(one) == row.each[1]  # type: ignore[index]


@pytest.mark.parametrize(
    "case", ABOUT_FOREIGN, ids=lambda case: f"{case[0]} {case[1]} {json.dumps(case[2])[:60]}"
)
def test_what_is_not_his_is_answered_like_what_is_not_there(
    visited: Visited, three: str, callers: Callers, case: tuple[str, str, Any]
) -> None:
    """A sibling's and another street's: word for word the answer for what does not exist, and nothing is written there."""
    method, path, body = case
    for who in WHO:
        before = lines(three, foreign_to(who))
        nobody = nowhere(visited, OWN[who])
        absent = callers.ask(who, method, filled(path, nobody), filled(body, nobody))
        for where in foreign_to(who):
            there = known(visited, where)
            answer = callers.ask(who, method, filled(path, there), filled(body, there))
            assert (answer.status, without_ids(answer)) == (absent.status, without_ids(absent)), (
                f"{who} {where}"
            )
            outcomes = answer.said.get("outcomes", [answer.said])
            assert answer.status == 401 or all(400 <= one["status"] < 500 for one in outcomes), (
                f"{who} {where}"
            )
            assert not visited.communities[where].canary.anywhere_in(answer.text), who
        assert lines(three, foreign_to(who)) == before, f"{who} wrote somewhere that is not his"
