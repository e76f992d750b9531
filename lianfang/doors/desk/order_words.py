"""An order in words: what every page and paper of it says, how far it is, and how its notice was served."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianfang.ground.acts import Actor
from lianfang.reports.register import Row
from lianfang.reports.timeline import Entry
from lianfang.rooms.orders.models import Notice, Order
from lianfang.rooms.policies import queries as policies
from lianfang.rooms.rulings import queries as rulings

from . import rule_words
from .asking_upward import clause_of, days_words, ruling_words
from .cases import Step, clock_words, own_names, steps, subject_of, who_wrote
from .ordering import considered_words

State = Order.State


def order_words(one: Order, who: Actor) -> dict[str, Any]:
    """What every page of an order says: the order, whose it is, what it rests on, the facts it was given on."""
    own = own_names(who)
    made = policies.assessments(who.where, one.matter)
    shown = rule_words.grounds(made[-1].decision, own) if made else {"facts": [], "rows": {}, "stated": []}
    clause = clause_of(one.edition, one.clause, own) if one.edition else None
    asked = rulings.question(who.where, one.ruling) if one.ruling else None
    ruling = None
    if one.ruling:
        words = ruling_words(asked) if asked else _("in this matter")
        ruling = {"words": words, "href": reverse("desk:question", args=[asked.id]) if asked else ""}
    return {
        "order": _words(one, clause, ruling),
        "subject": subject_of(one.resident, one.where, who),
        "clause": clause,
        "ruling": ruling,
        "facts": shown["facts"],
        "stated": shown["stated"],
        "considered": considered_words(one.considered, shown["rows"]),
    }


def _words(one: Order, clause: dict[str, Any] | None, ruling: dict[str, Any] | None) -> dict[str, Any]:
    what = _("%(measure)s, %(days)s") % {"measure": one.get_measure_display(), "days": days_words(one.days)}
    basis = [f"{clause['edition']} {clause['label']}"] if clause else []
    basis += [_("ruling %(number)s") % {"number": ruling["words"]}] if ruling else []
    return {
        "id": one.id,
        "no": one.notice.number,
        "state": one.state,
        "what": what,
        "measure": one.get_measure_display(),
        "name": one.resident.name,
        "why": one.reason,
        "source": "",
        "who": f"{one.authority} {one.issued_name}".strip(),
        "clause": _("; ").join(basis),
        "text_is": clause["text_is"] if clause else "",
        "until": one.last_day,
        "object": one.remedy,
        "authority": one.authority,
        "level": one.get_authority_level_display(),
        "decided_by": one.issued_name,
        "decided_at": one.issued_at,
        "reason": one.reason,
        "first": one.first_day,
        "last_day": one.last_day,
        "release": one.release_due,
        "remedy": one.remedy,
    }


def steps_of(row: Row) -> list[dict[str, str]]:
    """How far an order is: issued, told, observed, its end verified, released."""
    one, notice = row.order, row.order.notice
    heard = notice.served_at or notice.refused_at
    refused = _("told, not accepted") if notice.state == Notice.State.REFUSED else ""
    end, free = row.release, one.state == State.RELEASED
    day = _("day %(day)s of %(days)s") % {"day": max(row.day, 0), "days": one.days} if row.in_force else ""
    verified = (
        f"{short_day(end.verified_at)} {end.verified_name}".strip() if end else short_day(one.release_due)
    )
    freed = end.released_at if end else None
    return steps(
        Step(_("Issued"), True, f"{clock_words(one.issued_at)} {one.issued_name}".strip()),
        Step(_("Told"), heard is not None, f"{clock_words(heard)} {refused}".strip()),
        Step(_("Observation"), row.ending or free, day or _("to %(day)s") % {"day": short_day(one.last_day)}),
        Step(_("End verified"), end is not None, verified),
        Step(_("Released"), free, f"{short_day(freed)} {end.released_name}".strip() if end and freed else ""),
    )


def short_day(day: Any) -> str:
    """11 Mar, of a day or of a moment."""
    local = timezone.localtime(day) if hasattr(day, "hour") else day
    return date_format(local, pgettext("date format", "j M"))


def notice_words(one: Notice, told: list[Entry]) -> dict[str, Any]:
    """How the notice was served, or in which words he did not accept it."""
    refused = one.state == Notice.State.REFUSED
    proof = one.get_proof_display() if one.proof else ""
    words = f"{proof}{_(': ')}{one.proof_words}" if one.proof_words else proof
    return {
        "no": one.number,
        "refused": refused,
        "how": one.get_how_display() if one.how else "",
        "to_whom": one.get_to_whom_display() if one.to_whom else "",
        "at": one.served_at or one.refused_at,
        "by": who_wrote(told, "notice.refused" if refused else "notice.served"),
        "proof": words,
        "witness": one.witness,
        "his_words": one.refused_words,
        "told_remedy": one.state == Notice.State.SERVED,
    }
