"""Deeds of aid: a need is proposed, confirmed with an owner or dropped; others pledge, deliver in parts or withdraw; the
resident says that it is met."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.notebook import Line, known, line
from lianfang.ground.refusals import FORBIDDEN, GONE, UNFIT, refuse, refuse_if
from lianfang.ground.things import change, new, take, there_is
from lianfang.ground.where import level
from lianfang.rooms.people.models import Worker
from lianfang.rooms.people.queries import first_to
from lianfang.rooms.places.queries import is_door

from .models import Interview, Need, Pledge
from .numbers import CENT
from .queries import last_pledge, may_own, sums
from .words import clock_words, in_cents, plain

State, Unit = Need.State, Need.Unit

LATE = timedelta(days=14)
"""How late a delivery may be written down: what came commutes, and is not refused for being late."""

FIRST_DAY = (Need.Kind.FOOD, Need.Kind.MEDICINE, Need.Kind.RUBBISH, Need.Kind.DOCTOR, Need.Kind.CARE)
"""What everybody who is to stay at home is asked."""

MOST = Decimal(1_000_000)


@act("needs.asked")
def ask(
    where: str, *, ticked: Sequence[str], words: str = "", matter: UUID | None = None, by: Actor, at: datetime
) -> Line:
    """The interview of the first day: food, medicine, rubbish, a doctor, somebody to look after. What is ticked becomes a
    proposed need; nothing ticked is an answer too. Once in a matter."""
    refuse_if(level(where) != "inside" or not is_door(where), _("There is no such door here."), GONE)
    refuse_if(matter is not None and not known(matter), _("There is no such matter here."), GONE)
    refuse_if(set(ticked) - set(FIRST_DAY), _("Choose one of the list."), UNFIT)
    if matter and (first := Interview.objects.filter(matter=matter).first()):
        refuse(
            _("%(who)s already asked him at %(time)s: look at the list."), **first_to("needs.asked", first)
        )
    asked = new(Interview, where=where, ticked=[one for one in FIRST_DAY if one in ticked], words=words,
                asked_at=at, matter=matter)  # fmt: skip
    for kind in asked.ticked:
        new(Need, where=where, kind=kind, words=words, asked_at=at, matter=asked.matter)
    return line(asked, ticked=asked.ticked, count=len(asked.ticked))


@act("need.proposed")
def propose(
    where: str,
    *,
    kind: str,
    item: str = "",
    quantity: Decimal | None = None,
    unit: str = Unit.TASK,
    rough: bool = False,
    perish_by: date | None = None,
    words: str = "",
    from_note: UUID | None = None,
    matter: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Line:
    """Somebody at this door, or in this community, seems to need something: proposed by hand, or out of a note."""
    refuse_if(
        level(where) != "community" and not (level(where) == "inside" and is_door(where)),
        _("There is no such door here."),
        GONE,
    )
    refuse_if(matter is not None and not known(matter), _("There is no such matter here."), GONE)
    refuse_if(from_note is not None and not there_is(Line, about=from_note, kind="note.written"),
              _("There is no such entry here."), GONE)  # fmt: skip
    _refuse_unfit(kind, unit, quantity)
    need = new(
        Need,
        where=where,
        kind=kind,
        item=item.strip(),
        quantity=in_cents(quantity) if quantity is not None else None,
        unit=unit,
        rough=rough,
        perish_by=perish_by,
        words=words,
        from_note=from_note,
        asked_at=at,
        matter=matter,
    )
    return line(need, need=kind, from_note=from_note is not None)


@act("need.confirmed")
def confirm(
    need: Need,
    *,
    owner: Worker,
    due: datetime,
    kind: str,
    item: str = "",
    quantity: Decimal | None = None,
    unit: str = Unit.TASK,
    perish_by: date | None = None,
    price: Decimal | None = None,
    by: Actor,
    at: datetime,
) -> Line:
    """It is so: how much of what, until when, and who sees to it. ``price`` is yuan for one unit, if it is sold."""
    if need.state == State.DROPPED:
        refuse(_("%(who)s dropped this at %(time)s."), **first_to("need.dropped", need))
    if need.state != State.PROPOSED:
        refuse(_("%(who)s already confirmed this at %(time)s."), **first_to("need.confirmed", need))
    counted = need.rough or unit != Unit.TASK
    much = quantity if quantity is not None or counted else Decimal(1)
    _refuse_unfit(kind, unit, much)
    if much is None:
        refuse(_("Say how much is needed: ask him."), UNFIT)
    refuse_if(price is not None and not 0 < price <= MOST, _("A price is more than nothing."), UNFIT)
    refuse_if(due <= at, _("This time has passed already."), UNFIT)
    refuse_if(
        not may_own(owner, need.where), _("He is not posted here, or does not see to needs."), FORBIDDEN
    )
    change(
        need,
        kind=kind,
        item=item.strip(),
        quantity=in_cents(much),
        unit=unit,
        rough=False,
        price=in_cents(price) if price is not None else None,
        perish_by=perish_by,
        owner=owner.id,
        owner_name=owner.name,
        due=due,
        state=State.OPEN,
    )
    return line(
        need,
        need=kind,
        quantity=plain(need.quantity),
        unit=unit,
        perish_by=perish_by.isoformat() if perish_by else None,
    )


@act("need.dropped")
def drop(need: Need, *, why: str, by: Actor, at: datetime) -> Line:
    """It is no need, or nothing comes of it. What was pledged for it is withdrawn first."""
    if need.state == State.DROPPED:
        refuse(_("%(who)s dropped this at %(time)s."), **first_to("need.dropped", need))
    _refuse_met(need)
    refuse_if(not why.strip(), _("Say why it is dropped."), UNFIT)
    _refuse_to_come(need)
    change(need, state=State.DROPPED, dropped_why=why)
    return line(need, need=need.kind)


@act("aid.pledged")
def pledge(
    need: Need,
    *,
    by_kind: str,
    by_name: str,
    quantity: Decimal,
    by_phone: str = "",
    by: Actor,
    at: datetime,
) -> Line:
    """A neighbour, a Party member, a canteen gives its word for so much of it. Never more than is still open: who comes
    second is told how much is left, and who was first."""
    _refuse_not_open(need)
    refuse_if(by_kind not in Pledge.By.values, _("Choose one of the list."), UNFIT)
    refuse_if(not by_name.strip(), _("Say who pledges it."), UNFIT)
    _refuse_unfit(need.kind, need.unit, quantity)
    left = sums(need).open
    if quantity > left:
        _refuse_more(need, left)
    given = new(
        Pledge,
        where=need.where,
        need=need,
        by_kind=by_kind,
        by_name=by_name.strip(),
        by_phone=by_phone,
        quantity=in_cents(quantity),
        pledged_at=at,
        matter=need.matter,
    )
    return line(
        given,
        for_need=str(need.id),
        by=by_kind,
        quantity=plain(quantity),
        unit=need.unit,
        left=plain(left - quantity),
    )


@act("aid.withdrawn")
def withdraw(pledge: Pledge, *, why: str, by: Actor, at: datetime) -> Line:
    """They cannot after all. What they delivered stays; the rest is open again."""
    _refuse_done(pledge)
    refuse_if(not why.strip(), _("Say why it is withdrawn."), UNFIT)
    need = take(Need, pledge.need_id)
    rest = pledge.quantity - pledge.delivered
    change(pledge, state=Pledge.State.WITHDRAWN, withdrawn_why=why)
    return line(pledge, for_need=str(need.id), by=pledge.by_kind, quantity=plain(rest), unit=need.unit)


@act("aid.delivered", back=LATE)
def deliver(
    pledge: Pledge, *, quantity: Decimal = Decimal(0), yuan: Decimal = Decimal(0), by: Actor, at: datetime
) -> Line:
    """A part of what was pledged has come, or was paid for: how much, and how many yuan the resident got for it."""
    if pledge.state == Pledge.State.WITHDRAWN:
        refuse(_("%(who)s noted at %(time)s that it is withdrawn."), **first_to("aid.withdrawn", pledge))
    need = take(Need, pledge.need_id)
    _refuse_met(need)
    _refuse_unfit(need.kind, need.unit, quantity or None)
    refuse_if(quantity <= 0 and yuan <= 0, _("Say how much came, or what was paid."), UNFIT)
    refuse_if(not 0 <= yuan <= MOST or yuan != yuan.quantize(CENT), _("This is no sum of money."), UNFIT)
    rest = pledge.quantity - pledge.delivered
    unit = Unit(need.unit).label
    refuse_if(
        quantity > rest,
        _("%(rest)s %(unit)s of this pledge is still to come, not more."),
        rest=plain(rest),
        unit=unit,
    )
    whole, paid = in_cents(pledge.delivered + quantity), in_cents(pledge.yuan + yuan)
    if need.price is not None and paid > pledge.quantity * need.price:
        refuse(_("This pledge comes to %(most)s yuan; %(paid)s are paid already."),
               most=plain(pledge.quantity * need.price), paid=plain(pledge.yuan))  # fmt: skip
    state = Pledge.State.DELIVERED if whole == pledge.quantity else Pledge.State.PLEDGED
    change(pledge, delivered=whole, yuan=paid, state=state)
    return line(
        pledge,
        for_need=str(need.id),
        by=pledge.by_kind,
        quantity=plain(quantity),
        unit=need.unit,
        yuan=plain(yuan),
    )


@act("need.met")
def meet(need: Need, *, words: str, by: Actor, at: datetime) -> Line:
    """The resident says that it is enough, in his own words. Nothing else makes a need met."""
    _refuse_met(need)
    refuse_if(need.state != State.OPEN, _("This need was not confirmed."))
    refuse_if(not words.strip(), _("A need is met when the resident says so: write down his words."), UNFIT)
    _refuse_to_come(need)
    stands = sums(need)
    change(need, state=State.MET, met_at=at, met_words=words)
    if need.unit == Unit.TASK:
        return line(need, need=need.kind)
    return line(
        need,
        need=need.kind,
        quantity=plain(stands.delivered),
        unit=need.unit,
        yuan=plain(stands.paid),
        of=plain(stands.quantity),
    )


def _refuse_unfit(kind: str, unit: str, quantity: Decimal | None) -> None:
    refuse_if(kind not in Need.Kind.values or unit not in Unit.values, _("Choose one of the list."), UNFIT)
    refuse_if(
        quantity is not None and (not 0 < quantity <= MOST or quantity != quantity.quantize(CENT)),
        _("This is no quantity."),
        UNFIT,
    )


def _refuse_not_open(need: Need) -> None:
    if need.state == State.PROPOSED:
        refuse(_("This need was not confirmed."))
    if need.state == State.DROPPED:
        refuse(_("%(who)s dropped this at %(time)s."), **first_to("need.dropped", need))
    _refuse_met(need)


def _refuse_met(need: Need) -> None:
    if need.state == State.MET:
        refuse(_("%(who)s noted at %(time)s that it is met."), **first_to("need.met", need))


def _refuse_to_come(need: Need) -> None:
    rest = sums(need).to_come
    refuse_if(
        rest > 0,
        _("%(rest)s %(unit)s is pledged and has not come: note what came, or that it is withdrawn."),
        rest=plain(rest),
        unit=Unit(need.unit).label,
    )


def _refuse_more(need: Need, left: Decimal) -> None:
    """The truth for whoever came second: what is left, and who took the rest."""
    first = last_pledge(need)
    said: dict[str, Any] = {"left": plain(left), "unit": Unit(need.unit).label}
    if first is None:
        refuse(_("Only %(left)s %(unit)s is needed."), **said)
    said |= {"who": first.by_name, "much": plain(first.quantity), "time": clock_words(first.pledged_at)}
    refuse_if(
        left == 0,
        _("Nothing is open any more: %(who)s pledged the last %(much)s %(unit)s at %(time)s."),
        **said,
    )
    refuse(_("Only %(left)s %(unit)s is still open: %(who)s pledged %(much)s %(unit)s at %(time)s."), **said)


def _refuse_done(pledge: Pledge) -> None:
    if pledge.state == Pledge.State.WITHDRAWN:
        refuse(_("%(who)s noted at %(time)s that it is withdrawn."), **first_to("aid.withdrawn", pledge))
    refuse_if(pledge.state == Pledge.State.DELIVERED, _("All of it has come already."))
