"""T26, the short form: the vault's keys are changed while people are entered and searched. Nobody waits, nobody is lost,
everybody is found all the time, and in the end the old key opens nothing and is gone."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread
from time import sleep

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings

from lianfang.doors.console.supervising import environment, python
from lianfang.ground import embedded, keyring, resealing
from lianfang.ground.acts import Row, many, reading, the_clock
from lianfang.ground.ids import new_id
from lianfang.rooms import people
from lianfang.rooms.people import queries
from lianfang.rooms.people.models import Resident
from lianfang.rooms.places.models import Door
from tests.cast import HOME, STORY, Cast, id_number
from tests.conftest import SERVER

BEFORE, AT_LEAST = 300, 20
"""How many are entered before, and how many each writer and searcher does at least after each step."""

PAUSE = 0.02
"""Seconds between two deeds of one of them: people think."""


class Work:
    """People who are entered, and searched, until told to stop."""

    def __init__(self, dice: Random, cast: Cast) -> None:
        self.dice, self.who, self.lock = dice, cast.wang, Lock()
        with reading(self.who):
            self.doors = list(Door.objects.filter(where__under=HOME).order_by("where"))
        self.acked: list[tuple[str, str, str]] = []
        self.missed: list[str] = []
        self.searched = self.entered = self.number = 0
        self.enough = Event()

    def somebody(self) -> tuple[str, str, str]:
        """A name, an ID number and a phone nobody had before."""
        with self.lock:
            self.number += 1
            number = self.number
        # Sequence 000 is nobody's: for so many invented people only the day of birth is left to differ.
        return (
            f"某{number}",
            id_number("110101", date(1920, 1, 1) + timedelta(days=number), "male"),
            f"199000{10_000 + number}",
        )

    def begin(self) -> None:
        given = [self.somebody() for _ in range(BEFORE)]
        rows = [
            Row(
                new_id(), (self.dice.choice(self.doors),), {"name": name, "id_number": number, "phone": phone}
            )
            for name, number, phone in given
        ]
        assert all(one.line for one in many(people.register, rows, by=self.who, at=STORY))
        self.acked += given

    def enter(self, dice: Random) -> None:
        while not self.enough.is_set():
            name, number, phone = self.somebody()
            door = dice.choice(self.doors)
            people.register(door, name=name, id_number=number, phone=phone, by=self.who, at=STORY)
            with self.lock:
                self.acked.append((name, number, phone))
                self.entered += 1
            sleep(PAUSE)
        connections.close_all()

    def search(self, dice: Random) -> None:
        while not self.enough.is_set():
            with self.lock:
                name, number, phone = dice.choice(self.acked)
            text = dice.choice([number, phone])
            with reading(self.who):
                names = {row.resident.name for row in queries.search(HOME, text).rows if row.resident}
            with self.lock:
                self.searched += 1
                if name not in names:
                    self.missed.append(f"{name} by {text}")
            sleep(PAUSE)
        connections.close_all()


@pytest.fixture
def house(tmp_path: Path, street: str) -> Iterator[dict[str, str]]:
    """A home of its own for the keys, beside the street of the tests; the environment of its commands."""
    (tmp_path / "keys.json").write_bytes(Path(settings.LIANFANG_KEYS).read_bytes())
    own = f"@/{embedded.DATABASE}?"
    with override_settings(LIANFANG_KEYS=tmp_path / "keys.json"):
        yield environment(
            {
                "LIANFANG_HOME": str(tmp_path),
                "LIANFANG_DATABASE_URL": SERVER.app_url.replace(own, f"@/{street}?"),
                "LIANFANG_OWNER_URL": SERVER.owner_url.replace(own, f"@/{street}?"),
            }
        )


def lianfang(house: dict[str, str], *words: str) -> int:
    return subprocess.run(
        python("lianfang", *words), env=house, stdout=subprocess.DEVNULL, check=False
    ).returncode


def test_keys_are_changed_while_people_are_entered_and_found(house: dict[str, str], street: str) -> None:
    seed = os.environ.get("LIANFANG_SEED") or secrets.token_hex(4)
    print(f"LIANFANG_SEED={seed}")
    dice, cast = Random(seed), Cast()
    work = Work(dice, cast)
    work.begin()
    threads = [Thread(target=work.enter, args=(Random(f"{seed}{n}"),)) for n in range(2)]
    threads += [Thread(target=work.search, args=(Random(f"{seed}{n}"),)) for n in range(2, 4)]
    for one in threads:
        one.start()
    try:
        for step in ("before", "rotate", "reseal, killed", "reseal", "retire"):
            match step:
                case "rotate":
                    assert lianfang(house, "keys", "rotate") == 0
                    assert lianfang(house, "keys", "retire", "--yes") == 1, "rows still need it"
                case "reseal, killed":
                    child = subprocess.Popen(
                        python("lianfang", "keys", "reseal"), env=house, stdout=subprocess.DEVNULL
                    )
                    left = sum(resealing.needing().values())
                    while child.poll() is None and sum(resealing.needing().values()) == left:
                        sleep(0.01)
                    child.kill()
                    child.wait()
                case "reseal":
                    assert lianfang(house, "keys", "reseal") == 0
                case "retire":
                    assert lianfang(house, "keys", "retire", "--yes") == 0
            searched, entered = work.searched, work.entered
            while work.searched < searched + AT_LEAST or work.entered < entered + AT_LEAST:
                assert all(one.is_alive() for one in threads), step
                sleep(0.02)
    finally:
        work.enough.set()
        for one in threads:
            one.join()
    print(f"{work.entered} entered and {work.searched} searched while the keys were changed")
    assert work.missed == []
    assert keyring.keys().live == ["k002"]
    with reading(the_clock()):
        held = {one.name: (one.opened("id_number"), one.opened("phone")) for one in Resident.objects.all()}
    assert {name: held.get(name) for name, *_ in work.acked} == {name: (n, p) for name, n, p in work.acked}
    with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
        keys = boss.execute(
            "SELECT DISTINCT substring(id_number FROM 2 FOR 4) FROM lianfang_resident"
        ).fetchall()
    assert [bytes(one) for (one,) in keys] == [b"k002"]
