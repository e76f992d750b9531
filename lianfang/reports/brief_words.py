"""The sentences of a brief: its headline with the figures put in, its story, how it was counted, what came late."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from lianfang.rooms.aid.models import Need, Pledge
from lianfang.rooms.briefs.models import Brief, Revision
from lianfang.rooms.briefs.rules import closes, opens

from .figure_words import FIGURES
from .figures import Figures, Number

LANGUAGES = ("zh-hans", "en")
TOKEN = re.compile(r"\{ *([^{}±]+?) *(±?) *\}")
MOST = 6
"""So many corrections fit in the line; how many more there are is said."""


@dataclass(frozen=True)
class Piece:
    """A piece of a sentence: words, or a figure that opens its rows."""

    words: str
    figure: str = ""


def number_words(value: Number) -> str:
    """A number as it is printed."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def change_words(change: Number) -> str:
    """How a figure stands to the day before, in a clause of a sentence."""
    if not change:
        return _("the same as the day before")
    text = _("%(n)s more than the day before") if change > 0 else _("%(n)s fewer than the day before")
    return text % {"n": number_words(abs(change))}


def names_of_figures() -> dict[str, str]:
    """Every way a figure may be named in braces: by its name, or by its words in either language."""
    found = {name: name for name in FIGURES}
    for language in LANGUAGES:
        with override(language):
            found |= {str(one.words): name for name, one in FIGURES.items()}
    return found


def unknown_in(text: str) -> list[str]:
    """What stands in braces and is no figure."""
    known = names_of_figures()
    return [said for said, _sign in TOKEN.findall(text) if said not in known]


def pieces(text: str, figures: Figures) -> list[Piece]:
    """A sentence with its figures put in: ``{in_force}`` is the number, ``{in_force±}`` how it stands to the day before."""
    known, found, end = names_of_figures(), [], 0
    for token in TOKEN.finditer(text):
        name = known.get(token[1])
        if name is None:
            continue
        found.append(Piece(text[end : token.start()]))
        words = change_words(figures.change(name)) if token[2] else number_words(figures.values[name])
        found.append(Piece(words, name))
        end = token.end()
    return [one for one in [*found, Piece(text[end:])] if one.words]


def own_headline(figures: Figures) -> str:
    """The headline the house writes, with its figures in braces: what there is to say, and no more."""
    values = figures.values
    said = [_("Under observation: {in_force}, {in_force±}; new: {issued}, released: {released}.")]
    if values["tickets"] or values["calls"] or values["tickets_open"]:
        said.append(_("Tickets received: {tickets}, calls: {calls}; in hand: {tickets_open}."))
    if values["alarms"] or values["alarms_open"]:
        said.append(_("Alarms: {alarms}; still with a doctor: {alarms_open}."))
    if values["checks_missed"]:
        said.append(_("Checks missed: {checks_missed}."))
    if values["needs_met"] or values["jin"]:
        said.append(_("Needs met: {needs_met}; jin delivered: {jin}."))
    elif values["needs_open"]:
        said.append(_("Needs in hand: {needs_open}."))
    return ("" if (get_language() or "").startswith("zh") else " ").join(said)


def in_words(text: str) -> str:
    """A headline as an editor reads it: each figure in braces by its words in his language."""
    known = names_of_figures()

    def named(token: re.Match[str]) -> str:
        name = known.get(token[1])
        return f"{{{FIGURES[name].words}{token[2]}}}" if name else token[0]

    return TOKEN.sub(named, text)


def story(told: Mapping[str, Any] | None) -> str:
    """What was done for somebody, so that nobody can tell for whom: no name, no door, no crop."""
    if not told:
        return ""
    need = str(dict(Need.Kind.choices).get(told["need"], told["need"]))
    if told["quantity"] and told["unit"] != Need.Unit.TASK:
        need += _(" (%(much)s)") % {
            "much": f"{told['quantity']} {dict(Need.Unit.choices).get(told['unit'], '')}"
        }
    by = [str(words) for name, words in Pledge.By.choices if name in told["by"]]
    said = {"need": need, "by": pgettext("in a list", ", ").join(by) or _("the community")}
    if told["met"]:
        return (
            _("One household told us what was hard: %(need)s. Help came from %(by)s. They say it is done.")
            % said
        )
    if by:
        return (
            _("One household told us what was hard: %(need)s. Help is promised by %(by)s; it is seen to.")
            % said
        )
    return (
        _("One household told us what was hard: %(need)s. Somebody of ours sees to it, by a set time.") % said
    )


def method(brief: Brief) -> str:
    """The line that says how it was counted."""
    start, end = opens(brief.day), closes(brief.day)
    said = {
        "from": f"{day_words(start.date())} {start:%H:%M}",
        "to": f"{day_words(end.date())} {end:%H:%M}",
    }
    return (
        _(
            "from %(from)s to %(to)s; what stands, as of %(to)s. Every number is counted from lines of the notebook and opens"
            " them; what was written later is told by the next brief."
        )
        % said
    )


def corrections(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """What came late for earlier briefs, each in a few words."""
    said = [
        _("%(day)s, %(figure)s: %(now)s instead of %(was)s")
        % {
            "day": day_words(date.fromisoformat(one["day"])),
            "figure": FIGURES[one["figure"]].words if one["figure"] in FIGURES else one["figure"],
            "now": number_words(one["now"]),
            "was": number_words(one["was"]),
        }
        for one in found
    ]
    more = len(said) - MOST
    return said if more <= 0 else [*said[:MOST], _("and %(n)s more on the page") % {"n": more}]


def revision_words(one: Revision) -> str:
    """What a later brief told of this one."""
    return _("No. %(n)s of %(day)s: %(changes)s") % {
        "n": one.told_in.number,
        "day": day_words(one.told_in.day),
        "changes": _("; ").join(
            corrections([{"day": one.brief.day.isoformat(), **change} for change in one.changes])
        ),
    }


def day_words(day: date, *, full: bool = False) -> str:
    """A day as it is said; with its year if ``full``."""
    form = pgettext("date format", "j M Y") if full else pgettext("date format", "j M")
    return date_format(day, form)
