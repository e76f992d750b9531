"""Deeds on tickets: a first call lodges one, repeat calls join it; one unit takes it, speaks with the caller, answers;
somebody else calls back; it is closed, or opened again."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.clock import BEIJING
from lianfang.ground.holds import holds
from lianfang.ground.notebook import Line, known, line
from lianfang.ground.refusals import FORBIDDEN, GONE, UNFIT, refuse, refuse_if
from lianfang.ground.things import change, new
from lianfang.ground.where import community_of, level, within
from lianfang.rooms.people.acts import REASONS
from lianfang.rooms.people.models import Unit
from lianfang.rooms.people.queries import first_to
from lianfang.rooms.people.roles import ROLES
from lianfang.rooms.places.queries import is_door

from . import rules
from .models import Channel, Contact, Ticket
from .queries import calls, progress_words

State = Ticket.State

LATE = timedelta(days=14)
"""How late a contact may be written down: what was said commutes, and is not refused for being late."""

ANY_TIME = timedelta(days=36_500)

ENOUGH = 3
"""Call-backs nobody answered, after which a ticket may be closed without one. An unreached caller is never a yes."""

OPEN = (State.LODGED, State.ACCEPTED)


@act("ticket.lodged")
def lodge(
    where: str,
    *,
    channel: str,
    type: str,
    category: str,
    words: str,
    door: str = "",
    outside_no: str = "",
    caller_name: str = "",
    caller_phone: str = "",
    level: str = "",
    matter: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Line:
    """A first call becomes a ticket of the street at ``where``, the district copied, the community of ``door`` helping.

    ``door`` is the door or the community it is about; ``level`` is taken from type and category unless said;
    ``matter`` joins it to what is known of the case already."""
    _refuse_owner(where, door)
    _refuse_unsaid(channel, words)
    refuse_if(type not in Ticket.Type.values or category not in Ticket.Category.values,
              _("Choose one of the list."), UNFIT)  # fmt: skip
    refuse_if(level and level not in rules.LEVELS, _("Choose one of the list."), UNFIT)
    refuse_if(matter is not None and not known(matter), _("There is no such matter here."), GONE)
    asked = level or rules.level_for(type, category)
    day = at.astimezone(BEIJING).date()
    serial = _next(where, day)
    lodged = new(
        Ticket,
        where=where,
        also=[community_of(door)] if door else [],
        copied=where[:6],
        day=day,
        serial=serial,
        number=f"{day:%m%d}-{serial:03}",
        channel=channel,
        outside_no=outside_no.strip(),
        type=type,
        category=category,
        words=words,
        caller_name=caller_name.strip(),
        caller_phone=rules.figures(caller_phone),
        door=door or where,
        level=asked,
        received_at=at,
        due=rules.due(asked, at),
        matter=matter,
    )
    _contact(lodged, Contact.Side.CALLER, channel, words, by, at, outside_no=outside_no.strip())
    return line(
        lodged,
        number=lodged.number,
        channel=channel,
        type=type,
        category=category,
        level=asked,
        due=lodged.due.isoformat(),
    )


@act("ticket.called", back=LATE)
def log_call(
    ticket: Ticket,
    *,
    channel: str,
    words: str,
    outside_no: str = "",
    progress: str = "",
    by: Actor,
    at: datetime,
) -> Line:
    """He calls again about the same: a contact on the ticket he has, and he is told how it stands. No second ticket,
    and no refusal, whatever has become of the first.

    ``progress`` is what he was told, if it was more than the ticket itself knows."""
    _refuse_unsaid(channel, words)
    told = progress.strip() or progress_words(ticket)
    _contact(ticket, Contact.Side.CALLER, channel, words, by, at, outside_no=outside_no.strip(), told=told)
    return line(ticket, number=ticket.number, channel=channel, calls=calls(ticket))


@act("ticket.accepted")
def accept(ticket: Ticket, *, by: Actor, at: datetime) -> Line:
    """One officer of the owner takes the ticket; whoever comes second is told who was first."""
    _refuse_helper(ticket, by)
    if ticket.state != State.LODGED:
        refuse(_("%(who)s already took this at %(time)s."), **first_to("ticket.accepted", ticket))
    change(
        ticket,
        state=State.ACCEPTED,
        unit=Unit.objects.filter(id=by.unit).first() if by.unit else None,
        handlers=_with(ticket, by),
        handler_name=by.name,
        accepted_at=at,
    )
    return line(ticket, number=ticket.number)


@act("ticket.contacted", back=LATE)
def speak(ticket: Ticket, *, channel: str, words: str, by: Actor, at: datetime) -> Line:
    """Somebody of the owner or of the helping community spoke with the caller: what was said. Talks commute."""
    _refuse_unsaid(channel, words)
    _contact(ticket, Contact.Side.OURS, channel, words, by, at)
    if within(ticket.where, by.where):
        change(ticket, handlers=_with(ticket, by))
    return line(ticket, number=ticket.number, channel=channel)


@act("ticket.answered")
def answer(ticket: Ticket, *, words: str, by: Actor, at: datetime) -> Line:
    """The owner answers, in words; who answers has handled it."""
    _refuse_helper(ticket, by)
    refuse_if(ticket.state == State.LODGED, _("Accept the ticket first."))
    if ticket.state != State.ACCEPTED:
        refuse(_("%(who)s already answered this at %(time)s."), **first_to("ticket.answered", ticket))
    refuse_if(not words.strip(), _("An answer has words."), UNFIT)
    change(
        ticket,
        state=State.ANSWERED,
        answer=words,
        answered_at=at,
        handlers=_with(ticket, by),
        handler_name=by.name,
    )
    return line(ticket, number=ticket.number, in_time=at <= ticket.due)


@act("ticket.called_back")
def call_back(
    ticket: Ticket,
    *,
    reached: bool,
    heard: bool | None = None,
    solved: bool | None = None,
    satisfied: bool | None = None,
    words: str = "",
    by: Actor,
    at: datetime,
) -> Line:
    """Somebody who did not handle it asks the caller: did we speak with you, is it solved, are you satisfied? If nobody
    answers the phone that is noted, and counts neither as yes nor as no."""
    _refuse_helper(ticket, by)
    refuse_if(ticket.state in OPEN, _("There is no answer yet to call back about."))
    if ticket.state != State.ANSWERED:
        refuse(_("%(who)s already called back at %(time)s."), **first_to("ticket.called_back", ticket))
    refuse_if(
        by.id in ticket.handlers,
        _("Who handled a ticket does not call back; somebody else does."),
        FORBIDDEN,
    )
    said = (heard, solved, satisfied)
    refuse_if(reached and None in said, _("Ask all three, and note each answer."), UNFIT)
    refuse_if(
        not reached and said != (None, None, None), _("Nobody was reached: leave the answers open."), UNFIT
    )
    tries = ticket.call_backs + 1
    if not reached:
        change(ticket, call_backs=tries, call_back_words=words)
        return line(ticket, number=ticket.number, reached=False, tries=tries)
    change(
        ticket,
        state=State.CALLED_BACK,
        call_backs=tries,
        called_back_by=by.id,
        called_back_at=at,
        heard=heard,
        solved=solved,
        satisfied=satisfied,
        call_back_words=words,
    )
    return line(
        ticket,
        number=ticket.number,
        reached=True,
        heard=heard,
        solved=solved,
        satisfied=satisfied,
        tries=tries,
    )


@act("ticket.closed")
def close(ticket: Ticket, *, why: str = "", by: Actor, at: datetime) -> Line:
    """The case is done with. Over an open promise or need, or a caller who says it is not solved, it asks why."""
    _refuse_helper(ticket, by)
    if ticket.state == State.CLOSED:
        refuse(_("%(who)s already closed this at %(time)s."), **first_to("ticket.closed", ticket))
    refuse_if(ticket.state in OPEN, _("Answer the ticket before you close it."))
    refuse_if(
        ticket.state == State.ANSWERED and ticket.call_backs < ENOUGH,
        _("Nobody has called back yet: close it after that, or after %(most)s calls nobody answered."),
        most=ENOUGH,
    )
    promised = holds("promises open", ticket.matter)
    refuse_if(
        promised and not why.strip(),
        _("Promises are still open in this matter: say why you close it all the same."),
        UNFIT,
    )
    needed = holds("needs open", ticket.matter)
    refuse_if(
        needed and not why.strip(),
        _("A need is still open in this matter: say why you close it all the same."),
        UNFIT,
    )
    refuse_if(
        ticket.solved is False and not why.strip(),
        _("The caller says it is not solved: open it again, or say why you close it all the same."),
        UNFIT,
    )
    change(ticket, state=State.CLOSED, closed_at=at, closed_why=why)
    return line(ticket, number=ticket.number, promises_open=promised, needs_open=needed, solved=ticket.solved)


@act("ticket.reopened")
def reopen(ticket: Ticket, *, why: str, by: Actor, at: datetime) -> Line:
    """It was not done with: the ticket is in hand again, with its time counted anew. What was said before stays in the
    notebook."""
    _refuse_helper(ticket, by)
    refuse_if(ticket.state in OPEN, _("This ticket is open."))
    refuse_if(not why.strip(), _("Say why you open it again."), UNFIT)
    before = ticket.state
    change(
        ticket,
        state=State.ACCEPTED,
        due=rules.due(ticket.level, at),
        lapsed=False,
        reopened_why=why,
        call_backs=0,
        called_back_by=None,
        called_back_at=None,
        heard=None,
        solved=None,
        satisfied=None,
        call_back_words="",
        closed_at=None,
        closed_why="",
    )
    return line(ticket, number=ticket.number, before=before, due=ticket.due.isoformat())


@act("ticket.revealed")
def reveal_caller(ticket: Ticket, *, reason: str, by: Actor, at: datetime) -> Line:
    """Read the caller's whole number, to call him. Reading is a deed: it has a reason, and leaves a line."""
    refuse_if("phone" not in ROLES[by.role].reveals, _("Your role does not read this field."), FORBIDDEN)
    refuse_if(reason not in REASONS, _("Choose a reason from the list."), UNFIT)
    refuse_if(not ticket.caller_phone, _("Nothing is entered there."), GONE)
    return line(ticket, number=ticket.number, reason=reason)


