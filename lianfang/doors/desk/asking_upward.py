"""A question upward 请示 and its ruling 批复: sent with facts and clauses, answered by a clause or by discretion."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import FORBIDDEN, Refused
from lianfang.ground.where import street_of, within
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.policies import queries as policies
from lianfang.rooms.policies.models import Assessment
from lianfang.rooms.rulings import queries as rulings
from lianfang.rooms.rulings.forms import AskUp, Rule
from lianfang.rooms.rulings.models import Question

from . import rule_words
from .assessing import door_of
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

State = Question.State
LONGEST_QUESTION = 600
"""Characters a question may have: facts are left out of its first wording before what is asked is."""

USUAL_WAIT = timedelta(hours=2)
"""How soon an answer is asked for, unless the director says otherwise."""


@require_http_methods(READ_OR_SEND)
@desk
def new(request: Request, id: UUID) -> HttpResponse:
    """Ask the street about an assessment: filled from it, with the community's own view."""
    who = reader(request)
    if not may(request, "question.asked"):
        raise Refused(_("Your role does not do this."), FORBIDDEN)
    with reading(who):
        made: Assessment = found(policies.assessment(who.where, id))
    tried = None
    if request.method == "POST":
        said = {**request.POST.dict(), "assessment": id}
        tried = attempt(
            request, "question.asked", said, AskUp(request.POST), _("Sent. The street has it now.")
        )
        if tried.line:
            return HttpResponseRedirect(reverse("desk:question", args=[tried.line.about]))
    with reading(who):
        context = _new_context(made, who)
    if tried and tried.form is not None:
        context |= tried.context | {"key": request.POST.get("key")}
    if made.answer == "unclear":
        context["form"].fields.pop("though_clear")
    return page(request, "question_new", context, tried.status if tried else 200)


def _new_context(made: Assessment, who: Actor) -> dict[str, Any]:
    own = own_names(who)
    shown = rule_words.grounds(made.decision, own)
    due = (clock.now() + USUAL_WAIT).astimezone(BEIJING).replace(second=0, microsecond=0, tzinfo=None)
    form = AskUp(initial={"question": _question(made, own, shown["facts"]), "due": due})
    street = own.get(street_of(made.where), street_of(made.where))
    return {
        **shown,
        "subject": subject_of(made.resident, door_of(made.resident, made.where), who),
        "form": form,
        "key": new_id(),
        "asked_of": _("%(street)s, duty officer") % {"street": street},
        "edit_href": reverse("desk:assessment", args=[made.id]),
    }


def _question(made: Assessment, own: dict[str, str], facts: list[dict[str, Any]]) -> str:
    """A first wording: what is known, what the rules leave open, and what is asked."""
    gap = rule_words.plain_sentence(made.decision, own).removesuffix(
        _("It is not for us to guess: ask the street.")
    )
    asked = _("Please rule: is observation at home required of him, for how long, and on which clause?")
    room = LONGEST_QUESTION - len(gap) - len(asked) - 2
    known = ""
    for one in facts:
        longer = f"{known}{_('; ') if known else ''}{one['words']}{_(': ')}{one['value']}"
        if one["known"] and len(longer) <= room:
            known = longer
    return "\n".join(part for part in (known, gap.strip(), asked) if part)


@require_http_methods(["GET", "HEAD"])
@desk
def question(request: Request, id: UUID) -> HttpResponse:
    """A question, where it stands, and the ruling once there is one."""
    return _shown(request, id)


