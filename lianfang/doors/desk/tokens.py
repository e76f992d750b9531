"""Tokens of the API at the desk: one's own, and for the administrator those of the place and of other systems."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages as words
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import CONFLICT, FORBIDDEN, UNFIT, Refused
from lianfang.rooms.people.roles import ROLES
from lianfang.rooms.tokens import queries
from lianfang.rooms.tokens.forms import Issue
from lianfang.rooms.tokens.rules import fresh

from .frame import actor_of, area_names, community_names, deed, desk, may, page

READ_OR_SEND = ["GET", "HEAD", "POST"]


class IssueToSystem(Issue):
    """What the administrator is asked: also whose system it is, and where it may read."""

    unit = forms.ChoiceField(label=gettext_lazy("Whose system"))
    where = forms.ChoiceField(label=gettext_lazy("Where"))
    field_order = ["label", "unit", "role", "where", "days"]

    def __init__(self, *args: Any, units: list[tuple[str, str]], places: list[tuple[str, str]]) -> None:
        super().__init__(*args)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["where"].choices = places  # type: ignore[attr-defined]
        self.fields["role"].required = True


@require_http_methods(READ_OR_SEND)
@desk
def tokens(request: Request) -> HttpResponse:
    """The tokens there are; a new one is shown on the answer to the form that asked for it, and never again."""
    who = _reader(request)
    if request.method != "POST":
        return page(request, "tokens", _context(who))
    secret, form = fresh(), _form(who, request.POST)
    said = {**request.POST.dict(), "prefix": secret.prefix, "digest": secret.digest}
    if not _lets_in(who):
        said = {name: said[name] for name in ("label", "days", "prefix", "digest") if name in said} | {
            "where": who.where
        }
    try:
        if not form.is_valid():
            raise Refused(_("Some of this does not fit."), UNFIT)
        deed(request, "token.issued", said, request.POST.get("key", ""))
    except Refused as no:
        if no.code not in (UNFIT, CONFLICT):
            raise
        refusal = "" if form.errors else no.message
        return page(request, "tokens", _context(who) | {"form": form, "refusal": refusal}, no.code)
    return page(request, "tokens", _context(who) | {"secret": secret.text, "label": said["label"]})


@require_http_methods(READ_OR_SEND)
@desk
def withdraw(request: Request, id: UUID) -> HttpResponse:
    """Whoever shows it is nobody from now on."""
    who = _reader(request)
    if request.method == "POST":
        try:
            deed(request, "token.withdrawn", {"token": id})
        except Refused as no:
            if no.code != CONFLICT:
                raise
            return page(request, "tokens", _context(who) | {"refusal": no.message}, no.code)
        words.success(request, _("Withdrawn. Whoever shows it is turned away."))
    return HttpResponseRedirect(reverse("desk:tokens"))


def _reader(request: Request) -> Actor:
    if not may(request, "token.issued"):
        raise Refused(_("Your role does not do this."), FORBIDDEN)
    return actor_of(request)


def _lets_in(who: Actor) -> bool:
    return who.role == "administrator"


def _form(who: Actor, *said: Any) -> Issue:
    if _lets_in(who):
        with reading(who):
            units = [(str(one.id), one.name) for one in queries.units(who.where)]
        places = {who.where: area_names(who)[-1][1]} | dict(community_names(who))
        return IssueToSystem(*said, units=units, places=list(places.items()))
    form = Issue(*said)
    del form.fields["role"]
    return form


def _context(who: Actor) -> dict[str, Any]:
    now = clock.now()
    with reading(who):
        rows = queries.issued(who.where, None if _lets_in(who) else who.id)
        places = dict([*area_names(who), *community_names(who)])
    return {
        "systems": _lets_in(who),
        "form": _form(who),
        "key": new_id(),
        "rows": [_row(one, places.get(one.token.where, one.token.where), one.living(now)) for one in rows],
    }


def _row(one: queries.Issued, place: str, holds: bool) -> dict[str, Any]:
    if one.token.withdrawn_at:
        kind, said = "done", _("withdrawn")
    else:
        kind, said = ("ok", _("holds")) if holds else ("void", _("expired"))
    return {
        "id": one.token.id,
        "begins": one.token.prefix,
        "name": one.name,
        "role": ROLES[one.token.role].label,
        "place": place,
        "label": one.token.label,
        "until": one.token.until,
        "used": one.used_at,
        "kind": kind,
        "words": said,
        "holds": holds,
    }


urlpatterns: list[URLPattern] = [
    path("tokens", tokens, name="tokens"),
    path("tokens/<uuid:id>/withdraw", withdraw, name="token_withdraw"),
]
