"""When this is written in the notebook, do that: the only page across rooms, one line for each effect.

An effect calls an act under an id derived from the line it follows from, so doing it twice does it once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from lianfang.ground import find
from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.followups import Effect
from lianfang.ground.ids import CLOCK, derived
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.ground.things import Thing
from lianfang.reports import figures as _figures  # noqa: F401 - who counts for the briefs
from lianfang.rooms import aid, briefs, messages, notes, orders, rulings, tickets
from lianfang.rooms.aid.queries import words_list
from lianfang.rooms.aid.rules import needs_in
from lianfang.rooms.briefs import queries as sheets
from lianfang.rooms.briefs.models import Brief
from lianfang.rooms.briefs.rules import DRAFTED
from lianfang.rooms.messages import queries as told
from lianfang.rooms.notes import queries as heard
from lianfang.rooms.orders import queries as observed
from lianfang.rooms.orders.models import Check, Notice, Objection, Order
from lianfang.rooms.people.roles import the_clock
from lianfang.rooms.policies.queries import day_of
from lianfang.rooms.rulings import queries as questions
from lianfang.rooms.tickets import queries as requests
from lianfang.rooms.tickets.models import Contact, Ticket

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


def propose_needs(note: Line) -> None:
    """What a note seems to tell of is proposed as needs; a person confirms or drops each."""
    clock = the_clock()
    with reading(clock):
        said = heard.words(note.where, [note.about]).get(note.about, "")
    for number, one in enumerate(needs_in(said, day_of(note.at), words_list())):
        aid.propose.once(derived(note.id, f"need {number}"), because=note.id)(
            note.where,
            kind=one.kind,
            item=one.item,
            quantity=one.quantity,
            unit=one.unit or "task",
            rough=one.rough,
            perish_by=one.by,
            words=said,
            from_note=note.about,
            matter=note.matter,
            by=clock,
            at=note.written_at,
        )


def tell_of_order(line: Line) -> None:
    """A decision, the answer to what he said against it, and its end are told to whom it binds."""
    clock = the_clock()
    with reading(clock):
        said = find.thing(Objection, line.about, clock) if line.kind == "objection.answered" else None
        order = find.thing(Order, said.order_id if said else line.about, clock)
        resident = order.resident
    facts = {name: line.facts[name] for name in ("number", "days", "last_day") if name in line.facts}
    messages.send.once(derived(line.id, "tell"), because=line.id)(
        order.where,
        resident=resident,
        occasion=line.kind.replace(".", "_"),
        about=order.id,
        facts=facts,
        words=said.answer if said else "",
        way="link" if line.kind == "order.issued" else "",  # its notice is served to him besides
        matter=line.matter,
        by=clock,
        at=line.written_at,
    )


def tell_of_ticket(line: Line) -> None:
    """How his request goes on is told to the resident who called; to nobody if it cannot be told who that was."""
    clock = the_clock()
    with reading(clock):
        ticket = find.thing(Ticket, line.about, clock)
        phone = ticket.opened("caller_phone")
        unsure = ticket.type == Ticket.Type.REPORT and not phone
        resident = None if unsure else told.who_called(ticket.door, ticket.caller_name, phone)
        called, answered = line.kind == "ticket.called", line.kind == "ticket.answered"
        words = find.thing(Contact, line.id, clock).progress_told if called else ""
    if resident is None:
        return
    messages.send.once(derived(line.id, "tell"), because=line.id)(
        ticket.door,
        resident=resident,
        occasion=line.kind.replace(".", "_"),
        about=ticket.id,
        facts={"number": ticket.number, "due": ticket.due.isoformat()},
        words=ticket.answer if answered else words,
        # The receipt and the like wait on his page; for an answer somebody goes to his door if he has none.
        way="phone" if called else "" if answered else "link",
        told=called,
        matter=line.matter,
        by=clock,
        at=line.written_at,
    )


def _marked(deed: Callable[..., Line], late: Thing, at: datetime) -> bool:
    """Whether what is late could be marked so; not if somebody did it, or the clock marked it, a moment ago."""
    try:
        deed(late, by=the_clock(), at=at)
    except Refused:
        return False
    return True


def find_overdue_questions(at: datetime) -> int:
    """Questions nobody ruled on in time are marked, once."""
    clock = the_clock()
    with reading(clock):
        found = questions.late(clock.where, at)
    return sum(
        _marked(rulings.overdue.once(derived(question.id, "overdue")), question, question.due)
        for question in found
    )


def find_lapsed_promises(at: datetime) -> int:
    """Promises whose time has passed are marked, once; they are still owed."""
    clock = the_clock()
    with reading(clock):
        found = heard.late(clock.where, at)
    return sum(
        _marked(notes.lapse.once(derived(promise.id, "lapsed")), promise, promise.due) for promise in found
    )


def find_lapsed_tickets(at: datetime) -> int:
    """Tickets nobody answered in their time are marked, once for each time they are given."""
    clock = the_clock()
    with reading(clock):
        found = requests.late(clock.where, at)
    return sum(
        _marked(
            tickets.lapse.once(derived(ticket.id, f"lapsed {ticket.due.isoformat()}")), ticket, ticket.due
        )
        for ticket in found
    )


def tell_what_came_late(published: Line) -> None:
    """What a brief corrects is noted at the briefs it corrects; their figures stay as they were."""
    clock = the_clock()
    with reading(clock):
        later = sheets.brief(clock.where, published.about)
        told = {one["brief"] for one in later.figures["corrections"]} if later else set()
        found = list(Brief.objects.filter(id__in=told))
    for brief in found:
        briefs.revise.once(derived(published.id, f"revise {brief.id}"), because=published.id)(
            brief, told_in=published.about, by=clock, at=published.written_at
        )


def draft_briefs(at: datetime) -> int:
    """In the morning every street and community that has people posted is given the draft of its brief."""
    local = at.astimezone(BEIJING)
    if local.time() < DRAFTED:
        return 0
    clock, day = the_clock(), local.date()
    with reading(clock):
        found = sheets.without_one(clock.where, day)
    drafted = 0
    for where in found:
        try:
            briefs.draft.once(derived(CLOCK, f"brief {where} {day}"))(where, day=day, by=clock, at=at)
        except Refused:
            continue  # somebody began it a moment ago
        drafted += 1
    return drafted


def schedule_checks(heard_of: Line) -> None:
    """Whoever was told of an order, whether he accepts it or not, is looked after twice a day; laid out once."""
    clock = the_clock()
    with reading(clock):
        order = find.thing(Notice, heard_of.about, clock).order
    if order.state != Order.State.RELEASED:
        orders.schedule_checks.once(derived(order.id, "checks"), because=heard_of.id)(
            order, by=clock, at=heard_of.at
        )


def raise_alarm(recorded: Line) -> None:
    """A fever or a complaint calls the doctor at once."""
    clock = the_clock()
    with reading(clock):
        check = find.thing(Check, recorded.about, clock)
        asks_for_the_doctor = observed.alarming(check)
    if asks_for_the_doctor:
        orders.raise_alarm.once(derived(recorded.id, "alarm"), because=recorded.id)(
            check, by=clock, at=recorded.at
        )


def find_missed_checks(at: datetime) -> int:
    """Checks nobody recorded in time are marked as missed, once."""
    clock = the_clock()
    with reading(clock):
        found = observed.late(clock.where, at)
    return sum(
        _marked(orders.miss_check.once(derived(check.id, "missed")), check, check.due_at) for check in found
    )


def review_orders(at: datetime) -> int:
    """Where the rules have changed, every order is decided anew, once for each change; whom they exempt is listed."""
    clock, reviewed = the_clock(), 0
    with reading(clock):
        found = observed.to_review(clock.where, at.astimezone(BEIJING).date())
    for order in found:
        name = f"review {at.astimezone(BEIJING).date()} {','.join(order.weighed)}"
        try:
            orders.review.once(derived(order.id, name))(order, by=clock, at=at)
        except Refused:
            continue  # released, or reviewed, a moment ago
        reviewed += 1
    return reviewed


WHEN: Mapping[str, Sequence[Effect]] = {
    "brief.published": [tell_what_came_late],
    "check.recorded": [raise_alarm],
    "note.written": [propose_needs],
    "notice.refused": [schedule_checks],
    "notice.served": [schedule_checks],
    "objection.answered": [tell_of_order],
    "order.issued": [apply_ruling, tell_of_order],
    "order.released": [tell_of_order],
    "ticket.lodged": [tell_of_ticket],
    "ticket.called": [tell_of_ticket],
    "ticket.accepted": [tell_of_ticket],
    "ticket.answered": [tell_of_ticket],
    "ticket.closed": [tell_of_ticket],
}

LATE: Sequence[Late] = [
    draft_briefs,
    find_overdue_questions,
    find_lapsed_tickets,
    find_lapsed_promises,
    find_missed_checks,
    review_orders,
]
