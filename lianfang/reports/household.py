"""The page of a door: who lives there, what binds them and how they are, what is asked, needed and promised, what they were
told, what was heard. A constant number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lianfang.rooms.aid import queries as aid
from lianfang.rooms.aid.models import Need
from lianfang.rooms.messages.models import Message
from lianfang.rooms.notes import queries as notes
from lianfang.rooms.notes.models import Note, Promise
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.orders.models import Check, Order
from lianfang.rooms.people import queries as people
from lianfang.rooms.people.queries import Home
from lianfang.rooms.tickets import queries as tickets
from lianfang.rooms.tickets.models import Ticket

from .timeline import Entry, of_door

TOLD = 5
"""So many of the last messages, and of the last notes, are shown."""

BACK = timedelta(days=3)
"""The checks of the last days are shown; those before are on the page of the order."""


@dataclass(frozen=True)
class Household:
    """Everything of one door. ``orders``: newest first, ended ones too; ``checks``: by order, those opened of late, newest
    first; ``notes``: with who wrote each."""

    home: Home
    orders: list[Order]
    checks: dict[UUID, list[Check]]
    tickets: list[Ticket]
    needs: list[Need]
    promises: list[Promise]
    messages: list[Message]
    notes: list[Note]
    writers: dict[UUID, tuple[str, people.Text]]
    lines: list[Entry]


def household(where: str, at: datetime) -> Household | None:
    """The door at exactly ``where``; None if there is none."""
    home = people.household(where)
    if home is None:
        return None
    bound = orders.at_door(where)
    heard = notes.at_door(where, TOLD)
    return Household(
        home=home,
        orders=bound,
        checks=_checks([one.id for one in bound if one.state != Order.State.RELEASED], at),
        tickets=[one for one in tickets.at_door(where) if one.state != Ticket.State.CLOSED],
        needs=[one for state in aid.WAITING for one in aid.waiting(where, state)],
        promises=notes.promises_at(where),
        messages=list(
            Message.objects.filter(where=where).select_related("resident").order_by("-sent_at", "-id")[:TOLD]
        ),
        notes=heard,
        writers=notes.writers(one.id for one in heard),
        lines=of_door(where),
    )


def _checks(bound: list[UUID], at: datetime) -> dict[UUID, list[Check]]:
    """The checks that were open in the last days; a second reading stands before the first."""
    rows = Check.objects.filter(order__in=bound, opens_at__lte=at, opens_at__gt=at - BACK)
    found: dict[UUID, list[Check]] = {}
    for one in rows.order_by("-due_at", "-further", "-taken_at", "-id"):
        found.setdefault(one.order_id, []).append(one)
    return found
