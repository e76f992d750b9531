"""Deeds of the notes: write one down, with a promise if one was given; a promise is kept, or its time passes."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.notebook import Line, known, line
from lianfang.ground.refusals import GONE, UNFIT, refuse, refuse_if
from lianfang.ground.things import change, new
from lianfang.ground.where import level
from lianfang.rooms.people.models import Worker
from lianfang.rooms.people.queries import first_to
from lianfang.rooms.places.queries import is_door

from .models import Note, Promise
from .queries import may_promise

State = Promise.State

AHEAD = timedelta(days=90)
"""A promise further ahead is a wish."""

ANY_TIME = timedelta(days=3650)


@act("note.written")
def write(
    where: str,
    *,
    text: str,
    how: str,
    promise: str = "",
    promise_due: datetime | None = None,
    owner: Worker | None = None,
    matter: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Line:
    """Write down what was heard about a door or a community; ``matter`` if it belongs to one. What was promised
    (``promise``) says by when; who wrote it sees to it, or ``owner``. Notes commute."""
    refuse_if(not text.strip(), _("Write down at least a word."), UNFIT)
    refuse_if(
        level(where) != "community" and not (level(where) == "inside" and is_door(where)),
        _("There is no such door here."),
        GONE,
    )
    refuse_if(matter is not None and not known(matter), _("There is no such matter here."), GONE)
    note = new(Note, where=where, text=text, how=how, noted_at=at, matter=matter)
    if not promise.strip():
        refuse_if(promise_due is not None, _("Write down what was promised, or leave the time empty."), UNFIT)
        return line(note, how=how)
    due = _reachable(promise_due, at)
    if owner is not None and owner.id != by.id and not may_promise(owner, where):
        refuse(_("Nobody of this name sees to promises here."), UNFIT)
    new(
        Promise,
        note=note,
        where=where,
        what=promise.strip(),
        due=due,
        owner=owner.id if owner else by.id,
        owner_name=owner.name if owner else by.name,
    )
    return line(note, how=how, promise_due=due.isoformat(timespec="minutes"))


def _reachable(due: datetime | None, at: datetime) -> datetime:
    """By when something was promised: it lies ahead, and not too far."""
    if due is None:
        refuse(_("Say by when it was promised."), UNFIT)
    refuse_if(due <= at, _("What was promised lies ahead: check the date and time."), UNFIT)
    refuse_if(
        due > at + AHEAD, _("Promise nothing further ahead than %(days)s days."), UNFIT, days=AHEAD.days
    )
    return due


@act("promise.kept", back=timedelta(days=14))
def keep(promise: Promise, *, words: str = "", by: Actor, at: datetime) -> Line:
    """What was promised is done; whoever comes second is told who was first. Late is better than never, and it says so."""
    if promise.state == State.KEPT:
        refuse(_("%(who)s already noted at %(time)s that it is done."), **first_to("promise.kept", promise))
    change(promise, state=State.KEPT, kept_at=at, kept_words=words)
    return line(promise, late=at > promise.due)


@act("promise.lapsed", back=ANY_TIME)
def lapse(promise: Promise, *, by: Actor, at: datetime) -> Line:
    """Its time has passed and nobody noted that it is done: marked once. It is still owed."""
    refuse_if(promise.state != State.OPEN, _("This promise no longer waits."))
    refuse_if(at < promise.due, _("There is still time to keep it."))
    change(promise, state=State.LAPSED)
    return line(promise)
