"""The register of home observation: who, which day, today's checks, what is missing, whose end has come."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.ground.acts import reading
from lianfang.reports import register
from lianfang.reports.register import Row
from tests.cast import HOME, NEIGHBOUR, STREET, Cast
from tests.rooms.orders import busy, observed


def rows(cast: Cast) -> dict[str, Row]:
    with reading(cast.wang):
        found = register.register(HOME, busy.NOW)
        return {row.order.resident.name: row for row in found.rows}


def test_an_evening_with_somebody_in_every_state(street: str, cast: Cast) -> None:
    his = busy.evening(cast)
    found = rows(cast)
    assert len(found) == 7
    ning = found["宁小松"]
    assert (ning.order.id, ning.day, ning.in_force, ning.missing, ning.missed) == (his.id, 9, True, 1, False)
    assert [(one.half, one.state) for one in ning.today] == [("am", "done"), ("pm", "done")]
    assert len(ning.alarms) == 1 and ning.objection and ning.to_answer and ning.undertaking
    assert found["欧阳春晖"].due and found["欧阳春晖"].due.half == "pm"
    assert found["鲍国良"].missed and found["鲍国良"].missing == 1 and found["鲍国良"].due
    assert not found["易小北"].due and found["易小北"].today[1].late is False
    assert found["尉迟静"].ending and found["尉迟静"].overdue and found["尉迟静"].release
    assert found["慕容海涛"].ending and found["慕容海涛"].missing == 1 and not found["慕容海涛"].release
    assert not found["慕容海涛"].in_force  # his days are over: he is bound by nothing
    assert found["华天翼"].today == [] and not found["华天翼"].in_force
    with reading(cast.wang):
        whole = register.register(HOME, busy.NOW)
    counts = {
        which: len(whole.only(which))
        for which in ("running", "waiting", "due", "missing", "alarm", "objection", "ending")
    }
    assert counts == {
        "running": 7, "waiting": 2, "due": 2, "missing": 1, "alarm": 1, "objection": 1, "ending": 2,
    }  # fmt: skip


def test_a_release_is_due_at_midnight_and_red_an_hour_later(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    with reading(cast.wang):
        due, red = (
            register.register(HOME, observed.OVER + timedelta(minutes=minutes)).rows[0] for minutes in (0, 60)
        )
        before = register.register(HOME, observed.OVER - timedelta(minutes=1)).rows[0]
    assert order.id == due.order.id
    assert [(one.ending, one.overdue) for one in (before, due, red)] == [
        (False, False),
        (True, False),
        (True, True),
    ]


def test_five_statements_however_many(street: str, cast: Cast) -> None:
    busy.evening(cast)
    with reading(cast.wang), CaptureQueriesContext(connection) as asked:
        register.register(HOME, busy.NOW)
    assert len(asked) == 5


def test_a_page_of_one_order_says_the_same_as_its_row(street: str, cast: Cast) -> None:
    busy.evening(cast)
    for row in rows(cast).values():
        with reading(cast.wang):
            own = register.whole(row.order, busy.NOW).row
        assert own == row


def test_it_lies_at_its_place(street: str, cast: Cast) -> None:
    busy.evening(cast)
    with reading(cast.fang):
        assert register.register(NEIGHBOUR, busy.NOW).rows == []
        assert register.register("", busy.NOW).rows == []
    with reading(cast.chen):
        assert len(register.register(STREET, busy.NOW).rows) == 7
        assert len(register.everybody(STREET, busy.NOW, 3)) == 3
