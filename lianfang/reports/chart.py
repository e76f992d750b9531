"""A line with bars below it, drawn as SVG by hand: it prints, needs no script, says its name to those who listen, and a
setter of type takes it as it is. Attributes only, no styles: the pages allow none inline."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDE, HIGH = 330.0, 170.0
LEFT, RIGHT, TOP, BOTTOM = 36.0, 302.0, 20.0, 134.0
INK, QUIET, RULE, BAR = "#17232a", "#44545c", "#dcdcd6", "#8fb4da"
FONTS = "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


def scale(most: float) -> tuple[int, int]:
    """The top of the axis and the step between its lines: whole numbers, three or four lines."""
    step = 1
    while step * 3 < most:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return max(-(-int(-(-most // 1)) // step), 1) * step, step


def line_and_bars(
    name: str,
    days: Sequence[str],
    line: Sequence[float],
    bars: Sequence[float],
    *,
    high: str,
    last: str,
    below: str,
) -> str:
    """The drawing. ``name``: what it says to those who do not see it; ``days``: a word below each value (those that are
    empty are left out); ``high``, ``last`` and ``below``: words at the highest value, at the last, and for the bars."""
    top, step = scale(max([*line, *bars, 1]))
    apart = (RIGHT - LEFT) / max(len(line) - 1, 1)

    def x(place: int) -> float:
        return LEFT + apart * place

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * value / top

    drawn = [
        f'<line x1="{LEFT - 4:.1f}" x2="{RIGHT + 8:.1f}" y1="{y(mark):.1f}" y2="{y(mark):.1f}"'
        f' stroke="{RULE}" stroke-width="0.7"/>' + _text(LEFT - 8, y(mark) + 4, str(mark), "end", QUIET)
        for mark in range(0, top + 1, step)
    ]
    drawn += [
        f'<rect x="{x(place) - 4:.1f}" y="{y(value):.1f}" width="8" height="{BOTTOM - y(value):.1f}" fill="{BAR}"/>'
        for place, value in enumerate(bars)
        if value
    ]
    points = " ".join(f"{x(place):.1f},{y(value):.1f}" for place, value in enumerate(line))
    drawn.append(
        f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="2.2" stroke-linejoin="round"/>'
    )
    drawn += [_text(x(place), BOTTOM + 16, word, "middle", QUIET) for place, word in enumerate(days) if word]
    end, peak = len(line) - 1, max(range(len(line)), key=lambda place: (line[place], place))
    drawn.append(f'<circle cx="{x(end):.1f}" cy="{y(line[end]):.1f}" r="3.4" fill="{INK}"/>')
    drawn.append(_text(RIGHT + 8, max(y(line[end]) - 8, 12), last, "end", INK, bold=True))
    if peak < end - 3:
        drawn.append(f'<circle cx="{x(peak):.1f}" cy="{y(line[peak]):.1f}" r="2.6" fill="{INK}"/>')
        drawn.append(
            _text(max(x(peak), LEFT + 20), max(y(line[peak]) - 6, 12), high, "middle", INK, bold=True)
        )
    if any(bars):
        drawn.append(f'<rect x="{LEFT:.1f}" y="{HIGH - 8:.1f}" width="8" height="6" fill="{BAR}"/>')
        drawn.append(_text(LEFT + 12, HIGH - 2, below, "start", QUIET))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:.0f} {HIGH:.0f}" role="img"'
        f' aria-label="{escape(name)}">{"".join(drawn)}</svg>'
    )


def _text(x: float, y: float, word: str, anchor: str, ink: str, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    size = 13 if bold else 12
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" font-family="{FONTS}"'
        f' fill="{ink}"{weight}>{escape(word)}</text>'
    )
