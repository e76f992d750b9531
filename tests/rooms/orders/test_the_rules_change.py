"""When an edition comes into force every open order is decided anew, once; whom it exempts is listed within the hour."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang import reactions
from lianfang.ground import clock
from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import orders, policies
from lianfang.rooms.orders import queries
from lianfang.rooms.orders.models import Order
from tests import night
from tests.cast import HOME, STREET, Cast
from tests.examples import EDITION

from . import observed

APRIL = datetime(2020, 4, 10, 21, 40, tzinfo=BEIJING)
EIGHTEENTH = datetime(2020, 4, 18, 0, 1, tzinfo=BEIJING)


def in_april(cast: Cast) -> Order:
    """A case like his, ordered on 10 April for 14 days."""
    clock.move_to(APRIL)
    order, notice = night.issued(cast, at=APRIL, first_day=date(2020, 4, 10))
    orders.refuse_notice(notice, words="凭什么？", by=cast.liu, at=APRIL)
    return order


def lines(order: Order, cast: Cast) -> list[Line]:
    with reading(cast.li):
        return list(Line.objects.filter(kind="order.reviewed", about=order.id).order_by("at"))


def test_a_case_like_his_open_on_18_april_is_listed_for_release_within_the_hour(
    street: str, cast: Cast
) -> None:
    order = in_april(cast)
    assert observed.reviewed(EIGHTEENTH - timedelta(minutes=2)) == 0
    assert observed.reviewed(EIGHTEENTH) == 1
    now = night.get(Order, order.id, cast.zhao)
    assert (now.review, now.state) == ("release", "refused")  # it neither goes on silently nor ends by itself
    assert now.free_by == EIGHTEENTH + timedelta(hours=1)
    (line,) = lines(order, cast)
    assert line.facts == {"review": "release"} and "beijing-2020-04-18/" in line.rule
    observed.verified(order, cast)
    assert observed.released(order, cast.zhao).facts["in_time"] is True


def test_it_is_looked_at_once_for_each_change(street: str, cast: Cast) -> None:
    order = in_april(cast)
    for minute in range(3):
        observed.reviewed(EIGHTEENTH + timedelta(minutes=minute))
    assert len(lines(order, cast)) == 1
    with pytest.raises(Refused):
        orders.review(order, by=observed.time_itself(), at=clock.now())


def test_what_still_requires_it_is_said_too(street: str, cast: Cast) -> None:
    """Back after twenty nights: no exemption; the new edition leaves the order as it was, and says so."""
    clock.move_to(APRIL)
    made = night.assessed(cast, APRIL, night.NING | {"nights_away": 20, "origin": "420100"})
    order, _notice = night.issued(
        cast, at=APRIL, first_day=date(2020, 4, 10), matter=made.matter, ruling=_precedent(cast)
    )
    observed.reviewed(EIGHTEENTH)
    now = night.get(Order, order.id, cast.zhao)
    assert now.review in ("keep", "ask") and now.free_by is None
    assert [one.facts for one in lines(order, cast)] == [{"review": now.review}]


def _precedent(cast: Cast) -> object:
    return night.ruled(cast, APRIL).id


def test_a_case_without_stored_facts_is_for_a_person(street: str, cast: Cast) -> None:
    clock.move_to(APRIL)
    call = night.asked(cast, APRIL)
    order, _notice = night.issued(
        cast, at=APRIL, first_day=date(2020, 4, 10), matter=call.matter, ruling=_precedent(cast)
    )
    observed.reviewed(EIGHTEENTH)
    assert night.get(Order, order.id, cast.zhao).review == "ask"


def test_a_text_on_another_subject_changes_nothing(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    policies.publish(STREET, document=EDITION, by=cast.chen, at=observed.REFUSED)
    assert (
        observed.reviewed(observed.on(2, 27, 9)) == 0
    )  # nor does what came into force for communities that day
    assert lines(order, cast) == []


def test_an_edition_entered_late_is_not_overlooked(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    at = observed.on(3, 1, 10)
    late = EDITION | {
        "id": "qinghe-2020-02-28", "subject": "arrivals", "effective_from": "2020-02-28",
        "clause": [EDITION["clause"][0] | {"when": [{"fact": "purpose", "in": ["study"]}]}],  # type: ignore[index]
    }  # fmt: skip
    policies.publish(STREET, document=late, by=cast.chen, at=at)
    assert observed.reviewed(at) == 1
    assert night.get(Order, order.id, cast.zhao).weighed[-1] == "qinghe-2020-02-28"


def test_many_orders_cost_the_clock_no_more_than_one(street: str, cast: Cast) -> None:
    in_april(cast)
    clock.move_to(EIGHTEENTH)
    reactions.review_orders(clock.now())
    with CaptureQueriesContext(connection) as asked, reading(observed.time_itself()):
        assert queries.to_review("", EIGHTEENTH.date()) == []
    assert len(asked) <= 6


def test_a_neighbour_is_not_touched(street: str, cast: Cast) -> None:
    order = in_april(cast)
    observed.reviewed(EIGHTEENTH)
    with reading(cast.fang):
        assert not Line.objects.filter(kind="order.reviewed").exists()
        assert not Order.objects.filter(id=order.id).exists()
    assert order.where.startswith(HOME)
