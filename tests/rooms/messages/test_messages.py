"""A resident is told, and it is known whether he knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from lianfang.ground.acts import Actor
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import Refused
from lianfang.rooms import messages
from lianfang.rooms.messages import queries
from lianfang.rooms.messages.codes import digest_of
from lianfang.rooms.messages.models import Message
from lianfang.rooms.messages.wording import sentence
from lianfang.rooms.people.models import Resident
from lianfang.rooms.people.roles import actor, the_clock
from tests import night
from tests.at_once import at_once
from tests.cast import DOOR, NEIGHBOUR, STORY, Cast

pytestmark = pytest.mark.usefixtures("street")

WORDS = "草莓的事明早八点上门谈。"


def himself(cast: Cast, name: str = "宁小松") -> Actor:
    """Somebody of 3-2-402 as his slip lets him in."""
    who = somebody(cast, name)
    return actor(who.id, "resident", DOOR, who.name).by_way_of("public")


def somebody(cast: Cast, name: str) -> Resident:
    with night.reading(cast.wang):
        return Resident.objects.get(where=DOOR, name=name)


def sent(cast: Cast, **given: object) -> Message:
    line = messages.send(
        DOOR, **({"resident": night.ning(cast.wang), "words": WORDS} | given), by=cast.wang, at=STORY
    )
    return night.get(Message, line.id, cast.wang)


def test_it_waits_at_his_door_until_somebody_tells_him(cast: Cast) -> None:
    one = sent(cast)
    assert (one.state, one.way, one.delivered_at) == ("waiting", "door", None)
    with night.reading(cast.wang):
        assert queries.to_deliver(DOOR) == [one]
    line = messages.deliver(one, way="phone", by=cast.liu, at=STORY + timedelta(minutes=4))
    assert (line.kind, line.facts) == ("message.delivered", {"way": "phone"})
    told = night.get(Message, one.id, cast.wang)
    assert (told.state, told.way, told.delivered_at) == ("delivered", "phone", STORY + timedelta(minutes=4))


def test_who_has_a_slip_finds_it_on_his_page(cast: Cast) -> None:
    messages.issue_slip(
        DOOR, resident=night.ning(cast.liu), digest=digest_of("AAAAABBBBB"), by=cast.liu, at=STORY
    )
    one = sent(cast)
    assert one.way == "link"
    with night.reading(cast.wang):
        assert queries.to_deliver(DOOR) == []


def test_the_second_who_tells_him_learns_who_was_first(cast: Cast) -> None:
    one = sent(cast)
    outcomes = at_once(
        lambda: messages.deliver(one, way="door", by=cast.liu, at=STORY),
        lambda: messages.deliver(one, way="phone", by=cast.li, at=STORY),
    )
    assert "21:40" in night.one_done_one_refused(outcomes).message


def test_he_says_himself_that_he_has_read_it_and_nobody_else_does(cast: Cast) -> None:
    one = sent(cast)
    for other in (himself(cast, "曾兰"), cast.wang):
        with pytest.raises(Refused) as no:
            messages.acknowledge(one, by=other, at=STORY)
        assert no.value.code in (403, 404)
    line = messages.acknowledge(one, by=himself(cast), at=STORY)
    assert (line.kind, line.role, line.via) == ("message.acknowledged", "resident", "public")
    again = night.get(Message, one.id, cast.wang)
    assert (again.state, again.delivered_at, again.acknowledged_at) == ("acknowledged", STORY, STORY)
    with pytest.raises(Refused):
        messages.acknowledge(one, by=himself(cast), at=STORY)


def test_what_he_heard_in_the_call_needs_no_telling(cast: Cast) -> None:
    one = sent(cast, way="phone", told=True)
    assert (one.state, one.delivered_at) == ("delivered", STORY)


def test_nobody_makes_up_a_decision_in_a_message(cast: Cast) -> None:
    """That he is released, or answered, is told by what released or answered him."""
    for given in (
        {"occasion": "order_released"},
        {"facts": {"number": "1"}},
        {"occasion": "ticket_answered"},
    ):
        with pytest.raises(Refused) as no:
            sent(cast, **given)
        assert no.value.code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": " "},
        {"occasion": "gossip"},
        {"way": "pigeon"},
        {"matter": new_id()},
        {"where": f"{DOOR[:-4]}403."},
        {"where": f"{NEIGHBOUR}.3.2.402."},
    ],
    ids=str,
)
def test_what_cannot_be_sent_is_refused(cast: Cast, wrong: dict[str, object]) -> None:
    given: dict[str, object] = {"words": WORDS, "resident": night.ning(cast.wang)} | wrong
    where = str(given.pop("where", DOOR))
    with pytest.raises(Refused):
        messages.send(where, **given, by=cast.wang, at=STORY)  # type: ignore[arg-type]


def test_who_tells_and_who_does_not(cast: Cast) -> None:
    for role in (cast.wang, cast.li, cast.liu, cast.chen):
        messages.send(DOOR, resident=night.ning(role), words=WORDS, by=role, at=STORY)
    messages.send(DOOR, resident=night.ning(the_clock()), words=WORDS, by=the_clock(), at=STORY)
    for role in (cast.guo, cast.sun, cast.he, cast.zhou, cast.qian, cast.fang):
        with pytest.raises(Refused):
            messages.send(DOOR, resident=night.ning(cast.wang), words=WORDS, by=role, at=STORY)


def test_a_message_reads_as_a_sentence_in_either_language(cast: Cast) -> None:
    facts = {
        "number": "清和街居观〔2020〕1号",
        "days": 14,
        "last_day": "2020-03-11",
        "due": "2020-02-27T21:40:00+08:00",
    }
    for occasion in Message.Occasion.values:
        one = Message(occasion=occasion, facts=facts)
        with translation.override("zh-hans"):
            zh = sentence(one)
        with translation.override("en"):
            en = sentence(one)
        assert "–" not in zh + en and "%" not in zh + en
        assert not any("\u3400" <= sign <= "\u9fff" for sign in en.replace(facts["number"], ""))  # type: ignore[arg-type]
    with translation.override("zh-hans"):
        assert "3月11日" in sentence(Message(occasion="order_issued", facts=facts))
        assert "2月27日 21:40" in sentence(Message(occasion="ticket_accepted", facts=facts))
        assert "–" in sentence(Message(occasion="order_issued", facts={}))


def test_who_called_is_told_by_his_phone_and_by_a_name_only_without_one(cast: Cast) -> None:
    with night.reading(cast.wang):
        called = {
            (name, phone): getattr(queries.who_called(DOOR, name, phone), "name", None)
            for name in ("宁小松", "曾兰", "单国庆", "")
            for phone in ("19900000402", "19900000403", "")
        }
    assert called == {
        ("宁小松", "19900000402"): "宁小松",
        ("宁小松", "19900000403"): None,
        ("宁小松", ""): "宁小松",
        ("曾兰", "19900000402"): None,
        ("曾兰", "19900000403"): None,
        ("曾兰", ""): "曾兰",
        ("单国庆", "19900000402"): None,
        ("单国庆", "19900000403"): None,
        ("单国庆", ""): None,
        ("", "19900000402"): "宁小松",
        ("", "19900000403"): None,
        ("", ""): None,
    }
