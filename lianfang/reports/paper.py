"""A brief on paper and as a picture: its sheet, set in type by a compiler that comes in a wheel, with fonts that come in
one too. Nothing is taken from the machine, so it looks the same on each."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock

import pylopdf_fonts_zh_cn
import typst
from PIL import Image, ImageColor

from .brief import Sheet

FORM = Path(__file__).with_name("brief.typ")
FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
"""Noto Sans SC and Noto Serif SC, one weight each."""

WIDE = 750
"""How many pixels wide the picture is: a phone's screen, twice as sharp as it counts."""

INKS = ("#17232a", "#44545c", "#c8102e", "#1d6438", "#9b1c14", "#8fb4da", "#5c6b73")
GROUNDS = ("#ffffff", "#f6f3ea", "#c9ccc6", "#dcdcd6")
SHADES = 9
"""What is drawn with, what it is drawn on, and the steps between an ink and white at the edge of a letter: no other
colour is in the picture, so a palette of them loses none."""

_alone = Lock()
"""One is set at a time: it takes a tenth of a second and all of one core."""


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(input=str(FORM), font_paths=fonts, ignore_system_fonts=True)


def pdf(sheet: Sheet) -> bytes:
    """One A4, tagged for those who listen, its text to be searched and copied."""
    return _set(_inputs(sheet, "a4"), "pdf")


def picture(sheet: Sheet) -> bytes:
    """A long PNG, 750 pixels wide, few colours: it is forwarded by telephone."""
    return _few_colours(_set(_inputs(sheet, "long"), "png"))


def _inputs(sheet: Sheet, form: str) -> tuple[str, str, str]:
    said = asdict(sheet)
    return form, said.pop("chart"), json.dumps(said, ensure_ascii=False, sort_keys=True)


@cache
def _palette() -> Image.Image:
    colours = [ImageColor.getrgb(one)[:3] for one in GROUNDS]
    for ink in INKS:
        full = ImageColor.getrgb(ink)[:3]
        for step in range(SHADES):
            colours.append(tuple(round(each + (255 - each) * step / SHADES) for each in full))  # type: ignore[arg-type]
    palette = Image.new("P", (1, 1))
    palette.putpalette([each for colour in colours for each in colour])
    return palette


@lru_cache(maxsize=16)
def _few_colours(png: bytes) -> bytes:
    drawn = Image.open(BytesIO(png)).convert("RGB")
    written = BytesIO()
    drawn.quantize(palette=_palette(), dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


@lru_cache(maxsize=16)
def _set(inputs: tuple[str, str, str], kind: str) -> bytes:
    form, chart, sheet = inputs
    given = {"form": form, "chart": chart, "sheet": sheet}
    with _alone:
        done = _compiler().compile(format=kind, ppi=WIDE / 375 * 72, sys_inputs=given)  # type: ignore[arg-type]
    if not isinstance(done, bytes):
        raise ValueError("a brief is set on one sheet")
    return done
