"""Seals: every line once, in the chain of its community, without a writer waiting; what a reader is given of them."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import ProgrammingError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from lianfang.ground import keyring, seals, verifying
from lianfang.ground.acts import Actor, Row, begin, many, reading, the_clock
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.ground.seals import Leaf, Seal
from lianfang.rooms import notes, places
from tests.at_once import at_once
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, STREET, Cast
from tests.conftest import SERVER

pytestmark = pytest.mark.usefixtures("street")


def everything(model: type[Any]) -> list[Any]:
    with reading(the_clock()):
        return list(model.objects.order_by("where", "pk"))


def note(by: Actor, text: str = "米够吃一周") -> Line:
    return notes.write(DOOR, text=text, how="door", by=by, at=STORY)


def sound() -> bool:
    return verifying.verify().wrong == []


def test_every_line_is_sealed_once_in_the_chain_of_its_community(cast: Cast) -> None:
    note(cast.wang)
    sealed = seals.write(STORY)
    lines, leaves = everything(Line), everything(Leaf)
    assert sealed == len(lines) == len(leaves)
    assert {one.id for one in lines} == {one.id for one in leaves}
    where = {one.id: one.where for one in lines}
    assert {one.where for one in leaves} >= {HOME, NEIGHBOUR, STREET, "110198", "11", ""}
    for chain in {one.where for one in leaves}:
        numbers = sorted(one.n for one in leaves if one.where == chain)
        assert numbers == list(range(1, len(numbers) + 1))
        assert {where[one.id][:12] for one in leaves if one.where == chain} == {chain}
    assert sound()


def test_what_is_sealed_is_not_sealed_again(cast: Cast) -> None:
    assert seals.write(STORY) > 0
    assert seals.write(STORY) == 0
    before = seals_of(HOME)
    note(cast.wang)
    assert seals.write(STORY) == 1
    (fresh,) = seals_of(HOME)[len(before) :]
    assert (fresh.first, fresh.last) == (before[-1].last + 1, before[-1].last + 1)
    assert bytes(fresh.before) == bytes(before[-1].head)
    assert sound()


def seals_of(chain: str) -> list[Seal]:
    with reading(the_clock()):
        return list(Seal.objects.filter(where=chain).order_by("last"))


def test_an_act_neither_seals_nor_waits_for_a_seal(cast: Cast) -> None:
    """While somebody seals, an act is done, and it writes nothing of seals."""
    with psycopg.connect(SERVER.superuser_url, dbname=connection.settings_dict["NAME"]) as sealing:
        sealing.execute(f"SELECT pg_advisory_xact_lock({seals.LOCK})")
        sealing.execute("LOCK TABLE lianfang_leaf, lianfang_seal IN ACCESS EXCLUSIVE MODE")
        done: list[Line] = []
        writer = Thread(target=lambda: (done.append(note(cast.wang)), connections.close_all()))
        cast.wang  # noqa: B018 - read before the thread starts
        writer.start()
        writer.join(30)
        assert done
        assert seals.write(STORY) == 0, "two do not seal at once"


def test_a_line_committed_late_is_sealed_late_and_never_missed(cast: Cast) -> None:
    """A writer that has its place in the reading order, and commits after those that came later."""
    seals.write(STORY)
    begun, go_on, who = Event(), Event(), cast.li

    def slow() -> None:
        def wait(row: int) -> None:
            begun.set()
            go_on.wait(30)

        many(
            places.register_compound,
            [Row(uuid4(), (), {"where": HOME, "name": "慢院"})],
            by=who,
            at=STORY,
            progress=wait,
        )
        connections.close_all()

    writer = Thread(target=slow)
    writer.start()
    assert begun.wait(30)
    quick = note(cast.wang)
    assert seals.write(STORY) == 0, "below the horizon of the slow one there is nothing"
    go_on.set()
    writer.join(30)
    assert seals.write(STORY) == 2
    assert quick.id in {one.id for one in everything(Leaf)}
    assert len(everything(Leaf)) == len(everything(Line))
    assert sound()


def test_lines_written_by_many_while_it_is_sealed_are_all_sealed(cast: Cast) -> None:
    dice, done = random.Random(15), list[int]()
    who = {number: (cast.li, HOME) if number % 2 else (cast.fang, NEIGHBOUR) for number in range(8)}
    pauses = [dice.random() / 60 for _ in range(200)]

    def writer(number: int) -> Callable[[], None]:
        def write() -> None:
            by, _where = who[number]
            door = DOOR if by.where == HOME else f"{NEIGHBOUR}.3.2.402."
            for turn in range(12):
                rows = [Row(uuid4(), (door,), {"text": f"{number}/{turn}/{row}", "how": "door"}) for row in range(3)]  # fmt: skip
                many(
                    notes.write, rows, by=by, at=STORY,
                    progress=lambda row, turn=turn: time.sleep(pauses[(number * 12 + turn + row) % 200]),
                )  # fmt: skip
            done.append(number)

        return write

    def sealer() -> int:
        sealed = 0
        while len(done) < 8:
            sealed += seals.write(STORY, batch=17)
        return sealed

    *came, one, two = at_once(*(writer(number) for number in range(8)), sealer, sealer)
    assert came == [None] * 8
    assert isinstance(one, int) and isinstance(two, int)
    seals.write(STORY)
    assert len(everything(Leaf)) == len(everything(Line))
    assert sound()


def test_the_head_can_be_computed_from_what_the_page_says(street: str, cast: Cast) -> None:
    """The canonical form of the module's first page, written down a second time, with nothing of ours."""
    line = note(cast.wang, '引号 "、反斜线 \\ 、制表\t、换行\n')
    seals.write(STORY)
    with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
        boss.execute("SET TimeZone = 'UTC'")
        sealed = boss.execute(
            'SELECT id, n, salt FROM lianfang_leaf WHERE "where" = %s ORDER BY n', [HOME]
        ).fetchall()
        link = hashlib.sha256(b"lianfang chain 1\t" + HOME.encode()).digest()
        for id, n, salt in sealed:

            def copied(columns: str, id: object = id) -> bytes:
                with boss.cursor().copy(
                    f"COPY (SELECT {columns} FROM lianfang_line WHERE id = '{id}') TO STDOUT"
                ) as rows:
                    (row,) = rows
                    return bytes(row).rstrip(b"\n")

            body = copied('"where", also, about, matter, facts, changes, payload')
            header = copied('id, kind, "by", role, at, written_at, via, rule, because, xact, seq')
            digest = hashlib.sha256(salt + body).digest()
            link = hashlib.sha256(link + digest + f"{HOME}\t{n}\t".encode() + header).digest()
    assert sealed[-1][0] == line.id
    with reading(cast.wang):
        head = seals.head_of(HOME)
    assert head
    assert head.hash == link


