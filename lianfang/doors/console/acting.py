"""``lianfang act`` and ``lianfang timeline``: any deed as somebody, and the story of a door or a matter."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors import asking
from lianfang.ground import clock
from lianfang.ground.acts import ACTS, Actor, reading
from lianfang.ground.refusals import FORBIDDEN, Refused
from lianfang.reports import timeline as timelines
from lianfang.rooms.places import queries as places
from lianfang.rooms.tokens import passwords as entering

from . import MISUNDERSTOOD, REFUSED
from .saying import say_json, say_refusal


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    """What the two commands take."""
    parser.add_argument(
        "--as", dest="who", default=os.environ.get("LIANFANG_AS", ""), metavar="NAME", help=_("sign-in name")
    )
    parser.add_argument("--json", action="store_true")
    if name == "timeline":
        parser.add_argument(
            "what", metavar="DOOR|MATTER", help=_("3-2-402, a full place code, or a matter's id")
        )
        return
    parser.add_argument(
        "kind", nargs="?", metavar="KIND", help=_("verification.asked …; without it: the list")
    )
    parser.add_argument("--on", metavar="ID", help=_("the entry it is about"))
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help=_("what is said; may be repeated")
    )
    parser.add_argument("--at", type=datetime.fromisoformat, metavar="TIME", help="2020-02-26T21:40")
    parser.add_argument("--id", type=UUID, help=_("the line's id: doing it twice does it once"))


def run(name: str, given: argparse.Namespace) -> int:
    """Run ``act`` or ``timeline``."""
    if name == "act" and not given.kind:
        for kind in sorted(ACTS):
            print(f"{kind:<24}{(ACTS[kind].__doc__ or '').splitlines()[0]}")
        return 0
    try:
        who = actor_named(given.who)
        return _act(who, given) if name == "act" else _timeline(who, given)
    except Refused as no:
        if given.json:
            say_json(
                {
                    "refused": no.message,
                    "code": no.code,
                    "fields": {k: [str(x) for x in v] for k, v in no.fields.items()},
                }
            )
        say_refusal(no)
        return REFUSED


def actor_named(name: str) -> Actor:
    """The actor behind a sign-in name, as the operator of this machine may be anybody: he holds the keys."""
    account = entering.account_named(name) if name else None
    entered = entering.enter(account.pk, clock.now(), via="console") if account else None
    if entered is None:
        raise Refused(_("Say as whom: --as NAME, a sign-in name with a posting."), FORBIDDEN)
    return entered.actor


def _act(who: Actor, given: argparse.Namespace) -> int:
    said: dict[str, Any] = {}
    for one in given.set:
        key, found, value = one.partition("=")
        if not found:
            print(_("--set takes NAME=VALUE, not “%s”.") % one, file=sys.stderr)
            return MISUNDERSTOOD
        said[key.strip()] = value
    what = asking.act_named(given.kind)
    if given.on:
        said[next(iter(what.parameters))] = given.on
    at = given.at or clock.now()
    if at.tzinfo is None:
        at = at.replace(tzinfo=clock.BEIJING)
    line = asking.ask(given.kind, said, by=who, at=at, id=given.id)
    told: dict[str, Any] = {
        "id": str(line.id),
        "kind": line.kind,
        "about": str(line.about),
        "matter": str(line.matter),
    }
    told |= {"where": line.where, "at": line.at.isoformat(), "rule": line.rule, "facts": line.facts}
    told["changed"] = [{"thing": thing, "id": row} for thing, row, _columns in line.changes]
    if given.json:
        say_json(told)
    else:
        print(f"✓ {line.kind}  {line.id}\n  {_('matter')} {line.matter}")
    return 0


def _timeline(who: Actor, given: argparse.Namespace) -> int:
    with reading(who):
        if len(given.what) == 36:
            entries = timelines.of_matter(asking.uuid_of(given.what))
        else:
            door = places.door_at(given.what) or (
                places.door_spoken(who.where, given.what) if len(who.where) >= 12 else None
            )
            if door is None:
                raise Refused(_("There is no such entry here."), 404)
            entries = timelines.of_door(door.where)
    if given.json:
        say_json([entry.as_json() for entry in entries])
        return 0
    for entry in entries:
        print(f"{entry.at.astimezone(clock.BEIJING):%m-%d %H:%M}  {entry.sentence}  · {entry.who}")
    return 0
