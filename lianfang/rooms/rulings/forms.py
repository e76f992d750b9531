"""What asking upward and ruling ask of a human."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .acts import LONGEST
from .models import Question


class AskUp(forms.Form):
    """``ask_up``: the assessment is chosen outside the form."""

    question = forms.CharField(label=_("Question"), max_length=600, widget=forms.Textarea)
    view = forms.ChoiceField(label=_("Our own view"), choices=Question.Answer.choices)
    view_days = forms.IntegerField(label=_("Days"), required=False, min_value=1, max_value=LONGEST)
    view_words = forms.CharField(
        label=_("Why we think so"), required=False, max_length=400, widget=forms.Textarea
    )
    interim = forms.CharField(label=_("What is done until the answer comes"), max_length=300)
    due = forms.DateTimeField(
        label=_("Answer needed by"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    though_clear = forms.CharField(
        label=_("Why this is asked although the rules are clear"), required=False, max_length=300
    )


class Rule(forms.Form):
    """``rule``: exempt, required or modified; by a clause or by discretion."""

    answer = forms.ChoiceField(label=_("Ruling"), choices=Question.Answer.choices)
    days = forms.IntegerField(label=_("Days"), required=False, min_value=1, max_value=LONGEST)
    ground = forms.ChoiceField(label=_("It rests on"), choices=Question.Ground.choices)
    clause = forms.CharField(label=_("Clause"), required=False, max_length=120)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=600, widget=forms.Textarea)

    def clean(self) -> dict[str, Any]:
        """A clause must be named, discretion must be explained."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("ground") == Question.Ground.CLAUSE and not said.get("clause"):
            self.add_error("clause", _("Name the clause."))
        if said.get("ground") == Question.Ground.DISCRETION:
            said["clause"] = ""
            if not said.get("reason"):
                self.add_error("reason", _("Discretion needs its reason."))
        if said.get("answer") == Question.Answer.EXEMPT:
            said["days"] = None
        elif said.get("answer") and not said.get("days"):
            self.add_error("days", _("Say for how many days."))
        return said
