"""Row-level security: who sees and writes which row, when the application asks for everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from lianfang.ground.acts import Actor, begin, reading
from lianfang.ground.ids import CLOCK, new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import CONFLICT, FORBIDDEN, Refused
from lianfang.ground.rows import tables
from lianfang.ground.things import DOOR as DOOR_CLASS
from lianfang.rooms import people, places
from lianfang.rooms.people.models import Account, Posting, Resident, Stay, Unit, Worker
from lianfang.rooms.people.roles import installer
from lianfang.rooms.places.models import Area, Building, Door
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, STREET, Cast

pytestmark = pytest.mark.usefixtures("one_street")


def at(where: str, worker: object = None) -> Actor:
    """Somebody who may write what an installer may, posted anywhere."""
    return replace(installer(where), id=worker or uuid4())  # type: ignore[arg-type]


def wheres(model: type, by: Actor) -> set[str]:
    with reading(by):
        return {one.where for one in model.objects.all()}


def test_without_a_scope_nothing_at_all_is_seen() -> None:
    for model in tables():
        if getattr(model, "ROWS", None) != DOOR_CLASS:
            assert model._default_manager.count() == 0, model


def test_an_empty_setting_is_nobody_and_not_everybody(cast: Cast) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', '', true)")
        assert Door.objects.count() == 0
        cursor.execute("SELECT set_config('app.scope', '@', true)")
        assert Door.objects.count() > 0


def test_building_3_does_not_see_building_30(cast: Cast) -> None:
    places.draw_building(HOME, number="30", floors=1, units=1, doors=1, by=cast.li, at=STORY)
    seen = wheres(Door, at(f"{HOME}.3."))
    assert seen
    assert all(where.startswith(f"{HOME}.3.") for where in seen)
    assert wheres(Building, at(f"{HOME}.3.")) == {f"{HOME}.3."}


def test_each_level_sees_what_lies_below_it(cast: Cast) -> None:
    for place in ("", "11", "110198", STREET, HOME, NEIGHBOUR, f"{HOME}.3.", f"{HOME}.3.2.", DOOR):
        seen = wheres(Stay, at(place))
        assert seen == {where for where in wheres(Stay, at("")) if where.startswith(place)}
        assert seen


def test_a_scope_is_a_place_and_no_pattern(cast: Cast) -> None:
    for pattern in ("%", "1101980010__", "110198001001.3.2.402.%", "~", "a"):
        assert wheres(Stay, at(pattern)) == set()


def test_law_is_read_below_its_issuer_and_by_nobody_beside_him(cast: Cast) -> None:
    codes = {place: _codes(at(place)) for place in ("11", STREET, HOME, DOOR)}
    assert HOME in codes[HOME] and STREET in codes[HOME] and "110198" in codes[HOME]
    assert HOME in codes[DOOR]
    assert codes["11"] >= codes[STREET]
    places.register_area("110199", code="110199001", name="别处", by=at("110199"), at=STORY)
    assert "110199001" not in _codes(at(HOME))
    assert "110199001" in _codes(at("110199001003"))


def _codes(by: Actor) -> set[str]:
    with reading(by):
        return {one.code for one in Area.objects.all()}


@pytest.mark.parametrize("place", [HOME, STREET, "", DOOR])
def test_law_is_written_by_its_issuer_alone(place: str) -> None:
    with pytest.raises(Refused) as no:
        places.register_area("110198", code="110198002", name="新街道", by=at(place), at=STORY)
    assert no.value.code == FORBIDDEN


def test_a_shared_row_is_seen_where_it_says_and_nowhere_else(cast: Cast) -> None:
    other = f"{NEIGHBOUR}.3.1.201."
    with reading(installer(STREET)):
        door, who = Door.objects.get(where=other), Resident.objects.get(name="曾兰")
    assert not _sees(who, at(NEIGHBOUR))
    people.move_in(door, resident=who, since=date(2020, 2, 1), by=installer(STREET), at=STORY)
    assert _sees(who, at(HOME))
    assert _sees(who, at(NEIGHBOUR))
    assert not _sees(who, at("110198001003"))
    assert not _sees(who, at(f"{NEIGHBOUR}.3.2."))


def _sees(who: Resident, by: Actor) -> bool:
    with reading(by):
        return Resident.objects.filter(id=who.id).exists()


def test_a_worker_sees_his_own_name_and_postings_from_anywhere(cast: Cast) -> None:
    away = at("440000", cast.wang.id)
    with reading(away):
        assert [one.id for one in Worker.objects.all()] == [cast.wang.id]
        assert {one.worker_id for one in Posting.objects.all()} == {cast.wang.id}
        assert not Stay.objects.exists()


def test_seeing_his_own_postings_does_not_let_him_write_them(cast: Cast) -> None:
    with reading(cast.wang):
        unit, mine = Unit.objects.first(), Posting.objects.get(worker=cast.wang.id)
    assert unit
    away = at("440000", cast.wang.id)
    who = {"worker_id": cast.wang.id, "role": "administrator", "unit": unit}
    grab = Posting(id=uuid4(), where="11", matter=uuid4(), since=STORY, **who)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        begin(away, new_id())
        grab.save(force_insert=True)
    with transaction.atomic():
        begin(away, new_id())
        assert Posting.objects.filter(id=mine.id).update(role="administrator") == 0


def test_settings_end_with_the_transaction_however_it_ends(cast: Cast) -> None:
    def nobody() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT concat(current_setting('app.scope', true), current_setting('app.actor', true),"
                " current_setting('app.line', true))"
            )
            return cursor.fetchone() == ("",) and Door.objects.count() == 0

    with reading(cast.li):
        assert not nobody()
    assert nobody()
    places.register_compound(HOME, name="南院", by=cast.li, at=STORY)
    assert nobody()
    with pytest.raises(Refused):
        places.register_compound(HOME, name="南院", by=cast.li, at=STORY)
    assert nobody()
    with pytest.raises(ZeroDivisionError), reading(cast.li):
        1 / 0  # noqa: B018
    assert nobody()


def test_a_function_of_ours_reads_as_the_one_who_calls_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE proname LIKE 'lianfang%' AND prosecdef")
        assert cursor.fetchall() == []


def test_a_line_of_a_foreign_place_is_not_given_back_by_its_id(cast: Cast) -> None:
    said = {"name": "北院", "at": STORY}
    written = places.register_compound(HOME, **said, by=cast.li)
    assert places.register_compound.once(written.id)(HOME, **said, by=cast.li) == written
    with pytest.raises(Refused) as taken:
        places.register_compound.once(written.id)(NEIGHBOUR, **said, by=replace(cast.li, where=NEIGHBOUR))
    assert taken.value.code == CONFLICT


def test_entering_sets_the_scope_of_the_chosen_posting(cast: Cast) -> None:
    from lianfang.rooms.tokens import passwords as entering

    account = Account.objects.get(name="wang")
    with transaction.atomic():
        entered = entering.enter(account.id, datetime.now(UTC))
        assert entered and entered.actor.where == HOME
        assert {one.where[:12] for one in Stay.objects.all()} == {HOME}
    assert Stay.objects.count() == 0


def test_the_clock_sees_the_whole_installation() -> None:
    from lianfang.ground.acts import the_clock

    assert the_clock().id == CLOCK
    with reading(the_clock()):
        assert {one.where[:12] for one in Stay.objects.all()} == {HOME, NEIGHBOUR}
        assert Line.objects.exists()
