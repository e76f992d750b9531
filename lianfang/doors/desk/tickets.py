"""Tickets: the list by saved views, and one ticket with its calls, who has it, what was answered, what comes next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import GONE, Text, refuse
from lianfang.reports import matter as matters
from lianfang.rooms.people.queries import masked
from lianfang.rooms.people.roles import ROLES
from lianfang.rooms.tickets import queries as tickets
from lianfang.rooms.tickets.acts import ENOUGH
from lianfang.rooms.tickets.forms import Answer, CallBack, Close, LogCall, Reopen, RevealCaller, Speak
from lianfang.rooms.tickets.models import Channel, Contact, Ticket

from .calls import READ_OR_SEND
from .cases import Step, Tried, attempt, clock_words, door_ref, found, lines_of, reader, steps
from .frame import desk, may, page
from .lists import LONGEST, SHOWN, before_of
from .waiting import place_words

State = Ticket.State
SPOKEN = ("ticket.lodged", "ticket.called", "ticket.contacted", "message.sent")
"""What stands among the calls and talks of the page already."""

SHORT = 30
"""Signs of what the caller said, shown in a row."""


@require_http_methods(["GET", "HEAD"])
@desk
def listed(request: Request) -> HttpResponse:
    """The tickets of a saved view."""
    who, now, before = reader(request), clock.now(), before_of(request)
    views = {
        "waiting": _("To accept"),
        "in_hand": _("In hand"),
        "soon": _("Due soon"),
        "call_back": _("To call back"),
        "closed": pgettext("tickets", "Closed"),
    }
    which = request.GET.get("which", "waiting")
    if which not in views:
        refuse(_("There is no such list."), GONE)
    pages = which == "closed"
    rows = tickets.in_view(who.where, which, now, SHOWN + 1 if pages else LONGEST, before if pages else None)
    shown = rows[:SHOWN] if pages else rows
    counts, here = tickets.counts(who.where, now), request.path
    older = {"which": which, "before": str(shown[-1].id)} if len(shown) < len(rows) else None
    may_take = may(request, "ticket.lodged") or may(request, "ticket.called")
    context = {
        "title": _("Tickets"),
        "lead": _(
            "The street owns a ticket; the community helps. The same matter is one ticket, however often he calls."
        ),
        "add": {"href": reverse("desk:ticket_new"), "words": _("Somebody calls")} if may_take else None,
        "filters": [
            {
                "href": f"{here}?which={name}",
                "words": words,
                "here": name == which,
                "count": counts.get(name),
            }
            for name, words in views.items()
        ],
        "rows": [ticket_row(one, who) for one in shown],
        "nothing": _("Nothing here."),
        "pages": {
            "older": f"{here}?{urlencode(older)}" if older else "",
            "newer": f"{here}?which=closed" if before and pages else "",
        },
    }
    return page(request, "list", context)


def ticket_row(one: Ticket, who: Actor) -> dict[str, Any]:
    """A ticket as a row of a list: its number, what it is, where it came from, what is left of its time."""
    said = one.words if len(one.words) <= SHORT else one.words[: SHORT - 1] + "…"
    place = place_words(one.door, who) if one.door != one.where else ""
    row: dict[str, Any] = {
        "href": reverse("desk:ticket", args=[one.id]),
        "title": _("%(number)s %(type)s: %(words)s")
        % {"number": one.number, "type": one.get_type_display(), "words": said},
        "src": source_words(one.channel),
        "src_kind": "ask",
        "who": " · ".join(filter(None, [place, one.get_category_display(), one.handler_name])),
        "since": one.received_at,
    }
    if one.state in tickets.OPEN:
        return row | {"due": one.due}
    kind, words = badge_of(one)
    return row | {"kind": kind, "words": words}


def source_words(channel: str) -> str:
    """Where a call came from, in a tag: a word or a number."""
    return {
        Channel.HOTLINE: "12345",
        Channel.POLICE: "110",
        Channel.PHONE: pgettext("where it comes from", "Phone"),
        Channel.DOOR: pgettext("where it comes from", "Door"),
        Channel.WEB: pgettext("where it comes from", "Web"),
        Channel.PROACTIVE: pgettext("where it comes from", "Ours"),
    }[Channel(channel)]


def badge_of(one: Ticket) -> tuple[str, str]:
    """How a ticket stands, as a badge: kind and words."""
    kinds = {State.ACCEPTED: "plain", State.CLOSED: "done"}
    return kinds.get(State(one.state), "due"), one.get_state_display()


@require_http_methods(["GET", "HEAD"])
@desk
def ticket(request: Request, id: UUID) -> HttpResponse:
    """One ticket."""
    return _shown(request, id)


class Deed(NamedTuple):
    """What the page of a ticket lets somebody do: the kind of line, its form, and what is said when it is done."""

    kind: str
    form: type[forms.Form]
    done: Text


DEEDS = {
    "accept": Deed("ticket.accepted", forms.Form, gettext_lazy("It is yours now.")),
    "call": Deed("ticket.called", LogCall, gettext_lazy("The call is on its ticket.")),
    "speak": Deed("ticket.contacted", Speak, gettext_lazy("Written down.")),
    "answer": Deed("ticket.answered", Answer, gettext_lazy("Answered. Somebody else calls back.")),
    "call_back": Deed("ticket.called_back", CallBack, gettext_lazy("Written down.")),
    "close": Deed("ticket.closed", Close, gettext_lazy("Closed.")),
    "reopen": Deed("ticket.reopened", Reopen, gettext_lazy("Open again, with its time counted anew.")),
}


def deed_of(name: str) -> Callable[..., HttpResponse]:
    """The view that does one deed on a ticket."""
    wanted = DEEDS[name]

    @require_http_methods(READ_OR_SEND)
    @desk
    def do(request: Request, id: UUID) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseRedirect(reverse("desk:ticket", args=[id]))
        who = reader(request)
        said: dict[str, Any] = {**request.POST.dict(), "ticket": id}
        with reading(who):
            one: Ticket = found(tickets.ticket(who.where, id))
            if name == "call":
                said["progress"] = said.get("progress", "").strip() or matters.progress(one, who.where)
        tried = attempt(request, wanted.kind, said, wanted.form(request.POST), str(wanted.done))
        return (
            HttpResponseRedirect(reverse("desk:ticket", args=[id]))
            if tried.line
            else _shown(request, id, name, tried)
        )

    return do


@require_http_methods(READ_OR_SEND)
@desk
def reveal(request: Request, id: UUID) -> HttpResponse:
    """Read the caller's number. It stands on this answer and nowhere else; to see it again is to read it again."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:ticket", args=[id]))
    said = {"ticket": id, "reason": request.POST.get("reason", "")}
    tried = attempt(request, "ticket.revealed", said, RevealCaller(request.POST), _("Recorded."))
    return _shown(request, id, "reveal", tried)


