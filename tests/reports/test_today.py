"""A place's day on one page: what waits, who is under observation, the last lines. Constant in statements."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.ground.acts import reading
from lianfang.reports.today import Today, today
from lianfang.rooms import gates, orders
from tests import night
from tests.cast import HOME, NEIGHBOUR, STORY, STREET, Cast

SERVED: dict[str, Any] = {"how": "paper", "proof": "signed", "to_whom": "himself", "remedy_told": True}


def read(actor: Any, where: str, at: Any = STORY) -> tuple[Today, int]:
    with reading(actor), CaptureQueriesContext(connection) as said:
        page = today(where, at)
    return page, len(said)


def test_an_empty_day(street: str, cast: Cast) -> None:
    page, _cost = read(cast.li, HOME)
    assert (page.verifications, page.questions, page.to_serve, page.observed, page.overdue) == (
        [],
        [],
        [],
        [],
        [],
    )
    assert (page.homes, page.residents, page.parked) == (71, 4, 0)


def test_what_waits_is_there_for_whom_it_concerns(street: str, cast: Cast, later: Any) -> None:
    waiting = night.asked(cast)
    question = night.asked_up(cast)
    community, _cost = read(cast.li, HOME)
    above, _cost = read(cast.chen, STREET)
    beside, _cost = read(cast.fang, NEIGHBOUR)
    assert [one.id for one in community.verifications] == [waiting.id]
    assert [one.id for one in community.questions] == [question.id] and community.asked_here == []
    assert [one.id for one in above.asked_here] == [question.id]
    assert (beside.verifications, beside.questions, beside.observed) == ([], [], [])
    assert community.overdue == []
    late, _cost = read(cast.li, HOME, later(121))
    assert [one.id for one in late.overdue] == [question.id]


def test_an_order_waits_to_be_served_and_then_is_observed(street: str, cast: Cast) -> None:
    order, notice = night.issued(cast)
    page, _cost = read(cast.li, HOME)
    assert [one.id for one in page.to_serve] == [one.id for one in page.observed] == [order.id]
    (building,) = page.buildings
    assert (building.number, building.homes, building.residents) == ("3", 71, 4)
    assert (building.observed, building.waiting) == (1, 1)
    orders.serve(notice, by=cast.liu, at=STORY, **SERVED)
    page, _cost = read(cast.li, HOME)
    assert (page.to_serve, len(page.observed)) == ([], 1)


def test_a_full_day_costs_as_many_statements_as_a_quiet_one(street: str, cast: Cast) -> None:
    night.issued(cast)
    night.asked_up(cast)
    night.asked(cast)
    quiet, cost = read(cast.li, HOME)
    for number in range(12):
        night.asked_up(cast)
        gates.ask(HOME, post=f"检查站{number}", asked_for="某某", by=cast.li, at=STORY)
    full, same = read(cast.li, HOME)
    assert (len(quiet.verifications), len(quiet.questions)) == (1, 1)
    assert (len(full.verifications), len(full.questions), len(full.lines)) == (13, 13, 12)
    assert same == cost <= 13
