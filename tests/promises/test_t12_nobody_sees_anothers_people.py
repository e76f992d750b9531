"""T12: every address, every method, every role, for what is his own, a sibling community's, another street's and nobody's.

A foreign thing is answered exactly like one that does not exist, and a resident's name or number is on no page of whoever
may not read it (canaries: words found nowhere else).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from lianfang.rooms.people.roles import ROLES
from tests.cast import HOME, NEIGHBOUR, Cast
from tests.conftest import SERVER

from .conftest import ELSEWHERE, EVERYBODY, Visited
from .matrix import FOREIGN_IN_ONES_OWN, ROWS, WHO
from .matrix_api import API_ROWS
from .matrix_public import ROWS as PUBLIC_ROWS

OWN = dict.fromkeys(WHO, HOME) | {"fang": NEIGHBOUR}
STREET = ("chen", "zhao", "zhou", "qian")
METHODS = ("put", "patch", "delete", "options", "trace")
SENT = sorted(name for name, row in ROWS.items() if row.post)
WITH_IDS = sorted(name for name, row in ROWS.items() if "{" in row.path)

pytestmark = pytest.mark.usefixtures("reading_three")


def foreign_to(who: str) -> list[str]:
    """The communities that are not his: those of his own street are a street officer's own."""
    return [
        one
        for one in (HOME, NEIGHBOUR, ELSEWHERE)
        if one == ELSEWHERE or (who not in STREET and one != OWN[who])
    ]


def ids(visited: Visited, where: str) -> dict[str, str]:
    """What stands for the words of a path, of things of a community."""
    here = visited.communities[where]
    return {name: str(id) for name, id in here.ids.items()} | {"ref": f"{where}-3-3-601"}


def nowhere(visited: Visited, where: str) -> dict[str, str]:
    """The same of things that do not exist."""
    nobody = str(visited.communities[where].ids["nobody"])
    return dict.fromkeys(ids(visited, where), nobody) | {"ref": f"{where}-9-9-999"}


def beside(known: dict[str, str]) -> dict[str, str]:
    """Ids that do not exist, each beside one that does; a door that is not there."""
    return {name: id[:-1] + ("0" if id[-1] != "0" else "1") for name, id in known.items()} | {
        "ref": known["ref"][:-7] + "9-9-999"
    }


def filled(text: str, known: dict[str, str], foreign: dict[str, str] | None = None) -> str:
    """``{words}`` replaced; ``{foreign.words}`` by those of another place."""
    for name, value in (foreign or {}).items():
        text = text.replace(f"{{foreign.{name}}}", value)
    return text.format(**known)


def ask(visited: Visited, who: str, method: str, path: str, said: dict[str, str] | None = None) -> Any:
    """One answer; what it was is read by ``what``."""
    return getattr(visited.window(who), method)(path, said or None)


def what(answer: Any) -> str:
    """A status; or ``in``, the way to sign in, or ``ok``, another redirect."""
    if answer.status_code in (301, 302, 303):
        return "in" if answer["Location"].startswith("/sign-in") else "ok"
    return str(answer.status_code)


def body(answer: Any) -> str:
    """A page without what differs each time: tokens, keys, ids and the address that was asked for."""
    text: str = re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode(errors="replace"))
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)
    return re.sub(r"1101980\d{5}-\d-\d-\d{3}", "REF", text) + answer.headers.get("Location", "")[:8]


