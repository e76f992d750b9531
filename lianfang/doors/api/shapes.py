"""What goes in and out, as the OpenAPI document describes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line

BATCH, PAGE = 50, 500
"""So many acts at once; so many rows on a page."""


class Asked(Schema):
    """An act that is asked for: its kind, what is said, and when it happened (now, if that is left out)."""

    model_config = ConfigDict(extra="forbid")
    kind: str
    said: dict[str, Any] = Field(default_factory=dict)
    at: str | None = None


class Batch(Schema):
    """Acts in the order they are to be done. Each has its own outcome."""

    model_config = ConfigDict(extra="forbid")
    acts: list[Any] = Field(min_length=1, max_length=BATCH)


class Problem(Schema):
    """Why not, in words a person can act on; ``fields`` names what was wrong with which field."""

    type: str
    title: str
    status: int
    detail: str
    fields: dict[str, list[str]] | None = None


class Changed(Schema):
    """A row an act made or changed."""

    thing: str
    id: UUID


class Written(Schema):
    """A line of the notebook: who did what, about what, where, when, under which rule, because of which other line."""

    id: UUID
    kind: str
    about: UUID
    matter: UUID
    where: str
    by: UUID
    role: str
    at: datetime
    written_at: datetime
    via: str
    rule: str
    because: UUID | None
    facts: dict[str, Any]
    changed: list[Changed]


class Outcome(Schema):
    """What came of one act of a batch: its line, or the problem. ``status`` is what it would have been alone."""

    id: str | None
    status: int
    line: Written | None = None
    problem: Problem | None = None


class Outcomes(Schema):
    """The outcomes, in the order the acts were sent in."""

    outcomes: list[Outcome]


class Lines(Schema):
    """A page of lines, oldest first. ``next`` is where to go on reading, now or when ``more`` have been written."""

    lines: list[Written]
    next: str
    more: bool


class Things(Schema):
    """A page of things, newest first; identifiers are masked. ``next`` is the id to go on before, if there may be more."""

    things: list[dict[str, Any]]
    next: UUID | None


class Person(Schema):
    """A person found, or a door nobody is entered behind."""

    resident: UUID | None
    name: str
    door: str
    where: str
    household: int
    why: str


class People(Schema):
    """Who was found, and how many match in all."""

    people: list[Person]
    total: int


class Me(Schema):
    """Who one is here: in which role, where, what one may do, until when the token holds."""

    name: str
    role: str
    where: str
    unit: UUID | None
    names: bool
    may: list[str]
    token: UUID
    until: datetime


class Matter(Schema):
    """The story of a matter, oldest first."""

    matter: UUID
    entries: list[dict[str, Any]]


class Case(Schema):
    """A case for the rules: on which day, where, what is known."""

    model_config = ConfigDict(extra="forbid")
    facts: dict[str, Any]
    on: str | None = None
    where: str | None = None
    subject: Literal["arrivals", "gates", "communities"] = "arrivals"


def of_line(line: Line, *, names: bool = True) -> dict[str, Any]:
    """A line as it goes out. Without ``names`` it tells the community, not the door: a door beside a measure says who."""
    return {
        "id": line.id,
        "kind": line.kind,
        "about": line.about,
        "matter": line.matter,
        "where": line.where if names else line.where[:12],
        "by": line.by,
        "role": line.role,
        "at": line.at.astimezone(BEIJING),
        "written_at": line.written_at.astimezone(BEIJING),
        "via": line.via,
        "rule": line.rule,
        "because": line.because,
        "facts": line.facts,
        "changed": [{"thing": thing, "id": row} for thing, row, _columns in line.changes] if names else [],
    }
