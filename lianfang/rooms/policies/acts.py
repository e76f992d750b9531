"""Deeds on policies: publish an edition, set a term, assess a case."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.notebook import Line, known, line
from lianfang.ground.refusals import GONE, UNFIT, Refused, refuse_if
from lianfang.ground.things import new
from lianfang.ground.where import ROOT, community_of, level
from lianfang.rooms.people.models import Resident
from lianfang.rooms.people.queries import stay_within
from lianfang.rules.documents import PolicyError
from lianfang.rules.editions import check_together, parse_edition
from lianfang.rules.vocabulary import parse_terms

from . import queries
from .models import Assessment, Edition, Term

ANY_TIME = timedelta(days=36_500)


def refusal_of(error: PolicyError) -> Refused:
    """What the rules' own checks say, in the reader's language, with the place in the document."""
    reason = lazy(lambda: gettext(error.message) % error.params, str)()
    return Refused(_("%(place)s: %(reason)s"), UNFIT, place=" › ".join(error.path) or "–", reason=reason)


def number(where: str, key: str, at: datetime) -> int | Decimal:
    """The value of a term for a place at a moment, for the guards of other rooms: refused in words if there is none."""
    try:
        return queries.term(where, key, queries.day_of(at)).value
    except PolicyError as error:
        raise refusal_of(error) from error


@act("edition.published", back=ANY_TIME)
def publish(where: str, *, document: dict[str, Any], by: Actor, at: datetime) -> Line:
    """Publish an edition at its issuer's own place; texts of other places are entered at the root, for all
    to read.

    ``document`` is the reviewed text (TOML or JSON as data). Refused if it is not clear, or overlaps
    unsaid."""
    try:
        edition = parse_edition(document, queries.vocabulary())
        check_together([*queries.readable(), edition])
    except PolicyError as error:
        raise refusal_of(error) from error
    refuse_if(
        where not in (edition.place, ROOT), _("An edition is published at its issuer's own place."), UNFIT
    )
    row = new(
        Edition,
        where=where,
        code=edition.id,
        issuer=edition.issuer,
        level=edition.level,
        place=edition.place,
        subject=edition.subject,
        number=edition.number,
        title=edition.title_zh,
        title_en=edition.title_en,
        effective_from=edition.effective_from,
        effective_to=edition.effective_to,
        document=edition.as_document(),
    )
    return line(row, rule=edition.id, level=edition.level, subject=edition.subject)


@act("term.set", back=ANY_TIME)
def set_term(where: str, *, document: dict[str, Any], by: Actor, at: datetime) -> Line:
    """Set a number with its place and period, at that place or, for all to read, at the root."""
    kept = {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in document.items()
        if name != "id"
    }
    try:
        (number,) = parse_terms({"term": [queries.term_document(kept)]}).all
        others = [queries.term_document(row.document) for row in Term.objects.filter(key=number.key)]
        parse_terms({"term": [*others, queries.term_document(kept)]})
    except PolicyError as error:
        raise refusal_of(error) from error
    refuse_if(where not in (number.place, ROOT), _("A term is set at the place it holds for."), UNFIT)
    row = new(
        Term,
        where=where,
        key=number.key,
        place=number.place,
        since=number.since,
        until=number.until,
        document=kept,
    )
    return line(row, key=number.key, value=str(number.value))


@act("assessment.made")
def assess(
    where: str,
    *,
    facts: dict[str, Any],
    resident: Resident | None = None,
    matter: UUID | None = None,
    on: date | None = None,
    subject: str = "arrivals",
    by: Actor,
    at: datetime,
) -> Line:
    """Ask the rules in force here what they say of a case. ``on`` is the day asked about: the day of ``at``
    in Beijing.

    The machine only says what the rules say; it decides nothing. With a resident the line is written at his
    door."""
    refuse_if(level(where) not in ("community", "inside"), _("A case is assessed for a community."), UNFIT)
    community = community_of(where)
    refuse_if(matter is not None and not known(matter), _("There is no such matter here."), GONE)
    stay = stay_within(community, resident) if resident else None
    refuse_if(resident is not None and stay is None, _("He is not in the register of this community."), GONE)
    try:
        decision = queries.decide(community, facts, on or queries.day_of(at), subject)
    except PolicyError as error:
        raise refusal_of(error) from error
    said = decision.as_json()
    made = new(
        Assessment,
        where=community,
        resident=resident,
        facts=said["facts"],
        on=decision.on,
        subject=subject,
        answer=decision.answer.value,
        decision=said,
        editions=list(decision.considered),
        assessed_at=at,
        matter=matter,
    )
    grounds = [f"{reading.edition.id}/{reading.clause.id}" for reading in decision.deciding]
    return line(made, where=stay.where if stay else "", rule=_rules(grounds), answer=made.answer)


def _rules(names: list[str], room: int = 120) -> str:
    """As many whole names as the line's column holds."""
    said = ""
    for name in names:
        if len(said) + len(name) + 2 > room:
            break
        said = f"{said}, {name}" if said else name
    return said
