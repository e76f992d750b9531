"""A register as communities keep it: what is certain is ready, what is not waits with every problem by its cell."""

import os
import subprocess
import sys
import tomllib
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lianfang.doors.registers.register_file import Reading, read
from lianfang.ground.files import BadFile

from .registers import BORN, COMMUNITY, DOORS, ON, TITLES, id_number, person, register, workbook

NEXT = date(1985, 3, 3)


def reading(content: bytes | Path, **given: Any) -> Reading:
    return read(
        content, given.pop("doors", DOORS), given.pop("overrides", None), community=COMMUNITY, on=ON, **given
    )


def problems_of(content: bytes) -> list[tuple[str, str]]:
    """The problems of the one line that waits."""
    its = reading(content)
    assert not its.rows
    return [(problem.cell, problem.code) for problem in its.parked[0].problems]


def test_a_clean_line_is_ready_as_the_register_wants_it() -> None:
    (row,) = reading(register(person(备注="独居", 联系电话="19900000001、010-69580000"))).rows
    assert (row.number, row.name, row.sex, row.born, row.id_number) == (
        3,
        "蒋若溪",
        "female",
        BORN,
        id_number(),
    )
    assert (row.phones, row.building, row.unit, row.door) == (
        ("19900000001", "010-69580000"),
        "3",
        "2",
        "402",
    )
    assert (row.relation, row.tenure, row.remark, row.problems) == ("head", "owned", "独居", ())
    assert (row.cells["name"], row.cells["door"]) == ("B3", "I3")


def test_the_same_content_has_the_same_key_however_it_is_spelt() -> None:
    usual = reading(register(person())).rows[0].key
    other = person(
        姓名="蒋 若　溪", 出生日期=BORN, 联系电话="199-0000-0001", 楼号="3号楼", 单元="2单元", 门牌="402室"
    )
    assert reading(workbook([TITLES, [], other])).rows[0].key == usual
    assert len(usual) == 64
    assert read(register(person()), DOORS, community="110198001002", on=ON).rows[0].key != usual
    for title, said in {
        "备注": "x",
        "联系电话": 19900000002,
        "门牌": 401,
        "与户主关系": "妻",
        "居住性质": "租住",
    }.items():
        assert reading(register(person(**{title: said}))).rows[0].key != usual, title


@pytest.mark.parametrize(
    ("said", "cell", "code"),
    [
        ({"姓名": None}, "B3", "name_missing"),
        ({"姓名": "蒋若溪（租）"}, "B3", "name_odd"),
        ({"证件号码": id_number()[:17] + "5"}, "E3", "id_check"),
        ({"证件号码": float(id_number())}, "E3", "id_lost_digits"),
        ({"证件号码": None}, "E3", "id_missing"),
        ({"出生日期": "1985-03-03"}, "D3", "id_born_differs"),
        ({"出生日期": "86/3/2"}, "D3", "date_short_year"),
        ({"性别": "男", "证件号码": id_number(sequence="002")}, "C3", "id_sex_differs"),
        ({"门牌": 999}, "I3", "door_unknown"),
        ({"单元": None}, "I3", "door_shape"),
        ({"联系电话": 1990000000}, "F3", "phone_shape"),
        ({"联系电话": "#N/A"}, "F3", "cell_error"),
        ({"居住性质": "人户分离"}, "K3", "tenure_elsewhere"),
        ({"出生日期": "2020-03-01", "证件号码": id_number(date(2020, 3, 1))}, "D3", "date_ahead"),
    ],
)
def test_what_is_not_certain_waits_and_is_told_by_its_cell(
    said: dict[str, Any], cell: str, code: str
) -> None:
    assert (cell, code) in problems_of(register(person(**said)))


def test_a_line_that_waits_keeps_what_stood_there() -> None:
    (parked,) = reading(register(person(证件号码="110198198503020009"))).parked
    assert parked.raw["E3"] == "110198198503020009"
    assert parked.raw["F3"] == "19900000001"
    assert parked.row.name == "蒋若溪"
    assert parked.row.id_number == ""


