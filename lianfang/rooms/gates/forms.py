"""What the deeds at the gates ask of a human."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Verification


class Ask(forms.Form):
    """``ask``: what the caller says."""

    post = forms.CharField(label=_("Checkpoint"), max_length=60)
    asked_for = forms.CharField(label=_("Name as given"), max_length=40)
    asks = forms.ChoiceField(label=_("What the checkpoint asks"), choices=Verification.Asks.choices)
    id_tail = forms.RegexField(
        r"\A[0-9]{0,3}[0-9Xx]\Z", label=_("Last characters of the ID number"), required=False, max_length=4
    )
    plate = forms.CharField(label=_("Number plate"), required=False, max_length=12)
    officer = forms.CharField(label=_("Officer"), required=False, max_length=40)
    callback = forms.RegexField(
        r"\A[0-9+ -]{3,20}\Z", label=_("Call-back number"), required=False, max_length=20
    )


class Answer(forms.Form):
    """``answer``: the person of the register is chosen outside the form."""

    answer = forms.ChoiceField(label=_("Answer"), choices=Verification.Answer.choices)
    words = forms.CharField(label=_("In words"), required=False, max_length=200)


class Settle(forms.Form):
    """``settle``: what the checkpoint did."""

    result = forms.ChoiceField(label=_("What the checkpoint did"), choices=Verification.Result.choices)