def names_of(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """The names of all addresses."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from names_of(one.url_patterns)
        else:
            yield one.name or str(one.pattern)


def test_every_address_has_its_row() -> None:
    """A new address fails here until somebody has said who may have it."""
    assert sorted(names_of(get_resolver().url_patterns)) == sorted([*ROWS, *API_ROWS, *PUBLIC_ROWS])


@pytest.fixture(scope="module")
def sees_names(reading_three: str) -> set[str]:
    """Who of the cast reads names of residents."""
    cast = Cast()
    return {who for who in EVERYBODY if ROLES[getattr(cast, who).role].names}


@pytest.mark.parametrize("name", ROWS)
def test_who_reads_what_is_his_own(visited: Visited, sees_names: set[str], name: str) -> None:
    """GET and HEAD of one's own are what the matrix says; and canaries: no page holds a name of a foreign community, any
    name for who sees none, or anybody's whole number."""
    row, got, headed = ROWS[name], {}, {}
    for who in WHO:
        path = filled(row.path, ids(visited, OWN[who]))
        answer = ask(visited, who, "get", path)
        got[who], headed[who] = what(answer), what(ask(visited, who, "head", path))
        for where, community in visited.communities.items():
            canary = community.canary
            allowed = (
                {canary.name, canary.words} if who in sees_names and where not in foreign_to(who) else set()
            )
            found = set(canary.anywhere_in(answer.content.decode(errors="replace")))
            assert found <= allowed, f"{who} reads of {where} at {name}: {found}"
    assert got == {who: row.got(who) for who in WHO} == headed


@pytest.mark.parametrize("name", WITH_IDS)
def test_what_is_not_his_is_answered_like_what_is_not_there(visited: Visited, name: str) -> None:
    """GET of a sibling's and of another street's thing: refused, word for word as one that does not exist."""
    row = ROWS[name]
    for who in WHO:
        absent = ask(visited, who, "get", filled(row.path, nowhere(visited, OWN[who])))
        for where in foreign_to(who):
            answer = ask(visited, who, "get", filled(row.path, ids(visited, where)))
            assert (what(answer), body(answer)) == (what(absent), body(absent)), f"{who} {name} {where}"
            hides = row.got(who) in ("403", "in", "ok") and row.got(who) == what(answer)
            assert hides or what(answer) == "404", f"{who} {name} {where}: {what(answer)}"


def test_the_canaries_can_be_seen_at_all(visited: Visited) -> None:
    """Else their absence would prove nothing: whoever may read them finds them on these pages."""
    canary = visited.communities[HOME].canary
    for path in ("/h/{ref}", "/v/{answered}", "/q/{question}", "/search?q=亓官"):
        told = ask(visited, "wang", "get", filled(path, ids(visited, HOME))).content.decode(errors="replace")
        assert canary.anywhere_in(told), path


@pytest.mark.parametrize("name", ROWS)
def test_a_method_nobody_answers_is_refused(visited: Visited, name: str) -> None:
    """PUT, PATCH, DELETE and the like: 405 everywhere; and POST where a page only reads."""
    row = ROWS[name]
    path = filled(row.path, ids(visited, HOME))
    for who in ("wang", "chen", "qian", "nobody"):
        for method in METHODS:
            assert what(ask(visited, who, method, path)) == "405", f"{who} {method} {path}"
        if not row.post and name != "sign_in":
            assert what(ask(visited, who, "post", path)) == "405", f"{who} post {path}"


@pytest.mark.parametrize(
    "case", FOREIGN_IN_ONES_OWN, ids=lambda case: f"{case[0]} {case[1]} {''.join(case[2].values())}"
)
def test_a_foreign_id_in_ones_own_place_is_nobodys(visited: Visited, three: str, case: Any) -> None:
    """Ids in a question or in a form: a foreign one is answered like one that does not exist, and leaves nothing."""
    method, path, said = case
    for who in ("wang", "li", "he", "fang", "chen"):
        own, before = ids(visited, OWN[who]), lines(three, foreign_to(who))
        for where in foreign_to(who):
            there = ids(visited, where)
            foreign, absent = (
                ask(
                    visited,
                    who,
                    method,
                    filled(path, own, it),
                    {k: filled(v, own, it) for k, v in said.items()},
                )
                for it in (there, beside(there))
            )
            assert (what(foreign), body(foreign)) == (what(absent), body(absent)), who
            assert not visited.communities[where].canary.anywhere_in(
                foreign.content.decode(errors="replace")
            ), who
        assert lines(three, foreign_to(who)) == before


def lines(database: str, places: list[str]) -> int:
    """How many lines are written at some places, seen by nobody's scope."""
    with psycopg.connect(SERVER.superuser_url, dbname=database) as boss:
        row = boss.execute(
            'SELECT count(*) FROM lianfang_line WHERE left("where", 12) = ANY(%s)', [places]
        ).fetchone()
    return int(row[0]) if row else 0


@pytest.mark.parametrize("name", SENT)
def test_who_may_send_what(visited: Visited, three: str, name: str) -> None:
    """POST of a form that fits: who may not is refused; of those who may the first is served, and the next told so."""
    row = ROWS[name]
    served: set[str] = set()
    got, should = {}, {}
    for who in sorted(WHO, key=lambda who: row.sent(who) in ("ok", "200")):
        own = ids(visited, OWN[who])
        said = {key: filled(value, own) for key, value in row.said.items()}
        before = lines(three, [HOME, NEIGHBOUR, ELSEWHERE])
        answer = ask(visited, who, "post", filled(row.path, own), said)
        got[who], should[who] = what(answer), row.sent(who)
        written = lines(three, [HOME, NEIGHBOUR, ELSEWHERE]) - before
        if row.sent(who) not in ("ok", "200"):
            assert written == 0, f"{who} was refused, and something was written"
        elif OWN[who] in served:
            should[who] = row.second
        served |= {OWN[who]} if row.sent(who) in ("ok", "200") else set()
    assert got == should


@pytest.mark.parametrize("name", [name for name in SENT if "{" in ROWS[name].path])
def test_sending_to_what_is_not_his_is_answered_like_what_is_not_there(
    visited: Visited, three: str, name: str
) -> None:
    """POST to a foreign thing: word for word the refusal of one that does not exist, and nothing is written there."""
    row = ROWS[name]
    for who in WHO:
        before = lines(three, foreign_to(who))
        absent = nowhere(visited, OWN[who])
        asked = {"nobody's": absent} | {where: ids(visited, where) for where in foreign_to(who)}
        answers = {
            where: ask(
                visited,
                who,
                "post",
                filled(row.path, known),
                {k: filled(v, known) for k, v in row.said.items()},
            )
            for where, known in asked.items()
        }
        first = answers["nobody's"]
        assert what(first) in ("404", "403", "in") or what(first) == row.sent(who) == "ok", (
            f"{who}: {what(first)}"
        )
        for where, answer in answers.items():
            assert (what(answer), body(answer)) == (what(first), body(first)), f"{who} {name} {where}"
        assert lines(three, foreign_to(who)) == before, f"{who} wrote somewhere that is not his"
