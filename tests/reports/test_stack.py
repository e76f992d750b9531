"""The building stack: what stands at each door, and the same few statements however many doors there are."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.ground.acts import reading
from lianfang.reports.stack import Cell, _buildings, stack, surname
from lianfang.rooms import aid, notes, orders, people, places, tickets
from lianfang.rooms.orders.models import Alarm, Check, Order
from lianfang.rooms.people.models import Resident, Stay
from lianfang.rooms.people.roles import the_clock
from lianfang.rooms.places.models import Door
from tests import night
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, STREET, Cast

SERVED: dict[str, Any] = {"how": "paper", "proof": "signed", "to_whom": "himself", "remedy_told": True}


def seen(actor: Any, where: str = HOME, at: Any = STORY) -> tuple[dict[str, Cell], int]:
    with reading(actor), CaptureQueriesContext(connection) as said:
        buildings = stack(where, at)
    return {cell.where: cell for one in buildings for cell in one.cells.values()}, len(said)


def bound(cast: Cast) -> Order:
    """宁小松 is told of his order, and his checks stand."""
    order, notice = night.issued(cast)
    orders.serve(notice, by=cast.liu, at=STORY, **SERVED)
    orders.schedule_checks(order, by=the_clock(), at=STORY)
    return order


def check_of(cast: Cast, day: int, half: str) -> Check:
    with reading(cast.li):
        return Check.objects.get(day=day, half=half, further=False)


def test_every_door_stands_in_its_place(street: str, cast: Cast) -> None:
    with reading(cast.li):
        (one,) = stack(HOME, STORY)
    assert (one.number, len(one.cells), one.floors) == ("3", 71, [6, 5, 4, 3, 2, 1])
    assert one.units == [(unit, ["01", "02", "03"]) for unit in "1234"]
    assert ("1", 1, "01") not in one.cells and one.cells[("1", 1, "02")].number == "102"
    assert one.cells[("2", 4, "02")].where == DOOR


def test_a_home_is_lived_in_empty_or_not_entered(street: str, cast: Cast) -> None:
    cells, _cost = seen(cast.li)
    assert (cells[DOOR].state, cells[DOOR].people, cells[DOOR].surname) == ("home", 3, "宁")
    assert cells[f"{HOME}.3.2.401."].state == "todo"
    with reading(cast.wang):
        stay = Stay.objects.get(where=f"{HOME}.3.2.403.")
    people.end_stay(stay, until=date(2020, 2, 25), by=cast.wang, at=STORY)
    with reading(cast.wang):
        door = Door.objects.get(where=f"{HOME}.3.1.601.")
    people.register(
        door, name="贺新颖", sex="female", relation="head", tenure="rented", by=cast.wang, at=STORY
    )
    cells, _cost = seen(cast.li)
    assert (cells[f"{HOME}.3.2.403."].state, cells[f"{HOME}.3.1.601."].state) == ("void", "rent")


def test_a_day_of_fourteen_is_due_then_checked_then_an_alarm(street: str, cast: Cast, later: Any) -> None:
    order = bound(cast)
    cell = seen(cast.li)[0][DOOR]
    assert (cell.state, cell.bound, cell.check) == ("obs", (0, 14), None)
    now = later(11 * 60)
    cell = seen(cast.li, at=now)[0][DOOR]
    assert (cell.state, cell.bound) == ("due", (1, 14))
    orders.record_check(
        check_of(cast, 1, "am"), how="phone", temperature=Decimal("36.4"), by=cast.wang, at=now
    )
    cell = seen(cast.li, at=now)[0][DOOR]
    assert (cell.state, cell.check) == ("obs", (1, "am", "done", Decimal("36.4")))
    now = later(22 * 60)
    assert seen(cast.li, at=now)[0][DOOR].state == "due"
    orders.record_check(
        check_of(cast, 1, "pm"), how="door", temperature=Decimal("37.3"), by=cast.wang, at=now
    )
    orders.raise_alarm(check_of(cast, 1, "pm"), by=the_clock(), at=now)
    assert seen(cast.li, at=now)[0][DOOR].state == "alarm"
    with reading(cast.sun):
        alarm = Alarm.objects.get(order=order)
    orders.settle_alarm(
        alarm,
        finding="explained",
        words="刚喝过热水，歇半小时再量。",
        temperature=Decimal("36.6"),
        by=cast.sun,
        at=now,
    )
    assert seen(cast.li, at=now)[0][DOOR].state == "obs"


def test_a_missed_check_is_never_a_normal_one(street: str, cast: Cast, later: Any) -> None:
    bound(cast)
    check = check_of(cast, 1, "am")
    now = later((check.due_at - STORY) / timedelta(minutes=1))
    orders.miss_check(check, by=the_clock(), at=now)
    cell = seen(cast.li, at=now)[0][DOOR]
    assert (cell.state, cell.check, cell.missed) == ("due", (1, "pm", "due", None), (1, "am", "missed", None))
    orders.record_check(
        check_of(cast, 1, "pm"), how="self", temperature=Decimal("36.5"), by=cast.wang, at=now
    )
    cell = seen(cast.li, at=now)[0][DOOR]
    assert cell.state == "obs" and cell.missed == (1, "am", "missed", None)


def test_a_release_that_is_overdue_comes_before_the_quiet_home(street: str, cast: Cast, later: Any) -> None:
    order = bound(cast)
    before = order.release_due - timedelta(minutes=1)
    assert seen(cast.li, at=before)[0][DOOR].state in ("obs", "due")
    assert seen(cast.li, at=order.release_due)[0][DOOR].state == "late"


def test_what_is_asked_needed_and_promised_is_counted(street: str, cast: Cast) -> None:
    notes.write(
        DOOR, text="听困难", how="visit", promise="明早回话", promise_due=STORY + timedelta(hours=9), by=cast.li, at=STORY
    )  # fmt: skip
    aid.propose(DOOR, kind="sell", item="草莓", quantity=Decimal(200), unit="jin", by=cast.li, at=STORY)
    tickets.lodge(
        STREET, channel="12345", type="complaint", category="epidemic", words="不接受居家观察", door=DOOR, by=cast.chen,
        at=STORY,
    )  # fmt: skip
    people.mark_care(night.ning(cast.wang), kind="treatment", by=cast.wang, at=STORY)
    cell = seen(cast.li)[0][DOOR]
    assert (cell.tickets, cell.needs, cell.promises, cell.care) == (1, 1, 1, ["treatment"])


def test_each_sees_what_is_his(street: str, cast: Cast) -> None:
    bound(cast)
    assert set(seen(cast.guo, cast.guo.where)[0]) == set(seen(cast.li)[0])
    beside, _cost = seen(cast.fang, NEIGHBOUR)
    assert beside and all(cell.bound is None for cell in beside.values())
    assert seen(cast.fang, HOME)[0] == {}


def test_buildings_stand_in_the_order_of_their_numbers(street: str, cast: Cast) -> None:
    for number in ("12", "5"):
        places.draw_building(HOME, number=number, floors=2, units=1, doors=2, by=cast.li, at=STORY)
    with reading(cast.li):
        assert [one.number for one in stack(HOME, STORY)] == ["3", "5", "12"]
    with reading(cast.chen):
        assert len(stack(STREET, STORY)) == 4


@pytest.mark.parametrize("more", [4, 40])
def test_it_costs_the_same_statements_however_many_live_here(street: str, cast: Cast, more: int) -> None:
    bound(cast)
    _cells, quiet = seen(cast.li)
    with reading(cast.wang):
        doors = list(Door.objects.filter(where__under=f"{HOME}.3.4."))
    for number in range(more):
        door = doors[number % len(doors)]
        made = people.register(door, name=f"路人{number}", relation="other", by=cast.wang, at=STORY)
        with reading(cast.wang):
            resident = Resident.objects.get(id=made.about)
        people.mark_care(resident, kind="aged", by=cast.wang, at=STORY)
        notes.write(
            door.where, text="问需", how="door", promise="再来", promise_due=STORY + timedelta(days=1), by=cast.li, at=STORY
        )  # fmt: skip
        aid.propose(door.where, kind="food", by=cast.li, at=STORY)
    full, same = seen(cast.li)
    assert sum(cell.promises for cell in full.values()) == more
    assert same == quiet <= 11


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("宁小松", "宁"),
        ("单于明", "单于"),
        ("欧阳小禾", "欧阳"),
        ("曾兰", "曾"),
        ("Anna Smith", "Anna"),
        ("", ""),
    ],
)
def test_a_cell_has_room_for_the_family_name(name: str, family: str) -> None:
    assert surname(name) == family


def test_a_plan_with_other_numbers_keeps_its_columns() -> None:
    cells = [Cell(f"{HOME}.1.A.{n}.", "A", floor, n) for floor, n in ((1, "108"), (2, "甲"), (2, "208"))]
    (one,) = _buildings(cells)
    assert one.units == [("A", ["08", "甲"])] and one.cells[("A", 2, "甲")].number == "甲"
