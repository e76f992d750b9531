"""The titles of a register are found and understood as people write them; a person has the last word."""

from typing import Any

import pytest

from lianfang.doors.registers.columns import ColumnMap, meaning, propose
from lianfang.ground.files import Row

from .registers import TITLES


def lines(*said: Any) -> list[Row]:
    return [Row(number, tuple(values)) for number, values in enumerate(said, start=1)]


def letters(its: ColumnMap) -> dict[str, str]:
    return {field: "".join(column.letters for column in kept) for field, kept in its.columns.items()}


@pytest.mark.parametrize(
    ("title", "field", "confidence"),
    [
        ("姓名", "name", 1.0),
        ("姓\n名", "name", 1.0),
        ("姓　　名", "name", 1.0),
        ("*姓名：", "name", 1.0),
        ("性别（男/女）", "sex", 0.8),
        ("出生年月日", "born", 1.0),
        ("身份证号码", "id_number", 1.0),
        ("证件号码", "id_number", 1.0),
        ("公民身份号码", "id_number", 1.0),
        ("联系电话(手机)", "phones", 0.8),
        ("联系电话\n（手机）", "phones", 0.8),
        ("第二联系电话", "phones", 0.6),
        ("与户主关系", "relation", 1.0),
        ("楼号", "building", 1.0),
        ("楼号/单元/门牌", "address", 1.0),
        ("楼-单元-门牌", "address", 1.0),
        ("门牌", "door", 1.0),
        ("现居住地址", "address", 1.0),
        ("在京居住地址", "address", 0.6),
        ("居住性质(自住/租住)", "tenure", 0.8),
        ("自住/租住", "tenure", 1.0),
        ("备 注", "remark", 1.0),
    ],
)
def test_titles_as_people_write_them(title: str, field: str, confidence: float) -> None:
    assert meaning(title) == (field, confidence)


def test_titles_about_somebody_else_are_not_taken_for_this_person() -> None:
    for title in (
        "户主姓名",
        "户主电话",
        "房东电话",
        "紧急联系人姓名",
        "监护人身份证号",
        "单位地址",
        "责任人姓名",
    ):
        assert meaning(title)[0] is None, title


def test_what_a_register_need_not_keep_is_left_out_and_named() -> None:
    its = propose(lines(("序号", "姓名", "性别", "民族", "户籍地", "宠物")))
    assert [column.title for column in its.left_out] == ["序号", "民族", "户籍地"]
    assert [(column.letters, column.title) for column in its.unmapped] == [("F", "宠物")]


def test_the_titles_stand_below_the_heading_lines() -> None:
    its = propose(
        lines(("清和街道建西里社区居民底册",), (), ("填表人：", None, "姓名不得有误"), TITLES, (1, "蒋若溪"))
    )
    assert its.header_row == 4
    assert letters(its)["name"] == "B"
    assert len(its.columns) == 11
    assert not its.problems


def test_titles_over_two_lines_are_read_together() -> None:
    its = propose(
        lines(
            ("序号", "姓名", "居住地址", None, None, "电话"),
            (None, None, "楼号", "单元", "室", None),
            (1, "蒋若溪"),
        )
    )
    assert its.header_row == 2
    assert letters(its) == {"name": "B", "building": "C", "unit": "D", "door": "E", "phones": "F"}


def test_two_columns_of_telephones_are_both_kept_and_two_of_names_are_not() -> None:
    its = propose(lines(("姓名", "手机", "固定电话", "姓名")))
    assert letters(its) == {"name": "A", "phones": "BC"}
    assert [column.letters for column in its.unmapped] == ["D"]


def test_the_surer_title_wins() -> None:
    assert letters(propose(lines(("姓名", "原居住地址", "现住址"))))["address"] == "C"


def test_a_person_has_the_last_word() -> None:
    rows = lines(("姓名", "号码", "门牌", "房主说"), ("蒋若溪", 1, 2, 3))
    its = propose(rows, {"b": "phones", "房主说": "remark", "门牌": "-"})
    assert letters(its) == {"name": "A", "phones": "B", "remark": "D"}
    assert its.columns["phones"][0].confidence == 1.0
    assert [column.letters for column in its.left_out] == ["C"]
    moved = propose(rows, {"C": "unit"})
    assert letters(moved) == {"name": "A", "unit": "C"}
    assert letters(propose(rows, {"B": "phones", "D": "phones"}))["phones"] == "BD"


def test_a_wrong_correction_is_said() -> None:
    rows = lines(("姓名", "门牌"), ("蒋若溪", 1))
    assert [problem.code for problem in propose(rows, {"A": "nmae"}).problems] == ["map_field"]
    assert [problem.code for problem in propose(rows, {"Z": "name"}).problems] == ["map_column"]
    assert [problem.code for problem in propose(rows, {"没有这列": "name"}).problems] == ["map_column"]


def test_without_titles_nothing_is_guessed_but_letters_can_be_given() -> None:
    rows = lines(("蒋若溪", "女", "3-2-402"), ("夏天佑", "男", "3-2-401"))
    assert [problem.code for problem in propose(rows).problems] == ["no_header"]
    its = propose(rows, {"A": "name", "B": "sex", "C": "address"})
    assert (its.header_row, its.problems) == (0, ())
    assert propose([]).problems[0].code == "no_header"
