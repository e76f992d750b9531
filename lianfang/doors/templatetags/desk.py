"""Tags of the desk: times as people say them, badges with their four cues, form fields with their error, drawn signs.

Times come in aware and are shown in the zone of the page. ``now`` is taken from the page's context (the clock of the
installation, which a demo moves), never from the machine.
"""

import html
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Select, Textarea
from django.template.context import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

register = template.Library()

_SIGNS = {
    "mark": '<path d="M2 9h4v9H2z" opacity=".7"/><path d="M8 2h4v16H8z"/><path d="M14 6h4v12h-4z" opacity=".85"/>',
    "search": '<circle cx="8.5" cy="8.5" r="5.5" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    '<path d="m13 13 4.5 4.5" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>',
    "tick": '<path d="m4 10.5 4 4 8-9" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "print": '<path d="M5 7V3h10v4M5 14H3V8h14v6h-2M6 12h8v5H6z" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    "phone": '<path d="M5 3h3l1.5 4-2 1.5a9 9 0 0 0 4 4l1.5-2 4 1.5v3a2 2 0 0 1-2 2A13 13 0 0 1 3 5a2 2 0 0 1 2-2z" '
    'fill="none" stroke="currentColor" stroke-width="1.5"/>',
}


@register.simple_tag
def sign(name: str) -> SafeString:
    """A drawn sign, hidden from those who listen: words always stand beside it."""
    drawn = mark_safe(_SIGNS[name])  # noqa: S308 - our own constants, no input
    return format_html(
        '<svg viewBox="0 0 20 20" width="18" height="18" fill="currentColor" aria-hidden="true">{}</svg>',
        drawn,
    )


_GLYPHS = {"alarm": "!", "due": "…", "late": "!", "ok": "✓", "done": "✓", "todo": "?"}
_LETTERS = {
    "obs": lambda: pgettext("one-character label: under observation", "O"),
    "free": lambda: pgettext("one-character label: released", "R"),
    "rent": lambda: pgettext("one-character label: rented", "T"),
    "void": lambda: pgettext("one-character label: empty home", "E"),
    "care": lambda: pgettext("one-character label: needs care", "C"),
}


def _glyph(kind: str) -> str:
    return _GLYPHS.get(kind) or (_LETTERS[kind]() if kind in _LETTERS else "")


@register.simple_tag
def badge(kind: str, words: str) -> SafeString:
    """A status by hue, sign, edge and word.

    ``kind``: alarm (a person in trouble, nothing else), due, obs, late, done, free (released), ok, rent, void, todo,
    care, plain.
    """
    glyph = _glyph(kind)
    sign = f'<span class="g" aria-hidden="true">{glyph}</span>' if glyph else ""
    return SafeString(f'<span class="badge b-{_safe(kind)}">{sign}{_safe(words)}</span>')


@register.simple_tag
def glyph_of(outcome: str) -> str:
    """The sign of an answer of the rules: required, exempt or unclear."""
    return {"required": "!", "exempt": "✓", "unclear": "?"}.get(outcome, "?")


def _now(context: Context) -> datetime:
    moment = context.get("now")
    return moment if isinstance(moment, datetime) else timezone.now()


def _in_words(moment: datetime, now: datetime) -> str:
    zone = timezone.get_current_timezone()
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    clock = f"{local:%H:%M}"
    day = local.date()
    if day == today:
        return _("today %(clock)s") % {"clock": clock}
    if day == today - timedelta(days=1):
        return _("yesterday %(clock)s") % {"clock": clock}
    form = pgettext("date format", "j M") if day.year == today.year else pgettext("date format", "j M Y")
    return f"{date_format(day, form)} {clock}"


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None, full: bool = False) -> str:
    """A moment: today 21:40, yesterday 21:40, 26 Feb 21:40; the year only if it is another, or if ``full`` (on paper)."""
    if not value:  # a name the page does not have resolves to ""
        return ""
    words = _in_words(value, _now(context))
    if full:
        local = timezone.localtime(value)
        words = f"{date_format(local.date(), pgettext('date format', 'j M Y'))} {local:%H:%M}"
    return SafeString(
        f'<time datetime="{value.isoformat(timespec="minutes")}" class="num">{_safe(words)}</time>'
    )


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | None, full: bool = False) -> str:
    """A day: 11 Mar; with its year if it is another, or if ``full``."""
    if not value:  # a name the page does not have resolves to ""
        return ""
    same = value.year == timezone.localtime(_now(context)).year
    form = pgettext("date format", "j M") if same and not full else pgettext("date format", "j M Y")
    return format_html(
        '<time datetime="{}" class="num">{}</time>', value.isoformat()[:10], date_format(value, form)
    )


