"""A brief on one A4 and as a picture that can be forwarded, from the same sheet as its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.utils import translation
from PIL import Image
from pypdf import PdfReader

from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.reports import brief as briefs
from lianfang.reports import chart, figures, paper
from lianfang.reports.brief import Sheet
from lianfang.reports.figure_words import FIGURES
from lianfang.reports.figures import Figures
from lianfang.rooms.briefs.models import Brief
from lianfang.rooms.briefs.rules import ASK, HEADLINE
from tests.cast import HOME, STREET, Cast
from tests.conftest import _copy
from tests.examples import tell

DAY = date(2020, 2, 27)
LANGUAGES = ("zh-hans", "en")
HALF_A_MEGABYTE = 500 * 1024


@pytest.fixture(scope="module")
def night(street_template: str) -> Iterator[Cast]:
    """The night of the story, every act of it once."""
    for _ in _copy(street_template):
        cast = Cast()
        tell(cast)
        yield cast


def published(where: str, counted: Figures, **given: object) -> Brief:
    said = {
        "state": "published",
        "number": 31,
        "seal": "110198001 #4127 0123 4567 8901 2345 6789 0123 4567 8901",
        "words_name": "陈立",
        "published_name": "赵国强",
        "asks": [
            "环京通勤送货人员怎么管，口径要统一。放行后才定居家观察，当晚引来 12345。请区里明确“途经”与“停留”。"
        ],
    }
    return Brief(id=uuid4(), where=where, day=DAY, year=2020, figures=counted.as_json(), **(said | given))


def told(cast: Cast, where: str, language: str) -> Sheet:
    """The brief of the story, as a sheet."""
    with reading(cast.zhao), translation.override(language):
        counted = figures.book(where, DAY).figures()
        return briefs.sheet(published(where, counted), counted, demo=True)


def fullest(cast: Cast, language: str) -> Sheet:
    """As much as a sheet is ever asked to hold: thirty communities, the longest words, everything corrected."""
    full = {name: 1234.5 if one.adds else 987 for name, one in FIGURES.items()}
    counted = Figures(
        where=STREET,
        day=DAY,
        values=full,
        before=dict.fromkeys(full, 11),
        series={"in_force": [60 + n * 9 % 31 for n in range(14)], "released": list(range(14))},
        parts={f"110198001{n:03}": full for n in range(1, 31)} | {"": full},
        corrections=[{"brief": "", "day": "2020-02-26", "figure": name, "was": 1, "now": 2} for name in full],
        story={
            "met": True,
            "need": "sell",
            "quantity": "200",
            "unit": "jin",
            "by": ["canteen", "neighbour", "party_member"],
        },
    )
    asks = [f"第{n}件事。" + "请" * (ASK - 5) for n in range(3)]
    brief = published(STREET, counted, asks=asks, headline="居家观察{in_force}人。" + "字" * (HEADLINE - 14))
    with reading(cast.zhao), translation.override(language):
        return briefs.sheet(brief, counted, demo=True)


def plain(text: str) -> str:
    """Without blanks: where a line breaks is the setter's business."""
    return re.sub(r"[\s\u200b]", "", text)


