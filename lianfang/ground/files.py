"""Opening a workbook somebody sent in.

The package is looked at before anything interprets it: how far it inflates, what is inside, whether its XML
declares entities, how far its cells reach. What passed is packed again, and only that copy is read. So what
was checked is what is parsed, and a workbook that would take the machine down is refused with a reason a
person can act on.
"""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NoReturn, TypeAlias
from xml.parsers import expat

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MOST_INFLATED_BYTES = 20 * 1024 * 1024
MOST_RATIO = 50
MOST_ROWS = 50_000
MOST_COLUMNS = 200
# The reader lays a sheet out as one dense block: two far corners cost as much as everything between them.
MOST_CELLS = 2_000_000
MOST_PARTS = 1_000
# Excel itself keeps 15 digits of a number; what lies beyond them is not what somebody typed.
EXACT_NUMBER = 10**15

Value: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None


def _(text: str) -> str:
    """Mark a message for the catalogue; it is translated where it is shown."""
    return text


TEXTS: Mapping[str, str] = {
    "file_missing": _("there is no file %(name)s"),
    "file_empty": _("the file is empty"),
    "not_a_workbook": _("this is not an Excel workbook (.xlsx), whatever its name says"),
    "legacy_xls": _("this is an old .xls workbook; open it and save it as .xlsx"),
    "binary_xlsb": _("this is a binary .xlsb workbook; open it and save it as .xlsx"),
    "encrypted": _("this workbook has a password; open it and save it without one"),
    "macros": _("this workbook carries macros; save it as .xlsx, without macros"),
    "damaged": _("this workbook is damaged (%(part)s); open it and save it again"),
    "entities": _("the part %(part)s of this workbook declares entities; no spreadsheet program does"),
    "too_compressed": _("this workbook inflates %(ratio)s times; at most %(most)s times is read"),
    "too_large": _("this workbook holds %(megabytes)s MB once unpacked; at most %(most)s MB are read"),
    "too_many_parts": _("this workbook holds %(parts)s parts; at most %(most)s are read"),
    "too_many_rows": _("a sheet reaches down to row %(row)s; at most %(most)s rows are read"),
    "too_many_columns": _("a sheet reaches to column %(column)s; at most %(most)s columns are read"),
    "too_many_cells": _("a sheet spans %(cells)s cells; copy the table into a new workbook"),
    "no_sheet": _("there is no visible sheet %(name)s in this workbook"),
}


class BadFile(Exception):  # noqa: N818 - it is no error of ours, it is an answer
    """A file that will not be read: `code` names the reason, `text` says it in English, `params` fill any
    language's sentence."""

    def __init__(self, code: str, params: Mapping[str, object] | None = None) -> None:
        self.code = code
        self.params = dict(params or {})
        self.text = TEXTS[code] % self.params
        super().__init__(self.text)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet: its number in the spreadsheet and its values from column A on."""

    number: int
    values: tuple[Value, ...]

    def cell_name(self, column: int) -> str:
        """The name a person finds the cell by, as D17 (`column` counts from 0)."""
        return f"{column_name(column)}{self.number}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet; blank lines are kept, so the numbers are those of the spreadsheet."""

    name: str
    rows: tuple[Row, ...]


