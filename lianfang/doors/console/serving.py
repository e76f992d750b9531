"""``migrate``, ``demo`` and ``worker``: what ``lianfang up`` runs, and an operator with a database of his own too."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from lianfang import reactions
from lianfang.doors.demo import DEMO_PASSWORD
from lianfang.doors.registers import register_file
from lianfang.ground import clock, followups, migrating, notebook, resealing, seals, vault
from lianfang.ground.acts import reading
from lianfang.ground.home import claim, home, write_closed
from lianfang.rooms.people.roles import installer

from . import REFUSED, importing, setting_up

STORY = datetime(2020, 2, 26, 21, 40, tzinfo=clock.BEIJING)
MORNING = datetime(2020, 2, 26, 8, 0, tzinfo=clock.BEIJING)
STREET = "110198001"


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    """What the commands take."""


def run(name: str, given: argparse.Namespace) -> int:
    """Run ``migrate``, ``demo`` or ``worker``."""
    if name == "migrate":
        return _migrate()
    if name == "demo":
        return _demo()
    return _work()


def _say(text: str) -> None:
    print(text, flush=True)


def _migrate() -> int:
    vault.make_keys(Path(settings.LIANFANG_KEYS))
    migrating.migrate(lambda step: _say(f"  {step}"))
    migrating.claim("demo" if settings.DEMO else "street")
    return 0


def _demo() -> int:
    """Load the demo street into a home that is for a demo, and set its clock: it runs on from the last line written."""
    if not settings.DEMO:
        print(_("Demo data come only with: lianfang up --demo"), file=sys.stderr)
        return REFUSED
    claim(home(), "demo")
    if not (home() / "demo-loaded").exists():
        clock.move_to(MORNING)
        _load(settings.LIANFANG_DATA)
        (home() / "demo-loaded").touch()
    with reading(installer("")):
        last = notebook.last_written()
    clock.move_to(max(STORY, last + timedelta(minutes=1)) if last else STORY)
    write_closed(settings.LIANFANG_DEMO_CLOCK, str(clock.shift().total_seconds()))
    return 0


def _load(data: Path) -> None:
    _say("  " + _("the street, its people and its rules"))
    setting_up.street(data / "demo" / "street.toml", MORNING, DEMO_PASSWORD)
    setting_up.buildings(data / "demo" / "buildings.toml", MORNING)
    setting_up.editions(data / "policies", STREET, MORNING)
    for file, where in setting_up.registers(data / "demo" / "street.toml"):
        _say(f"  {file.name}")
        who = installer(where)
        doors = importing.known_doors(who, where)
        read = register_file.read(file, doors, community=where, on=MORNING.date())
        importing.write(read, file.name, doors, by=who, where=where, at=MORNING)


@app.periodic(cron="* * * * *")
@app.task(name="lianfang.tick", queueing_lock="tick", pass_context=False)
def tick(timestamp: int) -> None:
    """Once a minute the clock looks for what is late and calls the act, and for what was begun and dropped."""
    followups.take_up_dropped()
    for find in reactions.LATE:
        find(clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="lianfang.seal", queueing_lock="seal", pass_context=False)
def seal(timestamp: int) -> None:
    """Once a minute the clock seals what was written; no act waits for it."""
    seals.write(clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="lianfang.reseal", queueing_lock="reseal", pass_context=False)
def reseal(timestamp: int) -> None:
    """While a key of the vault is being changed, seal again for half of each minute."""
    resealing.go_on(seconds=30)


def _work() -> int:
    followups.work()
    return 0
