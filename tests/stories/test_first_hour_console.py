"""The page ``docs/handbook/first-hour.md``, run as it stands: the console replays the first hour."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from lianfang.doors.console import REFUSED, main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "handbook" / "first-hour.md"


def commands() -> list[list[str]]:
    """The commands of the page's console blocks, split as a shell splits them."""
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line.strip()]


def replay(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Run the page; returns the ids it speaks of."""
    names: dict[str, str] = {}
    for words in commands():
        given = [re.sub(r"\$([A-Z]+)", lambda found: names[found[1]], word) for word in words[1:]]
        assert main([*given, "--json"]) == 0, (given, capsys.readouterr().err)
        said = json.loads(capsys.readouterr().out)
        if given[0] == "find":
            (names["RESIDENT"],) = [one["resident"] for one in said if one["door"] == "3-2-402"]
        if given[:2] == ["act", "order.issued"]:
            (names["NOTICE"],) = [one["id"] for one in said["changed"] if one["thing"] == "notice"]
        if given[0] == "timeline":
            names["kinds"] = " ".join(one["kind"] for one in said)
    return names


def test_the_page_replays_the_first_hour(street: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = replay(capsys)["kinds"].split()
    assert told == [
        "verification.asked",
        "verification.answered",
        "verification.settled",
        "assessment.made",
        "question.asked",
        "question.ruled",
        "order.issued",
        "notice.refused",
    ]


def test_the_page_run_twice_changes_nothing(street: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(capsys)["kinds"] == replay(capsys)["kinds"]


def test_a_worker_cannot_rule_at_the_console_either(street: str, capsys: pytest.CaptureFixture[str]) -> None:
    replay(capsys)
    (ruling,) = [words for words in commands() if words[2] == "question.ruled"]
    given = [word if word != "chen" else "wang" for word in ruling[1:] if word != "--id"]
    given = [word for word in given if not word.endswith("a6")]
    assert main(given) == REFUSED
    assert "✗" in capsys.readouterr().err
