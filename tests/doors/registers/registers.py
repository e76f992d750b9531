"""Small registers written as real workbooks, for the tests of reading them. Invented people only."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from stdnum.cn import ric

COMMUNITY = "110198001001"
ON = date(2020, 2, 26)
DOORS = {("3", "2", "402"), ("3", "2", "401"), ("3", "1", "402"), ("15", "1", "1203"), ("4", "1", "101")}
TITLES = (
    "序号",
    "姓名",
    "性别",
    "出生日期",
    "证件号码",
    "联系电话",
    "楼号",
    "单元",
    "门牌",
    "与户主关系",
    "居住性质",
    "备注",
)
BORN = date(1985, 3, 2)


def id_number(born: date = BORN, sequence: str = "000", county: str = "110198") -> str:
    """An ID number with a right check digit, of a county that was never assigned."""
    body = f"{county}{born:%Y%m%d}{sequence}"
    return body + ric.calc_check_digit(body + "0")


def person(**said: Any) -> list[Any]:
    """One line in the columns of TITLES; `said` replaces cells by their titles."""
    usual = (1, "蒋若溪", "女", "1985-03-02", id_number(), 19900000001, 3, 2, 402, "户主", "自住", None)
    line = dict(zip(TITLES, usual, strict=True)) | said
    return list(line.values())


def workbook(
    lines: Sequence[Sequence[Any]], merged: Sequence[tuple[str, Any]] = (), hidden: int = -1
) -> bytes:
    """A workbook of these lines, typed as they come. `merged` are (range, value); sheet `hidden` is hidden."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("底册")
        for row, line in enumerate(lines):
            for column, value in enumerate(line):
                if isinstance(value, date) and not isinstance(value, datetime):
                    value = datetime.combine(value, time())
                if value is not None:
                    sheet.write(row, column, value)
        for where, value in merged:
            sheet.merge_range(where, value)
        if hidden == 1:
            other = book.add_worksheet("旧底册")
            other.write_row(0, 0, TITLES)
            other.hide()
    return made.getvalue()


def register(*people: Sequence[Any], title: str = "清和街道建西里社区居民底册（2020年2月）") -> bytes:
    """A register with a title line; the people stand from line 3 on."""
    return workbook([[title], TITLES, *people])