def column_name(column: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The column (from 0) those letters name: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def read_sheets(source: Path | bytes) -> tuple[Sheet, ...]:
    """Every visible sheet that holds anything, in the order of the workbook.

    Whole numbers of up to 15 digits come as int, longer ones stay float (Excel has already rounded them);
    cells styled as dates come as date; a cell that shows an Excel error comes as its text (#N/A). A merged
    cell one column wide fills the lines it covers. Raises BadFile.
    """
    package = io.BytesIO(_checked_package(_content(source)))
    try:
        with CalamineWorkbook.from_filelike(package) as book:
            seen = [
                book.get_sheet_by_name(each.name)
                for each in book.sheets_metadata
                if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
            ]
            return tuple(_read(sheet) for sheet in seen if sheet.end is not None)
    except BaseException as problem:
        # The reader is Rust: what it did not expect surfaces as its error or as a panic, which is no
        # Exception.
        if type(problem).__module__.startswith(("python_calamine", "pyo3_runtime")):
            raise BadFile("damaged", {"part": type(problem).__name__}) from None
        raise


def _content(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        content = source
    else:
        if not source.is_file():
            raise BadFile("file_missing", {"name": source.name})
        with source.open("rb") as file:
            content = file.read(MOST_INFLATED_BYTES + 1)
    if not content:
        raise BadFile("file_empty")
    if len(content) > MOST_INFLATED_BYTES:
        _refuse_size(len(content))
    return content


def _refuse_size(size: int) -> NoReturn:
    raise BadFile("too_large", {"megabytes": -(-size // 2**20), "most": MOST_INFLATED_BYTES // 2**20})


def _checked_package(content: bytes) -> bytes:
    """The same workbook, holding only the XML parts we have looked at ourselves."""
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # An encrypted .xlsx and an old .xls share this outer shape; the stream inside tells them apart.
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise BadFile("encrypted" if locked else "legacy_xls")
    if not content.startswith(b"PK"):
        raise BadFile("not_a_workbook")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _repacked(package, len(content))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError):
        raise BadFile("damaged", {"part": "zip"}) from None


def _repacked(package: zipfile.ZipFile, packed_bytes: int) -> bytes:
    parts = package.infolist()
    names = [part.filename.lower() for part in parts]
    _check_outline(parts, names, packed_bytes)
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as copy:
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                xml = package.read(part)
                _PartCheck(part.filename).run(xml)
                copy.writestr(part.filename, _errors_as_text(xml))
    return result.getvalue()


def _check_outline(parts: list[zipfile.ZipInfo], names: list[str], packed_bytes: int) -> None:
    """What the table of contents alone can tell, before a byte is inflated."""
    if len(parts) > MOST_PARTS:
        raise BadFile("too_many_parts", {"parts": len(parts), "most": MOST_PARTS})
    if any(part.flag_bits & 1 for part in parts):
        raise BadFile("encrypted")
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise BadFile("macros")
    if "xl/workbook.bin" in names:
        raise BadFile("binary_xlsb")
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise BadFile("not_a_workbook")
    inflated = sum(part.file_size for part in parts)
    if inflated > MOST_INFLATED_BYTES:
        _refuse_size(inflated)
    if inflated > packed_bytes * MOST_RATIO:
        raise BadFile("too_compressed", {"ratio": inflated // packed_bytes, "most": MOST_RATIO})
    twice = len(set(names)) != len(names)
    linked = any(stat.S_ISLNK(part.external_attr >> 16) for part in parts)
    strange = any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts)
    if twice or linked or strange or any(".." in name.split("/") or name.startswith("/") for name in names):
        raise BadFile("damaged", {"part": "zip"})


def _errors_as_text(xml: bytes) -> bytes:
    """Cells holding an Excel error would be read as empty; as text they stay visible."""
    if b't="e"' not in xml:
        return xml
    return re.sub(rb'(<(?:\w+:)?c\b[^>]*?\bt=")e(")', rb"\1str\2", xml)


class _PartCheck:
    """One pass over one XML part: no document type, well-formed, and no cell beyond the limits."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.row = self.cell_row = self.column = 0
        self.last_row = self.last_column = 0
        # UTF-8 whatever the part declares: the reader behind us takes it so too, and both must see the same.
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._root

    def run(self, xml: bytes) -> None:
        if b"\0" in xml:  # UTF-16, which this parser would follow and the reader behind us would not
            raise BadFile("damaged", {"part": self.part})
        try:
            self.parser.Parse(xml, True)
        except expat.ExpatError:
            raise BadFile("damaged", {"part": self.part}) from None
        if self.last_row > MOST_ROWS:
            raise BadFile("too_many_rows", {"row": self.last_row, "most": MOST_ROWS})
        if self.last_column > MOST_COLUMNS:
            raise BadFile(
                "too_many_columns", {"column": column_name(self.last_column - 1), "most": MOST_COLUMNS}
            )
        if self.last_row * self.last_column > MOST_CELLS:
            raise BadFile("too_many_cells", {"cells": self.last_row * self.last_column})

    def _doctype(self, *_args: object) -> None:
        raise BadFile("entities", {"part": self.part})

    def _root(self, name: str, _attributes: dict[str, str]) -> None:
        is_sheet = name.rpartition(":")[2] == "worksheet"
        self.parser.StartElementHandler = self._element if is_sheet else None

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "row":
            self.row = self._number(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
            self.cell_row = self.row
        elif kind == "c":
            self._place(attributes.get("r"))
        elif kind in ("v", "is", "f"):
            # Only a cell that holds something counts: many registers have frames drawn far below the end.
            self.last_row = max(self.last_row, self.cell_row)
            self.last_column = max(self.last_column, self.column)

    def _place(self, address: str | None) -> None:
        if address is None:
            self.column += 1
            return
        found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", address)
        if found is None:
            raise BadFile("damaged", {"part": self.part})
        self.column, self.cell_row = column_number(found[1]) + 1, int(found[2])

    def _number(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,7}", text):
            raise BadFile("damaged", {"part": self.part})
        return int(text)


def _read(sheet: CalamineSheet) -> Sheet:
    lines = sheet.to_python(skip_empty_area=False)
    table: list[list[Value]] = [[_value(raw) for raw in line] for line in lines]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if left == right and top < len(table) and left < len(table[top]):
            for line in table[top + 1 : bottom + 1]:
                line[left] = table[top][left]
    return Sheet(sheet.name, tuple(Row(number, tuple(line)) for number, line in enumerate(table, start=1)))


def _value(raw: Value) -> Value:
    if raw == "":
        return None
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < EXACT_NUMBER:
        return int(raw)
    return raw
