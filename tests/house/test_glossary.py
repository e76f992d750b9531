"""GLOSSARY.md against the code, both ways: what stands there exists, and what exists stands there."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.utils import translation

from lianfang.ground.acts import ACTS
from lianfang.ground.rows import tables
from lianfang.rooms.people.roles import ROLES

from .source import ROOT, rooms
from .test_every_act import glossary

ROW = re.compile(r"^\| *([^|]+?) *\| *([^|]+?) *\| *([^|]+?) *\|$", re.MULTILINE)
HAN = re.compile("[\u3400-\u9fff]")


def rows() -> list[tuple[str, str, str]]:
    found = ROW.findall((ROOT / "GLOSSARY.md").read_text(encoding="utf-8"))
    return [row for row in found if row[0] != "词" and not row[0].startswith("-")]


def member(start: Any, names: list[str]) -> bool:
    """Whether ``start.a.b`` is there; a field of a model counts."""
    for one in names:
        columns = {field.name for field in start._meta.get_fields()} if hasattr(start, "_meta") else set()
        if not hasattr(start, one):
            return one in columns
        start = getattr(start, one)
    return True


def exists(code: str) -> bool:
    """Whether a cell of the third column names something: an act, a role, a thing, a module, or what is in one."""
    if code in ACTS or (code.startswith("role ") and code[5:] in ROLES):
        return True
    names = code.split(".")
    models = {model.__name__: model for model in tables()}
    if names[0] in models:
        return member(models[names[0]], names[1:])
    for start in ("lianfang", "lianfang.rooms", "lianfang.ground"):
        for length in range(len(names), 0, -1):
            module = ".".join([start, *names[:length]])
            try:
                found = importlib.util.find_spec(module) is not None
            except ModuleNotFoundError:
                found = False
            if found and (length == len(names) or member(importlib.import_module(module), names[length:])):
                return True
    return False


def test_every_code_of_the_glossary_exists() -> None:
    assert [
        code for _, _, cell in rows() for code in re.findall(r"`([^`]+)`", cell) if not exists(code)
    ] == []


def test_every_row_is_whole() -> None:
    for zh, en, code in rows():
        assert HAN.search(zh), zh
        assert not HAN.search(en) and re.search(r"[a-z]", en), zh
        assert re.fullmatch(r"(`[^`]+`(, )?)+", code), zh


def test_no_code_has_two_words() -> None:
    codes = Counter(code for _, _, cell in rows() for code in re.findall(r"`([^`]+)`", cell))
    assert [code for code, times in codes.items() if times > 1] == []


@pytest.mark.parametrize(
    "needed",
    [
        lambda: set(ACTS),
        lambda: {model.__name__ for model in tables()},
        lambda: set(rooms()),
        lambda: {f"role {role}" for role in ROLES},
    ],
    ids=["acts", "things", "rooms", "roles"],
)
def test_everything_has_a_word(needed: Any) -> None:
    assert needed() - set(glossary()) == set()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_called_on_the_desk_what_the_glossary_calls_it(role: str) -> None:
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(str(ROLES[role].label))
    assert tuple(said) == glossary()[f"role {role}"]


def test_no_two_acts_have_one_word() -> None:
    words = Counter(glossary()[kind][0] for kind in ACTS)
    assert [word for word, times in words.items() if times > 1] == []


def test_what_is_not_there_is_found() -> None:
    assert apps.ready
    for gone in (
        "order.vanished",
        "role emperor",
        "Strawberry",
        "Order.smell",
        "ground.magic",
        "rules.editions.Poem",
    ):
        assert not exists(gone), gone
    for there in (
        "Order.Measure",
        "Verification.post",
        "ground.acts",
        "rules.editions.Clause",
        "people.queries.masked",
    ):
        assert exists(there), there
