"""What issuing an order and serving its notice ask of a human."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .acts import LONGEST
from .models import Notice, Order


class Issue(forms.Form):
    """``issue``: person, matter and ruling are chosen outside the form."""

    measure = forms.ChoiceField(label=_("Measure"), choices=Order.Measure.choices)
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=LONGEST)
    first_day = forms.DateField(
        label=_("Day 0 (arrival)"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    clause = forms.CharField(label=_("Clause"), required=False, max_length=120)
    reason = forms.CharField(label=_("Reason"), max_length=600, widget=forms.Textarea)
    remedy = forms.CharField(label=_("Where he can object"), max_length=400, widget=forms.Textarea)


class Serve(forms.Form):
    """``serve``: how, to whom, and what proves it."""

    how = forms.ChoiceField(label=_("How"), choices=Notice.How.choices)
    to_whom = forms.ChoiceField(label=_("To whom"), choices=Notice.ToWhom.choices)
    proof = forms.ChoiceField(label=_("Proof"), choices=Notice.Proof.choices)
    proof_words = forms.CharField(label=_("The proof in words"), required=False, max_length=200)
    remedy_told = forms.BooleanField(label=_("He was told where he can object"))

    def clean(self) -> dict[str, Any]:
        """Anything but a signature is described."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("proof") and said["proof"] != Notice.Proof.SIGNED and not said.get("proof_words"):
            self.add_error("proof_words", _("Describe the proof in a word."))
        return said


class RefuseNotice(forms.Form):
    """``refuse_notice``: his position, in his own words."""

    words = forms.CharField(label=_("In his own words"), max_length=400, widget=forms.Textarea)
    witness = forms.CharField(label=_("Witness"), required=False, max_length=60)
