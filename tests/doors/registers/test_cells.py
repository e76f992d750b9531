"""One cell at a time: what is certain is read however it is spelt, what is not is said and never guessed."""

from datetime import date, datetime, time
from typing import Any

import pytest

from lianfang.doors.registers import cells
from lianfang.doors.registers.problems import TEXTS, Problem

from .registers import DOORS, id_number

SPRING = date(1985, 3, 2)


def codes(clean: cells.Clean[Any]) -> list[str]:
    return [problem.code for problem in clean.problems]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("蒋若溪", "蒋若溪"),
        (" 张　三 ", "张三"),
        ("张 三", "张三"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("欧阳\u200b雪", "欧阳雪"),
        ("Ａｎｎａ  Weber", "Anna Weber"),
        ("Jean-Luc O'Neil", "Jean-Luc O'Neil"),
        ("𠮷田一郎", "𠮷田一郎"),
    ],
)
def test_a_name_loses_its_blanks_and_nothing_else(said: str, name: str) -> None:
    assert cells.clean_name(said) == (name, ())


def test_what_is_no_name_is_said() -> None:
    for nobody in (None, "", "　", "无", "不详", "/"):
        assert codes(cells.clean_name(nobody)) == ["name_missing"]
    for odd in ("张三（已搬走）", "张三 13号", 12, "张?", "张", "某某", "测试一"):
        assert codes(cells.clean_name(odd)) == ["name_odd"], odd


@pytest.mark.parametrize(
    ("said", "sex"),
    [
        *[("男", "male"), ("女 ", "female"), ("男性", "male"), ("F", "female"), (1, "male"), ("2", "female")],
        *[(None, "unknown"), (0, "unknown"), ("未知", "unknown"), (9, "unknown")],
    ],
)
def test_sex(said: Any, sex: str) -> None:
    assert cells.clean_sex(said) == (sex, ())


def test_an_odd_sex_is_doubted() -> None:
    assert codes(cells.clean_sex("男女")) == ["sex_unknown"]


def test_an_id_number_is_read_however_it_is_spaced() -> None:
    number = id_number(date(1990, 10, 31))
    wide = "".join(chr(ord(figure) + 0xFEE0) for figure in number)
    for said in (number, f" {number}\n", f"'{number}", f"{number[:6]} {number[6:14]} {number[14:]}", wide):
        assert cells.clean_id_number(said) == (number, ())


def test_a_small_or_foreign_x_is_an_x() -> None:
    number = next(
        id_number(date(1985, 3, day)) for day in range(1, 28) if id_number(date(1985, 3, day))[17] == "X"
    )
    for letter in "xXｘ×Хх":
        assert cells.clean_id_number(number[:17] + letter) == (number, ())


def test_no_single_wrong_digit_passes() -> None:
    number = id_number()
    for place in range(18):
        for figure in "0123456789":
            if figure != number[place] and not (place < 17 and figure == "X"):
                wrong = number[:place] + figure + number[place + 1 :]
                assert cells.clean_id_number(wrong).value == "", wrong


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (110198198503020001.0, "id_lost_digits"),
        ("1.10198E+17", "id_lost_digits"),
        ("110198198503020000", "id_lost_digits"),
        ("110198********0001", "id_masked"),
        (id_number()[:17], "id_length"),
        (id_number() + "1", "id_length"),
        (id_number()[:10] + "O" + id_number()[11:], "id_shape"),
        ("护照E12345678", "id_shape"),
        ("110198198502300000", "id_date"),
        ("110198185003020000", "id_date"),
    ],
)
def test_a_broken_id_number_is_an_error_and_not_a_guess(said: Any, code: str) -> None:
    assert cells.clean_id_number(said) == (
        "",
        (Problem(code, cells.clean_id_number(said).problems[0].params),),
    )


def test_a_county_that_did_not_exist_yet_is_no_fault() -> None:
    """A code dates from the issue of the card: 130102 with an early birth is a real person's number."""
    for county in ("130102", "110198", "139999"):
        assert codes(cells.clean_id_number(id_number(date(1930, 5, 6), county=county))) == []
    assert codes(cells.clean_id_number(id_number(county="990101"))) == ["id_place"]


