"""What publishing and assessing ask of a human. The fields of an assessment come from the vocabulary of
facts."""

import json
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lianfang.rules.vocabulary import Fact, Kind, Label

from . import queries


def _said(label: Label) -> str:
    return label.zh if (get_language() or "").startswith("zh") else label.en


def _field(fact: Fact) -> forms.Field:
    label, unknown = _said(fact.label), ("", _("not known"))
    asks: dict[str, Any] = {"label": label, "required": False, "help_text": _said(fact.learnt)}
    match fact.kind:
        case Kind.BOOLEAN:
            return forms.ChoiceField(
                choices=[
                    unknown,
                    ("yes", pgettext_lazy("answer", "yes")),
                    ("no", pgettext_lazy("answer", "no")),
                ],
                **asks,
            )
        case Kind.NUMBER:
            return forms.IntegerField(min_value=_number(fact.low), max_value=_number(fact.high), **asks)
        case Kind.CHOICE:
            return forms.ChoiceField(
                choices=[unknown, *((word, _said(said)) for word, said in fact.values)], **asks
            )
        case Kind.DATE:
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **asks)
    return forms.RegexField(r"\A(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|[a-z_]+)\Z", max_length=20, **asks)


def _number(bound: int | date | None) -> int | None:
    return bound if isinstance(bound, int) else None


class Assess(forms.Form):
    """``assess``: one field for each fact, each of which may stay unknown."""

    MAKES = ("facts",)
    """What ``clean`` makes of the fields: an argument nobody is asked for by its name."""

    on = forms.DateField(
        label=_("Day asked about"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fact in queries.vocabulary():
            self.fields[fact.key] = _field(fact)

    def clean(self) -> dict[str, Any]:
        """``facts`` as the rules take them: what was left open is not there."""
        said: dict[str, Any] = super().clean() or {}
        facts: dict[str, object] = {}
        for fact in queries.vocabulary():
            value = said.get(fact.key)
            if value in ("", None):
                continue
            if fact.kind is Kind.BOOLEAN:
                value = value == "yes"
            facts[fact.key] = value.isoformat() if isinstance(value, date) else value
        return {**said, "facts": facts}


class Publish(forms.Form):
    """``publish``: the reviewed text as JSON."""

    document = forms.CharField(label=_("Reviewed text (JSON)"), max_length=100_000, widget=forms.Textarea)

    def clean_document(self) -> dict[str, Any]:
        """The text as data; whether it is a clear edition is for the act to say."""
        try:
            document = json.loads(self.cleaned_data["document"])
        except (json.JSONDecodeError, RecursionError) as error:
            raise forms.ValidationError(_("This is not JSON.")) from error
        if not isinstance(document, dict):
            raise forms.ValidationError(_("This is not JSON."))
        return document


class SetTerm(Publish):
    """``set_term``: the reviewed entry as JSON."""
