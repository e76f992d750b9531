"""What writing a note asks of a human."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Note


class Write(forms.Form):
    """``write``: free text, and how it was heard."""

    text = forms.CharField(label=_("What was heard, felt, promised"), max_length=2000, widget=forms.Textarea)
    how = forms.ChoiceField(label=_("How it was heard"), choices=Note.How.choices)
