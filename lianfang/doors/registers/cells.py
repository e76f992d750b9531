"""Cleaning one cell of a register. Nothing is guessed: what is not certain comes back as a problem."""

import re
from collections.abc import Container, Mapping
from datetime import date, datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

from stdnum.cn import ric

from lianfang.ground.files import Value
from lianfang.rooms.people.search_keys import DASHES, HAN, door_parts, door_text, narrow

from .problems import Problem

T = TypeVar("T")
Spot = tuple[str, str, str]
"""Building, unit and door as they stand on the wall: ("3", "2", "402")."""


class Clean(NamedTuple, Generic[T]):
    """A value and what is to be said of it; beside an error or a doubt, the value is only what was
    understood."""

    value: T
    problems: tuple[Problem, ...] = ()


def bad(value: T, code: str, **params: object) -> Clean[T]:
    """What was understood, and the problem with it."""
    return Clean(value, (Problem(code, params),))


ABSENT = {"", "无", "没有", "暂无", "不详", "不明", "未知", "未提供", "拒绝提供", "空"}
ABSENT |= {"/", "\\", "-", "--", "—", "——", "0"}
EARLIEST_YEAR = 1880


def plain(value: Value) -> str:
    """A cell as text: full-width letters narrowed, invisible ones dropped, no blanks at the ends."""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return "" if value is None else narrow(str(value))


def is_absent(value: Value) -> bool:
    """Whether the cell says nothing, in one of the ways people write it (无, 不详, /)."""
    return plain(value) in ABSENT


NAME = re.compile(rf"[{HAN}]{{2,}}(·[{HAN}]+)*|[{HAN}]·[{HAN}]+|[^\W\d_{HAN}]+([ .'\-]+[^\W\d_{HAN}]+)*\.?")


def clean_name(value: Value) -> Clean[str]:
    """A name without blanks between its characters (张　三 is 张三); foreign names keep single blanks."""
    text = re.sub(r"[•．・‧∙・]", "·", plain(value))
    if text in ABSENT:
        return bad("", "name_missing")
    text = re.sub(rf"(?<=[{HAN}·])\s+(?=[{HAN}·])", "", re.sub(r"\s+", " ", text))
    if len(text) > 60 or not NAME.fullmatch(text) or re.fullmatch(r"无名氏?|测试.*|某某*", text):
        return bad(text[:60], "name_odd")
    return Clean(text)


SEXES = dict.fromkeys(("男", "男性", "M", "MALE", "1"), "male")
SEXES |= dict.fromkeys(("女", "女性", "F", "FEMALE", "2"), "female")


def clean_sex(value: Value) -> Clean[str]:
    """male, female or unknown; 1 and 2 as in GB/T 2261.1."""
    text = plain(value).upper()
    if text in ABSENT or text == "9":
        return Clean("unknown")
    return Clean(SEXES[text]) if text in SEXES else bad("unknown", "sex_unknown")


# 81-83: residence permits of people from Hong Kong, Macao and Taiwan; 91: foreigners with permanent
# residence.
PROVINCES = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46}
PROVINCES |= {50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91}


def clean_id_number(value: Value) -> Clean[str]:
    """A resident ID number (GB 11643): 18 digits, its date and its check digit. The place is at most a
    remark: its code dates from the issue of the card, so tables of counties refuse people who are there."""
    text = re.sub(r"[\s'’`‘.]|-", "", DASHES.sub("-", plain(value))).upper()
    text = re.sub("[ХхΧ×]$", "X", text)
    if is_absent(value) or not text:
        return Clean("")
    if isinstance(value, float) or re.fullmatch(r"\d+E\+?\d+", text):
        return bad("", "id_lost_digits")
    if "*" in text:
        return bad("", "id_masked")
    if not re.fullmatch(r"\d+X?", text):
        return bad("", "id_shape")
    if len(text) not in (15, 18):
        return bad("", "id_length", digits=len(text))
    old = len(text) == 15
    if old:
        text = f"{text[:6]}19{text[6:]}0"
        text = text[:-1] + ric.calc_check_digit(text) if text.isdigit() else text
    return _checked_id(text, old)


def _checked_id(text: str, old: bool) -> Clean[str]:
    if not text[:17].isdigit():
        return bad("", "id_shape")
    if _day(int(text[6:10]), int(text[10:12]), int(text[12:14])) is None:
        return bad("", "id_date")
    if ric.calc_check_digit(text) != text[17]:
        # A number Excel once rounded and somebody saved as text: the last three digits are noughts.
        return bad("", "id_lost_digits" if text.endswith("000") else "id_check")
    notes = [Problem("id_old")] if old else []
    if int(text[:2]) not in PROVINCES:
        notes.append(Problem("id_place"))
    return Clean(text, tuple(notes))


