"""The code as text and as trees, for tests that read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("lianfang", "config", "tests", "bench", "data", "docs", "phone", ".ci")
NOT_OURS = {"__pycache__", "migrations", "node_modules", "var"}
ROOMS = ROOT / "lianfang" / "rooms"


def files(*folders: str, kinds: tuple[str, ...] = (".py",)) -> list[Path]:
    """Every file of ours with one of these endings, below some folders (all of ours if none is named)."""
    found = (
        [path for path in ROOT.iterdir() if path.is_file() and path.suffix in kinds] if not folders else []
    )
    for folder in folders or OURS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in kinds and not NOT_OURS & set(path.relative_to(ROOT).parts):
                found.append(path)
    return sorted(found)


def name(path: Path) -> str:
    """A file as it is spoken of: its path from the root."""
    return path.relative_to(ROOT).as_posix()


@lru_cache(maxsize=1_000)
def tree(path: Path) -> ast.Module:
    """The file as a syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def calls(node: ast.AST) -> Iterator[tuple[int, str, str, ast.Call]]:
    """Every call below a node: line, what it is called on (a dotted name, or "…"), the name called, the call."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call):
            if isinstance(one.func, ast.Attribute):
                yield one.lineno, dotted(one.func.value), one.func.attr, one
            elif isinstance(one.func, ast.Name):
                yield one.lineno, "", one.func.id, one


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of nested attributes; "…" where it begins with something else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "…"


def imports(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name imported below a node, inside functions too: line, and dotted name (relative ones begin with dots)."""
    for one in ast.walk(node):
        if isinstance(one, ast.Import):
            yield from ((one.lineno, alias.name) for alias in one.names)
        elif isinstance(one, ast.ImportFrom):
            start = "." * one.level + (one.module or "")
            yield from ((one.lineno, f"{start}.{alias.name}") for alias in one.names)


def room_of(path: Path) -> str:
    """The room a file belongs to."""
    return path.relative_to(ROOMS).parts[0]


def is_acts(path: Path) -> bool:
    """Whether a file is one that may write: ``acts.py``, or ``acts_….py`` where a room has many deeds."""
    return path.name == "acts.py" or path.name.startswith("acts_")


def acts_of(room: str) -> list[Path]:
    """The files of a room that may write."""
    return [path for path in files(f"lianfang/rooms/{room}") if is_acts(path)]


def rooms() -> list[str]:
    """Every room there is."""
    return sorted(path.name for path in ROOMS.iterdir() if (path / "__init__.py").exists())
