"""Questions about the rules: what is in force here, what an edition says, what the rules say of a case, a
number."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from lianfang.ground.clock import BEIJING
from lianfang.rules import editions as texts
from lianfang.rules.deciding import Consequence, Decision, consequence
from lianfang.rules.deciding import decide as decided
from lianfang.rules.vocabulary import Term as Number
from lianfang.rules.vocabulary import Terms, Vocabulary, parse_terms, parse_vocabulary, read_toml

from .models import Assessment, Edition, Term


def day_of(at: datetime) -> date:
    """The day a moment falls on where the rules hold (Beijing time)."""
    return at.astimezone(BEIJING).date()


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The facts the rules may ask for; they come with the code, like the rules' grammar. Raises
    PolicyError."""
    return parse_vocabulary(read_toml(Path(settings.LIANFANG_DATA) / "policies" / "facts.toml"))


@lru_cache(maxsize=512)
def _parsed(_row: UUID, document: str) -> texts.Edition:
    return texts.parse_edition(json.loads(document), vocabulary())


def parsed(row: Edition) -> texts.Edition:
    """The edition of a row, read. Rows never change, so each is read once."""
    return _parsed(row.id, json.dumps(row.document, sort_keys=True))


def readable() -> list[texts.Edition]:
    """Every edition this reader may see: of his own levels, of those below, and what was entered for all."""
    return [parsed(row) for row in Edition.objects.order_by("effective_from", "code")]


def in_force(where: str, on: date) -> tuple[texts.Edition, ...]:
    """The editions in force for a place on a day, highest level first, without what newer ones took out of
    them."""
    return texts.in_force(readable(), on, where.partition(".")[0])


def published(where: str) -> list[Edition]:
    """The rows of all editions that may ever hold for a place, newest first."""
    here = where.partition(".")[0]
    return [row for row in Edition.objects.order_by("-effective_from", "code") if here.startswith(row.place)]


def edition(where: str, code: str) -> Edition | None:
    """The edition with this code or official number, if this reader may see it."""
    found = Edition.objects.filter(code=code).first()
    return found or (Edition.objects.filter(number=code).first() if code else None)


def decide(where: str, facts: dict[str, object], on: date, subject: str = "arrivals") -> Decision:
    """What the rules this reader may see say of a case. Raises PolicyError for a fact the vocabulary does
    not have."""
    return decided(readable(), vocabulary().facts(facts), on, where, subject=subject)


ARRIVALS = "arrivals"
"""The subject by which it is decided who stays at home."""


def weighed(where: str, on: date) -> list[str]:
    """The editions by which it is decided here, on this day, who stays at home; by code."""
    return weighed_at([where], on)[where]


def weighed_at(places: Iterable[str], on: date) -> dict[str, list[str]]:
    """The same for several places. One statement."""
    known = [one for one in readable() if one.subject == ARRIVALS]
    return {here: [one.id for one in texts.in_force(known, on, here.partition(".")[0])] for here in places}


def decided_anew(where: str, matter: UUID, then: datetime, now: datetime) -> tuple[str, str]:
    """What the rules of ``now`` mean for a case decided ``then`` (release, ease, keep, ask), and by which clauses: from the
    facts it was assessed on. A case without any facts is for a person."""
    made = assessments(where[:12], matter)
    if not made:
        return Consequence.ASK.value, ""
    stored = [one for one in made if one.assessed_at <= then][-1:] or made[:1]
    facts, subject, known = vocabulary().facts(dict(stored[0].facts)), stored[0].subject, readable()
    before, after = (
        decided(known, facts, day_of(moment), where[:12], subject=subject) for moment in (then, now)
    )
    names = [reading.key for reading in after.deciding]
    while len(", ".join(names)) > 120:
        names.pop()
    return consequence(before, after).value, ", ".join(names)


@dataclass(frozen=True)
class Found:
    """A clause in force: its edition's row and texts."""

    row: Edition
    edition: texts.Edition
    clause: texts.Clause


def clause_in_force(where: str, on: date, name: str) -> Found | None:
    """The clause called ``edition/clause``, if it is in force for the place on the day."""
    code, _, number = name.partition("/")
    for one in in_force(where, on):
        for clause in one.clauses:
            if one.id == code and clause.id == number:
                return Found(Edition.objects.get(code=code), one, clause)
    return None


def clauses_called(names: set[str]) -> dict[str, tuple[Edition, str]]:
    """For names like ``edition/clause``: the edition's row and the clause's gist, in one statement."""
    rows = {
        row.code: row for row in Edition.objects.filter(code__in={name.partition("/")[0] for name in names})
    }
    called = {}
    for name in names:
        code, _, number = name.partition("/")
        if row := rows.get(code):
            gists = [one["gist"] for one in row.document.get("clause", []) if one.get("id") == number]
            called[name] = (row, gists[0] if gists else "")
    return called


def terms() -> Terms:
    """Every number this reader may see."""
    return parse_terms(
        {"term": [term_document(row.document) for row in Term.objects.order_by("key", "since")]}
    )


def term(where: str, key: str, on: date) -> Number:
    """The value of a term for a place on a day. Raises PolicyError if there is none."""
    return terms().term(key, on, where.partition(".")[0])


def assessment(where: str, id: UUID) -> Assessment | None:
    """The assessment with this id, if it is at or below ``where``."""
    return Assessment.objects.select_related("resident").filter(where__under=where, id=id).first()


def assessments(where: str, matter: UUID) -> list[Assessment]:
    """The assessments of a matter, oldest first."""
    found = Assessment.objects.select_related("resident").filter(where__under=where, matter=matter)
    return list(found.order_by("assessed_at", "id"))


def replay(one: Assessment) -> dict[str, Any]:
    """Decide the case of an assessment again, with the editions that are readable now; equal to
    ``one.decision`` if neither the texts nor the engine have changed."""
    return decide(one.where, dict(one.facts), one.on, one.subject).as_json()


_FRACTION = re.compile(r"-?\d{1,12}(\.\d{1,6})?")


def term_document(document: dict[str, Any]) -> dict[str, Any]:
    """A term as the engine reads it: JSON keeps fractions as text."""
    value = document.get("value")
    if isinstance(value, str) and _FRACTION.fullmatch(value):
        return {**document, "value": Decimal(value)}
    return document
