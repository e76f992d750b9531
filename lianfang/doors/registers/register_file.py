"""Reading a household register as a community keeps it: clean rows ready to enter, doubtful ones parked with
every problem by its cell. Nothing is written here, and no dirty cell stops the reading.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from lianfang.ground.files import BadFile, Sheet, Value, read_sheets
from lianfang.ground.files import Row as Line

from . import cells
from .cells import Clean, Spot
from .columns import ColumnMap, Field, propose
from .problems import Problem

T = TypeVar("T")
CHILD_UNDER = 18
EXCEL_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")
NOT_A_PERSON = re.compile(r"(合计|小计|总计|共计|制表|填表|审核|注[:：]|说明[:：]|社区负责人).*")


@dataclass(frozen=True, slots=True)
class Row:
    """One person behind one door. `cells` says where each field stood; `key` is the same for the same
    content in the same community, however it was spelt and wherever it stood."""

    number: int
    name: str = ""
    sex: str = "unknown"
    born: date | None = None
    id_number: str = ""
    phones: tuple[str, ...] = ()
    building: str = ""
    unit: str = ""
    door: str = ""
    relation: str = "unknown"
    tenure: str = "unknown"
    remark: str = ""
    cells: Mapping[Field, str] = field(default_factory=dict)
    key: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Parked:
    """A line a person must look at: what was understood, what stood there (by cell name), what is wrong."""

    row: Row
    raw: Mapping[str, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, before anything is written."""

    sheet: str
    mapping: ColumnMap
    rows: tuple[Row, ...] = ()
    parked: tuple[Parked, ...] = ()
    duplicates: tuple[tuple[int, int], ...] = ()
    skipped: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()

    def summary(self) -> dict[str, int | dict[str, int]]:
        """Counts: people read, ready, parked, said twice; lines skipped; how often each problem occurs."""
        every = [each for row in self.rows for each in row.problems]
        every += [each for one in self.parked for each in one.problems] + list(self.problems)
        return {
            "read": len(self.rows) + len(self.parked) + len(self.duplicates),
            "ready": len(self.rows),
            "parked": len(self.parked),
            "duplicates": len(self.duplicates),
            "skipped": len(self.skipped),
            "problems": dict(sorted(Counter(each.code for each in every).items())),
        }


def read(
    source: Path | bytes,
    known_doors: Container[Spot],
    overrides: Mapping[str, str] | None = None,
    *,
    community: str,
    on: date,
    sheet: str = "",
) -> Reading:
    """Read the register of a community. `known_doors` holds (building, unit, door); `on` is the day of the
    import (who is a child then, which dates lie ahead); `sheet` names another than the first with column
    titles.

    Raises BadFile if the workbook cannot be opened; everything else is in the Reading.
    """
    sheets = [one for one in read_sheets(source) if sheet in ("", one.name)]
    if not sheets:
        raise BadFile("no_sheet", {"name": sheet})
    mapped = [(one, propose(one.rows, overrides)) for one in sheets]
    chosen, mapping = next((each for each in mapped if not each[1].problems), mapped[0])
    others = tuple(
        Problem("sheet_unread", {"sheet": one.name})
        for one, its in mapped
        if one is not chosen and its.header_row
    )
    if mapping.problems:
        return Reading(chosen.name, mapping, problems=mapping.problems)
    return _Reader(mapping, known_doors, community, on).read(chosen, others)


class _Reader:
    """One reading of one sheet: what was seen so far decides what is said twice."""

    def __init__(self, mapping: ColumnMap, known: Container[Spot], community: str, on: date) -> None:
        self.mapping, self.known, self.community, self.on = mapping, known, community, on
        self.by_key: dict[str, int] = {}
        self.by_id: dict[str, int] = {}
        self.rows: dict[int, Row] = {}
        self.parked: list[Parked] = []
        self.duplicates: list[tuple[int, int]] = []
        self.skipped: list[int] = []

    def read(self, sheet: Sheet, problems: tuple[Problem, ...]) -> Reading:
        for line in sheet.rows:
            if line.number > self.mapping.header_row and any(value is not None for value in line.values):
                self._line(line)
        return Reading(
            sheet.name,
            self.mapping,
            tuple(self.rows.values()),
            tuple(self.parked),
            tuple(self.duplicates),
            tuple(self.skipped),
            problems,
        )

    def _line(self, line: Line) -> None:
        if self._is_no_person(line):
            self.skipped.append(line.number)
            return
        row = _Cells(line, self.mapping).row(self.known, self.on)
        raw = {
            line.cell_name(i): cells.plain(value) for i, value in enumerate(line.values) if value is not None
        }
        row = replace(row, key=self._key(row, raw))
        if first := self.by_key.get(row.key):
            self.duplicates.append((line.number, first))
            return
        self.by_key[row.key] = line.number
        row = self._with_id_seen(row)
        if all(problem.severity == "remark" for problem in row.problems):
            self.rows[line.number] = row
        else:
            self.parked.append(Parked(row, raw, row.problems))

    def _is_no_person(self, line: Line) -> bool:
        """A line of titles printed again, or one of totals and signatures."""
        said = [(index, value) for index, value in enumerate(line.values) if value is not None]
        if all(self.mapping.titles.get(index) == value for index, value in said):
            return True
        name = self.mapping.columns["name"][0].index
        first = cells.plain(said[0][1])
        return bool(NOT_A_PERSON.fullmatch(first)) and (said[0][0] == name or line.values[name] is None)

    def _key(self, row: Row, raw: Mapping[str, str]) -> str:
        """The content as understood; where something was not, what stood in its cell instead."""
        unclear = sorted((p.code, raw.get(p.cell, "")) for p in row.problems if p.severity != "remark")
        person = [row.name, row.sex, row.born and row.born.isoformat(), row.id_number, row.phones, row.remark]
        place = [self.community, row.building, row.unit, row.door, row.relation, row.tenure]
        content = [place, person, unclear]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    def _with_id_seen(self, row: Row) -> Row:
        """Two lines with one ID number and different content: the second waits, the first says where it
        is."""
        if not row.id_number:
            return row
        cell = row.cells["id_number"]
        first = self.by_id.setdefault(row.id_number, row.number)
        if first == row.number:
            return row
        if entered := self.rows.get(first):
            note = Problem("id_also", {"row": row.number}, entered.cells["id_number"])
            self.rows[first] = replace(entered, problems=(*entered.problems, note))
        return replace(row, problems=(*row.problems, Problem("id_twice", {"row": first}, cell)))


