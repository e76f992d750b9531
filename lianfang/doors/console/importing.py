"""``lianfang import FILE.xlsx``: read a household register, propose, and write nothing until it is confirmed.

Clean rows go in, doubtful ones are parked with their reasons; each row's line id comes from the community and what the
row says, so the same file twice changes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL

from django.utils.translation import gettext as _

from lianfang.doors.registers import register_file
from lianfang.doors.registers.cells import Spot
from lianfang.doors.registers.problems import TEXTS as PROBLEMS
from lianfang.ground import clock
from lianfang.ground.acts import Actor, Outcome, Row, many, reading
from lianfang.ground.files import TEXTS, BadFile
from lianfang.ground.ids import derived
from lianfang.ground.notebook import written
from lianfang.ground.refusals import FORBIDDEN, UNFIT, Refused
from lianfang.ground.where import level
from lianfang.rooms import people
from lianfang.rooms.places import queries as places
from lianfang.rooms.places.models import Door

from . import REFUSED, UNCONFIRMED
from .acting import actor_named
from .saying import progress, say_json, say_refusal

SPACE = derived(NAMESPACE_URL, "lianfang:register-row")
SHOWN = 12


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("file", type=Path, metavar="FILE.xlsx")
    parser.add_argument(
        "--as", dest="who", default=os.environ.get("LIANFANG_AS", ""), metavar="NAME", help=_("sign-in name")
    )
    parser.add_argument(
        "--where", default="", metavar="CODE", help=_("the community, if the posting is wider")
    )
    parser.add_argument(
        "--map", action="append", default=[], metavar="HEADER=FIELD", help=_("correct the proposed mapping")
    )
    parser.add_argument("--yes", action="store_true", help=_("write it"))
    parser.add_argument("--json", action="store_true")


def run(name: str, given: argparse.Namespace) -> int:
    """Read, propose, and on a yes write."""
    try:
        who = actor_named(given.who)
        where = given.where or who.where
        if level(where) != "community":
            raise Refused(_("A register belongs to a community."), UNFIT)
        if people.register.kind not in who.may:
            raise Refused(_("Your role does not do this."), FORBIDDEN)
        doors = known_doors(who, where)
        today = clock.now().astimezone(clock.BEIJING).date()
        overrides = dict(_header_and_field(one) for one in given.map)
        read = register_file.read(given.file, doors, overrides, community=where, on=today)
    except Refused as no:
        say_refusal(no)
        return REFUSED
    except BadFile as bad:
        print(f"✗ {_(TEXTS[bad.code]) % bad.params}", file=sys.stderr)
        return REFUSED
    if not given.json:
        propose(read)
    if any(problem.severity == "error" for problem in read.problems):
        return REFUSED
    if not given.yes and not _confirmed(given.json):
        if given.json:
            say_json({"written": False} | read.summary())
        print(_("Nothing was written. Add --yes to write it."), file=sys.stderr)
        return UNCONFIRMED
    done = write(read, given.file.name, doors, by=who, where=where, at=clock.now(), quiet=given.json)
    if given.json:
        say_json({"written": True} | read.summary() | {"done": done.as_json()})
    else:
        print(_("%(new)s entered, %(again)s were there already, %(parked)s parked.") % done.as_json())
    return 0


def _header_and_field(said: str) -> tuple[str, str]:
    header, found, field = said.partition("=")
    if not found:
        raise Refused(_("--map takes HEADER=FIELD, not “%(said)s”."), UNFIT, said=said)
    return header, field


def _confirmed(as_json: bool) -> bool:
    if as_json or not sys.stdin.isatty():
        return False
    return input(_("Write this? [y/N] ")).strip().lower() in ("y", "yes", "是", "好")


def known_doors(who: Actor, where: str) -> dict[Spot, Door]:
    """The doors of a community by building, unit and number."""
    with reading(who):
        return {(door.building.number, door.unit, door.number): door for door in places.doors(where)}


def propose(read: register_file.Reading) -> None:
    """Show the mapping, the counts, and the first problems by cell."""
    print(_("Columns of the sheet “%s”:") % read.sheet)
    for field, columns in read.mapping.columns.items():
        print("  " + ", ".join(f"{column.letters} {column.title}" for column in columns) + f" → {field}")
    for column in read.mapping.unmapped:
        print(f"  {column.letters} {column.title} → {_('left out')}")
    print(
        _("%(read)s rows: %(ready)s ready, %(parked)s doubtful, %(duplicates)s said twice.") % read.summary()
    )
    problems = [*read.problems, *(problem for one in read.parked for problem in one.problems)]
    for problem in problems[:SHOWN]:
        print(f"  {problem.cell or read.sheet}: {_(PROBLEMS[problem.code][1]) % problem.params}")
    if len(problems) > SHOWN:
        print("  " + _("… and %(more)s more") % {"more": len(problems) - SHOWN})


@dataclass(frozen=True)
class Done:
    """What came of an import, in rows."""

    new: int
    again: int
    parked: int

    def as_json(self) -> dict[str, int]:
        return {"new": self.new, "again": self.again, "parked": self.parked}


def write(
    read: register_file.Reading,
    file: str,
    doors: dict[Spot, Door],
    *,
    by: Actor,
    where: str,
    at: datetime,
    quiet: bool = False,
) -> Done:
    """Register the clean rows and park the others, each under an id made from the community and what the row says."""
    rows = [
        Row(derived(SPACE, f"{where}|{row.key}"), (doors[row.building, row.unit, row.door],), _given(row))
        for row in read.rows
    ]
    with reading(by):
        there = written(row.id for row in rows)  # whoever entered it: the row is in
    fresh = [(row, one) for row, one in zip(read.rows, rows, strict=True) if one.id not in there]
    tell = None if quiet else progress(_("entering"), len(fresh))
    entered = many(people.register, [one for _row, one in fresh], by=by, at=at, progress=tell)
    parked = [
        _parked(file, where, one.row, [problem.plain() for problem in one.problems], dict(one.raw))
        for one in read.parked
    ]
    for (row, _one), outcome in zip(fresh, entered, strict=True):
        if outcome.refused:
            cell = row.cells.get("id_number") or str(row.number)
            problem = {
                "cell": cell,
                "code": "refused",
                "severity": "doubt",
                "text": str(outcome.refused.template),
            }
            parked.append(_parked(file, where, row, [problem], {}))
    with reading(by):
        known = written(one.id for one in parked)
    aside = many(people.park, [one for one in parked if one.id not in known], by=by, at=at)
    return Done(_done(entered), len(there), _done(aside))


def _done(outcomes: list[Outcome]) -> int:
    return sum(1 for one in outcomes if one.line)


def _given(row: register_file.Row) -> dict[str, Any]:
    said = {
        "name": row.name,
        "sex": row.sex,
        "born": row.born,
        "id_number": row.id_number,
        "phone": row.phones[0] if row.phones else "",
        "relation": row.relation,
        "tenure": row.tenure,
        "more_phones": " ".join(row.phones[1:]),
        "remark": row.remark,
    }
    return {name: value for name, value in said.items() if value not in (None, "")}


def _parked(
    file: str, where: str, row: register_file.Row, problems: list[dict[str, Any]], raw: dict[str, str]
) -> Row:
    said = json.dumps(
        {"understood": _given(row), "cells": raw}, ensure_ascii=False, default=str, sort_keys=True
    )
    given = {"where": where, "file": file, "row": row.number, "said": said, "problems": problems}
    return Row(derived(SPACE, f"{where}|parked|{row.key}"), (), given)
