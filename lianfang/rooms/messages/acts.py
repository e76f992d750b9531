"""Deeds of the messages: a resident is told, knows it, says that he has read it; a slip is issued and withdrawn."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line, known, line
from lianfang.ground.refusals import FORBIDDEN, GONE, UNFIT, refuse, refuse_if
from lianfang.ground.things import change, new, take, there_is
from lianfang.rooms.people.models import Resident, Stay
from lianfang.rooms.people.queries import first_to

from . import rules
from .models import Message, Slip

State, Occasion = Message.State, Message.Occasion

LATE = timedelta(days=60)
"""How late a message may still be sent that follows from a line: late told is better than not told."""


@act("message.sent", back=LATE)
def send(
    where: str,
    *,
    resident: Resident,
    occasion: str = Occasion.WORDS,
    about: UUID | None = None,
    facts: dict[str, Any] | None = None,
    words: str = "",
    way: str = "",
    told: bool = False,
    matter: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Line:
    """Tell a resident something, at his door. ``told``: he heard it already, in the call or the talk this follows from.

    Without a ``way`` it waits on his page if he has a slip, and else for somebody to go to his door."""
    _refuse_stranger(where, resident)
    refuse_if(occasion not in Occasion.values, _("Choose one of the list."), UNFIT)
    refuse_if(
        (occasion != Occasion.WORDS or facts) and by.role != "clock",
        _("What was decided or answered is told by itself; tell him in words."),
        FORBIDDEN,
    )
    refuse_if(way and way not in Message.Way.values, _("Choose one of the list."), UNFIT)
    refuse_if(occasion == Occasion.WORDS and not words.strip(), _("Write what he is to be told."), UNFIT)
    refuse_if(matter is not None and not known(matter), _("There is no such matter here."), GONE)
    sent = new(
        Message,
        where=where,
        resident=resident,
        occasion=occasion,
        about=about,
        facts=facts or {},
        words=words,
        way=way or (Message.Way.LINK if _has_slip(resident, at) else Message.Way.DOOR),
        state=State.DELIVERED if told else State.WAITING,
        sent_at=at,
        delivered_at=at if told else None,
        matter=matter,
    )
    return line(sent, occasion=occasion, way=sent.way, told=told)


@act("message.delivered")
def deliver(message: Message, *, way: str, by: Actor, at: datetime) -> Line:
    """Somebody of ours has told him, and how."""
    if message.state != State.WAITING:
        refuse(_("%(who)s already told him at %(time)s."), **first_to("message.delivered", message))
    refuse_if(way not in Message.Way.values, _("Choose one of the list."), UNFIT)
    change(message, state=State.DELIVERED, way=way, delivered_at=at)
    return line(message, way=way)


@act("message.acknowledged")
def acknowledge(message: Message, *, by: Actor, at: datetime) -> Line:
    """He says himself that he has read it. He need not: what he was told counts all the same."""
    refuse_if(message.resident_id != by.id, _("There is no such entry here."), GONE)
    refuse_if(message.state == State.ACKNOWLEDGED, _("You have noted this already."))
    change(
        message,
        state=State.ACKNOWLEDGED,
        delivered_at=message.delivered_at or at,
        acknowledged_at=at,
    )
    return line(message, occasion=message.occasion)


@act("slip.issued")
def issue_slip(
    where: str,
    *,
    resident: Resident,
    digest: UUID,
    release: datetime | None = None,
    matter: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Line:
    """Issue a slip for a resident and a matter; one he has for it already opens nothing from now on.

    ``digest`` is all that is kept of its code; ``release``: when the order it is about ends."""
    _refuse_stranger(where, resident)
    refuse_if(matter is not None and not known(matter), _("There is no such matter here."), GONE)
    until = rules.expires(at, release)
    refuse_if(until <= at, _("This was over more than two weeks ago; a slip would open nothing."))
    live = Slip.objects.filter(resident=resident, withdrawn_at=None)
    old = list(live.filter(matter=matter or F("id")).values_list("id", flat=True))
    for one in old:
        change(take(Slip, one), withdrawn_at=at)
    issued = new(
        Slip, where=where, resident=resident, digest=digest, issued_at=at, expires_at=until, matter=matter
    )
    return line(issued, until=_day(until), instead=len(old))


@act("slip.withdrawn")
def withdraw_slip(slip: Slip, *, by: Actor, at: datetime) -> Line:
    """A slip that was lost, or given to the wrong person: it opens nothing from now on."""
    if slip.withdrawn_at is not None:
        refuse(_("%(who)s already withdrew this at %(time)s."), **first_to("slip.withdrawn", slip))
    change(slip, withdrawn_at=at)
    return line(slip, until=_day(slip.expires_at))


def _refuse_stranger(where: str, resident: Resident) -> None:
    """Somebody who neither lives nor lived behind this door is not told things there."""
    refuse_if(
        not there_is(Stay, where=where, resident_id=resident.id),
        _("He is not in the register of this place."),
        GONE,
    )


def _day(moment: datetime) -> str:
    return moment.astimezone(BEIJING).date().isoformat()


def _has_slip(resident: Resident, at: datetime) -> bool:
    return Slip.objects.filter(resident=resident, withdrawn_at=None, expires_at__gt=at).exists()