def test_every_problem_of_a_line_is_told_at_once() -> None:
    said = problems_of(register(person(姓名=None, 性别="？", 出生日期="1985-02-30", 证件号码="12", 门牌=999)))
    assert {code for _cell, code in said} == {
        "name_missing",
        "sex_unknown",
        "date_impossible",
        "id_length",
        "door_unknown",
    }


def test_a_number_without_sequence_says_nothing_of_sex() -> None:
    assert reading(register(person(性别="男"))).rows[0].sex == "male"


def test_a_child_without_number_and_telephone_is_only_remarked() -> None:
    (row,) = reading(
        register(person(出生日期="2012-05-06", 证件号码="无", 联系电话=None, 与户主关系="女儿"))
    ).rows
    assert [(problem.cell, problem.code) for problem in row.problems] == [
        ("E3", "id_missing_child"),
        ("F3", "phone_missing"),
    ]
    turned = date(ON.year - 18, ON.month, ON.day).isoformat()
    assert reading(register(person(出生日期=turned, 证件号码=None))).parked


def test_an_incomplete_birth_date_is_completed_from_the_number() -> None:
    for said in ("85/3/2", "1985.03", 1985, None):
        (row,) = reading(register(person(出生日期=said))).rows
        assert row.born == BORN
    assert not reading(register(person(出生日期="85/4/2"))).rows


def test_the_same_line_twice_is_one_person() -> None:
    its = reading(register(person(), person(序号=2), person(序号=3, 门牌="0402")))
    assert len(its.rows) == 1
    assert its.duplicates == ((4, 3), (5, 3))
    broken = reading(register(person(性别="？"), person(性别="？")))
    assert (len(broken.parked), broken.duplicates) == (1, ((4, 3),))


def test_one_number_and_two_stories_are_both_doubted_and_the_second_waits() -> None:
    its = reading(register(person(), person(门牌=401)))
    assert [(p.cell, p.code, p.params) for p in its.rows[0].problems] == [("E3", "id_also", {"row": 4})]
    assert [(p.cell, p.code, p.params) for p in its.parked[0].problems] == [("E4", "id_twice", {"row": 3})]


def test_lines_that_are_no_people_are_counted_and_passed_over() -> None:
    its = reading(register(person(), [], TITLES, [None, "合计：1人"], ["填表人：王", None]))
    assert (len(its.rows), its.parked, its.skipped) == (1, (), (5, 6, 7))


def test_a_column_that_is_not_there_is_not_missed_on_every_line() -> None:
    its = reading(workbook([("姓名", "住址"), ("蒋若溪", "3号楼2单元402"), ("夏天佑", "3-2-401")]))
    assert [row.name for row in its.rows] == ["蒋若溪", "夏天佑"]
    assert {p.code for row in its.rows for p in row.problems} == {"date_missing"}


def test_a_map_given_by_hand_is_followed_and_a_wrong_one_said() -> None:
    content = workbook([("姓名", "哪儿"), ("蒋若溪", "3-2-402")])
    assert reading(content, overrides={"B": "address"}).rows[0].door == "402"
    wrong = reading(content, overrides={"B": "addres"})
    assert ([p.code for p in wrong.problems], wrong.rows) == (["map_field"], ())


def test_a_workbook_without_titles_says_so() -> None:
    its = reading(workbook([("一", "二")]))
    assert [problem.code for problem in its.problems] == ["no_header"]
    assert its.summary()["read"] == 0
    with pytest.raises(BadFile) as said:
        reading(register(person()), sheet="没有")
    assert said.value.code == "no_sheet"


def test_the_summary_adds_up() -> None:
    its = reading(
        register(
            person(),
            person(),
            person(门牌=401),
            person(姓名=None),
            person(证件号码=id_number(NEXT), 出生日期=NEXT),
        )
    )
    assert its.summary() == {
        "read": 5,
        "ready": 2,
        "parked": 2,
        "duplicates": 1,
        "skipped": 0,
        "problems": {"id_also": 2, "id_twice": 2, "name_missing": 1},
    }


