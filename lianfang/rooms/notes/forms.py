"""What the deeds of the notes ask of a human."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Note


class Write(forms.Form):
    """``write``: free text, and how it was heard; what was promised, and by when. Who sees to it is chosen outside the
    form, among those posted here."""

    text = forms.CharField(label=_("What was heard, felt, promised"), max_length=2000, widget=forms.Textarea)
    how = forms.ChoiceField(label=_("How it was heard"), choices=Note.How.choices)
    promise = forms.CharField(label=_("What was promised"), required=False, max_length=300)
    promise_due = forms.DateTimeField(
        label=_("Promised by"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean(self) -> dict[str, Any]:
        """A promise and its time belong together."""
        said: dict[str, Any] = super().clean() or {}
        promise, due = said.get("promise", "").strip(), said.get("promise_due")
        if promise and due is None and "promise_due" not in self.errors:
            self.add_error("promise_due", _("Say by when it was promised."))
        if due and not promise and "promise" not in self.errors:
            self.add_error("promise", _("Write down what was promised, or leave the time empty."))
        return said


class Keep(forms.Form):
    """``keep``: what came of it, if that is worth a word."""

    words = forms.CharField(label=_("What came of it"), required=False, max_length=400)
