"""A workbook from outside is refused with a reason, or read as it is; it never takes the machine down."""

import io
import random
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter

from lianfang.ground import files
from lianfang.ground.files import BadFile, column_name, column_number, read_sheets

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{LINKS}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
    '<sheet name="底册" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
    f'Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
    f'Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def sheet(rows: str, head: str = "", size: str = "") -> str:
    return f'{head}<worksheet xmlns="{MAIN}">{size}<sheetData>{rows}</sheetData></worksheet>'


def package(rows: str = ONE, *, head: str = "", size: str = "", **parts: str | bytes) -> bytes:
    """A hand-made workbook; more parts by keyword, with __ for / and .xml understood."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        archive.writestr("xl/worksheets/sheet1.xml", sheet(rows, head, size))
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ("" if "." in name else ".xml"), content)
    return made.getvalue()


def refused(content: bytes | Path) -> BadFile:
    with pytest.raises(BadFile) as said:
        read_sheets(content)
    return said.value


def written(**cells: object) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet("底册")
        for name, value in cells.items():
            page.write(name, value)
    return made.getvalue()


def test_cells_come_typed_and_under_their_names() -> None:
    content = written(
        B2="张三",
        C2=19900012345,
        D2=1.5,
        E2=datetime.combine(date(1985, 3, 2), time()),
        F2=True,
        C4=110198198503020001,
    )
    (page,) = read_sheets(content)
    assert page.name == "底册"
    assert [row.number for row in page.rows] == [1, 2, 3, 4]
    assert page.rows[1].values == (None, "张三", 19900012345, 1.5, date(1985, 3, 2), True)
    assert type(page.rows[1].values[2]) is int
    assert page.rows[1].cell_name(4) == "E2"


def test_a_number_excel_has_rounded_stays_a_float() -> None:
    """An ID number typed as a number has lost its last digits; it must not look like an exact one."""
    (page,) = read_sheets(written(A1=110198198503020001, A2=999_999_999_999_999))
    assert [type(row.values[0]) for row in page.rows] == [float, int]


def test_an_excel_error_is_seen_and_not_taken_for_an_empty_cell() -> None:
    missing = '<c r="B1" s="0" t="e"><v>#N/A</v></c>'
    (page,) = read_sheets(package(f'<row r="1"><c r="A1"><v>1</v></c>{missing}</row>'))
    assert page.rows[0].values == (1, "#N/A")


def test_a_door_merged_over_its_household_stands_on_every_line() -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        page = book.add_worksheet()
        page.merge_range("A1:C1", "标题")
        page.merge_range("A2:A4", "3-2-402")
        for row in (1, 2, 3):
            page.write(row, 1, f"人{row}")
    (read,) = read_sheets(made.getvalue())
    assert [row.values[0] for row in read.rows] == ["标题", "3-2-402", "3-2-402", "3-2-402"]
    assert read.rows[0].values[1] is None


def test_hidden_sheets_are_not_read() -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet("看得见").write(0, 0, "a")
        other = book.add_worksheet("看不见")
        other.write(0, 0, "b")
        other.hide()
    assert [page.name for page in read_sheets(made.getvalue())] == ["看得见"]


def test_what_a_file_is_called_decides_nothing(tmp_path: Path) -> None:
    named = tmp_path / "底册.xls"
    named.write_bytes(written(A1="姓名"))
    assert read_sheets(named)[0].rows[0].values == ("姓名",)
    wrong = tmp_path / "底册.xlsx"
    for content in ("姓名,性别\n".encode("gbk"), b"\x89PNG\r\n\x1a\n", b"<html>"):
        wrong.write_bytes(content)
        assert refused(wrong).code == "not_a_workbook"


def test_a_missing_and_an_empty_file_are_said(tmp_path: Path) -> None:
    assert refused(tmp_path / "没有.xlsx").params == {"name": "没有.xlsx"}
    assert refused(b"").code == "file_empty"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (OLE + "Workbook".encode("utf-16-le"), "legacy_xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (package(**{"xl__vbaProject.bin": b"\0"}), "macros"),
        (package(**{"xl__workbook.bin": b"\0"}), "binary_xlsb"),
        (package()[:-30], "damaged"),
        (package("<row><c></row>"), "damaged"),
        (
            package(xl__styles=f"<?xml version='1.0' encoding='utf-16'?>{sheet(FAR)}".encode("utf-16")),
            "damaged",
        ),
        (package(ONE, head='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "entities"),
        (package(xl__sharedStrings='<!DOCTYPE sst [<!ENTITY a "b">]><sst>&a;</sst>'), "entities"),
        (package(ONE + FAR), "too_many_rows"),
        (package('<row r="1"><c r="XFD1"><v>1</v></c></row>'), "too_many_columns"),
        (package(ONE + '<row r="49000"><c r="GR49000"><v>1</v></c></row>'), "too_many_cells"),
        (package('<row r="1"><c r="A1:XFD9"><v>1</v></c></row>'), "damaged"),
        (package('<row r="x"><c><v>1</v></c></row>'), "damaged"),
    ],
)
def test_what_will_not_be_read_is_refused_with_its_reason(content: bytes, code: str) -> None:
    said = refused(content)
    assert said.code == code
    assert said.text == files.TEXTS[code] % said.params


def test_other_packages_are_no_workbooks() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    assert refused(made.getvalue()).code == "not_a_workbook"


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    """1 MB that becomes 60 MB, 20 kB that become 2 MB (too steep), and a table of contents that understates."""
    big = package(xl__media__a="a" * 60_000_000)
    assert refused(big).code == "too_large"
    assert refused(package(xl__worksheets__sheet2="<a>" + " " * 5_000_000 + "</a>")).code == "too_compressed"
    noise = random.Random(1).randbytes(100_000)
    honest = package(" " * 3_000_000 + ONE, **{"xl__media__noise.bin": noise})
    assert len(read_sheets(honest)) == 1
    size = (3_000_000 + len(sheet(ONE))).to_bytes(4, "little")
    assert size in honest
    assert refused(honest.replace(size, (1000).to_bytes(4, "little"))).code == "damaged"


def test_links_and_doubled_names_inside_the_package_are_refused() -> None:
    for name, mode in (("xl/link.xml", 0o120777), ("../up.xml", 0o100644)):
        made = io.BytesIO(package())
        with zipfile.ZipFile(made, "a") as archive:
            part = zipfile.ZipInfo(name)
            part.external_attr = mode << 16
            archive.writestr(part, "/etc/passwd")
        assert refused(made.getvalue()).code == "damaged"
    made = io.BytesIO(package())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(made, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet(ONE))
    assert refused(made.getvalue()).code == "damaged"


def test_a_part_with_a_password_is_said_to_have_one() -> None:
    content = bytearray(package())
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1
    assert refused(bytes(content)).code == "encrypted"


def test_what_is_odd_but_harmless_is_read() -> None:
    """A frame drawn far below, a wrong note of the sheet's size, deep nesting, very many unused strings."""
    frame = '<row r="60000"><c r="XFD60000" s="1"/></row>'
    assert len(read_sheets(package(ONE + frame))[0].rows) == 1
    assert read_sheets(package(size='<dimension ref="A1:XFD1048576"/>'))[0].rows[0].values == (1,)
    deep = "<a>" * 10_000 + "</a>" * 10_000
    noise = random.Random(1).randbytes(20_000)
    assert read_sheets(package(ONE + deep, **{"xl__media__noise.bin": noise}))[0].rows[0].values == (1,)
    strings = f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>{n:x}</t></si>" for n in range(200_000)) + "</sst>"
    many = package('<row r="1"><c r="A1" t="s"><v>255</v></c></row>', xl__sharedStrings=strings)
    assert read_sheets(many)[0].rows[0].values == ("ff",)


def test_column_letters_go_both_ways() -> None:
    assert [column_name(n) for n in (0, 25, 26, 51, 701, 702)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA"]
    assert all(column_number(column_name(n)) == n for n in range(1000))
