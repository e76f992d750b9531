"""Write the household registers of the demo street, as five communities keep them: each with its own titles,
spellings and mistakes. Run it as `python data/demo/make_registers.py [FOLDER]`; the same people come out
every time.
"""

import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from invented_people import TODAY, Inventor, Person, doors
from stdnum.cn import ric

HERE = Path(__file__).parent
SEED = 20200226
Cell = str | int | float | date | None
Line = list[Cell]
Spell = Callable[[Person], Cell]


@dataclass(frozen=True)
class Register:
    """How one community keeps its register: heading lines, titles, how each cell is spelt."""

    file: str
    where: str
    people: int
    headings: tuple[str, ...]
    columns: tuple[tuple[str, Spell], ...]
    groups: tuple[tuple[str, int, int], ...] = ()  # a title over several columns: text, first, last


def dashed(person: Person) -> Cell:
    return person.born.isoformat()


def by_hand(person: Person) -> Cell:
    """Two workers, two spellings: the buildings with odd numbers write 1985-03-02, the others
    1985年3月2日."""
    odd = int(person.spot[0]) % 2
    return person.born.isoformat() if odd else f"{person.born.year}年{person.born.month}月{person.born.day}日"


def dotted(person: Person) -> Cell:
    return f"{person.born:%Y.%m.%d}"


def in_words(person: Person) -> Cell:
    return "{}号楼{}单元{}".format(*person.spot)


REGISTERS = (
    Register(
        "jianxili",
        "110198001001",
        10_000,
        (
            "清和街道建西里社区居民底册（2020年2月）",
            "填表人：建西里社区居委会　　　　填表日期：2020年2月20日",
        ),
        (
            ("姓名", lambda p: p.name),
            ("性别", lambda p: p.sex),
            ("出生日期", by_hand),
            ("证件号码", lambda p: p.id_number),
            ("联系电话", lambda p: p.phone),
            ("楼号", lambda p: int(p.spot[0])),
            ("单元", lambda p: int(p.spot[1])),
            ("门牌", lambda p: int(p.spot[2])),
            ("与户主关系", lambda p: p.relation),
            ("居住性质", lambda p: p.tenure),
            ("户籍地", lambda p: p.native),
            ("备注", lambda p: p.remark),
        ),
    ),
    Register(
        "qingheli",
        "110198001002",
        800,
        ("清和里社区居民基本情况登记表",),
        (
            ("姓名", lambda p: p.name),
            ("性别", lambda p: p.sex),
            ("身份证号码", lambda p: p.id_number),
            ("联系电话(手机)", lambda p: p.phone),
            ("住  址", in_words),
            ("与户主的关系", lambda p: p.relation),
            ("自住/租住", lambda p: p.tenure),
            ("备 注", lambda p: p.remark),
        ),
    ),
    Register(
        "huaishujie",
        "110198001003",
        500,
        ("槐树街社区户底册", "（内部资料，注意保管）"),
        (
            ("楼栋", lambda p: f"{p.spot[0]}号楼"),
            ("单元", lambda p: f"{p.spot[1]}单元"),
            ("房号", lambda p: f"{p.spot[2]}室"),
            ("姓\n名", lambda p: p.name),
            ("性　别", lambda p: p.sex),
            ("出生年月日", lambda p: p.born),
            ("公民身份号码", lambda p: p.id_number),
            ("手机", lambda p: str(p.phone) if p.phone else "无"),
            ("关系", lambda p: p.relation),
            ("居住性质\n(自住/租住)", lambda p: p.tenure),
        ),
    ),
    Register(
        "heyan",
        "110198001004",
        650,
        ("河沿社区人员台账",),
        (
            ("楼-单元-门牌", lambda p: "-".join(p.spot)),
            ("姓名", lambda p: p.name),
            ("性别", lambda p: p.sex),
            ("出生年月日", dotted),
            ("身份证号", lambda p: p.id_number),
            ("联系方式", lambda p: p.phone),
            ("与户主关系", lambda p: p.relation),
            ("住房性质", lambda p: p.tenure),
            ("说明", lambda p: p.remark),
        ),
    ),
    Register(
        "dongyingli",
        "110198001005",
        300,
        ("东营里社区居民花名册",),
        (
            ("姓名", lambda p: p.name),
            ("性别", lambda p: p.sex),
            ("出生日期", dashed),
            ("身份证号码", lambda p: p.id_number),
            ("电话", lambda p: p.phone),
            ("楼号", lambda p: int(p.spot[0])),
            ("单元", lambda p: int(p.spot[1])),
            ("室", lambda p: int(p.spot[2])),
            ("与户主关系", lambda p: p.relation),
            ("居住性质", lambda p: p.tenure),
        ),
        (("居住地址", 6, 8),),
    ),
)