def _shown(request: Request, id: UUID, name: str = "", tried: Tried | None = None) -> HttpResponse:
    who = reader(request)
    with reading(who):
        one: Ticket = found(tickets.ticket(who.where, id))
        context = _context(request, one, who)
        if tried and tried.line and name == "reveal":
            context["shown"] = one.opened("caller_phone")
    if tried:
        context["tried"] = name
        context |= tried.context
        context["forms"][name] = tried.form or context["forms"][name]
        context["keys"][name] = request.POST.get("key") or new_id()
    return page(request, "ticket", context, tried.status if tried else 200)


def _context(request: HttpRequest, one: Ticket, who: Actor) -> dict[str, Any]:
    _told, lines = lines_of(one.matter, but=SPOKEN)
    spoken = tickets.contacts(one)
    kind, words = badge_of(one)
    return {
        "ticket": _facts(one, who) | {"kind": kind, "words": words},
        "steps": _steps(one),
        "contacts": [_contact(each) for each in spoken],
        "calls": sum(each.side == Contact.Side.CALLER for each in spoken),
        "may": open_deeds(one, who),
        "may_reveal": "ticket.revealed" in who.may and "phone" in ROLES[who.role].reveals,
        "own_hand": who.id in one.handlers,
        "forms": _forms(one, who),
        "keys": {each: new_id() for each in DEEDS},
        "matter_href": reverse("desk:matter", args=[one.matter]),
        "lines": lines,
    }


