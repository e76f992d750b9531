"""What he says to an order and what he is answered: his objection, the answer by another person, his signature."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.notebook import Line, line
from lianfang.ground.refusals import FORBIDDEN, UNFIT, Refused, refuse, refuse_if
from lianfang.ground.things import change, new, take
from lianfang.rooms.people.models import Worker
from lianfang.rooms.people.queries import first_to
from lianfang.rules.observing import WITHIN

from .models import Objection, Order, Undertaking
from .queries import clock_of, deciders


@act("order.objected")
def object_to(
    order: Order,
    *,
    words: str,
    answer_due: datetime,
    answer_by: UUID,
    remedy_told: bool = False,
    by: Actor,
    at: datetime,
) -> Line:
    """He objects, in his own words: who of the authority answers, and by when, is fixed at once. The measure
    continues; somebody who did not decide answers."""
    _refuse_untold(order)
    first = Objection.objects.filter(order=order, state=Objection.State.OPEN).first()
    if first is not None:
        refuse(_("%(who)s already noted his objection at %(time)s."), **first_to("order.objected", first))
    refuse_if(not words.strip(), _("Write down his own words."), UNFIT)
    refuse_if(not remedy_told, _("Tell him where else he can turn, then note his objection."), UNFIT)
    latest = max(order.release_due, at + timedelta(days=1))
    refuse_if(not at < answer_due <= latest, _("The answer comes before his days end."), UNFIT)
    another = Worker.objects.filter(id=answer_by, where=order.authority_where).first()
    if another is None:
        raise Refused(_("Name somebody of %(authority)s."), UNFIT, authority=order.authority)
    refuse_if(another.id in deciders(order), _("Who decided does not answer: name another person."), UNFIT)
    made = new(
        Objection, where=order.where, order=order, words=words, objected_at=at, answer_due=answer_due,
        answer_by=another.id, answer_by_name=another.name,
    )  # fmt: skip
    return line(made, number=order.notice.number, answer_due=clock_of(answer_due))


@act("objection.answered")
def answer_objection(objection: Objection, *, outcome: str, answer: str, by: Actor, at: datetime) -> Line:
    """The authority answers: the order stands, or he is to be released. Nobody who decided answers."""
    if objection.state != Objection.State.OPEN:
        refuse(_("%(who)s already answered this at %(time)s."), **first_to("objection.answered", objection))
    order = take(Order, objection.order_id)
    refuse_if(by.id in deciders(order), _("Who decided does not answer: another person does."), FORBIDDEN)
    refuse_if(outcome not in Objection.Outcome.values, _("Choose one of the list."), UNFIT)
    refuse_if(not answer.strip(), _("Answer him in words."), UNFIT)
    answered = {"outcome": outcome, "answer": answer, "answered_name": by.name, "answered_at": at}
    change(objection, state=Objection.State.ANSWERED, **answered)
    if outcome == Objection.Outcome.FREED and order.free_by is None:
        change(order, free_by=at + WITHIN)
    in_time = at <= objection.answer_due
    return line(objection, number=order.notice.number, outcome=outcome, in_time=in_time)


@act("order.undertaken")
def undertake(
    order: Order, *, how: str, freely: bool = False, words: str = "", by: Actor, at: datetime
) -> Line:
    """He signs what he will keep to. It is his signature: he was told that he need not sign (``freely``)."""
    if order.state == Order.State.UNDERTAKEN:
        refuse(_("He has signed: %(who)s wrote it down at %(time)s."), **first_to("order.undertaken", order))
    _refuse_untold(order)
    refuse_if(
        not freely,
        _("Nobody has to sign. Tell him so; without a signature the order holds all the same."),
        UNFIT,
    )
    new(Undertaking, where=order.where, order=order, how=how, words=words, signed_at=at)
    change(order, state=Order.State.UNDERTAKEN)
    return line(order, how=how)


def _refuse_untold(order: Order) -> None:
    refuse_if(order.state == Order.State.ISSUED, _("He does not know of the order yet: tell him first."))
    refuse_if(order.state == Order.State.RELEASED, _("He has been released from this order."))
