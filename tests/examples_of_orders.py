"""The acts of an order after its notice, once each: he objects and is answered, signs, is looked after, and released.

The order of the story began on 11 February, so that all of this lies behind the moment it is told.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from lianfang.ground.acts import Actor
from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line
from lianfang.rooms import orders
from lianfang.rooms.orders.models import Alarm, Check, Objection, Order
from lianfang.rooms.people.roles import the_clock
from tests.cast import STORY

if TYPE_CHECKING:
    from tests.examples import Story

TOLD = datetime(2020, 2, 11, 20, 0, tzinfo=BEIJING)
"""When the checks of the story's order begin to lie ahead."""

BEFORE_THE_RULES = datetime(2020, 2, 13, 9, 0, tzinfo=BEIJING)
"""A day on which other editions were in force."""


def _order(story: Story, by: Actor) -> Order:
    return story.made("order.issued", Order, by)


def _check(story: Story, by: Actor, day: int, half: str) -> Check:
    return story.one(Check, by, order=story.lines["order.issued"].about, day=day, half=half, further=False)


def _objected(story: Story) -> Callable[[], Line]:
    return partial(
        orders.object_to, _order(story, story.cast.liu), words="来回一天也算返京？我要讨个说法。",
        answer_by=_id(story.cast.pan), answer_due=STORY + timedelta(hours=20), remedy_told=True,
        by=story.cast.liu, at=STORY,
    )  # fmt: skip


def _id(who: Actor) -> UUID:
    return who.id


AFTER_THE_NOTICE: dict[str, Callable[[Story], Callable[[], Line]]] = {
    "order.objected": _objected,
    "objection.answered": lambda story: partial(
        orders.answer_objection, story.made("order.objected", Objection, story.cast.pan), outcome="stands",
        answer="每周往返没有豁免，两周内有变化再复核。", by=story.cast.pan, at=STORY,
    ),
    "order.undertaken": lambda story: partial(
        orders.undertake, _order(story, story.cast.li), how="paper", words="草莓的事请帮忙。", freely=True,
        by=story.cast.li, at=STORY,
    ),
    "checks.scheduled": lambda story: partial(
        orders.schedule_checks, _order(story, the_clock()), by=the_clock(), at=TOLD
    ),
    "check.recorded": lambda story: partial(
        orders.record_check, _check(story, story.cast.wang, 14, "pm"), temperature=Decimal("37.3"),
        symptoms=["cough"], how="door", by=story.cast.wang, at=STORY,
    ),
    "alarm.raised": lambda story: partial(
        orders.raise_alarm, story.made("check.recorded", Check, the_clock()), by=the_clock(), at=STORY
    ),
    "alarm.settled": lambda story: partial(
        orders.settle_alarm, story.made("alarm.raised", Alarm, story.cast.sun), finding="explained",
        words="刚喝过热水，休息半小时再测。", temperature=Decimal("36.6"), by=story.cast.sun, at=STORY,
    ),
    "check.missed": lambda story: partial(
        orders.miss_check, _check(story, the_clock(), 14, "am"), by=the_clock(), at=STORY
    ),
    "order.reviewed": lambda story: partial(
        orders.review, _order(story, the_clock()), by=the_clock(), at=BEFORE_THE_RULES
    ),
    "release.verified": lambda story: partial(
        orders.verify_release, _order(story, story.cast.li), why_missed="他上午去卸货，电话没接。",
        by=story.cast.li, at=STORY,
    ),
    "order.released": lambda story: partial(
        orders.release, _order(story, story.cast.zhao), by=story.cast.zhao, at=STORY
    ),
}  # fmt: skip
