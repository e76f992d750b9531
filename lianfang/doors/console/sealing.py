"""``lianfang seal`` and ``lianfang verify``: seal what waits and print the heads; check every seal, against heads too that
were kept elsewhere."""

from __future__ import annotations

import argparse
import re
import sys
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from lianfang.ground import clock, seals, verifying
from lianfang.ground.acts import reading, the_clock
from lianfang.ground.seals import Head
from lianfang.ground.verifying import Finding, Outside, Report
from lianfang.ground.where import is_where

from . import MISUNDERSTOOD, REFUSED
from .saying import progress, say_json

PUBLIC = re.compile(r"\b(s\d{3})\b\W+([A-Za-z0-9+/]{43}=)")


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    """What the two commands take."""
    parser.add_argument("--where", default="", metavar="CODE", help=_("at or below this area code"))
    parser.add_argument("--json", action="store_true")
    if name == "verify":
        parser.add_argument(
            "--head", action="append", default=[], metavar="FILE|TEXT",
            help=_("a head that was kept elsewhere, as “seal” or a brief printed it; may be repeated"),
        )  # fmt: skip
        parser.add_argument("--public", metavar="FILE", help=_("public keys, as “keys public” printed them"))


def run(name: str, given: argparse.Namespace) -> int:
    """Run ``seal`` or ``verify``; exit code 1 if a line is not what was sealed."""
    if not is_where(given.where):
        print(_("“%(code)s” is not an area code") % {"code": given.where}, file=sys.stderr)
        return MISUNDERSTOOD
    try:
        return _seal(given) if name == "seal" else _verify(given)
    except verifying.NoHead as text:
        print(_("This holds no head: %s") % text, file=sys.stderr)
        return MISUNDERSTOOD
    except OSError as trouble:
        print(f"✗ {trouble}", file=sys.stderr)
        return REFUSED


def _seal(given: argparse.Namespace) -> int:
    seals.write(clock.now())
    with reading(the_clock()):
        heads = seals.heads_under(given.where)
    if given.json:
        say_json({"heads": [one.as_json() for one in heads]})
    else:
        for one in heads:
            print(_paper(one))
    return 0


def _paper(head: Head) -> str:
    return f"{head.text}  · {head.at.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}"


def _verify(given: argparse.Namespace) -> int:
    heads = [one for text in given.head for one in verifying.outside(_text(text))]
    public = _public(Path(given.public)) if given.public else None
    report = verifying.verify(given.where, heads, public, None if given.json else _telling())
    if given.json:
        say_json(verifying.as_json(report))
    else:
        _print(report, heads)
    return REFUSED if report.wrong else 0


def _text(text: str) -> str:
    """What a FILE holds, or the TEXT itself."""
    if text == "-":
        return sys.stdin.read()
    path = Path(text)
    try:
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else text
    except (OSError, ValueError):
        return text


def _public(path: Path) -> dict[str, bytes]:
    found = PUBLIC.findall(path.read_text(encoding="utf-8", errors="replace"))
    if not found:
        raise OSError(_("%s holds no public key") % path)
    return {name: b64decode(value) for name, value in found}


def _telling() -> Callable[[int, int], None]:
    """A progress that learns how many lines there are when the first have been read."""
    tell: list[Callable[[int], None]] = []

    def told(done: int, total: int) -> None:
        if not tell:
            tell.append(progress(_("lines"), total))
        tell[0](done)

    return told


def _print(report: Report, heads: list[Outside]) -> None:
    wrong = {one.chain: one for one in report.wrong}
    known = {one.chain for one in heads}
    for head in report.chains:
        mark = "✗" if head.chain in wrong else "✓"
        against = "  " + _("and as the head from outside says") if head.chain in known - wrong.keys() else ""
        print(f"{mark} {_paper(head)}{against}")
        if head.chain in wrong:
            _name(wrong[head.chain])
    for chain in sorted(wrong.keys() - {one.chain for one in report.chains}):
        print(f"✗ {chain or 0}")
        _name(wrong[chain])
    for one in report.late:
        print(f"! {one.chain or 0} #{one.n} {one.line}: {one.words}")
    if report.waiting and report.oldest:
        since = f"{report.oldest.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}"
        said = _("%(count)s lines wait for their seal, the oldest since %(since)s")
        print(said % {"count": report.waiting, "since": since})
    if report.wrong:
        print(_("✗ not what was sealed: %(count)s chains") % {"count": len(report.wrong)}, file=sys.stderr)
    else:
        print(_("✓ %(count)s lines, all as they were sealed") % {"count": report.lines})


def _name(found: Finding) -> None:
    number = f"#{found.n}" + (f" … #{found.until}" if found.until else "")
    print(f"    {number} {found.line}: {found.words}")
