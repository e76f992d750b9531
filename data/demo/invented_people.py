"""Invented people for the demo street: households behind doors, with names, ages, ID numbers and telephones.

Nobody here exists. Every ID number has the sequence code 000, which is never issued, and begins with a
county code that was never assigned; every telephone is 199000xxxxx. The same seed gives the same people.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from stdnum import numdb
from stdnum.cn import ric

TODAY = date(2020, 2, 20)

SURNAMES = (
    "王72 李70 张67 刘54 陈45 杨31 黄22 赵25 周19 吴18 徐16 孙17 马14 朱12 胡12 郭13 何10 高12 林10 罗8 郑8 "
    "梁8 谢7 宋8 唐6 许6 韩8 冯6 邓6 曹6 彭6 曾5 肖5 田6 董6 袁5 潘5 于6 蒋5 蔡4 余4 杜5 叶4 程4 苏4 魏5 吕4 "
    "丁4 任4 沈4 姚4 卢4 姜4 崔4 钟3 谭3 陆3 汪3 范4 金3 石3 廖3 贾3 夏3 韦2 付3 方3 白3 邹3 孟3 熊3 秦3 邱2 "
    "江2 尹2 薛3 闫3 段2 雷2 侯2 龙2 史2 陶2 黎2 贺2 顾2 毛2 郝2 龚2 邵2 万2 钱2 严2 武2 戴2 孔2 向1 汤2 常2 "
    "温1 康1 施1 文1 牛1 樊1 葛1 邢1 安1 齐1 乔1 庞1 颜1 庄1 聂1 章1 鲁1 岳1 翟1 殷1 詹1 申1 欧阳1 耿1 关1 "
    "兰1 焦1 左1 柳1 甘1 祝1 包1 宁1 尚1 符1 舒1 阮1 柯1 纪1 梅1 童1 凌1 毕1 单1 季1 裴1 霍1 涂1 成1 苗1 谷1 "
    "盛1 曲1 冉1 骆1 路1 游1 解1 仇1 查1 区1 尉迟1"
)
GIVEN = {  # by the year of birth from which they are usual: men, women; one or two characters each
    1900: (
        "德福 永贵 长海 树林 振华 国栋 凤山 玉山 宝田 文斌 金生 庆云 书田 广义 福来 连生 占山 景春 兆祥 万年 "
        "志远 学文",
        "桂兰 淑珍 凤英 玉珍 素琴 桂英 淑芬 秀兰 玉兰 淑华 秀珍 桂荣 素芳 玉梅 凤兰 金凤 淑敏 慧珍 兰英 瑞芝 "
        "宝珍 文秀",
    ),
    1949: (
        "建国 建军 国庆 卫东 志刚 援朝 跃进 永红 卫国 建华 爱民 保国 建平 志强 国华 振国 玉成 新民 和平 立新 "
        "铁柱 忠义",
        "建英 丽华 秀云 桂芳 爱华 红英 国英 淑琴 玉华 春兰 凤霞 秀芬 爱玲 亚琴 月琴 桂香 惠英 雅琴 美华 小红 "
        "彩云 玉琴",
    ),
    1966: (
        "伟 军 强 勇 涛 斌 鹏 峰 辉 刚 海涛 晓东 志勇 建新 立军 春生 宏伟 永刚 文革 学军 红兵 少华 俊杰 彦军 "
        "东升 海波",
        "丽 敏 静 燕 艳 红 霞 梅 娟 玲 丽娟 晓红 春梅 海燕 丽萍 秋菊 志红 雪梅 文娟 亚男 晓燕 冬梅 桂芹 立红 "
        "淑红 彦玲",
    ),
    1982: (
        "磊 超 浩 鑫 凯 旭 帅 宇 博 晨 亮 明 龙 杰 阳 雷 志鹏 海洋 文博 晓晨 建宇 一鸣 子健 天宇 雨生 思远 "
        "家明 少东",
        "婷 雪 莹 倩 颖 璐 蕾 琳 佳 悦 丹 娜 晶 瑶 静怡 晓雪 梦瑶 雨晴 思雨 佳宁 文静 海月 慧琳 雅楠 春晓 "
        "心怡 天娇 若溪",
    ),
    2003: (
        "子轩 浩然 宇航 梓豪 俊熙 博文 天佑 一诺 子墨 泽宇 明轩 嘉懿 煜城 奕辰 皓宇 睿泽 沐阳 承宇 景行 知远 "
        "星野 云帆",
        "子涵 梓萱 欣怡 雨桐 诗涵 一诺 可馨 语桐 佳琪 若曦 思彤 梦琪 沐晴 依诺 静姝 书瑶 乐瑶 清妍 芷若 安然 "
        "予希 念慈",
    ),
}
# Where cards were issued, by province code; the county part (95 to 99) was never assigned.
PROVINCES = {11: 62, 13: 11, 37: 5, 41: 6, 14: 3, 21: 2, 22: 1, 23: 3, 34: 3, 42: 2, 15: 2, 51: 1, 61: 1}
HOUSEHOLDS = {
    "young_alone": 8, "old_alone": 8, "young_pair": 10, "old_pair": 14, "one_child": 27, "two_children": 7,
    "three_generations": 15, "one_parent": 4, "flatmates": 7,
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One line of a register. `spot` is building, unit, door; `relation` the word of the register."""

    name: str
    sex: str
    born: date
    relation: str
    tenure: str
    spot: tuple[str, str, str]
    id_number: str = ""
    phone: int | None = None
    native: str = ""
    remark: str = ""

    @property
    def age(self) -> int:
        return TODAY.year - self.born.year - ((TODAY.month, TODAY.day) < (self.born.month, self.born.day))