@register.simple_tag(takes_context=True)
def today_line(context: Context) -> str:
    """The date of the page with its weekday."""
    return date_format(timezone.localtime(_now(context)), pgettext("date format", "l j F Y"))


def _length(gap: timedelta) -> str:
    minutes = int(gap.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return _("%(h)d h %(m)d min") % {"h": hours, "m": rest} if rest else _("%(h)d h") % {"h": hours}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


@register.simple_tag(takes_context=True)
def since(context: Context, value: datetime | None) -> str:
    """How long it has been: 3 min; the script counts the minutes on."""
    if not value:  # a name the page does not have resolves to ""
        return ""
    gap = max(_now(context) - value, timedelta(0))
    minutes, seconds = divmod(int(gap.total_seconds()), 60)
    words = _("%(n)s min") % {"n": "%"}
    return format_html(
        '<span class="num" data-minutes="{}" data-seconds="{}" data-words="{}">{}</span>',
        minutes, seconds, words, _length(gap),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def due(context: Context, value: datetime | None) -> str:
    """What is left until a deadline, or by how much it has passed. Never red: nobody is in trouble for a late answer."""
    if not value:  # a name the page does not have resolves to ""
        return ""
    left = value - _now(context)
    if left < timedelta(0):
        return badge("late", _("%(time)s overdue") % {"time": _length(-left)})
    words = _("%(time)s left") % {"time": _length(left)}
    return (
        badge("due", words)
        if left < timedelta(hours=1)
        else format_html('<span class="num">{}</span>', words)
    )


def _safe(value: object) -> str:
    """Escaped unless it is HTML already. What Django's own does, without its care for lazy texts: a list asks often."""
    return value if isinstance(value, SafeString) else html.escape(str(value))


@register.simple_tag(takes_context=True)
def listed(context: Context, row: dict[str, Any]) -> SafeString:
    """One row of a list (parts/rows.html says what it holds). A list has many: drawn here it costs a tenth."""
    source = (
        f'<span class="src src-{_safe(row["src_kind"])}">{_safe(row["src"])}</span>' if row.get("src") else ""
    )
    since, who = moment(context, row.get("since")), row["who"]
    state = badge(row["kind"], row["words"]) if row.get("kind") else ""
    return SafeString(
        f'<li>{source}<div class="body"><a class="go" href="{_safe(row["href"])}">{_safe(row["title"])}</a>'
        f'<p class="wh">{_safe(who)}{" · " if who and since else ""}{since}</p></div>'
        f'<div class="tail">{state}{due(context, row.get("due"))}</div></li>\n'
    )


def _drawn_as(bound: BoundField, look: str) -> str:
    widget = bound.field.widget
    if look and isinstance(widget, Select):
        # A few choices read better side by side than folded away; a form's fields are its own copies, so this stays here.
        bound.field.widget = RadioSelect(
            choices=[one for one in widget.choices if one[0] != "" or not bound.field.required]
        )
        return "radio"
    if isinstance(widget, RadioSelect):
        return "radio"
    if isinstance(widget, CheckboxInput):
        return "tick"
    if isinstance(widget, Textarea):
        if widget.attrs.get("rows") == "10":  # Django's own default, more than anybody writes here
            widget.attrs["rows"] = "3"
        return "text"
    return "line"


@register.inclusion_tag("desk/parts/field.html")
def field(bound: BoundField | str | None, look: str = "") -> dict[str, Any]:
    """One field of a form with its words, its hint and its error.

    ``look`` widens or tightens choices: wide, tall or soft. A field the form does not have draws nothing, so one
    template serves a form that asks more of one role than of another.
    """
    if not isinstance(bound, BoundField):
        return {"field": None}
    # A soft choice offers "not known" by itself, so it is not told apart as one that may stay empty.
    optional = not bound.field.required and look != "soft"
    # The widget already points at the hint and the error by Django's ids ("_helptext", "_error").
    return {
        "field": bound,
        "as": _drawn_as(bound, look),
        "look": look,
        "errors": bound.errors,
        "optional": optional,
    }


@register.simple_tag
def page_lang() -> str:
    """The language of the page as the document says it."""
    language = get_language() or "zh-hans"
    return "zh-Hans" if language.startswith("zh") else language
