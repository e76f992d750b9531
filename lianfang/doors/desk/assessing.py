"""What do the rules say? The facts of a case as a form, and the answer of the rules in force with its grounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.forms import BoundField, Form, TextInput
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianfang.doors.asking import uuid_of
from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import FORBIDDEN, UNFIT, Refused
from lianfang.ground.where import level, within
from lianfang.rooms.gates import queries as gates
from lianfang.rooms.people import queries as people
from lianfang.rooms.people.models import Resident
from lianfang.rooms.policies import queries as policies
from lianfang.rooms.policies.forms import Assess
from lianfang.rooms.policies.models import Assessment
from lianfang.rooms.rulings import queries as rulings
from lianfang.rules.vocabulary import Fact, Kind

from . import rule_words
from .area_words import as_typed, code_of, offered
from .calls import READ_OR_SEND
from .cases import age, attempt, found, own_names, reader, subject_of
from .frame import desk, may, page

JOURNEY = (
    "origin",
    "arrived_on",
    "nights_away",
    "days_in_origin",
    "purpose",
    "high_incidence_14d",
    "origin_risk",
)
ABOUT_HIM = ("lives_in", "works_in", "lodging", "occupation", "employer_closed", "central_unit")
"""The order facts are asked in; what is named in neither comes last."""


class Case:
    """What is assessed: the community, the person, the matter, and what the registers already know."""

    def __init__(
        self, where: str, person: Resident | None, matter: UUID | None, known: Mapping[str, Any], on: date
    ) -> None:
        self.where, self.person, self.matter, self.known, self.on = where, person, matter, known, on

    @property
    def said(self) -> dict[str, Any]:
        """The act's arguments that no human fills in."""
        return {
            "where": self.where,
            "resident": str(self.person.id) if self.person else "",
            "matter": str(self.matter) if self.matter else "",
        }


def door_of(person: Resident | None, community: str) -> str:
    """The door a person stays at in a community; the community itself if there is none."""
    if person is None:
        return community
    if within(person.where, community):
        return person.where
    stay = people.stay_within(community, person)
    return stay.where if stay else community


@require_http_methods(READ_OR_SEND)
@desk
def start(request: Request) -> HttpResponse:
    """Facts first: of a call that was answered, of a person of the register, or of a case without a name."""
    who = reader(request)
    if not may(request, "assessment.made"):
        raise Refused(_("Your role does not do this."), FORBIDDEN)
    with reading(who):
        case = _case(request, who)
        known = policies.assessments(who.where, case.matter) if case.matter else []
    if request.method == "POST":
        return _asked(request, who, case, None)
    if known:
        return HttpResponseRedirect(reverse("desk:assessment", args=[known[-1].id]))
    with reading(who):
        return page(request, "assess", _context(request, who, case, _form(case, who), None))


@require_http_methods(READ_OR_SEND)
@desk
def assessment(request: Request, id: UUID) -> HttpResponse:
    """An answer of the rules, and the facts it was given on; asking again makes a new one in the same matter."""
    who = reader(request)
    with reading(who):
        made: Assessment = found(policies.assessment(who.where, id))
        case = Case(made.where, made.resident, made.matter, made.facts, made.on)
    if request.method == "POST":
        return _asked(request, who, case, made)
    with reading(who):
        return page(request, "assess", _context(request, who, case, _form(case, who), made))


def _case(request: Request, who: Actor) -> Case:
    """What this is about, named in the address."""
    today = policies.day_of(clock.now())
    if call_id := request.GET.get("call"):
        call = found(gates.verification(who.where, uuid_of(call_id)))
        known = {"arrived_on": policies.day_of(call.asked_at).isoformat()}
        return Case(call.where, call.resident, call.matter, known | _registered(call.resident), today)
    if person_id := request.GET.get("person"):
        person = found(people.resident(who.where, uuid_of(person_id)))
        stay = found(people.stay_within(who.where, person))
        return Case(stay.where[:12], person, None, _registered(person), today)
    if level(who.where) not in ("community", "inside"):
        raise Refused(_("Choose a household first: a case is assessed for a community."), UNFIT)
    return Case(who.where[:12], None, None, {}, today)


def _registered(person: Resident | None) -> dict[str, Any]:
    """What the register says of him."""
    if person is None:
        return {}
    years = age(person.born, clock.now())
    return {"lives_in": person.where[:6]} | ({"age": years} if years is not None else {})


def _asked(request: Request, who: Actor, case: Case, shown: Assessment | None) -> HttpResponse:
    own = own_names(who)
    said = _read(request.POST.dict(), own)
    form = Assess(said)
    tried = attempt(request, "assessment.made", said | case.said, form, _("The rules have answered."))
    if tried.line:
        return HttpResponseRedirect(reverse("desk:assessment", args=[tried.line.about]))
    form.data = _typed(said, own)
    with reading(who):
        context = _context(request, who, case, _prepared(form, case, who), shown)
    return page(request, "assess", context | tried.context | {"key": request.POST.get("key")}, tried.status)


def _places() -> list[Fact]:
    return [fact for fact in policies.vocabulary() if fact.kind is Kind.PLACE]


