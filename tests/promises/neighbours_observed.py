"""Neighbours under observation, in each community: one whose reading waits for the doctor and whose objection waits for an
answer; one whose days are over; one whose end is verified; one who is free. Their orders began on 11 February."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from lianfang import reactions
from lianfang.ground.acts import Actor, reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line
from lianfang.rooms import orders, people, policies
from lianfang.rooms.orders.models import Check, Notice, Order
from lianfang.rooms.people.models import Resident
from lianfang.rooms.people.roles import installer
from lianfang.rooms.places.models import Door
from tests import night
from tests.cast import STORY

if TYPE_CHECKING:
    from .neighbours import Community

BEGAN = date(2020, 2, 11)
TOLD = datetime(2020, 2, 11, 20, 0, tzinfo=BEIJING)


def observed_in(here: Community, by: Actor, leader: Actor) -> dict[str, UUID]:
    """Four orders and what hangs on them."""
    over, verified, freed, watched = (_told(here, by, leader, door) for door in ("503", "502", "501", "403"))
    orders.undertake(verified, how="paper", words=here.canary.words, freely=True, by=by, at=STORY)
    for one in (verified, freed):
        orders.verify_release(one, why_missed=here.canary.words, by=by, at=STORY)
    orders.release(freed, by=leader, at=STORY)
    office = installer(here.where[:9])
    answerer = people.register_worker(here.where[:9], name="戊同志", title="街道", by=office, at=STORY).id
    objection = orders.object_to(
        watched, words=here.canary.words, answer_by=answerer, answer_due=STORY + timedelta(hours=9),
        remedy_told=True, by=by, at=STORY,
    ).id  # fmt: skip
    recorded = orders.record_check(
        _check(watched, by, "am"),
        temperature=Decimal("37.3"),
        symptoms=["cough"],
        how="door",
        by=by,
        at=STORY,
    )
    reactions.raise_alarm(recorded)
    with reading(by):
        alarm = watched.alarms.get().id
    return {
        "over": over.id,
        "verified": verified.id,
        "freed": freed.id,
        "watched": watched.id,
        "answerer": answerer,
        "objection": objection,
        "check": _check(watched, by, "pm").id,
        "alarm": alarm,
    }


def _told(here: Community, by: Actor, leader: Actor, door: str) -> Order:
    """Somebody back after twenty nights, ordered and told on 11 February."""
    office = installer(here.where)
    with reading(office):
        home = Door.objects.get(where=f"{here.where}.3.3.{door}.")
    name = f"{here.canary.name}之{door}"
    person = night.get(
        Resident, people.register(home, name=name, sex="female", by=office, at=STORY).id, leader
    )
    facts = night.NING | {"nights_away": 20}
    made = policies.assess(here.where, facts=facts, resident=person, by=by, at=STORY)
    words = night.order_words(reason=here.canary.words, first_day=BEGAN)
    line = orders.issue(person, matter=made.matter, clause=night.CLAUSE, by=leader, at=STORY, **words)
    with reading(by):
        notice = Notice.objects.get(order=line.id)
    orders.serve(notice, how="paper", proof="signed", to_whom="himself", remedy_told=True, by=by, at=STORY)
    reactions.schedule_checks(Line(id=line.id, about=notice.id, at=TOLD))
    return night.get(Order, line.id, leader)


def _check(order: Order, by: Actor, half: str) -> Check:
    with reading(by):
        return Check.objects.get(order=order, day=14, half=half, further=False)
