"""The community verifies, the authority releases, never the same person; nobody is bound a day longer."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import translation

from lianfang.ground import clock
from lianfang.ground.acts import reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import Refused
from lianfang.rooms import orders
from lianfang.rooms.orders import queries
from lianfang.rooms.orders.models import Alarm, Order, Release
from tests import night
from tests.at_once import at_once
from tests.cast import HOME, Cast
from tests.conftest import SERVER

from . import observed


def lived_through(cast: Cast) -> Order:
    """Fourteen days, one evening without a reading."""
    order = observed.told(cast)
    observed.checked_to_the_end(order, cast.wang, but=((5, "pm"),))
    return order


def test_fourteen_days_one_missed_verified_by_the_director_released_by_the_street(
    street: str, cast: Cast
) -> None:
    order = lived_through(cast)
    with translation.override("en"), pytest.raises(Refused, match="without a reading: 1"):
        observed.verified(order, cast, why_missed=" ")
    assert observed.verified(order, cast).facts == {"missed": 1}
    line = observed.released(order, cast.zhao)
    assert line.facts == {"number": "清和街解观〔2020〕1号", "in_time": True}
    now = night.get(Order, order.id, cast.li)
    assert now.state == "released"
    with reading(cast.li):
        end = Release.objects.get()
        assert (end.missed, end.verified_name, end.released_name) == (1, "李建华", "赵国强")
        assert queries.to_serve(HOME) == []
        assert queries.running_for(HOME, [order.resident_id], order.first_day) == {}
    night.issued(cast, at=clock.now(), first_day=observed.OVER.date())  # a new order finds him free


def test_an_order_whose_days_are_over_binds_nobody_released_or_not(street: str, cast: Cast) -> None:
    order = lived_through(cast)
    with reading(cast.li):
        assert queries.active(HOME, order.last_day) == [order]
        assert queries.active(HOME, observed.OVER.date()) == []
        assert queries.running_for(HOME, [order.resident_id], observed.OVER.date()) == {}
    with translation.override("en"), pytest.raises(Refused, match="last order is over"):
        night.issued(cast, at=clock.now(), first_day=observed.OVER.date())


def test_not_a_minute_before_his_days_are_over(street: str, cast: Cast) -> None:
    order = lived_through(cast)
    clock.move_to(observed.OVER - timedelta(minutes=1))
    with translation.override("en"), pytest.raises(Refused, match="03-12 00:00"):
        observed.verified(order, cast)
    clock.move_to(observed.OVER)
    observed.verified(order, cast)


def test_not_while_a_reading_waits_for_the_doctor(street: str, cast: Cast) -> None:
    order = lived_through(cast)
    observed.taken(order, cast.wang, 14, "pm", "37.4", at=observed.OVER - timedelta(hours=4))
    night.follow_up()
    with translation.override("en"), pytest.raises(Refused, match="doctor"):
        observed.verified(order, cast)
    (raised,) = observed.alarms(cast.sun)
    orders.settle_alarm(
        night.get(Alarm, raised.id, cast.sun), finding="explained", words="热水袋", temperature=Decimal("36.5"),
        by=cast.sun, at=clock.now(),
    )  # fmt: skip
    observed.verified(order, cast)


def test_an_alarm_after_the_verification_stops_the_release(street: str, cast: Cast) -> None:
    order = lived_through(cast)
    observed.verified(order, cast)
    observed.taken(order, cast.wang, 14, "pm", "38.0", at=observed.OVER - timedelta(hours=4))
    night.follow_up()
    with translation.override("en"), pytest.raises(Refused, match="doctor"):
        observed.released(order, cast.zhao)
    assert night.get(Order, order.id, cast.li).state == "refused"


def test_without_a_verification_nobody_is_released(street: str, cast: Cast) -> None:
    order = lived_through(cast)
    with translation.override("en"), pytest.raises(Refused, match="has not verified"):
        observed.released(order, cast.zhao)


def test_who_verified_does_not_release(street: str, cast: Cast) -> None:
    """Even if one person held both roles."""
    order = lived_through(cast)
    both = replace(cast.zhao, may=cast.zhao.may | {"release.verified"})
    orders.verify_release(night.get(Order, order.id, both), why_missed="人在", by=both, at=clock.now())
    with pytest.raises(Refused) as no:
        observed.released(order, both)
    assert no.value.code == 403
    with (
        pytest.raises(Exception, match="release_by_two"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT set_config('app.scope', '@110198001', true), set_config('app.line', %s, true)",
            [str(new_id())],
        )
        cursor.execute(
            "UPDATE lianfang_release SET released_by = verified_by, released_at = now(), year = 2020, serial = 1, number = 'x'"
        )
    assert observed.released(order, cast.chen).facts["number"]


def test_two_verify_at_once_two_release_at_once(street: str, cast: Cast) -> None:
    order = lived_through(cast)
    here = {who.id: night.get(Order, order.id, who) for who in (cast.li, cast.wang)}
    night.one_done_one_refused(
        at_once(
            *(
                lambda who=who: orders.verify_release(here[who.id], why_missed="人在", by=who, at=clock.now())
                for who in (cast.li, cast.wang)
            )
        )
    )
    refused = night.one_done_one_refused(
        at_once(lambda: observed.released(order, cast.zhao), lambda: observed.released(order, cast.chen))
    )
    assert "%(" not in refused.message


def test_numbers_of_release_have_no_gaps_even_at_once_and_after_a_refusal(street: str, cast: Cast) -> None:
    order = lived_through(cast)
    with pytest.raises(Refused):
        observed.released(order, cast.zhao)
    observed.verified(order, cast)
    observed.released(order, cast.zhao)
    again, notice = night.issued(cast, at=clock.now(), first_day=observed.OVER.date())
    orders.refuse_notice(notice, words="又来？", by=cast.liu, at=clock.now())
    clock.move_to(clock.now() + timedelta(days=16))
    observed.verified(again, cast)
    assert observed.released(again, cast.chen).facts == {"number": "清和街解观〔2020〕2号", "in_time": False}
    with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
        rows = boss.execute("SELECT serial FROM lianfang_release ORDER BY 1").fetchall()
    assert rows == [(1,), (2,)]


def test_nothing_is_done_to_an_order_that_has_ended(street: str, cast: Cast) -> None:
    order = lived_through(cast)
    observed.verified(order, cast)
    observed.released(order, cast.zhao)
    for deed in (
        lambda: observed.verified(order, cast),
        lambda: observed.released(order, cast.zhao),
        lambda: orders.undertake(order, how="paper", freely=True, by=cast.li, at=clock.now()),
        lambda: orders.review(order, by=observed.time_itself(), at=clock.now()),
    ):
        with pytest.raises(Refused) as no:
            deed()
        assert no.value.code == 409