def id_born(id_number: str) -> date:
    """The birth date inside a clean ID number."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def id_sex(id_number: str) -> str:
    """The sex inside a clean ID number: odd is male. Sequence 000 is issued to nobody, so it says nothing."""
    if id_number[14:17] == "000":
        return "unknown"
    return "male" if int(id_number[16]) % 2 else "female"


MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(010|02\d|0[3-9]\d\d)([2-8]\d{6,7})")


def clean_phones(value: Value) -> Clean[tuple[str, ...]]:
    """Every number of the cell, as 19900012345, 010-69581234, 010-69581234转801: possible numbers, by their
    form."""
    text = DASHES.sub("-", plain(value))
    if is_absent(value):
        return Clean(())
    if re.search(r"\dE\+\d", text.upper()):
        return bad((), "phone_lost_digits")
    if "*" in text:
        return bad((), "phone_masked")
    text = re.sub(r"\((0\d{2,3})\)", r"\1-", text)
    found: list[str] = []
    problems: list[Problem] = []
    for piece in re.split(r"[,，、/;；|\n]|或|(?<=\d{11})[\s-]+(?=[01])", text):
        numbers, notes = _phone(piece, isinstance(value, int))
        found += [number for number in numbers if number not in found]
        problems += [note for note in notes if note not in problems]
    return Clean(tuple(found), tuple(problems))


def _phone(piece: str, was_number: bool) -> Clean[tuple[str, ...]]:
    main, _turn, extension = re.sub(r"分机|EXT\.?", "转", piece.upper()).partition("转")
    bare = re.sub(r"\(.*?\)|[^\d+]", "", main)
    words = re.search(r"[^\W\d_]", re.sub(r"\s", "", main))
    notes = (Problem("phone_words"),) if words else ()
    digits = re.sub(r"^(\+|00)86", "", bare)
    if not digits:
        return Clean((), notes)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 22 and MOBILE.fullmatch(digits[:11]) and MOBILE.fullmatch(digits[11:]):
        return Clean((digits[:11], digits[11:]), notes)
    if MOBILE.fullmatch(digits) or re.fullmatch(r"[48]00\d{7}", digits):
        return Clean((digits,), notes)
    if was_number and LANDLINE.fullmatch("0" + digits):
        digits, notes = "0" + digits, (*notes, Problem("phone_zero"))
    tail = "转" + re.sub(r"\D", "", extension) if re.search(r"\d", extension) else ""
    if landline := LANDLINE.fullmatch(digits):
        return Clean((f"{landline[1]}-{landline[2]}{tail}",), notes)
    if re.fullmatch(r"[2-8]\d{6,7}", digits):
        return Clean((digits + tail,), (*notes, Problem("phone_no_area")))
    return bad((), "phone_shape", digits=len(digits))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= EARLIEST_YEAR else None
    except ValueError:
        return None


MONTH, DAY = r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
DATE_SHAPES = (
    (re.compile(rf"(?P<year>\d{{4}})[-./年]{MONTH}[-./月]{DAY}日?(?:[T ]?0?0:00(?::00)?)?"), ""),
    (re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"), ""),
    (re.compile(rf"(?P<year>\d{{4}})[-./年]{MONTH}月?"), "date_month_only"),
    (re.compile(r"(?P<year>(?:18|19|20)\d\d)(?P<month>\d\d)"), "date_month_only"),
    (re.compile(r"(?P<year>\d{4})年?"), "date_year_only"),
    (re.compile(rf"(?P<year>\d{{2}})[-./年]{MONTH}[-./月]{DAY}日?"), "date_short_year"),
    (re.compile(r"\d{1,2}[-./]\d{1,2}[-./](?P<year>\d{4})"), "date_day_or_month"),
)


def clean_date(value: Value) -> Clean[date | None]:
    """A date in any of the ways a register spells it; a number is a day count of Excel or 19850302.

    What is no full date is a doubt whose params hold what is certain of it, so that an ID number can settle
    it.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Clean(value) if value.year >= EARLIEST_YEAR else bad(None, "date_impossible")
    if is_absent(value):
        return Clean(None)
    if isinstance(value, float) and EARLIEST_YEAR <= value <= 2100:
        return bad(None, "date_year_only", year=int(value))  # 1985.1 may be January or October
    if isinstance(value, int | float) and 2100 < value < 80_000:
        return Clean(date(1899, 12, 30) + timedelta(days=int(value)))
    text = re.sub(r"\s*([-./年月日])\s*", r"\1", DASHES.sub("-", plain(value)))
    if re.search(r"农历|阴历|腊月|正月|初[一二三四五六七八九十]", text):
        return bad(None, "date_lunar")
    for shape, doubt in DATE_SHAPES:
        if found := shape.fullmatch(text):
            said = {part: int(figures) for part, figures in found.groupdict().items()}
            if doubt:
                return bad(None, doubt, **said)
            day = _day(**said)
            return Clean(day) if day else bad(None, "date_impossible")
    return bad(None, "date_shape")


def settles(doubt: Problem, born: date) -> bool:
    """Whether the date from an ID number agrees with everything an incomplete date does say."""
    said = dict(doubt.params)
    year = said.pop("year", None)
    agrees = {"month": born.month, "day": born.day}
    return year in (born.year, born.year % 100) and all(agrees[key] == number for key, number in said.items())


