"""What the deeds of aid ask of a human."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .acts import FIRST_DAY, MOST
from .models import Need
from .models import Pledge as Given

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _much(label: Any, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=required, min_value=0, max_value=MOST, decimal_places=2)


class Ask(forms.Form):
    """``ask``: what he is asked on the first day. The door and the matter are found outside the form."""

    ticked = forms.MultipleChoiceField(
        label=_("What does he need while he stays at home?"),
        choices=[(one.value, one.label) for one in FIRST_DAY],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(label=_("In his words"), required=False, max_length=600, widget=forms.Textarea)


class Propose(forms.Form):
    """``propose``: a need noted by hand."""

    kind = forms.ChoiceField(label=_("What kind of need"), choices=Need.Kind.choices)
    item = forms.CharField(label=_("What exactly"), required=False, max_length=40)
    quantity = _much(_("How much"))
    unit = forms.ChoiceField(label=_("Counted in"), choices=Need.Unit.choices, initial=Need.Unit.TASK)
    perish_by = forms.DateField(label=_("Needed by"), required=False, widget=DAY)
    words = forms.CharField(label=_("In his words"), required=False, max_length=2000, widget=forms.Textarea)

    def clean_quantity(self) -> Any:
        """Nothing is not a quantity."""
        return self.cleaned_data["quantity"] or None


class Confirm(forms.Form):
    """``confirm``: how much of what, until when. Who sees to it is chosen among those posted here."""

    kind = forms.ChoiceField(label=_("What kind of need"), choices=Need.Kind.choices)
    item = forms.CharField(label=_("What exactly"), required=False, max_length=40)
    quantity = _much(_("How much"))
    unit = forms.ChoiceField(label=_("Counted in"), choices=Need.Unit.choices)
    price = _much(_("Yuan for one, if it is sold"))
    perish_by = forms.DateField(label=_("Needed by"), required=False, widget=DAY)
    due = forms.DateTimeField(
        label=_("Done by"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean(self) -> dict[str, Any]:
        """What is counted has a number; the number is more than nothing."""
        said: dict[str, Any] = super().clean() or {}
        for name in ("quantity", "price"):
            said[name] = said.get(name) or None
        if said.get("unit") != Need.Unit.TASK and said["quantity"] is None and "quantity" not in self.errors:
            self.add_error("quantity", _("Say how much is needed: ask him."))
        return said


class Drop(forms.Form):
    """``drop``: why."""

    why = forms.CharField(label=_("Why it is dropped"), max_length=400, widget=forms.Textarea)


class Pledge(forms.Form):
    """``pledge``: who gives his word for how much."""

    by_kind = forms.ChoiceField(label=_("Who helps"), choices=Given.By.choices)
    by_name = forms.CharField(label=_("Name"), max_length=60)
    by_phone = forms.RegexField(r"\A[0-9+ -]{3,20}\Z", label=_("Phone"), required=False, max_length=20)
    quantity = _much(_("How much"), required=True)


class Withdraw(forms.Form):
    """``withdraw``: why."""

    why = forms.CharField(label=_("Why it is withdrawn"), max_length=400, widget=forms.Textarea)


class Deliver(forms.Form):
    """``deliver``: how much came, and what was paid."""

    quantity = _much(_("How much came"))
    yuan = _much(_("Yuan paid"))

    def clean(self) -> dict[str, Any]:
        """Nothing said is nothing; one of the two is something."""
        said: dict[str, Any] = super().clean() or {}
        for name in ("quantity", "yuan"):
            if name not in self.errors:
                said[name] = said.get(name) or Decimal(0)
        if not self.errors and not said["quantity"] and not said["yuan"]:
            self.add_error("quantity", _("Say how much came, or what was paid."))
        return said


class Meet(forms.Form):
    """``meet``: what the resident says."""

    words = forms.CharField(label=_("In his words"), max_length=600, widget=forms.Textarea)
