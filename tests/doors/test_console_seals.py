"""``lianfang seal``, ``verify`` and ``keys``: what they say, and their exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.test import override_settings

from lianfang.doors.console import MISUNDERSTOOD, REFUSED, UNCONFIRMED, main
from lianfang.ground import keyring, seals
from tests.cast import HOME, NEIGHBOUR, STORY
from tests.conftest import SERVER

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, street: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keys of its own, and an operator who reads English."""
    path = tmp_path / "keys.json"
    path.write_bytes(Path(settings.LIANFANG_KEYS).read_bytes())
    monkeypatch.setenv("LIANFANG_LANG", "en")
    with override_settings(LIANFANG_KEYS=path):
        yield path


def said(capsys: Said, *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main(words) == code, capsys.readouterr()
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return told.out + told.err


def boss(street: str, statement: str) -> None:
    with psycopg.connect(SERVER.superuser_url, dbname=street) as link:
        assert link.execute(statement).rowcount  # type: ignore[arg-type]


def test_it_seals_and_prints_the_heads(capsys: Said) -> None:
    lines = said(capsys, "seal").splitlines()
    assert [one.split(" ")[0] for one in lines] == ["0", "11", "110198", "110198001", HOME, NEIGHBOUR]
    (only,) = said(capsys, "seal", "--where", HOME).splitlines()
    assert only in lines


def test_what_is_sound_is_said_to_be(capsys: Said) -> None:
    seals.write(STORY)
    told = said(capsys, "verify")
    assert told.count("✓") == 7
    assert "all as they were sealed" in told


def test_the_first_wrong_line_is_named(capsys: Said, street: str) -> None:
    seals.write(STORY)
    where = f"id = (SELECT id FROM lianfang_leaf WHERE \"where\" = '{HOME}' AND n = 5)"
    boss(street, f"UPDATE lianfang_line SET facts = '{{\"x\": 1}}' WHERE {where}")
    told = said(capsys, "verify", code=REFUSED)
    assert f"✗ {HOME}" in told
    assert "#5" in told and "is not what was sealed" in told
    (wrong,) = json.loads(said(capsys, "verify", "--json", code=REFUSED))["wrong"]
    assert (wrong["chain"], wrong["n"], wrong["what"]) == (HOME, 5, "body")
    assert said(capsys, "verify", "--where", NEIGHBOUR)


@pytest.mark.parametrize("kept", ["text", "file", "json"])
def test_a_head_from_outside_finds_what_was_cut_off(
    capsys: Said, street: str, tmp_path: Path, kept: str
) -> None:
    text = said(capsys, "seal", "--where", HOME, *(["--json"] if kept == "json" else []))
    if kept != "text":
        (tmp_path / "heads").write_text(text, encoding="utf-8")
        text = str(tmp_path / "heads")
    assert "as the head from outside says" in said(capsys, "verify", "--head", text)
    for table in ("seal", "leaf"):
        boss(street, f"DELETE FROM lianfang_{table} WHERE \"where\" = '{HOME}'")
    boss(street, f"DELETE FROM lianfang_line WHERE \"where\" LIKE '{HOME}%'")
    assert said(capsys, "verify")
    told = said(capsys, "verify", "--head", text, code=REFUSED)
    assert "the end was cut off" in told and "#1 … #" in told


def test_lines_that_wait_are_counted(capsys: Said) -> None:
    assert "lines wait for their seal" in said(capsys, "verify")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["verify", "--head", "nothing of the kind"], MISUNDERSTOOD),
        (["verify", "--head", "\x00"], MISUNDERSTOOD),
        (["verify", "--head", "x" * 5_000], MISUNDERSTOOD),
        (["verify", "--head", '{"chain": 1}'], MISUNDERSTOOD),
        (["verify", "--where", "Paris"], MISUNDERSTOOD),
        (["verify", "--public", "/nowhere"], REFUSED),
        (["verify", "--public", "/dev/null"], REFUSED),
        (["seal", "--where", "1"], MISUNDERSTOOD),
        (["keys", "retire"], UNCONFIRMED),
    ],
    ids=str,
)
def test_what_is_not_understood_is_refused_with_a_sentence(capsys: Said, words: list[str], code: int) -> None:
    assert said(capsys, *words, code=code).strip()


def test_public_keys_taken_away_check_and_others_do_not(capsys: Said, tmp_path: Path) -> None:
    seals.write(STORY)
    for form in ([], ["--json"]):
        (tmp_path / "public").write_text(said(capsys, "keys", *form, "public"), encoding="utf-8")
        assert said(capsys, "verify", "--public", str(tmp_path / "public"))
    other = tmp_path / "other.json"
    keyring.make_keys(other)
    with override_settings(LIANFANG_KEYS=other):
        (tmp_path / "public").write_text(said(capsys, "keys", "public"), encoding="utf-8")
    told = said(capsys, "verify", "--public", str(tmp_path / "public"), code=REFUSED)
    assert "is not what was signed" in told


def test_a_key_is_changed_step_by_step(capsys: Said, keys: Path) -> None:
    assert "k001 seals and finds" in said(capsys, "keys")
    assert "There is no old key." in said(capsys, "keys", "retire", "--yes")
    assert "k002 seals and finds" in said(capsys, "keys", "rotate")
    assert "not finished" in said(capsys, "keys", "rotate", code=REFUSED)
    told = said(capsys, "keys")
    assert "k001 only reads" in told and "lianfang_resident: 5 rows" in told
    assert "lianfang_resident 5" in said(capsys, "keys", "retire", "--yes", code=REFUSED)
    assert "5 rows sealed again" in said(capsys, "keys", "reseal")
    assert json.loads(said(capsys, "keys", "--json"))["needing"] == {}
    assert "Gone: k001" in said(capsys, "keys", "retire", "--yes")
    assert list(json.loads(keys.read_text())["keys"]) == ["k002"]


def test_a_key_file_that_is_not_there_is_said(capsys: Said, keys: Path) -> None:
    keys.unlink()
    assert str(keys) in said(capsys, "keys", code=REFUSED)
    assert str(keys) in said(capsys, "seal", code=REFUSED)