def doors(plan: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The doors of a building of buildings.toml, as the building generator draws them."""
    for unit in range(1, plan["units"] + 1):
        for floor in range(1, plan["floors"] + 1):
            for place in range(1, plan["doors"] + 1):
                door = f"{floor}{place:02d}"
                missing = {door, f"{unit}-{door}"} & set(plan.get("without", ()))
                if not missing and floor not in plan.get("without_floors", ()):
                    yield plan["number"], str(unit), door


def _prefixes() -> dict[int, list[str]]:
    places = numdb.get("cn/loc")
    codes = {
        province: [f"{province}{city:02d}{county}" for city in range(1, 13) for county in range(95, 100)]
        for province in PROVINCES
    }
    return {
        province: [code for code in found if not any("county" in props for _part, props in places.info(code))]
        for province, found in codes.items()
    }


class Inventor:
    """Invents the people of all communities; what must be unique in the street (ID, telephone) is kept
    here."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.ids: set[str] = set()
        numbers = list(range(100_000))
        self.dice.shuffle(numbers)
        self.numbers = iter(19_900_000_000 + number for number in numbers)
        self.prefixes = _prefixes()
        table = numdb.get("cn/loc")
        self.names = {code: dict(table.info(f"{code}0000")[0][1])["province"] for code in PROVINCES}
        said = [(word.rstrip("0123456789"), word) for word in SURNAMES.split()]
        self.surnames = [surname for surname, _word in said]
        self.weights = [int(word[len(surname) :]) for surname, word in said]

    def community(self, plans: list[dict[str, Any]], people: int, story: bool = False) -> list[Person]:
        """That many people behind the doors of a community, in the order of its doors; some doors stay
        empty."""
        spots = [spot for plan in plans for spot in doors(plan)]
        order = spots.copy()
        self.dice.shuffle(order)
        taken: dict[tuple[str, str, str], list[Person]] = {}
        if story:
            order.remove(("3", "2", "402"))
            taken["3", "2", "402"] = self._story()
        count = sum(map(len, taken.values()))
        while count < people:
            spot = order.pop()
            taken[spot] = self._household(spot)[: people - count]
            count += len(taken[spot])
        return [person for spot in spots for person in taken.get(spot, ())]

    def _story(self) -> list[Person]:
        spot = ("3", "2", "402")
        family = (
            ("宁小松", "男", 1981, "户主"),
            ("韩晓雪", "女", 1983, "妻子"),
            ("宁沐阳", "男", 2011, "儿子"),
        )
        home = [Person(n, s, self._day(year), r, "自住", spot) for n, s, year, r in family]
        return [self._registered(person, 11) for person in home]

    def _household(self, spot: tuple[str, str, str]) -> list[Person]:
        kind = self.dice.choices(list(HOUSEHOLDS), list(HOUSEHOLDS.values()))[0]
        rented = self.dice.random() < {"young_alone": 0.7, "flatmates": 1, "young_pair": 0.45}.get(kind, 0.1)
        tenure = "租住" if rented else "自住"
        province = self._province(local=0.25 if rented else 0.8)
        made = [replace(person, tenure=tenure, spot=spot) for person in self._family(kind)]
        return [self._registered(person, province) for person in made]

    def _family(self, kind: str) -> list[Person]:
        dice = self.dice
        if kind == "flatmates":
            return [
                self._person(dice.randint(21, 34), relation="户主" if n == 0 else "合租")
                for n in range(dice.choice((2, 2, 3)))
            ]
        if kind in ("young_alone", "old_alone"):
            return [
                self._person(
                    dice.randint(22, 45) if kind == "young_alone" else dice.randint(66, 92), relation="户主"
                )
            ]
        ages = {"young_pair": (24, 38), "old_pair": (58, 88), "one_parent": (30, 52)}.get(kind, (28, 55))
        head = self._person(dice.randint(*ages), relation="户主", sex=dice.choices("男女", (3, 1))[0])
        family = [head]
        if kind != "one_parent":
            other = "女" if head.sex == "男" else "男"
            word = "妻子" if other == "女" else "丈夫"
            family.append(self._person(max(22, head.age + dice.randint(-5, 4)), relation=word, sex=other))
        father = next((person for person in family if person.sex == "男"), head)
        youngest = min(person.age for person in family) - 23
        if kind in ("one_child", "two_children", "three_generations", "one_parent"):
            for _child in range(2 if kind == "two_children" else 1):
                sex = dice.choice("男女")
                age = dice.randint(0, max(1, min(youngest, 27)))
                surname = self._surname_of(father.name)
                family.append(self._person(age, "儿子" if sex == "男" else "女儿", sex, surname))
        if kind == "three_generations":
            for sex in dice.choice(("男女", "女", "女男")):
                surname = self._surname_of(head.name) if sex == "男" else ""
                age = min(96, head.age + dice.randint(22, 32))
                family.append(self._person(age, "父亲" if sex == "男" else "母亲", sex, surname))
        return family

    def _person(self, age: int, relation: str, sex: str = "", surname: str = "") -> Person:
        sex = sex or self.dice.choice("男女")
        born = self._day(TODAY.year - age - 1) if age else TODAY - timedelta(days=self.dice.randint(3, 300))
        surname = surname or self.dice.choices(self.surnames, self.weights)[0]
        usual = max(year for year in GIVEN if year <= born.year)
        given = self.dice.choice(GIVEN[usual]["男女".index(sex)].split())
        return Person(surname + given, sex, born, relation, "", ("", "", ""))

    def _surname_of(self, name: str) -> str:
        return name[:2] if name[:2] in self.surnames else name[:1]

    def _day(self, year: int) -> date:
        """A day of that year or, for who is as old on the day of the register, of the next before it."""
        return date(year, 1, 1) + timedelta(days=self.dice.randrange(365))

    def _province(self, local: float) -> int:
        if self.dice.random() < local:
            return 11
        return self.dice.choices(list(PROVINCES), list(PROVINCES.values()))[0]

    def _registered(self, person: Person, province: int) -> Person:
        dice = self.dice
        has_phone = dice.random() < (
            0.0 if person.age < 12 else 0.4 if person.age < 18 else 0.98 if person.age < 75 else 0.72
        )
        has_id = person.age > 0 or dice.random() < 0.6
        alone = person.relation == "户主" and person.age > 78 and dice.random() < 0.3
        return replace(
            person,
            id_number=self._id_number(person.born, province) if has_id else "",
            phone=next(self.numbers) if has_phone or person.name == "宁小松" else None,
            native=self.names[province],
            remark="高龄" if alone else "",
        )

    def _id_number(self, born: date, province: int) -> str:
        while True:
            body = f"{self.dice.choice(self.prefixes[province])}{born:%Y%m%d}000"
            number = body + ric.calc_check_digit(body + "0")
            if number not in self.ids:
                self.ids.add(number)
                return number
