"""The page ``docs/handbook/seals.md``, run as it stands."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from lianfang.doors.console import main
from lianfang.ground import keyring
from tests.cast import HOME

PAGE = Path(__file__).resolve().parents[2] / "docs" / "handbook" / "seals.md"


@pytest.fixture(autouse=True)
def aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder for the files of the page, and keys of its own: those of the other tests stay."""
    (tmp_path / "keys.json").write_bytes(Path(settings.LIANFANG_KEYS).read_bytes())
    monkeypatch.chdir(tmp_path)
    with override_settings(LIANFANG_KEYS=tmp_path / "keys.json"):
        yield


def commands() -> list[str]:
    """The commands of the page's console blocks."""
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_the_page_runs_as_it_stands(street: str, capsys: pytest.CaptureFixture[str]) -> None:
    said: dict[str, str] = {}
    head = ""
    for line in commands():
        command, _, file = line.partition(" > ")
        words = shlex.split(command.replace("$HEAD", head))
        assert main(words[1:]) == 0, (line, capsys.readouterr().err)
        said[line] = capsys.readouterr().out
        if file:
            Path(file).write_text(said[line], encoding="utf-8")
        if line == "lianfang seal":
            head = next(one for one in said[line].splitlines() if one.startswith(HOME))
    assert len(said) == len(commands()) - 1, "the last one stands there twice"
    assert HOME in said["lianfang verify"] and "✓" in said["lianfang verify"]
    report = json.loads(said['lianfang verify --head "$HEAD" --json'])
    assert report["sound"] and report["lines"] > 20
    assert (keyring.keys().live, keyring.keys().signing) == (["k002"], "s002")
