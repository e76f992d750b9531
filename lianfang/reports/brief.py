"""A brief in words: one sheet of plain values, from which its page, its paper and its picture are drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from lianfang.ground.where import level
from lianfang.rooms.briefs.models import Brief, Revision
from lianfang.rooms.briefs.rules import closes
from lianfang.rooms.people.models import Unit
from lianfang.rooms.places.models import Area
from lianfang.rooms.places.queries import communities, names_above

from .brief_words import (
    Piece,
    change_words,
    corrections,
    day_words,
    method,
    number_words,
    own_headline,
    pieces,
    revision_words,
    story,
)
from .chart import line_and_bars
from .figure_words import FIGURES, JIN, YUAN
from .figures import DAY, DAYS, Figures, Number

FIRST_SENTENCE = re.compile(r"(.+?[。！？；!?]|.+?\.(?=\s|\Z))\s*(.*)\Z", re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """A figure on the sheet. ``change`` is drawn, ``change_said`` is said; ``good``: good, bad or neither."""

    figure: str
    name: str
    value: str
    unit: str
    definition: str
    change: str = ""
    change_said: str = ""
    good: str = ""


@dataclass(frozen=True)
class Cell:
    """A number in the table: its figures and what each says, with the signs between them."""

    pieces: list[Piece]


@dataclass(frozen=True)
class Part:
    """A row of the table: a community, or the street itself; last what they come to."""

    code: str
    name: str
    cells: list[Cell]
    total: bool = False


@dataclass(frozen=True)
class Ask:
    """Something asked of those above: its first sentence, and the rest."""

    first: str
    rest: str


@dataclass(frozen=True)
class Sheet:
    """A brief as it is shown, in one language."""

    language: str
    title: str
    number: str
    issuer: str
    dated: str
    draft: str
    demo: str
    lead: list[Piece]
    own_words: bool
    tiles: list[Shown]
    groups: list[tuple[str, list[Shown]]]
    asks: list[Ask]
    chart: str
    chart_alt: str
    chart_name: str
    chart_words: str
    table_head: list[str]
    table: list[Part]
    story: str
    method: str
    corrections: list[str]
    revisions: list[str]
    signed: str
    seal: str
    heads: dict[str, str]


TILES = ("in_force", "released", "alarms_open", "tickets_open", "needs_open")
GROUPS = (
    ("observation", ("issued", "served", "refused", "undertaken", "objected", "release_due", "checks_done",
                     "checks_missed", "alarms")),
    ("asking", ("verified", "verified_answered", "questions", "rulings", "questions_open")),
    ("tickets", ("tickets", "calls", "contacts", "tickets_answered", "tickets_soon", "tickets_late")),
    ("heard", ("notes", "promises_kept", "promises_late", "needs_met", "pledges", "jin_pledged", "jin", "yuan")),
)  # fmt: skip
COLUMNS = (("in_force",), ("issued", "released"), ("alarms",), ("checks_done", "checks_missed"), ("tickets_open",),
           ("needs_open",))  # fmt: skip


def shown(name: str, figures: Figures) -> Shown:
    """A figure with its words and its change."""
    one, change = FIGURES[name], figures.change(name)
    arrow = "" if not change else f"{'▲' if change > 0 else '▼'} {number_words(abs(change))}"
    good = "" if not change or not one.better else "good" if (change > 0) == (one.better == "more") else "bad"
    return Shown(
        figure=name,
        name=str(one.words),
        value=number_words(figures.values[name]),
        unit=str(one.unit) if chinese() or one.unit in (JIN, YUAN) else "",
        definition=str(one.definition),
        change=arrow,
        change_said=change_words(change),
        good=good,
    )


def sheet(brief: Brief, figures: Figures, *, revisions: Sequence[Revision] = (), demo: bool = False) -> Sheet:
    """The sheet of a brief in the language that is active now. Three statements: the areas, their communities, who issues
    it."""
    names = {one.code: area_words(one) for one in [*names_above(brief.where), *communities(brief.where)]}
    place = names.get(brief.where, brief.where)
    published = brief.state == Brief.State.PUBLISHED
    with_table = level(brief.where) == "street"
    return Sheet(
        language="zh" if chinese() else "en",
        title=_("%(place)s epidemic brief") % {"place": place},
        number=_("No. %(n)s") % {"n": brief.number} if published else "",
        issuer=issuer_of(brief.where, place),
        dated=f"{day_words(brief.day, full=True)} {closes(brief.day):%H:%M}",
        draft="" if published else _("Draft"),
        demo=_("Demo, invented data") if demo else "",
        lead=pieces(brief.headline or own_headline(figures), figures),
        own_words=not brief.headline,
        tiles=[shown(name, figures) for name in TILES],
        groups=[(group_words()[name], [shown(one, figures) for one in those]) for name, those in GROUPS],
        asks=[ask(one) for one in brief.asks],
        chart=chart(figures),
        chart_alt=chart_said(figures),
        chart_name=_("Under observation, the last %(n)s days") % {"n": DAYS},
        chart_words=_("Line: under observation at the hour of the brief; bars: released that day."),
        table_head=[_("Community"), *(column_words())] if with_table else [],
        table=table(figures, names, brief.where) if with_table else [],
        story=story(figures.story),
        method=method(brief),
        corrections=corrections(figures.corrections),
        revisions=[revision_words(one) for one in revisions],
        signed=_("Words: %(words)s · published by %(by)s")
        % {"words": brief.words_name or _("the house"), "by": brief.published_name}
        if published
        else "",
        seal=brief.seal,
        heads=heads(),
    )


def heads() -> dict[str, str]:
    """The headings of the sheet, and the words that stand by its lines."""
    return {
        "asks": _("Asked of those above"),
        "communities": _("By community"),
        "figures": _("All figures"),
        "story": _("From the front line"),
        "method": _("Counted"),
        "corrections": _("Corrections to earlier briefs"),
        "none": _("none"),
        "revisions": _("Noted since"),
        "seal": _("Seal"),
        "issuer": _("Issued by"),
        "no_asks": _("Nothing is asked today."),
        "colon": pgettext("after a label", ": "),
    }


def group_words() -> dict[str, str]:
    """What the groups of figures are called."""
    return {
        "observation": _("Home observation"),
        "asking": _("Checkpoints and rulings"),
        "tickets": pgettext("figures", "Tickets"),
        "heard": _("Heard and helped"),
    }


def column_words() -> list[str]:
    """The heads of the table, short."""
    return [
        pgettext("column of the brief", "observed"),
        pgettext("column of the brief", "new/released"),
        pgettext("column of the brief", "alarms"),
        pgettext("column of the brief", "checked/missed"),
        pgettext("column of the brief", "tickets"),
        pgettext("column of the brief", "needs"),
    ]


def table(figures: Figures, names: Mapping[str, str], street: str) -> list[Part]:
    """By community; the street's own if there is any; and what they come to, which is the figure of the brief."""

    def cells(values: Mapping[str, Number]) -> list[Cell]:
        return [Cell([Piece(number_words(values.get(name, 0)), name) for name in those]) for those in COLUMNS]

    own = figures.parts.get("", {})
    found = [
        Part(code, names.get(code, code).removesuffix(_("Community")).strip(), cells(values))
        for code, values in sorted(figures.parts.items())
        if code
    ]
    if any(own.get(name) for those in COLUMNS for name in those):
        found.append(Part(street, _("the street itself"), cells(own)))
    return [*found, Part("", _("together"), cells(figures.values), total=True)]


