"""Coming and going: sign in, sign out; how this reader wants the desk, language and size of text."""

from __future__ import annotations

from math import ceil
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from lianfang.doors import demo, signing_in
from lianfang.rooms.people.roles import ROLES

from . import reader
from .frame import back_of, page

DOES: dict[str, str | Promise] = {
    "worker": _("answers checkpoints, knows the doors, writes things down"),
    "director": _("puts the case to the rules, asks the street when they are unclear"),
    "street_desk": _("rules on what communities ask"),
    "street_leader": _("issues orders of home observation"),
    "seconded": _("serves notices at the door"),
    "stairwell": _("knows one building, notes what is heard"),
    "doctor": _("marks who needs care"),
    "police": _("verifies with checkpoints"),
    "auditor": _("reads numbers and rules, no names"),
    "administrator": _("draws buildings, opens accounts, sees no residents"),
}
"""What each role does at the desk, in a line, for whoever tries the demo."""


class SignIn(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, and go on to where one wanted to be. A wrong name and a wrong password are told alike."""
    goal = _goal(request, str(request.POST.get("next") or request.GET.get("next") or ""))
    if request.method != "POST":
        return _entrance(request, SignIn(), goal)
    form = SignIn(request.POST)
    if not form.is_valid():
        return _entrance(request, form, goal, 422)
    tried = signing_in.sign_in(request, form.cleaned_data["username"], form.cleaned_data["password"])
    if tried.account:
        return HttpResponseRedirect(goal or reverse("desk:today"))
    if tried.wait:
        return _entrance(request, form, goal, 429, throttled=ceil(tried.wait.total_seconds() / 60))
    form.add_error("password", _("The name and the password do not go together. Look at both and try again."))
    return _entrance(request, form, goal, 422)


def _goal(request: HttpRequest, said: str) -> str:
    """A page of ours somebody was on his way to; "" for anything else."""
    safe = url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure())
    return said if safe and said.startswith("/") else ""


def _entrance(request: HttpRequest, form: SignIn, goal: str, status: int = 200, **more: Any) -> HttpResponse:
    request.actor = None  # type: ignore[attr-defined] # whoever was signed in: this page is nobody's yet
    given: dict[str, Any] = {"form": form, "goal": goal} | more
    if settings.DEMO:
        given |= {"password": demo.DEMO_PASSWORD, "accounts": _accounts()}
    return page(request, "sign_in", given, status)


def _accounts() -> list[dict[str, Any]]:
    return [
        {
            "login": one.login,
            "name": one.name,
            "place": one.place,
            "role": ROLES[one.role].label,
            "does": DOES.get(one.role, ""),
        }
        for one in demo.demo_accounts()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session. Coming here by a link ends nothing."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:today"))
    signing_in.sign_out(request)
    return HttpResponseRedirect(reverse("desk:signed_out"))


@require_http_methods(["GET", "HEAD"])
def signed_out(request: HttpRequest) -> HttpResponse:
    """Nothing is left on this computer."""
    request.actor = None  # type: ignore[attr-defined]
    return page(request, "signed_out", {})


@require_POST
def size(request: HttpRequest) -> HttpResponse:
    """Choose the size of the text on this device."""
    return _choose(request, reader.SIZE, str(request.POST.get("size", "")), reader.SIZES)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language on this device."""
    return _choose(request, reader.LANGUAGE, str(request.POST.get("language", "")), dict(settings.LANGUAGES))


def _choose(request: HttpRequest, name: str, value: str, known: Any) -> HttpResponse:
    response = HttpResponseRedirect(back_of(request))
    if value in known:
        reader.remember(response, name, value)
    return response
