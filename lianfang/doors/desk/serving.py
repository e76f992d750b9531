"""The page of an order: what it says, its notice, what he says to it, its checks, how it ends. Every deed done on it has the
same view: it comes back with all that was typed if it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import Text
from lianfang.reports import register as report
from lianfang.reports.register import Row
from lianfang.rooms.orders import forms as asks
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.orders.models import Check, Notice, Objection, Order

from . import observing
from .calls import READ_OR_SEND
from .cases import Tried, attempt, found, lines_of, reader
from .frame import back_of, desk, page
from .order_words import notice_words, order_words, steps_of
from .waiting import sees_readings

State = Order.State
IN_THE_TABLE = ("check.recorded", "check.missed")
"""What the table of checks says already."""


class Deed(NamedTuple):
    """What the page of an order lets somebody do: the kind of line, its form, what is said when it is done, and which of
    the order's things it is about."""

    kind: str
    form: type[forms.Form]
    done: Text
    about: str = "order"


DEEDS = {
    "serve": Deed("notice.served", asks.Serve, gettext_lazy("Served, and written down."), "notice"),
    "refuse": Deed(
        "notice.refused",
        asks.RefuseNotice,
        gettext_lazy("His words are written down. The order stands as before."),
        "notice",
    ),
    "object": Deed(
        "order.objected",
        asks.ObjectTo,
        gettext_lazy("His objection is written down. The order stands as before."),
    ),
    "answer": Deed(
        "objection.answered", asks.AnswerObjection, gettext_lazy("Answered, and written down."), "objection"
    ),
    "undertake": Deed("order.undertaken", asks.Undertake, gettext_lazy("His signature is noted.")),
    "check": Deed("check.recorded", asks.RecordCheck, gettext_lazy("Kept as measured."), "check"),
    "settle": Deed("alarm.settled", asks.SettleAlarm, gettext_lazy("Settled, and written down."), "alarm"),
    "verify": Deed(
        "release.verified", asks.VerifyRelease, gettext_lazy("Verified. The street releases him now.")
    ),
    "release": Deed("order.released", forms.Form, gettext_lazy("Released. The notice can be printed.")),
}


@require_http_methods(["GET", "HEAD"])
@desk
def order(request: Request, id: UUID) -> HttpResponse:
    """One order, and how it stands."""
    return _shown(request, id)


def deed_of(name: str) -> Callable[..., HttpResponse]:
    """The view that does one deed on an order, or on a thing of it (``which``)."""
    wanted = DEEDS[name]

    @require_http_methods(READ_OR_SEND)
    @desk
    def do(request: Request, id: UUID, which: UUID | None = None) -> HttpResponse:
        here = HttpResponseRedirect(reverse("desk:order", args=[id]))
        if request.method != "POST":
            return here
        who = reader(request)
        with reading(who):
            one: Order = found(orders.order(who.where, id))
            about = found(report.belonging(one, wanted.about, which))
        said = {
            **request.POST.dict(),
            "symptoms": request.POST.getlist("symptoms"),
            wanted.about: str(about.id),
        }
        tried = attempt(request, wanted.kind, said, wanted.form(request.POST), str(wanted.done))
        if not tried.line:
            return _shown(request, id, name, tried, about.id)
        if wanted.kind == "check.recorded":
            _say_if_the_doctor_comes(request, who, tried.line.about)
        return HttpResponseRedirect(back_of(request)) if "next" in request.POST else here

    return do


def _shown(
    request: Request, id: UUID, name: str = "", tried: Tried | None = None, about: UUID | None = None
) -> HttpResponse:
    who = reader(request)
    with reading(who):
        one: Order = found(orders.order(who.where, id))
        context = _context(request, one, who, about)
    if tried:
        context |= tried.context | {"tried": name}
        context["forms"][name] = tried.form or context["forms"][name]
        context["keys"][name] = request.POST.get("key") or new_id()
    return page(request, "order", context, tried.status if tried else 200)


