"""Changing the vault's keys while work goes on: nothing is lost, nothing waits, the old key goes when nobody needs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.test import override_settings

from lianfang.ground import keyring, resealing, seals, vault, verifying
from lianfang.ground.acts import begin, reading, the_clock
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import CONFLICT, Refused
from lianfang.rooms import gates, people
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.people import queries
from lianfang.rooms.people.models import Resident
from lianfang.rooms.places.models import Door
from tests.cast import HOME, STORY, Cast, id_number
from tests.conftest import SERVER

NING, PHONE = id_number("110101", date(1981, 5, 17), "male"), "19900000402"


@pytest.fixture(autouse=True)
def ring(tmp_path: Path, street: str) -> Iterator[Path]:
    """The key file of the tests, copied: what is changed here is changed here only."""
    path = tmp_path / "keys.json"
    path.write_bytes(Path(settings.LIANFANG_KEYS).read_bytes())
    with override_settings(LIANFANG_KEYS=path):
        yield path


def found(cast: Cast, text: str) -> list[str]:
    with reading(cast.wang):
        return sorted(row.resident.name for row in queries.search(HOME, text).rows if row.resident)


def everybody() -> dict[object, tuple[str, str]]:
    with reading(the_clock()):
        return {one.id: (one.opened("id_number"), one.opened("phone")) for one in Resident.objects.all()}


def born_of(cast: Cast, name: str, number: str, phone: str) -> Line:
    with reading(cast.wang):
        door = Door.objects.get(where=f"{HOME}.3.1.502.")
    return people.register(door, name=name, id_number=number, phone=phone, by=cast.wang, at=STORY)


def key_of(name: str) -> str:
    with reading(the_clock()):
        return bytes(Resident.objects.get(name=name).id_number or b"")[1:5].decode()


def all_again() -> None:
    assert resealing.go_on().stuck == []
    assert resealing.needing() == {}


def test_a_process_that_runs_uses_the_new_key_at_once(ring: Path) -> None:
    before = vault.seal("t", new_id(), "f", "x")[1:5]
    assert keyring.rotate(ring) == "k002"
    assert (before, vault.seal("t", new_id(), "f", "x")[1:5]) == (b"k001", b"k002")
    assert keyring.keys().live == ["k002", "k001"]


def test_one_rotation_at_a_time(ring: Path) -> None:
    keyring.rotate(ring)
    before = ring.read_bytes()
    with pytest.raises(Refused):
        keyring.rotate(ring)
    assert ring.read_bytes() == before


def test_the_journal_and_the_seals_keep_their_keys(ring: Path) -> None:
    before = json.loads(ring.read_text())
    keyring.rotate(ring)
    after = json.loads(ring.read_text())
    assert (after["journal"], after["seals"]) == (before["journal"], before["seals"])
    assert after["keys"].keys() == after["index"].keys() == {"k001", "k002"}
    assert after["keys"]["k001"] == before["keys"]["k001"]


def test_everything_is_found_before_during_and_after(ring: Path, cast: Cast) -> None:
    plain = everybody()

    def all_found() -> None:
        for text in (NING, PHONE, PHONE[-4:]):
            assert found(cast, text) == ["宁小松"], text
        assert everybody() == plain

    all_found()
    keyring.rotate(ring)
    all_found()
    assert resealing.needing()["lianfang_resident"] == len(plain)
    for left in range(len(plain), 0, -1):
        assert resealing.needing()["lianfang_resident"] == left
        assert resealing.go_on(seconds=0, slice=1).rows == 1
        all_found()
    all_again()
    all_found()
    assert resealing.retire(ring) == ["k001"]
    all_found()
    assert keyring.keys().live == ["k002"]


def test_it_can_be_broken_off_anywhere_and_goes_on(ring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.rotate(ring)
    left = [resealing.needing()["lianfang_resident"]]
    for turn in range(2):
        calls = iter(range(100))
        real = resealing._write

        def dies(*given: object, calls: Iterator[int] = calls, real: object = real) -> None:
            if next(calls) == 1:
                raise KeyboardInterrupt
            real(*given)  # type: ignore[operator]

        with monkeypatch.context() as patched:
            patched.setattr(resealing, "_write", dies)
            with pytest.raises(KeyboardInterrupt):
                resealing.go_on(slice=1)
        left.append(resealing.needing()["lianfang_resident"])
        assert left[-1] == left[-2] - 1, turn
    all_again()


def test_the_old_key_stays_while_a_row_needs_it(ring: Path) -> None:
    keyring.rotate(ring)
    with pytest.raises(Refused, match="lianfang_resident"):
        resealing.retire(ring)
    assert "k001" in keyring.keys().keys
    all_again()
    assert resealing.retire(ring) == ["k001"]
    assert resealing.retire(ring) == []


def test_the_old_key_stays_while_a_transaction_may_bring_a_row_under_it(ring: Path, cast: Cast) -> None:
    """An act sealed something before the rotation, and commits after everything else was sealed again."""
    begun, go_on = Event(), Event()
    with reading(cast.wang):
        door = Door.objects.get(where=f"{HOME}.3.1.502.")

    def slow() -> None:
        with transaction.atomic():
            begin(cast.wang, new_id())
            row = new_id()
            with connection.cursor() as cursor:
                cursor.execute(
                    'INSERT INTO lianfang_resident (id, "where", also, matter, name, sex, keys, phone)'
                    " VALUES (%s, %s, '{}', %s, '慢先生', 'male', '', %s)",
                    [row, door.where, row, vault.seal("lianfang_resident", row, "phone", "19900000999")],
                )
            begun.set()
            go_on.wait(30)
        connections.close_all()

    writer = Thread(target=slow)
    writer.start()
    assert begun.wait(30)
    keyring.rotate(ring)
    all_again()
    with pytest.raises(Refused):
        resealing.retire(ring, patience=0.2)
    go_on.set()
    writer.join(30)
    with pytest.raises(Refused, match="lianfang_resident 1"):
        resealing.retire(ring)
    all_again()
    assert resealing.retire(ring) == ["k001"]


def test_nobody_is_entered_twice_while_two_index_keys_are_live(ring: Path, cast: Cast) -> None:
    """The database's "once in a community" meets rows under either key."""
    keyring.rotate(ring)
    with pytest.raises(Refused) as no:
        born_of(cast, "另一个", NING, "19900000901")
    assert no.value.code == CONFLICT
    born_of(cast, "新来的", "110101199104050006", "19900000902")
    assert key_of("新来的") == "k002"
    with pytest.raises(Refused):
        born_of(cast, "又一个", "110101199104050006", "19900000903")
    assert found(cast, "110101199104050006") == found(cast, "19900000902") == ["新来的"]
    all_again()
    with pytest.raises(Refused):
        born_of(cast, "再一个", NING, "19900000904")