@act("ticket.lapsed", back=ANY_TIME)
def lapse(ticket: Ticket, *, by: Actor, at: datetime) -> Line:
    """The time of a ticket has passed without an answer: marked once, so that all hands see it. It stays open."""
    refuse_if(ticket.state not in OPEN or ticket.lapsed, _("This ticket is no longer waiting."))
    refuse_if(at < ticket.due, _("There is still time for the answer."))
    change(ticket, lapsed=True)
    return line(ticket, number=ticket.number, level=ticket.level)


def _refuse_owner(where: str, door: str) -> None:
    """A ticket belongs to a street; the place it is about lies in it."""
    refuse_if(
        level(where) != "street",
        _("A street owns a ticket; a community helps with it and never owns it."),
        FORBIDDEN,
    )
    here = level(door) == "community" or is_door(door)
    refuse_if(door and not (within(door, where) and here), _("There is no such door here."), GONE)


def _refuse_helper(ticket: Ticket, by: Actor) -> None:
    """What only the owner does."""
    refuse_if(
        not within(ticket.where, by.where),
        _("The street owns this ticket; the community helps with it."),
        FORBIDDEN,
    )


def _refuse_unsaid(channel: str, words: str) -> None:
    refuse_if(channel not in Channel.values, _("Choose one of the list."), UNFIT)
    refuse_if(not words.strip(), _("Write down what was said."), UNFIT)


def _contact(
    ticket: Ticket, side: str, channel: str, words: str, by: Actor, at: datetime, **more: Any
) -> Contact:
    return new(
        Contact,
        where=ticket.where,
        also=ticket.also,
        ticket=ticket,
        side=side,
        channel=channel,
        outside_no=more.get("outside_no", ""),
        at=at,
        words=words,
        by_name=by.name,
        progress_told=more.get("told", ""),
        matter=ticket.matter,
    )


def _with(ticket: Ticket, by: Actor) -> list[UUID]:
    return [*ticket.handlers, *([] if by.id in ticket.handlers else [by.id])]


def _next(where: str, day: date) -> int:
    """The owner's next number of the day; numbers are given one at a time, none twice, none left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ticket {where} {day}"])
    last = Ticket.objects.filter(where=where, day=day).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1
