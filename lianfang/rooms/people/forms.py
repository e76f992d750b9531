"""What the deeds on people ask of a human."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .acts import REASONS
from .models import CareMark, Household, Resident, Stay, Unit
from .roles import ROLES


def _day(label: Any, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class Register(forms.Form):
    """``register``: the door is chosen outside the form."""

    name = forms.CharField(label=_("Name"), max_length=60)
    sex = forms.ChoiceField(label=_("Sex"), choices=Resident.Sex.choices, initial=Resident.Sex.UNKNOWN)
    born = _day(_("Born on"))
    id_number = forms.RegexField(
        r"\A(\d{17}[\dXx]|\d{15})\Z", label=_("ID number"), required=False, max_length=18
    )
    phone = forms.RegexField(r"\A[0-9]{5,15}\Z", label=_("Phone"), required=False, max_length=15)
    relation = forms.ChoiceField(
        label=_("Relation"), choices=Stay.Relation.choices, initial=Stay.Relation.UNKNOWN
    )
    tenure = forms.ChoiceField(
        label=_("Tenure"), choices=Household.Tenure.choices, initial=Household.Tenure.UNKNOWN
    )
    since = _day(_("Lives here since"))
    remark = forms.CharField(label=_("Remark"), required=False, max_length=200)

    def clean_id_number(self) -> str:
        """The check letter is written large."""
        number: str = self.cleaned_data["id_number"]
        return number.upper()


class MoveIn(forms.Form):
    """``move_in``: door and person are chosen outside the form."""

    relation = forms.ChoiceField(
        label=_("Relation"), choices=Stay.Relation.choices, initial=Stay.Relation.UNKNOWN
    )
    since = _day(_("Lives here since"), required=True)


class EndStay(forms.Form):
    """``end_stay``: the last day."""

    until = _day(_("Last day here"), required=True)


class MarkCare(forms.Form):
    """``mark_care``: what one must know before knocking."""

    kind = forms.ChoiceField(label=_("Care mark"), choices=CareMark.Kind.choices)
    note = forms.CharField(label=_("Remark"), required=False, max_length=200)


class Reveal(forms.Form):
    """``reveal``: which field, and why it is read."""

    field = forms.ChoiceField(
        label=_("Field"), choices=[("id_number", _("ID number")), ("phone", _("Phone"))]
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=list(REASONS.items()))


class RegisterUnit(forms.Form):
    """``register_unit``: an organisation."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Unit.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=80)


class RegisterWorker(forms.Form):
    """``register_worker``."""

    name = forms.CharField(label=_("Name"), max_length=40)
    title = forms.CharField(label=_("Title"), required=False, max_length=40)
    home_unit = forms.CharField(label=_("Home unit"), required=False, max_length=80)


class Post(forms.Form):
    """``post``: worker and unit are chosen outside the form."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(name, role.label) for name, role in ROLES.items() if role.levels]
    )
    where = forms.CharField(label=_("Place of the posting"), max_length=60)


class OpenAccount(forms.Form):
    """``open_account``: the name to sign in with, and a first password."""

    name = forms.CharField(label=_("Sign-in name"), max_length=40)
    password = forms.CharField(label=_("Password"), min_length=10, max_length=200, widget=forms.PasswordInput)
