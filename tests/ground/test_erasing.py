"""Erasing: what a line says of people is gone, its seal stays valid, and nobody can empty a line in secret."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from lianfang.ground import erasing, seals, verifying
from lianfang.ground.acts import Act, Actor, begin, reading, the_clock
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line, line
from lianfang.ground.refusals import Refused
from lianfang.ground.seals import Leaf
from lianfang.ground.things import OutsideAnAct
from lianfang.rooms import notes
from lianfang.rooms.people.models import Resident
from lianfang.rooms.people.roles import installer
from tests.at_once import at_once
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, STREET, Cast
from tests.conftest import SERVER

SECRET = "他说：草莓压在手里，父亲住在三号楼。"


def _deed(resident: Resident, *, lines: list[str], by: Actor, at: datetime) -> Line:
    """An act that erases, as a later room will have one."""
    return line(resident, where=resident.where[:12], **erasing.erase(UUID(one) for one in lines))


erase = Act("resident.erased", _deed, timedelta(days=2))


def may(where: str) -> Actor:
    by = installer(where)
    return Actor(by.id, by.role, where, None, "", frozenset({erase.kind}))


@pytest.fixture
def resident(street: str) -> Resident:
    with reading(the_clock()):
        return Resident.objects.get(where=DOOR, name="宁小松")


@pytest.fixture
def about_him(resident: Resident, cast: Cast) -> list[str]:
    """The lines about him: a note, and the one that registered him."""
    written = notes.write(DOOR, text=SECRET, how="door", by=cast.wang, at=STORY)
    return [str(written.id), str(resident.id)]


@pytest.fixture
def boss(street: str) -> Iterator[psycopg.Cursor[Any]]:
    with psycopg.connect(SERVER.superuser_url, dbname=street, autocommit=True) as link:
        yield link.cursor()


def rows(boss: psycopg.Cursor[Any], ids: list[str]) -> str:
    """All that the database still holds of some lines and their counterfoils, as text."""
    boss.execute(
        "SELECT string_agg(l::text || f::text, ' ') FROM lianfang_line l JOIN lianfang_leaf f USING (id)"
        " WHERE l.id = ANY(%s::uuid[])",
        [ids],
    )
    (found,) = boss.fetchone() or ("",)
    return str(found)


def test_what_was_erased_is_gone_and_the_seals_hold(
    resident: Resident, about_him: list[str], boss: psycopg.Cursor[Any]
) -> None:
    seals.write(STORY)
    with reading(the_clock()):
        before = seals.heads_under("")
        salts = [bytes(one.salt).hex() for one in Leaf.objects.filter(id__in=about_him)]
        prints = [str(said) for one in Line.objects.filter(id__in=about_him) for _, _, said in one.changes]
    kept = rows(boss, about_him)
    assert DOOR in kept and all(salt in kept for salt in salts)
    erase(resident, lines=about_him, by=may(HOME), at=STORY)
    kept = rows(boss, about_him)
    for gone in (DOOR, ".3.2.", *salts, *prints):
        assert gone not in kept, gone
    assert "note.written" in kept and "resident.registered" in kept, "that somebody did it then stays"
    seals.write(STORY)
    assert (
        verifying.verify(heads=[verifying.Outside(h.chain, h.lines, h.hash.hex()) for h in before]).wrong
        == []
    )


def test_what_is_not_sealed_yet_is_erased_too(resident: Resident, about_him: list[str]) -> None:
    written = erase(resident, lines=about_him, by=may(HOME), at=STORY)
    assert written.facts == {"erased": []}, "nothing of it was sealed"
    seals.write(STORY)
    assert verifying.verify().wrong == []


def test_erasing_twice_changes_nothing_more(resident: Resident, about_him: list[str]) -> None:
    seals.write(STORY)
    first = erase(resident, lines=about_him, by=may(HOME), at=STORY)
    again = erase(resident, lines=about_him, by=may(HOME), at=STORY)
    assert (len(first.facts["erased"]), again.facts["erased"]) == (2, [])
    seals.write(STORY)
    assert verifying.verify().wrong == []


def test_sealing_and_erasing_at_once_do_not_cross(street: str, cast: Cast) -> None:
    with reading(the_clock()):
        resident = Resident.objects.get(where=DOOR, name="宁小松")
    for _turn in range(12):
        line = notes.write(DOOR, text=SECRET, how="door", by=cast.wang, at=STORY)
        came = at_once(
            lambda id=str(line.id): erase(resident, lines=[id], by=may(HOME), at=STORY),
            lambda: seals.write(STORY),
        )
        assert isinstance(came[0], Line), came
    seals.write(STORY)
    assert verifying.verify().wrong == []


def test_outside_an_act_nothing_is_erased(about_him: list[str]) -> None:
    with pytest.raises(OutsideAnAct):
        erasing.erase([UUID(one) for one in about_him])


def test_who_does_not_see_a_line_does_not_erase_it(
    resident: Resident, about_him: list[str], cast: Cast
) -> None:
    away = notes.write(f"{NEIGHBOUR}.3.2.402.", text=SECRET, how="door", by=cast.fang, at=STORY)
    with pytest.raises(Refused) as no:
        erase(resident, lines=[*about_him, str(away.id)], by=may(HOME), at=STORY)
    assert no.value.code == 404
    with reading(the_clock()):
        assert {one.where for one in Line.objects.filter(id__in=about_him)} == {DOOR}


EMPTY = (
    "UPDATE lianfang_line SET \"where\" = left(\"where\", 12), also = '{}', about = id, matter = id, facts = '{}',"
    " changes = '[]', payload = decode(repeat('00', 32), 'hex')"
)


@pytest.mark.parametrize(
    ("erases", "statement"),
    [
        (False, EMPTY),
        (True, EMPTY.replace("facts = '{}'", "facts = '{\"a\": 1}'")),
        (True, EMPTY.replace('left("where", 12)', "\"where\" || '9.'")),
        (True, EMPTY.replace("about = id", "about = matter")),
        (True, EMPTY.replace("changes = '[]'", "changes = changes")),
        (True, EMPTY + ", kind = 'x'"),
        (True, "UPDATE lianfang_leaf SET salt = NULL, erased_by = id"),
        (True, "UPDATE lianfang_leaf SET salt = '\\x01', erased_by = NULL"),
        (True, "UPDATE lianfang_leaf SET digest = '\\x01'"),
    ],
)
def test_the_database_lets_a_line_be_emptied_and_nothing_else(
    about_him: list[str], erases: bool, statement: str
) -> None:
    seals.write(STORY)
    with pytest.raises(ProgrammingError) as no, transaction.atomic(), connection.cursor() as cursor:
        id = new_id()
        begin(may(HOME), id)
        if erases:
            cursor.execute("SELECT set_config('app.erasing', %s, true)", [str(id)])
        cursor.execute(statement)
    assert getattr(no.value.__cause__, "sqlstate", "") == "42501"


def test_an_act_that_erases_lines_of_another_place_finds_none(about_him: list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        id = new_id()
        begin(may(NEIGHBOUR), id)
        cursor.execute("SELECT set_config('app.erasing', %s, true)", [str(id)])
        cursor.execute(f"{EMPTY} WHERE \"where\" LIKE '{HOME}%%'")
        assert cursor.rowcount == 0
        transaction.set_rollback(True)


def test_a_line_emptied_in_secret_is_found(
    resident: Resident, about_him: list[str], boss: psycopg.Cursor[Any], cast: Cast
) -> None:
    """Whoever owns the database can empty a line as an erasing act does; no line of the notebook then names it."""
    seals.write(STORY)
    erased = erase(resident, lines=about_him[1:], by=may(HOME), at=STORY)
    seals.write(STORY)
    (note, _born) = about_him
    for pretended in (erased.id, new_id()):
        boss.execute(f"{EMPTY} WHERE id = '{note}'")  # type: ignore[arg-type]
        boss.execute("UPDATE lianfang_leaf SET salt = NULL, erased_by = %s WHERE id = %s", [pretended, note])
        (found,) = verifying.verify().wrong
        assert (found.chain, found.line, found.what) == (HOME, note, "emptied")
    boss.execute("UPDATE lianfang_line SET facts = '{\"a\": 1}' WHERE id = %s", [note])
    assert [one.what for one in verifying.verify().wrong] == ["filled"]


def test_a_street_may_erase_below_it(resident: Resident, about_him: list[str]) -> None:
    seals.write(STORY)
    erase(resident, lines=about_him, by=may(STREET), at=STORY)
    assert verifying.verify().wrong == []