@require_http_methods(READ_OR_SEND)
@desk
def rule(request: Request, id: UUID) -> HttpResponse:
    """Rule on it."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:question", args=[id]))
    said = {**request.POST.dict(), "question": id}
    tried = attempt(
        request, "question.ruled", said, Rule(request.POST), _("Ruled. The community sees it now.")
    )
    return (
        HttpResponseRedirect(reverse("desk:question", args=[id]))
        if tried.line
        else _shown(request, id, tried)
    )


def _shown(request: Request, id: UUID, tried: Tried | None = None) -> HttpResponse:
    who = reader(request)
    with reading(who):
        asked: Question = found(rulings.question(who.where, id))
        context = _context(request, asked, who, tried)
    if tried:
        context |= tried.context | {"key": request.POST.get("key") or new_id()}
    return page(request, "question", context, tried.status if tried else 200)


def _context(request: Request, asked: Question, who: Actor, tried: Tried | None) -> dict[str, Any]:
    told, lines = lines_of(asked.matter)
    own, made = own_names(who), asked.assessment
    shown = rule_words.grounds(made.decision, own)
    here = orders.of_matter(who.where, asked.matter)
    may_rule = (
        asked.state == State.ASKED
        and may(request, "question.ruled")
        and within(asked.asked_of, who.where)
        and asked.asked_by != who.id
    )
    context: dict[str, Any] = {
        **shown,
        "subject": subject_of(made.resident, door_of(made.resident, made.where), who),
        "ask": _ask(asked, own, who_wrote(told, "question.asked")),
        "steps": _steps(asked, bool(here)),
        "ruling": _ruling(asked, own) if asked.state != State.ASKED else None,
        "may_rule": may_rule,
        "assess_href": reverse("desk:assessment", args=[made.id]),
        "key": new_id(),
        "lines": lines,
    }
    if may_rule:
        form = tried.form if tried and isinstance(tried.form, Rule) else Rule()
        context["rule_form"] = _with_clauses(form, asked, shown)
    if here:
        context["done_href"] = reverse("desk:order", args=[here[-1].id])
    elif (
        asked.state == State.RULED and asked.answer != Question.Answer.EXEMPT and may(request, "order.issued")
    ):
        context["order_href"] = reverse("desk:order_by_ruling", args=[asked.id])
    return context


def question_number(asked: Question) -> str:
    """How a question is called in speech: its day and the end of its id, 0226-7f3a."""
    return f"{asked.asked_at.astimezone(BEIJING):%m%d}-{str(asked.id)[-4:]}"


def ruling_words(asked: Question) -> str:
    """A ruling in a few words: its question's number, the answer, and what it rests on."""
    return (
        f"{question_number(asked)}{_(': ')}{asked.get_answer_display()}{_('; ')}{asked.get_ground_display()}"
    )


def _ask(asked: Question, own: dict[str, str], asked_by: str) -> dict[str, Any]:
    view = asked.get_view_display()
    if asked.view_days:
        view = _("%(view)s, %(days)s") % {"view": view, "days": days_words(asked.view_days)}
    return {
        "id": asked.id,
        "no": question_number(asked),
        "state": asked.state,
        "kind": "due" if asked.state == State.ASKED else "done",
        "words": asked.get_state_display(),
        "question": asked.question,
        "view": view,
        "view_words": asked.view_words,
        "interim": asked.interim,
        "though_clear": asked.though_clear,
        "asked_at": asked.asked_at,
        "asked_by": asked_by,
        "asked_of": own.get(asked.asked_of, asked.asked_of),
        "due": asked.due,
    }


def days_words(n: int) -> str:
    """14 days."""
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def _steps(asked: Question, ordered: bool) -> list[dict[str, str]]:
    ruled = asked.state != State.ASKED
    free = asked.answer == Question.Answer.EXEMPT
    last = _("Nothing is ordered") if free else _("Order")
    by = (
        f"{clock_words(asked.ruled_at)} {asked.ruled_name}"
        if ruled
        else _("by %(time)s") % {"time": clock_words(asked.due)}
    )
    return steps(
        Step(_("Asked upward"), True, clock_words(asked.asked_at)),
        Step(_("Ruling"), ruled, by.strip()),
        Step(last, (ruled and free) or ordered),
    )


def _ruling(asked: Question, own: dict[str, str]) -> dict[str, Any]:
    outcome = "exempt" if asked.answer == Question.Answer.EXEMPT else "required"
    return {
        "answer": asked.get_answer_display(),
        "outcome": outcome,
        "measure": days_words(asked.days) if asked.days else "",
        "basis": asked.ground,
        "clause": clause_of(asked.edition, asked.clause, own) if asked.edition else None,
        "reason": asked.reason,
        "by": asked.ruled_name,
        "at": asked.ruled_at,
    }


def clause_of(row: Any, name: str, own: dict[str, str]) -> dict[str, Any] | None:
    """A clause named ``edition/clause`` of an edition's row, as it is shown."""
    number = name.partition("/")[2]
    texts = {one["id"]: one for one in row.document.get("clause", [])}
    if number not in texts:
        return None
    reading_ = {**texts[number], "edition": row.code, "clause": number}
    return rule_words.clauses([reading_], {}, {row.code: row}, own)[0]


def _with_clauses(form: Rule, asked: Question, shown: dict[str, Any]) -> Rule:
    """A clause is chosen among those in force that ask for something or exempt, the ones this case came near to first."""
    near = [
        f"{one['edition']}/{one['clause']}"
        for name in ("deciding", "near")
        for one in asked.assessment.decision[name]
    ]
    choices = {
        f"{edition.id}/{clause.id}": f"{_title(edition)} {rule_words.clause_label(clause.id)}"
        for edition in policies.in_force(asked.where, policies.day_of(clock.now()))
        for clause in edition.clauses
        if not clause.states
    }
    order = [*dict.fromkeys(name for name in near if name in choices)]
    order += [name for name in choices if name not in order]
    listed = [("", _("no clause: discretion")), *((name, choices[name]) for name in order)]
    form.fields["clause"].widget = forms.Select(choices=listed)
    return form


def _title(edition: Any) -> str:
    return rule_words.label(edition.title)