def test_a_row_an_act_holds_is_left_for_the_next_round(ring: Path) -> None:
    keyring.rotate(ring)
    with psycopg.connect(SERVER.superuser_url, dbname=connection.settings_dict["NAME"]) as held:
        held.execute("SELECT 1 FROM lianfang_resident WHERE name = '曾兰' FOR UPDATE")
        resealing.go_on()
        assert resealing.needing() == {"lianfang_resident": 1}
    all_again()


def test_a_damaged_value_is_named_and_stops_nothing(ring: Path) -> None:
    keyring.rotate(ring)
    with psycopg.connect(SERVER.superuser_url, dbname=connection.settings_dict["NAME"]) as boss:
        other = "set_byte(phone, 30, 255 - get_byte(phone, 30))"
        boss.execute(f"UPDATE lianfang_resident SET phone = {other} WHERE name = '曾兰'")  # type: ignore[arg-type]
    done = resealing.go_on()
    assert len(done.stuck) == 1 and done.stuck[0].startswith("lianfang_resident ")
    assert resealing.needing() == {"lianfang_resident": 1}
    with pytest.raises(Refused):
        resealing.retire(ring)


def test_two_rows_with_one_number_are_named_and_stop_nothing(ring: Path, cast: Cast) -> None:
    """They cannot come by the application; an old fault may have left them. Each keeps the key it has."""
    born_of(cast, "同号", "110101199104050006", "")
    with (
        psycopg.connect(SERVER.superuser_url, dbname=connection.settings_dict["NAME"]) as boss,
        reading(the_clock()),
    ):
        one = Resident.objects.get(name="同号")
        sealed = vault.seal("lianfang_resident", one.id, "id_number", NING)
        boss.execute("UPDATE lianfang_resident SET id_number = %s WHERE id = %s", [sealed, one.id])
    keyring.rotate(ring)
    done = resealing.go_on()
    assert len(done.stuck) == 1
    assert resealing.needing() == {"lianfang_resident": 1}


def test_to_seal_again_is_no_act_and_leaves_no_line(ring: Path, cast: Cast) -> None:
    asked = gates.ask(HOME, post="检查站", asked_for="宁小松", callback="19900000110", by=cast.wang, at=STORY)
    seals.write(STORY)
    with reading(the_clock()):
        before = Line.objects.count()
    keyring.rotate(ring)
    all_again()
    resealing.retire(ring)
    with reading(the_clock()):
        assert Line.objects.count() == before
        assert Verification.objects.get(id=asked.id).opened("callback") == "19900000110"
    assert verifying.verify().wrong == []


def test_seals_of_the_old_signing_key_are_still_checked(ring: Path, cast: Cast) -> None:
    seals.write(STORY)
    assert keyring.rotate_signing(ring) == "s002"
    assert set(json.loads(ring.read_text())["seals"]["private"]) == {"s002"}, "the old one signs nothing more"
    gates.ask(HOME, post="检查站", asked_for="宁小松", by=cast.wang, at=STORY)
    seals.write(STORY)
    assert verifying.verify().wrong == []
    only_new = {"s002": keyring.keys().public["s002"]}
    assert {one.what for one in verifying.verify(public=only_new).wrong} == {"key"}


def test_a_file_from_before_there_were_seals_gets_its_signing_key(ring: Path) -> None:
    old = json.loads(ring.read_text())
    del old["seals"]
    old["index"] = old["index"]["k001"]
    ring.write_text(json.dumps(old))
    keyring.look_again()
    blind = vault.blind("phone", PHONE, 32)
    keyring.make_keys(ring)
    assert keyring.keys().signing == "s001"
    assert vault.blind("phone", PHONE, 32) == blind
    keyring.rotate(ring)
    assert blind in vault.blinds("phone", PHONE, 32)