def chart_said(figures: Figures) -> str:
    """The drawing in a sentence, for those who do not see it."""
    line = figures.series["in_force"]
    return _("Under observation in the last %(n)s days: from %(first)s to %(last)s, at most %(most)s.") % {
        "n": DAYS,
        "first": number_words(line[0]),
        "last": number_words(line[-1]),
        "most": number_words(max(line)),
    }


def chart(figures: Figures) -> str:
    """The drawing of the last fortnight."""
    days = [figures.day - DAY * back for back in range(DAYS - 1, -1, -1)]
    line, bars = figures.series["in_force"], figures.series["released"]
    return line_and_bars(
        chart_said(figures),
        [day_words(one) if place % 4 == 1 else "" for place, one in enumerate(days)],
        line,
        bars,
        high=_("most %(n)s") % {"n": number_words(max(line))},
        last=_("today %(n)s") % {"n": number_words(line[-1])},
        below=_("released that day"),
    )


def ask(text: str) -> Ask:
    """Something asked, its first sentence apart."""
    found = FIRST_SENTENCE.match(text)
    return Ask(found[1], found[2]) if found else Ask(text, "")


def chinese() -> bool:
    """Whether Chinese is read; in English a number stands without the word it is counted by."""
    return (get_language() or "zh").startswith("zh")


def area_words(area: Area) -> str:
    """An area's name in the language that is active now."""
    return area.name if chinese() or not area.name_en else area.name_en


def issuer_of(where: str, place: str) -> str:
    """Who issues a place's brief: the street's office, the community's committee."""
    kinds = [Unit.Kind.STREET, Unit.Kind.COMMITTEE]
    unit = Unit.objects.filter(where=where, kind__in=kinds).order_by("id").first()
    return unit.name if unit else place
