"""Briefs: one sheet a day as a page, on paper and as a picture; every number opens the lines it was counted from; and its
words, changed by one and published by another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import FORBIDDEN, GONE, UNFIT, refuse
from lianfang.ground.where import level, within
from lianfang.reports import brief as words
from lianfang.reports import figures, paper, timeline
from lianfang.reports.brief_words import (
    change_words,
    day_words,
    in_words,
    number_words,
    own_headline,
    unknown_in,
)
from lianfang.reports.figure_words import FIGURES
from lianfang.rooms.briefs import queries
from lianfang.rooms.briefs.forms import Amend
from lianfang.rooms.briefs.models import Brief
from lianfang.rooms.briefs.rules import HOUR, PLACES, closes
from lianfang.rooms.people.roles import ROLES
from lianfang.rooms.policies.queries import day_of

from .calls import READ_OR_SEND
from .cases import Tried, attempt, found, href_of, reader
from .frame import actor_of, area_names, community_names, deed, desk, may, page

SHOWN = 25
ROWS = 300
"""Briefs on a page of the list; lines behind a number that are shown, the latest."""

State = Brief.State


@require_http_methods(["GET", "HEAD"])
@desk
def briefs(request: Request) -> HttpResponse:
    """The briefs a reader sees, newest first."""
    who = actor_of(request)
    said = request.GET.get("before", "")
    before = _uuid(said) if said else None
    listed = queries.latest(who.where, SHOWN + 1, before)
    here, today = request.path, day_of(clock.now())
    begun = any(one.where == who.where and one.day == today for one in listed[:SHOWN]) or bool(
        queries.of_day(who.where, today)
    )
    return page(
        request,
        "briefs",
        {
            "rows": [_row(one, who) for one in listed[:SHOWN]],
            "may_draft": may(request, "brief.drafted") and level(who.where) in PLACES and not begun,
            "day": today,
            "key": new_id(),
            "pages": {
                "older": f"{here}?before={listed[SHOWN - 1].id}" if len(listed) > SHOWN else "",
                "newer": here if before else "",
            },
        },
    )


def _uuid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        refuse(_("There is no such entry here."), GONE)


def _row(one: Brief, who: Actor) -> dict[str, Any]:
    names = dict(area_names(who)) | dict(community_names(who))
    out = one.state == State.PUBLISHED
    return {
        "href": reverse("desk:brief", args=[one.id]),
        "title": _("%(place)s, %(day)s")
        % {"place": names.get(one.where, one.where), "day": day_words(one.day, full=True)},
        "src": "",
        "src_kind": "",
        "who": _("No. %(n)s") % {"n": one.number} if out else "",
        "since": one.published_at,
        "due": None,
        "kind": "done" if out else "plain",
        "words": one.get_state_display(),
    }


@require_http_methods(READ_OR_SEND)
@desk
def new(request: Request) -> HttpResponse:
    """Begin today's brief of one's own place."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:briefs"))
    who = actor_of(request)
    said = {"where": who.where, "day": day_of(clock.now()).isoformat()}
    line = deed(request, "brief.drafted", said, str(request.POST.get("key", "")))
    return HttpResponseRedirect(reverse("desk:brief", args=[line.about]))


@require_http_methods(["GET", "HEAD"])
@desk
def brief(request: Request, id: UUID) -> HttpResponse:
    """One brief; a draft with the form for its words."""
    return _shown(request, id)


@require_http_methods(READ_OR_SEND)
@desk
def amend(request: Request, id: UUID) -> HttpResponse:
    """Its words are changed."""
    here = reverse("desk:brief", args=[id])
    if request.method != "POST":
        return HttpResponseRedirect(here)
    who = actor_of(request)
    with reading(who):
        one: Brief = found(queries.brief(who.where, id))
        own = in_words(own_headline(figures.of(one)))
    form, headline = Amend(request.POST), request.POST.get("headline", "").strip()
    if unknown := unknown_in(headline):
        form.is_valid()
        said_no = _("There is no figure called %(name)s.") % {"name": _("; ").join(unknown)}
        return _shown(request, id, Tried(None, said_no, form, UNFIT))
    same = headline.replace("\r\n", "\n") == own
    said = {**request.POST.dict(), "brief": id, "headline": "" if same else headline}
    tried = attempt(
        request, "brief.amended", said, form, _("The words are kept. Somebody else publishes them.")
    )
    return HttpResponseRedirect(here) if tried.line else _shown(request, id, tried)


@require_http_methods(READ_OR_SEND)
@desk
def publish(request: Request, id: UUID) -> HttpResponse:
    """It goes out, its figures frozen."""
    here = reverse("desk:brief", args=[id])
    if request.method == "POST":
        who = actor_of(request)
        with reading(who):
            found(queries.brief(who.where, id))
        deed(request, "brief.published", {"brief": id}, str(request.POST.get("key", "")))
        messages.success(request, _("Published. Its figures stand; what comes late is told by the next one."))
    return HttpResponseRedirect(here)