def open_deeds(one: Ticket, who: Actor) -> dict[str, bool]:
    """What this reader may do with the ticket as it stands."""
    mine = {name: deed.kind in who.may for name, deed in DEEDS.items()}
    answered = one.state in (State.ANSWERED, State.CALLED_BACK)
    turn = {
        "accept": one.state == State.LODGED,
        "call": True,
        "speak": one.state != State.CLOSED,
        "answer": one.state == State.ACCEPTED,
        "call_back": one.state == State.ANSWERED,
        "close": one.state == State.CALLED_BACK or (answered and one.call_backs >= ENOUGH),
        "reopen": answered or one.state == State.CLOSED,
    }
    return {name: mine[name] and turn[name] for name in DEEDS}


def _forms(one: Ticket, who: Actor) -> dict[str, forms.Form]:
    told = matters.progress(one, who.where) if "ticket.called" in who.may else ""
    channel = Channel.POLICE if who.role == "police" else one.channel
    return {
        "accept": forms.Form(),
        "call": LogCall(initial={"channel": channel, "progress": told}, auto_id="call_%s"),
        "speak": Speak(initial={"channel": Channel.PHONE}, auto_id="speak_%s"),
        "answer": Answer(auto_id="answer_%s"),
        "call_back": CallBack(auto_id="back_%s"),
        "close": Close(auto_id="close_%s"),
        "reopen": Reopen(auto_id="reopen_%s"),
        "reveal": RevealCaller(auto_id="reveal_%s"),
    }


def _facts(one: Ticket, who: Actor) -> dict[str, Any]:
    inside = len(one.door) > 12
    return {
        "id": one.id,
        "number": one.number,
        "state": one.state,
        "type": one.get_type_display(),
        "category": one.get_category_display(),
        "said": one.words,
        "source": source_words(one.channel),
        "outside_no": one.outside_no,
        "received_at": one.received_at,
        "level": one.get_level_display(),
        "due": one.due if one.state in tickets.OPEN else None,
        "due_at": one.due,
        "lapsed": one.lapsed,
        "caller": one.caller_name,
        "phone": masked("phone", one.opened("caller_phone")),
        "place": place_words(one.door, who),
        "place_href": reverse("desk:household", args=[door_ref(one.door, who)]) if inside else "",
        "owner": place_words(one.where, who),
        "copied": place_words(one.copied, who),
        "helping": [place_words(each, who) for each in one.also],
        "handler": one.handler_name,
        "unit": one.unit.name if one.unit else "",
        "accepted_at": one.accepted_at,
        "answer": one.answer,
        "answered_at": one.answered_at,
        "tries": one.call_backs,
        "called_back_at": one.called_back_at,
        "asked": [
            (_("We spoke with him"), one.heard),
            (_("Solved"), one.solved),
            (_("Satisfied"), one.satisfied),
        ],
        "call_back_words": one.call_back_words,
        "closed_at": one.closed_at,
        "closed_why": one.closed_why,
        "reopened_why": one.reopened_why,
    }


def _contact(one: Contact) -> dict[str, Any]:
    return {
        "at": one.at,
        "theirs": one.side == Contact.Side.CALLER,
        "source": source_words(one.channel),
        "side": one.get_side_display(),
        "number": one.outside_no,
        "words": one.words,
        "by": one.by_name,
        "told": one.progress_told,
    }


def _steps(one: Ticket) -> list[dict[str, str]]:
    answered = one.state in (State.ANSWERED, State.CALLED_BACK, State.CLOSED)
    closed = one.state == State.CLOSED
    return steps(
        Step(pgettext("step", "Lodged"), True, clock_words(one.received_at)),
        Step(
            pgettext("step", "Accepted"),
            one.state != State.LODGED,
            f"{clock_words(one.accepted_at)} {one.handler_name}".strip(),
        ),
        Step(pgettext("step", "Answered"), answered, clock_words(one.answered_at) if answered else ""),
        Step(
            pgettext("step", "Called back"),
            one.state == State.CALLED_BACK or closed,
            clock_words(one.called_back_at),
        ),
        Step(pgettext("step", "Closed"), closed, clock_words(one.closed_at)),
    )
