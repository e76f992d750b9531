"""T9: no input crashes us. Requests drawn from the API's own document, right ones and wrong ones, by three roles, many of
them about things that are there; and forms of all kinds to every address of the desk that takes one. Nothing is answered
by a server's error or a stack trace, and nothing without a token."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lianfang.doors import asking
from lianfang.doors.api.document import document
from lianfang.ground.acts import ACTS, Actor
from lianfang.rooms.people.roles import ROLES
from lianfang.rooms.tokens.rules import fresh
from tests.cast import HOME, STREET, Cast
from tests.doors.at_the_api import token_of, token_of_system

from .conftest import Visited
from .matrix import ROWS
from .test_doors_refuse_at_the_desk import FORM, NONSENSE, as_text
from .test_t12_nobody_sees_anothers_people import filled, ids

TOLD = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
RIGHT, WRONG = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
EACH = {"PUT /api/v1/acts/{id}": 220, "POST /api/v1/acts": 50, "POST /api/v1/decide": 40}
"""How many right requests an address gets from each role, if not a few; of wrong ones half as many."""
FEW = 30
BY_ONE_ROLE = 700
"""So many requests one role sends at least: three of them more than two thousand."""

Drawn = Callable[[Any], None]


def hunter(kinds: Iterable[str] = ACTS) -> Any:
    """The document as a hunter of requests reads it; of the acts only some kinds."""
    told = deepcopy(document("en"))
    alone = told["paths"]["/api/v1/acts/{id}"]["put"]["requestBody"]["content"]["application/json"]["schema"]
    for offered in (alone, told["components"]["schemas"]["Batch"]["properties"]["acts"]["items"]):
        offered["oneOf"] = [{"$ref": offered["discriminator"]["mapping"][kind]} for kind in sorted(kinds)]
    loaded: Any = schemathesis.openapi.from_dict(told)
    loaded.app = WSGIHandler()
    return loaded


@pytest.fixture(scope="module")
def chance() -> int:
    """The seed of this run, said aloud; LIANFANG_SEED runs it again."""
    given_seed = os.environ.get("LIANFANG_SEED") or secrets.token_hex(4)
    print(f"LIANFANG_SEED={given_seed}")
    return int.from_bytes(given_seed.encode(), "big")


def as_role(role: str, cast: Cast) -> tuple[str, frozenset[str]]:
    """A community worker, the street's duty officer, a hotline system: a token, and what may be done by it."""
    if role == "hotline":
        return token_of_system(cast), ROLES[role].writes
    who: Actor = getattr(cast, role)
    return token_of(who), who.may


def each(told: Any, modes: tuple[GenerationMode, ...]) -> Iterator[tuple[Any, GenerationMode, int]]:
    """Every address, each way of drawing, and how often."""
    for result in told.get_all_operations():
        one = result.ok()
        for mode in modes:
            often = EACH.get(one.label, FEW)
            yield one, mode, often if mode is RIGHT else often // 2


def draw(strategy: Any, often: int, chance: int, use: Drawn) -> None:
    """Use so many examples of a strategy, found anew from the seed of this run."""

    @seed(chance)
    @settings(
        max_examples=often,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn=strategy)
    def run(drawn: Any) -> None:
        use(drawn)

    run()


def steered(case: Any, known: dict[str, str], rng: Random) -> Any:
    """Most requests are about something that is there, or they would all end at its door."""
    if isinstance(case.body, dict) and rng.random() < 0.85:
        for asked in (case.body, *(one for one in case.body.get("acts", ()) if isinstance(one, dict))):
            _steer(asked, known, rng)
    if "id" in case.path_parameters and case.operation.label.startswith("GET") and rng.random() < 0.5:
        case.path_parameters["id"] = rng.choice(list(known.values()))
    return case


def _steer(asked: dict[str, Any], known: dict[str, str], rng: Random) -> None:
    said, schema = asked.get("said"), document("en")["components"]["schemas"].get(f"act.{asked.get('kind')}")
    if not isinstance(said, dict) or not schema:
        return
    asked.pop("at", None)
    for name, field in schema["properties"]["said"]["properties"].items():
        if field.get("format") == "uuid" and (name in said or rng.random() < 0.3):
            said[name] = known.get(name) or rng.choice(list(known.values()))
    if "where" in said:
        said["where"] = rng.choice([HOME, STREET, f"{HOME}.3.3.601.", f"{HOME}.3."])


def judge(answer: Any, case: Any) -> None:
    """What was promised of every answer."""
    case.validate_response(answer, checks=TOLD)
    assert "Traceback" not in answer.text and 'File "' not in answer.text
    if case.meta and case.meta.generation.mode is WRONG and case.operation.label.startswith("PUT"):
        assert answer.status_code >= 400, case.body


