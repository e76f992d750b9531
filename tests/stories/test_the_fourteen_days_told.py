"""The whole night and the fourteen days, told once and read by several: his time line, the ticket, the register, the briefs
and the seals say the same; every line is said in both languages; the neighbour community sees nothing of it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import translation

from lianfang.ground import clock, seals, verifying
from lianfang.ground.acts import reading
from lianfang.ground.notebook import Line
from lianfang.reports import register, timeline
from lianfang.reports.figures import Figures
from lianfang.rooms.aid import queries as needs
from lianfang.rooms.aid.models import Need
from lianfang.rooms.briefs.models import Brief
from lianfang.rooms.messages import entering
from lianfang.rooms.messages.models import Message
from lianfang.rooms.notes.models import Promise
from lianfang.rooms.orders.models import Alarm, Check, Objection, Order, Release
from lianfang.rooms.tickets import queries as requests
from lianfang.rooms.tickets.models import Contact, Ticket
from tests import rest
from tests.cast import HOME, STREET, Cast
from tests.rest import Rest, moment

from .test_rest_of_the_night import the_last_ten


@pytest.fixture(scope="module")
def story(one_street: str) -> Rest:
    """From his first call to the end, in the order it happened."""
    story = rest.begin(Cast())
    contested = (moment("27 14:05"), partial(the_last_ten, story))
    rest.play(
        [
            *rest.through_the_night(story),
            *rest.first_day(story),
            contested,
            *rest.fourteen_days(story),
            *rest.to_the_end(story),
        ]
    )
    seals.write(clock.now())
    return story


def kinds(story: Rest) -> Counter[str]:
    """How many lines of each kind his matter has."""
    with reading(story.cast.li):
        return Counter(Line.objects.filter(matter=story.matter).values_list("kind", flat=True))


def test_time_line_ticket_register_briefs_and_seals_tell_the_same(story: Rest) -> None:
    told = kinds(story)
    with reading(story.cast.chen):
        ticket, contacts = story.the_ticket(), Contact.objects.filter(ticket=story.ticket)
        calls = requests.calls(ticket)
        assert (ticket.state, ticket.satisfied, ticket.lapsed) == ("closed", True, False)
        assert calls == told["ticket.lodged"] + told["ticket.called"] == 7
        assert contacts.count() - calls == told["ticket.contacted"] == 4
        assert {one.ticket_id for one in contacts} == {ticket.id} and ticket.matter == story.matter

    with reading(story.cast.li):
        order, ended = story.the_order(), Release.objects.get(order=story.order)
        done = Check.objects.filter(order=story.order, state="done").count()
        missed = Check.objects.filter(order=story.order, state="missed").count()
        stands = needs.sums(story.the_need())
        sheets = [
            Figures.of(one) for one in Brief.objects.filter(where=HOME, state="published").order_by("day")
        ]
        released = Line.objects.get(matter=story.matter, kind="order.released")
        message = Message.objects.get(occasion="order_released")
        (row,) = register.everybody(HOME, clock.now(), 10)
        assert not register.register(HOME, clock.now()).rows
    assert (
        (order.state, done, missed)
        == ("released", told["check.recorded"], told["check.missed"])
        == ("released", 27, 1)
    )
    assert ended.number == released.facts["number"] == message.facts["number"] == "清和街解观〔2020〕1号"
    assert released.at == ended.released_at == moment("3-12 00:10")
    assert timedelta(0) <= message.sent_at - released.at < timedelta(minutes=1)

    assert (row.order.id, row.missing, row.in_force, row.ending) == (order.id, missed, False, False)
    assert row.release and row.release.number == ended.number and row.undertaking and not row.objection

    of_night = sheets[0].values
    assert (of_night["tickets"], of_night["calls"], of_night["contacts"]) == (1, calls, 4)
    assert (of_night["refused"], of_night["objected"], of_night["undertaken"], of_night["in_force"]) == (
        1,
        1,
        1,
        1,
    )
    assert sum(one.values["jin"] for one in sheets) == stands.delivered == stands.quantity == 200
    assert sum(one.values["yuan"] for one in sheets) == stands.paid == stands.agreed == 3000
    by_day = {one.day: one.values for one in sheets}
    assert by_day[date(2020, 3, 4)]["checks_missed"] == 1 and by_day[date(2020, 3, 7)]["alarms"] == 1
    last = sheets[-1].values
    assert (last["released"], last["in_force"], last["needs_open"], last["release_due"]) == (1, 0, 0, 0)

    _community_and_street_say_the_same_of_that_night(story)
    _the_seals_hold(story)
    assert entering.try_code(story.code, "192.0.2.7", clock.now()).digest


def _community_and_street_say_the_same_of_that_night(story: Rest) -> None:
    with reading(story.cast.chen):
        one, other = (
            Figures.of(Brief.objects.get(where=where, day=date(2020, 2, 27))) for where in (HOME, STREET)
        )
    assert other.parts[HOME] == one.values
    for name, value in other.values.items():
        assert value == sum(part[name] for part in other.parts.values()), name


def _the_seals_hold(story: Rest) -> None:
    """Every head that was printed on a brief stands in the chain to this day, and every line of his matter is sealed."""
    with reading(story.cast.chen):
        printed = "\n".join(Brief.objects.filter(id__in=story.briefs).values_list("seal", flat=True))
        lines = Line.objects.filter(matter=story.matter).count()
    report = verifying.verify(STREET, verifying.outside(printed))
    assert (report.wrong, report.late, report.waiting) == ([], [], 0)
    heads = {one.chain: one.lines for one in report.chains}
    assert heads[HOME] + heads[STREET] >= lines and len(printed.splitlines()) == len(story.briefs)


def test_every_line_is_said_in_both_languages(story: Rest) -> None:
    for language, others in (("zh-hans", "，。："), ("en", "")):
        with reading(story.cast.li), translation.override(language):
            told = timeline.of_matter(story.matter)
        assert len(told) > 100
        for one in told:
            assert one.sentence and "%" not in one.sentence and "–" not in one.sentence, one.line.kind
            if not others:
                assert one.sentence.isascii() or "清和街" in one.sentence, one.sentence


def test_the_neighbour_community_sees_nothing_of_it(story: Rest) -> None:
    with reading(story.cast.fang):
        assert timeline.of_matter(story.matter) == []
        for model in (Order, Check, Alarm, Release, Objection, Ticket, Contact, Promise, Need, Message):
            assert not model.objects.exists()
        assert not Brief.objects.filter(where=HOME).exists()
