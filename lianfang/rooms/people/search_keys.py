"""The keys a person and a door are found by, and what somebody meant by what he typed.

A name is kept under its initials and its full pinyin, so that nxs finds 宁小松 with no dictionary in the
phone. A dictionary reads 曾 as ceng, but the family says Zeng: surnames have a table of their own.
"""

import re
from dataclasses import dataclass
from typing import Literal
from unicodedata import normalize

from pypinyin import lazy_pinyin

# Only surnames a dictionary reads otherwise than the family does; and those of two characters that begin
# with one.
COMPOUND = "尉迟yu.chi 万俟mo.qi 单于chan.yu 长孙zhang.sun 澹台tan.tai 宰父zai.fu 鲜于xian.yu 乐正yue.zheng"
SINGLE = (
    "曾zeng 解xie 单shan 仇qiu 查zha 区ou 翟zhai 盖ge 朴piao 乐yue 覃qin 秘bi 冼xian 逄pang 员yun 缪miao "
    "燕yan 召shao 谌chen 种chong 重chong 黑he 折she 佴nai 郗xi 那na 祭zhai 晁chao 应ying 隗wei 钭tou 訾zi "
    "宓mi 妫gui 费fei 么yao 幺yao 粘nian 相xiang 句gou 郄qie 贲ben 任ren 华hua 洗xian 哈ha 尉wei 繁po 会gui"
)
SURNAMES = {each[:2]: each[2:].split(".") for each in COMPOUND.split()}
SURNAMES |= {each[:1]: [each[1:]] for each in SINGLE.split()}

INVISIBLE = (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)
WIDE: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
WIDE |= {0x3000: 0x20, 0xA0: 0x20} | dict.fromkeys(INVISIBLE)
DASHES = re.compile(r"[‐‑‒–—―−─_~～]+|-{2,}")
HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"


def narrow(text: str) -> str:
    """Full-width letters and figures as ordinary ones, invisible characters dropped, no blanks at the
    ends."""
    return text.translate(WIDE).strip()


def _letters(text: str) -> list[str]:
    """The syllables of Chinese and the words of other writing, in small letters a to z."""
    plain = normalize("NFKD", re.sub(r"[·.'’\-]", " ", text))
    said = " ".join(lazy_pinyin(plain)).lower().split()
    return [bare for each in said if (bare := re.sub(r"[^a-z0-9]", "", each))]


def search_keys(name: str) -> str:
    """The keys of a name, joined by blanks: initials as the family says them, initials as a dictionary says
    them if they differ, the whole in pinyin. 曾小松 is "zxs cxs zengxiaosong"; 吕 is lv."""
    name = re.sub(rf"(?<=[{HAN}])\s+(?=[{HAN}])", "", narrow(name))
    usual = own = _letters(name)
    for length in (2, 1):
        if len(name) > length and name[:length] in SURNAMES:
            own = [*SURNAMES[name[:length]], *_letters(name[length:])]
            break
    initials = dict.fromkeys("".join(each[0] for each in said) for said in (own, usual))
    return " ".join([*initials, "".join(own)]).strip()


NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五六七八九", start=1)}
MARK = r"号楼|号院楼|楼栋|单元|门洞|栋|幢|座|楼|门|室|户|号|#楼?"
PART = r"[甲乙丙丁]?\d{1,4}[A-Z]?|[A-Z]\d{0,4}|[甲乙丙丁]"
WORDED = re.compile(r"([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)(?=号|栋|幢|座|楼|单元|门|室)")
SPOKEN = re.compile(rf"(?:^|[^\dA-Z-])((?:{PART})(?:-(?:{PART})){{1,2}})$")


def door_text(said: str) -> str:
    """What was said of a door, every way of writing building, unit and door turned into dashes:
    建西里３号楼二单元402室 is 建西里3-2-402."""
    text = re.sub(r"\s+", "", DASHES.sub("-", narrow(said).upper()))
    text = re.sub(r"第(?=\d)|\d+层|\.0$", "", WORDED.sub(_arabic, text))
    text = re.sub(r"(?<=[\dA-Z])[./\\](?=[\dA-Z])", "-", text)
    return re.sub(r"-+", "-", re.sub(rf"(?<=[\dA-Z甲乙丙丁])(?:{MARK})", "-", text)).strip("-")


def _arabic(numeral: re.Match[str]) -> str:
    tens, ten, ones = numeral.groups()
    if not ten:
        return "".join(str(NUMERALS[each]) for each in tens + ones)
    return str(NUMERALS.get(tens, 1) * 10 + NUMERALS.get(ones, 0))


def door_parts(said: str) -> list[str]:
    """The two or three parts a door was said in (["3", "2", "402"], or ["3", "402"] without the unit); [] if
    it was not said so."""
    found = SPOKEN.search(door_text(said))
    return found[1].split("-") if found else []


def door_keys(building: str, unit: str, door: str) -> str:
    """The keys of a door, joined by blanks: 3-2-402 32402 3-402 3号楼2单元402 3号楼402."""
    with_unit = [f"{building}-{unit}-{door}", f"{building}{unit}{door}"] if unit else []
    words = [f"{building}号楼{unit}单元{door}"] if unit else []
    return " ".join([*with_unit, f"{building}-{door}", *words, f"{building}号楼{door}"])


Kind = Literal["nothing", "name", "pinyin", "door", "phone", "phone_tail", "id", "id_tail"]


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed: its likeliest kind, the text to look for, and the kinds it may be besides."""

    kind: Kind
    text: str
    also: tuple[Kind, ...] = ()


def normalise_query(typed: str) -> Query:
    """Tell a door (3-2-402, 32402, 3号楼402), the tail of a phone (4 figures), a whole phone, an ID number
    or its tail, pinyin and a Chinese name apart."""
    text = narrow(typed)
    figures = re.sub(r"[\s-]", "", text).upper()
    if re.fullmatch(r"\d{17}[\dX]|\d{15}", figures):
        return Query("id", figures)
    if re.fullmatch(r"(\+?86)?1[3-9]\d{9}", figures):
        return Query("phone", figures[-11:])
    if parts := door_parts(text):
        return Query("door", "-".join(parts))
    if re.fullmatch(r"\d{3,5}X", figures):
        return Query("id_tail", figures)
    if re.fullmatch(r"\d{4}", figures):
        # A door of a tower (1203) has four figures too, and so has the end of an ID number.
        return Query("phone_tail", figures, ("id_tail", "door"))
    if re.fullmatch(r"\d{1,8}", figures):
        return Query("door", figures)
    if re.fullmatch(rf"(?:{PART})", stem := door_text(text)) and stem != text.upper():
        return Query("door", stem)  # 402室, 3号楼
    if re.search(rf"[{HAN}]", text):
        return Query("name", re.sub(r"\s", "", text))
    bare = re.sub(r"[^a-z0-9]", "", text.lower().replace("ü", "v"))
    return Query("pinyin", bare) if bare else Query("nothing", "")
