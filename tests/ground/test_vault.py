"""Identifiers under lock: what is sealed opens at its own place, under its own key, or not at all."""

from __future__ import annotations

import json
import stat
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from lianfang.ground import vault

ROW = UUID("01953f5e-0000-7000-8000-000000000001")
NUMBER = "110101198105170006"


@pytest.fixture
def other_keys(tmp_path: Path) -> Iterator[Path]:
    """Another installation's keys, in force during a test."""
    path = tmp_path / "keys.json"
    vault.make_keys(path)
    with override_settings(LIANFANG_KEYS=path):
        yield path


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_what_is_sealed_opens_again(value: str) -> None:
    sealed = vault.seal("t", ROW, "f", value)
    assert vault.unseal("t", ROW, "f", sealed) == value
    assert vault.unseal("t", ROW, "f", memoryview(sealed)) == value


def test_the_same_value_sealed_twice_looks_different() -> None:
    assert vault.seal("t", ROW, "f", NUMBER) != vault.seal("t", ROW, "f", NUMBER)
    assert NUMBER.encode() not in vault.seal("t", ROW, "f", NUMBER)


@pytest.mark.parametrize(
    ("table", "row", "field"),
    [("u", ROW, "f"), ("t", uuid4(), "f"), ("t", ROW, "g")],
    ids=["table", "row", "field"],
)
def test_a_value_moved_to_another_place_does_not_open(table: str, row: UUID, field: str) -> None:
    with pytest.raises(vault.VaultError):
        vault.unseal(table, row, field, vault.seal("t", ROW, "f", NUMBER))


def test_a_value_changed_at_any_byte_does_not_open() -> None:
    sealed = vault.seal("t", ROW, "f", NUMBER)
    for place in range(len(sealed)):
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises(vault.VaultError):
            vault.unseal("t", ROW, "f", bytes(broken))


def test_a_value_cut_short_or_lengthened_does_not_open() -> None:
    sealed = vault.seal("t", ROW, "f", NUMBER)
    for broken in (b"", *(sealed[:length] for length in range(len(sealed))), sealed + b"\0"):
        with pytest.raises(vault.VaultError):
            vault.unseal("t", ROW, "f", broken)


def test_another_installations_keys_do_not_open_it(other_keys: Path) -> None:
    sealed = vault.seal("t", ROW, "f", NUMBER)
    with override_settings(LIANFANG_KEYS=settings.LIANFANG_KEYS.parent / "third.json"):
        vault.make_keys(settings.LIANFANG_KEYS)
        with pytest.raises(vault.VaultError):
            vault.unseal("t", ROW, "f", sealed)


def test_an_old_key_still_opens_what_it_sealed_and_a_new_one_seals(other_keys: Path) -> None:
    sealed = vault.seal("t", ROW, "f", NUMBER)
    ring = json.loads(other_keys.read_text())
    ring["keys"]["k002"] = ring["index"]["k002"] = b64encode(bytes(range(32))).decode()
    newer = other_keys.with_name("newer.json")
    newer.write_text(json.dumps(ring | {"current": "k002"}))
    with override_settings(LIANFANG_KEYS=newer):
        assert vault.unseal("t", ROW, "f", sealed) == NUMBER
        assert vault.seal("t", ROW, "f", NUMBER)[1:5] == b"k002"
        relabelled = sealed[:1] + b"k002" + sealed[5:]
        with pytest.raises(vault.VaultError):
            vault.unseal("t", ROW, "f", relabelled)


def test_a_number_is_found_by_its_index_and_the_index_does_not_tell_it() -> None:
    index = vault.blind("id_number", NUMBER)
    assert index == vault.blind("id_number", NUMBER)
    assert len(index) == 32
    assert index != vault.blind("id_number", NUMBER[:-1] + "X")
    assert index != vault.blind("phone", NUMBER), "each field has a key of its own"


def test_a_short_index_keeps_its_bits_only() -> None:
    assert vault.blind("phone", "19900000402", 32) == vault.blind("phone", "19900000402")[:4]
    tails = {vault.blind("phone_tail", f"{tail:04}", 16) for tail in range(10_000)}
    assert len(tails) < 10_000, "some tails share an index: it is no table of phones"


def test_an_index_needs_the_key(other_keys: Path) -> None:
    ours = vault.blind("phone", "19900000402")
    with override_settings(LIANFANG_KEYS=other_keys.with_name("third.json")):
        vault.make_keys(settings.LIANFANG_KEYS)
        assert vault.blind("phone", "19900000402") != ours


def test_a_fingerprint_is_of_one_row_one_field_one_value() -> None:
    prints = {
        vault.fingerprint(row, field, value)
        for row in (ROW, uuid4())
        for field in ("name", "remark")
        for value in ("宁小松", "曾兰", None, "", 1, "1")
    }
    assert len(prints) == 24
    assert vault.fingerprint(ROW, "name", "宁小松") in {vault.fingerprint(ROW, "name", "宁小松")}
    assert all(len(one) == 25 and one.startswith("#") for one in prints)


def test_the_key_file_is_closed_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    vault.make_keys(path)
    first = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    vault.make_keys(path)
    assert path.read_bytes() == first
    path.write_text("damaged")
    vault.make_keys(path)
    assert path.read_text() == "damaged", "a damaged key file is somebody's only copy"


def test_each_installation_makes_its_own_keys(tmp_path: Path) -> None:
    for name in ("one", "two"):
        vault.make_keys(tmp_path / name)
    one, two = (json.loads((tmp_path / name).read_text()) for name in ("one", "two"))
    secrets = [
        {*ring["keys"].values(), *ring["index"].values(), ring["journal"], *ring["seals"]["private"].values()}
        for ring in (one, two)
    ]
    assert len(secrets[0] | secrets[1]) == 8