def with_sins(register: Register, people: list[Person]) -> list[Line]:
    """The lines of a register; in the big one a handful carry what such files really carry. The household of
    the story (3-2-402) stays as it is."""
    titles = [title for title, _spell in register.columns]
    lines = [[spell(person) for _title, spell in register.columns] for person in people]
    if register.file != "jianxili":
        return lines
    at = {title: place for place, title in enumerate(titles)}
    grown = [
        n
        for n, person in enumerate(people)
        if person.phone and person.id_number[-1:] in "123456789" and person.spot != ("3", "2", "402")
    ]
    picks = iter(grown[97 :: len(grown) // 40])

    def spoil(count: int, title: str, change: Callable[[Person, Cell], Cell]) -> None:
        for n in (next(picks) for _time in range(count)):
            lines[n][at[title]] = change(people[n], lines[n][at[title]])

    spoil(7, "证件号码", lambda p, _said: p.id_number[:17] + str(int(p.id_number[17]) % 9 + 1))
    spoil(3, "证件号码", lambda p, _said: float(p.id_number))
    spoil(2, "证件号码", lambda p, _said: p.id_number[:6] + "*" * 8 + p.id_number[14:])
    spoil(5, "门牌", lambda _p, _said: 9901)
    spoil(3, "出生日期", lambda p, _said: p.born.replace(year=p.born.year - 1, day=1).isoformat())
    spoil(4, "出生日期", lambda p, _said: f"{p.born:%y}/{p.born.month}/{p.born.day}")
    spoil(3, "联系电话", lambda p, _said: (p.phone or 0) // 10)
    spoil(2, "姓名", lambda p, _said: f"{p.name}（已搬走）")
    for n in sorted((next(picks) for _time in range(6)), reverse=True):
        lines.insert(n + 3, list(lines[n]))  # entered twice
    for n in (next(picks) for _time in range(2)):
        twin = list(lines[n])
        twin[at["楼号"]], twin[at["单元"]], twin[at["门牌"]] = 9, 2, 301
        lines.append(twin)
    return lines


def write(path: Path, register: Register, lines: Sequence[Line], numbered: bool = True) -> None:
    """One workbook with one sheet. The date of its making is fixed, so the same lines give the same bytes."""
    titles = ["序号"] * numbered + [title for title, _spell in register.columns]
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "default_date_format": "yyyy/m/d"}) as book:
        book.set_properties({"created": datetime.combine(TODAY, time(9))})
        sheet = book.add_worksheet("居民底册")
        big = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center"})
        for number, heading in enumerate(register.headings):
            sheet.merge_range(number, 0, number, len(titles) - 1, heading, big)
        top = len(register.headings)
        for text, first, last in register.groups:
            sheet.merge_range(top, first, top, last, text, head)
        grouped = {place for _text, first, last in register.groups for place in range(first, last + 1)}
        for place, title in enumerate(titles):
            if not register.groups or place in grouped:
                sheet.write_string(top + bool(register.groups), place, title, head)
            else:
                sheet.merge_range(top, place, top + 1, place, title, head)
        start = top + 1 + bool(register.groups)
        for number, line in enumerate(lines, start=1):
            put(sheet, start + number - 1, [number, *line] if numbered else line)
        sheet.write_string(start + len(lines), 0, f"合计：{len(lines)}人")
        sheet.freeze_panes(start, 0)
        sheet.set_column(0, len(titles), 11)


def put(sheet: Any, row: int, values: Line) -> None:
    """The cells of a line by their types; what is empty is not written."""
    for place, value in enumerate(values):
        if isinstance(value, date):
            sheet.write_datetime(row, place, datetime.combine(value, time()))
        elif isinstance(value, int | float):
            sheet.write_number(row, place, value)
        elif value:
            sheet.write_string(row, place, value)


def id_number(born: date, sequence: str = "000") -> str:
    """An ID number with a right check digit; county 110198 was never assigned."""
    body = f"110198{born:%Y%m%d}{sequence}"
    return body + ric.calc_check_digit(body + "0")


def sins() -> list[Line]:
    """One line per sin, in the columns of jianxili; the remark names the problem that must be found (- for
    none)."""
    born = date(1985, 3, 2)
    whole = Person(
        "蒋若溪", "女", born, "户主", "自住", ("2", "1", "101"), id_number(born), 19900000001, "北京市"
    )
    titles = [title for title, _spell in REGISTERS[0].columns]
    lines = [[spell(replace(whole, remark="-")) for _title, spell in REGISTERS[0].columns]] * 2
    cases: tuple[tuple[str, str, Cell | Callable[[Person], Cell]], ...] = (
        ("id_twice", "证件号码", whole.id_number),
        ("name_missing", "姓名", ""),
        ("name_odd", "姓名", "蒋若溪（租户）"),
        ("sex_unknown", "性别", "？"),
        ("id_check", "证件号码", lambda p: p.id_number[:17] + ("5" if p.id_number[17] != "5" else "6")),
        ("id_lost_digits", "证件号码", lambda p: float(p.id_number[:17] + "1")),
        ("id_length", "证件号码", lambda p: p.id_number[:16]),
        ("id_born_differs", "出生日期", "1958-03-02"),
        ("id_sex_differs", "证件号码", lambda p: id_number(p.born, "001")),
        ("date_impossible", "出生日期", "1985-02-30"),
        ("date_short_year", "出生日期", "85/3/2"),
        ("phone_shape", "联系电话", 1990000001),
        ("door_unknown", "门牌", 1901),
        ("door_shape", "单元", None),
        ("door_date", "门牌", date(2020, 1, 2)),
        ("id_missing", "证件号码", ""),
        ("phone_missing", "联系电话", None),
    )
    for day, (code, title, said) in enumerate(cases, start=3):
        own = date(1985, 3, 2 if code == "id_twice" else day)
        person = replace(whole, born=own, id_number=id_number(own), phone=19900000000 + day, remark=code)
        line = [spell(person) for _title, spell in REGISTERS[0].columns]
        line[titles.index(title)] = said(person) if callable(said) else said
        lines.append(line)
    return lines


def main(folder: Path) -> None:
    given = tomllib.loads((HERE / "buildings.toml").read_text(encoding="utf-8"))
    plans = {community["where"]: community["building"] for community in given["community"]}
    inventor = Inventor(SEED)
    for register in REGISTERS:
        people = inventor.community(plans[register.where], register.people, register.file == "jianxili")
        path = folder / f"{register.file}.xlsx"
        write(path, register, with_sins(register, people))
        lived = len({person.spot for person in people}) / sum(
            len(list(doors(p))) for p in plans[register.where]
        )
        print(f"{path.name}: {len(people)} people behind {lived:.0%} of the doors, {path.stat().st_size} B")
    write(folder / "register_sins.xlsx", REGISTERS[0], sins())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
