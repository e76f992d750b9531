"""What is the same on page after page is drawn once: the frame around a page, with the way around and the tools."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

MOST = 500
"""Pieces kept in a process; one for each reader, language, size and place in the way around. Then it begins anew."""

_drawn: dict[tuple[Any, ...], list[str]] = {}
_EDGE = "\x00"


class Kept(template.Node):
    """``{% kept me nav late csrf_token stay %} … {% endkept %}``: drawn once for each set of values and language.

    Inside, only what is named is seen, so nothing that is not part of the key can slip in. The ``late`` ones are other
    in each answer: they are set in afterwards, escaped as ever.
    """

    def __init__(self, number: str, names: list[str], late: list[str], inside: NodeList) -> None:
        self.number, self.names, self.late, self.nodelist = number, names, late, inside

    def render(self, context: Context) -> SafeString:
        """The piece, with today's late words in it."""
        given = {name: context.get(name) for name in self.names}
        key = (self.number, get_language(), repr(given))
        parts = _drawn.get(key)
        if parts is None:
            marks = {name: mark_safe(f"{_EDGE}{name}{_EDGE}") for name in self.late}  # noqa: S308 - a sign no page holds
            inside = context.new({**given, **marks})
            parts = self.nodelist.render(inside).split(_EDGE)
            if len(_drawn) >= MOST:
                _drawn.clear()
            _drawn[key] = parts
        said = parts.copy()
        for place in range(1, len(parts), 2):
            value = context.get(parts[place])
            said[place] = "" if value is None else conditional_escape(value)
        return mark_safe("".join(said))  # noqa: S308 - drawn by the template, late words escaped


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """Names of the values the piece depends on, ``late``, names of those set in afterwards."""
    words = token.split_contents()[1:]
    cut = words.index("late") if "late" in words else len(words)
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    origin = f"{parser.origin}:{token.lineno}"
    return Kept(origin, words[:cut], words[cut + 1 :], inside)
