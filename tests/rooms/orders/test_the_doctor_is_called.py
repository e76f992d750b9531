"""A reading of 37.3, or any complaint, calls the doctor at once; she says what it was, after a second reading."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from lianfang.ground import clock
from lianfang.ground.acts import reading
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import orders, policies
from lianfang.rooms.orders.models import Alarm
from tests import night
from tests.at_once import at_once
from tests.cast import STORY, Cast

from . import observed

HOT_DRINK = "量前刚喝了热水，静坐半小时复测。"


def alarm(cast: Cast, temperature: str = "37.3") -> Alarm:
    """On day 9, 6 March, at 19:40."""
    order = observed.told(cast)
    observed.on(3, 6, 19, 40)
    observed.taken(order, cast.wang, 9, "pm", temperature)
    night.follow_up()
    (raised,) = observed.alarms(cast.sun)
    return raised


def test_37_3_calls_the_doctor_at_once(street: str, cast: Cast) -> None:
    raised = alarm(cast)
    assert (raised.state, raised.cause.day, raised.cause.half) == ("open", 9, "pm")
    with reading(cast.sun):
        recorded = Line.objects.get(kind="check.recorded")
        line = Line.objects.get(kind="alarm.raised")
    assert (line.because, line.role, line.at) == (recorded.id, "clock", recorded.at)
    assert "37.3" not in f"{line.facts} {line.changes}"


@pytest.mark.parametrize("temperature", ["37.2", "36.0", "34.0"])
def test_37_2_does_not(street: str, cast: Cast, temperature: str) -> None:
    order = observed.told(cast)
    observed.on(3, 6, 19, 40)
    line = observed.taken(order, cast.wang, 9, "pm", temperature)
    night.follow_up()
    assert observed.alarms(cast.sun) == []
    check = observed.slot(order, cast.li, 9, "pm")
    with pytest.raises(Refused):
        orders.raise_alarm(check, by=observed.time_itself(), at=line.at)


def test_any_complaint_does_whatever_the_thermometer_says(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    observed.on(3, 6, 9, 0)
    observed.taken(order, cast.wang, 9, "am", "36.4", symptoms=["smell"])
    night.follow_up()
    assert len(observed.alarms(cast.sun)) == 1


def test_the_second_reading_of_a_half_day_calls_her_too(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    observed.on(3, 6, 19, 0)
    observed.taken(order, cast.wang, 9, "pm", "36.8")
    observed.taken(order, cast.liu, 9, "pm", "38.1")
    night.follow_up()
    (raised,) = observed.alarms(cast.sun)
    assert raised.cause.further and raised.cause.temperature == Decimal("38.1")


def test_the_fever_line_is_the_number_in_force_there_and_then(street: str, cast: Cast) -> None:
    policies.set_term(
        "110198001",
        document={
            "key": "fever.from", "value": Decimal("37.0"), "unit": {"zh": "℃", "en": "℃"},
            "label": {"zh": "发热界线", "en": "Fever"}, "place": "110198001", "from": "2020-03-06",
            "source": "invented for the demo street", "grade": "D",
        },
        by=cast.chen, at=STORY,
    )  # fmt: skip
    order = observed.told(cast)
    observed.on(3, 5, 19, 0)
    observed.taken(order, cast.wang, 8, "pm", "37.0")
    night.follow_up()
    assert observed.alarms(cast.sun) == []
    observed.on(3, 6, 19, 0)
    observed.taken(order, cast.wang, 9, "pm", "37.0")
    night.follow_up()
    assert len(observed.alarms(cast.sun)) == 1


def test_the_same_reading_calls_her_once(street: str, cast: Cast) -> None:
    raised = alarm(cast)
    with reading(cast.sun):
        recorded = Line.objects.get(kind="check.recorded")
    from lianfang import reactions

    reactions.raise_alarm(recorded)
    assert [one.id for one in observed.alarms(cast.sun)] == [raised.id]


def settled(cast: Cast, raised: Alarm, **given: Any) -> Line:
    said = {"finding": "explained", "words": HOT_DRINK, "temperature": Decimal("36.6")} | given
    return orders.settle_alarm(raised, by=given.pop("by", cast.sun), at=clock.now(), **{
        key: value for key, value in said.items() if key != "by"
    })  # fmt: skip


def test_a_hot_drink_and_36_6_after_half_an_hours_rest(street: str, cast: Cast) -> None:
    raised = alarm(cast)
    observed.on(3, 6, 20, 15)
    line = settled(cast, raised)
    now = night.get(Alarm, raised.id, cast.sun)
    assert (now.state, now.finding, now.temperature, now.settled_name) == (
        "settled", "explained", Decimal("36.6"), "孙敏",
    )  # fmt: skip
    assert line.facts == {"day": 9, "half": "pm"}
    with translation.override("en"), pytest.raises(Refused, match="already settled"):
        settled(cast, raised)


def test_who_is_taken_to_the_clinic_needs_no_second_reading(street: str, cast: Cast) -> None:
    raised = alarm(cast, "39.4")
    settled(cast, raised, finding="taken", temperature=None, words="呼吸急促，120 转发热门诊。")
    assert night.get(Alarm, raised.id, cast.sun).state == "settled"


def test_two_doctors_at_once_are_one_and_the_second_hears_of_the_first(street: str, cast: Cast) -> None:
    raised = alarm(cast)
    outcomes = at_once(lambda: settled(cast, raised), lambda: settled(cast, raised, finding="ill"))
    night.one_done_one_refused(outcomes)
