"""A complaint that night: five calls to 12345 and two to 110 are one ticket of the street, with seven contacts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import translation

from lianfang.ground.acts import reading
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import tickets
from lianfang.rooms.tickets import queries
from lianfang.rooms.tickets.models import Contact, Ticket
from tests import night
from tests.at_once import at_once
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, STREET, Cast
from tests.conftest import SERVER

from . import complaint

Later = Callable[[float], datetime]


def test_a_first_call_is_a_ticket_of_the_street_the_community_helping(street: str, cast: Cast) -> None:
    one = complaint.lodged(cast)
    assert (one.where, one.also, one.copied, one.door) == (STREET, [HOME], "110198", DOOR)
    assert (one.number, one.state, one.level) == ("0226-001", "lodged", "7d")
    assert one.due == STORY + timedelta(days=7)
    assert one.opened("caller_phone") == "19900000402"
    with reading(cast.li):
        assert [each.id for each in queries.in_view(HOME, "waiting", STORY)] == [one.id]
        line = Line.objects.get(id=one.id)
    assert (line.where, line.also, line.kind) == (STREET, [HOME], "ticket.lodged")
    assert set(line.facts) == {"number", "channel", "type", "category", "level", "due"}
    for stranger in (cast.fang, cast.guo):
        with reading(stranger):
            assert not Ticket.objects.exists() and not Contact.objects.exists()


def test_five_calls_to_12345_and_two_to_110_are_one_ticket_with_seven_contacts(
    street: str, cast: Cast, later: Later
) -> None:
    one = complaint.lodged(cast, later(50))
    calls = [("12345", cast.chen, 75), ("110", cast.he, 110), ("12345", cast.wang, 140), ("12345", cast.chen, 200),
             ("110", cast.he, 250), ("12345", cast.li, 290)]  # fmt: skip
    for number, (channel, by, minute) in enumerate(calls, 2):
        line = tickets.log_call(
            one, channel=channel, words=f"第{number}次：还是不接受。", outside_no=f"{channel}-{number}",
            by=by, at=later(minute),
        )  # fmt: skip
        assert line.facts == {"number": "0226-001", "channel": channel, "calls": number}
    with reading(cast.li):
        assert Ticket.objects.count() == 1
        spoken = queries.contacts(one)
        assert [each.channel for each in spoken].count("12345") == 5
        assert [each.channel for each in spoken].count("110") == 2
        assert len(spoken) == queries.calls(one) == 7
        assert all(each.progress_told for each in spoken[1:]) and not spoken[0].progress_told
        assert Line.objects.filter(kind="ticket.lodged").count() == 1
        assert Line.objects.filter(kind="ticket.called").count() == 6


def test_a_repeat_call_gets_the_progress_as_it_is_at_that_moment(
    street: str, cast: Cast, later: Later
) -> None:
    one = complaint.lodged(cast)
    told = []
    for minute, step in enumerate(["wait", "accept", "answer"]):
        if step == "accept":
            tickets.accept(one, by=cast.chen, at=later(minute))
        if step == "answer":
            tickets.answer(one, words=complaint.ANSWER, by=cast.chen, at=later(minute))
        with translation.override("en"):
            line = tickets.log_call(one, channel="12345", words="怎么样了？", by=cast.wang, at=later(minute))
        told.append(night.get(Contact, line.id, cast.wang).progress_told)
    assert "0226-001" in told[0] and "清和街道" in told[0] and "03-04 21:40" in told[0]
    assert "waits to be taken up" in told[0]
    assert "in hand since 02-26 21:41" in told[1]
    assert complaint.ANSWER in told[2]
    assert "陈立" not in "".join(told)


def test_what_the_case_knows_besides_is_told_and_kept(street: str, cast: Cast) -> None:
    one = complaint.lodged(cast)
    line = tickets.log_call(
        one,
        channel="phone",
        words="在吗？",
        progress="告知书的依据已重查，明早答复。",
        by=cast.wang,
        at=STORY,
    )
    assert night.get(Contact, line.id, cast.wang).progress_told == "告知书的依据已重查，明早答复。"


def test_he_may_call_again_whatever_has_become_of_it(street: str, cast: Cast) -> None:
    one = complaint.called_back(cast)
    tickets.close(one, by=cast.chen, at=STORY)
    line = tickets.log_call(one, channel="110", words="又打来了。", by=cast.he, at=STORY)
    assert line.facts["calls"] == 2
    assert complaint.found(one.id, cast.chen).state == "closed"


def test_a_call_written_down_days_later_keeps_its_time(street: str, cast: Cast, later: Later) -> None:
    one = complaint.lodged(cast)
    later(6 * 24 * 60)
    line = tickets.log_call(
        one, channel="110", words="那晚的第二个。", by=cast.he, at=STORY + timedelta(hours=1)
    )
    assert night.get(Contact, line.id, cast.he).at == STORY + timedelta(hours=1)


@pytest.mark.parametrize(
    ("type", "category", "level"),
    [
        ("complaint", "epidemic", "7d"),
        ("help", "danger", "2h"),
        ("enquiry", "utilities", "24h"),
        ("help", "medical", "24h"),
        ("enquiry", "epidemic", "24h"),
        ("suggestion", "traffic", "15d"),
        ("suggestion", "danger", "2h"),
    ],
)
def test_the_time_for_the_answer_follows_type_and_category(
    one_street: str, cast: Cast, type: str, category: str, level: str
) -> None:
    one = complaint.lodged(cast, type=type, category=category, outside_no="")
    hours = {"2h": 2, "24h": 24, "7d": 168, "15d": 360}
    assert (one.level, one.due) == (level, STORY + timedelta(hours=hours[level]))


def test_the_time_may_be_said(one_street: str, cast: Cast) -> None:
    assert complaint.lodged(cast, level="15d", outside_no="").due == STORY + timedelta(days=15)


def test_a_ticket_joins_the_matter_of_the_order_it_is_about(street: str, cast: Cast) -> None:
    order, _notice = night.issued(cast)
    assert complaint.lodged(cast, matter=order.matter).matter == order.matter


def test_two_who_accept_at_once_are_one_and_the_second_hears_of_the_first(street: str, cast: Cast) -> None:
    one = complaint.lodged(cast)
    outcomes = at_once(
        lambda: tickets.accept(one, by=cast.chen, at=STORY),
        lambda: tickets.accept(one, by=cast.pan, at=STORY),
    )
    first = next(each for each in outcomes if isinstance(each, Line))
    name = {cast.chen.id: "陈立", cast.pan.id: "潘雨"}[first.by]
    with translation.override("en"):
        words = night.one_done_one_refused(outcomes).message
    assert f"street duty officer {name} already took this" in words
    assert complaint.found(one.id, cast.chen).handlers == [first.by]


def test_two_repeat_calls_at_once_are_both_contacts(street: str, cast: Cast) -> None:
    one = complaint.lodged(cast)
    outcomes = at_once(
        *(
            lambda by=by, channel=channel: tickets.log_call(
                one, channel=channel, words="又来了", by=by, at=STORY
            )
            for by, channel in [
                (cast.wang, "12345"),
                (cast.he, "110"),
                (cast.li, "phone"),
                (cast.chen, "12345"),
            ]
        )
    )
    assert all(isinstance(each, Line) for each in outcomes), outcomes
    assert sorted(each.facts["calls"] for each in outcomes) == [2, 3, 4, 5]
    with reading(cast.li):
        assert queries.calls(one) == 5


def test_one_outside_number_lodged_twice_at_once_is_one_ticket(street: str, cast: Cast) -> None:
    outcomes = at_once(lambda: complaint.lodged(cast), lambda: complaint.lodged(cast))
    assert sum(isinstance(each, Ticket) for each in outcomes) == 1, outcomes
    (no,) = [each for each in outcomes if isinstance(each, Refused)]
    with translation.override("en"):
        assert "repeat call" in no.message


def test_every_ticket_of_a_day_has_a_number_of_its_own(street: str, cast: Cast) -> None:
    outcomes = at_once(*(lambda: complaint.lodged(cast, outside_no="") for _ in range(4)))
    assert sorted(each.number for each in outcomes) == ["0226-001", "0226-002", "0226-003", "0226-004"]


def test_likely_tickets_are_those_of_the_same_door_phone_or_outside_number(street: str, cast: Cast) -> None:
    one = complaint.lodged(cast)
    other = complaint.lodged(cast, door=f"{NEIGHBOUR}.3.2.402.", caller_phone="19900000777", outside_no="")
    with reading(cast.chen):
        for given in ({"door": DOOR}, {"phone": "+86 199-0000-0402"}, {"outside_no": "京12345-0226-0417"}):
            assert [each.id for each in queries.likely(STREET, **given)] == [one.id], given
        both = queries.likely(STREET, door=DOOR, phone="19900000777")
        assert {each.id for each in both} == {one.id, other.id}
        assert queries.likely(STREET, door=HOME) == queries.likely(STREET) == []
    with reading(cast.wang):
        assert [each.id for each in queries.likely(HOME, phone="19900000777", door=DOOR)] == [one.id]


def boss_says(database: str, statement: str, *given: Any) -> None:
    """What even the owner of the database is not let do."""
    with psycopg.connect(SERVER.superuser_url, dbname=database) as boss:
        boss.execute(statement, given)  # type: ignore[arg-type]


def test_the_database_refuses_a_community_as_owner(street: str, cast: Cast) -> None:
    one = complaint.accepted(cast)
    for community in (HOME, DOOR, "", "11019800"):
        with pytest.raises(psycopg.errors.CheckViolation, match="ticket_owned_above_a_community"):
            boss_says(street, 'UPDATE lianfang_ticket SET "where" = %s WHERE id = %s', community, one.id)
    boss_says(street, 'UPDATE lianfang_ticket SET "where" = %s WHERE id = %s', "110198", one.id)
    with pytest.raises(psycopg.errors.CheckViolation, match="ticket_owned_above_a_community"):
        boss_says(street, "UPDATE lianfang_ticket SET unit_id = NULL WHERE id = %s", one.id)


def test_a_community_is_refused_as_owner_in_words(street: str, cast: Cast) -> None:
    from dataclasses import replace

    mistaken = replace(cast.li, may=cast.chen.may)
    said: dict[str, Any] = {"channel": "door", "type": "help", "category": "other", "words": "帮帮我"}
    with translation.override("en"), pytest.raises(Refused, match="never owns it"):
        tickets.lodge(HOME, by=mistaken, at=STORY, **said)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'answered'", "ticket_answered_in_words"),
        ("called_back_by = handlers[1]", "ticket_called_back_by_another"),
    ],
)
def test_the_database_itself_refuses(street: str, cast: Cast, change: str, constraint: str) -> None:
    one = complaint.accepted(cast)
    with pytest.raises(Exception, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.scope', '@110198001', true), set_config('app.line', %s, true)",
            [str(new_id())],
        )
        cursor.execute(f"UPDATE lianfang_ticket SET {change} WHERE id = %s", [one.id])


def test_what_he_said_and_who_he_is_are_not_in_the_notebook(street: str, cast: Cast) -> None:
    one = complaint.lodged(cast)
    tickets.log_call(one, channel="110", words="金丝雀的话", outside_no="110-0226-88", by=cast.he, at=STORY)
    with reading(cast.chen):
        written = "".join(
            f"{each.facts}{each.changes}{each.rule}" for each in Line.objects.filter(matter=one.matter)
        )
    for word in (complaint.WORDS, "宁小松", "19900000402", "金丝雀", "110-0226-88", "0417"):
        assert word not in written, word


def test_the_time_line_of_the_door_tells_of_the_ticket_about_it(street: str, cast: Cast) -> None:
    from lianfang.reports import timeline

    one = complaint.lodged(cast)
    tickets.log_call(
        one, channel="110", words="打了110。", progress="已告知办到哪一步。", by=cast.he, at=STORY
    )
    for by, kinds in ((cast.li, ["ticket.lodged", "ticket.called"]), (cast.guo, [])):
        with reading(by):
            told = [each for each in timeline.of_door(DOOR) if each.line.kind.startswith("ticket.")]
        assert [each.line.kind for each in told] == kinds
        assert [each.words for each in told] == [complaint.WORDS, "打了110。"][: len(kinds)]
