"""The time line of a matter or a door: who did what, when, through which door, under which rule. A constant
number of statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line
from lianfang.rooms.aid import queries as aid
from lianfang.rooms.gates import queries as gates
from lianfang.rooms.messages import queries as messages
from lianfang.rooms.notes import queries as notes
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.orders.models import Notice, Objection
from lianfang.rooms.people.queries import names_of, role_words
from lianfang.rooms.places.rules import spoken
from lianfang.rooms.policies.queries import clauses_called
from lianfang.rooms.rulings import queries as rulings
from lianfang.rooms.tickets import queries as tickets
from lianfang.rooms.tokens.queries import systems_named
from lianfang.rooms.tokens.rules import SYSTEMS

from . import phrases

LATE = timedelta(minutes=30)
"""Written down so much later than it happened that the time line says so."""

LONGEST = 500
"""A time line shows at most so many lines, the latest."""


@dataclass(frozen=True)
class Entry:
    """A line as people read it. ``who`` is name and role, ``about`` the door as spoken (empty above a
    door), ``words`` the free words its thing holds (erased with the person), ``late`` when it was written
    down if that was much later."""

    line: Line
    sentence: str
    who: str
    role: str
    at: datetime
    via: str
    rule: str
    about: str
    words: str
    late: datetime | None

    def as_json(self) -> dict[str, Any]:
        """Plain values, times in Beijing time."""
        return {
            "id": str(self.line.id),
            "kind": self.line.kind,
            "about": str(self.line.about),
            "matter": str(self.line.matter),
            "where": self.line.where,
            "at": self.at.astimezone(BEIJING).isoformat(),
            "written_at": self.line.written_at.astimezone(BEIJING).isoformat(),
            "sentence": self.sentence,
            "who": self.who,
            "role": self.line.role,
            "via": self.line.via,
            "rule": self.rule,
            "facts": self.line.facts,
            "because": str(self.line.because) if self.line.because else None,
            "words": self.words,
        }


def of_matter(matter: UUID, *, words: bool = True) -> list[Entry]:
    """The time line of a matter, oldest first. ``words``: with the free words, for those who may read
    them."""
    return entries(_latest(Q(matter=matter)), words=words)


def of_door(where: str, *, words: bool = True) -> list[Entry]:
    """The time line of a door, oldest first: what was written at it, and the whole of each matter that
    touches it."""
    # Asked for one after the other: an index answers each, and neither would a question within a question.
    touching = set(Line.objects.filter(where=where).order_by().values_list("matter", flat=True).distinct())
    touching |= set(tickets.matters_about(where).values_list("matter", flat=True))
    return entries(_latest(Q(where=where) | Q(matter__in=touching)), words=words)


def latest(where: str, limit: int = 12, *, words: bool = False) -> list[Entry]:
    """The last lines of the notebook at or below a place, newest first; what the operator entered at set-up is no news."""
    rows = (
        Line.objects.filter(where__under=where)
        .exclude(role="operator")
        .order_by("-written_at", "-seq")[:limit]
    )
    return entries(list(rows), words=words)


def of_lines(ids: Sequence[UUID]) -> list[Entry]:
    """Some lines as entries, in the order they are named, without the free words."""
    found = Line.objects.in_bulk(ids)
    return entries([found[id] for id in ids if id in found], words=False)


def _latest(wanted: Q) -> list[Line]:
    rows = list(Line.objects.filter(wanted).order_by("-at", "-xact", "-seq")[:LONGEST])
    return rows[::-1]


def entries(lines: Sequence[Line], *, words: bool) -> list[Entry]:
    """Lines as entries. At most nine statements, however many lines."""
    names = names_of(line.by for line in lines)
    if systems := {line.by for line in lines if line.role in SYSTEMS}:
        names |= systems_named(systems)
    called = clauses_called({name for line in lines for name in line.rule.split(", ") if "/" in name})
    said = _words(lines) if words else {}
    found = []
    for line in lines:
        role = str(role_words(line.role))
        found.append(
            Entry(
                line=line,
                sentence=phrases.sentence(line),
                who=" ".join(filter(None, [names.get(line.by, ""), role])),
                role=role,
                at=line.at,
                via=phrases.via(line),
                rule=phrases.rule_words(line.rule, called),
                about=spoken(line.where) if len(line.where) > 12 else "",
                words=said.get(line.id, ""),
                late=line.written_at if line.written_at - line.at > LATE else None,
            )
        )
    return found


def _words(lines: Sequence[Line]) -> dict[UUID, str]:
    """The free words each line's thing holds for it, as far as this reader may see the thing."""

    def about(*kinds: str) -> set[UUID]:
        return {line.about for line in lines if line.kind in kinds}

    owed = notes.promised("", about("promise.kept", "promise.lapsed"))
    texts = {
        "note.written": notes.words("", about("note.written")),
        "promise.kept": {id: one.kept_words or one.what for id, one in owed.items()},
        "promise.lapsed": {id: f"{one.owner_name}: {one.what}" for id, one in owed.items()},
        "verification.answered": gates.words("", about("verification.answered")),
        "order.issued": orders.words("", about("order.issued")),
        "message.sent": messages.words("", about("message.sent")),
    }
    asked = rulings.words("", about("question.asked", "question.ruled"))
    served = orders.told(Notice, "", about("notice.served", "notice.refused"))
    texts["question.asked"] = {
        id: _joined([one.question, one.view_words, one.interim]) for id, one in asked.items()
    }
    texts["question.ruled"] = {id: one.reason for id, one in asked.items()}
    texts["notice.served"] = {id: one.proof_words for id, one in served.items()}
    texts["notice.refused"] = {id: one.refused_words for id, one in served.items()}
    against = orders.told(Objection, "", about("order.objected", "objection.answered"))
    texts["order.objected"] = {id: one.words for id, one in against.items()}
    texts["objection.answered"] = {id: one.answer for id, one in against.items()}
    texts |= _of_aid(about)
    said = tickets.words(
        "", about("ticket.lodged", "ticket.answered", "ticket.called_back", "ticket.reopened")
    )
    texts["ticket.lodged"] = {id: one.words for id, one in said.items()}
    texts["ticket.answered"] = {id: one.answer for id, one in said.items()}
    texts["ticket.called_back"] = {id: one.call_back_words for id, one in said.items()}
    texts["ticket.reopened"] = {id: one.reopened_why for id, one in said.items()}
    spoken_of = tickets.contact_words(
        [line.id for line in lines if line.kind in ("ticket.called", "ticket.contacted")]
    )
    return spoken_of | {line.id: texts[line.kind].get(line.about, "") for line in lines if line.kind in texts}


def _of_aid(about: Callable[..., set[UUID]]) -> dict[str, dict[UUID, str]]:
    """The free words of needs and pledges: what is needed in whose words, who helps, and why not."""
    asked = aid.interviews("", about("needs.asked"))
    needs = aid.needs("", about("need.proposed", "need.confirmed", "need.dropped", "need.met"))
    given = aid.helpers("", about("aid.pledged", "aid.withdrawn", "aid.delivered"))
    named = {id: one.by_name for id, one in given.items()}
    return {
        "needs.asked": {id: one.words for id, one in asked.items()},
        "need.proposed": {id: _joined([one.item, one.words]) for id, one in needs.items()},
        "need.confirmed": {id: _joined([one.item, one.owner_name]) for id, one in needs.items()},
        "need.dropped": {id: one.dropped_why for id, one in needs.items()},
        "need.met": {id: one.met_words for id, one in needs.items()},
        "aid.pledged": named,
        "aid.delivered": named,
        "aid.withdrawn": {id: _joined([one.by_name, one.withdrawn_why]) for id, one in given.items()},
    }


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)