@pytest.mark.parametrize("role", ["wang", "chen", "hotline"])
def test_no_request_to_the_api_is_answered_by_an_error_of_ours(
    visited: Visited, three: str, cast: Cast, chance: int, role: str
) -> None:
    """Right and wrong requests to every address, mostly for what the role may do; each answer is one the document names, of
    the shape it names."""
    token, may = as_role(role, cast)
    bearer = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    known, rng, seen = ids(visited, HOME), Random(chance), Counter[tuple[str, int]]()

    def send(case: Any) -> None:
        wrong = case.meta and case.meta.generation.mode is WRONG
        answer = (case if wrong else steered(case, known, rng)).call(headers=bearer)
        seen[case.operation.label, answer.status_code] += 1
        judge(answer, case)

    for operation, mode, often in [*each(hunter(may), (RIGHT,)), *each(hunter(), (WRONG,))]:
        draw(operation.as_strategy(generation_mode=mode), often, chance, send)
    print(role, sum(seen.values()), dict(seen))
    assert sum(seen.values()) >= BY_ONE_ROLE
    assert seen["PUT /api/v1/acts/{id}", 201], "some of them are written"


def test_nothing_is_answered_without_a_token(visited: Visited, reading_three: str, chance: int) -> None:
    """No token, somebody's session, a token that nobody issued, half of one: 401, whatever is asked."""
    unknown = fresh().text
    session = f"sessionid={visited.cookies['chen']['sessionid']}"
    nobodies = [
        {}, {"Authorization": f"Bearer {unknown}"}, {"Authorization": f"Bearer {unknown[:-4]}"}, {"Authorization": "Bearer "},
        {"Authorization": f"Basic {unknown}"}, {"Authorization": unknown}, {"Cookie": session},
        {"Authorization": "Bearer " + "x" * 5000},
    ]  # fmt: skip
    rng = Random(chance)

    def send(case: Any) -> None:
        case.headers = {}
        answer = case.call(headers=rng.choice(nobodies))
        assert answer.status_code in (401, 404), answer.text
        assert answer.status_code == 401 or case.operation.label.split()[1].endswith("}"), (
            "an id that is no id has no address"
        )

    for operation, mode, _often in each(hunter(), (RIGHT,)):
        draw(operation.as_strategy(generation_mode=mode), 20, chance, send)


WORDS = st.one_of(
    st.sampled_from(
        [*NONSENSE, "yes", "no", "on", "door", "14", "2020-02-26", "2020-02-26T21:40", "clause", "discretion"]
    ),
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
)


@pytest.mark.parametrize("who", ["wang", "li", "chen"])
def test_no_form_sent_to_the_desk_is_answered_by_an_error_of_ours(
    visited: Visited, three: str, chance: int, who: str
) -> None:
    """Every address that takes a form gets forms of all kinds: its own fields and others', with anything in them."""
    known, window, sent = ids(visited, HOME), visited.window(who), Counter[int]()
    values = st.one_of(WORDS, st.sampled_from(list(known.values())))
    for row in ROWS.values():
        if not row.post or row.path == "/sign-out":
            continue
        path, fits = filled(row.path, known), {key: filled(value, known) for key, value in row.said.items()}
        names = st.sampled_from([*fits, "key", "at", "next", "words", "person", "count"])
        forms = st.dictionaries(names, values, max_size=6).flatmap(
            lambda said, fits=fits: st.sampled_from([said, fits | said])  # type: ignore[misc]
        )

        def send(said: dict[str, str], path: str = path) -> None:
            answer = window.post(path, as_text(said), content_type=FORM)
            sent[answer.status_code] += 1
            assert answer.status_code < 500, f"{path} {said}"
            assert b"Traceback" not in answer.content

        draw(forms, 5, chance, send)
    print(who, sum(sent.values()), dict(sent))
    assert sum(sent.values()) >= 150


def test_a_planted_error_is_found(
    visited: Visited, three: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harness itself is tried: an act that stumbles over one of its choices turns it red."""
    honest = asking.ask

    def stumbling(kind: str, said: Any, **given: Any) -> Any:
        return [][1] if said.get("how") == "phone" else honest(kind, said, **given)

    monkeypatch.setattr(asking, "ask", stumbling)
    bearer = {"Authorization": f"Bearer {token_of(cast.wang)}"}
    note = {"kind": "note.written", "said": {"where": HOME, "text": "-", "how": "phone"}}
    operation = hunter()["/api/v1/acts/{id}"]["PUT"]
    caught: list[FailureGroup | Failure] = []

    def send(case: Any) -> None:
        case.body = note
        try:
            judge(case.call(headers=bearer), case)
        except (FailureGroup, Failure) as failure:
            caught.append(failure)

    draw(operation.as_strategy(generation_mode=RIGHT), 3, 1, send)
    assert caught and all("Server error" in str(one) for one in caught)
