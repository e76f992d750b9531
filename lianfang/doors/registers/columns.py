"""Which column of a register means what: a proposal a person may correct.

People title their columns as they like (联系电话(手机), 身份证号码, 楼号/单元/门牌). What we know by its
title is proposed with a confidence; what we know and do not keep is left out; the rest is shown as unmapped.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lianfang.ground.files import Row, Value, column_name, column_number
from lianfang.rooms.people.search_keys import narrow

from .problems import Problem

Field = Literal[
    "name",
    "sex",
    "born",
    "id_number",
    "phones",
    "building",
    "unit",
    "door",
    "address",
    "relation",
    "tenure",
    "remark",
]
TITLES: Mapping[Field, str] = {
    "name": "姓名 名字 居民姓名 人员姓名 成员姓名 家庭成员 住户姓名",
    "sex": "性别",
    "born": "出生日期 出生年月日 出生年月 生日 出生时间 出生",
    "id_number": "身份证号码 身份证号 身份证 证件号码 证件号 公民身份号码 公民身份证号码 居民身份证号 "
    "居民身份证号码",
    "phones": "联系电话 电话 手机 手机号 手机号码 电话号码 联系方式 本人电话 移动电话 固定电话 座机 住宅电话 "
    "宅电",
    "building": "楼号 楼栋 楼栋号 楼 栋号 栋 幢号 幢 座号 楼房号 楼门号 所在楼栋",
    "unit": "单元 单元号 单元门 所在单元 门洞",
    "door": "门牌 门牌号 室号 房号 房间号 房间 室 户室 门号 房屋号 住房号 房室号",
    "address": "住址 地址 现住址 现住地址 居住地址 详细地址 家庭住址 家庭地址 居住地 现居住地 现居住地址 "
    "实际居住地 房屋地址 住房地址 楼单元门牌 楼单元室 楼单元房号 楼栋单元房号 楼栋单元门牌 楼号单元门牌 "
    "楼号单元门牌号 楼门牌",
    "relation": "与户主关系 与户主的关系 户主关系 和户主关系 同户主关系 与本户关系 家庭关系 关系",
    "tenure": "居住性质 居住类型 居住情况 居住方式 房屋性质 住房性质 房屋类型 自住租住 租住自住 租住自有 "
    "自住或租住",
    "remark": "备注 说明 备考 其他说明 其他 特殊情况 备注说明",
}
# Known, and not kept: it follows from the rest, or a register of doors and people has no need of it.
NOT_KEPT = (
    "序号 编号 行号 号 年龄 周岁 民族 政治面貌 宗教信仰 婚姻状况 文化程度 学历 职业 工作单位 单位名称 单位 "
    "服务处所 户籍地 户籍 户籍地址 户籍所在地 户籍区划 户口所在地 户口性质 籍贯 小区 小区名称 社区 社区名称 "
    "网格 网格员 所属网格 户主 户主姓名 户主电话 户号 证件类型 证件种类 人口数 住户人数 家庭人口 家庭人数 "
    "房主 房主姓名 房东 房东姓名 房东电话 房主电话 监护人 监护人电话 紧急联系人 紧急联系电话 紧急联系人电话 "
    "填表日期 填表人 登记日期 登记人 核实人 车牌号 车牌号码 微信 微信号 面积 建筑面积"
)
LEFT_OUT = frozenset(NOT_KEPT.split())
OTHERS = re.compile(r"^(户主|房东|房主|监护人|紧急|单位|父亲|母亲|配偶|核实|登记|填表|责任|网格)")
BY_TITLE: Mapping[str, Field] = {title: name for name, titles in TITLES.items() for title in titles.split()}
MANY: frozenset[Field] = frozenset({"phones", "remark"})
HEADER_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the file has it: its letters, its title, and how sure we are of what it means (0 to 1)."""

    index: int
    title: str
    confidence: float = 0.0

    @property
    def letters(self) -> str:
        return column_name(self.index)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The proposal. `header_row` is the number of the last line of titles, 0 if there is none."""

    header_row: int
    columns: Mapping[Field, tuple[Column, ...]]
    unmapped: tuple[Column, ...] = ()
    left_out: tuple[Column, ...] = ()
    problems: tuple[Problem, ...] = ()
    titles: Mapping[int, str] = field(default_factory=dict)


def meaning(title: str) -> tuple[Field | None, float]:
    """What a title means and how sure that is: 1 as we know it, 0.8 without its brackets, 0.6 by its
    ending."""
    whole = _squashed(title)
    plain = _squashed(re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", narrow(title)))
    for text, confidence in ((whole, 1.0), (plain, 0.8)):
        if text in BY_TITLE:
            return BY_TITLE[text], confidence
        if text in LEFT_OUT:
            return None, confidence
    endings = sorted((known for known in BY_TITLE if len(known) > 1 and plain.endswith(known)), key=len)
    if endings and not OTHERS.match(plain):
        return BY_TITLE[endings[-1]], 0.6
    return None, 0.0


def _squashed(title: str) -> str:
    return re.sub(r"[\s\W_]", "", narrow(title)).removeprefix("是否")


def propose(rows: Sequence[Row], overrides: Mapping[str, str] | None = None) -> ColumnMap:
    """The map of a sheet: the titles are looked for below its heading lines. `overrides` say column -> field: the
    column by its title or its letters; "-" leaves it out."""
    header_row, titles = _titles(rows, enough=1 if overrides else 2)
    best: dict[Field, list[Column]] = {}
    left_out: list[Column] = []
    for index, title in titles.items():
        means, confidence = meaning(title)
        column = Column(index, title, confidence)
        if means:
            best.setdefault(means, []).append(column)
        elif confidence:
            left_out.append(column)
    columns: dict[Field, tuple[Column, ...]] = {}
    for means, found in best.items():
        found.sort(key=lambda column: (-column.confidence, column.index))
        columns[means] = tuple(found if means in MANY else found[:1])
    draft = ColumnMap(header_row, columns, (), tuple(left_out), (), titles)
    return _overridden(draft, overrides or {}, max((len(row.values) for row in rows), default=0))


def _titles(rows: Sequence[Row], enough: int) -> tuple[int, dict[int, str]]:
    """The line that names most fields, among them a name; with the line below it if titles go on there."""
    scored = [(len(_fields(row.values)), -place) for place, row in enumerate(rows[:HEADER_WITHIN])]
    candidates = [(score, -place) for score, place in scored if "name" in _fields(rows[-place].values)]
    score, place = max(candidates, key=lambda each: (each[0], -each[1]), default=(0, 0))
    if score < enough:
        return 0, {}
    titles = {index: str(value) for index, value in enumerate(rows[place].values) if value is not None}
    below = rows[place + 1].values if place + 1 < len(rows) else ()
    if len(_fields(below)) >= 2 and "name" not in _fields(below):
        titles |= {index: str(value) for index, value in enumerate(below) if value is not None}
        place += 1
    return rows[place].number, dict(sorted(titles.items()))


def _fields(values: Sequence[Value]) -> set[Field]:
    found = (meaning(value) for value in values if isinstance(value, str) and len(value) <= 30)
    return {means for means, confidence in found if means and confidence > 0}


def _overridden(draft: ColumnMap, overrides: Mapping[str, str], width: int) -> ColumnMap:
    columns = dict(draft.columns)
    corrected: set[Field] = set()
    dropped = {column.index for column in draft.left_out}
    problems: list[Problem] = []
    for said, name in overrides.items():
        means = next((known for known in TITLES if known == name.strip()), None)
        index = _index(said, draft.titles, width)
        if index is None:
            problems.append(Problem("map_column", {"column": said}))
            continue
        columns = {other: tuple(c for c in kept if c.index != index) for other, kept in columns.items()}
        if means:
            column = Column(index, draft.titles.get(index, ""), 1.0)
            columns[means] = (*columns[means], column) if means in corrected & MANY else (column,)
            corrected.add(means)
            dropped.discard(index)
        elif name.strip() == "-":
            dropped.add(index)
        else:
            problems.append(Problem("map_field", {"field": name, "fields": ", ".join(TITLES)}))
    columns = {means: kept for means, kept in columns.items() if kept}
    if "name" not in columns and not problems:
        problems.append(Problem("no_header", {"lines": HEADER_WITHIN}))
    used = {column.index for kept in columns.values() for column in kept}
    every = [Column(index, title) for index, title in draft.titles.items() if index not in used]
    rest = tuple(column for column in every if column.index not in dropped)
    left_out = tuple(column for column in every if column.index in dropped)
    return ColumnMap(draft.header_row, columns, rest, left_out, tuple(problems), draft.titles)


def _index(said: str, titles: Mapping[int, str], width: int) -> int | None:
    by_title = [index for index, title in titles.items() if _squashed(title) == _squashed(said)]
    if by_title:
        return by_title[0]
    letters = narrow(said).upper()
    index = column_number(letters) if re.fullmatch(r"[A-Z]{1,3}", letters) else width
    return index if index < width else None
