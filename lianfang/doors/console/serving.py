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

from . import MISUNDERSTOOD, REFUSED, demo_story, importing, setting_up

STORY = datetime(2020, 2, 26, 21, 40, tzinfo=clock.BEIJING)
MORNING = datetime(2020, 2, 26, 8, 0, tzinfo=clock.BEIJING)
STREET = "110198001"


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    """What the commands take."""
    if name == "demo":
        parser.add_argument("--to", default="", metavar="SCENE", help=_("play the story until then"))


def run(name: str, given: argparse.Namespace) -> int:
    """Run ``migrate``, ``demo`` or ``worker``."""
    if name == "migrate":
        return _migrate()
    if name == "demo":
        return _demo(given.to)
    return _work()


def _say(text: str) -> None:
    print(text, flush=True)


def _migrate() -> int:
    vault.make_keys(Path(settings.LIANFANG_KEYS))
    migrating.migrate(lambda step: _say(f"  {step}"))
    migrating.claim("demo" if settings.DEMO else "street")
    return 0


def _demo(to: str) -> int:
    """Load the demo street into a home that is for a demo, play its story until ``to``, and set its clock: it runs on from
    the last line written."""
    if not settings.DEMO:
        print(_("Demo data come only with: lianfang up --demo"), file=sys.stderr)
        return REFUSED
    story = settings.LIANFANG_DATA / "demo" / "night.toml"
    try:
        until = demo_story.moment_of(story, to) if to else None
    except demo_story.NoScene:
        print(
            _("The story has these scenes; a time may be said too, such as 2020-02-28T09:00:"),
            file=sys.stderr,
        )
        for one in demo_story.scenes(story):
            print(f"  {one.name:<10}{one.at:%m-%d %H:%M}  {one.words}", file=sys.stderr)
        return MISUNDERSTOOD
    claim(home(), "demo")
    if not (home() / "demo-loaded").exists():
        clock.move_to(MORNING)
        _load(settings.LIANFANG_DATA)
        (home() / "demo-loaded").touch()
    no = demo_story.play(story, until, _say) if until else None
    if no is not None:
        _say("  " + _("Here the story took another way, and goes on by hand: %s") % no.message)
    with reading(installer("")):
        last = notebook.last_written()
    on = max(STORY, last + timedelta(minutes=1)) if last else STORY
    clock.move_to(max(on, until) if until and no is None else on)
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
