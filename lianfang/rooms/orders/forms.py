"""What the deeds of an order ask of a human."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.rules.observing import typed_temperature

from .acts import LONGEST
from .models import Alarm, Check, Notice, Objection, Order, Undertaking


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


class Reading(forms.Field):
    """What a thermometer shows. Whether a body can have it is for the act to say."""

    widget = forms.TextInput(
        attrs={"inputmode": "decimal", "autocomplete": "off", "size": 5, "maxlength": 12}
    )

    def to_python(self, value: Any) -> Any:
        """The number, or None for nothing."""
        try:
            return typed_temperature(str(value or ""))
        except ValueError as wrong:
            raise forms.ValidationError(_("Type the number the thermometer shows, such as 36.6.")) from wrong


class RecordCheck(forms.Form):
    """``record_check``: the reading as measured, how it was taken, and any complaint."""

    temperature = Reading(label=_("Temperature (℃)"), required=False)
    how = forms.ChoiceField(label=_("How it was taken"), choices=Check.How.choices)
    symptoms = forms.MultipleChoiceField(
        label=_("Complaints"),
        required=False,
        choices=Check.Symptom.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class SettleAlarm(forms.Form):
    """``settle_alarm``: what the doctor found, and the second reading."""

    finding = forms.ChoiceField(label=_("Finding"), choices=Alarm.Finding.choices)
    temperature = Reading(label=_("Second reading (℃)"), required=False)
    words = forms.CharField(label=_("What was found"), max_length=400, widget=forms.Textarea)


class ObjectTo(forms.Form):
    """``object_to``: his words, and who of the authority answers by when."""

    words = forms.CharField(label=_("In his own words"), max_length=1000, widget=forms.Textarea)
    answer_by = forms.UUIDField(label=_("Who answers (nobody who decided)"), widget=forms.Select)
    answer_due = forms.DateTimeField(
        label=_("Answer by"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    remedy_told = forms.BooleanField(label=_("He was told where else he can turn"))


class AnswerObjection(forms.Form):
    """``answer_objection``: whether the order stands, and why."""

    outcome = forms.ChoiceField(label=_("The answer"), choices=Objection.Outcome.choices)
    answer = forms.CharField(label=_("The answer in words"), max_length=1000, widget=forms.Textarea)


class Undertake(forms.Form):
    """``undertake``: how he signed, and that he knew he need not."""

    how = forms.ChoiceField(label=_("How he signed"), choices=Undertaking.How.choices)
    words = forms.CharField(label=_("What he added"), required=False, max_length=400)
    freely = forms.BooleanField(label=_("He was told that he need not sign"))


class VerifyRelease(forms.Form):
    """``verify_release``: why a check is missing."""

    why_missed = forms.CharField(label=_("Why checks are missing"), required=False, max_length=400)
