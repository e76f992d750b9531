"""Objections, readings, findings and releases that do not fit, or are not theirs to do. Nothing is changed, so one street
serves all: it is 6 March, 19:50, and a reading of 37.3 waits for the doctor."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from lianfang.doors import asking
from lianfang.ground.acts import Actor
from lianfang.ground.clock import BEIJING
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import orders
from lianfang.rooms.orders import forms
from lianfang.rooms.orders.models import Alarm, Check, Order
from lianfang.rules.observing import typed_temperature
from tests import night
from tests.cast import Cast

from . import observed


@dataclass
class Evening:
    """The order, the reading that waits for the doctor, and the check of that evening in another hand."""

    order: Order
    alarm: Alarm
    check: Check
    now: datetime


@pytest.fixture(scope="module")
def evening(one_street: str) -> Evening:
    cast = Cast()
    order = observed.told(cast)
    observed.on(3, 6, 10, 0)
    observed.taken(order, cast.wang, 9, "am", "37.3")
    night.follow_up()
    now = observed.on(3, 6, 19, 50)
    return Evening(order, observed.alarms(cast.sun)[0], observed.slot(order, cast.li, 9, "pm"), now)


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": " "},
        {"remedy_told": False},
        {"answer_due": datetime(2020, 3, 6, 19, 0, tzinfo=BEIJING)},
        {"answer_due": observed.OVER + timedelta(hours=1)},
        {"answer_by": new_id()},
        {"answer_by": "wang"},
        {"words": "长" * 1001},
    ],
)
def test_an_objection_without_words_remedy_time_or_answerer(
    evening: Evening, cast: Cast, wrong: dict[str, Any]
) -> None:
    said = {
        "words": "凭什么？",
        "answer_by": cast.worker("pan"),
        "answer_due": evening.now + timedelta(days=1),
        "remedy_told": True,
    } | {key: cast.worker(value) if value == "wang" else value for key, value in wrong.items()}
    with pytest.raises(Refused) as no:
        orders.object_to(evening.order, by=cast.liu, at=evening.now, **said)
    assert no.value.code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": Decimal("366")},
        {"temperature": Decimal("3.66")},
        {"temperature": Decimal("33.9")},
        {"temperature": Decimal("43.1")},
        {"temperature": Decimal("36.55")},
        {"temperature": Decimal("NaN")},
        {"temperature": Decimal("Infinity")},
        {"temperature": Decimal("-36.5")},
        {"temperature": Decimal("1e400")},
        {"temperature": None},
        {"how": ""},
        {"how": "drone"},
        {"symptoms": ["cold feet"]},
        {"at": datetime(2020, 3, 6, 11, 59, tzinfo=BEIJING)},
    ],
    ids=str,
)
def test_what_no_thermometer_shows_is_answered_with_what_to_do(
    evening: Evening, cast: Cast, wrong: dict[str, Any]
) -> None:
    said: dict[str, Any] = {"temperature": Decimal("36.5"), "how": "door", "at": evening.now}
    with translation.override("zh-hans"), pytest.raises(Refused) as no:
        orders.record_check(evening.check, by=cast.wang, **(said | wrong))
    assert no.value.code == 422 and no.value.message
    assert night.get(Check, evening.check.id, cast.wang).state == "due"


@pytest.mark.parametrize(
    "typed", ["", "normal", "36.5-37", "<37.3", "三十六度五", "NaN", "1e99", "9" * 400, "36,5"]
)
def test_a_range_a_word_or_nothing_is_no_reading(evening: Evening, cast: Cast, typed: str) -> None:
    said = {"check": str(evening.check.id), "temperature": typed, "how": "self"}
    with pytest.raises(Refused) as no:
        asking.ask("check.recorded", said, by=cast.wang, at=evening.now)
    assert no.value.code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": None},
        {"temperature": None, "finding": "ill"},
        {"temperature": Decimal("37.3")},
        {"temperature": Decimal("366")},
        {"words": " "},
        {"finding": ""},
        {"finding": "nothing"},
    ],
    ids=str,
)
def test_without_finding_words_or_second_reading_an_alarm_stays_open(
    evening: Evening, cast: Cast, wrong: dict[str, Any]
) -> None:
    said = {"finding": "explained", "words": "热水", "temperature": Decimal("36.6")} | wrong
    with pytest.raises(Refused) as no:
        orders.settle_alarm(evening.alarm, by=cast.sun, at=evening.now, **said)
    assert no.value.code == 422
    assert night.get(Alarm, evening.alarm.id, cast.sun).state == "open"


Deed = Callable[[Evening, Actor], Line]


def objecting(evening: Evening, by: Actor) -> Line:
    due = evening.now + timedelta(days=1)
    return orders.object_to(
        evening.order, words="?", answer_by=by.id, answer_due=due, remedy_told=True, by=by, at=evening.now
    )


def signing(evening: Evening, by: Actor) -> Line:
    return orders.undertake(evening.order, how="paper", freely=True, by=by, at=evening.now)


def recording(evening: Evening, by: Actor) -> Line:
    return orders.record_check(evening.check, temperature=Decimal("36.5"), how="door", by=by, at=evening.now)


def settling(evening: Evening, by: Actor) -> Line:
    return orders.settle_alarm(
        evening.alarm, finding="explained", words="-", temperature=Decimal("36.5"), by=by, at=evening.now
    )


def verifying(evening: Evening, by: Actor) -> Line:
    return orders.verify_release(evening.order, why_missed="-", by=by, at=evening.now)


def releasing(evening: Evening, by: Actor) -> Line:
    return orders.release(evening.order, by=by, at=evening.now)


STRANGERS: dict[Deed, str] = {
    objecting: "guo sun he zhou qian chen zhao",
    signing: "guo sun he zhou qian chen zhao",
    recording: "guo he zhou qian chen zhao",
    settling: "wang li liu guo he zhou qian chen zhao",
    verifying: "liu guo sun he zhou qian chen zhao",
    releasing: "wang li liu guo sun he zhou qian",
}
"""Who does not do it. (The stairwell head brings the vegetables; what the thermometer showed is not hers to know.)"""


@pytest.mark.parametrize("deed", STRANGERS, ids=lambda deed: deed.__name__)
def test_who_has_nothing_to_do_with_it(evening: Evening, cast: Cast, deed: Deed) -> None:
    for sign_in in STRANGERS[deed].split():
        with pytest.raises(Refused) as no:
            deed(evening, getattr(cast, sign_in))
        assert no.value.code == 403, sign_in


@pytest.mark.parametrize(
    "deed", [one for one in STRANGERS if one is not releasing], ids=lambda one: one.__name__
)
def test_a_neighbour_community_finds_nothing(evening: Evening, cast: Cast, deed: Deed) -> None:
    everything = replace(cast.fang, may=cast.li.may | cast.sun.may)
    with pytest.raises(Refused) as no:
        deed(evening, everything)
    assert no.value.code == 404


def test_a_director_with_the_right_does_not_release_for_her_level(evening: Evening, cast: Cast) -> None:
    mistaken = replace(cast.li, may=cast.zhao.may)
    with translation.override("en"), pytest.raises(Refused, match="Who decided releases"):
        releasing(evening, mistaken)


def test_a_day_early_is_too_early_and_says_until_when(evening: Evening, cast: Cast) -> None:
    for deed, who in ((verifying, cast.li), (verifying, cast.wang)):
        with translation.override("en"), pytest.raises(Refused, match="03-12 00:00"):
            deed(evening, who)


def test_the_clock_does_not_mark_what_is_not_late(evening: Evening) -> None:
    with translation.override("en"), pytest.raises(Refused, match="still time"):
        orders.miss_check(evening.check, by=observed.time_itself(), at=evening.now)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("36.5", "36.5"),
        (" ３６．６ ", "36.6"),
        ("36。7", "36.7"),
        ("36.8℃", "36.8"),
        ("37", "37"),
        ("36.9度", "36.9"),
    ],
)
def test_a_reading_is_understood_however_it_is_typed(typed: str, kept: str) -> None:
    assert typed_temperature(typed) == Decimal(kept)
    assert typed_temperature("  ") is None


def test_the_forms_ask_for_what_the_acts_insist_on() -> None:
    assert set(forms.ObjectTo({}).errors) == {"words", "answer_by", "answer_due", "remedy_told"}
    assert set(forms.AnswerObjection({}).errors) == {"outcome", "answer"}
    assert set(forms.Undertake({}).errors) == {"how", "freely"}
    assert set(forms.RecordCheck({"temperature": "ok"}).errors) == {"how", "temperature"}
    assert set(forms.SettleAlarm({}).errors) == {"finding", "words"}
