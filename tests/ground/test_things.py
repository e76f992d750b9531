"""Things are born and changed by acts only; the database itself holds to that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from lianfang.ground import vault
from lianfang.ground.acts import Act, Actor, begin, reading
from lianfang.ground.ids import derived, new_id
from lianfang.ground.notebook import Line, line
from lianfang.ground.refusals import GONE, UNFIT, Refused
from lianfang.ground.things import OutsideAnAct, change, column_value, new, new_each, take
from lianfang.rooms import people, places
from lianfang.rooms.people.models import Account, ParkedRow, Resident
from lianfang.rooms.people.roles import installer
from lianfang.rooms.places.models import Compound, Door
from tests.cast import HOME, NEIGHBOUR, STORY, Cast

pytestmark = pytest.mark.usefixtures("one_street")
DOUBT = [{"cell": "B7", "code": "door_unknown"}]


def get(model: Any, by: Actor, **which: Any) -> Any:
    with reading(by):
        return model.objects.get(**which)


def test_nothing_is_born_outside_an_act() -> None:
    with pytest.raises(OutsideAnAct):
        new(Compound, where=HOME, name="南院")
    with pytest.raises(OutsideAnAct):
        new_each(Compound, [{"where": HOME, "name": "南院"}])


def test_nothing_is_changed_or_taken_outside_an_act(cast: Cast) -> None:
    door = get(Door, cast.li, where=f"{HOME}.3.2.402.")
    with pytest.raises(OutsideAnAct):
        take(Door, door.id)
    with reading(cast.li), pytest.raises((OutsideAnAct, ProgrammingError)), transaction.atomic():
        change(door, floor=9)
    assert get(Door, cast.li, where=f"{HOME}.3.2.402.").floor == 4


RAW: dict[str, Callable[[], Any]] = {
    "insert": lambda: Compound(id=uuid4(), where=HOME, matter=uuid4(), name="南院").save(force_insert=True),
    "update": lambda: Door.objects.filter(where__under=HOME).update(floor=1),
    "delete": lambda: Door.objects.filter(where__under=HOME).delete(),
    "a line": lambda: Line.objects.create(
        id=uuid4(), kind="x.y", about=uuid4(), matter=uuid4(), where=HOME, by=uuid4(), role="", at=STORY,
        written_at=STORY, via="", payload=b"",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", RAW)
def test_the_database_refuses_the_application_any_write_outside_an_act(cast: Cast, what: str) -> None:
    with pytest.raises(ProgrammingError), reading(cast.li):
        RAW[what]()


NEVER = {
    "delete a thing": "DELETE FROM lianfang_door",
    "delete a line": "DELETE FROM lianfang_line",
    "change a line": "UPDATE lianfang_line SET kind = 'x.y'",
    "empty a table": "TRUNCATE lianfang_compound CASCADE",
    "switch protection off": "ALTER TABLE lianfang_door DISABLE ROW LEVEL SECURITY",
    "step over protection": "SET LOCAL row_security = off; SELECT count(*) FROM lianfang_door",
    "become the owner": "SET LOCAL ROLE lianfang_owner",
    "make a table": "CREATE TABLE loot (x text)",
    "delete an account": "DELETE FROM lianfang_account",
}


@pytest.mark.parametrize("what", NEVER)
def test_the_database_never_lets_the_application(cast: Cast, what: str) -> None:
    """… do this, not even inside an act."""
    with pytest.raises(ProgrammingError), transaction.atomic():
        begin(cast.li, new_id())
        with connection.cursor() as cursor:
            cursor.execute(NEVER[what])


def test_a_row_cannot_be_moved_to_a_foreign_place_even_inside_an_act(cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        begin(cast.li, new_id())
        Door.objects.filter(where=f"{HOME}.3.2.402.").update(where=f"{NEIGHBOUR}.9.9.999.")


def test_choices_and_forms_are_checked_before_the_database(cast: Cast) -> None:
    door = get(Door, cast.li, where=f"{HOME}.3.2.402.")
    with pytest.raises(Refused) as no:
        people.register(door, name="宁一", sex="neither", by=cast.li, at=STORY)
    assert (no.value.code, set(no.value.fields)) == (UNFIT, {"sex"})
    with pytest.raises(Refused) as no:
        places.register_compound("11019800100", name="南院", by=cast.li, at=STORY)
    assert no.value.code == UNFIT


def test_a_change_is_checked_for_the_columns_it_sets_only(cast: Cast) -> None:
    def deed(row: ParkedRow, *, state: str, by: Actor, at: datetime) -> Line:
        change(row, state=state)
        return line(row)

    settle = Act("row.settled", deed, timedelta(1))
    born = people.park(HOME, file="a", row=1, said="", problems=DOUBT, by=cast.wang, at=STORY)
    row = get(ParkedRow, cast.wang, id=born.id)
    with pytest.raises(Refused) as no:
        settle(row, state="gone fishing", by=cast.wang, at=STORY)
    assert set(no.value.fields) == {"state"}
    assert settle(row, state="settled", by=cast.wang, at=STORY).changes == [
        ["parkedrow", str(row.id), {"state": "settled"}]
    ]


def test_further_things_of_an_act_take_ids_derived_from_its_line(cast: Cast) -> None:
    written = places.draw_building(HOME, number="9", floors=1, units=1, doors=2, by=cast.li, at=STORY)
    with reading(cast.li):
        doors = {one.id for one in Door.objects.filter(where__under=f"{HOME}.9.")}
    assert doors == {derived(written.id, "1"), derived(written.id, "2")}


def test_the_journal_names_every_column_that_was_set(cast: Cast) -> None:
    written = places.draw_building(HOME, number="8", floors=1, units=1, doors=1, by=cast.li, at=STORY)
    assert [(model, sorted(said)) for model, _, said in written.changes] == [
        ("building", ["matter", "number", "plan", "where"]),
        ("door", ["building", "floor", "matter", "number", "unit", "where"]),
    ]


def test_personal_values_stand_in_the_journal_as_fingerprints_only(cast: Cast) -> None:
    door = get(Door, cast.li, where=f"{HOME}.3.2.403.")
    written = people.register(
        door, name="宁一二", born=date(1980, 1, 2), phone="19900000999", remark="怕狗", by=cast.li, at=STORY
    )
    for words in ("宁一二", "1980-01-02", "19900000999", "怕狗", "nye", "nye ningyier"):
        assert words not in str(written.changes)
    (said,) = (said for model, _, said in written.changes if model == "resident")
    assert said["name"] == vault.fingerprint(written.about, "name", "宁一二")
    assert said["phone"] == vault.fingerprint(written.about, "phone", "19900000999")


def test_a_sealed_field_is_no_plain_text_in_the_table_and_opens_again(cast: Cast) -> None:
    who = get(Resident, cast.li, name="曾兰")
    assert b"19900000412" not in bytes(who.phone)
    assert who.opened("phone") == "19900000412"
    assert who.opened("id_number").startswith("110102")


def test_an_empty_sealed_value_is_stored_as_nothing(cast: Cast) -> None:
    child = get(Resident, cast.li, name="宁晓禾")
    assert (child.phone, child.phone_index, child.opened("phone")) == (None, None, "")


def test_what_is_taken_must_be_there_for_this_actor(cast: Cast) -> None:
    foreign = get(Door, installer(NEIGHBOUR), where=f"{NEIGHBOUR}.3.2.402.")

    def deed(where: str, *, by: Actor, at: datetime) -> Line:
        take(Door, foreign.id)
        raise AssertionError("it was given")

    with pytest.raises(Refused) as no:
        Act("compound.registered", deed, timedelta(1))(HOME, by=cast.li, at=STORY)
    assert no.value.code == GONE


def test_an_account_is_no_thing_and_says_nothing_of_a_person() -> None:
    assert {field.name for field in Account._meta.fields} == {
        "id", "name", "password", "worker", "is_active", "failures", "failed_at", "last_login",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (datetime(2020, 2, 26, 13, 40, tzinfo=UTC), STORY),
        (datetime(2020, 2, 26, 14, 40, tzinfo=timezone(timedelta(hours=1))), STORY),
        (b"\x01", memoryview(b"\x01")),
        ((1, "a"), [1, "a"]),
        ({"a": (1,)}, {"a": [1]}),
    ],
)
def test_equal_values_are_journalled_equal(one: Any, other: Any) -> None:
    assert column_value(one) == column_value(other)


@pytest.mark.parametrize(("one", "other"), [(0, None), ("", None), (1, "1"), (True, "True"), ([], None)])
def test_different_values_are_journalled_different(one: Any, other: Any) -> None:
    assert column_value(one) != column_value(other)
