"""Deeds on people: register, move, mark care, reveal; park and settle doubtful rows; post workers."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.notebook import Line, line
from lianfang.ground.refusals import GONE, UNFIT, refuse_if
from lianfang.ground.things import change, new, take
from lianfang.ground.where import level, within
from lianfang.rooms.places.models import Door

from .models import Account, CareMark, Household, ParkedRow, Posting, Resident, Stay, Unit, Worker
from .roles import ROLES
from .search_keys import search_keys

ANY_TIME = timedelta(days=36_500)


@act("resident.registered", back=ANY_TIME)
def register(
    door: Door,
    *,
    name: str,
    sex: str = Resident.Sex.UNKNOWN,
    born: date | None = None,
    id_number: str = "",
    phone: str = "",
    more_phones: str = "",
    relation: str = Stay.Relation.UNKNOWN,
    tenure: str = Household.Tenure.UNKNOWN,
    since: date | None = None,
    remark: str = "",
    by: Actor,
    at: datetime,
) -> Line:
    """Enter a person and his stay behind this door; the door's household is made with its first person.

    ``id_number`` and ``phone`` are normalised (no blanks); they are stored sealed."""
    refuse_if(not name.strip(), _("A person needs a name."), UNFIT)
    resident = new(
        Resident,
        alone=True,
        where=door.where,
        name=name,
        sex=sex,
        born=born,
        id_number=id_number,
        phone=phone,
        more_phones=more_phones,
        keys=search_keys(name),
    )
    household = Household.objects.filter(where=door.where).first()
    if household is None:
        household = new(Household, where=door.where, tenure=tenure, matter=door.matter)
    new(
        Stay,
        where=door.where,
        resident=resident,
        household=household,
        relation=relation,
        since=since,
        remark=remark,
        matter=resident.matter,
    )
    return line(resident)


@act("stay.began", back=ANY_TIME)
def move_in(
    door: Door,
    *,
    resident: Resident,
    relation: str = Stay.Relation.UNKNOWN,
    since: date,
    by: Actor,
    at: datetime,
) -> Line:
    """A person of the register comes to live behind another door (a second home, or a move after ``stay.ended``)."""
    who = take(Resident, resident.id)
    refuse_if(
        Stay.objects.filter(resident=who, where=door.where, until=None).exists(),
        _("He already lives behind this door."),
    )
    household = Household.objects.filter(where=door.where).first() or new(
        Household, where=door.where, matter=door.matter
    )
    stay = new(
        Stay,
        where=door.where,
        resident=who,
        household=household,
        relation=relation,
        since=since,
        matter=who.matter,
    )
    if Stay.objects.filter(resident=who, where=who.where, until=None).exists():
        change(who, also=sorted({*who.also, door.where}))
    else:
        change(who, where=door.where, also=[place for place in who.also if place != door.where])
    return line(stay, matter=who.matter)


@act("stay.ended", back=ANY_TIME)
def end_stay(stay: Stay, *, until: date, by: Actor, at: datetime) -> Line:
    """A person no longer lives behind this door; the row stays, with its end."""
    refuse_if(stay.until is not None, _("This stay has already ended."))
    refuse_if(stay.since is not None and until < stay.since, _("The end lies before the beginning."), UNFIT)
    change(stay, until=until)
    who = take(Resident, stay.resident_id)
    if who.where == stay.where and who.also:
        change(who, where=who.also[0], also=who.also[1:])
    else:
        change(who, also=[place for place in who.also if place != stay.where])
    return line(stay, matter=who.matter)


@act("care.marked", back=ANY_TIME)
def mark_care(resident: Resident, *, kind: str, note: str = "", by: Actor, at: datetime) -> Line:
    """Note what one must know before knocking. The kind is health data: it is in the row, not in the line."""
    return line(new(CareMark, where=resident.where, resident=resident, kind=kind, note=note))


@act("resident.revealed")
def reveal(resident: Resident, *, field: str, reason: str, by: Actor, at: datetime) -> Line:
    """Read a masked field. Reading is a deed: it needs a reason from the list, and leaves a line."""
    refuse_if(field not in ROLES[by.role].reveals, _("Your role does not read this field."), 403)
    refuse_if(reason not in REASONS, _("Choose a reason from the list."), UNFIT)
    refuse_if(not getattr(resident, field, None), _("Nothing is entered there."), GONE)
    return line(resident, field=field, reason=reason)


REASONS = {
    "contact": _("to reach this person now"),
    "verify": _("to verify who somebody is"),
    "order": _("to write or serve an order"),
    "care": _("for care or treatment"),
    "correct": _("to correct the register"),
}
"""Why a masked field is read."""


@act("row.parked", back=ANY_TIME)
def park(
    where: str, *, file: str, row: int, said: str, problems: Sequence[dict[str, Any]], by: Actor, at: datetime
) -> Line:
    """Put a doubtful row of a register file aside for a person; ``said`` is its content (sealed), ``problems`` name
    cells and codes."""
    refuse_if(level(where) != "community", _("A register belongs to a community."), UNFIT)
    parked = new(ParkedRow, where=where, file=file, row=row, said=said, problems=list(problems))
    return line(parked, row=row, problems=len(problems))


@act("row.settled")
def drop_row(parked: ParkedRow, *, by: Actor, at: datetime) -> Line:
    """A person has dealt with a parked row: entered by hand, or found to be wrong. What it said is erased."""
    refuse_if(parked.state != ParkedRow.State.WAITING, _("This row has already been settled."))
    change(parked, state=ParkedRow.State.SETTLED, said="")
    return line(parked, row=parked.row)


@act("unit.registered", back=ANY_TIME)
def register_unit(where: str, *, kind: str, name: str, by: Actor, at: datetime) -> Line:
    """Enter an organisation people are posted in."""
    return line(new(Unit, where=where, kind=kind, name=name), unit_kind=kind)


@act("worker.registered", back=ANY_TIME)
def register_worker(
    where: str, *, name: str, title: str = "", home_unit: str = "", by: Actor, at: datetime
) -> Line:
    """Enter somebody who works here; ``home_unit`` for a seconded official."""
    refuse_if(not name.strip(), _("A person needs a name."), UNFIT)
    return line(new(Worker, where=where, name=name, title=title, home_unit=home_unit))


@act("worker.posted", back=ANY_TIME)
def post(worker: Worker, *, role: str, where: str, unit: Unit, by: Actor, at: datetime) -> Line:
    """Give a worker a role at a place, from now on. Nobody posts himself, nor above his own place."""
    refuse_if(role not in ROLES or not ROLES[role].levels, _("There is no such role."), UNFIT)
    refuse_if(worker.id == by.id, _("Nobody posts himself."), 403)
    refuse_if(not within(where, by.where), _("This place is not yours to write about."), 403)
    refuse_if(level(where) not in ROLES[role].levels, _("This role is not held at this level."), UNFIT)
    posting = new(Posting, where=where, worker=worker, role=role, unit=take(Unit, unit.id), since=at)
    return line(posting, role=role)


@act("posting.ended")
def end_posting(posting: Posting, *, by: Actor, at: datetime) -> Line:
    """End a posting; the access it gave ends with the next request."""
    refuse_if(posting.until is not None, _("This posting has already ended."))
    change(posting, until=at)
    return line(posting, role=posting.role)


@act("account.opened")
def open_account(worker: Worker, *, name: str, password: str, by: Actor, at: datetime) -> Line:
    """Let a worker sign in under a name. The password is kept as a hash, outside the notebook."""
    refuse_if(len(password) < 10, _("A password has at least ten characters."), UNFIT)
    refuse_if(Account.objects.filter(name=name).exists(), _("This sign-in name is taken."))
    refuse_if(Account.objects.filter(worker=worker.id).exists(), _("This worker already has an account."))
    Account.objects.create_user(name, worker.id, password)
    return line(worker, opened=True)
