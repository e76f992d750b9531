"""How an order ends: decided anew when the rules change, verified by the community, released by the authority."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.notebook import Line, line
from lianfang.ground.refusals import FORBIDDEN, UNFIT, Refused, refuse, refuse_if
from lianfang.ground.things import change, new, there_is
from lianfang.ground.where import level, within
from lianfang.rooms.people.queries import first_to
from lianfang.rooms.policies.queries import day_of, decided_anew, weighed
from lianfang.rules.observing import WITHIN

from .models import Alarm, Order, Release
from .numbers import next_number
from .queries import clock_of, due_by, missing

State = Order.State


@act("order.reviewed", back=timedelta(days=36_500))
def review(order: Order, *, by: Actor, at: datetime) -> Line:
    """The rules in force here have changed: the case is decided anew from its stored facts, once for each
    change. Whom they now exempt is listed for release within the hour; nothing stricter acts by itself."""
    refuse_if(order.state == State.RELEASED, _("He has been released from this order."))
    codes = weighed(order.where, day_of(at))
    refuse_if(codes == order.weighed, _("The rules it was decided by have not changed."))
    found, rule = decided_anew(order.where, order.matter, order.issued_at, at)
    free_by = order.free_by or (at + WITHIN if found == Order.Review.RELEASE else None)
    change(order, weighed=codes, review=found, review_rule=rule, reviewed_at=at, free_by=free_by)
    return line(order, rule=rule, review=found)


@act("release.verified")
def verify_release(order: Order, *, why_missed: str = "", by: Actor, at: datetime) -> Line:
    """The community verifies that his days are over (or that he is freed), that nothing waits for the doctor,
    and says why a check is missing."""
    _refuse_released(order)
    first = Release.objects.filter(order=order).first()
    if first is not None:
        refuse(_("%(who)s already verified this at %(time)s."), **first_to("release.verified", first))
    _refuse_unready(order, at)
    missed = missing(order, at)
    refuse_if(
        missed and not why_missed.strip(),
        _("Checks without a reading: %(n)s. Say why in a word."),
        UNFIT,
        n=missed,
    )
    verified = new(
        Release, where=order.where, order=order, issuer=order.authority_where, missed=missed, why_missed=why_missed,
        verified_by=by.id, verified_name=by.name, verified_at=at,
    )  # fmt: skip
    return line(verified, missed=missed)


@act("order.released")
def release(order: Order, *, by: Actor, at: datetime) -> Line:
    """The authority that decided, or one above it, releases him; never the person who verified. The notice of
    release gets its number, and nobody is bound any longer."""
    _refuse_released(order)
    refuse_if(
        level(by.where) not in Order.Level.values or not within(order.authority_where, by.where),
        _("Who decided releases: %(authority)s."),
        FORBIDDEN,
        authority=order.authority,
    )
    verified = Release.objects.filter(order=order).first()
    if verified is None:
        raise Refused(_("The community has not verified the end yet: ask it first."))
    refuse_if(
        verified.verified_by == by.id,
        _("Who verified the end does not release him: another person does."),
        FORBIDDEN,
    )
    _refuse_unready(order, at)
    year = day_of(at).year
    serial, number = next_number(Release, verified.issuer, year)
    numbered = {"year": year, "serial": serial, "number": number}
    released = {"released_by": by.id, "released_name": by.name, "released_at": at}
    change(verified, **numbered, **released)
    change(order, state=State.RELEASED)
    return line(order, number=number, in_time=at <= due_by(order))


def _refuse_released(order: Order) -> None:
    if order.state == State.RELEASED:
        refuse(_("%(who)s already released him at %(time)s."), **first_to("order.released", order))


def _refuse_unready(order: Order, at: datetime) -> None:
    refuse_if(
        at < order.release_due and order.free_by is None,
        _("His days are not over: the release is due at %(time)s."),
        time=clock_of(order.release_due),
    )
    refuse_if(
        there_is(Alarm, order_id=order.id, state=Alarm.State.OPEN),
        _("A reading still waits for the doctor: first her finding, then the release."),
    )
