"""An act is the only way anything changes: one permission, one transaction, one line; twice is once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from threading import Event, Thread
from typing import Any
from uuid import uuid4, uuid5

import psycopg
import pytest
from django.db import connections

from lianfang.ground import clock
from lianfang.ground.acts import ACTS, Act, Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line, line
from lianfang.ground.refusals import CONFLICT, FORBIDDEN, GONE, UNFIT, Refused
from lianfang.ground.things import Thing, change, new
from lianfang.rooms import people, places
from lianfang.rooms.people.models import ParkedRow, Resident, Stay
from lianfang.rooms.people.roles import installer
from lianfang.rooms.places.models import Compound, Door
from tests.at_once import at_once
from tests.cast import HOME, NEIGHBOUR, STORY, STREET, Cast
from tests.conftest import SERVER

pytestmark = pytest.mark.usefixtures("one_street")
DOUBT = [{"cell": "B7", "code": "door_unknown"}]
AT = STORY


@pytest.fixture
def name() -> str:
    """A name no other test has used: they share one street."""
    return f"{uuid4().hex[:8]}院"


def lines(by: Actor, **which: Any) -> list[Line]:
    with reading(by):
        return list(Line.objects.filter(**which))


def thing(model: type[Thing], by: Actor, **which: Any) -> Any:
    with reading(by):
        return model._default_manager.get(**which)


def parked(cast: Cast) -> ParkedRow:
    row = people.park(HOME, file="sheet.xlsx", row=7, said="李四", problems=DOUBT, by=cast.wang, at=AT)
    return thing(ParkedRow, cast.wang, id=row.id)


def test_an_act_leaves_one_line_that_says_who_what_where_and_when(name: str, cast: Cast) -> None:
    written = places.register_compound(HOME, name=name, by=cast.li, at=AT - timedelta(minutes=3))
    (kept,) = lines(cast.li, about=written.about)
    assert (kept.kind, kept.by, kept.role, kept.via) == (
        "compound.registered",
        cast.li.id,
        "director",
        "desk",
    )
    assert (kept.where, kept.at) == (HOME, AT - timedelta(minutes=3))
    assert kept.written_at >= AT
    assert kept.because is None


def test_a_new_thing_takes_the_id_of_the_line_that_made_it(name: str, cast: Cast) -> None:
    offline = uuid4()
    written = places.register_compound.once(offline)(HOME, name=name, by=cast.li, at=AT)
    assert written.id == written.about == thing(Compound, cast.li, name=name).id == offline


def test_what_follows_stays_in_the_matter_and_names_its_cause(cast: Cast) -> None:
    born = people.park(HOME, file="sheet.xlsx", row=7, said="", problems=DOUBT, by=cast.wang, at=AT)
    row = thing(ParkedRow, cast.wang, id=born.id)
    settled = people.drop_row.once(new_id(), because=born.id)(row, by=cast.wang, at=AT)
    assert (settled.matter, settled.because) == (born.matter, born.id)


def test_the_same_id_twice_is_one_line_and_the_deed_is_done_once(name: str, cast: Cast) -> None:
    sent = uuid4()
    first = places.register_compound.once(sent)(HOME, name=name, by=cast.li, at=AT)
    again = places.register_compound.once(sent)(HOME, name=name, by=cast.li, at=AT)
    assert again.pk == first.pk and again.written_at == first.written_at
    assert len(lines(cast.li, about=sent)) == 1
    with reading(cast.li):
        assert Compound.objects.filter(name=name).count() == 1


def test_a_deed_sent_again_later_is_the_same_deed_and_the_first_time_stands(name: str, cast: Cast) -> None:
    sent = uuid4()
    places.register_compound.once(sent)(HOME, name=name, by=cast.li, at=AT - timedelta(hours=1))
    again = places.register_compound.once(sent)(HOME, name=name, by=cast.li, at=AT)
    assert again.at == AT - timedelta(hours=1)


def test_a_deed_sent_again_is_known_even_if_it_could_not_be_done_any_more(cast: Cast) -> None:
    row, sent = parked(cast), uuid4()
    people.drop_row.once(sent)(row, by=cast.wang, at=AT)
    assert people.drop_row.once(sent)(row, by=cast.wang, at=AT).pk == sent


@pytest.mark.parametrize("other", ["payload", "actor", "kind", "actor elsewhere"])
def test_the_same_id_with_anything_else_is_refused(name: str, cast: Cast, other: str) -> None:
    sent = uuid4()
    places.register_compound.once(sent)(HOME, name=name, by=cast.li, at=AT)
    with pytest.raises(Refused) as no:
        match other:
            case "payload":
                places.register_compound.once(sent)(HOME, name=f"北{name}", by=cast.li, at=AT)
            case "actor":
                places.register_compound.once(sent)(HOME, name=name, by=installer(HOME), at=AT)
            case "kind":
                people.park.once(sent)(HOME, file="a", row=1, said="", problems=DOUBT, by=cast.li, at=AT)
            case "actor elsewhere":
                places.register_compound.once(sent)(NEIGHBOUR, name=name, by=installer(NEIGHBOUR), at=AT)
    assert no.value.code == CONFLICT
    assert len(lines(installer(STREET), id=sent)) == 1
    with reading(installer(STREET)):
        assert (
            Compound.objects.filter(id=sent).count()
            == Compound.objects.filter(name__endswith=name).count()
            == 1
        )


def test_a_moment_in_the_future_is_refused_beyond_five_minutes(name: str, cast: Cast, later: Any) -> None:
    later(0)
    ahead = clock.now() + timedelta(minutes=4, seconds=50)
    assert places.register_compound(HOME, name=name, by=cast.li, at=ahead).at == ahead
    with pytest.raises(Refused) as no:
        places.register_compound(
            HOME, name=f"北{name}", by=cast.li, at=clock.now() + timedelta(minutes=5, seconds=10)
        )
    assert no.value.code == UNFIT


def test_a_moment_further_back_than_the_kind_allows_is_refused(cast: Cast) -> None:
    row = parked(cast)
    with pytest.raises(Refused) as no:
        people.drop_row(row, by=cast.wang, at=clock.now() - timedelta(days=2, minutes=1))
    assert no.value.code == UNFIT
    assert "2" in no.value.message
    assert people.drop_row(row, by=cast.wang, at=clock.now() - timedelta(days=1, hours=23))


@pytest.mark.parametrize("who", ["guo", "zhou", "qian", "zhao", "sun"])
def test_a_role_that_may_not_is_refused(cast: Cast, who: str) -> None:
    with pytest.raises(Refused) as no:
        people.park(HOME, file="a", row=1, said="", problems=DOUBT, by=getattr(cast, who), at=AT)
    assert no.value.code == FORBIDDEN


def test_nobody_writes_about_a_place_that_is_not_his(name: str, cast: Cast) -> None:
    with pytest.raises(Refused) as no:
        places.register_compound(NEIGHBOUR, name=name, by=cast.li, at=AT)
    assert no.value.code == FORBIDDEN
    with reading(installer(STREET)):
        assert not Compound.objects.filter(name=name).exists()


def test_a_thing_of_another_community_is_not_there(cast: Cast) -> None:
    row = parked(cast)
    with pytest.raises(Refused) as no:
        people.drop_row(row, by=cast.fang, at=AT)
    assert no.value.code == GONE
    assert thing(ParkedRow, cast.wang, id=row.id).state == ParkedRow.State.WAITING


def test_a_thing_that_never_was_is_refused_in_the_same_words(cast: Cast) -> None:
    said = []
    for row in (parked(cast), ParkedRow(id=uuid4(), where=HOME, matter=uuid4())):
        with pytest.raises(Refused) as no:
            people.drop_row(row, by=cast.fang, at=AT)
        said.append((no.value.code, no.value.message))
    assert said[0] == said[1]


def test_the_line_too_must_lie_where_the_actor_may_write(name: str, cast: Cast) -> None:
    """Refused before the database is asked, which would refuse it too."""

    def deed(where: str, *, by: Actor, at: datetime) -> Line:
        return line(new(Compound, where=where, name=name), where=NEIGHBOUR)

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        assert not sql.startswith('INSERT INTO "lianfang_line"')
        return execute(sql, params, many, context)

    with pytest.raises(Refused) as no, connections["default"].execute_wrapper(listen):
        Act("compound.registered", deed, timedelta(1))(HOME, by=cast.li, at=AT)
    assert no.value.code == FORBIDDEN
    with reading(cast.li):
        assert not Compound.objects.filter(name=name).exists()


def test_a_deed_that_tells_nothing_is_a_bug_and_is_undone(name: str, cast: Cast) -> None:
    def silent(where: str, *, by: Actor, at: datetime) -> Line:
        new(Compound, where=where, name=name)
        return None  # type: ignore[return-value]

    def idle(stay: Stay, *, by: Actor, at: datetime) -> Line:
        return line(stay)

    with pytest.raises(TypeError):
        Act("compound.registered", silent, timedelta(1))(HOME, by=cast.li, at=AT)
    with pytest.raises(TypeError):
        Act("stay.ended", idle, timedelta(1))(thing(Stay, cast.li, resident__name="曾兰"), by=cast.li, at=AT)
    with reading(cast.li):
        assert not Compound.objects.filter(name=name).exists()


def test_a_failed_line_undoes_the_deed(name: str, cast: Cast) -> None:
    def full(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "lianfang_line"'):
            raise OSError("no space left")
        return execute(sql, params, many, context)

    before = len(lines(cast.li))
    with pytest.raises(OSError, match="no space"), connections["default"].execute_wrapper(full):
        places.register_compound(HOME, name=name, by=cast.li, at=AT)
    assert len(lines(cast.li)) == before
    with reading(cast.li):
        assert not Compound.objects.filter(name=name).exists()
    places.register_compound(HOME, name=name, by=cast.li, at=AT)


def test_a_failed_guard_after_a_change_undoes_the_change(cast: Cast) -> None:
    def deed(row: ParkedRow, *, by: Actor, at: datetime) -> Line:
        change(row, state=ParkedRow.State.SETTLED)
        raise Refused("thought better of it")

    row = parked(cast)
    with pytest.raises(Refused):
        Act("row.settled", deed, timedelta(1))(row, by=cast.wang, at=AT)
    assert thing(ParkedRow, cast.wang, id=row.id).state == ParkedRow.State.WAITING


def test_an_act_inside_another_transaction_is_a_bug(name: str, cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="durable"), reading(cast.li):
        places.register_compound(HOME, name=name, by=cast.li, at=AT)


def test_the_deed_sees_the_thing_as_it_is_now_not_as_the_caller_read_it(cast: Cast) -> None:
    row = parked(cast)
    people.drop_row(row, by=cast.wang, at=AT)
    assert row.state == ParkedRow.State.WAITING
    with pytest.raises(Refused) as no:
        people.drop_row(row, by=cast.li, at=AT)
    assert no.value.code == CONFLICT


def test_a_constraint_of_the_database_speaks_in_its_own_words(name: str, cast: Cast) -> None:
    (named,) = Compound._meta.constraints
    places.register_compound(HOME, name=name, by=cast.li, at=AT)
    with pytest.raises(Refused) as no:
        places.register_compound(HOME, name=name, by=cast.li, at=AT)
    assert no.value.code == CONFLICT
    assert no.value.message == str(named.violation_error_message)


def test_a_value_that_does_not_fit_is_named(cast: Cast) -> None:
    with pytest.raises(Refused) as no:
        places.register_compound(HOME, name="院" * 61, by=cast.li, at=AT)
    assert (no.value.code, list(no.value.fields)) == (UNFIT, ["name"])


@pytest.mark.parametrize("strange", ["南\0院", "南\ud800院"], ids=["zero", "half a pair"])
def test_text_no_database_can_hold_is_refused(cast: Cast, strange: str) -> None:
    for said in ({"file": strange}, {"problems": [{"cell": strange}]}, {"problems": [{strange: 1}]}):
        given: dict[str, Any] = {"file": "a", "row": 1, "said": "", "problems": DOUBT} | said
        with pytest.raises(Refused) as no:
            people.park(HOME, **given, by=cast.wang, at=AT)
        assert no.value.code == UNFIT


@pytest.mark.parametrize(
    "strange", [{"row": 2**40}, {"problems": [float("nan")]}], ids=["too large", "no number"]
)
def test_a_value_only_the_database_refuses_is_refused_politely(cast: Cast, strange: dict[str, Any]) -> None:
    given: dict[str, Any] = {"file": "a", "row": 1, "said": "", "problems": DOUBT} | strange
    with pytest.raises(Refused) as no:
        people.park(HOME, **given, by=cast.wang, at=AT)
    assert no.value.code == UNFIT


def test_of_two_at_once_with_the_same_id_both_are_told_the_same_line(name: str, cast: Cast) -> None:
    cast.li  # read before the threads start  # noqa: B018
    for number in range(3):
        sent, row = uuid4(), parked(cast)
        born = partial(places.register_compound.once(sent), HOME, name=f"{number}{name}", by=cast.li, at=AT)
        changed = partial(people.drop_row.once(uuid5(sent, "row")), row, by=cast.li, at=AT)
        for call in (born, changed):
            came = at_once(*[call] * 4)
            assert len({getattr(one, "pk", one) for one in came}) == 1
            assert len(lines(cast.li, id=came[0].pk)) == 1


def test_of_two_at_once_on_one_thing_the_second_is_told_it_is_too_late(cast: Cast) -> None:
    for _ in range(5):
        row = parked(cast)
        came = at_once(
            lambda row=row: people.drop_row(row, by=cast.wang, at=AT),
            lambda row=row: people.drop_row(row, by=cast.li, at=AT),
        )
        refused = [one for one in came if isinstance(one, Refused)]
        assert sorted(type(one).__name__ for one in came) == ["Line", "Refused"]
        assert refused[0].code == CONFLICT
        assert len(lines(cast.li, about=row.id, kind="row.settled")) == 1


def test_of_two_at_once_who_make_the_same_the_second_is_refused(name: str, cast: Cast) -> None:
    cast.li  # noqa: B018
    call = lambda: places.register_compound(HOME, name=name, by=cast.li, at=AT)  # noqa: E731
    came = at_once(call, call, call)
    assert sorted(type(one).__name__ for one in came) == ["Line", "Refused", "Refused"]


def test_an_act_that_lost_a_deadlock_is_done_again_by_itself(one_street: str, cast: Cast) -> None:
    """Somebody holds the person and wants the door; the act holds the door and wants the person."""
    door = thing(Door, cast.li, where=f"{HOME}.3.2.403.")
    who = thing(Resident, cast.li, name="曾兰")
    stuck, came, tried = Event(), [], []

    def tell(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "app.line" in sql:
            tried.append(sql)
        if 'FROM "lianfang_resident"' in sql and "FOR UPDATE" in sql:
            stuck.set()
        return execute(sql, params, many, context)

    def act() -> None:
        with connections["default"].execute_wrapper(tell):
            came.append(people.move_in(door, resident=who, since=date(2020, 2, 1), by=cast.li, at=AT))
        connections.close_all()

    with psycopg.connect(SERVER.superuser_url, dbname=one_street) as other:
        # The other waits longer than the act before it looks for a deadlock, so that it is the act that loses.
        other.execute("SET deadlock_timeout = '60s'")
        other.execute("SELECT 1 FROM lianfang_resident WHERE id = %s FOR UPDATE", [who.id])
        thread = Thread(target=act)
        thread.start()
        stuck.wait()
        other.execute("SELECT 1 FROM lianfang_door WHERE id = %s FOR UPDATE", [door.id])
    thread.join()
    assert len(tried) >= 2
    assert came[0].kind == "stay.began"
    assert len(lines(cast.li, kind="stay.began")) == 1


def test_two_acts_cannot_write_the_same_kind() -> None:
    from lianfang.ground.acts import act

    with pytest.raises(ValueError, match="two acts"):
        act("compound.registered")(lambda: None)  # type: ignore[arg-type, return-value]
    assert ACTS["compound.registered"] is places.register_compound


def test_reading_as_somebody_cannot_write(name: str, cast: Cast) -> None:
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError, match="row-level security"), reading(cast.li):
        Compound(id=uuid4(), where=HOME, matter=uuid4(), name=name).save(force_insert=True)
