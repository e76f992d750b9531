"""Notes 民情: what was heard, found again by any word of it; and a promise that is kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.where import level
from lianfang.rooms.notes import queries as notes
from lianfang.rooms.notes.models import Note, Promise

from .calls import READ_OR_SEND
from .cases import door_ref, found, reader
from .frame import address, deed, desk, href, page
from .lists import SHOWN, before_of
from .waiting import place_words

LONGEST = 40
"""Signs of a search that are read."""


@require_http_methods(["GET", "HEAD"])
@desk
def heard(request: Request) -> HttpResponse:
    """Every note, newest first, or those that hold the words looked for."""
    who, before = reader(request), before_of(request)
    words = " ".join(request.GET.get("words", "")[:LONGEST].replace("\0", " ").split())
    some = notes.search(who.where, words, SHOWN + 1, before)
    shown = some[:SHOWN]
    wrote = notes.writers(one.id for one in shown)
    older = {"before": str(shown[-1].id)} if len(shown) < len(some) else {}
    promised: dict[UUID, list[Promise]] = {}
    for one in notes.promises_in(who.where, [each.id for each in shown]):
        promised.setdefault(one.note_id, []).append(one)
    context = {
        "words": words,
        "notes": [note_row(one, who, wrote, promised.get(one.id, [])) for one in shown],
        "older_href": f"?{urlencode(({'words': words} if words else {}) | older)}" if older else "",
        "newer_href": (f"?{urlencode({'words': words})}" if words else "?") if before else "",
    }
    return page(request, "notes", context)


def note_row(
    one: Note, who: Actor, wrote: dict[UUID, tuple[str, Any]], promised: list[Promise]
) -> dict[str, Any]:
    """A note as it is read again: where, when, how, by whom, its words, and what was promised."""
    name, role = wrote.get(one.id, ("", ""))
    inside = level(one.where) == "inside"
    return {
        "at": one.noted_at,
        "place": place_words(one.where, who),
        "href": reverse("desk:household", args=[door_ref(one.where, who)]) if inside else "",
        "how": one.get_how_display(),
        "by": " ".join(filter(None, [name, str(role)])),
        "text": one.text,
        "handover": one.how == Note.How.HANDOVER,
        "matter_href": href("desk:matter", one.matter) if one.matter != one.id else "",
        "promises": [promise_row(each, who) for each in promised],
    }


def promise_row(one: Promise, who: Actor) -> dict[str, Any]:
    """A promise: what, who sees to it, until when, and how it stands."""
    late = one.state != Promise.State.KEPT and one.due <= clock.now()
    kinds = {Promise.State.KEPT: "done", Promise.State.OPEN: "todo", Promise.State.LAPSED: "late"}
    return {
        "id": one.id,
        "key": new_id(),
        "what": one.what,
        "owner": one.owner_name,
        "mine": one.owner == who.id,
        "due": one.due,
        "kept_at": one.kept_at,
        "kept_words": one.kept_words,
        "owed": one.state != Promise.State.KEPT,
        "kind": "late" if late else kinds[Promise.State(one.state)],
        "words": Promise.State.LAPSED.label if late else one.get_state_display(),
        "place": place_words(one.where, who),
        "href": reverse("desk:household", args=[door_ref(one.where, who)]) + "#promises"
        if level(one.where) == "inside"
        else href("desk:matter", one.matter),
    }


@require_http_methods(READ_OR_SEND)
@desk
def keep(request: Request, id: UUID) -> HttpResponse:
    """What was promised is done."""
    back = address("desk:notes")
    if request.method != "POST":
        return HttpResponseRedirect(back)
    who = reader(request)
    with reading(who):
        one: Promise = found(notes.promise(who.where, id))
    if level(one.where) == "inside":
        back = reverse("desk:household", args=[door_ref(one.where, who)])
    said = {"promise": id, "words": request.POST.get("words", "")}
    deed(request, "promise.kept", said, str(request.POST.get("key", "")))
    messages.success(request, _("Done, and written down."))
    return HttpResponseRedirect(back)
