"""``lianfang find``: a person or a door, by name, initials, door or the last digits of a phone."""

from __future__ import annotations

import argparse
import os

from django.utils.translation import gettext as _

from lianfang.ground.acts import reading
from lianfang.ground.refusals import FORBIDDEN, Refused
from lianfang.rooms.people import queries as people
from lianfang.rooms.people.roles import ROLES

from . import REFUSED
from .acting import actor_named
from .saying import say_json, say_refusal


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "text",
        metavar="TEXT",
        help=_("a name, initials such as nxs, a door 3-2-402, the last four of a phone"),
    )
    parser.add_argument(
        "--as", dest="who", default=os.environ.get("LIANFANG_AS", ""), metavar="NAME", help=_("sign-in name")
    )
    parser.add_argument("--json", action="store_true")


def run(name: str, given: argparse.Namespace) -> int:
    """Find, and print what was found; exit code 1 if nothing was."""
    try:
        who = actor_named(given.who)
        if not ROLES[who.role].names:
            raise Refused(_("Your role does not see names."), FORBIDDEN)
    except Refused as no:
        say_refusal(no)
        return REFUSED
    with reading(who):
        rows = people.search(who.where, given.text).rows
    found = [
        {
            "resident": str(row.resident.id) if row.resident else None,
            "name": row.resident.name if row.resident else "",
            "door": row.door,
            "where": row.where,
            "why": str(row.why),
        }
        for row in rows
    ]
    if given.json:
        say_json(found)
    else:
        for one in found:
            print(f"{one['door']:<12}{one['name']:<8}{one['resident'] or ''}  {one['why']}")
    return 0 if found else REFUSED
