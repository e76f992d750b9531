"""Find anybody in one field: name, initials, door, phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.orders.models import Order
from lianfang.rooms.people import queries as people
from lianfang.rooms.people.queries import Hit

from .cases import age, door_ref, reader
from .frame import area_names, desk, page
from .waiting import observed_as, place_words, today_of

LONGEST = 60
UNSPOKEN = dict.fromkeys(range(32))
"""Signs nobody types, dropped before searching."""


@require_http_methods(["GET", "HEAD"])
@desk
def search(request: Request) -> HttpResponse:
    """Who or which door is meant; nothing is written, and nobody outside the reader's place is found."""
    who, now = reader(request), clock.now()
    asked = request.GET.get("q", "").translate(UNSPOKEN).strip()[:LONGEST]
    found = people.search(who.where, asked) if asked else people.Hits()
    known = [one.resident.id for one in found.rows if one.resident]
    running = orders.running_for(who.where, known, today_of(now)) if known else {}
    names = area_names(who)
    context = {
        "q": asked,
        "hits": [_hit(one, who, running) for one in found.rows],
        "total": found.total,
        "scope": names[-1][1] if names else "",
    }
    return page(request, "search", context)


def _hit(one: Hit, who: Actor, running: dict[UUID, Order]) -> dict[str, Any]:
    href, person = reverse("desk:household", args=[door_ref(one.where, who)]), one.resident
    row: dict[str, Any] = {"href": href, "door": place_words(one.where, who), "why": one.why}
    if person is None:
        return row | {"name": _("Nobody is registered here"), "home": ""}
    home = ngettext("household of %(n)d", "household of %(n)d", one.household) % {"n": one.household}
    row |= {
        "name": person.name,
        "sex": person.get_sex_display(),
        "age": age(person.born, clock.now()),
        "home": home,
    }
    if person.id in running:
        kind, words = observed_as(running[person.id], today_of(clock.now()))
        row |= {"kind": kind, "words": words}
    return row
