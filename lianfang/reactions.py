"""When this is written in the notebook, do that: the only page across rooms, one line for each effect.

An effect calls an act under an id derived from the line it follows from, so doing it twice does it once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from lianfang.ground.acts import reading
from lianfang.ground.followups import Effect
from lianfang.ground.ids import derived
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import rulings, tickets
from lianfang.rooms.people.roles import the_clock
from lianfang.rooms.rulings import queries as questions
from lianfang.rooms.tickets import queries as requests

Late = Callable[[datetime], int]
"""Finds what has become late at a moment and marks it; gives back how many."""


def apply_ruling(order: Line) -> None:
    """An order carries out the rulings of its matter."""
    clock = the_clock()
    with reading(clock):
        found = questions.to_apply(order.matter)
    for question in found:
        rulings.apply.once(derived(order.id, f"apply {question.id}"), because=order.id)(
            question, by=clock, at=order.written_at
        )


def find_overdue_questions(at: datetime) -> int:
    """Questions nobody ruled on in time are marked, once."""
    clock, marked = the_clock(), 0
    with reading(clock):
        found = questions.late(clock.where, at)
    for question in found:
        try:
            rulings.overdue.once(derived(question.id, "overdue"))(question, by=clock, at=question.due)
        except Refused:
            continue  # ruled on a moment ago
        marked += 1
    return marked


def find_lapsed_tickets(at: datetime) -> int:
    """Tickets nobody answered in their time are marked, once for each time they are given."""
    clock, marked = the_clock(), 0
    with reading(clock):
        found = requests.late(clock.where, at)
    for ticket in found:
        try:
            tickets.lapse.once(derived(ticket.id, f"lapsed {ticket.due.isoformat()}"))(
                ticket, by=clock, at=ticket.due
            )
        except Refused:
            continue  # answered a moment ago
        marked += 1
    return marked


WHEN: Mapping[str, Sequence[Effect]] = {
    "order.issued": [apply_ruling],
}

LATE: Sequence[Late] = [find_overdue_questions, find_lapsed_tickets]
