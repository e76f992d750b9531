"""What a resident was told, and the slip of paper that opens his own page: issued here, printed, withdrawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages as words
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianfang.doors import asking
from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import CONFLICT, GONE, UNFIT, Refused
from lianfang.reports.own import decisions
from lianfang.rooms.messages import codes, queries
from lianfang.rooms.messages.models import Message, Slip
from lianfang.rooms.messages.wording import sentence
from lianfang.rooms.orders.models import Order
from lianfang.rooms.people import queries as people
from lianfang.rooms.people.models import Resident

from .cases import own_names, reader, subject_of
from .frame import deed, desk, may, page

READ_OR_SEND = ["GET", "HEAD", "POST"]


@require_http_methods(["GET", "HEAD"])
@desk
def slip(request: Request, id: UUID) -> HttpResponse:
    """What a resident was told, and whether he holds a slip."""
    return _shown(request, id)


@require_http_methods(READ_OR_SEND)
@desk
def issue(request: Request, id: UUID) -> HttpResponse:
    """Issue a slip. Its code stands on the answer, to be printed, and nowhere else; to see one again is to issue a new one."""
    if request.method != "POST":
        return _back(id)
    who = reader(request)
    key = asking.uuid_of(request.POST.get("key") or new_id())
    with reading(who):
        person, order = _about(who, id)
    code = codes.code_for(key)
    said = {"where": order.where if order else person.where, "resident": str(person.id)}
    said |= {"digest": str(codes.digest_of(code))}
    given: dict[str, Any] = said | (
        {"matter": str(order.matter), "release": order.release_due} if order else {}
    )
    try:
        line = deed(request, "slip.issued", given, str(key))
    except Refused as no:
        return _again(request, id, no)
    with reading(who):
        issued = {one.id: one for one in queries.slips(who.where, id, clock.now())}.get(line.id)
    if issued is None:  # sent again after another was printed
        gone = Refused(_("This slip was replaced or withdrawn meanwhile; print a new one."), CONFLICT)
        return _again(request, id, gone)
    return _shown(request, id, {"paper": _paper(request, code, issued, person, order, who)})


@require_http_methods(READ_OR_SEND)
@desk
def withdraw(request: Request, id: UUID) -> HttpResponse:
    """A slip opens nothing from now on."""
    said = _("Withdrawn. The slip opens nothing any more.")
    return _sent(request, id, "slip.withdrawn", {"slip": request.POST.get("slip", "")}, said)


@require_http_methods(READ_OR_SEND)
@desk
def told(request: Request, id: UUID) -> HttpResponse:
    """Somebody has told him, and how."""
    given = {"message": request.POST.get("message", ""), "way": request.POST.get("way", "")}
    return _sent(request, id, "message.delivered", given, _("Written down that he was told."))


@require_http_methods(READ_OR_SEND)
@desk
def tell(request: Request, id: UUID) -> HttpResponse:
    """Tell him something in words."""
    if request.method != "POST":
        return _back(id)
    who = reader(request)
    with reading(who):
        person, order = _about(who, id)
    given = {"where": order.where if order else person.where, "resident": str(person.id)}
    given |= {"words": request.POST.get("words", "")} | ({"matter": str(order.matter)} if order else {})
    return _sent(
        request, id, "message.sent", given, _("Written down; it stands on his page, or waits to be told.")
    )


def _sent(request: Request, id: UUID, kind: str, said: dict[str, Any], done: str) -> HttpResponse:
    if request.method != "POST":
        return _back(id)
    who = reader(request)
    with reading(who):
        _about(who, id)
    try:
        deed(request, kind, said, request.POST.get("key", ""))
    except Refused as no:
        return _again(request, id, no)
    words.success(request, done)
    return _back(id)


def _back(id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:slip", args=[id]))


def _again(request: Request, id: UUID, no: Refused) -> HttpResponse:
    if no.code not in (UNFIT, CONFLICT):
        raise no
    why = " ".join([no.message, *(str(one) for errors in no.fields.values() for one in errors)])
    return _shown(request, id, {"refusal": why, "words": request.POST.get("words", "")}, no.code)


def _about(who: Actor, id: UUID) -> tuple[Resident, Order | None]:
    """A resident of the reader's place, and the order a slip for him is about: the one that binds him, or the last."""
    person = people.resident(who.where, id)
    if person is None:
        raise Refused(_("There is no such entry here."), GONE)
    stay = people.stay_within(who.where, person)
    made = decisions(stay.where if stay else person.where, person.id)
    return person, made[0].order if made else None


def _shown(request: Request, id: UUID, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    who, now = reader(request), clock.now()
    with reading(who):
        person, order = _about(who, id)
        where = order.where if order else person.where
        context = {
            "id": id,
            "subject": subject_of(person, where, who),
            "order_href": reverse("desk:order", args=[order.id]) if order else "",
            "slips": queries.slips(who.where, id, now),
            "told": [_row(one) for one in queries.told(where, id)],
            "ways": [
                (way.value, way.label) for way in (Message.Way.DOOR, Message.Way.PHONE, Message.Way.SLIP)
            ],
        }
    context |= {
        "may_issue": may(request, "slip.issued"),
        "may_withdraw": may(request, "slip.withdrawn"),
        "may_deliver": may(request, "message.delivered"),
        "may_tell": may(request, "message.sent"),
        "key": new_id(),
        "key2": new_id(),
    }
    return page(request, "slip", context | (more or {}), status)


def _row(one: Message) -> dict[str, Any]:
    kind = "todo" if one.state == Message.State.WAITING else "done"
    return {
        "message": one,
        "sentence": sentence(one),
        "kind": kind,
        "waits": one.state == Message.State.WAITING,
    }


def _paper(
    request: HttpRequest, code: str, issued: Slip, person: Resident, order: Order | None, who: Actor
) -> dict[str, Any]:
    """The slip as it is printed."""
    here = settings.LIANFANG_PUBLIC_URL or f"{request.scheme}://{request.get_host()}"
    names = own_names(who)
    return {
        "code": codes.written(code),
        "address": f"{here}{reverse('public:enter')}".partition("://")[2],
        "square": square(f"{here}{reverse('public:enter')}{codes.link_of(code)}"),
        "ends": issued.expires_at,
        "name": person.name,
        "order": order,
        "place": names.get(person.where[:12], ""),
        "at": clock.now(),
    }


def square(text: str) -> SafeString:
    """A text as a square to be scanned (QR), large enough for an old camera, with room for a fold or a stain."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(scale=4, border=4, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - drawn here, of signs of ours


urlpatterns: list[URLPattern] = [
    path("slip/<uuid:id>", slip, name="slip"),
    path("slip/<uuid:id>/issue", issue, name="slip_issue"),
    path("slip/<uuid:id>/withdraw", withdraw, name="slip_withdraw"),
    path("slip/<uuid:id>/told", told, name="slip_told"),
    path("slip/<uuid:id>/tell", tell, name="slip_tell"),
]
