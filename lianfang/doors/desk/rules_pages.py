"""The rules themselves: which editions hold here on a day, and one edition as a table."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.reports.phrases import LEVELS, SUBJECTS
from lianfang.rooms.policies import queries as policies
from lianfang.rooms.policies.models import Edition
from lianfang.rules import editions as texts

from . import rule_words
from .area_words import area_words
from .cases import found, own_names
from .frame import actor_of, desk, page


class Day(forms.Form):
    """Which day is asked about."""

    on = forms.DateField(
        label=gettext_lazy("Day asked about"),
        widget=forms.DateInput(attrs={"type": "date", "class": "fit"}, format="%Y-%m-%d"),
    )


def _day(request: Request) -> tuple[date, Day]:
    today = policies.day_of(clock.now())
    if not request.GET.get("on"):
        return today, Day(initial={"on": today})
    form = Day(request.GET)
    return (form.cleaned_data["on"] if form.is_valid() else today), form


@require_http_methods(["GET", "HEAD"])
@desk
def editions(request: Request) -> HttpResponse:
    """All editions that may hold here: those in force on the day first, the others by day of effect."""
    who = actor_of(request)
    own = own_names(who)
    on, form = _day(request)
    rows = policies.published(who.where)
    now = texts.in_force([policies.parsed(row) for row in rows], on, who.where.partition(".")[0])
    left = {one.id: len(one.clauses) for one in now}
    shown = {row.code: _row(row, on, left.get(row.code), own) for row in rows}
    context = {
        "on": on,
        "form": form,
        "scope": own.get(who.where[:12], "") or own.get(who.where[:9], who.where),
        "now_list": [shown[row.code] for row in rows if row.code in left],
        "rest": [shown[row.code] for row in rows if row.code not in left],
    }
    return page(request, "editions", context, 422 if form.is_bound and form.errors else 200)


def _state(row: Edition, on: date, in_force: bool) -> str:
    return "now" if in_force else "future" if row.effective_from > on else "past"


def _row(row: Edition, on: date, left: int | None, own: dict[str, str]) -> dict[str, Any]:
    clauses = row.document.get("clause", [])
    quoted = all(one["text_is"] == "quotation" for one in clauses)
    return {
        "href": rule_words.edition_href(row.code, on),
        "title": rule_words.title(row),
        "number": row.number,
        "issuer": row.issuer,
        "level": LEVELS.get(row.level, row.level),
        "place": area_words(row.place, own) if row.place else _("the whole country"),
        "subject": subject_words(row.subject),
        "from": row.effective_from,
        "to": row.effective_to,
        "clauses": left if left is not None else len(clauses),
        "text_is": "quotation" if quoted else "paraphrase",
        "state": _state(row, on, left is not None),
    }


def subject_words(subject: str) -> str:
    """What an edition is about."""
    more = {"health-code": _("health code"), "home-observation": _("home observation")}
    return str(SUBJECTS.get(subject) or more.get(subject, subject))


@require_http_methods(["GET", "HEAD"])
@desk
def edition(request: Request, code: str) -> HttpResponse:
    """One edition: its head, and its clauses as a table of conditions."""
    who = actor_of(request)
    own = own_names(who)
    on, _form = _day(request)
    row: Edition = found(policies.edition(who.where, code))
    rows = {one.code: one for one in policies.published(who.where)}
    parsed = policies.parsed(row)
    now = {
        one.id: one
        for one in texts.in_force([policies.parsed(one) for one in rows.values()], on, who.where[:12])
    }
    left = {clause.id for clause in now[row.code].clauses} if row.code in now else set()
    asked = {condition.fact for clause in parsed.clauses for condition in clause.when}
    columns = [fact.key for fact in policies.vocabulary() if fact.key in asked]
    context = {
        "edition": {**_row(row, on, len(left) or None, own), **_head(row, parsed, rows), "on": on},
        "columns": [rule_words.fact_short(key) for key in columns],
        "clauses": [
            _clause(one, columns, own, _ended(one["id"], row, rows)) for one in row.document["clause"]
        ],
        "print": "print" in request.GET,
    }
    return page(request, "edition", context)


def _head(row: Edition, parsed: texts.Edition, rows: dict[str, Edition]) -> dict[str, Any]:
    older = [
        {"title": rule_words.title(rows[one.edition]), "href": _href(one.edition), "what": _what(one)}
        for one in parsed.supersedes
        if one.edition in rows and (one.whole or one.clauses)
    ]
    newer = [
        {"title": rule_words.title(other), "href": _href(other.code), "from": other.effective_from}
        for other in rows.values()
        if any(
            one.edition == row.code and (one.whole or one.clauses)
            for one in policies.parsed(other).supersedes
        )
    ]
    return {
        "basis": parsed.legal_basis,
        "source": parsed.found_at or parsed.source or _("each clause has its own"),
        "grade": parsed.grade,
        "supersedes": older,
        "replaced_by": newer,
        "count_from": {
            "arrival": _("day 0 is the day of arrival"),
            "departure": _("day 0 is the day of departure"),
            "breach": _("day 0 is the day of the breach"),
            "decision": _("day 0 is the day of the decision"),
        }[parsed.count_from],
        "ends_at": _("ends at %(time)s of the last day") % {"time": parsed.ends_at},
    }


def _href(code: str) -> str:
    return reverse("desk:edition", args=[code])


def _what(one: texts.Supersedes) -> str:
    if one.whole:
        return _("all of it")
    return _(", ").join(rule_words.clause_label(number) for number in one.clauses or ())


def _ended(number: str, row: Edition, rows: dict[str, Edition]) -> date | None:
    """The day a newer edition took this clause out, if one does."""
    days = [
        other.effective_from
        for other in rows.values()
        for one in policies.parsed(other).supersedes
        if one.edition == row.code and (one.whole or number in (one.clauses or ()))
    ]
    return min(days, default=None)


def _clause(
    one: dict[str, Any], columns: list[str], own: dict[str, str], ended: date | None
) -> dict[str, Any]:
    conditions = {condition["fact"]: condition for condition in one.get("when", [])}
    vocabulary, cells = policies.vocabulary(), []
    for key in columns:
        condition = conditions.get(key)
        silent = (condition or {}).get("open")
        cells.append(
            {
                "label": rule_words.fact_short(key),
                "words": rule_words.cell_words(vocabulary[key], condition, own) if condition else "",
                "open": rule_words.cell_words(vocabulary[key], silent, own) if silent else "",
            }
        )
    return {
        "id": one["id"],
        "label": rule_words.clause_label(one["id"]),
        "text": one["wording"],
        "gist": "" if rule_words.chinese() else one["gist"],
        "text_is": one["text_is"],
        "source": one.get("found_at") or one.get("source", ""),
        "grade": one.get("grade", ""),
        "effect": rule_words.effect_words(one),
        "cells": cells,
        "ended": ended,
    }
