"""The rest of the strawberry night, and the fourteen days: 26 February 2020 from 22:50, to 12 March.

Five calls to 12345 and two to 110 are one ticket; four people speak with him; in the morning somebody listens at his door;
his strawberries are sold; he is looked after twice a day, and released. In the end his time line, the ticket, the
register, the briefs and the seals tell the same.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.utils import translation

from lianfang.ground import clock
from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.reports import register, timeline
from lianfang.rooms import aid, orders, tickets
from lianfang.rooms.aid import queries as needs
from lianfang.rooms.notes.models import Promise
from lianfang.rooms.orders.models import Alarm, Check, Objection, Order, Release
from lianfang.rooms.tickets import queries as requests
from lianfang.rooms.tickets.models import Contact, Ticket
from tests import night, rest
from tests.at_once import at_once
from tests.cast import HOME, STREET, Cast
from tests.rest import Rest, moment

LAST_TEN = ("街道机关食堂", "幸福超市")


@pytest.fixture
def story(street: str, cast: Cast) -> Rest:
    """He has been told, and does not accept it."""
    return rest.begin(cast)


def the_last_ten(story: Rest, at: datetime) -> None:
    """14:05: two pledge the last ten jin at once. One is told yes; the other what is left, and who was first."""
    cast, need = story.cast, story.the_need()
    canteen, shop = LAST_TEN
    outcomes = at_once(
        lambda: aid.pledge(
            need, by_kind="canteen", by_name=canteen, quantity=Decimal(10), by=cast.liu, at=at
        ),
        lambda: aid.pledge(need, by_kind="other", by_name=shop, quantity=Decimal(10), by=cast.wang, at=at),
    )
    refusal = night.one_done_one_refused(outcomes)
    (yes,) = [one for one in outcomes if isinstance(one, Line)]
    first = canteen if yes.by == cast.liu.id else shop
    with translation.override("zh-hans"):
        assert refusal.message == f"已经没有缺口：{first} 于 02-27 14:05 认领了最后 10 斤。"
    story.pledges.append(yes.about)


def test_his_objection_has_a_date_and_another_person(story: Rest, cast: Cast) -> None:
    with reading(cast.li):
        objection = Objection.objects.get(order=story.order)
    assert (objection.words, objection.answer_by_name, objection.state) == (rest.OBJECTION, "潘雨", "open")
    assert objection.answer_due == moment("27 18:50")
    for who in (cast.chen, cast.zhao):
        with translation.override("en"), pytest.raises(Refused, match="another person"):
            orders.answer_objection(
                objection, outcome="stands", answer="维持。", by=who, at=moment("26 22:50")
            )
    # The measure continues, and so does the care: he is looked after although he did not accept it.
    with reading(cast.li):
        assert Check.objects.filter(order=story.order).count() == 28
    assert story.the_order().state == "refused"


def test_seven_calls_are_one_ticket_and_four_people_speak_with_him(story: Rest, cast: Cast) -> None:
    rest.play(rest.through_the_night(story))
    with reading(cast.chen):
        (ticket,) = Ticket.objects.all()
        contacts = requests.contacts(ticket)
    assert (ticket.where, ticket.copied, ticket.also) == (STREET, "110198", [HOME])
    theirs = [one for one in contacts if one.side == Contact.Side.CALLER]
    ours = [one for one in contacts if one.side == Contact.Side.OURS]
    assert [(one.at, one.channel, one.outside_no, one.words) for one in theirs] == [
        (moment(when), *said) for when, *said in rest.CALLS
    ]
    assert all("清和街道" in one.progress_told and ticket.number in one.progress_told for one in theirs[1:])
    assert [one.by_name for one in ours] == ["王秀英", "李建华", "赵国强", "何伟"]
    assert max(one.at for one in contacts) < moment("27 03:10")
    with reading(cast.li):
        promised = {
            one.owner_name: (one.what, one.due) for one in Promise.objects.filter(matter=story.matter)
        }
    assert promised == {
        one.by_name: (what, moment(due))
        for one, (_when, _who, _words, what, due) in zip(ours, rest.TALKS, strict=True)
    }
    with reading(cast.wang):
        last = timeline.of_matter(story.matter)[-1]
    assert (last.line.facts["how"], last.words, last.at) == ("handover", rest.HANDOVER, moment("27 03:10"))


def test_her_note_becomes_a_need_and_the_need_is_met_when_he_says_so(story: Rest, cast: Cast) -> None:
    contested = (moment("27 14:05"), partial(the_last_ten, story))
    rest.play([*rest.through_the_night(story), *rest.first_day(story), contested])
    need = story.the_need()
    assert (need.item, need.quantity, need.perish_by, need.owner_name) == (
        "草莓",
        Decimal(200),
        date(2020, 3, 1),
        "刘明",
    )
    with reading(cast.li):
        stands = needs.sums(need)
        lines = [one for one in needs.history(need) if one.kind == "aid.delivered"]
    assert (stands.delivered, stands.open, stands.paid, stands.unpaid) == (200, 0, 3000, 0)
    assert sum(int(one.facts["quantity"]) for one in lines) == 200 and len(lines) == 6
    assert (need.state, need.met_words, need.met_at) == ("met", rest.THANKS, moment("29 15:30"))
    assert story.the_order().state == "undertaken"
    with reading(cast.li):
        assert not Promise.objects.filter(matter=story.matter).exclude(state="kept").exists()


def test_one_check_was_missed_and_one_called_the_doctor(story: Rest, cast: Cast) -> None:
    rest.play(rest.fourteen_days(story))
    clock.move_to(moment("3-12 00:01"))
    rest.tick(moment("3-12 00:01"))
    missed, fever = story.check(*rest.MISSED), story.check(*rest.FEVER)
    assert (missed.state, missed.temperature, missed.day) == ("missed", None, 6)
    assert (fever.temperature, fever.taken_at) == (Decimal("37.3"), moment("3-6 19:40"))
    with reading(cast.sun):
        (alarm,) = Alarm.objects.all()
        raised = Line.objects.get(id=alarm.id)
    assert (alarm.cause_id, raised.at, raised.role) == (fever.id, fever.taken_at, "clock")
    assert (alarm.finding, alarm.temperature, alarm.settled_name) == ("explained", Decimal("36.6"), "孙敏")
    assert alarm.settled_at == moment("3-6 20:15")


def test_nobody_ends_it_alone_and_not_an_hour_early(story: Rest, cast: Cast) -> None:
    order = story.the_order()
    assert (order.last_day, order.release_due) == (date(2020, 3, 11), datetime(2020, 3, 12, tzinfo=BEIJING))
    clock.move_to(moment("3-11 23:59"))
    with translation.override("en"), pytest.raises(Refused, match="not over"):
        rest.verify(story, moment("3-11 23:59"))
    clock.move_to(moment("3-12 00:05"))
    rest.tick(moment("3-12 00:05"))
    with translation.override("en"), pytest.raises(Refused, match="not verified"):
        rest.release(story, moment("3-12 00:05"))
    rest.verify(story, moment("3-12 00:05"))
    with pytest.raises(Refused):
        orders.release(story.the_order(), by=cast.li, at=moment("3-12 00:05"))
    rest.release(story, moment("3-12 00:10"))
    with reading(cast.li):
        ended = Release.objects.get(order=story.order)
    # Nobody measured in all those days: that is never "normal", and the release says so.
    assert (ended.number, ended.missed) == ("清和街解观〔2020〕1号", 28)
    assert ended.verified_name == "李建华" and ended.released_name == "陈立"


def test_who_handled_the_ticket_does_not_call_back(story: Rest, cast: Cast) -> None:
    rest.play([*rest.through_the_night(story), (moment("3-1 16:00"), partial(rest.answer, story))])
    asked = {"reached": True, "heard": True, "solved": True, "satisfied": True}
    with translation.override("en"), pytest.raises(Refused, match="somebody else"):
        tickets.call_back(story.the_ticket(), by=cast.chen, at=moment("3-1 16:00"), **asked)
    # Two promises of that night are still owed, and what he needs is open: the ticket is not simply closed.
    rest.play([(moment("3-2 10:00"), partial(rest.call_back, story))])
    with translation.override("en"), pytest.raises(Refused, match="still open"):
        rest.close(story, moment("3-2 10:00"))


def test_a_case_like_his_is_listed_within_the_hour_of_the_new_edition(street: str, cast: Cast) -> None:
    """18 April: who goes to and fro between Beijing and Hebei is no longer to stay at home."""
    came = datetime(2020, 4, 16, 20, tzinfo=BEIJING)
    clock.move_to(came)
    order, _notice = night.issued(cast, came, first_day=came.date())
    rest.tick(came + timedelta(hours=3))
    assert night.get(Order, order.id, cast.li).free_by is None
    begins = datetime(2020, 4, 18, 0, 1, tzinfo=BEIJING)
    clock.move_to(begins)
    rest.tick(begins)
    freed = night.get(Order, order.id, cast.li)
    with reading(cast.li):
        (row,) = register.register(HOME, begins).only("ending")
    assert row.order.id == order.id and not row.overdue
    assert (freed.review, freed.free_by) == ("release", begins + timedelta(hours=1))
    assert freed.review_rule.startswith("beijing-2020-04-18")
    orders.verify_release(freed, why_missed="规定变了，今天就解除。", by=cast.li, at=begins)
    clock.move_to(begins + timedelta(minutes=20))
    orders.release(night.get(Order, order.id, cast.chen), by=cast.chen, at=begins + timedelta(minutes=20))
    with reading(cast.li):
        (line,) = Line.objects.filter(kind="order.released")
    assert line.facts["in_time"] is True