class _Cells:
    """The cells of one line, cleaned one field after the other; problems are gathered under their cell's
    name."""

    def __init__(self, line: Line, mapping: ColumnMap) -> None:
        self.line, self.columns = line, mapping.columns
        self.problems: list[Problem] = []
        self.names = {means: line.cell_name(kept[0].index) for means, kept in mapping.columns.items()}

    def row(self, known: Container[Spot], on: date) -> Row:
        name = self._say("name", cells.clean_name(self._value("name")))
        sex = self._say("sex", cells.clean_sex(self._value("sex")))
        id_number = self._id_number()
        born = self._born(id_number, on)
        self._compare(sex, id_number, born, on)
        phones = self._phones()
        building, unit, door = self._door(known)
        return Row(
            self.line.number,
            name,
            sex,
            born,
            id_number,
            phones,
            building,
            unit,
            door,
            relation=self._say("relation", cells.clean_relation(self._value("relation"))),
            tenure=self._say("tenure", cells.clean_tenure(self._value("tenure"))),
            remark=self._say("remark", cells.clean_remark(self._joined("remark"))),
            cells=self.names,
            problems=tuple(self.problems),
        )

    def _value(self, means: Field, place: int = 0) -> Value:
        """What stands in the (first) column of a field; an Excel error counts as nothing, and is said."""
        if means not in self.columns:
            return None
        index = self.columns[means][place].index
        value = self.line.values[index]
        if isinstance(value, str) and EXCEL_ERROR.fullmatch(value.strip()):
            self.problems.append(Problem("cell_error", cell=self.line.cell_name(index)))
            return None
        return value

    def _say(self, means: Field, clean: Clean[T]) -> T:
        """Keep the value, note its problems under the cell of the field (the line, if it has no column)."""
        cell = self.names.get(means, str(self.line.number))
        self.problems += [problem.at(cell) for problem in clean.problems]
        return clean.value

    def _note(self, code: str, means: Field) -> None:
        self._say(means, Clean(None, (Problem(code),)))

    def _joined(self, means: Field) -> str:
        places = range(len(self.columns.get(means, ())))
        return " ".join(text for place in places if (text := cells.plain(self._value(means, place))))

    def _id_number(self) -> str:
        return self._say("id_number", cells.clean_id_number(self._value("id_number")))

    def _born(self, id_number: str, on: date) -> date | None:
        """The birth date of its column; what that leaves open is taken from a valid ID number."""
        value, problems = cells.clean_date(self._value("born"))
        own = cells.id_born(id_number) if id_number else None
        if own and value is None and all(cells.settles(doubt, own) for doubt in problems):
            value, problems = own, tuple(Problem("date_from_id") for _doubt in problems)
        elif value is None and not problems:
            problems = (Problem("date_missing"),)
        if value is not None and value > on:
            problems = (*problems, Problem("date_ahead"))
        return self._say("born", Clean(value, problems))

    def _compare(self, sex: str, id_number: str, born: date | None, on: date) -> None:
        """What the ID number says against the columns beside it; a missing one weighs by age."""
        if id_number:
            if born not in (None, cells.id_born(id_number)):
                self._note("id_born_differs", "born")
            if {sex, cells.id_sex(id_number)} == {"male", "female"}:
                self._note("id_sex_differs", "sex")
        elif "id_number" in self.columns and cells.is_absent(self._value("id_number")):
            child = born is not None and born.replace(year=born.year + CHILD_UNDER) > on
            self._note("id_missing_child" if child else "id_missing", "id_number")

    def _phones(self) -> tuple[str, ...]:
        found: list[str] = []
        before = len(self.problems)
        for place, column in enumerate(self.columns.get("phones", ())):
            clean = cells.clean_phones(self._value("phones", place))
            self.problems += [problem.at(self.line.cell_name(column.index)) for problem in clean.problems]
            found += [number for number in clean.value if number not in found]
        if not found and len(self.problems) == before and "phones" in self.columns:
            self._note("phone_missing", "phones")
        return tuple(found)

    def _door(self, known: Container[Spot]) -> Spot:
        said = [self._value(means) for means in ("building", "unit", "door", "address")]
        fields: tuple[Field, ...] = ("door", "address", "building")
        place = next((means for means in fields if means in self.columns), fields[0])
        return self._say(place, cells.clean_door(known, *said)) or ("", "", "")
