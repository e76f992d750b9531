"""Mr Ning's complaint, step by step, for tests that begin in the middle of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lianfang.ground.acts import Actor
from lianfang.rooms import tickets
from lianfang.rooms.tickets.models import Ticket
from tests import night
from tests.cast import DOOR, STORY, STREET, Cast

WORDS = "我当天去当天回，为什么隔离我十四天？草莓怎么办？"
ANSWER = "已当面说明依据和申请复议的途径；草莓由社区帮助销售，每日两次上门。"


def found(id: UUID, by: Actor) -> Ticket:
    """The ticket as an actor finds it."""
    return night.get(Ticket, id, by)


def lodged(cast: Cast, at: datetime = STORY, **given: Any) -> Ticket:
    """The first call, taken down by the street's duty officer."""
    said: dict[str, Any] = {
        "channel": "12345",
        "outside_no": "京12345-0226-0417",
        "caller_name": "宁小松",
        "caller_phone": "199 0000 0402",
        "type": "complaint",
        "category": "epidemic",
        "words": WORDS,
        "door": DOOR,
    }
    line = tickets.lodge(STREET, by=cast.chen, at=at, **(said | given))
    return found(line.about, cast.chen)


def accepted(cast: Cast, at: datetime = STORY, **given: Any) -> Ticket:
    """陈立 has taken it."""
    one = lodged(cast, at, **given)
    tickets.accept(one, by=cast.chen, at=at)
    return found(one.id, cast.chen)


def answered(cast: Cast, at: datetime = STORY, **given: Any) -> Ticket:
    """陈立 has answered it."""
    one = accepted(cast, at, **given)
    tickets.answer(one, words=ANSWER, by=cast.chen, at=at)
    return found(one.id, cast.chen)


def called_back(cast: Cast, at: datetime = STORY, **given: Any) -> Ticket:
    """潘雨, who did not handle it, has called back."""
    one = answered(cast, at)
    said = {"reached": True, "heard": True, "solved": True, "satisfied": True}
    tickets.call_back(one, by=cast.pan, at=at, **(said | given))
    return found(one.id, cast.chen)


def minutes(count: float) -> datetime:
    """So many minutes after the story begins; set the clock there first."""
    return STORY + timedelta(minutes=count)
