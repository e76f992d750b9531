"""``lianfang import``: proposes first, writes on a yes, parks what is doubtful, and the same file twice changes nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import psycopg
import pytest
import xlsxwriter

from lianfang.doors.console import REFUSED, UNCONFIRMED, main
from lianfang.ground.acts import reading
from lianfang.ground.notebook import Line
from lianfang.rooms.people.models import ParkedRow, Resident
from tests.cast import HOME, Cast, id_number
from tests.conftest import SERVER

HEAD = ["序号", "楼号", "单元", "门牌", "姓名", "性别", "身份证号", "联系电话", "出生日期", "与户主关系"]


def number(day: int) -> str:
    return id_number("110114", date(1990, 1, day), "male")


def wrong_digit(day: int) -> str:
    right = number(day)
    return right[:-1] + ("1" if right[-1] != "1" else "2")


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A register of six lines: three clean, a wrong check digit, a line twice, a door that is not there."""
    path = tmp_path / "底册.xlsx"
    rows = [
        [1, 3, 1, 601, "贺新", "男", number(1), 19900001001, "1990-1-1", "户主"],
        [2, 3, 1, 602, "贺颖", "女", number(2), 19900001002, "1990年1月2日", "户主"],
        [3, "3", "1", "603", "翟平", "男", number(3), "199 0000 1003", "1990.01.03", "户主"],
        [4, 3, 2, 601, "单宁", "男", wrong_digit(4), 19900001004, "1990-1-4", "户主"],
        [5, 3, 1, 602, "贺颖", "女", number(2), 19900001002, "1990年1月2日", "户主"],
        [6, 3, 9, 999, "查无", "男", number(6), 19900001006, "1990-1-6", "户主"],
    ]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("底册")
        sheet.write(0, 0, "清和街道建西里社区居民底册（2020年2月）")
        for number_, row in enumerate([HEAD, *rows], 1):
            sheet.write_row(number_, 0, row)
    return path


def everything(database: str) -> list[tuple[str, int]]:
    """How many rows each table has: nothing written means nothing anywhere."""
    tables = ["line", "resident", "stay", "household", "parkedrow"]
    with psycopg.connect(SERVER.superuser_url, dbname=database) as connection:
        return [
            (name, connection.execute(f"SELECT count(*) FROM lianfang_{name}").fetchone()[0])  # type: ignore[index]
            for name in tables
        ]


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    said: dict[str, object] = json.loads(capsys.readouterr().out)
    return said


def test_nothing_is_written_until_it_is_confirmed(
    street: str, register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(street)
    assert main(["import", str(register), "--as", "wang"]) == UNCONFIRMED
    assert everything(street) == before
    shown = capsys.readouterr()
    assert "姓名" in shown.out and "G6" in shown.out and "--yes" in shown.err


def test_clean_rows_go_in_and_doubtful_ones_are_parked_by_cell(
    street: str, cast: Cast, register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(register), "--as", "wang", "--yes", "--json"]) == 0
    assert told(capsys)["done"] == {"new": 3, "again": 0, "parked": 2}
    with reading(cast.wang):
        entered = Resident.objects.get(name="翟平")
        assert (entered.where, entered.opened("phone")) == (f"{HOME}.3.1.603.", "19900001003")
        cells = {problem["cell"] for row in ParkedRow.objects.all() for problem in row.problems}
        lines = Line.objects.filter(kind="resident.registered", about=entered.id).count()
    assert "G6" in cells and lines == 1


def test_the_same_file_twice_changes_nothing(
    street: str, cast: Cast, register: Path, later: object, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", str(register), "--as", "wang", "--yes", "--json"])
    capsys.readouterr()
    before = everything(street)
    later(600)  # type: ignore[operator]
    assert main(["import", str(register), "--as", "li", "--yes", "--json"]) == 0
    assert told(capsys)["done"] == {"new": 0, "again": 3, "parked": 0}
    assert everything(street) == before


def test_a_column_can_be_mapped_by_hand(
    street: str, register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(register), "--as", "wang", "--map", "联系电话=-", "--json"]) == UNCONFIRMED
    assert main(["import", str(register), "--as", "wang", "--map", "nonsense"]) == REFUSED
    assert "nonsense" in capsys.readouterr().err


def test_what_is_no_register_is_refused_in_words(
    street: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = tmp_path / "底册.xlsx"
    fake.write_bytes(b"\xd0\xcf\x11\xe0")
    for path in (fake, tmp_path / "gone.xlsx"):
        assert main(["import", str(path), "--as", "wang", "--yes"]) == REFUSED
        assert "✗" in capsys.readouterr().err


@pytest.mark.parametrize("who", ["zhou", "liu", "chen", "nobody", ""])
def test_only_those_who_keep_the_register_import_it(
    street: str, register: Path, who: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(street)
    assert main(["import", str(register), "--as", who, "--yes"]) == REFUSED
    assert everything(street) == before
