"""The tables are the truth, and the lines explain them: played again from nothing, the lines give the same rows.

Columns that say nothing of a person are compared by value, the others by fingerprint (house §4).
"""

from __future__ import annotations

import copy
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import models

from lianfang.ground import vault
from lianfang.ground.acts import ACTS, reading
from lianfang.ground.notebook import Line
from lianfang.ground.rows import tables
from lianfang.ground.things import PLAIN, Sealed, Thing, beside_sealed, column_value
from lianfang.rooms.people.roles import the_clock
from tests.conftest import SERVER

pytestmark = pytest.mark.usefixtures("told")

Rows = dict[tuple[str, str], dict[str, Any]]
EMPTY: tuple[Any, ...] = (None, "", [], {})


def things() -> list[type[Thing]]:
    return [model for model in tables() if issubclass(model, Thing)]


def lines() -> list[Line]:
    with reading(the_clock()):
        return list(Line.objects.order_by("xact", "seq"))


def replayed(written: list[Line]) -> Rows:
    """Start from empty tables and play every line's changes in order."""
    rows: Rows = {}
    for line in written:
        for model, row, said in line.changes:
            rows.setdefault((model, row), {}).update(said)
    return rows


def differences(thing: Thing, said: dict[str, Any]) -> list[str]:
    """The columns of a row that are not as the lines say. A blind index is compared with what it is made from."""
    found, privacy = [], thing.privacy()
    for column in thing._meta.concrete_fields:
        if column.primary_key or column.name in beside_sealed(type(thing)):
            continue
        name = column.name
        value: Any = (
            (thing.opened(name) or None)
            if isinstance(column, Sealed)
            else column_value(getattr(thing, column.attname))
        )
        if name not in said:
            same = value in EMPTY
        elif privacy[name] == PLAIN:
            same = said[name] == value
        else:
            same = said[name] in {
                vault.fingerprint(thing.id, name, one) for one in ([value] if value else [value, ""])
            }
        if not same:
            found.append(f"{thing._meta.model_name}.{name}")
        if isinstance(column, Sealed):
            found += [
                f"{thing._meta.model_name}.{beside}"
                for beside, index in column.blind(thing.opened(name)).items()
                if column_value(getattr(thing, beside)) != column_value(index)
            ]
    return found


def unexplained(written: list[Line]) -> list[str]:
    """Rows and columns the lines do not explain."""
    rows, found = replayed(written), []
    with reading(the_clock()):
        for model in things():
            there = {str(one.id): one for one in model._default_manager.all()}
            told = {row: said for (name, row), said in rows.items() if name == model._meta.model_name}
            found += [f"{model.__name__}: a row no line tells of" for row in there.keys() - told.keys()]
            found += [f"{model.__name__}: a row that is gone" for row in told.keys() - there.keys()]
            for row in there.keys() & told.keys():
                found += differences(there[row], told[row])
    return sorted(found)


def test_old_row_and_line_make_the_new_row() -> None:
    assert unexplained(lines()) == []


def test_every_act_and_every_table_is_in_the_replay(told: dict[str, Line]) -> None:
    assert set(told) == set(ACTS)
    filled = {model for model, _row in replayed(lines())}
    assert filled == {model._meta.model_name for model in things()}


def test_a_line_left_out_or_altered_is_found() -> None:
    written = lines()
    for number, one in enumerate(written):
        if one.changes:
            assert unexplained(written[:number] + written[number + 1 :]), one.kind
            break
    altered = copy.deepcopy(written)
    last = next(one for one in reversed(altered) if one.kind == "question.applied")
    last.changes[0][2]["state"] = "ruled"
    assert unexplained(altered) == ["question.state"]


def test_an_account_is_no_thing_and_is_told_by_its_line(told: dict[str, Line]) -> None:
    assert told["account.opened"].facts == {"opened": True}
    assert told["account.opened"].changes == []
    assert isinstance(told["account.opened"].about, UUID)
    assert {model.__name__ for model in tables()} - {model.__name__ for model in things()} == {
        "Account",
        "Leaf",
        "Seal",
        "TokenKey",
        "SlipTries",
        "Line",
    }
    assert all(issubclass(model, models.Model) for model in tables())


WITHOUT_A_LINE = [
    "UPDATE lianfang_door SET floor = floor + 1 WHERE number = '402'",
    "UPDATE lianfang_resident SET name = '宁大松' WHERE name = '宁小松'",
    "UPDATE lianfang_resident SET sex = 'unknown' WHERE name = '曾兰'",
    "UPDATE lianfang_resident SET keys = '' WHERE name = '曾兰'",
    "UPDATE lianfang_resident SET phone_tail = NULL WHERE name = '曾兰'",
    "UPDATE lianfang_stay SET until = '2020-02-01' WHERE until IS NULL",
    "UPDATE lianfang_verification SET matter = gen_random_uuid()",
    "UPDATE lianfang_order SET days = 7, last_day = first_day + 7",
    "UPDATE lianfang_note SET text = 'x'",
    "DELETE FROM lianfang_caremark",
    'INSERT INTO lianfang_compound (id, "where", matter, name)'
    " VALUES (gen_random_uuid(), '110198001001', gen_random_uuid(), '黑院')",
]


def test_whatever_is_changed_without_a_line_is_found(one_street: str) -> None:
    known = unexplained(lines())
    for change in WITHOUT_A_LINE:
        with psycopg.connect(SERVER.superuser_url, dbname=one_street) as boss:
            assert boss.execute(change).rowcount  # type: ignore[arg-type]
        found = unexplained(lines())
        assert len(found) > len(known), change
        known = found
