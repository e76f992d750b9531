"""The checks of an order: laid out when he is told, recorded as measured, missed by the clock; and the doctor's alarm."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.notebook import Line, line
from lianfang.ground.refusals import UNFIT, refuse, refuse_if
from lianfang.ground.things import change, new, new_each, take, there_is
from lianfang.rooms.people.queries import first_to
from lianfang.rooms.policies.acts import number
from lianfang.rules.observing import of_a_body, slots

from .models import Alarm, Check, Order
from .queries import alarming, clock_of

State, Finding = Check.State, Alarm.Finding
ANY_TIME = timedelta(days=36_500)
CUT_OFFS = ("checks.morning_by", "checks.evening_by")
SLOT = ("where", "order", "day", "half", "opens_at", "due_at")


@act("checks.scheduled", back=ANY_TIME)
def schedule_checks(order: Order, *, by: Actor, at: datetime) -> Line:
    """Two checks a day from day 1 to the last, those whose time was over before he was told left out."""
    refuse_if(there_is(Check, order_id=order.id), _("The checks of this order are already there."))
    morning_by, evening_by = (int(number(order.where, key, at)) for key in CUT_OFFS)
    same = {"where": order.where, "order": order}
    rows = [
        same | {"day": slot.day, "half": slot.half, "opens_at": slot.opens, "due_at": slot.due}
        for slot in slots(order.first_day, order.days, morning_by, evening_by)
        if slot.due > at
    ]
    return line(order, checks=len(new_each(Check, rows)))


@act("check.recorded", back=timedelta(days=60))
def record_check(
    check: Check,
    *,
    how: str,
    temperature: Decimal | None = None,
    symptoms: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> Line:
    """What was measured, as measured, ``at`` that time. It is never too late and never refused for another:
    a second reading is kept beside the first, and one after the cut-off stays marked late."""
    refuse_if(how not in Check.How.values, _("Say how it was taken."), UNFIT)
    refuse_if(
        temperature is None and not symptoms,
        _("Type the temperature as measured. Without one the check stays open: go or call once more."),
        UNFIT,
    )
    _refuse_unbodily(temperature)
    refuse_if(
        at < check.opens_at,
        _("This check begins at %(time)s: enter the reading where it belongs."),
        UNFIT,
        time=clock_of(check.opens_at),
    )
    late = at > check.due_at or check.state == State.MISSED
    taken: dict[str, Any] = {"how": how, "taken_at": at, "taken_name": by.name, "late": late}
    taken |= {"temperature": temperature, "symptoms": list(symptoms)}
    # Complaints without a reading are kept and looked at; the check itself stays open.
    if temperature is not None and check.state != State.DONE and not check.further:
        change(check, state=State.DONE, **taken)
    else:
        same = {name: getattr(check, name) for name in SLOT}
        check = new(Check, state=State.DONE, further=True, **same, **taken)
    facts: dict[str, Any] = {"further": check.further, "late": check.late or None}
    return line(check, day=check.day, half=check.half, how=how, **facts)


@act("check.missed", back=ANY_TIME)
def miss_check(check: Check, *, by: Actor, at: datetime) -> Line:
    """No reading until the cut-off: a missed check, never a normal one (the clock notes it)."""
    refuse_if(check.state != State.DUE, _("This check is no longer waiting."))
    refuse_if(at < check.due_at, _("There is still time for this check."))
    change(check, state=State.MISSED)
    return line(check, day=check.day, half=check.half)


@act("alarm.raised", back=ANY_TIME)
def raise_alarm(check: Check, *, by: Actor, at: datetime) -> Line:
    """A reading at or above the fever line, or any complaint: the doctor is called at once."""
    refuse_if(not alarming(check), _("This reading does not ask for the doctor."))
    refuse_if(there_is(Alarm, cause_id=check.id), _("The doctor was already called about this reading."))
    order = take(Order, check.order_id)
    raised = new(Alarm, where=order.where, order=order, cause=check, raised_at=at)
    return line(raised, day=check.day, half=check.half)


@act("alarm.settled")
def settle_alarm(
    alarm: Alarm, *, finding: str, words: str, temperature: Decimal | None = None, by: Actor, at: datetime
) -> Line:
    """The doctor says what it was, after a second reading; only somebody taken to the clinic needs none."""
    if alarm.state != Alarm.State.OPEN:
        refuse(_("%(who)s already settled this at %(time)s."), **first_to("alarm.settled", alarm))
    refuse_if(finding not in Finding.values, _("Choose one of the list."), UNFIT)
    refuse_if(not words.strip(), _("Write down what you found."), UNFIT)
    refuse_if(
        temperature is None and finding != Finding.TAKEN,
        _("Measure once more after half an hour's rest and type the second reading."),
        UNFIT,
    )
    _refuse_unbodily(temperature)
    refuse_if(
        finding == Finding.EXPLAINED
        and temperature is not None
        and temperature >= number(alarm.where, "fever.from", at),
        _("The second reading is a fever too: that is not explained away."),
        UNFIT,
    )
    found = {"finding": finding, "words": words, "temperature": temperature}
    change(alarm, state=Alarm.State.SETTLED, settled_name=by.name, settled_at=at, **found)
    return line(alarm, day=alarm.cause.day, half=alarm.cause.half)


def _refuse_unbodily(temperature: Decimal | None) -> None:
    refuse_if(
        temperature is not None and not of_a_body(temperature),
        _("%(said)s is no body temperature: type what the thermometer shows, such as 36.6."),
        UNFIT,
        said=temperature,
    )