def test_an_old_number_is_written_in_its_new_form() -> None:
    number = id_number()
    old = number[:6] + number[8:17]
    assert cells.clean_id_number(old) == (number, (Problem("id_old"),))
    assert cells.clean_id_number(int(old)) == (number, (Problem("id_old"),))
    assert codes(cells.clean_id_number("110198850230000")) == ["id_date"]


def test_what_an_id_number_says_of_its_owner() -> None:
    assert cells.id_born(id_number()) == SPRING
    assert [cells.id_sex(id_number(sequence=said)) for said in ("001", "002", "000")] == [
        "male",
        "female",
        "unknown",
    ]


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        (19900012345, ("19900012345",)),
        (19900012345.0, ("19900012345",)),
        ("199 0001 2345", ("19900012345",)),
        ("199-0001-2345", ("19900012345",)),
        ("+86 19900012345", ("19900012345",)),
        ("8619900012345", ("19900012345",)),
        ("１９９０００１２３４５", ("19900012345",)),
        ("19900012345/19900012346", ("19900012345", "19900012346")),
        ("19900012345、19900012346", ("19900012345", "19900012346")),
        ("19900012345 19900012346", ("19900012345", "19900012346")),
        ("19900012345\n010-69580000", ("19900012345", "010-69580000")),
        ("1990001234519900012346", ("19900012345", "19900012346")),
        ("19900012345，19900012345", ("19900012345",)),
        ("(010)6958-0000", ("010-69580000",)),
        ("0311 6958000", ("0311-6958000",)),
        ("01069580000转801", ("010-69580000转801",)),
        ("4008000000", ("4008000000",)),
        (None, ()),
        ("无", ()),
    ],
)
def test_telephones_are_read_however_they_are_written(said: Any, numbers: tuple[str, ...]) -> None:
    assert cells.clean_phones(said) == (numbers, ())


@pytest.mark.parametrize(
    ("said", "numbers", "code"),
    [
        (1990001234, (), "phone_shape"),
        ("199000123456", (), "phone_shape"),
        ("29900012345", (), "phone_shape"),
        ("1.99E+10", (), "phone_lost_digits"),
        ("199****2345", (), "phone_masked"),
        ("19900012345(儿子)", ("19900012345",), "phone_words"),
        ("女儿19900012345", ("19900012345",), "phone_words"),
        ("69580000", ("69580000",), "phone_no_area"),
        (1069580000, ("010-69580000",), "phone_zero"),
        ("没电话", (), "phone_words"),
    ],
)
def test_what_is_odd_about_a_telephone_is_said(said: Any, numbers: tuple[str, ...], code: str) -> None:
    clean = cells.clean_phones(said)
    assert (clean.value, codes(clean)) == (numbers, [code])


SPRINGS = [
    "1985-3-2",
    "1985-03-02",
    "1985.03.02",
    "1985/3/2",
    "1985年3月2日",
    "１９８５年０３月０２日",
    "1985—3—2",
    "19850302",
]
SPRINGS += [" 1985 年 3 月 2 日", "1985-03-02 00:00:00"]


@pytest.mark.parametrize(
    "said", [*SPRINGS, 19850302, 31108, 31108.0, SPRING, datetime.combine(SPRING, time())]
)
def test_one_date_in_many_spellings(said: Any) -> None:
    assert cells.clean_date(said) == (SPRING, ())


@pytest.mark.parametrize(
    ("said", "code", "certain"),
    [
        ("85/3/2", "date_short_year", {"year": 85, "month": 3, "day": 2}),
        ("1985.03", "date_month_only", {"year": 1985, "month": 3}),
        ("1985年3月", "date_month_only", {"year": 1985, "month": 3}),
        (198503, "date_month_only", {"year": 1985, "month": 3}),
        (1985.1, "date_year_only", {"year": 1985}),
        (1985, "date_year_only", {"year": 1985}),
        ("3/2/1985", "date_day_or_month", {"year": 1985}),
        ("农历乙丑年正月十一", "date_lunar", {}),
        ("1985-02-30", "date_impossible", {}),
        ("0085-02-03", "date_impossible", {}),
        ("乙丑年生", "date_shape", {}),
        (True, "date_shape", {}),
    ],
)
def test_a_date_that_is_no_full_date_says_what_is_certain(
    said: Any, code: str, certain: dict[str, int]
) -> None:
    assert cells.clean_date(said) == (None, (Problem(code, certain),))