def _context(request: Request, one: Order, who: Actor, about: UUID | None) -> dict[str, Any]:
    told, lines = lines_of(one.matter, but=IN_THE_TABLE)
    whole = report.whole(one, clock.now())
    row, checks, said = whole.row, whole.checks, whole.objections
    notice = one.notice
    check = observing.to_take(checks, row, about or _asked_for(request))
    may = _open(row, who, check is not None)
    return {
        **order_words(one, who),
        **_said(row, said),
        "badge": observing.stands(row),
        "steps": steps_of(row),
        "notice": notice_words(notice, told) if notice.state != Notice.State.WAITING else None,
        "may": may,
        "forms": _forms(row, may),
        "keys": {name: new_id() for name in DEEDS},
        "check": check and observing.cell(check, row, sees_readings(who)) | {"day": check.day},
        "table": observing.table(checks, row, who),
        "alarms": [
            observing.alarm_words(each.alarm, each, sees_readings(who))
            for each in checks
            if hasattr(each, "alarm")
        ],
        "missing": row.missing,
        "row": row,
        "notice_href": reverse("desk:notice", args=[one.id]),
        "release_href": reverse("desk:release_notice", args=[one.id]) if row.release else "",
        "lines": lines,
    }


def _open(row: Row, who: Actor, begun: bool) -> dict[str, bool]:
    """What this reader may do with the order as it stands."""
    one, told = row.order, row.order.state not in (State.ISSUED, State.RELEASED)
    waits = one.notice.state != Notice.State.SERVED and one.state != State.RELEASED
    turn = {
        "serve": waits,
        "refuse": waits and one.notice.state == Notice.State.WAITING,
        "object": told and row.objection is None,
        "answer": row.objection is not None and who.id not in orders.deciders(one),
        "undertake": told and one.state != State.UNDERTAKEN,
        "check": begun and one.state != State.RELEASED,
        "settle": bool(row.alarms),
        "verify": row.ending and row.release is None and not row.alarms,
        "release": row.ending and row.release is not None and not row.alarms,
    }
    if row.release is not None and row.release.verified_by == who.id:
        turn["release"] = False
    return {name: turn[name] and deed.kind in who.may for name, deed in DEEDS.items()}


def _forms(row: Row, may: dict[str, bool]) -> dict[str, forms.Form]:
    made = {name: deed.form(auto_id=f"{name}_%s") for name, deed in DEEDS.items()}
    if not row.missing:
        del made["verify"].fields["why_missed"]
    else:
        made["verify"].fields["why_missed"].required = True
    if may["object"]:
        choices = [(each.id, f"{each.name} {each.title}".strip()) for each in report.answerers(row.order)]
        made["object"].fields["answer_by"].widget.choices = [("", "—"), *choices]
    return made


def _asked_for(request: Request) -> UUID | None:
    """The check whose cell was pressed; an address that names none asks for none."""
    try:
        return UUID(request.GET.get("check", ""))
    except ValueError:
        return None


def _say_if_the_doctor_comes(request: Request, who: Actor, id: UUID) -> None:
    """A reading that asks for the doctor is answered at once with what to do."""
    with reading(who):
        check = report.belonging(None, "check", id)
        asks_for_her = isinstance(check, Check) and orders.alarming(check)
    if asks_for_her:
        messages.warning(
            request,
            _(
                "This reading calls the doctor at once. Let him rest and measure again; if he is short of breath, call 120."
            ),
        )


def _said(row: Row, said: list[Objection]) -> dict[str, Any]:
    return {
        "objections": [
            {
                "id": one.id,
                "words": one.words,
                "at": one.objected_at,
                "due": one.answer_due,
                "by": one.answer_by_name,
                "open": one.state == Objection.State.OPEN,
                "late": one.state == Objection.State.OPEN and one.answer_due <= row.at,
                "outcome": one.get_outcome_display() if one.outcome else "",
                "answer": one.answer,
                "answered_by": one.answered_name,
                "answered_at": one.answered_at,
            }
            for one in reversed(said)
        ],
        "undertaking": row.undertaking,
        "release": row.release,
        "review": row.order.get_review_display() if row.order.review else "",
        "free_by": row.order.free_by,
        "overdue": row.overdue,
        "ending": row.ending,
    }
