"""The case page 事: everything of one matter on one page, and the deeds open to whoever reads it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.where import level
from lianfang.reports import matter as matters
from lianfang.reports.matter import Matter
from lianfang.reports.timeline import Entry
from lianfang.rooms.aid.models import Need
from lianfang.rooms.messages.models import Message
from lianfang.rooms.messages.wording import sentence
from lianfang.rooms.notes.forms import Write
from lianfang.rooms.orders.models import Notice, Order
from lianfang.rooms.rulings.models import Question

from .calls import READ_OR_SEND
from .cases import Tried, attempt, door_ref, found, href_of, reader, subject_of
from .frame import desk, page
from .heard import promise_row
from .tickets import open_deeds, source_words, ticket_row
from .waiting import call_row, five_lines, order_row, place_words, question_row

SHOWN, TOLD = 40, 5
"""Lines of the time line shown at first, all of them by a link; the last things he was told."""


@require_http_methods(["GET", "HEAD"])
@desk
def matter(request: Request, id: UUID) -> HttpResponse:
    """One matter."""
    return _shown(request, id)


@require_http_methods(READ_OR_SEND)
@desk
def note(request: Request, id: UUID) -> HttpResponse:
    """Write down what was heard in this matter."""
    here = reverse("desk:matter", args=[id])
    if request.method != "POST":
        return HttpResponseRedirect(here)
    who = reader(request)
    with reading(who):
        one: Matter = found(matters.matter(id, who.where))
    said = {**request.POST.dict(), "where": one.where, "matter": id}
    tried = attempt(request, "note.written", said, Write(request.POST), _("Written down."))
    return HttpResponseRedirect(here) if tried.line else _shown(request, id, tried)


def _shown(request: Request, id: UUID, tried: Tried | None = None) -> HttpResponse:
    who = reader(request)
    with reading(who):
        one: Matter = found(matters.matter(id, who.where))
        context = _context(request, one, who)
    if tried:
        context |= tried.context | {"note_form": tried.form, "key": request.POST.get("key") or new_id()}
    return page(request, "matter", context, tried.status if tried else 200)


def _context(request: Request, one: Matter, who: Actor) -> dict[str, Any]:
    now, every = clock.now(), request.GET.get("lines") == "all"
    told = one.lines if every or not one.talks else one.talks
    lines = [_line(each, each is one.lines[-1]) for each in reversed(told)]
    on = now.astimezone(clock.BEIJING).date()
    running = [each for each in one.orders if each.last_day >= on and each.state != Order.State.RELEASED]
    return {
        "matter": {
            "id": one.id,
            "place": place_words(one.where, who),
            "place_href": reverse("desk:household", args=[door_ref(one.where, who)])
            if level(one.where) == "inside" and one.where.count(".") == 4
            else "",
            "began": one.lines[0].at,
        },
        "subject": subject_of(one.person, one.where, who),
        "title": _title(one),
        "orders": [five_lines(each, each.resident.name, now) for each in running],
        "rows": _rows(one, who),
        "acts": _acts(one, who),
        "more": _more(one, who),
        "promises": [promise_row(each, who) for each in one.promises],
        "may_keep": "promise.kept" in who.may,
        "needs": [_need(each) for each in one.needs],
        "messages_sent": [_message(each) for each in reversed(one.messages[-TOLD:])],
        "numbers": [
            {"source": source_words(each.channel), "number": each.outside_no, "at": each.at}
            for each in one.outside_numbers
        ],
        "calls": sum(each.side == "caller" for ticket in one.tickets for each in ticket.contacts.all()),
        "parties": [{"who": each.who, "lines": each.lines, "last": each.last.at} for each in one.parties],
        "lines": lines if every else lines[:SHOWN],
        "total": len(one.lines),
        "every": every or not one.talks,
        "may_note": "note.written" in who.may and level(one.where) in ("community", "inside"),
        "note_form": Write(initial={"how": "phone"}),
        "key": new_id(),
    }


def _title(one: Matter) -> str:
    """What a matter is called: its ticket's kind, else its order's measure, else a call from a checkpoint."""
    if one.tickets:
        first = one.tickets[0]
        return _("%(type)s %(number)s") % {"type": capfirst(first.get_type_display()), "number": first.number}
    if one.orders:
        return capfirst(one.orders[0].get_measure_display())
    return _("Matter")


def _acts(one: Matter, who: Actor) -> list[dict[str, str]]:
    """What waits for this very reader in the matter, each with the page where it is done."""
    found: list[tuple[str, str, UUID]] = []
    for each in one.tickets:
        turn = open_deeds(each, who)
        words = {"accept": _("Accept %(no)s"), "answer": _("Answer %(no)s"), "close": _("Close %(no)s")}
        if who.id not in each.handlers:
            words["call_back"] = _("Call back about %(no)s")
        said = [words[name] % {"no": each.number} for name in words if turn[name]]
        found += [("ticket", " · ".join(said), each.id)] if said else []
    for asked in one.questions:
        if asked.state == Question.State.ASKED and "question.ruled" in who.may:
            found.append(("question", _("Rule on the question"), asked.id))
    for bound in one.orders:
        if bound.notice.state != Notice.State.SERVED and "notice.served" in who.may:
            found.append(("order", _("Serve the notice %(no)s") % {"no": bound.notice.number}, bound.id))
    for need in one.needs:
        if need.state == Need.State.PROPOSED and "need.confirmed" in who.may:
            found.append(("need", _("Confirm or drop a need"), need.id))
    return [{"href": reverse(f"desk:{page}", args=[id]), "words": words} for page, words, id in found]


def _more(one: Matter, who: Actor) -> list[dict[str, str]]:
    """What may be begun at the door of the matter."""
    if level(one.where) != "inside":
        return []
    query = urlencode({"home": door_ref(one.where, who)})
    ways = [
        ("ticket_new", "ticket.called", _("Somebody calls")),
        ("need_new", "need.proposed", _("Somebody needs something")),
    ]
    return [
        {"href": f"{reverse(f'desk:{page}')}?{query}", "words": words}
        for page, kind, words in ways
        if kind in who.may
    ]


def _rows(one: Matter, who: Actor) -> list[dict[str, Any]]:
    """What the matter is made of, each with its page: call of a checkpoint, question, order, tickets."""
    call = [call_row(one.verification, who)] if one.verification else []
    return [
        *call,
        *(question_row(each, who) for each in one.questions),
        *(_numbered(each, order_row(each, who, clock.now())) for each in one.orders),
        *(ticket_row(each, who) for each in one.tickets),
    ]


def _need(one: Need) -> dict[str, Any]:
    amount = f"{one.quantity.normalize():f} {one.get_unit_display()}" if one.quantity else ""
    kinds = {Need.State.MET: "ok", Need.State.DROPPED: "plain"}
    return {
        "href": reverse("desk:need", args=[one.id]),
        "what": " ".join(filter(None, [one.item or str(one.get_kind_display()), amount])),
        "owner": one.owner_name or _("nobody sees to it yet"),
        "due": one.due,
        "perish_by": one.perish_by,
        "kind": kinds.get(Need.State(one.state), "due"),
        "words": one.get_state_display(),
    }


def _message(one: Message) -> dict[str, Any]:
    return {
        "at": one.sent_at,
        "what": sentence(one),
        "way": one.get_way_display(),
        "kind": "due" if one.state == Message.State.WAITING else "done",
        "words": one.get_state_display(),
    }


def _numbered(one: Order, row: dict[str, Any]) -> dict[str, Any]:
    return row | {"title": f"{one.notice.number} {row['title']}"}


def _line(one: Entry, last: bool) -> dict[str, Any]:
    return {
        "at": one.at,
        "what": one.sentence,
        "href": href_of(one.line),
        "by": one.who,
        "via": one.via,
        "about": one.about,
        "rule": one.rule,
        "words": one.words,
        "late": one.late,
        "now": last,
    }
