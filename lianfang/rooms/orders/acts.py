"""Deeds on orders: an authority issues one, the community serves its notice or records that it is not
accepted."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.holds import figure, holds
from lianfang.ground.notebook import Line, known, line
from lianfang.ground.refusals import FORBIDDEN, GONE, UNFIT, Refused, refuse, refuse_if
from lianfang.ground.things import change, new, take
from lianfang.ground.where import level
from lianfang.rooms.people.models import Resident, Unit
from lianfang.rooms.people.queries import first_to, stay_within
from lianfang.rooms.places.queries import area
from lianfang.rooms.policies.queries import Found, clause_in_force, day_of, weighed
from lianfang.rules.deciding import days as term_of
from lianfang.rules.editions import Require

from .models import Notice, Order
from .numbers import next_number

LONGEST = 60


@act("order.issued")
def issue(
    resident: Resident,
    *,
    matter: UUID,
    days: int,
    first_day: date,
    reason: str,
    remedy: str,
    clause: str = "",
    ruling: UUID | None = None,
    considered: list[Any] | None = None,
    measure: str = Order.Measure.HOME,
    by: Actor,
    at: datetime,
) -> Line:
    """An authority (a street or above) orders a measure, on a clause in force or on a ruling; the notice
    gets its number.

    ``first_day`` is day 0 (the arrival); the last day and the moment of release are computed.
    ``considered``: exemptions that were weighed. Refused while a question of the matter waits for its
    ruling, or if an order is in force."""
    refuse_if(
        level(by.where) not in Order.Level.values,
        _("A community does not decide; it asks the street."),
        FORBIDDEN,
    )
    _refuse_unfounded(matter, clause, ruling, days, reason, remedy)
    today = day_of(at)
    refuse_if(abs((today - first_day).days) > LONGEST, _("The first day lies too far from today."), UNFIT)
    stay = stay_within(by.where, resident)
    if stay is None:
        raise Refused(_("He is not in the register of this place."), GONE)
    refuse_if(not 1 <= days <= LONGEST, _("Say for how many days: 1 to %(most)s."), UNFIT, most=LONGEST)
    refuse_if(measure not in Order.Measure.values, _("This measure is not ordered here."), UNFIT)
    basis = _basis(stay.where, today, clause, measure, days) if clause else None
    _refuse_second(resident, at)
    term = term_of(first_day, days, basis.edition.ends_at if basis else "24:00")
    order = new(
        Order, where=stay.where, resident=resident, authority=_authority(by), authority_where=by.where,
        authority_level=level(by.where), edition=basis.row if basis else None, clause=clause, ruling=ruling,
        reason=reason, considered=considered or [], measure=measure, days=days, first_day=term.day_0,
        last_day=term.last_day, release_due=term.release_due, remedy=remedy, issued_at=at, issued_by=by.id,
        issued_name=by.name, weighed=weighed(stay.where, today), matter=matter,
    )  # fmt: skip
    notice = _numbered(order, today.year)
    facts: dict[str, Any] = {"days": days, "last_day": order.last_day.isoformat(), "number": notice.number}
    return line(order, rule=clause or "ruling", level=order.authority_level, **facts)


@act("notice.served")
def serve(
    notice: Notice,
    *,
    how: str,
    proof: str,
    to_whom: str,
    proof_words: str = "",
    remedy_told: bool = False,
    by: Actor,
    at: datetime,
) -> Line:
    """The community serves the notice, with proof. A notice that was not accepted can still be served
    later."""
    if notice.state == Notice.State.SERVED:
        refuse(_("%(who)s already served this at %(time)s."), **first_to("notice.served", notice))
    refuse_if(not remedy_told, _("Tell him where he can object, then note that it is served."), UNFIT)
    refuse_if(
        how not in Notice.How.values
        or proof not in Notice.Proof.values
        or to_whom not in Notice.ToWhom.values,
        _("Choose one of the list."),
        UNFIT,
    )
    refuse_if(
        how == Notice.How.PHONE and proof != Notice.Proof.WITNESS,
        _("By phone only a witness is a proof: name him."),
        UNFIT,
    )
    refuse_if(
        proof != Notice.Proof.SIGNED and not proof_words.strip(), _("Describe the proof in a word."), UNFIT
    )
    order = _told_of(notice)
    told = {"how": how, "proof": proof, "proof_words": proof_words, "to_whom": to_whom, "served_at": at}
    change(notice, state=Notice.State.SERVED, **told)
    if order.state != Order.State.UNDERTAKEN:
        change(order, state=Order.State.SERVED)
    return line(notice, how=how, proof=proof, to_whom=to_whom)


@act("notice.refused")
def refuse_notice(notice: Notice, *, words: str, witness: str = "", by: Actor, at: datetime) -> Line:
    """He does not accept it: his position, in his own words. It is no disobedience, and the order stands as
    before."""
    if notice.state == Notice.State.SERVED:
        refuse(_("%(who)s already served this at %(time)s."), **first_to("notice.served", notice))
    if notice.state == Notice.State.REFUSED:
        refuse(_("%(who)s already noted this at %(time)s."), **first_to("notice.refused", notice))
    refuse_if(not words.strip(), _("Write down his own words."), UNFIT)
    order = _told_of(notice)
    change(notice, state=Notice.State.REFUSED, refused_words=words, witness=witness, refused_at=at)
    change(order, state=Order.State.REFUSED)
    return line(notice, witnessed=bool(witness.strip()))


def _told_of(notice: Notice) -> Order:
    """The order of a notice, locked; nobody is told of one he has been released from."""
    order = take(Order, notice.order_id)
    refuse_if(order.state == Order.State.RELEASED, _("He has been released: there is nothing left to tell."))
    return order


def _refuse_unfounded(
    matter: UUID, clause: str, ruling: UUID | None, days: int, reason: str, remedy: str
) -> None:
    """No order without a matter that is ready for it, a basis, a reason and a way to object."""
    refuse_if(not known(matter), _("There is no such matter here."), GONE)
    refuse_if(
        holds("question open", matter), _("A question is still open in this matter: wait for its ruling.")
    )
    refuse_if(not ruling and holds("ruled exempt", matter), _("The ruling in this matter says exempt."))
    if ruling:
        most = figure("days ruled", ruling)
        refuse_if(not most, _("No ruling with this number requires anything."), UNFIT)
        refuse_if(days > most, _("The ruling gives %(most)s days; an order is not longer."), UNFIT, most=most)
    refuse_if(not clause and not ruling, _("An order rests on a clause in force or on a ruling."), UNFIT)
    refuse_if(not reason.strip(), _("An order gives its reason."), UNFIT)
    refuse_if(not remedy.strip(), _("An order says where he can object."), UNFIT)


def _basis(where: str, today: date, name: str, measure: str, days: int) -> Found:
    """The requiring clause the order rests on; an order is not longer or stricter than its clause."""
    found = clause_in_force(where, today, name)
    if found is None or not isinstance(found.clause.effect, Require):
        raise Refused(
            _("“%(clause)s” is not a clause in force here that requires anything."), UNFIT, clause=name
        )
    asked = found.clause.effect.measure
    refuse_if(
        asked.kind.strictness < type(asked.kind)(measure).strictness
        or (asked.days is not None and days > asked.days),
        _("The clause does not ask for so much."),
        UNFIT,
    )
    return found


def _refuse_second(resident: Resident, at: datetime) -> None:
    first = Order.objects.filter(resident=resident).exclude(state=Order.State.RELEASED).first()
    if first is not None:
        refuse_if(at >= first.release_due, _("His last order is over; he must be released from it first."))
        refuse(
            _("An order is already in force for this person: %(who)s issued it at %(time)s."),
            **first_to("order.issued", first),
        )


def _authority(by: Actor) -> str:
    unit = Unit.objects.filter(id=by.unit).first() if by.unit else None
    place = area(by.where)
    return unit.name if unit else place.name if place else by.where


def _numbered(order: Order, year: int) -> Notice:
    """The notice of a new order, with its number."""
    issuer = order.authority_where
    serial, number = next_number(Notice, issuer, year)
    numbered: dict[str, Any] = {"issuer": issuer, "year": year, "serial": serial, "number": number}
    return new(Notice, where=order.where, order=order, matter=order.matter, **numbered)