@require_http_methods(["GET", "HEAD"])
@desk
def pdf(request: Request, id: UUID) -> HttpResponse:
    """One A4."""
    return _file(request, id, "pdf")


@require_http_methods(["GET", "HEAD"])
@desk
def picture(request: Request, id: UUID) -> HttpResponse:
    """A long picture to forward."""
    return _file(request, id, "png")


def _file(request: Request, id: UUID, kind: str) -> HttpResponse:
    who = actor_of(request)
    one: Brief = found(queries.brief(who.where, id))
    sheet = _sheet(one, figures.of(one))
    body = paper.pdf(sheet) if kind == "pdf" else paper.picture(sheet)
    answer = HttpResponse(body, content_type="application/pdf" if kind == "pdf" else "image/png")
    answer["Content-Disposition"] = f'inline; filename="brief-{one.where}-{one.day.isoformat()}.{kind}"'
    return answer


def _sheet(one: Brief, counted: figures.Figures) -> words.Sheet:
    return words.sheet(one, counted, revisions=queries.revisions([one.id]), demo=settings.DEMO)


def _shown(request: Request, id: UUID, tried: Tried | None = None) -> HttpResponse:
    who = actor_of(request)
    with reading(who):
        one: Brief = found(queries.brief(who.where, id))
        draft = one.state == State.DRAFT
        counted = figures.of(one)
        moved = figures.book(one.where, one.day).moved(one.words_at) if draft and one.words_at else {}
        sheet = _sheet(one, counted)
    writes = draft and one.where == who.where
    may_amend = writes and may(request, "brief.amended")
    headline = in_words(one.headline or own_headline(counted))
    form = Amend(initial={"headline": headline, "asks": one.asks, "turn": one.turn})
    context = {
        "brief": one,
        "sheet": sheet,
        "chart": mark_safe(sheet.chart),  # noqa: S308 - drawn by us; its words are escaped there
        "rows_in": _rows_in(one, who),
        "may_amend": may_amend,
        "form_words": tried.form if tried else form,
        "figure_names": [one_figure.words for one_figure in FIGURES.values()],
        "may_publish": writes and may(request, "brief.published"),
        "own_words": one.words_by == who.id,
        "too_early": clock.now() < closes(one.day),
        "hour": f"{HOUR:%H:%M}",
        "moved": [
            {"name": FIGURES[name].words, "was": number_words(was), "now": number_words(now)}
            for name, (was, now) in moved.items()
        ],
        "key": request.POST.get("key") if tried else new_id(),
        "key2": new_id(),
    }
    return page(request, "brief", context | (tried.context if tried else {}), tried.status if tried else 200)


def _rows_in(one: Brief, who: Actor) -> str | None:
    """What a number's link says besides its name: nothing, or the reader's own community on a brief from above; None if he
    opens none."""
    if not ROLES[who.role].names:
        return None
    if within(one.where, who.where):
        return ""
    return f"?in={who.where}" if level(who.where) == "community" else None


@require_http_methods(["GET", "HEAD"])
@desk
def figure(request: Request, id: UUID, name: str) -> HttpResponse:
    """The lines behind a number of a brief: just those it was counted from."""
    who, inside = reader(request), request.GET.get("in", "")
    one: Brief = found(queries.brief(who.where, id))
    if name not in FIGURES or (inside and not (within(inside, one.where) and level(inside) in PLACES)):
        refuse(_("There is no such entry here."), GONE)
    if not within(inside or one.where, who.where):
        refuse(_("The lines of other places are not yours to read."), FORBIDDEN)
    counted = figures.rows(one, name, inside)
    value = figures.measure(FIGURES[name], counted)
    entries = timeline.of_lines([row.id for row in reversed(counted[-ROWS:])])
    names = dict(area_names(who)) | dict(community_names(who))
    frozen = figures.of(one) if one.state == State.PUBLISHED and not inside else None
    return page(
        request,
        "brief_figure",
        {
            "brief": one,
            "title": FIGURES[name].words,
            "definition": FIGURES[name].definition,
            "unit": FIGURES[name].unit,
            "adds": bool(FIGURES[name].adds),
            "value": number_words(frozen.values[name] if frozen else value),
            "change": change_words(frozen.change(name)) if frozen else "",
            "emptied": frozen is not None and frozen.values[name] != value,
            "place": names.get(inside or one.where, ""),
            "total": len(counted),
            "more": len(counted) > ROWS,
            "lines": [_line(each) for each in entries],
        },
    )


def _line(one: timeline.Entry) -> dict[str, Any]:
    return {
        "at": one.at,
        "what": one.sentence,
        "href": href_of(one.line) or reverse("desk:matter", args=[one.line.matter]),
        "by": one.who,
        "via": one.via,
        "about": one.about,
        "rule": one.rule,
        "words": "",
        "late": one.late,
        "now": False,
    }
