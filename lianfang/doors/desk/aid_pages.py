"""Needs: the list, and one need with who helps with how much of it, what has come and what is still open, in its unit and in
yuan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import FORBIDDEN, GONE, UNFIT, Text, refuse, refuse_if
from lianfang.reports import timeline
from lianfang.reports.timeline import Entry
from lianfang.rooms.aid import queries as aid
from lianfang.rooms.aid.forms import Confirm, Deliver, Drop, Meet, Withdraw
from lianfang.rooms.aid.forms import Pledge as Pledging
from lianfang.rooms.aid.models import Need, Pledge
from lianfang.rooms.aid.queries import Sums
from lianfang.rooms.aid.words import plain
from lianfang.rooms.people.models import Worker
from lianfang.rooms.people.queries import masked

from .calls import READ_OR_SEND
from .cases import Step, Tried, attempt, clock_words, door_ref, found, reader, steps, who_wrote
from .frame import desk, may, page
from .lists import LONGEST, SHOWN, before_of
from .waiting import place_words

State = Need.State
SHORT = 24
EVENING = time(18)


@require_http_methods(["GET", "HEAD"])
@desk
def listed(request: Request) -> HttpResponse:
    """The needs of a view, those that are needed first first."""
    who, before = reader(request), before_of(request)
    views = {
        "open": _("In hand"),
        "proposed": _("To confirm"),
        "all": _("All"),
    }
    which = request.GET.get("which", "open")
    if which not in views:
        refuse(_("There is no such list."), GONE)
    pages = which == "all"
    rows = aid.latest(who.where, SHOWN + 1, before) if pages else aid.waiting(who.where, which, LONGEST)
    shown, here = rows[:SHOWN] if pages else rows, request.path
    context = {
        "title": _("Needs"),
        "lead": _(
            "What somebody needs, who helps, what is still open. A need is met when the resident says so."
        ),
        "add": {"href": reverse("desk:need_new"), "words": _("Note a need")}
        if may(request, "need.proposed")
        else None,
        "filters": [
            {"href": f"{here}?which={name}", "words": words, "here": name == which, "count": None}
            for name, words in views.items()
        ],
        "rows": [need_row(one, who) for one in shown],
        "nothing": _("Nothing here."),
        "pages": {
            "older": f"{here}?which=all&before={shown[-1].id}" if len(shown) < len(rows) else "",
            "newer": f"{here}?which=all" if before and pages else "",
        },
    }
    return page(request, "list", context)


def need_row(one: Need, who: Actor) -> dict[str, Any]:
    """A need as a row of a list: what, how much of it is still open, where, who sees to it, until when."""
    stands = aid.sums(one)
    title = what_of(one)
    if one.state == State.OPEN and one.unit != Need.Unit.TASK:
        said = {"what": title, "left": plain(stands.open), "unit": one.get_unit_display()}
        title = (
            _("%(what)s, still open: %(left)s %(unit)s") if stands.open else _("%(what)s, all of it pledged")
        ) % said
    by = _("by %(day)s") % {"day": _day(one.perish_by)} if one.perish_by else ""
    row: dict[str, Any] = {
        "href": reverse("desk:need", args=[one.id]),
        "title": title,
        "src": pgettext("where it comes from", "Aid"),
        "src_kind": "aid",
        "who": " · ".join(filter(None, [place_words(one.where, who), by, one.owner_name])),
        "since": one.asked_at,
    }
    if one.state == State.OPEN:
        return row | {"due": one.due}
    kind, words = badge_of(one)
    return row | {"kind": kind, "words": words}


def what_of(one: Need) -> str:
    """What is needed, and how much of it."""
    what = one.item or one.get_kind_display()
    if one.quantity is None or one.unit == Need.Unit.TASK:
        return what
    said = {"what": what, "much": plain(one.quantity), "unit": one.get_unit_display()}
    return (_("%(what)s, about %(much)s %(unit)s") if one.rough else _("%(what)s, %(much)s %(unit)s")) % said


def badge_of(one: Need) -> tuple[str, str]:
    """How a need stands, as a badge: kind and words."""
    kinds = {State.PROPOSED: "due", State.OPEN: "obs", State.MET: "done"}
    return kinds.get(State(one.state), "plain"), one.get_state_display()


def _day(day: Any) -> str:
    return date_format(day, pgettext("date format", "j M")) if day else ""


@require_http_methods(["GET", "HEAD"])
@desk
def need(request: Request, id: UUID) -> HttpResponse:
    """One need."""
    return _shown(request, id)


class Confirming(Confirm):
    """``confirm``, with who sees to it, chosen among those posted here."""

    owner = forms.ChoiceField(label=gettext_lazy("Who sees to it"))
    field_order = ("kind", "item", "quantity", "unit", "price", "perish_by", "owner", "due")

    def __init__(self, owners: list[Worker], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field: Any = self.fields["owner"]
        field.choices = [(str(one.id), " ".join(filter(None, [one.name, one.title]))) for one in owners]


class Deed(NamedTuple):
    """What the page of a need lets somebody do: the kind of line, its form, and what is said when it is done."""

    kind: str
    form: Callable[..., forms.Form]
    done: Text
    of_pledge: bool = False


DEEDS = {
    "confirm": Deed("need.confirmed", Confirming, gettext_lazy("Confirmed. It is in hand now.")),
    "drop": Deed("need.dropped", Drop, gettext_lazy("Dropped, with the reason.")),
    "pledge": Deed("aid.pledged", Pledging, gettext_lazy("The pledge is written down.")),
    "meet": Deed("need.met", Meet, gettext_lazy("His words are written down: the need is met.")),
    "deliver": Deed("aid.delivered", Deliver, gettext_lazy("Written down: it has come."), True),
    "withdraw": Deed("aid.withdrawn", Withdraw, gettext_lazy("Withdrawn; the rest is open again."), True),
}


def deed_of(name: str) -> Callable[..., HttpResponse]:
    """The view that does one deed on a need, or on a pledge for it."""
    wanted = DEEDS[name]

    @require_http_methods(READ_OR_SEND)
    @desk
    def do(request: Request, id: UUID, given: UUID | None = None) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseRedirect(reverse("desk:need", args=[id]))
        who = reader(request)
        with reading(who):
            one: Need = found(aid.need(who.where, id))
            about = id
            if given is not None:
                pledge: Pledge = found(aid.pledge(who.where, given))
                about = found(pledge.id if pledge.need_id == id else None)
            refuse_if(not may(request, wanted.kind), _("Your role does not do this."), FORBIDDEN)
            owners = aid.owners(one.where) if name == "confirm" else []
        form = Confirming(owners, request.POST) if name == "confirm" else wanted.form(request.POST)
        said = {**request.POST.dict(), "pledge" if wanted.of_pledge else "need": about}
        if name == "confirm" and not form.is_valid():
            return _shown(request, id, name, Tried(None, "", form, UNFIT))
        tried = attempt(request, wanted.kind, said, form, str(wanted.done))
        if tried.line:
            return HttpResponseRedirect(reverse("desk:need", args=[id]))
        return _shown(request, id, name, tried, given)

    return do


def _shown(
    request: Request, id: UUID, name: str = "", tried: Tried | None = None, given: UUID | None = None
) -> HttpResponse:
    who = reader(request)
    with reading(who):
        one: Need = found(aid.need(who.where, id))
        context = _context(one, who)
    if tried:
        context["tried"] = name
        context |= tried.context
        context["forms"][name] = tried.form
        context["keys"][name] = request.POST.get("key") or new_id()
        for each in context["pledges"] if given else []:
            if each["id"] == given:
                each |= {"tried": name, name: tried.form, f"{name}_key": context["keys"][name]}
                context["may"][name] = each[f"may_{name}"]
        if context["may"].get(name):
            context.pop("unsaved", None)  # the form itself still stands there, with all that was typed
    return page(request, "need", context, tried.status if tried else 200)


def _context(one: Need, who: Actor) -> dict[str, Any]:
    told = timeline.entries(aid.history(one), words=True)
    stands, rows = aid.sums(one), aid.pledges(one)
    names = {each.id: each.by_name for each in rows}
    return {
        "need": _facts(one, who),
        "steps": _steps(one, stands, who_wrote(told, "need.confirmed")),
        "sums": _sums(one, stands) if one.state in (State.OPEN, State.MET) else [],
        "money": _money(stands) if one.price else None,
        "pledges": [_pledge(each, one, who) for each in rows],
        "deliveries": [
            {"at": each.at, "name": names.get(each.line.about, ""), "facts": each.line.facts}
            for each in told
            if each.line.kind == "aid.delivered"
        ],
        "may": _open_deeds(one, stands, who),
        "forms": _forms(one, stands, who),
        "keys": {name: new_id() for name in DEEDS},
        "matter_href": reverse("desk:matter", args=[one.matter]),
        "lines": [_line(each, each is told[-1]) for each in reversed(told)],
    }


def _line(one: Entry, last: bool) -> dict[str, Any]:
    """A line as ``parts/timeline.html`` shows it; its page is this one, and its door stands above."""
    return {
        "at": one.at,
        "what": one.sentence,
        "by": one.who,
        "via": one.via,
        "rule": one.rule,
        "words": one.words,
        "late": one.late,
        "now": last,
    }


def _facts(one: Need, who: Actor) -> dict[str, Any]:
    kind, words = badge_of(one)
    inside = len(one.where) > 12
    return {
        "id": one.id,
        "what": what_of(one),
        "group": one.get_kind_display(),
        "state": one.state,
        "kind": kind,
        "words": words,
        "place": place_words(one.where, who),
        "place_href": reverse("desk:household", args=[door_ref(one.where, who)]) if inside else "",
        "unit": one.get_unit_display(),
        "counted": one.unit != Need.Unit.TASK,
        "rough": one.rough,
        "much": plain(one.quantity),
        "price": plain(one.price),
        "perish_by": one.perish_by,
        "due": one.due if one.state == State.OPEN else None,
        "due_at": one.due,
        "owner": one.owner_name,
        "said": one.words,
        "from_note": one.from_note is not None,
        "asked_at": one.asked_at,
        "met_at": one.met_at,
        "met_words": one.met_words,
        "dropped_why": one.dropped_why,
    }


def _steps(one: Need, stands: Sums, confirmed_by: str) -> list[dict[str, str]]:
    confirmed = one.state in (State.OPEN, State.MET)
    here = confirmed and stands.quantity > 0
    return steps(
        Step(_("Noted"), True, clock_words(one.asked_at)),
        Step(_("Confirmed"), confirmed, confirmed_by),
        Step(_("Pledged"), here and stands.open <= 0),
        Step(_("Has come"), here and stands.delivered >= stands.quantity),
        Step(_("He says it is met"), one.state == State.MET, clock_words(one.met_at)),
    )


def _sums(one: Need, stands: Sums) -> list[dict[str, Any]]:
    """The need as a sum that adds up: what came, what is to come and what is open make up what is needed."""

    def row(words: str, much: Decimal, whole: bool = False) -> dict[str, Any]:
        yuan = plain(much * one.price) if one.price is not None else ""
        return {"words": words, "much": plain(much), "yuan": yuan, "whole": whole}

    return [
        row(_("Has come"), stands.delivered),
        row(_("Pledged, to come"), stands.to_come),
        row(_("Still open"), stands.open),
        row(_("Needed"), stands.quantity, True),
    ]


def _money(stands: Sums) -> dict[str, str]:
    return {"agreed": plain(stands.agreed), "paid": plain(stands.paid), "unpaid": plain(stands.unpaid)}


def _pledge(one: Pledge, need: Need, who: Actor) -> dict[str, Any]:
    kinds = {Pledge.State.PLEDGED: "due", Pledge.State.DELIVERED: "done"}
    rest = one.quantity - one.delivered
    running = one.state == Pledge.State.PLEDGED and need.state == State.OPEN
    # What came may still be unpaid, so a pledge that is delivered in full takes a payment.
    owed = one.state == Pledge.State.DELIVERED and need.state == State.OPEN
    owed = owed and need.price is not None and one.yuan < one.quantity * need.price
    price = need.price or Decimal(0)
    due = {"quantity": plain(rest), "yuan": plain(max(one.quantity * price - one.yuan, Decimal(0)))}
    return {
        "id": one.id,
        "group": one.get_by_kind_display(),
        "name": one.by_name,
        "phone": masked("phone", one.opened("by_phone")),
        "much": plain(one.quantity),
        "came": plain(one.delivered),
        "rest": plain(rest),
        "yuan": plain(one.yuan),
        "at": one.pledged_at,
        "why": one.withdrawn_why,
        "kind": kinds.get(Pledge.State(one.state), "plain"),
        "words": one.get_state_display(),
        "may_deliver": (running or owed) and "aid.delivered" in who.may,
        "may_withdraw": running and "aid.withdrawn" in who.may,
        "deliver": Deliver(initial=due, auto_id=f"d{one.id}_%s"),
        "withdraw": Withdraw(auto_id=f"w{one.id}_%s"),
        "deliver_key": new_id(),
        "withdraw_key": new_id(),
    }


def _open_deeds(one: Need, stands: Sums, who: Actor) -> dict[str, bool]:
    """What this reader may do with the need as it stands."""
    turn = {
        "confirm": one.state == State.PROPOSED,
        "drop": one.state in (State.PROPOSED, State.OPEN),
        "pledge": one.state == State.OPEN and stands.open > 0,
        "meet": one.state == State.OPEN,
    }
    return {name: turn[name] and DEEDS[name].kind in who.may for name in turn}


def _forms(one: Need, stands: Sums, who: Actor) -> dict[str, Any]:
    confirms = one.state == State.PROPOSED and "need.confirmed" in who.may
    return {
        "confirm": _confirm_form(one, who) if confirms else None,
        "drop": Drop(auto_id="drop_%s"),
        "pledge": Pledging(initial={"quantity": plain(stands.open)}, auto_id="pledge_%s"),
        "meet": Meet(auto_id="meet_%s"),
    }


def _confirm_form(one: Need, who: Actor) -> Confirming:
    owners = aid.owners(one.where)
    initial = {
        "kind": one.kind,
        "item": one.item,
        # What was said roughly is asked, and not taken over by a tired hand.
        "quantity": "" if one.rough else plain(one.quantity),
        "unit": one.unit,
        "perish_by": one.perish_by,
        "owner": str(who.id) if who.id in {each.id for each in owners} else "",
        "due": _evening(one, clock.now()),
    }
    form = Confirming(owners, initial=initial)
    if one.rough:
        form.fields["quantity"].help_text = _("The note does not say exactly how much: ask him.")
    return form


def _evening(one: Need, now: datetime) -> datetime:
    """The evening of the day it is needed by; of tomorrow, if there is none or it has passed."""
    day = one.perish_by or (now.astimezone(BEIJING).date() + timedelta(days=1))
    evening = datetime.combine(day, EVENING, tzinfo=BEIJING)
    return evening if evening > now else evening + timedelta(days=(now - evening).days + 1)
