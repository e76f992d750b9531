"""CONTRIBUTING's six steps, followed to the letter in a copy of the house."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from .source import ROOT

STEP = re.compile(r"<!-- (?P<file>\S+): (?P<place>.+?) -->\n```\w+\n(?P<text>.*?)```", re.DOTALL)
LEFT = shutil.ignore_patterns(
    ".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "*.xlsx", "*.png"
)
CATALOGUE = Path("lianfang/rooms/locale/zh_Hans/LC_MESSAGES/django.po")
ASKED = [
    "tests/house/test_every_act.py",
    "tests/house/test_glossary.py",
    "tests/house/test_words.py",
    "tests/house/test_replay.py",
    "tests/rooms/notes",
    "tests/promises/test_t3_partial_failure.py",
]


def steps() -> list[tuple[str, str, str]]:
    """File, place and text of each block, in the order of the page."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return [(one["file"], one["place"], one["text"]) for one in STEP.finditer(page)]


def follow(house: Path, file: str, place: str, text: str) -> None:
    """Do what one block says."""
    path = house / file
    if place == "a new file":
        assert not path.exists()
        path.write_text(text, encoding="utf-8")
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if place == "at the end":
        lines += ["\n\n", text] if path.suffix == ".py" else ["\n", text]
    elif place == "instead of all after the docstring":
        end = next(i for i, line in enumerate(lines) if line.rstrip().endswith('"""'))
        lines[end + 1 :] = ["\n", text]
    else:
        found = re.fullmatch(r"(instead of|before|after) the line that (begins|holds) (.+)", place)
        assert found, place
        how, what, words = found.groups()
        (at,) = [
            i for i, one in enumerate(lines) if (one.startswith(words) if what == "begins" else words in one)
        ]
        lines[at + (how == "after") : at + (how != "before")] = [text]
    path.write_text("".join(lines), encoding="utf-8")


def compile_catalogue(house: Path) -> None:
    """What ``pybabel compile`` does."""
    with (house / CATALOGUE).open("rb") as source:
        catalogue = read_po(source, locale="zh_Hans")
    with (house / CATALOGUE).with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, catalogue)


def run_tests(house: Path, *chosen: str) -> subprocess.CompletedProcess[str]:
    """Chosen tests of the copy, in a process of its own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LIANFANG_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *chosen],
        cwd=house,
        env=own | {"PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the house."""
    house = tmp_path / "house"
    shutil.copytree(ROOT, house, ignore=LEFT)
    return house


def test_the_six_steps_make_an_act_the_house_accepts(copy: Path) -> None:
    assert len(steps()) == 9
    for file, place, text in steps():
        follow(copy, file, place, text)
    compile_catalogue(copy)
    done = run_tests(copy, *ASKED)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_without_its_phrase_the_house_says_so(copy: Path) -> None:
    for file, place, text in steps():
        if not file.endswith("phrases.py"):
            follow(copy, file, place, text)
    done = run_tests(copy, "tests/house/test_every_act.py")
    assert done.returncode == 1 and "water.asked" in done.stdout
