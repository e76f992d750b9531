"""Somebody under observation since 26 February, for tests that begin in the middle of his fourteen days."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from lianfang import reactions
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line
from lianfang.rooms import orders
from lianfang.rooms.orders.models import Alarm, Check, Order
from lianfang.rooms.people.roles import the_clock
from tests import night
from tests.cast import STORY, Cast

REFUSED = STORY + timedelta(minutes=70)
"""22:50: he does not accept the notice."""

OVER = datetime(2020, 3, 12, 0, 0, tzinfo=BEIJING)
"""His days are over."""


def on(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of 2020, with the clock put there."""
    moment = datetime(2020, month, day, hour, minute, tzinfo=BEIJING)
    clock.move_to(moment)
    return moment


def told(cast: Cast, at: datetime = REFUSED) -> Order:
    """The order is issued and he does not accept its notice; the checks follow from that."""
    clock.move_to(at)
    order, notice = night.issued(cast)
    orders.refuse_notice(notice, words="我一天没在外面过夜，凭什么？", by=cast.liu, at=at)
    night.follow_up()
    return night.get(Order, order.id, cast.zhao)


def slot(order: Order, by: Actor, day: int, half: str) -> Check:
    """The check of a half day."""
    with reading(by):
        return Check.objects.get(order=order, day=day, half=half, further=False)


def taken(order: Order, by: Actor, day: int, half: str, temperature: str | None, **given: Any) -> Line:
    """A reading of a half day, at the clock's own time unless ``at`` is given; what follows is not done yet."""
    said = {"how": "door", "at": clock.now()} | given
    reading_ = Decimal(temperature) if temperature else None
    return orders.record_check(slot(order, by, day, half), temperature=reading_, by=by, **said)


def alarms(by: Actor) -> list[Alarm]:
    """The alarms he sees, oldest first."""
    with reading(by):
        return list(Alarm.objects.select_related("cause").order_by("raised_at", "id"))


def checked_to_the_end(order: Order, by: Actor, *, but: tuple[tuple[int, str], ...] = ()) -> None:
    """Every check of fourteen days is taken in its time, but for some; those the clock marks as missed."""
    with reading(by):
        found = list(Check.objects.filter(order=order, state="due", due_at__lte=OVER).order_by("due_at"))
    for check in found:
        if (check.day, check.half) not in but:
            moment = check.due_at - timedelta(hours=2)
            clock.move_to(moment)
            orders.record_check(check, temperature=Decimal("36.5"), how="self", by=by, at=moment)
    clock.move_to(OVER + timedelta(minutes=20))
    reactions.find_missed_checks(clock.now())


def verified(order: Order, cast: Cast, **given: Any) -> Line:
    """The director verifies the end."""
    return orders.verify_release(
        night.get(Order, order.id, cast.li),
        by=cast.li,
        at=clock.now(),
        **({"why_missed": "人在，没接电话"} | given),
    )


def released(order: Order, by: Actor) -> Line:
    """The street releases him."""
    return orders.release(night.get(Order, order.id, by), by=by, at=clock.now())


def reviewed(at: datetime) -> int:
    """The clock looks for orders that other rules decide now."""
    clock.move_to(at)
    return reactions.review_orders(at)


def time_itself() -> Actor:
    """The clock."""
    return the_clock()
