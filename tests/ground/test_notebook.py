"""Reading the notebook: a reader that polls misses no line, however the writers overtake each other."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from lianfang.ground import notebook
from lianfang.ground.acts import Actor, Row, many, reading
from lianfang.ground.notebook import Line, Place
from lianfang.rooms import people, places
from lianfang.rooms.people.models import ParkedRow
from lianfang.rooms.people.roles import installer
from tests.at_once import at_once
from tests.cast import HOME, NEIGHBOUR, STORY, STREET, Cast

pytestmark = pytest.mark.usefixtures("street")
DOUBT = [{"cell": "B7", "code": "door_unknown"}]
WRITERS, BATCHES, ROWS = 16, 10, 4


def everything(by: Actor, under: str, limit: int = 500) -> list[Line]:
    found, place = [], Place()
    while True:
        with reading(by):
            lines, place = notebook.since(place, under=under, limit=limit)
        if not lines:
            return found
        found += lines


def test_a_polling_reader_misses_no_line_and_reads_none_twice(cast: Cast) -> None:
    """640 lines by 16 writers who commit after a random while; a reader of a plain sequence must miss some,
    or this test would prove nothing."""
    dice, done = random.Random(26), list[int]()
    pauses = [[dice.random() / 50 for _ in range(ROWS)] for _ in range(WRITERS * BATCHES)]
    sent: list[UUID] = []

    def writer(number: int) -> Callable[[], None]:
        def write() -> None:
            for batch in range(BATCHES):
                pause = pauses[number * BATCHES + batch]
                names = [f"{number}-{batch}-{row}" for row in range(ROWS)]
                rows = [Row(uuid4(), (), {"where": HOME, "name": name}) for name in names]
                many(
                    places.register_compound, rows, by=cast.li, at=STORY,
                    progress=lambda row, pause=pause: time.sleep(pause[row - 1]),
                )  # fmt: skip
                sent.extend(row.id for row in rows)
            done.append(number)

        return write

    def reader(take: Callable[[list[Line]], list[Line]]) -> Callable[[], list[UUID]]:
        def read() -> list[UUID]:
            seen: list[Line] = []
            last = False
            while True:
                found = take(seen)
                seen += found
                if last and not found:
                    return [one.id for one in seen]
                last = len(done) == WRITERS

        return read

    place = [Place()]

    def below_the_horizon(_seen: list[Line]) -> list[Line]:
        with reading(cast.li):
            lines, place[0] = notebook.since(place[0], under=HOME, limit=50)
        return lines

    def plain_sequence(seen: list[Line]) -> list[Line]:
        with reading(cast.li):
            return list(Line.objects.filter(seq__gt=seen[-1].seq if seen else 0).order_by("seq")[:50])

    cast.li  # read before the threads start  # noqa: B018
    *came, ours, plain = at_once(
        *(writer(number) for number in range(WRITERS)), reader(below_the_horizon), reader(plain_sequence)
    )
    assert came == [None] * WRITERS
    with reading(cast.li):
        written = {one.id for one in Line.objects.filter(where__under=HOME)}
    assert len(sent) == WRITERS * BATCHES * ROWS
    assert set(sent) <= written
    assert len(ours) == len(set(ours))
    assert set(ours) == written
    assert len(plain) < len(written), "the planted reader should have missed lines: the test cannot fail"


def test_lines_are_read_in_pages_without_a_gap(cast: Cast) -> None:
    whole = [one.id for one in everything(cast.li, HOME)]
    assert [one.id for one in everything(cast.li, HOME, limit=3)] == whole
    assert len(whole) == len(set(whole)) > 6


def test_reading_again_from_the_end_gives_nothing(cast: Cast) -> None:
    with reading(cast.li):
        _, end = notebook.since(Place(), under=HOME)
        assert notebook.since(end, under=HOME) == ([], end)


def test_a_reader_gets_the_lines_of_his_place_only(cast: Cast) -> None:
    assert {one.where[:12] for one in everything(cast.li, "")} <= {HOME, "", "11", "110198", STREET}
    assert not everything(cast.li, NEIGHBOUR)
    assert everything(installer(STREET), NEIGHBOUR)


def test_the_lines_of_a_matter_come_in_the_order_they_happened(cast: Cast) -> None:
    born = people.park(HOME, file="a", row=1, said="", problems=DOUBT, by=cast.wang, at=STORY)
    with reading(cast.wang):
        row = ParkedRow.objects.get(id=born.id)
    early = people.drop_row(row, by=cast.wang, at=STORY - timedelta(hours=1))
    with reading(cast.wang):
        assert [one.id for one in notebook.of_matter([born.matter])] == [early.id, born.id]
