"""The papers of an order: the notice that tells him of it, and the notice of release. Looking at one writes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground.acts import Actor, reading
from lianfang.reports import register as report
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.orders.models import Order
from lianfang.rooms.people import queries as people

from .cases import found, own_names, reader
from .frame import desk, page
from .order_words import order_words


def _paper(one: Order, who: Actor) -> dict[str, Any]:
    """What both papers say of the order and of the person, with his number masked."""
    own, shown = own_names(who), order_words(one, who)
    place = own.get(one.where[:12], "")
    home = people.household(one.where)
    compound = home.door.building.compound if home else None
    shown["subject"] |= {
        "sex": one.resident.get_sex_display(),
        "place": f"{place} {compound}" if compound else place,
        "number": people.masked("id_number", one.resident.opened("id_number")) or "—",
    }
    community = place or own.get(one.where[:9], "")
    return shown | {"community": community, "back": reverse("desk:order", args=[one.id])}


@require_http_methods(["GET", "HEAD"])
@desk
def notice(request: Request, id: UUID) -> HttpResponse:
    """The notice as a sheet to print, read aloud and sign."""
    who = reader(request)
    with reading(who):
        one: Order = found(orders.order(who.where, id))
        shown = _paper(one, who)
    duties = [each["text"] for each in shown["stated"] if not each["miss"] and _for_him(each["states"])]
    return page(request, "notice", shown | {"duties": duties, "notice_no": one.notice.number})


def _for_him(states: dict[str, str]) -> bool:
    """Whether a clause tells the person himself what he has to do or may do."""
    return states.get("whose") == "person" and states.get("what") in ("duty", "permission")


@require_http_methods(["GET", "HEAD"])
@desk
def release_notice(request: Request, id: UUID) -> HttpResponse:
    """The notice of release as a sheet to print; there is none before he is released."""
    who = reader(request)
    with reading(who):
        one: Order = found(orders.order(who.where, id))
        end = found(report.release_of(one))
        shown = _paper(one, who)
    return page(
        request, "release_notice", shown | {"release": end, "early": end.released_at < one.release_due}
    )
