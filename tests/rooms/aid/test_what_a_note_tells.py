"""What a note seems to tell of a need: found by a reviewed list of words, proposed and never decided."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lianfang.rooms.aid.numbers import MOST
from lianfang.rooms.aid.queries import words_list
from lianfang.rooms.aid.rules import FAR, Found, Words, day_in, needs_in, quantities
from tests.cast import DATA

DOCUMENT = tomllib.loads((DATA / "aid" / "words.toml").read_text(encoding="utf-8"))
WORDS = Words.of(DOCUMENT)
DAY = date(2020, 2, 27)
DIGITS, STEPS = "零一二三四五六七八九", ((1000, "千"), (100, "百"), (10, "十"))


def spoken(number: int) -> str:
    """A number in Chinese, as it is taught at school."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return f"{spoken(high)}万{gap}{spoken(low) if low else ''}"
    said, gap = "", False
    for step, sign in STEPS:
        digit, number = divmod(number, step)
        if digit:
            said += ("零" if gap and said else "") + DIGITS[digit] + sign
            gap = False
        else:
            gap = bool(said)
    if number:
        said += ("零" if gap and said else "") + DIGITS[number]
    return said.removeprefix("一") if said.startswith("一十") else said


def amounts(text: str) -> list[tuple[Decimal | None, str, bool]]:
    return [(one.number, one.unit, one.rough) for one in quantities(text, WORDS)]


@pytest.mark.parametrize("example", DOCUMENT["example"], ids=lambda one: one["note"][:16])
def test_each_example_of_the_list_is_found(example: dict[str, Any]) -> None:
    wanted = [
        Found(
            one["kind"],
            one["item"],
            Decimal(one["quantity"]) if "quantity" in one else None,
            one.get("unit", ""),
            one.get("by"),
            one.get("rough", False),
        )
        for one in example["finds"]
    ]
    assert needs_in(example["note"], example["on"], WORDS) == wanted


def test_the_list_is_dated_and_says_where_it_comes_from() -> None:
    assert DOCUMENT["from"] <= DAY and DOCUMENT["source"] and DOCUMENT["grade"] in "ABCD"
    assert words_list() == WORDS


@given(some.integers(1, 999_999))
def test_a_number_is_read_in_figures_and_in_words(number: int) -> None:
    wanted = [(Decimal(number), "jin", False)]
    for said in (
        str(number),
        f"{number:,}",
        str(number).translate({48 + n: 0xFF10 + n for n in range(10)}),
        spoken(number),
    ):
        text = f"草莓{said}斤压着卖不掉"
        (found,) = needs_in(text, DAY, WORDS)
        assert [(found.quantity, found.unit, found.rough)] == wanted, said
    assert amounts(f"{number}斤") == wanted


@given(some.integers(2, 9), some.sampled_from(["百", "千"]), some.integers(1, 9))
def test_two_hundred_and_five_tens_may_be_said_short(high: int, step: str, low: int) -> None:
    size = {"百": 100, "千": 1000}[step]
    assert amounts(f"{DIGITS[high]}{step}{DIGITS[low]}斤") == [
        (Decimal(high * size + low * size // 10), "jin", False)
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("二百斤", (200, "jin", False)),
        ("两百来斤", (200, "jin", True)),
        ("大约200斤", (200, "jin", True)),
        ("200斤左右", (200, "jin", True)),
        ("三百多斤", (300, "jin", True)),
        ("二三百斤", (200, "jin", True)),
        ("三五斤", (3, "jin", True)),
        ("200到300斤", (200, "jin", True)),
        ("200-300斤", (200, "jin", True)),
        ("几十斤", (None, "jin", True)),
        ("几百斤", (None, "jin", True)),
        ("二〇〇斤", (200, "jin", False)),
        ("半斤", ("0.5", "jin", False)),
        ("一斤半", ("1.5", "jin", False)),
        ("1.5万斤", (15000, "jin", False)),
        ("0.5公斤", (1, "jin", False)),
        ("一百公斤", (200, "jin", False)),
        ("两吨", (4000, "jin", False)),
        ("三箱", (3, "box", False)),
        ("12份", (12, "portion", False)),
        ("两瓶", (2, "piece", False)),
        ("99999999斤", (None, "jin", True)),
        ("零斤", (None, "jin", True)),
        ("0.001斤", (None, "jin", True)),
    ],
)
def test_a_quantity_and_what_is_only_about_one(text: str, wanted: tuple[object, str, bool]) -> None:
    number, unit, rough = wanted
    assert amounts(text) == [(None if number is None else Decimal(str(number)), unit, rough)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3月1日前", date(2020, 3, 1)),
        ("三月一号之前", date(2020, 3, 1)),
        ("1号以前", date(2020, 3, 1)),
        ("后天就烂", date(2020, 2, 29)),
        ("大后天会坏", date(2020, 3, 1)),
        ("三天内", date(2020, 3, 1)),
        ("3天之内", date(2020, 3, 1)),
        ("周日要烂", date(2020, 3, 1)),
        ("下周一断药", date(2020, 3, 2)),
        ("周四前", DAY),
        ("下周四前", date(2020, 3, 5)),
        ("月底前", date(2020, 2, 29)),
        ("2月26日前", None),
        ("2月30日前", None),
        ("13月1日前", None),
        ("99日前", None),
        ("2月26日从大厂回来", None),
        ("明天还得送", None),
        ("一万天内", None),
    ],
)
def test_a_day_counts_from_the_day_of_the_note(text: str, day: date | None) -> None:
    assert day_in(text, DAY, WORDS) == day


@given(some.dates(date(2020, 1, 1), date(2024, 12, 31)), some.integers(0, FAR))
def test_a_day_that_lies_ahead_is_that_day(on: date, ahead: int) -> None:
    day = on + timedelta(days=ahead)
    (found,) = needs_in(f"草莓二百斤压在棚里，{day.month}月{day.day}日前卖不掉就要烂", on, WORDS)
    assert found == Found("sell", "草莓", Decimal(200), "jin", day)


@given(
    some.text(
        some.sampled_from(
            "草莓芹菜药断没缺二百两斤公箱半几0123,.年月日号前天内压烂卖不掉垃圾医院周一底，。\n\t 约来多"
        ),
        max_size=60,
    ),
    some.dates(date(1990, 1, 1), date(2100, 1, 1)),
)
def test_whatever_was_written_is_read_without_a_stumble(text: str, on: date) -> None:
    for one in needs_in(text, on, WORDS):
        assert one.quantity is None or 0 < one.quantity <= MOST
        assert one.by is None or on <= one.by <= on + timedelta(days=FAR + 31)
        assert len(one.item) <= 40
        assert one.kind in {"sell", *(kind["code"] for kind in DOCUMENT["kind"])}


@given(some.text(max_size=200), some.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_any_text_at_all_is_read(text: str, on: date) -> None:
    needs_in(text, on, WORDS)


def test_a_thing_is_proposed_once_however_often_it_is_said() -> None:
    text = "草莓压在棚里要烂。草莓二百斤。芹菜也压着，3月2日前要烂。草莓草莓，卖不掉。"
    found = needs_in(text, DAY, WORDS)
    assert [(one.item, one.quantity) for one in found] == [("草莓", Decimal(200)), ("芹菜", None)]


def test_a_very_long_note_is_read_to_its_end_and_no_further() -> None:
    needs_in("草莓二百斤，" * 5000 + "卖不掉", DAY, WORDS)
