"""Which things are listed, by which of their room's questions, and which of their fields are shown. A new column is shown
to nobody until it stands here; an identifier is masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from lianfang.ground.things import Sealed, Thing, column_value
from lianfang.rooms.aid import queries as aid
from lianfang.rooms.gates import queries as gates
from lianfang.rooms.notes import queries as notes
from lianfang.rooms.orders import queries as orders
from lianfang.rooms.people.queries import masked
from lianfang.rooms.rulings import queries as rulings
from lianfang.rooms.tickets import queries as tickets

Question = Callable[[str, int, UUID | None], Sequence[Thing]]
"""The things at or below a place, newest first: at most so many, older than one of them."""


class Listing(NamedTuple):
    """A kind of thing: the question that finds it, and the fields that are shown, separated by blanks."""

    question: Question
    shown: str


LISTINGS: Mapping[str, Listing] = {
    "verification": Listing(gates.latest, "post asked_for asks asked_at state result resident"),
    "question": Listing(
        rulings.latest,
        "question view view_days view_words interim asked_of asked_at due overdue state answer days ground clause reason"
        " ruled_at applied_at",
    ),
    "order": Listing(
        orders.latest,
        "resident authority authority_level clause ruling reason measure days first_day last_day release_due remedy state"
        " issued_at issued_name",
    ),
    "ticket": Listing(
        tickets.latest,
        "number channel outside_no type category words caller_name caller_phone door level received_at due lapsed state"
        " handler_name accepted_at answer answered_at called_back_at heard solved satisfied closed_at closed_why",
    ),
    "need": Listing(
        aid.latest,
        "kind item quantity unit price perish_by words owner_name due state asked_at met_at dropped_why",
    ),
    "note": Listing(notes.by_id, "how text noted_at"),
}
ALWAYS = ("id", "matter", "where")


def shown(kind: str, row: Thing) -> dict[str, Any]:
    """A thing as it goes out: its listed fields; of an identifier a few figures."""
    told: dict[str, Any] = {name: column_value(getattr(row, name)) for name in ALWAYS}
    for name in LISTINGS[kind].shown.split():
        column: Any = row._meta.get_field(name)
        if isinstance(column, Sealed):
            told[name] = masked(name.rpartition("_")[2], row.opened(name))
        else:
            told[name] = column_value(getattr(row, column.attname))
    return told