def _read(typed: dict[str, str], own: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, with places as codes or as the word the vocabulary has for them."""
    said: dict[str, Any] = dict(typed)
    for fact in _places():
        text = str(said.get(fact.key, "")).strip()
        words = {each: word for word, one in fact.values for each in (word, one.zh, one.en)}
        said[fact.key] = words.get(text) or (code_of(text, own) if text else "")
    return said


def _typed(said: Mapping[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    """The same the other way round, for showing it again."""
    shown = dict(said)
    for fact in _places():
        value = str(shown.get(fact.key) or "")
        shown[fact.key] = rule_words.label(fact.said[value]) if value in fact.said else as_typed(value, own)
    return shown


def _form(case: Case, who: Actor) -> Assess:
    initial: dict[str, Any] = {"on": case.on}
    for fact in policies.vocabulary():
        value = case.known.get(fact.key)
        if value is None:
            continue
        initial[fact.key] = ("yes" if value else "no") if fact.kind is Kind.BOOLEAN else value
    return _prepared(Assess(initial=_typed(initial, own_names(who))), case, who)


def _prepared(form: Assess, case: Case, who: Actor) -> Assess:
    """Places are chosen from a list or typed, by name or by code."""
    for fact in _places():
        form.fields[fact.key].widget = TextInput({"list": "places", "autocomplete": "off", "maxlength": 60})
        form.fields[fact.key].error_messages["invalid"] = _(
            "This is no place we know: choose one of the list, or write its area code."
        )
    return form


def _context(
    request: Request, who: Actor, case: Case, form: Assess, made: Assessment | None
) -> dict[str, Any]:
    own = own_names(who)
    asked = _asked_today(case)
    groups, more = _groups(form, asked)
    door = door_of(case.person, case.where)
    codes = {name for edition in policies.in_force(case.where, case.on) for name in _named(edition)}
    context: dict[str, Any] = {
        "subject": subject_of(case.person, door, who),
        "on": case.on,
        "scope": own.get(case.where[:12]) or own.get(case.where[:9], case.where),
        "form": form,
        "groups": groups,
        "more": more,
        "more_open": any(field.errors for group in more for field in group["fields"]),
        "places": [*offered(sorted(codes), own), *_words_of_places()],
        "unknown": [rule_words.fact_short(key) for key in asked if key not in case.known] if made else [],
        "may_ask": may(request, "assessment.made"),
        "key": new_id(),
    }
    return context | (_answer(request, who, made) if made else {})


def _words_of_places() -> list[str]:
    return list(dict.fromkeys(rule_words.label(one) for fact in _places() for _word, one in fact.values))


def _named(edition: Any) -> Iterable[str]:
    for clause in edition.clauses:
        for condition in clause.when:
            if condition.fact in ("origin", "lives_in", "works_in"):
                yield from (str(one) for one in (*condition.in_, *condition.not_in))


def _asked_today(case: Case) -> list[str]:
    """The facts some clause in force asks for on the day, in the order of the vocabulary."""
    asked = {
        condition.fact
        for edition in policies.in_force(case.where, case.on)
        if edition.subject == "arrivals"
        for clause in edition.clauses
        if not clause.states
        for condition in clause.when
    }
    return [fact.key for fact in policies.vocabulary() if fact.key in asked]


def _groups(form: Form, asked: Iterable[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The form in groups: what the rules of the day ask for, and below it whatever else may be known."""
    first, rest = set(asked) | {"arrived_on", "symptom"}, []
    shown, used = [], set()
    for words, keys in ((_("The journey"), JOURNEY), (_("He himself"), ABOUT_HIM)):
        fields: list[BoundField] = [form[key] for key in keys if key in first and key in form.fields]
        used |= {field.name for field in fields}
        shown.append({"words": words, "fields": fields})
    others = [key for key in form.fields if key in first and key not in used]
    shown.append({"words": _("Health and the rest"), "fields": [form[key] for key in others]})
    used |= {*others, "on"}
    rest = [form[key] for key in form.fields if key not in used]
    return [one for one in shown if one["fields"]], [
        {"words": _("More facts"), "fields": rest}
    ] if rest else []


def _answer(request: Request, who: Actor, made: Assessment) -> dict[str, Any]:
    """The answer as the page shows it, and what may follow from it."""
    own, decision = own_names(who), made.decision
    shown = rule_words.grounds(decision, own)
    term = rule_words.term(decision, shown.pop("rows"))
    outcome = made.answer
    asked = rulings.of_matter(who.where, made.matter)
    last = asked[-1] if asked else None
    context = {
        **shown,
        "answer": {
            "outcome": outcome,
            "word": rule_words.answer_word(outcome, decision.get("measure")),
            "plain": rule_words.plain_sentence(decision, own),
            "measure": rule_words.measure_words(decision.get("measure")),
            "last_day": term.last_day if term else None,
            "release": term.release_due if term else None,
        },
        "changes": rule_words.changes(decision, own),
        "need": [rule_words.fact_short(key) for key in decision.get("medical_need", [])],
        "question_href": reverse("desk:question", args=[last.id]) if last else "",
    }
    if not last and made.resident and may(request, "question.asked"):
        context["ask_href"] = reverse("desk:question_new", args=[made.id])
    if outcome == "required" and made.resident and may(request, "order.issued"):
        context["order_href"] = reverse("desk:order_by_clause", args=[made.id])
    return context


def start_href(**about: Any) -> str:
    """The page where facts are asked for a ``call`` or a ``person``."""
    return reverse("desk:assess") + f"?{urlencode(about)}"
