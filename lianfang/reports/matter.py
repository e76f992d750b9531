"""One matter 事, joined: its tickets and calls, the question, the order, the needs, what was promised and what he was told,
the people who had a hand in it, what was said and when. A constant number of statements. And how a ticket stands, as it
is told to whoever calls again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.ground.clock import BEIJING
from lianfang.rooms.aid import queries as aid
from lianfang.rooms.aid.models import Need
from lianfang.rooms.gates import queries as gates
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.messages import queries as messages
from lianfang.rooms.messages.models import Message
from lianfang.rooms.notes import queries as notes
from lianfang.rooms.notes.models import Promise
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.orders.models import Order
from lianfang.rooms.people.models import Resident
from lianfang.rooms.policies import queries as policies
from lianfang.rooms.rulings import queries as rulings
from lianfang.rooms.rulings.models import Question
from lianfang.rooms.tickets import queries as tickets
from lianfang.rooms.tickets import rules
from lianfang.rooms.tickets.models import Contact, Ticket

from .timeline import Entry, of_matter

TALKS = (
    "verification.asked", "notice.served", "notice.refused", "note.written", "ticket.lodged", "ticket.called",
    "ticket.contacted", "ticket.called_back",
)  # fmt: skip
"""The kinds of line that tell of somebody speaking with the resident: calls, visits, talks at the gate."""


@dataclass(frozen=True)
class Party:
    """Somebody who had a hand in a matter: name and role, how many lines, when last."""

    who: str
    lines: int
    last: Entry


@dataclass(frozen=True)
class Matter:
    """Everything of one matter a reader may see. ``where`` is the narrowest place it is about, ``person`` whom it
    concerns, if that is known."""

    id: UUID
    where: str
    person: Resident | None
    verification: Verification | None
    questions: list[Question]
    orders: list[Order]
    tickets: list[Ticket]
    promises: list[Promise]
    needs: list[Need]
    messages: list[Message]
    lines: list[Entry]

    @property
    def talks(self) -> list[Entry]:
        """The lines that tell of a call or a visit."""
        return [one for one in self.lines if one.line.kind in TALKS]

    @property
    def parties(self) -> list[Party]:
        """Who had a hand in it, in the order they came to it; time itself is nobody."""
        found: dict[UUID, list[Entry]] = {}
        for one in self.lines:
            if one.line.role != "clock":
                found.setdefault(one.line.by, []).append(one)
        return [Party(those[-1].who, len(those), those[-1]) for those in found.values()]

    @property
    def outside_numbers(self) -> list[Contact]:
        """The calls that have a number at 12345 or at 110, in the order they came."""
        spoken = [one for ticket in self.tickets for one in ticket.contacts.all() if one.outside_no]
        return sorted(spoken, key=lambda one: (one.at, one.id))


def matter(id: UUID, where: str) -> Matter | None:
    """A matter as a reader at ``where`` sees it; None if he sees no line of it."""
    lines = of_matter(id)
    if not lines:
        return None
    call, asked = gates.of_matter(where, id), rulings.of_matter(where, id)
    bound, requests = orders.of_matter(where, id), tickets.of_matter(id)
    made = policies.assessments(where, id)
    meant = [
        *(one.resident for one in bound),
        *(one.resident for one in reversed(made)),
        call and call.resident,
    ]
    people = [one for one in meant if one]
    places = [
        *(one.where for one in bound),
        *(one.door for one in requests),
        *(one.line.where for one in lines),
    ]
    return Matter(
        id=id,
        where=max(places, key=len),
        person=people[0] if people else None,
        verification=call,
        questions=asked,
        orders=bound,
        tickets=requests,
        promises=notes.promises_of(where, id),
        needs=aid.of_matter(where, id),
        messages=messages.of_matter(where, id),
        lines=lines,
    )


def progress(ticket: Ticket, where: str, phone: str | None = None) -> str:
    """How a ticket stands, and what its matter knows besides, in the words a repeat caller is told. ``phone`` is the one he
    calls from now, "" if that is not known; without it he is who he was.

    The answer is told to the phone that asked; what binds one person is told to himself alone: to the phone that stands
    in the register for him."""
    first = ticket.opened("caller_phone")
    calls_from = first if phone is None else rules.figures(phone)
    words = [tickets.progress_words(ticket, whole=phone is None or (bool(first) and calls_from == first))]
    for one in orders.of_matter(where, ticket.matter):
        if _is_his(calls_from, one.resident):
            said = {"number": one.notice.number, "day": f"{one.last_day:%m-%d}"}
            words.append(_("Notice %(number)s stands; its last day is %(day)s.") % said)
    for asked in rulings.of_matter(where, ticket.matter):
        person = asked.assessment.resident
        if asked.state == Question.State.ASKED and person and _is_his(calls_from, person):
            due = f"{asked.due.astimezone(BEIJING):%m-%d %H:%M}"
            words.append(_("The street has been asked for a ruling, due by %(due)s.") % {"due": due})
    return " ".join(words)


def _is_his(phone: str, person: Resident) -> bool:
    return bool(phone) and phone == rules.figures(person.opened("phone"))
