"""The repository speaks of the software, and of no machine it was written on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from .source import ROOT, files, name

TEXTS = (
    ".py",
    ".html",
    ".css",
    ".js",
    ".svg",
    ".md",
    ".toml",
    ".txt",
    ".po",
    ".json",
    ".lock",
    ".yml",
    ".cfg",
    ".ini",
    "",
)
# Put together here, so that this page does not speak of them either.
MACHINE = re.compile(
    "|".join(["/" + "work/", "/" + "root/", "/" + r"home/\w+/", "/" + r"Users/\w+", r"[A-Z]:\\" + "Users"])
)
REGISTRY = re.compile(
    "|".join(
        [
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "npm" + r"js\.(com|org)",
            "index" + "-url",
            "mir" + r"rors?\.\w+",
        ]
    )
)
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{30}")
PERSON = re.compile(r"(?<!\d)[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d{3})[\dXx](?!\d)")
MOBILE = re.compile(r"(?<![\d.])1[3-9]\d{9}(?!\d)")


def ours() -> list[Path]:
    found = [
        path
        for path in files(kinds=TEXTS)
        if path.suffix or path.name in ("Makefile", "LICENSE", ".importlinter", "run")
    ]
    return [path for path in found if path.stat().st_size < 2_000_000]


def lines_with(pattern: re.Pattern[str], text: str) -> list[str]:
    return [line.strip()[:100] for line in text.splitlines() if pattern.search(line)]


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY, SECRET], ids=["machine", "registry", "secret"])
def test_no_file_speaks_of(pattern: re.Pattern[str]) -> None:
    found = {
        name(path): said
        for path in ours()
        if (said := lines_with(pattern, path.read_text(encoding="utf-8", errors="replace")))
    }
    assert found == {}


def invented_number(match: re.Match[str]) -> bool:
    """Sequence 000 was never given to anybody."""
    return match[4] == "000"


def test_every_person_is_invented() -> None:
    """ID numbers have the sequence 000, which is nobody's; mobile numbers begin 199000."""
    found = []
    for path in ours():
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [(name(path), one[0]) for one in PERSON.finditer(text) if not invented_number(one)]
        if path.suffix != ".lock":
            found += [
                (name(path), one[0]) for one in MOBILE.finditer(text) if not one[0].startswith("199000")
            ]
    assert found == []


def test_dependencies_are_pinned_with_hashes() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text()
        pinned = re.findall(r"^([A-Za-z0-9_.-]+)(\[[^\]]*\])?==", text, re.MULTILINE)
        assert len(pinned) > 10
        assert len(re.findall(r"^\S.*==.*\\\n(?=\s+--hash=sha256:)", text, re.MULTILINE)) == len(pinned), lock


def test_what_the_project_asks_for_is_in_the_lock() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    locked = {
        re.sub(r"[-_.]+", "-", one).lower()
        for one in re.findall(r"^([A-Za-z0-9_.-]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    }
    names = {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ;]", one)[0]).lower() for one in asked}
    assert names <= locked


def test_planted_words_are_found() -> None:
    assert lines_with(MACHINE, "see /" + "work/main/x")
    assert lines_with(REGISTRY, "--index" + "-url https://x")
    assert lines_with(SECRET, "-----BEGIN " + "PRIVATE KEY-----")
    real = PERSON.search("11010519491231" + "0021")
    assert real and not invented_number(real)
    assert MOBILE.search("打 1380" + "0138000")
