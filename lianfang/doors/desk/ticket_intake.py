"""Somebody calls: note what he says, see whether he has called before, log a repeat call or open a new ticket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lianfang.doors.asking import uuid_of
from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import FORBIDDEN, UNFIT, refuse_if
from lianfang.reports import matter as matters
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.places import queries as places
from lianfang.rooms.tickets import queries as tickets
from lianfang.rooms.tickets.forms import Lodge, LogCall
from lianfang.rooms.tickets.models import Channel, Ticket

from .calls import READ_OR_SEND
from .cases import Tried, attempt, found, reader
from .frame import community_names, desk, may, page
from .tickets import badge_of, source_words
from .waiting import place_words, today_of

NEW = "new"
"""What the second button says: none of those is it."""


class Intake(Lodge):
    """What the caller says, and the place it is about: a community, and a door in it as people say it."""

    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    spoken = forms.CharField(
        label=gettext_lazy("Door"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("as people say it: 3-2-402"),
    )

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place, self.own = "", who.where[:12] if len(who.where) >= 12 else ""
        whole = [] if self.own else [("", _("the street as a whole"))]
        self.fields["community"].choices = [*whole, *community_names(who)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """``place`` is the door or the community as it is written; "" for the street as a whole."""
        given: dict[str, Any] = super().clean() or {}
        self.place, spoken = given.get("community") or self.own, str(given.get("spoken", "")).strip()
        if spoken and not self.place:
            self.add_error("community", _("Say in which community the door is."))
        elif spoken:
            door = places.door_spoken(self.place, spoken)
            if door is None:
                self.add_error("spoken", _("There is no such door here."))
            self.place = door.where if door else ""
        return given


@require_http_methods(READ_OR_SEND)
@desk
def new(request: Request) -> HttpResponse:
    """Take a call. What may repeat an open ticket is offered before anything is written."""
    who = reader(request)
    lodges = may(request, "ticket.lodged")
    refuse_if(not (lodges or may(request, "ticket.called")), _("Your role does not do this."), FORBIDDEN)
    context: dict[str, Any] = {"key": request.POST.get("key") or new_id(), "lodges": lodges}
    if request.method != "POST":
        channel = Channel.POLICE if who.role == "police" else Channel.HOTLINE
        return page(
            request,
            "ticket_new",
            context | {"form": Intake(who, initial={"channel": channel} | _home(request))},
        )
    form = Intake(who, request.POST)
    with reading(who):
        fits = form.is_valid()
        offered = _offers(form, who) if fits else {}
    context |= {"form": form}
    if not fits:
        return page(request, "ticket_new", context, UNFIT)
    same = str(request.POST.get("same", ""))
    if not same and (offered["offers"] or offered["matters"] or not lodges):
        return page(request, "ticket_new", context | offered | {"looked": True})
    tried = _lodged(request, form) if same in ("", NEW) else _repeated(request, who, uuid_of(same))
    if tried.line:
        return HttpResponseRedirect(reverse("desk:ticket", args=[tried.line.about]))
    return page(
        request, "ticket_new", context | offered | {"looked": True, "refusal": tried.refusal}, tried.status
    )


def _home(request: Request) -> dict[str, str]:
    """The door an address names: ``?home=110198001001-3-2-402``."""
    ref = request.GET.get("home", "")[:40]
    code, _dash, inner = ref.partition("-")
    return {"community": code, "spoken": inner} if len(code) == 12 else {"spoken": ref}


def _lodged(request: Request, form: Intake) -> Tried:
    said = {name: value for name, value in request.POST.dict().items() if name != "where"} | {
        "door": form.place
    }
    return attempt(request, "ticket.lodged", said, Lodge(request.POST), _("The ticket is lodged."))


def _repeated(request: Request, who: Actor, id: UUID) -> Tried:
    with reading(who):
        one: Ticket = found(tickets.ticket(who.where, id))
        progress = matters.progress(one, who.where, request.POST.get("caller_phone", ""))
    said = {**request.POST.dict(), "ticket": id, "progress": progress}
    done = _("The call is on ticket %(number)s; tell him how it stands.") % {"number": one.number}
    return attempt(request, "ticket.called", said, LogCall(request.POST), done)


def _offers(form: Intake, who: Actor) -> dict[str, Any]:
    """Tickets this call may repeat, each with what he is told; and matters at the door a new ticket may belong to."""
    said = form.cleaned_data
    same = tickets.likely(
        who.where, door=form.place, phone=said["caller_phone"], outside_no=said["outside_no"]
    )
    bound = orders.at_door(form.place) if len(form.place) > 12 else []
    return {
        "offers": [_offer(one, who, said["caller_phone"]) for one in same],
        "matters": _running(bound),
        "chosen": str(form.data.get("matter", "")),
    }


def _offer(one: Ticket, who: Actor, phone: str) -> dict[str, Any]:
    kind, words = badge_of(one)
    return {
        "id": one.id,
        "number": one.number,
        "what": f"{one.get_type_display()} · {one.get_category_display()}",
        "source": source_words(one.channel),
        "place": place_words(one.door, who),
        "at": one.received_at,
        "said": one.words,
        "progress": matters.progress(one, who.where, phone),
        "href": reverse("desk:ticket", args=[one.id]),
        "kind": kind,
        "words": words,
    }


def _running(bound: Sequence[Any]) -> list[dict[str, Any]]:
    on = today_of(clock.now())
    return [
        {"id": one.matter, "number": one.notice.number, "name": one.resident.name, "until": one.last_day}
        for one in bound
        if one.last_day >= on
    ]
