"""Two communities of one street with the same things in each, and canaries: words and numbers of residents that are found
nowhere else, so that one of them on a page is a leak and nothing but a leak."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import derived, new_id
from lianfang.rooms import (
    aid,
    briefs,
    gates,
    messages,
    notes,
    orders,
    people,
    places,
    policies,
    rulings,
    tickets,
    tokens,
)
from lianfang.rooms.aid.models import Need
from lianfang.rooms.briefs.models import Brief
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.orders.models import Notice
from lianfang.rooms.people.models import Resident, Unit, Worker
from lianfang.rooms.people.roles import actor, installer, the_clock
from lianfang.rooms.places.models import Door
from lianfang.rooms.policies.models import Assessment
from lianfang.rooms.rulings.models import Question
from lianfang.rooms.tickets.models import Ticket
from lianfang.rooms.tokens.rules import fresh
from tests import night
from tests.cast import STORY, id_number

from .neighbours_observed import observed_in


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
    number = 2 * int(where[6:9]) + int(where[9:])
    born = date(1950 + number, 2, 3)
    name = f"亓官翯{'甲乙丙丁戊'[number - 3]}"
    return Canary(name, id_number("110101", born, "male"), f"1990007{number:04}", f"金丝雀{number}号的话")


def director_of(where: str) -> Actor:
    """Somebody who directs a community."""
    return actor(derived(derived(UUID(int=0), where), "director"), "director", where, name="甲主任")


def above(where: str, role: str) -> Actor:
    """Somebody of the street above a community, in a role."""
    return actor(derived(derived(UUID(int=0), where[:9]), role), role, where[:9], name="乙同志")


def draw(where: str) -> None:
    """A community that is only areas and one building yet, in a street of its own if need be."""
    for code in (where[:9], where):
        by = installer(code[:-3])
        places.register_area(where=code[:-3], code=code, name=f"某{code[-3:]}", by=by, at=STORY)
    places.draw_building(where=where, number="3", floors=6, units=4, doors=3, by=installer(where), at=STORY)


def settle_in(where: str) -> Community:
    """Fill a community: its canary behind 3-3-601, and one thing of each kind about him, each step as far as it goes."""
    here = Community(where, canary(where), f"{where}.3.3.601.")
    by, director = installer(where), director_of(where)
    first, second = _move_in(here, here.canary), _move_in(here, None)
    here.ids |= {"resident": first.id, "second": second.id, "nobody": new_id()}
    people.mark_care(first, kind="alone", note=here.canary.words, by=by, at=STORY)
    people.park(
        where, file="register.xlsx", row=7, said=here.canary.words, problems=[{"cell": "C7"}], by=by, at=STORY
    )
    places.register_compound(where=where, name="一号院", by=by, at=STORY)
    heard = notes.write(
        here.door, text=here.canary.words, how="door", promise=here.canary.words,
        promise_due=STORY + timedelta(days=1), by=director, at=STORY,
    )  # fmt: skip
    here.ids["promise"] = derived(heard.id, "1")
    here.ids |= _cases(here, director, first, second)
    here.ids |= _needs(here, director)
    here.ids |= observed_in(here, director, above(where, "street_leader"))
    here.ids |= _told(here, director, first)
    here.ids |= _briefs(here, director)
    return here


def _briefs(here: Community, by: Actor) -> dict[str, UUID]:
    """A draft nobody has published; one that is out, and the next, which tells what came late for it."""
    day = STORY.date()
    made = [
        briefs.draft(here.where, day=day - timedelta(days=back), by=by, at=STORY).id for back in (2, 1, 0)
    ]
    out, later = (night.get(Brief, id, by) for id in made[1:])
    briefs.publish(out, by=by, at=STORY)
    notes.write(here.door, text=here.canary.words, how="door", by=by, at=STORY - timedelta(hours=38))
    briefs.publish(later, by=by, at=STORY)
    briefs.revise(out, told_in=later.id, by=the_clock(), at=STORY)
    return {"brief": made[0], "brief_out": out.id}


def _move_in(here: Community, who: Canary | None) -> Resident:
    """The canary, or somebody behind the door beside his of whom nothing more is known."""
    by = installer(here.where)
    with reading(by):
        door = Door.objects.get(where=here.door if who else f"{here.where}.3.3.602.")
    given = {"id_number": who.id_number, "phone": who.phone, "remark": who.words} if who else {}
    line = people.register(
        door, name=who.name if who else here.canary.name + "之邻", sex="male", by=by, at=STORY, **given
    )
    return night.get(Resident, line.id, by)


def _asked(here: Community, by: Actor, resident: Resident | None = None) -> UUID:
    """A call, answered if somebody of the register is meant."""
    words = here.canary.words
    call = gates.ask(here.where, post="马坊", asked_for=here.canary.name, officer=words, by=by, at=STORY).id
    if resident:
        gates.answer(night.get(Verification, call, by), answer="yes", resident=resident, by=by, at=STORY)
    return call


def _assessed(here: Community, by: Actor, who: Resident, matter: UUID, **facts: object) -> UUID:
    given = night.NING | facts
    return policies.assess(here.where, facts=given, resident=who, matter=matter, by=by, at=STORY).id


def _question(here: Community, by: Actor, assessment: UUID) -> Question:
    words = here.canary.words
    line = rulings.ask_up(
        night.get(Assessment, assessment, by), question=words, view="modified", view_days=14, view_words=words,
        interim="先在家", due=STORY + timedelta(hours=2), by=by, at=STORY,
    )  # fmt: skip
    return night.get(Question, line.id, by)


def _ruled(here: Community, by: Actor, who: Resident, matter: UUID) -> UUID:
    asked, desk = _question(here, by, _assessed(here, by, who, matter)), above(here.where, "street_desk")
    rulings.rule(
        night.get(Question, asked.id, desk), answer="required", ground="discretion", days=14,
        reason=here.canary.words, by=desk, at=STORY,
    )  # fmt: skip
    return asked.id


def _ticket(here: Community, matter: UUID | None = None, *, far: int = 0) -> UUID:
    """A ticket of the canary's that went so far: lodged, taken, answered, called back."""
    desk, words = above(here.where, "street_desk"), here.canary.words
    other = actor(derived(desk.id, "other"), "street_desk", here.where[:9], name="丙同志")
    id = tickets.lodge(
        here.where[:9], channel="12345", type="complaint", category="epidemic", words=words, door=here.door,
        caller_name=here.canary.name, caller_phone=here.canary.phone, matter=matter, by=desk, at=STORY,
    ).id  # fmt: skip
    asked = {"reached": True, "heard": True, "solved": False, "satisfied": False}
    for deed, said, by in (
        (tickets.accept, {}, desk),
        (tickets.answer, {"words": words}, desk),
        (tickets.call_back, asked, other),
    )[:far]:
        deed(night.get(Ticket, id, by), by=by, at=STORY, **said)
    return id


