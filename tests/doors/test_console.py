"""The console's other commands: help, the rules without a database, finding, and whether an installation is sound."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from lianfang.doors.console import COMMANDS, MISUNDERSTOOD, REFUSED, main
from tests.conftest import SERVER
from tests.night import NING

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(NING), encoding="utf-8")
    return path


def test_help_names_every_command_of_an_operator(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all((name in shown) is not one.hidden for name, one in COMMANDS.items())


@pytest.mark.parametrize("name", sorted(name for name, one in COMMANDS.items() if not one.hidden))
def test_each_command_has_help_of_its_own(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0 and f"lianfang {name}" in capsys.readouterr().out


def test_an_unknown_command_is_not_understood(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fly"]) == MISUNDERSTOOD
    assert "timeline" in capsys.readouterr().err


def test_decide_says_unclear_on_the_night_and_exempt_after_18_april(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {}
    for on in ("2020-02-26", "2020-04-18"):
        assert main(["decide", "--on", on, "--where", "110198001001", "--facts", str(facts), "--json"]) == 0
        answers[on] = json.loads(capsys.readouterr().out)
    assert [one["answer"] for one in answers.values()] == ["unclear", "exempt"]
    assert main(["decide", "--on", "2020-02-26", "--where", "110198001001", "--facts", str(facts)]) == 0
    shown = capsys.readouterr().out
    assert "转述" in shown and "lives_in" in shown and "nights_away" in shown


@pytest.mark.parametrize("said", ['{"origin": 7}', '{"colour": "red"}', "[]", "{", '{"nights_away": 9999}'])
def test_decide_refuses_what_is_no_fact_and_says_which(
    tmp_path: Path, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(said, encoding="utf-8")
    assert main(["decide", "--on", "2020-02-26", "--where", "110198001001", "--facts", str(path)]) == REFUSED
    assert "✗" in capsys.readouterr().err


def test_decide_and_facts_need_no_database() -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("LIANFANG_")}
    done = subprocess.run(
        [sys.executable, "-m", "lianfang", "facts", "--json"],
        cwd=ROOT,
        env=own | {"LIANFANG_HOME": str(Path(os.environ["LIANFANG_HOME"]) / "no-database")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "nights_away" in {one["key"] for one in json.loads(done.stdout)}


def test_find_answers_those_who_may_see_names(street: str, capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("nxs", "宁小松", "3-2-402"):
        assert main(["find", text, "--as", "wang", "--json"]) == 0
        assert "宁小松" in {one["name"] for one in json.loads(capsys.readouterr().out)}
    assert main(["find", "nobodyhere", "--as", "wang"]) == REFUSED
    assert main(["find", "nxs", "--as", "zhou"]) == REFUSED
    assert "宁小松" not in capsys.readouterr().out


def test_a_sound_installation_is_found_sound(street: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json"]) == 0
    assert all(one["wrong"] == [] for one in json.loads(capsys.readouterr().out))


def test_a_table_without_row_level_security_is_found(street: str, capsys: pytest.CaptureFixture[str]) -> None:
    with psycopg.connect(SERVER.superuser_url, dbname=street, autocommit=True) as connection:
        connection.execute("ALTER TABLE lianfang_resident NO FORCE ROW LEVEL SECURITY")
    assert main(["check"]) == REFUSED
    assert "lianfang_resident" in capsys.readouterr().out


def test_acts_are_listed_and_an_unknown_one_is_refused(
    street: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["act"]) == 0
    assert "verification.asked" in capsys.readouterr().out
    assert main(["act", "house.painted", "--as", "wang"]) == REFUSED
    assert main(["act", "verification.asked", "--as", "wang", "--set", "post"]) == MISUNDERSTOOD
    capsys.readouterr()
    assert main(["act", "verification.asked", "--as", "wang", "--json"]) == REFUSED
    assert {"post", "asked_for"} <= set(json.loads(capsys.readouterr().out)["fields"])


def test_a_timeline_is_for_those_who_see_the_place(street: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["timeline", "3-2-402", "--as", "wang"]) == 0
    assert main(["timeline", "110198001001.3.2.402.", "--as", "fang"]) == REFUSED
    assert main(["timeline", "9-9-999", "--as", "wang"]) == REFUSED
