"""What the deeds on tickets ask of a human."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.rooms.people.acts import REASONS

from .models import Channel, Ticket

YES_NO = [("yes", pgettext_lazy("call-back", "yes")), ("no", pgettext_lazy("call-back", "no"))]


class Answered(forms.ChoiceField):
    """Yes, no, or not asked: True, False, None."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, choices=YES_NO, required=False)

    def to_python(self, value: Any) -> Any:
        """``yes`` and ``no`` as they stand on the page; True and False as another system says them."""
        return {True: "yes", False: "no", "True": "yes", "False": "no"}.get(value, super().to_python(value))

    def clean(self, value: Any) -> Any:
        """True, False or None."""
        return {"yes": True, "no": False}.get(super().clean(value))


class Lodge(forms.Form):
    """``lodge``: what the caller says. The door and the matter are found outside the form."""

    channel = forms.ChoiceField(label=_("How it came"), choices=Channel.choices)
    outside_no = forms.CharField(label=_("Number at 12345 or 110"), required=False, max_length=40)
    caller_name = forms.CharField(label=_("Name of the caller"), required=False, max_length=60)
    caller_phone = forms.RegexField(
        r"\A[0-9+ -]{3,20}\Z", label=_("Phone of the caller"), required=False, max_length=20
    )
    type = forms.ChoiceField(label=_("What kind of request"), choices=Ticket.Type.choices)
    category = forms.ChoiceField(label=_("What it is about"), choices=Ticket.Category.choices)
    words = forms.CharField(label=_("What the caller says"), max_length=2000, widget=forms.Textarea)
    level = forms.ChoiceField(
        label=_("Time for the answer"),
        choices=[("", _("by type and category")), *Ticket.Level.choices],
        required=False,
    )


class LogCall(forms.Form):
    """``log_call``: he calls again about the same."""

    channel = forms.ChoiceField(label=_("How it came"), choices=Channel.choices)
    outside_no = forms.CharField(label=_("Number at 12345 or 110"), required=False, max_length=40)
    words = forms.CharField(label=_("What the caller says"), max_length=2000, widget=forms.Textarea)
    progress = forms.CharField(
        label=_("What he was told about how it stands"),
        required=False,
        max_length=3000,
        widget=forms.Textarea,
    )


class Speak(forms.Form):
    """``speak``: a talk with the caller."""

    channel = forms.ChoiceField(label=_("How we spoke"), choices=Channel.choices)
    words = forms.CharField(label=_("What was said"), max_length=2000, widget=forms.Textarea)


class Answer(forms.Form):
    """``answer``: the reply."""

    words = forms.CharField(label=_("The answer"), max_length=2000, widget=forms.Textarea)


class CallBack(forms.Form):
    """``call_back``: the three questions, if somebody was reached."""

    reached = Answered(_("Was he reached?"))
    heard = Answered(_("Did we speak with him?"))
    solved = Answered(_("Is it solved?"))
    satisfied = Answered(_("Is he satisfied?"))
    words = forms.CharField(label=_("In his words"), required=False, max_length=1000, widget=forms.Textarea)

    def clean_reached(self) -> bool:
        """Nobody is called back by leaving it open."""
        reached: bool | None = self.cleaned_data["reached"]
        if reached is None:
            raise forms.ValidationError(_("Say whether he was reached."))
        return reached

    def clean(self) -> dict[str, Any]:
        """Three answers if he was reached; none if he was not."""
        said: dict[str, Any] = super().clean() or {}
        for name in ("heard", "solved", "satisfied"):
            if said.get("reached") and said.get(name) is None:
                self.add_error(name, _("Ask this too."))
            if said.get("reached") is False and said.get(name) is not None:
                self.add_error(name, _("Nobody was reached: leave the answers open."))
        return said


class Close(forms.Form):
    """``close``: why, if something is still open."""

    why = forms.CharField(
        label=_("Why it is closed, if something is still open"), required=False, max_length=600,
        widget=forms.Textarea,
    )  # fmt: skip


class Reopen(forms.Form):
    """``reopen``: why."""

    why = forms.CharField(label=_("Why it is opened again"), max_length=600, widget=forms.Textarea)


class RevealCaller(forms.Form):
    """``reveal_caller``: why."""

    reason = forms.ChoiceField(label=_("What do you need it for?"), choices=list(REASONS.items()))
