"""The strawberries, step by step, for tests that begin in the middle of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from lianfang.ground.acts import Actor, reading
from lianfang.rooms import aid
from lianfang.rooms.aid import queries
from lianfang.rooms.aid.models import Need, Pledge
from lianfang.rooms.aid.queries import Sums
from lianfang.rooms.people.models import Worker
from tests import night
from tests.cast import DOOR, STORY, Cast

NOTE = "听困难：草莓二百斤压在棚里，3月1日前卖不掉就要烂"
TEN, LATER = timedelta(minutes=10), timedelta(days=3)


def worker(cast: Cast, sign_in: str) -> Worker:
    """Somebody who works here."""
    return night.get(Worker, cast.worker(sign_in), cast.li)


def proposed(cast: Cast, at: datetime = STORY, **given: Any) -> Need:
    """Strawberries, 200 jin: noted by the director's hand."""
    said: dict[str, Any] = {
        "kind": "sell",
        "item": "草莓",
        "quantity": Decimal(200),
        "unit": "jin",
        "perish_by": date(2020, 3, 1),
        "words": NOTE,
    }
    line = aid.propose(DOOR, by=cast.li, at=at, **(said | given))
    return night.get(Need, line.about, cast.li)


def confirm_words(cast: Cast, at: datetime = STORY, **given: Any) -> dict[str, Any]:
    """What confirming it says."""
    return {
        "owner": worker(cast, "liu"),
        "due": at + LATER,
        "kind": "sell",
        "item": "草莓",
        "quantity": Decimal(200),
        "unit": "jin",
        "price": Decimal(15),
        "perish_by": date(2020, 3, 1),
    } | given


def confirmed(cast: Cast, at: datetime = STORY, need: Need | None = None, **given: Any) -> Need:
    """It is so; 刘明 sees to it."""
    waiting = need or proposed(cast, at)
    aid.confirm(waiting, by=cast.li, at=at, **confirm_words(cast, at, **given))
    return night.get(Need, waiting.id, cast.li)


def pledged(
    cast: Cast, need: Need, much: object, who: str = "neighbour", name: str = "单国庆", **given: Any
) -> Pledge:
    """Somebody gives his word for so much of it, and 王秀英 writes it down."""
    said = {"by": cast.wang, "at": STORY, "by_kind": who, "by_name": name} | given
    line = aid.pledge(need, quantity=Decimal(str(much)), **said)
    return night.get(Pledge, line.about, cast.wang)


def sums(need: Need, by: Actor) -> Sums:
    """How it stands."""
    with reading(by):
        return queries.sums(need)
