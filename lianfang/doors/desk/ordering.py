"""An order of home observation: reached from a ruling, or from a clause that requires it; counted out before it is issued."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import CONFLICT, FORBIDDEN, UNFIT, Refused
from lianfang.rooms.orders.forms import Issue
from lianfang.rooms.policies import queries as policies
from lianfang.rooms.policies.models import Assessment
from lianfang.rooms.rulings import queries as rulings
from lianfang.rooms.rulings.models import Question
from lianfang.rules.deciding import Period
from lianfang.rules.deciding import days as counted

from . import rule_words
from .asking_upward import clause_of, ruling_words
from .assessing import door_of
from .calls import READ_OR_SEND
from .cases import Tried, attempt, found, own_names, reader, subject_of
from .frame import desk, may, page


@require_http_methods(READ_OR_SEND)
@desk
def by_ruling(request: Request, id: UUID) -> HttpResponse:
    """The order that carries a ruling out."""
    who = _leader(request)
    with reading(who):
        asked: Question = found(rulings.question(who.where, id))
    if asked.state == Question.State.ASKED:
        raise Refused(_("This question has no ruling yet."), CONFLICT)
    if asked.answer == Question.Answer.EXEMPT:
        raise Refused(_("The ruling in this matter says exempt."), CONFLICT)
    return _answer(request, who, asked.assessment, asked)


@require_http_methods(READ_OR_SEND)
@desk
def by_clause(request: Request, id: UUID) -> HttpResponse:
    """The order that rests on a clause the rules themselves found."""
    who = _leader(request)
    with reading(who):
        made: Assessment = found(policies.assessment(who.where, id))
    if made.answer != "required":
        raise Refused(_("The rules do not require anything here: an order needs a ruling."), CONFLICT)
    return _answer(request, who, made, None)


def _leader(request: Request) -> Actor:
    who = reader(request)
    if not may(request, "order.issued"):
        raise Refused(_("A community does not decide; it asks the street."), FORBIDDEN)
    return who


def _answer(request: Request, who: Actor, made: Assessment, ruling: Question | None) -> HttpResponse:
    """Show the order to be, count it anew, or issue it as it was last counted."""
    if made.resident is None:
        raise Refused(_("An order needs a person of the register."), UNFIT)
    with reading(who):
        context = _context(made, ruling, who)
    if request.method != "POST":
        return page(request, "order_new", context)
    form = Issue(request.POST)
    sums = _sums(form, context["basis"]["ends_at"])
    again = {"form": form, "sums": sums, "key": request.POST.get("key") or new_id()}
    if sums is None:
        return page(request, "order_new", context | again, UNFIT)
    if "count" in request.POST:
        again["form"] = Issue(
            initial=request.POST.dict()
        )  # counting asks for nothing but days and the first day
        return page(request, "order_new", context | again)
    if form.is_valid() and request.POST.get("counted") != sums.last_day.isoformat():
        again["refusal"] = _(
            "The days have changed since they were counted. Look at the new sum, then issue it."
        )
        return page(request, "order_new", context | again, CONFLICT)
    said = {
        **request.POST.dict(),
        "resident": str(made.resident.id),
        "matter": str(made.matter),
        "ruling": str(ruling.id) if ruling else "",
        "considered": _considered(made),
    }
    tried: Tried = attempt(request, "order.issued", said, form, _("Issued. The community serves it now."))
    if tried.line:
        return HttpResponseRedirect(reverse("desk:order", args=[tried.line.about]))
    return page(request, "order_new", context | again | tried.context, tried.status)


def _sums(form: Issue, ends_at: str) -> Period | None:
    """Day 0, the last day and the release, as far as the days and the first day can be read."""
    form.is_valid()
    first, length = form.cleaned_data.get("first_day"), form.cleaned_data.get("days")
    return counted(first, length, ends_at) if first and length else None


def _context(made: Assessment, ruling: Question | None, who: Actor) -> dict[str, Any]:
    own, decision = own_names(who), made.decision
    shown = rule_words.grounds(decision, own)
    basis = _basis(made, ruling, shown, own)
    initial = _initial(made, ruling, basis["name"], shown, own)
    form = Issue(initial=initial)
    return {
        "subject": subject_of(made.resident, door_of(made.resident, made.where), who),
        "authority": own.get(who.where, who.where),
        "form": form,
        "basis": basis,
        "facts": shown["facts"],
        "considered": considered_words(_considered(made), shown["rows"]),
        "sums": counted(initial["first_day"], initial["days"], basis["ends_at"]),
        "key": new_id(),
    }


def _basis(
    made: Assessment, ruling: Question | None, shown: dict[str, Any], own: dict[str, str]
) -> dict[str, Any]:
    """The ruling or the clause an order rests on."""
    if ruling is not None:
        clause = clause_of(ruling.edition, ruling.clause, own) if ruling.edition else None
        ends_at = ruling.edition.document.get("ends_at", "24:00") if ruling.edition else "24:00"
        link = {
            "words": ruling_words(ruling),
            "href": reverse("desk:question", args=[ruling.id]),
            "reason": ruling.reason,
        }
        return {"clause": clause, "ruling": link, "name": ruling.clause, "ends_at": ends_at}
    deciding = [one for one in made.decision["deciding"] if one.get("require")]
    name = f"{deciding[0]['edition']}/{deciding[0]['clause']}" if deciding else ""
    row = shown["rows"].get(deciding[0]["edition"]) if deciding else None
    ends_at = row.document.get("ends_at", "24:00") if row else "24:00"
    return {
        "clause": clause_of(row, name, own) if row else None,
        "ruling": None,
        "name": name,
        "ends_at": ends_at,
    }


def _initial(
    made: Assessment, ruling: Question | None, clause: str, shown: dict[str, Any], own: dict[str, str]
) -> dict[str, Any]:
    measure = made.decision.get("measure") or {}
    arrived = made.facts.get("arrived_on")
    first = date.fromisoformat(arrived) if arrived else policies.day_of(clock.now())
    length = (ruling.days if ruling else measure.get("days")) or 14
    why = ruling.reason if ruling is not None else rule_words.plain_sentence(made.decision, own)
    kind = measure.get("kind") if measure.get("kind") in dict(Issue.base_fields["measure"].choices) else None  # type: ignore[attr-defined]
    return {
        "measure": kind or "home_observation",
        "days": length,
        "first_day": first,
        "clause": clause,
        "reason": why,
        # That both ways are open: Law on Prevention and Treatment of Infectious Diseases (2013), art. 12. Terms are for
        # the authority to write in: none of the reviewed texts here gives one.
        "remedy": _(
            "He can speak to the community or the street at any time, or call 12345. Against this decision he may apply for "
            "administrative reconsideration, or sue, as the law provides."
        ),
    }


def _considered(made: Assessment) -> list[dict[str, str]]:
    """The exemptions this case came near to, and why they do not hold."""
    return [
        {"clause": f"{one['edition']}/{one['clause']}", "because": one["but_for"], "says": one["says"]}
        for one in made.decision.get("near", [])
        if one.get("exempt")
    ]


SAYS = {"false": "false", "unknown": "unknown", "not_said": "unsaid"}


def considered_words(considered: list[Any], rows: dict[str, Any]) -> list[dict[str, str]]:
    """Exemptions that were weighed, in words: which clause, which fact, and how it stands."""
    said = []
    for one in considered:
        if not isinstance(one, dict) or "clause" not in one:
            continue
        code, _slash, number = str(one["clause"]).partition("/")
        title = rule_words.title(rows[code]) if code in rows else code
        fact = one.get("because", "")
        known = fact in [each.key for each in policies.vocabulary()]
        said.append(
            {
                "words": f"{title} {rule_words.clause_label(number)}",
                "href": rule_words.edition_href(code, clause=number),
                "why": rule_words.fact_short(fact) if known else str(one.get("why") or fact),
                "kind": SAYS.get(one.get("says", ""), "false"),
            }
        )
    return said
