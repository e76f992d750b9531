"""``lianfang token``: issue one for the API, see which there are, withdraw one."""

from __future__ import annotations

import argparse
import os

from django.utils.translation import gettext as _

from lianfang.doors import asking
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.refusals import GONE, Refused
from lianfang.rooms.people.roles import ROLES
from lianfang.rooms.tokens import queries as tokens
from lianfang.rooms.tokens.rules import LONGEST, SYSTEMS, fresh

from . import REFUSED
from .acting import actor_named
from .saying import say_json, say_refusal


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("what", choices=["issue", "list", "withdraw"])
    parser.add_argument("which", nargs="?", metavar="TOKEN", help=_("to withdraw: its id, or how it begins"))
    parser.add_argument(
        "--as", dest="who", default=os.environ.get("LIANFANG_AS", ""), metavar="NAME", help=_("sign-in name")
    )
    parser.add_argument("--label", default="", metavar="TEXT", help=_("what it is for"))
    parser.add_argument("--days", type=int, default=90, metavar="N", help=f"1-{LONGEST} (90)")
    parser.add_argument("--system", metavar="UNIT", help=_("for another system: name or id of its unit"))
    parser.add_argument("--role", choices=list(SYSTEMS), default="", help=_("the role of that system"))
    parser.add_argument("--where", metavar="CODE", help=_("the place of that system"))
    parser.add_argument("--json", action="store_true")


def run(name: str, given: argparse.Namespace) -> int:
    """Run ``token``."""
    try:
        who = actor_named(given.who)
        doing = {"issue": _issue, "list": _list, "withdraw": _withdraw}[given.what]
        return doing(who, given)
    except Refused as no:
        say_refusal(no)
        return REFUSED


def _issue(who: Actor, given: argparse.Namespace) -> int:
    secret = fresh()
    said = {"label": given.label, "days": given.days, "prefix": secret.prefix, "digest": secret.digest}
    if given.system:
        said |= {"unit": _unit(who, given.system), "role": given.role, "where": given.where or who.where}
    line = asking.ask("token.issued", said, by=who, at=clock.now())
    if given.json:
        say_json(
            {"token": secret.text, "id": str(line.about), "role": line.facts["role"], "where": line.where}
        )
    else:
        print(secret.text)
        print(_("This is shown once. Keep it where only that program can read it."))
    return 0


def _unit(who: Actor, named: str) -> str:
    with reading(who):
        found = [str(one.id) for one in tokens.units(who.where) if named in (one.name, str(one.id))]
    if len(found) != 1:
        raise Refused(_("There is no such entry here."), GONE)
    return found[0]


def _rows(who: Actor) -> list[tokens.Issued]:
    with reading(who):
        return tokens.issued(who.where, None if who.role == "administrator" else who.id)


def _list(who: Actor, given: argparse.Namespace) -> int:
    rows, now = _rows(who), clock.now()
    if given.json:
        say_json(
            [
                {
                    "id": str(one.token.id),
                    "begins": one.token.prefix,
                    "whose": one.name,
                    "role": one.token.role,
                    "where": one.token.where,
                    "label": one.token.label,
                    "until": one.token.until,
                    "used": one.used_at,
                    "holds": one.living(now),
                }
                for one in rows
            ]
        )
        return 0
    for one in rows:
        token = one.token
        used = f"{one.used_at.astimezone(BEIJING):%m-%d %H:%M}" if one.used_at else "–"
        until = f"{token.until.astimezone(BEIJING):%Y-%m-%d}"
        whose = f"{one.name} · {ROLES[token.role].label} {token.where}"
        holds = _("until %(day)s, last shown %(used)s") % {"day": until, "used": used}
        print(f"{'✓' if one.living(now) else '✗'} {token.prefix}  {whose}  {token.label}  {holds}")
    return 0


def _withdraw(who: Actor, given: argparse.Namespace) -> int:
    wanted = given.which or ""
    found = [one.token.id for one in _rows(who) if wanted in (str(one.token.id), one.token.prefix)]
    if len(found) != 1:
        raise Refused(_("There is no such entry here."), GONE)
    line = asking.ask("token.withdrawn", {"token": found[0]}, by=who, at=clock.now())
    print(f"✓ {line.kind}  {line.about}")
    return 0
