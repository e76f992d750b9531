"""Lists: verifications, questions upward; those that wait first, all of them by pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground.acts import Actor
from lianfang.ground.refusals import GONE, refuse
from lianfang.ground.things import Thing
from lianfang.rooms.gates import queries as gates
from lianfang.rooms.rulings import queries as rulings

from .cases import reader
from .frame import desk, may, page
from .waiting import call_row, question_row

SHOWN = 25
LONGEST = 200
"""Rows of a page of everything; rows of what waits, which is never turned over."""

Found = Callable[[Actor, UUID | None], Sequence[Thing]]


@require_http_methods(["GET", "HEAD"])
@desk
def verifications(request: Request) -> HttpResponse:
    """What checkpoints asked."""
    who = reader(request)
    add = {"href": reverse("desk:verification_new"), "words": _("A checkpoint calls")}
    return _list(
        request,
        {
            "waiting": (_("Wait for an answer"), lambda by, _before: gates.waiting(by.where, LONGEST)),
            "unsettled": (_("Outcome not noted"), lambda by, _before: gates.unsettled(by.where, LONGEST)),
            "all": (_("All"), lambda by, before: gates.latest(by.where, SHOWN + 1, before)),
        },
        lambda one: call_row(one, who),
        {
            "title": _("Verifications"),
            "lead": _("What checkpoints ask about people who say they live here."),
            "add": add if may(request, "verification.asked") else None,
        },
    )


@require_http_methods(["GET", "HEAD"])
@desk
def questions(request: Request) -> HttpResponse:
    """What was asked upward."""
    who = reader(request)
    return _list(
        request,
        {
            "waiting": (
                _("Wait for a ruling"),
                lambda by, _before: rulings.open_questions(by.where, LONGEST),
            ),
            "ruled": (_("Ruled, no order yet"), lambda by, _before: rulings.ruled(by.where, LONGEST)),
            "all": (_("All"), lambda by, before: rulings.latest(by.where, SHOWN + 1, before)),
        },
        lambda one: question_row(one, who),
        {"title": _("Questions upward"), "lead": _("What the rules leave unclear, asked of the street.")},
    )


def _list(
    request: Request,
    ways: dict[str, tuple[str, Found]],
    row: Callable[[Any], dict[str, Any]],
    head: dict[str, Any],
) -> HttpResponse:
    who, first = reader(request), next(iter(ways))
    which, before = request.GET.get("which", first), before_of(request)
    if which not in ways:
        refuse(_("There is no such list."), GONE)
    found = ways[which][1](who, before)
    shown = found[:SHOWN] if which == "all" else found
    here = request.path
    filters = [
        {
            "href": here if name == first else f"{here}?which={name}",
            "words": words,
            "here": name == which,
            "count": None,
        }
        for name, (words, _found) in ways.items()
    ]
    older = {"which": "all", "before": str(shown[-1].id)} if len(shown) < len(found) else None
    return page(
        request,
        "list",
        head
        | {
            "filters": filters,
            "rows": [row(one) for one in shown],
            "nothing": _("Nothing here."),
            "pages": {
                "older": f"{here}?{urlencode(older)}" if older else "",
                "newer": f"{here}?which=all" if before and which == "all" else "",
            },
        },
    )


def before_of(request: Request) -> UUID | None:
    """The row an older page begins after; refused as not found if it is no id."""
    said = request.GET.get("before", "")
    try:
        return UUID(said) if said else None
    except ValueError:
        refuse(_("There is no such entry here."), GONE)
