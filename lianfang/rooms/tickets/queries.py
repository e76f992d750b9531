"""Questions about tickets. Each takes ``where`` or a ticket first. A street sees its tickets by their owner, a community by
the place they are about."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from lianfang.ground import vault
from lianfang.ground.clock import BEIJING
from lianfang.rooms.places.queries import area

from . import rules
from .models import Contact, Ticket

State = Ticket.State
OPEN = (State.LODGED, State.ACCEPTED)
SOON = timedelta(hours=24)
"""So near its end a ticket stands among those that end soon."""

LISTED = ("where", "door", "number", "channel", "type", "category", "words", "received_at", "due", "lapsed", "state",
          "handler_name", "closed_at", "matter")  # fmt: skip
"""What a list shows: what it does not show is not fetched."""


def _seen(where: str) -> Q:
    return Q(where__under=where) if len(where) < 12 else Q(door__under=where)


def views(at: datetime) -> dict[str, Q]:
    """The saved views of the list: to accept · in hand · ends soon · to call back · closed."""
    return {
        "waiting": Q(state=State.LODGED),
        "in_hand": Q(state=State.ACCEPTED),
        "soon": Q(state__in=OPEN, due__lte=at + SOON),
        "call_back": Q(state__in=[State.ANSWERED, State.CALLED_BACK]),
        "closed": Q(state=State.CLOSED),
    }


def ticket(where: str, id: UUID) -> Ticket | None:
    """The ticket with this id, if this place owns it or helps with it."""
    return Ticket.objects.select_related("unit").filter(_seen(where), id=id).first()


def in_view(where: str, view: str, at: datetime, limit: int = 25, before: UUID | None = None) -> list[Ticket]:
    """The tickets of a saved view: those that wait soonest due first, those that are closed newest first, by pages."""
    some = Ticket.objects.filter(_seen(where), views(at)[view]).only(*LISTED)
    if view == "closed":
        older = some.filter(id__lt=before) if before else some
        return list(older.order_by("-id")[:limit])
    return list(some.order_by("due", "id")[:limit])


def latest(where: str, limit: int = 25, before: UUID | None = None) -> list[Ticket]:
    """All tickets, newest first; ``before``: only those older than this one."""
    some = Ticket.objects.filter(_seen(where), **({"id__lt": before} if before else {}))
    return list(some.order_by("-id")[:limit])


def counts(where: str, at: datetime) -> dict[str, int]:
    """How many tickets each view that waits has; one statement, and none for what is closed, which only grows."""
    wanted = {name: Count("id", filter=view) for name, view in views(at).items() if name != "closed"}
    waiting = Ticket.objects.filter(_seen(where)).exclude(state=State.CLOSED)
    return waiting.aggregate(**wanted)


def likely(
    where: str, *, door: str = "", phone: str = "", outside_no: str = "", limit: int = 5
) -> list[Ticket]:
    """Tickets a call probably repeats: at the same door, from the same phone, or under the same outside number; not
    those that are closed, unless the number is the same."""
    same, number = Q(pk__in=[]), rules.figures(phone)
    if len(door) > 12:
        same |= Q(door=door)
    if number:
        same |= Q(caller_phone_index__in=vault.blinds("caller_phone", number, 32))
    known = same & ~Q(state=State.CLOSED)
    if outside_no.strip():
        known |= Q(contacts__outside_no=outside_no.strip())
    found = Ticket.objects.filter(_seen(where)).filter(known).distinct()
    return list(found.order_by("-received_at", "-id")[:limit])


def late(where: str, at: datetime, limit: int = 500) -> list[Ticket]:
    """Tickets past their time that nobody has answered and that are not marked so."""
    waiting = Ticket.objects.filter(_seen(where), state__in=OPEN, lapsed=False, due__lte=at)
    return list(waiting.order_by("due", "id")[:limit])


def at_door(where: str) -> list[Ticket]:
    """The tickets about exactly this door, newest first."""
    return list(Ticket.objects.filter(door=where).order_by("-received_at", "-id"))


def matters_about(where: str) -> QuerySet[Ticket, Any]:
    """The matters of the tickets about exactly this door, to be asked for in another question."""
    return Ticket.objects.filter(door=where).values("matter")


def of_matter(matter: UUID) -> list[Ticket]:
    """The tickets of a matter, oldest first, with what was spoken with each caller."""
    found = Ticket.objects.filter(matter=matter).select_related("unit").prefetch_related("contacts")
    return list(found.order_by("received_at", "id"))


def contacts(ticket: Ticket) -> list[Contact]:
    """Every contact with the caller, in the order they happened."""
    return list(Contact.objects.filter(ticket=ticket).order_by("at", "id"))


def calls(ticket: Ticket) -> int:
    """How often the caller has called, the first call among them."""
    return Contact.objects.filter(ticket=ticket, side=Contact.Side.CALLER).count()


def words(where: str, ids: Iterable[UUID]) -> dict[UUID, Ticket]:
    """Some tickets, for the free words of a time line."""
    return Ticket.objects.filter(_seen(where)).in_bulk(list(ids))


def contact_words(lines: Iterable[UUID]) -> dict[UUID, str]:
    """What was said in some contacts, by the line that wrote each."""
    return dict(Contact.objects.filter(id__in=list(lines)).values_list("id", "words"))


def progress_words(one: Ticket, *, whole: bool = True) -> str:
    """How a ticket stands, as it is told to whoever calls again: who has it, since when, until when, what was answered
    (not if ``whole`` is false: somebody else may be calling). No worker's name: the street answers for it."""
    owner = area(one.where)
    said = {
        "number": one.number,
        "street": owner.name if owner else one.where,
        "received": _clock(one.received_at),
        "due": _clock(one.due),
    }
    words = [_("Your ticket %(number)s of %(received)s is with %(street)s.") % said]
    if one.state == State.LODGED:
        words.append(_("It waits to be taken up; an answer is due by %(due)s.") % said)
    elif one.state == State.ACCEPTED:
        taken = {"taken": _clock(one.accepted_at)} | said
        words.append(_("It has been in hand since %(taken)s; an answer is due by %(due)s.") % taken)
    else:
        given = {"answered": _clock(one.answered_at), "answer": one.answer}
        said_so = (
            _("It was answered on %(answered)s: %(answer)s")
            if whole
            else _("It was answered on %(answered)s.")
        )
        words.append(said_so % given)
    if one.lapsed and one.state in OPEN:
        words.append(_("That time has passed; the street has been told so."))
    return " ".join(words)


def _clock(moment: datetime | None) -> str:
    return f"{moment.astimezone(BEIJING):%m-%d %H:%M}" if moment else "–"
