"""Small enough to read: files, functions, rooms; and no drawer names."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from .source import ROOMS, ROOT, files, name, rooms, tree

FILE, FUNCTION, ROOM = 400, 70, 1_200
DRAWERS = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "service", "services", "handler",
           "handlers", "info", "misc", "tmp", "stuff"}  # fmt: skip
TEXTS = (".py", ".html", ".css", ".js")


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def long_functions(node: ast.AST) -> list[str]:
    return [
        f"{one.name}: {one.end_lineno - one.lineno + 1}"
        for one in ast.walk(node)
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
        and one.end_lineno is not None
        and one.end_lineno - one.lineno + 1 > FUNCTION
    ]


def drawer(path: Path) -> bool:
    """A name that says nothing. ``data`` is a folder of reviewed texts at the root, and no name for code."""
    parts = [part.lower().removesuffix(path.suffix) for part in path.relative_to(ROOT).parts]
    code = path.suffix == ".py" and (parts[-1] == "data" or "data" in parts[1:-1])
    return bool(DRAWERS & set(parts)) or code


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert {name(path): lines(path) for path in files(kinds=TEXTS) if lines(path) > FILE} == {}


def test_no_function_is_longer_than_seventy_lines() -> None:
    long = {name(path): found for path in files() if (found := long_functions(tree(path)))}
    assert long == {}


@pytest.mark.parametrize("room", rooms())
def test_no_room_is_larger_than_one_can_know(room: str) -> None:
    assert sum(lines(path) for path in files(f"lianfang/rooms/{room}")) <= ROOM


def test_the_middle_file_fits_one_screen_or_two() -> None:
    sizes = sorted(lines(path) for path in files("lianfang"))
    assert sizes[len(sizes) // 2] <= 120


def test_no_name_is_a_drawer() -> None:
    assert [name(path) for path in files(kinds=(*TEXTS, ".toml", ".md")) if drawer(path)] == []


def test_every_room_says_what_it_is_for() -> None:
    for room in rooms():
        assert ast.get_docstring(tree(ROOMS / room / "__init__.py")), room


def test_a_long_function_and_a_drawer_are_found() -> None:
    assert long_functions(ast.parse("def f():\n" + "    x = 1\n" * 70)) == ["f: 71"]
    assert not long_functions(ast.parse("def f():\n" + "    x = 1\n" * 69))
    for bad in (
        "lianfang/ground/utils.py",
        "lianfang/core/x.py",
        "lianfang/rooms/gates/data.py",
        "lianfang/data/x.py",
    ):
        assert drawer(ROOT / bad), bad
    for good in ("data/demo/invented_people.py", "data/policies/x.toml", "lianfang/rooms/gates/acts.py"):
        assert not drawer(ROOT / good), good
