"""Two communities of one street with the same things in each, and canaries: words and numbers of residents that are found
nowhere else, so that one of them on a page is a leak and nothing but a leak."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import derived, new_id
from lianfang.rooms import gates, notes, orders, people, places, policies, rulings
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.orders.models import Notice
from lianfang.rooms.people.models import ParkedRow, Resident
from lianfang.rooms.people.roles import actor, installer
from lianfang.rooms.places.models import Door
from lianfang.rooms.policies.models import Assessment
from lianfang.rooms.rulings.models import Question
from tests import night
from tests.cast import STORY, Cast, id_number


@dataclass(frozen=True)
class Canary:
    """A resident found nowhere else: his name, his numbers, and what was written about him."""

    name: str
    id_number: str
    phone: str
    words: str

    def anywhere_in(self, text: str) -> list[str]:
        """Which of them ``text`` holds."""
        return [one for one in (self.name, self.id_number, self.phone, self.words) if one in text]


@dataclass
class Community:
    """One community with a thing of each kind in it."""

    where: str
    canary: Canary
    door: str
    ids: dict[str, UUID] = field(default_factory=dict)


def canary(where: str) -> Canary:
    """The canary of a community."""
    number = int(where[-3:])
    born = date(1950 + number, 2, 3)
    name = f"亓官翯{'甲乙丙丁戊'[number - 1]}"
    return Canary(name, id_number("110101", born, "male"), f"1990007{number:04}", f"金丝雀{number}号的话")


def settle_in(where: str, cast: Cast) -> Community:
    """Fill a community: its canary behind 3-3-601, and one thing of each kind about him, each step as far as it goes."""
    here = Community(where, canary(where), f"{where}.3.3.601.")
    by = installer(where)
    director = actor(derived(people_space(where), "director"), "director", where, name="甲主任")
    with reading(by):
        door = Door.objects.get(where=here.door)
    resident = people.register(
        door, name=here.canary.name, sex="male", born=date(1950, 2, 3), id_number=here.canary.id_number,
        phone=here.canary.phone, remark=here.canary.words, by=by, at=STORY,
    )  # fmt: skip
    who = night.get(Resident, resident.id, director)
    here.ids["resident"] = who.id
    people.mark_care(who, kind="alone", note=here.canary.words, by=by, at=STORY)
    people.park(
        where, file="register.xlsx", row=7, said=here.canary.words, problems=[{"cell": "C7"}], by=by, at=STORY
    )
    with reading(director):
        here.ids["parked"] = ParkedRow.objects.get(where=where).id
    places.register_compound(where=where, name="一号院", by=by, at=STORY)
    notes.write(here.door, text=here.canary.words, how="door", by=director, at=STORY)
    here.ids |= _cases(here, director, who, cast)
    return here


def people_space(where: str) -> UUID:
    """A name space for what belongs to a community."""
    return derived(UUID(int=0), where)


def _asked(here: Community, director: Actor) -> UUID:
    return gates.ask(
        here.where, post="马坊", asked_for=here.canary.name, callback=here.canary.phone, officer=here.canary.words[:10],
        by=director, at=STORY,
    ).id  # fmt: skip


def _question(here: Community, director: Actor, who: Resident, matter: UUID) -> Question:
    made = policies.assess(here.where, facts=night.NING, resident=who, matter=matter, by=director, at=STORY)
    line = rulings.ask_up(
        night.get(Assessment, made.id, director), question=here.canary.words, view="modified", view_days=14,
        view_words=here.canary.words, interim="先在家", due=STORY + timedelta(hours=2), by=director, at=STORY,
    )  # fmt: skip
    return night.get(Question, line.id, director)


def _cases(here: Community, director: Actor, who: Resident, cast: Cast) -> dict[str, UUID]:
    """Three matters: a call that waits; a question that waits; an order whose notice waits to be served."""
    waiting, told, ordered = (_asked(here, director) for _ in range(3))
    gates.answer(night.get(Verification, told, director), answer="yes", resident=who, by=director, at=STORY)
    open_question = _question(here, director, who, told)
    closed = _question(here, director, who, ordered)
    rulings.rule(
        night.get(Question, closed.id, cast.chen), answer="required", ground="discretion", days=14,
        reason=here.canary.words, by=cast.chen, at=STORY,
    )  # fmt: skip
    order = orders.issue(
        night.get(Resident, who.id, cast.zhao), matter=ordered, ruling=closed.id,
        **night.order_words(reason=here.canary.words), by=cast.zhao, at=STORY,
    )  # fmt: skip
    with reading(director):
        notice = Notice.objects.get(order=order.id)
    return {
        "verification": waiting,
        "answered": told,
        "assessment": open_question.assessment_id,
        "question": open_question.id,
        "ruled": closed.id,
        "order": order.id,
        "notice": notice.id,
        "matter": told,
        "nobody": new_id(),
    }
