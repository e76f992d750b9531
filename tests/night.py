"""The steps of the first night, for tests that begin in the middle of it; and what came of two people at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from lianfang.ground import find, followups
from lianfang.ground.acts import Actor, reading
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.ground.things import Thing
from lianfang.rooms import gates, orders, policies, rulings
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.orders.models import Notice, Order
from lianfang.rooms.people.models import Resident
from lianfang.rooms.policies.models import Assessment
from lianfang.rooms.rulings.models import Question
from tests.cast import DOOR, HOME, STORY, Cast

T = TypeVar("T", bound=Thing)

NING: dict[str, object] = {
    "origin": "131028",
    "nights_away": 0,
    "lives_in": "110198",
    "works_in": "110198",
    "purpose": "goods",
    "how_often": "weekly",
    "transport": "own_vehicle",
    "occupation": "grower",
    "lodging": "own_home",
    "central_unit": False,
    "high_incidence_14d": False,
    "to_key_area": False,
    "symptom": False,
}
"""What is known of him: back the same day from 大厂 where he delivers once a week, home in Beijing, no symptom."""

CLAUSE = "beijing-2020-02-14/1"
ARRIVAL = date(2020, 2, 26)


def get(model: type[T], id: UUID, by: Actor) -> T:
    """A thing as an actor finds it."""
    with reading(by):
        return find.thing(model, id, by)


def ning(by: Actor) -> Resident:
    """宁小松 of 3-2-402 in 建西里, as an actor finds him."""
    with reading(by):
        return Resident.objects.get(where=DOOR, name="宁小松")


def asked(cast: Cast, at: datetime = STORY) -> Verification:
    """The checkpoint has asked."""
    line = gates.ask(
        HOME,
        post="马坊进京检查站",
        asked_for="宁小松",
        asks="lives_here",
        officer="检查站民警",
        callback="19900000110",
        plate="京A00000",
        id_tail="0002",
        by=cast.wang,
        at=at,
    )
    return get(Verification, line.id, cast.wang)


def assessed(
    cast: Cast, at: datetime = STORY, facts: dict[str, object] | None = None, **given: Any
) -> Assessment:
    """The rules have been asked; in a matter of its own unless ``matter`` is given."""
    line = policies.assess(HOME, facts=facts or NING, resident=ning(cast.li), by=cast.li, at=at, **given)
    return get(Assessment, line.id, cast.li)


def asked_up(
    cast: Cast, at: datetime = STORY, assessment: Assessment | None = None, **given: Any
) -> Question:
    """The director has asked the street."""
    said: dict[str, Any] = {
        "question": "当天往返大厂送草莓，14日通知是否适用？",
        "view": "modified",
        "view_days": 14,
        "view_words": "只是送货，没有过夜。",
        "interim": "今晚先在家，不登记为居家观察。",
        "due": at + timedelta(hours=2),
    }
    line = rulings.ask_up(assessment or assessed(cast, at), by=cast.li, at=at, **(said | given))
    return get(Question, line.id, cast.li)


def ruled(cast: Cast, at: datetime = STORY, question: Question | None = None, **given: Any) -> Question:
    """The street's duty officer has ruled, by discretion: required, 14 days."""
    said: dict[str, Any] = {
        "answer": "required",
        "ground": "discretion",
        "days": 14,
        "reason": "每周往返，条文没有写到，先按居家观察办理。",
    }
    asked = question or asked_up(cast, at)
    rulings.rule(asked, by=cast.chen, at=at, **(said | given))
    return get(Question, asked.id, cast.chen)


def order_words(**given: Any) -> dict[str, Any]:
    """What an order says."""
    return {
        "days": 14,
        "first_day": ARRIVAL,
        "reason": "2月26日从河北大厂返回，街道批复先按居家观察办理。",
        "remedy": "对本决定不服，可以向区政府申请行政复议。",
    } | given


def issued(cast: Cast, at: datetime = STORY, **given: Any) -> tuple[Order, Notice]:
    """The street leader has issued the order on the ruling; its notice waits to be served."""
    if "matter" not in given:
        question = ruled(cast, at)
        given |= {"matter": question.matter, "ruling": question.id}
    line = orders.issue(ning(cast.zhao), by=cast.zhao, at=at, **order_words(**given))
    order = get(Order, line.id, cast.zhao)
    with reading(cast.zhao):
        return order, Notice.objects.get(order=order)


def follow_up() -> None:
    """Let the worker do what is waiting to be done, and stop."""
    followups.settle()


def one_done_one_refused(outcomes: list[Any]) -> Refused:
    """Of two at once exactly one was done; gives back the refusal of the other."""
    lines = [one for one in outcomes if isinstance(one, Line)]
    refusals = [one for one in outcomes if isinstance(one, Refused)]
    assert len(lines) == 1 and len(refusals) == 1, outcomes
    return refusals[0]