def test_an_id_number_settles_only_what_it_agrees_with() -> None:
    for said in ("85/3/2", "1985.03", 1985, "3/2/1985"):
        (doubt,) = cells.clean_date(said).problems
        assert cells.settles(doubt, SPRING)
        assert not cells.settles(doubt, date(1986, 4, 2))
    (lunar,) = cells.clean_date("农历三月").problems
    assert not cells.settles(lunar, SPRING)


SAME_DOOR = """3-2-402 3号楼2单元402 3号楼2单元402室 3#2-402 3#楼2门402 ３－２－４０２ 3—2—402 3/2/402 3.2.402 03-02-0402
三号楼二单元402 建西里小区3号楼2单元402室 清和街道建西里3-2-402 清和路12号院3号楼2单元402 3栋2单元4层402号
建西里3号楼第2单元402"""


@pytest.mark.parametrize("said", [*SAME_DOOR.split(), "3 - 2 - 402", "3号楼 2单元 402"])
def test_one_door_in_many_spellings(said: str) -> None:
    assert cells.clean_door(DOORS, None, None, None, said) == (("3", "2", "402"), ())


@pytest.mark.parametrize(
    "columns",
    [
        (3, 2, 402),
        ("3号楼", "2单元", "402室"),
        ("3#", "二单元", "402"),
        (3, None, "2-402"),
        (3, 2, "3-2-402"),
        ("建西里3号楼", 2, 402),
    ],
)
def test_a_door_in_split_columns(columns: tuple[Any, Any, Any]) -> None:
    assert cells.clean_door(DOORS, *columns) == (("3", "2", "402"), ())


@pytest.mark.parametrize(
    ("said", "spot", "code"),
    [
        ("32402", ("3", "2", "402"), "door_found"),
        ("15-1203", ("15", "1", "1203"), "door_found"),
        ("3-401", ("3", "2", "401"), "door_found"),
        ("3-402", None, "door_shape"),  # units 1 and 2 both have a 402
        ("3-2-999", ("3", "2", "999"), "door_unknown"),
        ("3-2-402-1", None, "door_shape"),
        ("蒋家", None, "door_shape"),
        ("无", None, "door_missing"),
        (date(2003, 2, 4), None, "door_date"),
    ],
)
def test_a_door_is_completed_only_if_one_door_fits(said: Any, spot: cells.Spot | None, code: str) -> None:
    clean = cells.clean_door(DOORS, None, None, None, said)
    assert (clean.value, codes(clean)) == (spot, [code])


def test_columns_that_name_two_doors_are_doubted() -> None:
    assert codes(cells.clean_door(DOORS, 5, 2, "3-2-402")) == ["door_shape"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("户主", "head"),
        ("妻", "spouse"),
        ("长 子", "child"),
        ("岳母", "parent"),
        ("外孙女", "kin"),
        ("合租", "tenant"),
        (None, "unknown"),
    ],
)
def test_relations(said: Any, code: str) -> None:
    assert cells.clean_relation(said) == (code, ())


def test_tenures_and_those_who_live_elsewhere() -> None:
    assert [cells.clean_tenure(said).value for said in ("自住", "租赁", "借住", "")] == [
        "owned",
        "rented",
        "other",
        "unknown",
    ]
    assert codes(cells.clean_tenure("空挂户")) == ["tenure_elsewhere"]
    assert codes(cells.clean_tenure("？")) == ["tenure_unknown"]
    assert codes(cells.clean_relation("什么")) == ["relation_unknown"]


def test_a_remark_is_kept_as_far_as_it_goes() -> None:
    assert cells.clean_remark(" 行动不便\n需送药 ") == ("行动不便 需送药", ())
    assert cells.clean_remark("药" * 201) == ("药" * 200, (Problem("remark_cut", {"letters": 200}),))


def test_every_problem_has_a_weight_and_a_sentence_that_fills() -> None:
    params = dict.fromkeys(("lines", "sheet", "field", "fields", "column", "row", "digits", "letters"), "1")
    for code, (severity, _text) in TEXTS.items():
        problem = Problem(code, params).at("D17")
        assert problem.severity == severity
        assert "%" not in problem.text
        assert problem.plain()["cell"] == "D17"
