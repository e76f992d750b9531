"""What the deeds on briefs ask of a human."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .rules import ASK, ASKS, HEADLINE


class Asks(forms.CharField):
    """A few things, one on each line; from another system also a list."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, widget=forms.Textarea, max_length=ASKS * (ASK + 2))
        self.help_text = _("One on each line, at most three. The first sentence is printed bold.")

    def to_python(self, value: Any) -> Any:
        """Lines of text."""
        return super().to_python("\n".join(map(str, value)) if isinstance(value, list | tuple) else value)

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The things asked, as a list."""
        return [one.strip() for one in super().clean(value).splitlines() if one.strip()]


class Draft(forms.Form):
    """``draft``: of which day."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class Amend(forms.Form):
    """``amend``: the words. ``turn`` is what the page was written on."""

    headline = forms.CharField(
        label=_("Headline"),
        help_text=_(
            "A figure named in braces is put in, and opens its rows. Left empty, the house writes it."
        ),
        required=False,
        max_length=HEADLINE,
        widget=forms.Textarea,
    )
    asks = Asks(label=_("Asked of those above"))
    turn = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