MOST_UNITS = 20


def _spots(said: str) -> list[Spot]:
    """Every door that may be meant: several, if the unit is left out or the figures are run together."""
    parts = door_parts(said)
    if len(parts) == 3:
        return [(parts[0], parts[1], parts[2])]
    if len(parts) == 2:
        return [(parts[0], unit, parts[1]) for unit in ("", *map(str, range(1, MOST_UNITS + 1)))]
    text = door_text(said)
    if not re.fullmatch(r"\d{4,8}", text):
        return []
    cuts = [(first, first + second) for first in (1, 2) for second in (0, 1, 2)]
    spots = [(text[:first], text[first:second], text[second:]) for first, second in cuts]
    return [spot for spot in spots if 3 <= len(spot[2]) <= 4]


def clean_door(
    known: Container[Spot], building: Value, unit: Value, door: Value, address: Value = None
) -> Clean[Spot | None]:
    """The door these cells mean. Where they leave the unit out, or run the figures together, it is taken
    only if exactly one door of the community fits."""
    parts = [value for value in (building, unit, door) if not is_absent(value)]
    if any(isinstance(value, date) for value in (building, unit, door, address)):
        return bad(None, "door_date")
    whole = "-".join(text for value in parts if (text := door_text(plain(value))))
    sayings = [said for said in (whole, plain(door), plain(address)) if said not in ABSENT]
    if not sayings:
        return bad(None, "door_missing")
    for said in sayings:
        spots = [_bare(spot) for spot in _spots(said)]
        fitting = sorted({spot for each in spots for spot in (each, _padded(each)) if spot in known})
        if fitting and said != whole and not _agrees(building, fitting[0]):
            break
        if len(fitting) == 1:
            return Clean(fitting[0]) if len(spots) == 1 else bad(fitting[0], "door_found")
        if len(spots) == 1:
            return bad(spots[0], "door_unknown")
        if fitting:
            break
    return bad(None, "door_shape")


def _agrees(building: Value, spot: Spot) -> bool:
    """Whether a column of buildings beside a whole address names the same one."""
    return is_absent(building) or door_text(plain(building)).endswith(spot[0])


def _bare(spot: Spot) -> Spot:
    building, unit, door = (part.lstrip("0") or part for part in spot)
    return building, unit, door


def _padded(spot: Spot) -> Spot:
    return spot[0], spot[1], spot[2].zfill(4)


TENURES = {
    "owned": "自住 自有 自购 自有住房 产权 业主 自住房 自家 房主 业主自住",
    "rented": "租住 租赁 租房 承租 出租 租户 租客 租 公租房 廉租房 合租 整租",
    "other": "借住 寄住 借宿 投靠 亲属房 单位宿舍 宿舍 集体户 其他",
}
RELATIONS = {
    "head": "户主 本人 本人(户主) 户主本人 之户主",
    "spouse": "配偶 妻 妻子 夫 丈夫 之妻 之夫 爱人 老伴",
    "child": "子 女 儿子 女儿 长子 次子 三子 长女 次女 三女 独生子 独生女 之子 之女 子女",
    "parent": "父 母 父亲 母亲 之父 之母 父母 公公 婆婆 岳父 岳母",
    "kin": "孙子 孙女 外孙 外孙女 外孙子 儿媳 女婿 祖父 祖母 外祖父 外祖母 爷爷 奶奶 姥姥 姥爷 兄 弟 姐 妹 "
    "哥哥 弟弟 姐姐 妹妹 侄子 侄女 外甥 外甥女 亲属 其他亲属 亲戚",
    "tenant": "租户 租客 承租人 租住 合租 合租人 室友",
    "other": "其他 非亲属 保姆 护工 朋友 同事 寄居 借住",
}
TENURE_OF = {word: code for code, words in TENURES.items() for word in words.split()}
RELATION_OF = {word: code for code, words in RELATIONS.items() for word in words.split()}


def _word(value: Value, codes: Mapping[str, str], unknown: str) -> Clean[str]:
    text = re.sub(r"\s", "", plain(value))
    if is_absent(value):
        return Clean("unknown")
    return Clean(codes[text]) if text in codes else bad("unknown", unknown)


def clean_tenure(value: Value) -> Clean[str]:
    """owned, rented, other or unknown; somebody registered here who lives elsewhere is a doubt."""
    if re.search(r"空挂|人户分离|不在|搬走|迁出|已故|死亡", plain(value)):
        return bad("unknown", "tenure_elsewhere")
    return _word(value, TENURE_OF, "tenure_unknown")


def clean_relation(value: Value) -> Clean[str]:
    """head, spouse, child, parent, kin, tenant, other or unknown."""
    return _word(value, RELATION_OF, "relation_unknown")


def clean_remark(value: Value) -> Clean[str]:
    """Free text, at most 200 letters."""
    text = re.sub(r"\s*\n\s*", " ", plain(value))
    return Clean(text) if len(text) <= 200 else bad(text[:200], "remark_cut", letters=200)