def test_no_cell_stops_the_reading() -> None:
    """Every kind of value in every column: nothing raises, and every line is accounted for."""
    odd = [None, True, -1, 0, 1e300, 0.5, 10**14, "　", "甲" * 5000, "=1+1", "@x", "-", "１"]
    odd += [
        "9" * 400,
        "()",
        "一二三号楼",
        "二十",
        date(1900, 3, 1),
        date(9999, 12, 31),
        "0000-00-00",
        "1" * 18,
        "X" * 18,
        "*",
    ]
    lines = [person(**{title: value}) for title in TITLES for value in odd]
    its = reading(register(*lines))
    assert len(its.rows) + len(its.parked) + len(its.duplicates) + len(its.skipped) == len(lines)


DEMO = Path(__file__).parents[3] / "data" / "demo"


def demo_doors(community: str) -> set[tuple[str, str, str]]:
    given = tomllib.loads((DEMO / "buildings.toml").read_text(encoding="utf-8"))["community"]
    plans = next(one["building"] for one in given if one["where"] == community)
    return {
        (plan["number"], str(unit), door)
        for plan in plans
        for unit in range(1, plan["units"] + 1)
        for floor in set(range(1, plan["floors"] + 1)) - set(plan.get("without_floors", ()))
        for door in (f"{floor}{place:02d}" for place in range(1, plan["doors"] + 1))
        if not {door, f"{unit}-{door}"} & set(plan.get("without", ()))
    }


def test_the_demo_files_are_what_their_script_writes(tmp_path: Path) -> None:
    """Compared part by part: another zlib may pack the same content into other bytes."""
    script = [sys.executable, str(DEMO / "make_registers.py"), str(tmp_path)]
    subprocess.run(
        script, check=True, capture_output=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    )
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == sorted(path.name for path in DEMO.glob("*.xlsx"))
    for name in written:
        with zipfile.ZipFile(tmp_path / name) as new, zipfile.ZipFile(DEMO / name) as kept:
            assert new.namelist() == kept.namelist()
            assert all(new.read(part) == kept.read(part) for part in new.namelist()), name


def test_each_sin_of_the_sample_is_found_in_its_line_and_nothing_else() -> None:
    its = read(DEMO / "register_sins.xlsx", demo_doors(COMMUNITY), community=COMMUNITY, on=ON)
    found = {one.row.remark: [problem.code for problem in one.problems] for one in its.parked}
    assert len(found) == 16
    assert all(codes == [sin] for sin, codes in found.items())
    assert [(row.remark, [p.code for p in row.problems]) for row in its.rows] == [
        ("-", ["id_also"]),
        ("phone_missing", ["phone_missing"]),
    ]
    assert its.duplicates == ((5, 4),)


def test_the_big_register_holds_ten_thousand_and_the_man_of_the_story() -> None:
    its = read(DEMO / "jianxili.xlsx", demo_doors(COMMUNITY), community=COMMUNITY, on=ON)
    counts = its.summary()
    assert (counts["ready"], counts["parked"], counts["duplicates"]) == (9975, 27, 6)
    assert len({row.id_number for row in its.rows if row.id_number}) == sum(
        bool(row.id_number) for row in its.rows
    )
    assert all(row.id_number[14:17] in ("", "000") for row in its.rows)
    assert all(number.startswith("199000") for row in its.rows for number in row.phones)
    home = [row for row in its.rows if (row.building, row.unit, row.door) == ("3", "2", "402")]
    assert (home[0].name, home[0].sex, home[0].relation) == ("宁小松", "male", "head")
    assert (len(home), home[0].born and home[0].born.year, len(home[0].phones)) == (3, 1981, 1)


@pytest.mark.parametrize(
    ("name", "community", "people"),
    [
        ("qingheli", "110198001002", 800),
        ("huaishujie", "110198001003", 500),
        ("heyan", "110198001004", 650),
        ("dongyingli", "110198001005", 300),
    ],
)
def test_the_neighbours_keep_theirs_otherwise_and_are_read_too(
    name: str, community: str, people: int
) -> None:
    its = read(DEMO / f"{name}.xlsx", demo_doors(community), community=community, on=ON)
    assert len(its.rows) + len(its.parked) == people
    assert len(its.parked) <= 3
    assert {"name", "id_number", "phones", "relation", "tenure"} <= set(its.mapping.columns)