def test_the_signature_is_checked_by_anybody_with_the_public_key(cast: Cast) -> None:
    seals.write(STORY)
    (seal, *_) = seals_of(HOME)
    public = Ed25519PublicKey.from_public_bytes(keyring.keys().public[seal.key])
    public.verify(bytes(seal.signature), seals.message_of(seal))
    assert HOME.encode() in seals.message_of(seal)


def test_every_reader_is_given_the_head_of_his_place_in_one_statement(cast: Cast) -> None:
    with reading(cast.wang):
        assert seals.head_of(HOME) is None, "nothing is sealed yet"
    seals.write(STORY)
    for who in (cast.wang, cast.guo, cast.chen, cast.zhou, cast.fang):
        with reading(who), CaptureQueriesContext(connection) as asked:
            head = seals.head_of(who.where)
        assert head
        assert head.chain == who.where[:12]
        assert len(asked) == 1
    with reading(cast.fang):
        assert seals.head_of(HOME) is None, "a neighbour's is not his"
    with reading(cast.chen):
        assert {one.chain for one in seals.heads_under(STREET)} == {STREET, HOME, NEIGHBOUR}
        assert seals.heads_under("99") == []


def test_a_head_can_be_read_aloud_and_taken_back(cast: Cast) -> None:
    seals.write(STORY)
    with reading(the_clock()):
        heads = seals.heads_under("")
    for head in heads:
        groups = head.short.split()
        assert len(groups) == 8 and all(len(one) == 4 and one.isdigit() for one in groups)
        (back,) = verifying.outside(f"链头：{head.text} · 2020-02-26 21:40\n")
        assert (back.chain, back.lines) == (head.chain, head.lines)
        assert back.is_of(head.hash) and not back.is_of(bytes(32))
    assert len(verifying.outside("\n".join(head.text for head in heads))) == len(heads)
    for text in (
        "",
        "hello",
        "110198001001 #0 1111 1111 1111 1111 1111 1111 1111 1111",
        "[]",
        "{}",
        "[1]",
        "7",
    ):
        with pytest.raises(verifying.NoHead):
            verifying.outside(text)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lianfang_leaf SET n = n + 1",
        "UPDATE lianfang_leaf SET salt = '\\x00'",
        "UPDATE lianfang_leaf SET salt = NULL, erased_by = gen_random_uuid()",
        "DELETE FROM lianfang_leaf",
        "UPDATE lianfang_seal SET signature = '\\x00'",
        "DELETE FROM lianfang_seal",
        "TRUNCATE lianfang_seal",
        "UPDATE lianfang_line SET kind = 'x'",
        "UPDATE lianfang_line SET facts = '{}'",
        "UPDATE lianfang_line SET facts = '{\"a\": 1}'",
    ],
)
def test_the_application_can_only_add_to_the_seals(statement: str) -> None:
    seals.write(STORY)
    with pytest.raises(ProgrammingError) as no, transaction.atomic(), connection.cursor() as cursor:
        begin(the_clock(), new_id())
        cursor.execute(statement)
    assert getattr(no.value.__cause__, "sqlstate", "") == "42501"


def test_what_waits_is_counted(cast: Cast) -> None:
    seals.write(STORY)
    assert verifying.verify().waiting == 0
    line = note(cast.wang)
    report = verifying.verify()
    assert (report.waiting, report.oldest) == (1, line.written_at)
    assert report.wrong == []


def test_a_line_that_says_it_is_old_is_told(street: str, cast: Cast) -> None:
    """Written today with the time of last week: it is sealed, for it is there; that it came late is said."""
    seals.write(STORY)
    written = note(cast.wang)
    with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
        late = "UPDATE lianfang_line SET written_at = written_at - interval '7 days' WHERE id = %s"
        boss.execute(late, [written.id])
    seals.write(STORY + timedelta(minutes=1))
    report = verifying.verify()
    assert report.wrong == []
    assert [(one.chain, one.line, one.what) for one in report.late] == [(HOME, str(written.id), "late")]