def words_of(pdf: bytes) -> str:
    return plain("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("where", [STREET, HOME])
def test_it_is_one_a4_and_says_what_the_sheet_says(night: Cast, where: str, language: str) -> None:
    sheet = told(night, where, language)
    pdf = paper.pdf(sheet)
    (page,) = PdfReader(BytesIO(pdf)).pages
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    said = words_of(pdf)
    for one in (*sheet.tiles, *(each for _, those in sheet.groups for each in those)):
        assert plain(one.name + one.value) in said, one
    for text in (
        sheet.title, sheet.number, sheet.issuer, sheet.dated, "".join(one.words for one in sheet.lead), sheet.method, sheet.seal,
        sheet.story, sheet.signed, sheet.asks[0].first, sheet.asks[0].rest, sheet.heads["corrections"],
    ):  # fmt: skip
        assert text and plain(text) in said, text
    for part in sheet.table:
        numbers = "".join("/".join(one.words for one in cell.pieces) for cell in part.cells)
        assert plain(part.name + numbers) in said, part


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_one_a4_however_much_there_is_to_say(night: Cast, language: str) -> None:
    pdf = paper.pdf(fullest(night, language))
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert "110198001030987" in words_of(pdf)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", [told, fullest])
def test_the_picture_can_be_forwarded(night: Cast, which: object, language: str) -> None:
    sheet = told(night, STREET, language) if which is told else fullest(night, language)
    png = paper.picture(sheet)
    assert len(png) <= HALF_A_MEGABYTE
    picture = Image.open(BytesIO(png))
    assert (picture.format, picture.width, picture.mode) == ("PNG", 750, "P")
    assert picture.height > 2 * picture.width
    red = sum(n for n, colour in picture.convert("RGB").getcolors(1 << 24) or [] if _is_red(colour))
    assert red > 1000, "the head is red"


def _is_red(colour: object) -> bool:
    assert isinstance(colour, tuple)
    red, green, blue = colour
    return red > 180 and green < 60 and blue < 80


def test_its_fonts_come_with_it(night: Cast) -> None:
    (page,) = PdfReader(BytesIO(paper.pdf(told(night, STREET, "zh-hans")))).pages
    names = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert names and all("NotoSansSC" in name or "NotoSerifSC" in name for name in names), names


def test_it_says_its_name_to_those_who_listen(night: Cast) -> None:
    pdf = PdfReader(BytesIO(paper.pdf(told(night, STREET, "zh-hans"))))
    assert pdf.metadata and "清和街道疫情防控简报" in str(pdf.metadata.title)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(pdf.trailer["/Root"]["/Lang"]).startswith("zh")


@pytest.mark.parametrize("where", [STREET, HOME])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_story_is_told_so_that_nobody_can_tell_of_whom(night: Cast, where: str, language: str) -> None:
    """No name, no door, no crop: with a place and a day they would say who it is."""
    sheet = told(night, where, language)
    assert sheet.story
    everything = str(asdict(sheet))
    for word in ("宁小松", "宁", "草莓", "大棚", "3-2-402", "199000"):
        assert word not in everything, word


def test_a_draft_says_that_it_is_one(night: Cast) -> None:
    with reading(night.zhao), translation.override("zh-hans"):
        counted = figures.book(STREET, DAY).figures()
        sheet = briefs.sheet(Brief(id=uuid4(), where=STREET, day=DAY, year=2020), counted)
    assert "草稿" in words_of(paper.pdf(sheet))
    assert (sheet.number, sheet.seal, sheet.signed, sheet.demo) == ("", "", "", "")


def test_what_came_late_is_corrected_in_so_many_words(night: Cast) -> None:
    said = fullest(night, "zh-hans").corrections
    assert said[0] == "2月26日居家观察应为 2（原 1）"
    assert said[-1] == f"另有 {len(FIGURES) - 6} 处"


@pytest.mark.parametrize(
    ("line", "bars"), [([0] * 14, [0] * 14), (list(range(14)), [0] * 14), ([83, 49] * 7, [3] * 14), ([100_000] * 14, [1] * 14)]
)  # fmt: skip
def test_the_drawing_is_whole_named_and_within_its_frame(line: list[float], bars: list[float]) -> None:
    svg = chart.line_and_bars(
        "近 14 天<在观>", ["2-14"] * 14, line, bars, high="最高 1", last="今日 2", below="解除"
    )
    drawn = ElementTree.fromstring(svg)
    assert (drawn.get("role"), drawn.get("aria-label")) == ("img", "近 14 天<在观>")
    assert "style" not in svg
    for one in drawn.iter():
        for name, most in (("x", chart.WIDE), ("x1", chart.WIDE), ("x2", chart.WIDE), ("cx", chart.WIDE), ("y", chart.HIGH),
                           ("y1", chart.HIGH), ("cy", chart.HIGH)):  # fmt: skip
            assert 0 <= float(one.get(name, 0)) <= most, (one.tag, name)


@pytest.mark.parametrize(
    ("most", "top"), [(1, 1), (3, 3), (4, 4), (49, 60), (83, 100), (151, 200), (1000, 1000)]
)
def test_an_axis_ends_on_a_round_number_not_far_above(most: int, top: int) -> None:
    assert chart.scale(most)[0] == top >= most


def test_the_day_before_is_the_same_hour_of_the_day_before() -> None:
    from lianfang.rooms.briefs.rules import closes, opens

    assert closes(DAY) == datetime(2020, 2, 27, 9, 0, tzinfo=BEIJING)
    assert opens(DAY) == closes(DAY - timedelta(days=1))
