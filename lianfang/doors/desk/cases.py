"""What the pages of a case share: whose it is, where it stands, what was written, and asking for a deed so that nothing
typed is lost if it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.ground.acts import Actor
from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import CONFLICT, FORBIDDEN, GONE, UNFIT, Refused, Text
from lianfang.reports import timeline
from lianfang.rooms.people.models import Resident
from lianfang.rooms.people.roles import ROLES
from lianfang.rooms.places.rules import spoken

from . import frame

NEWEST = 30
"""Lines of a matter shown beside it; the household's page has them all."""


def reader(request: HttpRequest) -> Actor:
    """Who reads; refused for roles that see no names of residents, for every page of a case has one."""
    who = frame.actor_of(request)
    if not ROLES[who.role].names:
        raise Refused(_("Your role does not see who is meant."), FORBIDDEN)
    return who


def found(thing: Any) -> Any:
    """The thing, or the refusal that there is none: the same for a foreign one."""
    if thing is None:
        raise Refused(_("There is no such entry here."), GONE)
    return thing


def own_names(who: Actor) -> dict[str, str]:
    """Names of the places around a reader, by code."""
    return dict(frame.area_names(who))


def door_ref(where: str, who: Actor) -> str:
    """How a door is written in an address: 3-2-402, with its community before it for readers of a street."""
    return spoken(where) if len(who.where) >= 12 else f"{where[:12]}-{spoken(where)}"


def subject_of(person: Resident | None, where: str, who: Actor) -> dict[str, Any]:
    """Whose case it is: name, door, the page of the household, and what he was told. ``where`` is the door."""
    if person is None:
        return {}
    href = reverse("desk:household", args=[door_ref(where, who)]) if len(where) > 12 else ""
    slip = reverse("desk:slip", args=[person.id])
    return {"name": person.name, "door": spoken(where), "href": href, "slip": slip}


def age(born: date | None, on: datetime) -> int | None:
    """Full years."""
    if born is None:
        return None
    day = on.astimezone(BEIJING).date()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def lines_of(matter: UUID, but: tuple[str, ...] = ()) -> tuple[list[timeline.Entry], list[dict[str, Any]]]:
    """The matter's lines, oldest first, and as ``parts/timeline.html`` shows them, newest first; ``but``: kinds that the page
    tells of elsewhere."""
    told = timeline.of_matter(matter)
    orders = {one.line.matter: one.line.about for one in told if one.line.kind == "order.issued"}
    shown = [
        {
            "at": one.at,
            "what": one.sentence,
            "href": href_of(one.line, orders),
            "by": one.who,
            "via": one.via,
            "about": one.about,
            "rule": one.rule,
            "words": one.words,
            "late": one.late,
            "now": one is told[-1],
        }
        for one in reversed(told)
        if one.line.kind not in but
    ]
    return told, shown[:NEWEST]


PAGES = {
    "verification": "verification",
    "question": "question",
    "order": "order",
    "assessment": "assessment",
    "ticket": "ticket",
    "need": "need",
}


ON_AN_ORDER = ("notice", "objection", "check", "alarm", "release")
"""Things that are read on the page of their order."""


def href_of(line: Line, orders: Mapping[UUID, UUID] | None = None) -> str:
    """The page a line is about; "" if it has none. A notice, a check and their like are read on their order's page
    (``orders`` by matter)."""
    noun = line.kind.partition(".")[0]
    if noun in ON_AN_ORDER or line.kind == "order.objected":
        order = (orders or {}).get(line.matter)
        return reverse("desk:order", args=[order]) if order else ""
    return reverse(f"desk:{PAGES[noun]}", args=[line.about]) if noun in PAGES else ""


def who_wrote(told: list[timeline.Entry], kind: str) -> str:
    """Name and role of whoever wrote the last line of a kind; "" if nobody has."""
    return next((one.who for one in reversed(told) if one.line.kind == kind), "")


class Step(NamedTuple):
    """One step of a case: its words, when it is done, and what to say beside it."""

    words: str
    done: bool
    detail: str = ""


def steps(*those: Step) -> list[dict[str, str]]:
    """Where a case stands: the first step that is not done is the present one."""
    at = next((n for n, one in enumerate(those) if not one.done), len(those))
    states = ["done" if n < at else "now" if n == at else "next" for n in range(len(those))]
    return [
        {"words": s.words, "detail": s.detail, "state": state} for s, state in zip(those, states, strict=True)
    ]


def clock_words(moment: datetime | None) -> str:
    """21:40; "" for none."""
    return f"{moment.astimezone(BEIJING):%H:%M}" if moment else ""


class Tried(NamedTuple):
    """What came of asking for a deed: its line, or why not. ``form`` is what was typed, with its errors."""

    line: Line | None
    refusal: Text = ""
    form: forms.Form | None = None
    status: int = 200

    @property
    def context(self) -> dict[str, Any]:
        """What the frame says first on the page that comes back."""
        failed = {} if self.form is None else {"form": self.form, "unsaved": typed(self.form)}
        return failed | ({"refusal": self.refusal} if self.refusal else {})


def attempt(request: HttpRequest, kind: str, said: Mapping[str, Any], form: forms.Form, done: str) -> Tried:
    """Ask for a deed under the key of its page. What does not fit, or came second, comes back with all that was typed;
    what is not his or not there is left to the page of refusals."""
    try:
        line = frame.deed(request, kind, said, str(request.POST.get("key", "")))
    except Refused as no:
        if no.code not in (UNFIT, CONFLICT):
            raise
        form.is_valid()
        return Tried(None, "" if no.fields and form.errors else no.message, form, no.code)
    messages.success(request, done)
    return Tried(line)


def typed(form: forms.Form) -> list[dict[str, str]]:
    """The words somebody wrote into a form, for a page that no longer has it."""
    return [
        {"words": str(field.label), "text": str(form.data.get(form.add_prefix(name), ""))}
        for name, field in form.fields.items()
        if isinstance(field, forms.CharField) and form.data.get(form.add_prefix(name))
    ]
