"""An order that was issued: what it says, its notice served with proof or not accepted in his own words, and the paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.reports.timeline import Entry
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.orders.forms import RefuseNotice, Serve
from lianfang.rooms.orders.models import Notice, Order
from lianfang.rooms.people import queries as people
from lianfang.rooms.policies import queries as policies
from lianfang.rooms.rulings import queries as rulings

from . import rule_words
from .asking_upward import clause_of, days_words, ruling_words
from .calls import READ_OR_SEND
from .cases import (
    Step,
    Tried,
    attempt,
    clock_words,
    found,
    lines_of,
    own_names,
    reader,
    steps,
    subject_of,
    who_wrote,
)
from .frame import desk, may, page
from .ordering import considered_words


@require_http_methods(["GET", "HEAD"])
@desk
def order(request: Request, id: UUID) -> HttpResponse:
    """One order, and how far its notice is."""
    return _shown(request, id)


@require_http_methods(READ_OR_SEND)
@desk
def serve(request: Request, id: UUID) -> HttpResponse:
    """The notice was served."""
    said = _("Served, and written down.")
    return _told(request, id, "notice.served", Serve(request.POST), said)


@require_http_methods(READ_OR_SEND)
@desk
def refuse(request: Request, id: UUID) -> HttpResponse:
    """He does not accept it; his words."""
    said = _("His words are written down. The order stands as before.")
    return _told(request, id, "notice.refused", RefuseNotice(request.POST), said)


def _told(request: Request, id: UUID, kind: str, form: Serve | RefuseNotice, done: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:order", args=[id]))
    who = reader(request)
    with reading(who):
        one: Order = found(orders.order(who.where, id))
    said = {**request.POST.dict(), "notice": str(one.notice.id)}
    tried = attempt(request, kind, said, form, done)
    return (
        HttpResponseRedirect(reverse("desk:order", args=[id])) if tried.line else _shown(request, id, tried)
    )


def _shown(request: Request, id: UUID, tried: Tried | None = None) -> HttpResponse:
    who = reader(request)
    with reading(who):
        one: Order = found(orders.order(who.where, id))
        context = _context(request, one, who)
    if tried:
        name, key = ("serve_form", "key") if isinstance(tried.form, Serve) else ("refuse_form", "key2")
        context |= tried.context | {name: tried.form, key: request.POST.get("key") or new_id()}
    return page(request, "order", context, tried.status if tried else 200)


def _context(request: Request, one: Order, who: Actor) -> dict[str, Any]:
    told, lines = lines_of(one.matter)
    shown = _order(one, who)
    notice = one.notice
    waiting = notice.state != Notice.State.SERVED and may(request, "notice.served")
    return {
        **shown,
        "steps": _steps(one),
        "notice": _notice(notice, told) if notice.state != Notice.State.WAITING else None,
        "may_serve": waiting,
        "may_refuse": waiting and notice.state == Notice.State.WAITING,
        "serve_form": Serve(),
        "refuse_form": RefuseNotice(),
        "key": new_id(),
        "key2": new_id(),
        "notice_href": reverse("desk:notice", args=[one.id]),
        "lines": lines,
    }


def _order(one: Order, who: Actor) -> dict[str, Any]:
    """What every page of an order says: the order, whose it is, what it rests on, the facts it was given on."""
    own = own_names(who)
    made = policies.assessments(who.where, one.matter)
    shown = rule_words.grounds(made[-1].decision, own) if made else {"facts": [], "rows": {}, "stated": []}
    clause = clause_of(one.edition, one.clause, own) if one.edition else None
    asked = rulings.question(who.where, one.ruling) if one.ruling else None
    ruling = None
    if one.ruling:
        words = ruling_words(asked) if asked else _("in this matter")
        ruling = {"words": words, "href": reverse("desk:question", args=[asked.id]) if asked else ""}
    return {
        "order": _words(one, clause, ruling),
        "subject": subject_of(one.resident, one.where, who),
        "clause": clause,
        "ruling": ruling,
        "facts": shown["facts"],
        "stated": shown["stated"],
        "considered": considered_words(one.considered, shown["rows"]),
    }


def _words(one: Order, clause: dict[str, Any] | None, ruling: dict[str, Any] | None) -> dict[str, Any]:
    what = _("%(measure)s, %(days)s") % {"measure": one.get_measure_display(), "days": days_words(one.days)}
    basis = [f"{clause['edition']} {clause['label']}"] if clause else []
    basis += [_("ruling %(number)s") % {"number": ruling["words"]}] if ruling else []
    kind, words = badge_of(one)
    return {
        "id": one.id,
        "no": one.notice.number,
        "state": one.state,
        "kind": kind,
        "words": words,
        "what": what,
        "measure": one.get_measure_display(),
        "name": one.resident.name,
        "why": one.reason,
        "source": "",
        "who": f"{one.authority} {one.issued_name}".strip(),
        "clause": _("; ").join(basis),
        "text_is": clause["text_is"] if clause else "",
        "until": one.last_day,
        "object": one.remedy,
        "authority": one.authority,
        "level": one.get_authority_level_display(),
        "decided_by": one.issued_name,
        "decided_at": one.issued_at,
        "reason": one.reason,
        "first": one.first_day,
        "last_day": one.last_day,
        "release": one.release_due,
        "remedy": one.remedy,
    }


def badge_of(one: Order) -> tuple[str, str]:
    """How an order stands, as a badge: kind and words."""
    today = policies.day_of(clock.now())
    if one.state == Order.State.ISSUED:
        return "due", _("notice to be served")
    if one.state == Order.State.REFUSED:
        return "due", _("told, not accepted")
    if today > one.last_day:
        return "free", _("its days are over")
    day = max(orders.day_number(one, today), 0)
    return "obs", _("observed, day %(day)s of %(days)s") % {"day": day, "days": one.days}


def _steps(one: Order) -> list[dict[str, str]]:
    notice, today = one.notice, policies.day_of(clock.now())
    refused = notice.state == Notice.State.REFUSED
    heard = notice.served_at or notice.refused_at
    told = _("told, not accepted") if refused else ""
    over = today > one.last_day
    served = notice.state == Notice.State.SERVED
    return steps(
        Step(_("Issued"), True, f"{clock_words(one.issued_at)} {one.issued_name}".strip()),
        Step(_("Served"), served, f"{clock_words(heard)} {told}".strip()),
        Step(_("Observation"), served and over, _("to %(day)s") % {"day": _short(one.last_day)}),
        Step(_("Release"), False, f"{_short(one.release_due)} {clock_words(one.release_due)}"),
    )


def _short(day: Any) -> str:
    local = timezone.localtime(day) if hasattr(day, "hour") else day
    return date_format(local, pgettext("date format", "j M"))


def _notice(one: Notice, told: list[Entry]) -> dict[str, Any]:
    refused = one.state == Notice.State.REFUSED
    proof = one.get_proof_display() if one.proof else ""
    words = f"{proof}{_(': ')}{one.proof_words}" if one.proof_words else proof
    return {
        "no": one.number,
        "refused": refused,
        "how": one.get_how_display() if one.how else "",
        "to_whom": one.get_to_whom_display() if one.to_whom else "",
        "at": one.served_at or one.refused_at,
        "by": who_wrote(told, "notice.refused" if refused else "notice.served"),
        "proof": words,
        "witness": one.witness,
        "his_words": one.refused_words,
        "told_remedy": one.state == Notice.State.SERVED,
    }


@require_http_methods(["GET", "HEAD"])
@desk
def notice(request: Request, id: UUID) -> HttpResponse:
    """The notice as a sheet to print, read aloud and sign. Looking at it writes nothing."""
    who = reader(request)
    own = own_names(who)
    one: Order = found(orders.order(who.where, id))
    shown = _order(one, who)
    place = own.get(one.where[:12], "")
    home = people.household(one.where)
    compound = home.door.building.compound if home else None
    shown["subject"] |= {
        "sex": one.resident.get_sex_display(),
        "place": f"{place} {compound}" if compound else place,
        "number": people.masked("id_number", one.resident.opened("id_number")),
    }
    duties = [each["text"] for each in shown["stated"] if not each["miss"] and _for_him(each["states"])]
    context = shown | {
        "duties": duties,
        "community": place or own.get(one.where[:9], ""),
        "notice_no": one.notice.number,
        "back": reverse("desk:order", args=[id]),
    }
    return page(request, "notice", context)


def _for_him(states: dict[str, str]) -> bool:
    """Whether a clause tells the person himself what he has to do or may do."""
    return states.get("whose") == "person" and states.get("what") in ("duty", "permission")
