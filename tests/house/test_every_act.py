"""Every act is whole: a role that may, a phrase in both languages, a word in the glossary, an example, a test."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import pytest
from django import forms
from django.utils import translation

from lianfang import reactions
from lianfang.ground.acts import ACTS, Act
from lianfang.ground.holds import all_holds
from lianfang.reports.phrases import PHRASES
from lianfang.rooms.people.roles import ROLES
from tests.examples import EXAMPLES

from .source import ROOMS, ROOT, files, name, rooms

HAN = re.compile("[\u3400-\u9fff]")
KIND = re.compile(r"[a-z]+\.[a-z]+(_[a-z]+)*\Z")

Check = Callable[[str, "Act[Any]"], Iterable[str]]


def form_of_the_kind(kind: str, act: Act[Any]) -> Iterable[str]:
    """A noun and what was done to it: ``order.issued``."""
    if not KIND.match(kind):
        yield "is no noun.verb_past"
    if not (act.__doc__ or "").strip():
        yield "says nothing of itself"


def handed_what_it_needs(kind: str, act: Act[Any]) -> Iterable[str]:
    """Who and when are handed in, by name; nothing is taken as it comes."""
    for needed in ("by", "at"):
        one = act.parameters.get(needed)
        if (
            one is None
            or one.kind is not inspect.Parameter.KEYWORD_ONLY
            or one.default is not inspect.Parameter.empty
        ):
            yield f"is not handed {needed}"
    if any(one.kind in (one.VAR_KEYWORD, one.VAR_POSITIONAL) for one in act.parameters.values()):
        yield "takes anything"
    first = next(iter(act.parameters))
    if first != "where" and act.model is None:
        yield "begins neither with a thing nor with a place"


def somebody_may(kind: str, act: Act[Any]) -> Iterable[str]:
    """A role that is held by somebody may do it."""
    if not any(kind in role.writes for role in ROLES.values()):
        yield "may be done by no role"


def has_a_phrase(kind: str, act: Act[Any]) -> Iterable[str]:
    """It can be told, in Chinese and in English."""
    if kind not in PHRASES:
        yield "has no phrase"
        return
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            phrase = PHRASES[kind]
            said[language] = [str(phrase.text), *([str(phrase.instead[1])] if phrase.instead else [])]
    if any(HAN.search(one) for one in said["en"]):
        yield "has no English phrase"
    if not all(HAN.search(one) for one in said["zh-hans"]):
        yield "has no Chinese phrase"


def in_the_glossary(kind: str, act: Act[Any]) -> Iterable[str]:
    """It has a word in GLOSSARY.md."""
    if kind not in glossary():
        yield "has no word in the glossary"


def has_an_example(kind: str, act: Act[Any]) -> Iterable[str]:
    """It is in the story that replay and failure are tried on."""
    if kind not in EXAMPLES:
        yield "has no example"


def has_a_test(kind: str, act: Act[Any]) -> Iterable[str]:
    """A test names it: by its kind, or by its function."""
    room = act.__module__.split(".")[-2]
    if not re.search(rf'"{re.escape(kind)}"|\b{room}\.{act.__name__}\b', what_tests_say()):
        yield "is named by no test"


@lru_cache
def what_tests_say() -> str:
    """The tests that say something of single acts; those that go through all of them do not count."""
    through_all = ("tests/examples", "tests/house/", "tests/promises/", "tests/night.py", "tests/cast.py")
    return "\n".join(path.read_text() for path in files("tests") if not name(path).startswith(through_all))


@lru_cache
def glossary() -> dict[str, tuple[str, str]]:
    """Code → word in both languages, for what stands in GLOSSARY.md as code."""
    rows = re.findall(
        r"^\| *([^|]+?) *\| *([^|]+?) *\| *([^|]+?) *\|$", (ROOT / "GLOSSARY.md").read_text(), re.MULTILINE
    )
    return {code: (zh, en) for zh, en, cell in rows for code in re.findall(r"`([^`]+)`", cell)}


CHECKS: list[Check] = [
    form_of_the_kind,
    handed_what_it_needs,
    somebody_may,
    has_a_phrase,
    in_the_glossary,
    has_an_example,
    has_a_test,
]


@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_every_act(check: Check) -> None:
    assert [f"{kind} {wrong}" for kind, act in ACTS.items() for wrong in check(kind, act)] == []


@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_an_act_somebody_forgot_to_finish_is_found(check: Check) -> None:
    def deed(door: str, *extra: object, by: str = "anybody") -> None: ...

    half = Act("Order-Issue", deed, ACTS["order.issued"].back)  # type: ignore[arg-type]
    assert list(check("Order-Issue", half))


def test_every_kind_a_role_may_write_is_an_act() -> None:
    named = {kind for role in ROLES.values() for kind in role.writes}
    assert named - set(ACTS) == set()


def test_every_phrase_is_of_an_act() -> None:
    assert set(PHRASES) - set(ACTS) == set()


def test_every_example_is_of_an_act() -> None:
    assert set(EXAMPLES) - set(ACTS) == set()


def test_every_reaction_follows_from_an_act() -> None:
    assert set(reactions.WHEN) - set(ACTS) == set()


def test_every_phrase_can_be_said_of_the_line_its_act_writes(street: str, cast: Any) -> None:
    """No place of a phrase stays empty: each names a fact of the line. Both ways: every fact can be said or is known."""
    from tests.examples import tell

    for kind, line in tell(cast).items():
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said = PHRASES[kind].say(line.facts)
                assert "%(" not in said
                wanted = set(re.findall(r"%\((\w+)\)", str(PHRASES[kind].text)))
                if not PHRASES[kind].instead:
                    assert wanted <= set(line.facts), kind


def forms_in(room: str) -> dict[str, type[forms.Form]]:
    """The forms of a room, by the name of the act each should be of."""
    if not (ROOMS / room / "forms.py").exists():
        return {}
    found = vars(importlib.import_module(f"lianfang.rooms.{room}.forms"))
    ours = {name: one for name, one in found.items() if inspect.isclass(one) and issubclass(one, forms.Form)}
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): one for name, one in ours.items()}


@pytest.mark.parametrize("room", rooms())
def test_a_form_is_called_like_its_act_and_asks_what_the_act_takes(room: str) -> None:
    inside = f"lianfang.rooms.{room}.acts"
    acts = {act.__name__: act for act in ACTS.values() if act.__module__.startswith(inside)}
    for deed, form in forms_in(room).items():
        assert deed in acts, form
        assert set(form.base_fields) <= set(acts[deed].parameters), deed


def test_every_hold_is_asked_by_somebody() -> None:
    code = "\n".join(path.read_text() for path in files("lianfang/rooms"))
    for question in all_holds():
        assert re.search(rf'\b(holds|figure)\(\s*"{re.escape(question)}"', code), question


def test_every_hold_that_is_asked_is_answered() -> None:
    asked = {
        one
        for path in files("lianfang")
        for one in re.findall(r'\b(?:holds|figure)\(\s*"([^"]+)"', path.read_text())
    }
    assert asked <= set(all_holds())
