"""What the deeds on tokens ask of a human."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.rooms.people.roles import ROLES

from .rules import LONGEST, SYSTEMS


class Issue(forms.Form):
    """``issue``: the unit, if it is a system's, is chosen outside the form; the secret is drawn by the door."""

    label = forms.CharField(label=_("What it is for"), max_length=60)
    days = forms.IntegerField(label=_("Holds for days"), min_value=1, max_value=LONGEST, initial=90)
    role = forms.ChoiceField(
        label=_("Role of the system"),
        required=False,
        choices=[("", "–"), *((name, ROLES[name].label) for name in SYSTEMS)],
    )
