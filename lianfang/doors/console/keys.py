"""``lianfang keys``: which keys there are, the public ones for others, and changing them while work goes on."""

from __future__ import annotations

import argparse
import sys
from base64 import b64encode
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lianfang.ground import keyring, resealing
from lianfang.ground.refusals import Refused

from . import REFUSED, UNCONFIRMED
from .saying import progress, say_json, say_refusal


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--json", action="store_true")
    what = parser.add_subparsers(dest="what", metavar="WHAT")
    what.add_parser("show", help=_("which keys there are, and which rows still need an old one"))
    what.add_parser("public", help=_("the public keys that check seals, for whoever checks them elsewhere"))
    turn = what.add_parser(
        "rotate", help=_("a new key of the vault and its index; the old one only reads from now on")
    )
    turn.add_argument("--signing", action="store_true", help=_("a new key that signs seals, instead"))
    what.add_parser("reseal", help=_("seal again, now, what the worker seals again in the background"))
    retire = what.add_parser("retire", help=_("take the old key away, when no row needs it any more"))
    retire.add_argument("--yes", action="store_true")


def run(name: str, given: argparse.Namespace) -> int:
    """Run one of them; without a word, ``show``."""
    path = Path(settings.LIANFANG_KEYS)
    try:
        match given.what:
            case "public":
                return _public(given)
            case "rotate":
                return _rotate(path, given)
            case "reseal":
                return _reseal()
            case "retire":
                return _retire(path, given)
        return _show(given)
    except Refused as no:
        say_refusal(no)
        return REFUSED
    except (OSError, ValueError, KeyError) as trouble:
        print(f"✗ {path}: {trouble}", file=sys.stderr)
        return REFUSED


def _show(given: argparse.Namespace) -> int:
    ring, left = keyring.keys(), resealing.needing()
    if given.json:
        say_json({"current": ring.current, "live": ring.live, "signing": ring.signing, "needing": left})
        return 0
    print(_("%s seals and finds") % ring.current)
    for old in ring.live[1:]:
        print(_("%s only reads and finds") % old)
    print(_("%s signs the seals") % ring.signing)
    for table, rows in left.items():
        print(_("%(table)s: %(rows)s rows still need an old key") % {"table": table, "rows": rows})
    return 0


def _public(given: argparse.Namespace) -> int:
    found = {name: b64encode(key).decode() for name, key in keyring.keys().public.items()}
    if given.json:
        say_json(found)
    else:
        for name, key in found.items():
            print(f"{name} {key}")
    return 0


def _rotate(path: Path, given: argparse.Namespace) -> int:
    if given.signing:
        print(_("%s signs the seals from now on") % keyring.rotate_signing(path))
        return 0
    print(_("%s seals and finds from now on") % keyring.rotate(path))
    print(
        _("The worker seals the rest again; when “lianfang keys” names no row any more: lianfang keys retire")
    )
    return 0


def _reseal() -> int:
    """Rounds until nothing is left, or nothing more can be done."""
    tell = progress(_("rows"), sum(resealing.needing().values()))
    rows, stuck = 0, list[str]()
    while resealing.needing():
        done = resealing.go_on(progress=lambda now, before=rows: tell(before + now))  # type: ignore[misc]
        rows, stuck = rows + done.rows, done.stuck
        if not done.rows:
            break
    print(_("%s rows sealed again") % rows)
    for one in stuck:
        print(f"✗ {one}", file=sys.stderr)
    return REFUSED if stuck else 0


def _retire(path: Path, given: argparse.Namespace) -> int:
    if not given.yes:
        print(
            _("Backups from before need the old key: keep a copy of %s beside them. Then add --yes.") % path
        )
        return UNCONFIRMED
    gone = resealing.retire(path)
    print(_("Gone: %s") % ", ".join(gone) if gone else _("There is no old key."))
    return 0
