"""What a resident sees of himself on his own page, and nothing else: the decisions that bind him with their reasons, what he
said against them, the help his matter asked for, and what he was told.

Row-level security lets his door through; these questions let himself through. Not shown, though it lies at his door: what
binds others of his household, their needs in matters of their own, notes, care marks, calls of checkpoints, who of the
neighbours helps by name, and the tickets themselves: of a ticket he sees what he was told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

from lianfang.rooms.aid import queries as aid
from lianfang.rooms.aid.models import Need, Pledge
from lianfang.rooms.messages import queries as messages
from lianfang.rooms.messages.models import Message
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.orders.models import Objection, Order, Release
from lianfang.rooms.people.models import Posting, Worker
from lianfang.rooms.people.roles import ROLES


@dataclass(frozen=True)
class Clause:
    """The clause a decision rests on: its text, its name, its words, and whether they are quoted or told in other words."""

    title: str
    number: str
    words: str
    quoted: bool


@dataclass(frozen=True)
class Decision:
    """One order that binds or bound him, its clause if it names one, what he said to it, and its end if it was verified."""

    order: Order
    clause: Clause | None
    objections: list[Objection]
    release: Release | None

    @property
    def open_objection(self) -> Objection | None:
        """The objection that waits for its answer."""
        return next((one for one in self.objections if one.state == Objection.State.OPEN), None)


@dataclass(frozen=True)
class Help:
    """A need of his matter, how it stands, and how many of which kind help."""

    need: Need
    sums: aid.Sums
    helpers: list[tuple[str, int]]

    @property
    def may_confirm(self) -> bool:
        """Whether he can say that it has arrived: something came, and nothing more is on its way."""
        return self.need.state == Need.State.OPEN and self.sums.delivered > 0 and self.sums.to_come == 0


@dataclass(frozen=True)
class Own:
    """Everything his page shows. ``requests``: of each ticket the last he was told, the newest first."""

    decisions: list[Decision]
    helps: list[Help]
    told: list[Message]

    @property
    def requests(self) -> list[Message]:
        """How each of his requests stands: the last thing he was told of it."""
        last: dict[UUID | None, Message] = {}
        for one in self.told:
            if one.occasion.startswith("ticket_"):
                last.setdefault(one.about, one)
        return list(last.values())


def own(where: str, resident: UUID, matter: UUID) -> Own:
    """What one resident sees of himself at his door, with the help of one matter. Five statements, however much it is."""
    return Own(decisions(where, resident), _helps(where, matter), messages.told(where, resident))


def decisions(where: str, resident: UUID) -> list[Decision]:
    """The orders about one resident at a door, newest first; those in force before those he was released from."""
    found = (
        Order.objects.filter(where=where, resident=resident)
        .select_related("notice", "edition", "release")
        .prefetch_related("objections")
        .order_by("-issued_at", "-id")
    )
    shown = [
        Decision(
            one,
            _clause(one),
            sorted(one.objections.all(), key=lambda said: said.objected_at, reverse=True),
            getattr(one, "release", None),
        )
        for one in found
    ]
    return sorted(shown, key=lambda one: one.order.state == Order.State.RELEASED)


def answerer(order: Order) -> Worker | None:
    """Who of the authority answers an objection: somebody posted there now whose role does so, and who did not decide."""
    roles = [name for name, role in ROLES.items() if "objection.answered" in role.writes]
    posted = Posting.objects.filter(where=order.authority_where, role__in=roles, until=None)
    free = Worker.objects.filter(id__in=posted.values("worker")).exclude(id__in=orders.deciders(order))
    return free.order_by("name", "id").first()


def _clause(order: Order) -> Clause | None:
    """The clause in the words of the text, or for readers of English what it means."""
    if order.edition is None:
        return None
    number = order.clause.partition("/")[2]
    texts = {one.get("id"): one for one in order.edition.document.get("clause", [])}
    text, chinese = texts.get(number, {}), (get_language() or "").startswith("zh")
    row = order.edition
    return Clause(
        title=row.title if chinese or not row.title_en else row.title_en,
        number=number,
        words=text.get("wording" if chinese else "gist", ""),
        quoted=chinese and text.get("text_is") == "quotation",
    )


def _helps(where: str, matter: UUID) -> list[Help]:
    needs = [one for one in aid.of_matter(where, matter) if one.state != Need.State.DROPPED]
    kinds: dict[UUID, Counter[str]] = {}
    for need, kind in (
        Pledge.objects.filter(need__in=[one.id for one in needs])
        .exclude(state=Pledge.State.WITHDRAWN)
        .values_list("need", "by_kind")
    ):
        kinds.setdefault(need, Counter())[kind] += 1
    return [
        Help(
            one,
            aid.sums(one),
            [(str(Pledge.By(kind).label), many) for kind, many in kinds.get(one.id, Counter()).items()],
        )
        for one in needs
    ]
