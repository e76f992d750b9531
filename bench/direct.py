"""One client of ``acts direct``: does acts, or the same writes by hand, as fast as it can, for so many seconds.

``python -m bench.direct acts|hand SECONDS``: says "ready", waits for a line, works, says how many it did.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

WHERE = "110198001001.3.2.402."
TEXT = "问：家里还缺什么？答：米够吃一周，药要续。约好周五再打电话。"
WARM_UP = 40


def acts() -> Callable[[], Any]:
    """``notes.write`` in this process: everything an act does."""
    import django

    django.setup()
    from lianfang.rooms import notes
    from tests.cast import Cast

    wang = Cast().wang

    def one() -> None:
        notes.write(WHERE, text=TEXT, how="door", by=wang, at=datetime.now(UTC))

    return one


SETTINGS = "SELECT set_config('app.actor', %s, true), set_config('app.scope', %s, true), set_config('app.line', %s, true)"
NOTE = 'INSERT INTO lianfang_note (id, "where", matter, how, text, noted_at) VALUES (%s, %s, %s, %s, %s, %s)'
LINE = (
    'INSERT INTO lianfang_line (id, kind, about, matter, "where", also, by, role, at, written_at, via, rule, because,'
    " facts, changes, payload) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


JOB = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
    " VALUES ('default', 'lianfang.carry_out', %s, 'todo')"
)


def hand() -> Callable[[], Any]:
    """The same rows under the same settings in one transaction of psycopg (the note, its line, the job of what follows from
    it): nothing is asked, nothing is checked."""
    link = psycopg.connect(os.environ["LIANFANG_DATABASE_URL"])
    worker, mark = UUID("00000000-0000-7000-8000-000000000001"), "0" * 32

    def one() -> None:
        id, at = uuid7(), datetime.now(UTC)
        said = {"where": WHERE, "matter": str(id), "how": "door", "text": mark, "noted_at": at.isoformat()}
        link.execute(SETTINGS, [str(worker), "@110198001001", str(id)])
        link.execute(NOTE, [id, WHERE, id, "door", TEXT, at])
        link.execute(
            LINE,
            [id, "note.written", id, id, WHERE, [], worker, "worker", at, at, "desk", "", None,
             Jsonb({"how": "door"}), Jsonb([["note", str(id), said]]), bytes(32)],
        )  # fmt: skip
        link.execute(JOB, [Jsonb({"line": str(id), "effect": "propose_needs"})])
        link.commit()

    return one


def main() -> None:
    """Work when told to, for as long as told."""
    one, seconds = {"acts": acts, "hand": hand}[sys.argv[1]](), float(sys.argv[2])
    for _ in range(WARM_UP):
        one()
    print("ready", flush=True)
    sys.stdin.readline()
    done, end, cpu = 0, time.perf_counter() + seconds, time.process_time()
    while time.perf_counter() < end:
        one()
        done += 1
    print(done, round(time.process_time() - cpu, 3), flush=True)


if __name__ == "__main__":
    main()
