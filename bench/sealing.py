"""Seals: how fast lines are sealed and verified. ``python -m bench.sealing seal|leaves|verify|hash`` says lines per second.

The floor of ``verify`` is SHA-256 alone, twice a line, over the same bytes held in memory; that of ``seal`` the same
counterfoils written with as little as can be: one INSERT for as many lines, nothing read, hashed or signed."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from .stage import Stage

CHAINS, LINES = 10, 100_000
FEW, SMALL = 5_000, 5
"""Lines that are sealed five at a time, as on a quiet night."""
BUSY, QUIET = "11019800300", "11019800400"
FILL = """
INSERT INTO lianfang_line (id, kind, about, matter, "where", also, by, role, at, written_at, via, rule, because, facts,
  changes, payload)
SELECT gen_random_uuid(), 'note.written', gen_random_uuid(), gen_random_uuid(), '{place}' || n % {chains} || '.3.2.402.',
  '{{}}', gen_random_uuid(), 'worker', now(), now(), 'desk', '', NULL, '{{"how": "door"}}',
  jsonb_build_array(jsonb_build_array('note', gen_random_uuid(), jsonb_build_object(
    'where', '110198003001.3.2.402.', 'matter', gen_random_uuid(), 'text', '#' || md5(n::text), 'how', 'door',
    'noted_at', now()))),
  decode(md5(n::text) || md5('b' || n), 'hex') FROM generate_series(1, {lines}) n
"""


def fill(on: Stage, lines: int, place: str = BUSY) -> None:
    """So many lines of notes in ten communities, written past the application: the seals do not mind how they came."""
    with psycopg.connect(on.database.superuser_url, dbname="lianfang", autocommit=True) as boss:
        boss.execute(FILL.format(chains=CHAINS, lines=lines, place=place))  # type: ignore[arg-type]
        boss.execute("VACUUM ANALYZE lianfang_line")


def rate(on: Stage, what: str) -> float:
    """Lines per second of one of the measurements."""
    return float(on.run("bench.sealing", what).split()[-1])


def rows(on: Stage, rounds: int, row: Any, in_turns: Any) -> list[dict[str, Any]]:
    """The two rows of the table. Sealing fills anew before each round; verifying reads what was sealed."""

    def seal() -> float:
        fill(on, LINES)
        return rate(on, "seal")

    leaves, sealed = in_turns(rounds, lambda: rate(on, "leaves"), seal)
    fill(on, FEW, QUIET)
    on.run("bench.sealing", "handfuls")
    on.settle()
    bare, verified = in_turns(rounds, lambda: rate(on, "hash"), lambda: rate(on, "verify"))
    quiet = rate(on, "quiet")
    note = f"{CHAINS} chains; floor: two SHA-256 a line over the same bytes; sealed by fives: {quiet:.0f}"
    return [
        row(
            "seal",
            sealed,
            leaves,
            0.2,
            "lines/s",
            "read, hashed, signed; floor: its counterfoils by one INSERT",
        ),
        row("verify", verified, bare, 0.1, "lines/s", note),
    ]


def _seal() -> tuple[int, float]:
    from lianfang.ground import seals

    began = time.perf_counter()
    return seals.write(datetime.now(UTC)), time.perf_counter() - began


def _handfuls() -> tuple[int, float]:
    from lianfang.ground import seals

    began = time.perf_counter()
    return seals.write(datetime.now(UTC), batch=CHAINS * SMALL), time.perf_counter() - began


def _leaves() -> tuple[int, float]:
    """Counterfoils into a table like theirs that is dropped afterwards."""
    import os

    from lianfang.ground.seals import BATCH

    with psycopg.connect(os.environ["LIANFANG_OWNER_URL"]) as link:
        link.execute("CREATE TABLE bare_leaf (LIKE lianfang_leaf INCLUDING INDEXES)")
        link.commit()
        began = time.perf_counter()
        for batch in range(0, LINES, BATCH):
            link.execute(
                'INSERT INTO bare_leaf (id, "where", n, salt, digest) SELECT gen_random_uuid(), %s, n, %s, %s'
                " FROM generate_series(%s::bigint, %s::bigint) n",
                ["110198003001", bytes(16), bytes(32), batch + 1, batch + BATCH],
            )
            link.commit()
        took = time.perf_counter() - began
        link.execute("DROP TABLE bare_leaf")
    return LINES, took


def _verify(under: str = "") -> tuple[int, float]:
    from lianfang.ground import verifying

    began = time.perf_counter()
    report = verifying.verify(under)
    assert not report.wrong, report.wrong
    return report.lines, time.perf_counter() - began


def _hash() -> tuple[int, float]:
    """The bytes of some lines, hashed as seals do and no more."""
    from django.db import transaction

    from lianfang.ground import seals
    from lianfang.ground.acts import reading, the_clock

    with transaction.atomic(), reading(the_clock()):
        asked = f"SELECT {seals.BODY}, {seals.HEADER} FROM lianfang_line e LIMIT %s"
        held = [seals.split(row) for row in seals.copied(asked, [LINES])]
    salt, link = token_bytes(16), bytes(32)
    began = time.perf_counter()
    for body, header in held:
        digest = sha256(salt + body).digest()
        link = sha256(link + digest + header).digest()
    return len(held), time.perf_counter() - began


def main() -> None:
    """One measurement."""
    import django

    django.setup()
    count, took = {"seal": _seal, "handfuls": _handfuls, "leaves": _leaves, "hash": _hash, "verify": _verify,
                   "quiet": lambda: _verify(QUIET[:9])}[sys.argv[1]]()  # fmt: skip
    print(count / took)


if __name__ == "__main__":
    main()
