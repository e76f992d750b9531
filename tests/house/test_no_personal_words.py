"""No personal words in the notebook: names, numbers, free text live in the rows and can be erased there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import models

from lianfang.ground.acts import reading
from lianfang.ground.ids import CLOCK
from lianfang.ground.notebook import Line
from lianfang.ground.rows import tables
from lianfang.ground.things import PLAIN, Sealed, Thing
from lianfang.rooms.people.roles import the_clock

pytestmark = pytest.mark.usefixtures("told")


def words(value: Any) -> Iterator[str]:
    """Every text, number and date in a value, however deep."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield str(name)
            yield from words(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from words(one)
    elif isinstance(value, str) and value:
        yield value
    elif isinstance(value, date):
        yield value.isoformat()


def personal_words(thing: Thing) -> set[str]:
    """What a row holds of a person, opened: names, numbers, free text, dates, marks."""
    found: set[str] = set()
    for column in thing._meta.concrete_fields:
        if thing.privacy().get(column.name) == PLAIN:
            continue
        if isinstance(column, Sealed):
            found |= set(words(thing.opened(column.name)))
        elif isinstance(column, models.CharField | models.DateField):
            found |= set(words(getattr(thing, column.attname)))
    return {one for one in found if len(one) > 1}


def plain_words(thing: Thing) -> set[str]:
    return {
        one
        for column in thing._meta.concrete_fields
        if thing.privacy().get(column.name) == PLAIN
        for one in words(getattr(thing, column.attname))
    }


def said(line: Line) -> list[str]:
    """What a line says in words: its facts, its rule, and the journal without the fingerprints."""
    journal = [one for one in words(line.changes) if not one.startswith("#")]
    return [line.rule, *words(line.facts), *journal]


def everybody() -> dict[str, Thing]:
    with reading(the_clock()):
        return {
            str(one.pk): one
            for model in tables()
            if issubclass(model, Thing)
            for one in model._default_manager.all()
        }


def told_on(lines: list[Line]) -> list[str]:
    """Where a line says what a row keeps of a person."""
    rows = everybody()
    # A name or a number is personal wherever it is said; a mark or a date only beside the row it belongs to.
    everywhere = {
        word
        for row in rows.values()
        for column in row._meta.concrete_fields
        if row.privacy().get(column.name) != PLAIN and not column.choices and not isinstance(column, models.DateField)
        for word in words(row.opened(column.name) if isinstance(column, Sealed) else getattr(row, column.attname))
        if isinstance(column, Sealed | models.CharField) and len(word) > 1
    }  # fmt: skip
    found = []
    for line in lines:
        about = [rows[row] for row in {str(line.about), *(row for _, row, _ in line.changes)} if row in rows]
        here = everywhere.union(*(personal_words(row) - plain_words(row) for row in about))
        for text in said(line):
            found += [
                f"{line.kind} says {word}"
                for word in here
                if word == text or (len(word) > 2 and word in text)
            ]
    return sorted(set(found))


def lines() -> list[Line]:
    with reading(the_clock()):
        return list(Line.objects.all())


def test_no_line_says_what_a_row_keeps_of_a_person() -> None:
    assert told_on(lines()) == []


def test_the_story_holds_enough_to_tell_on() -> None:
    kept = set().union(*(personal_words(row) for row in everybody().values()))
    for one in ("宁小松", "19900000402", "贺新颖", "夜班护士", "pregnant", "预产期五月", "1991-04-05", "京A00000",
                "他说草莓明天还得送，怕烂在车里。", "我一天没在外面过夜，凭什么？"):  # fmt: skip
        assert one in kept


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("resident.registered", {"name": "贺新颖"}),
        ("resident.registered", {"who": ["somebody", {"phone": "19900000601"}]}),
        ("care.marked", {"kind": "pregnant"}),
        ("note.written", {"gist": "他说：他说草莓明天还得送，怕烂在车里。"}),
        ("notice.refused", {"宁小松": True}),
        ("resident.registered", {"born": "1991-04-05"}),
    ],
)
def test_a_line_that_says_too_much_is_found(told: dict[str, Line], kind: str, facts: dict[str, Any]) -> None:
    line = told[kind]
    loud = Line(kind=kind, about=line.about, facts=facts, changes=line.changes)
    assert told_on([loud])


def test_who_did_it_is_a_number_and_not_a_name() -> None:
    assert {type(one.by) for one in lines()} == {type(CLOCK)}
