"""A need noted by hand, and the interview of the first day: what somebody who stays at home was asked, and what he ticked."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import FORBIDDEN, UNFIT, refuse_if
from lianfang.ground.where import within
from lianfang.rooms.aid import queries as aid
from lianfang.rooms.aid.forms import Ask, Propose
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.places.queries import is_door

from .calls import READ_OR_SEND
from .cases import Tried, attempt, door_ref, reader
from .frame import desk, may, page

REF = re.compile(r"(?:(\d{12})-)?([0-9A-Za-z]{1,8}(?:-[0-9A-Za-z]{1,8}){1,4})\Z")


class AtDoor(forms.Form):
    """Behind which door, as people say it."""

    home = forms.CharField(label=gettext_lazy("Door, as people say it: 3-2-402"), max_length=40)

    def __init__(self, who: Actor, *given: Any, **more: Any) -> None:
        self.who, self.where = who, ""
        super().__init__(*given, **more)

    def clean_home(self) -> str:
        """A door of his own place."""
        ref: str = self.cleaned_data["home"].strip()
        self.where = door_at(ref, self.who)
        if not self.where:
            raise forms.ValidationError(_("There is no such door here."))
        return ref


class NotedByHand(AtDoor, Propose):
    """``propose``, with the door."""

    field_order = ("home", "kind", "item", "quantity", "unit", "perish_by", "words")


class Asked(AtDoor, Ask):
    """``ask``, with the door."""

    field_order = ("home", "ticked", "words")


def door_at(ref: str, who: Actor) -> str:
    """The door somebody means, if it is his to write about; "" if it is none."""
    said = REF.match(ref)
    if said is None or (said[1] is None and len(who.where) < 12):
        return ""
    where = f"{said[1] or who.where[:12]}.{said[2].replace('-', '.')}."
    return where if within(where, who.where) and is_door(where) else ""


@require_http_methods(READ_OR_SEND)
@desk
def new(request: Request) -> HttpResponse:
    """Note a need at a door; or, while he is asked what he needs, tick it."""
    who = reader(request)
    refuse_if(not may(request, "need.proposed"), _("Your role does not do this."), FORBIDDEN)
    with reading(who):
        if request.method != "POST":
            return page(request, "need_new", _context(request, who))
        form = NotedByHand(who, request.POST)
        fits = form.is_valid()
        matter = _matter(form.where, who)
    if not fits:
        return _again(request, who, "propose", Tried(None, "", form, UNFIT))
    said = {name: request.POST.get(name, "") for name in Propose.base_fields}
    tried = attempt(
        request,
        "need.proposed",
        said | {"where": form.where, "matter": matter},
        form,
        _("Noted. Somebody confirms it."),
    )
    if tried.line:
        return HttpResponseRedirect(reverse("desk:need", args=[tried.line.about]))
    return _again(request, who, "propose", tried)


@require_http_methods(READ_OR_SEND)
@desk
def ask(request: Request) -> HttpResponse:
    """The interview of the first day."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:need_new"))
    who = reader(request)
    with reading(who):
        form = Asked(who, request.POST)
        fits = form.is_valid()
        matter = _matter(form.where, who)
    if not fits:
        return _again(request, who, "ask", Tried(None, "", form, UNFIT))
    said: dict[str, Any] = {"where": form.where, "matter": matter, "words": request.POST.get("words", "")}
    said["ticked"] = request.POST.getlist("ticked")
    tried = attempt(request, "needs.asked", said, form, _("What he needs is written down."))
    if tried.line:
        return HttpResponseRedirect(f"{reverse('desk:needs')}?which=proposed")
    return _again(request, who, "ask", tried)


def _again(request: Request, who: Actor, name: str, tried: Tried) -> HttpResponse:
    with reading(who):
        context = _context(request, who)
    context["tried"] = name
    context["forms"][name] = tried.form
    context["keys"][name] = request.POST.get("key") or new_id()
    return page(request, "need_new", context | tried.context, tried.status)


def _context(request: Request, who: Actor) -> dict[str, Any]:
    home = (request.POST or request.GET).get("home", "")[:40]
    where = door_at(home, who)
    matter = _matter(where, who) if where else None
    asked = aid.interview(matter) if matter else None
    return {
        "home": door_ref(where, who) if where else "",
        "home_href": reverse("desk:household", args=[door_ref(where, who)]) if where else "",
        "asked": {"at": asked.asked_at} if asked else None,
        "may_ask": may(request, "needs.asked") and asked is None,
        "forms": {
            "ask": Asked(who, initial={"home": home}, auto_id="ask_%s"),
            "propose": NotedByHand(who, initial={"home": home, "kind": "sell", "unit": "jin"}),
        },
        "keys": {"ask": new_id(), "propose": new_id()},
    }


def _matter(where: str, who: Actor) -> UUID | None:
    """The matter a need at this door belongs to: that of the last order there, if there is one."""
    bound = orders.at_door(where) if where else []
    return bound[0].matter if bound else None