def _told(here: Community, by: Actor, first: Resident) -> dict[str, UUID]:
    """What the canary was told, and a slip that opens his page."""
    return {
        "message": messages.send(
            here.door, resident=first, words=here.canary.words, way="door", by=by, at=STORY
        ).id,
        "slip": messages.issue_slip(here.door, resident=first, digest=new_id(), by=by, at=STORY).id,
    }


def _needs(here: Community, by: Actor) -> dict[str, UUID]:
    """What the canary needs: one thing nobody has confirmed, one somebody helps with, one nobody helps with yet; and who
    sees to them."""
    words, office = here.canary.words, installer(here.where)
    unit = people.register_unit(here.where, kind="committee", name="居委会", by=office, at=STORY).id
    owner = people.register_worker(here.where, name="丁同志", title="社工", by=office, at=STORY).id
    people.post(
        night.get(Worker, owner, office), role="worker", where=here.where, unit=night.get(Unit, unit, office),
        by=office, at=STORY,
    )  # fmt: skip
    secret = fresh()
    tokens.issue(
        here.where, label="审计系统", days=30, prefix=secret.prefix, digest=secret.digest, role="auditor",
        unit=night.get(Unit, unit, office), by=office, at=STORY,
    )  # fmt: skip
    made = {}
    aid.ask(here.door, ticked=[], words=words, by=by, at=STORY)
    for name in ("proposed", "need", "unhelped"):
        id = aid.propose(here.door, kind="food", item=words, words=words, by=by, at=STORY).id
        made[name] = night.get(Need, id, by)
        if name != "proposed":
            aid.confirm(
                made[name], owner=night.get(Worker, owner, by), due=STORY + timedelta(days=2), kind="food", item=words,
                quantity=Decimal(20), unit="jin", by=by, at=STORY,
            )  # fmt: skip
    pledge = aid.pledge(
        made["need"], by_kind="neighbour", by_name=here.canary.name, by_phone=here.canary.phone, quantity=Decimal(9),
        by=by, at=STORY,
    )  # fmt: skip
    return {name: one.id for name, one in made.items()} | {"pledge": pledge.id, "owner": owner}


def _cases(here: Community, by: Actor, first: Resident, second: Resident) -> dict[str, UUID]:
    """About the first: a call that waits, a question that waits, an order whose notice waits. About the second: a ruling
    without an order, an answer that requires one, an answer that is unclear."""
    answered, ordered, told = (_asked(here, by, who) for who in (first, first, second))
    question = _question(here, by, _assessed(here, by, first, answered))
    ruling, leader = _ruled(here, by, first, ordered), above(here.where, "street_leader")
    order = orders.issue(
        night.get(Resident, first.id, leader), matter=ordered, ruling=ruling,
        **night.order_words(reason=here.canary.words), by=leader, at=STORY,
    )  # fmt: skip
    with reading(by):
        notice = Notice.objects.get(order=order.id)
    clear, unclear = _asked(here, by, second), _asked(here, by, second)
    return {
        "verification": _asked(here, by),
        "answered": answered,
        "assessment": question.assessment_id,
        "question": question.id,
        "order": order.id,
        "notice": notice.id,
        "ruled": _ruled(here, by, second, told),
        "required": _assessed(here, by, second, clear, nights_away=20),
        "unclear": _assessed(here, by, second, unclear),
        "matter": ordered,
        "ticket": _ticket(here, ordered),
        "taken": _ticket(here, far=1),
        "replied": _ticket(here, far=2),
        "called_back": _ticket(here, far=3),
    }
