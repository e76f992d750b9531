"""Twice a day somebody asks how he is: the reading is kept as measured, a missed check stays missed."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from lianfang import reactions
from lianfang.doors import asking
from lianfang.ground import clock
from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import orders
from lianfang.rooms.orders import queries
from lianfang.rooms.orders.models import Check, Notice, Objection
from tests import night
from tests.at_once import at_once
from tests.cast import HOME, STORY, Cast

from . import observed


def kinds(cast: Cast, kind: str) -> list[Line]:
    with reading(cast.li):
        return list(Line.objects.filter(kind=kind))


def test_whoever_is_told_is_looked_after_twice_a_day_for_fourteen_days(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    with reading(cast.li):
        found = list(Check.objects.order_by("due_at"))
    assert len(found) == 28 and {one.state for one in found} == {"due"}
    first, last = found[0], found[-1]
    assert (first.day, first.half, last.day, last.half) == (1, "am", 14, "pm")
    assert first.due_at == datetime(2020, 2, 27, 12, 0, tzinfo=BEIJING)
    assert last.due_at == datetime(2020, 3, 11, 21, 0, tzinfo=BEIJING)
    (line,) = kinds(cast, "checks.scheduled")
    assert (line.about, line.facts, line.role) == (order.id, {"checks": 28}, "clock")


def test_served_after_refused_lays_them_out_once(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    with reading(cast.liu):
        notice = Notice.objects.get(order=order)
    orders.serve(
        notice,
        how="paper",
        proof="signed",
        to_whom="himself",
        remedy_told=True,
        by=cast.liu,
        at=observed.REFUSED,
    )
    night.follow_up()
    assert len(kinds(cast, "checks.scheduled")) == 1
    with pytest.raises(Refused):
        orders.schedule_checks(order, by=observed.time_itself(), at=observed.REFUSED)


def test_what_was_over_before_he_knew_is_no_missed_check(street: str, cast: Cast) -> None:
    observed.told(cast, observed.on(2, 28, 13, 0))
    with reading(cast.li):
        first = Check.objects.order_by("due_at").first()
    assert first and (first.day, first.half) == (2, "pm")


def test_a_street_that_keeps_other_hours_says_so_in_a_term(street: str, cast: Cast) -> None:
    from lianfang.rooms import policies

    policies.set_term(
        "110198001",
        document={
            "key": "checks.evening_by", "value": 20, "unit": {"zh": "点", "en": "o'clock"},
            "label": {"zh": "晚上体温最晚报告时间", "en": "Hour by which the evening check is due"},
            "place": "110198001", "from": "2020-02-26", "source": "invented for the demo street", "grade": "D",
        },
        by=cast.chen, at=STORY,
    )  # fmt: skip
    order = observed.told(cast)
    assert observed.slot(order, cast.li, 1, "pm").due_at == datetime(2020, 2, 27, 20, 0, tzinfo=BEIJING)


def test_a_reading_is_kept_as_it_was_measured(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    at = observed.on(2, 27, 8, 15)
    line = observed.taken(order, cast.wang, 1, "am", "36.4", at=at)
    check = observed.slot(order, cast.wang, 1, "am")
    assert (check.state, check.temperature, check.how, check.late) == ("done", Decimal("36.4"), "door", False)
    assert (check.taken_at, check.taken_name) == (at, "王秀英")
    assert line.facts == {"day": 1, "half": "am", "how": "door", "further": False, "late": None}
    assert "36.4" not in str(line.changes)


def test_a_second_reading_is_kept_beside_the_first(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    observed.on(2, 27, 8, 15)
    observed.taken(order, cast.wang, 1, "am", "36.4")
    line = observed.taken(order, cast.liu, 1, "am", "36.6", how="phone")
    assert line.facts["further"] is True
    assert observed.slot(order, cast.li, 1, "am").temperature == Decimal("36.4")
    with reading(cast.li):
        both = Check.objects.filter(day=1, half="am").order_by("further")
        assert [str(one.temperature) for one in both] == ["36.4", "36.6"]


def test_two_readings_at_once_are_both_kept(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    observed.on(2, 27, 8, 15)
    check = observed.slot(order, cast.li, 1, "am")
    outcomes = at_once(
        *(
            lambda who=who, said=said: orders.record_check(
                check, temperature=Decimal(said), how="door", by=who, at=clock.now()
            )
            for who, said in ((cast.wang, "36.4"), (cast.liu, "36.6"))
        )
    )
    assert all(isinstance(one, Line) for one in outcomes), outcomes
    assert sorted(one.facts["further"] for one in outcomes) == [False, True]
    with reading(cast.li):
        kept = Check.objects.filter(day=1, half="am", state="done")
        assert {str(one.temperature) for one in kept} == {"36.4", "36.6"}


def test_no_reading_until_the_cut_off_is_missed_and_never_normal(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    at = observed.on(2, 27, 11, 59)
    assert reactions.find_missed_checks(at) == 0
    at = observed.on(2, 27, 12, 0)
    assert reactions.find_missed_checks(at) == 1
    assert reactions.find_missed_checks(at) == 0
    check = observed.slot(order, cast.li, 1, "am")
    assert (check.state, check.temperature, check.taken_at) == ("missed", None, None)
    (line,) = kinds(cast, "check.missed")
    assert (line.at, line.facts) == (check.due_at, {"day": 1, "half": "am"})


def test_a_later_reading_of_a_missed_check_stays_marked_late(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    reactions.find_missed_checks(observed.on(2, 27, 12, 1))
    observed.on(2, 27, 15, 0)
    line = observed.taken(order, cast.wang, 1, "am", "36.5")
    check = observed.slot(order, cast.li, 1, "am")
    assert (check.state, check.late, line.facts["late"]) == ("done", True, True)
    with reading(cast.li):
        assert Line.objects.filter(kind="check.missed", about=check.id).exists()  # what was noted stays noted
        assert queries.missing(order, clock.now()) == 0


def test_a_reading_that_is_too_late_to_be_in_time_is_late_before_the_clock_comes(
    street: str, cast: Cast
) -> None:
    order = observed.told(cast)
    observed.on(2, 27, 12, 30)
    assert observed.taken(order, cast.wang, 1, "am", "36.5").facts["late"] is True
    assert reactions.find_missed_checks(clock.now()) == 0


def test_a_reading_written_down_days_later_is_taken(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    observed.on(3, 9, 9, 0)
    line = observed.taken(order, cast.wang, 1, "am", "36.5", at=datetime(2020, 2, 27, 8, 0, tzinfo=BEIJING))
    assert line.facts["late"] is None


def test_a_check_marked_missed_and_recorded_at_once_is_both(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    at = observed.on(2, 27, 12, 0)
    outcomes = at_once(
        lambda: observed.taken(order, cast.wang, 1, "am", "36.5"), lambda: reactions.find_missed_checks(at)
    )
    assert isinstance(outcomes[0], Line) and outcomes[1] in (0, 1)
    check = observed.slot(order, cast.li, 1, "am")
    assert (check.state, check.temperature) == ("done", Decimal("36.5"))
    assert check.late is bool(outcomes[1])


def test_a_reading_comes_in_by_any_door_as_it_is_typed(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    at = observed.on(2, 27, 8, 15)
    check = observed.slot(order, cast.wang, 1, "am")
    said = {"check": str(check.id), "temperature": " ３６．６℃", "how": "self"}
    asking.ask("check.recorded", said, by=cast.wang, at=at)
    assert observed.slot(order, cast.wang, 1, "am").temperature == Decimal("36.6")


def test_complaints_without_a_thermometer_are_kept_and_the_check_stays_open(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    observed.on(2, 27, 8, 15)
    line = observed.taken(order, cast.wang, 1, "am", None, symptoms=["cough"], how="phone")
    assert line.facts["further"] is True
    assert observed.slot(order, cast.li, 1, "am").state == "due"
    night.follow_up()
    assert len(observed.alarms(cast.sun)) == 1


def test_who_was_released_misses_no_more_checks(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    observed.on(2, 27, 8, 0)
    with reading(observed.time_itself()):
        assert [one.day for one in queries.late(HOME, clock.now() + timedelta(hours=20))] == [1, 1]
    objection = orders.object_to(
        order, words="凭什么？", answer_by=cast.worker("pan"), answer_due=clock.now() + timedelta(hours=1),
        remedy_told=True, by=cast.li, at=clock.now(),
    )  # fmt: skip
    orders.answer_objection(
        night.get(Objection, objection.id, cast.pan),
        outcome="freed",
        answer="更正。",
        by=cast.pan,
        at=clock.now(),
    )
    observed.verified(order, cast)
    observed.released(order, cast.zhao)
    with reading(observed.time_itself()):
        assert queries.late(HOME, clock.now() + timedelta(days=20)) == []
