"""A brief of a busy street: how long it takes from the lines to the sheet, the A4 and the picture. ``python -m bench.briefs
brief|lines`` says how many a second.

The floor of ``brief`` is to fetch the same lines and count none of them."""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from .stage import Stage

STREET, DAY = "110198005", date(2020, 2, 27)
TIMES = 3
FILL = """
INSERT INTO lianfang_line (id, kind, about, matter, "where", also, by, role, at, written_at, via, rule, because, facts,
  changes, payload)
SELECT CASE WHEN {ends} THEN gen_random_uuid() ELSE thing END, '{kind}', thing, thing,
  CASE WHEN {shared} THEN '{street}' ELSE community || '.3.2.402.' END, CASE WHEN {shared} THEN ARRAY[community] ELSE '{{}}' END,
  gen_random_uuid(), 'worker', moment, moment, 'desk', '', NULL, '{facts}', '[]', decode(md5(n::text) || md5('b' || n), 'hex')
FROM (SELECT n, md5('{thing}' || n)::uuid AS thing, '{street}00' || n % 5 + 1 AS community,
        timestamptz '2020-02-27 08:00+08' - (n % {hours} + {since}) * interval '1 hour' AS moment
      FROM generate_series(1, {many}) n) AS those
"""
LINES = (
    # kind, the thing it is about, how many, over so many hours, ending so many hours ago, facts, shared with a community
    ("order.issued", "o", 4_000, 800, 100, '{"last_day": "2020-02-28"}', False),
    ("order.released", "o", 3_000, 90, 0, '{"number": "1"}', False),
    ("check.recorded", "c", 28_000, 330, 0, '{"half": "am"}', False),
    ("check.missed", "m", 800, 330, 0, '{"half": "pm"}', False),
    ("ticket.lodged", "t", 6_000, 700, 40, '{"due": "2020-02-27T18:00:00+08:00"}', True),
    ("ticket.called", "k", 6_000, 330, 0, '{"calls": 2}', True),
    ("ticket.answered", "t", 5_500, 39, 0, '{"in_time": true}', True),
    ("note.written", "n", 10_000, 330, 0, '{"how": "door"}', False),
    ("need.confirmed", "d", 1_000, 330, 20, '{"need": "food", "quantity": "20", "unit": "jin"}', False),
    ("aid.delivered", "e", 2_000, 330, 0, '{"quantity": "10", "unit": "jin", "yuan": "150"}', False),
)


def fill(on: Stage) -> None:
    """The lines of a street of five communities, written past the application: the figures do not mind how they came."""
    with psycopg.connect(on.database.superuser_url, dbname="lianfang", autocommit=True) as boss:
        for kind, thing, many, hours, since, facts, shared in LINES:
            boss.execute(
                FILL.format(
                    kind=kind, thing=thing, many=many, hours=hours, since=since, facts=facts, shared=shared, street=STREET,
                    ends=kind.endswith(("released", "answered")),
                )  # type: ignore[arg-type]
            )  # fmt: skip
        boss.execute("VACUUM ANALYZE lianfang_line")


def rate(on: Stage, what: str) -> float:
    """How many a second."""
    return float(on.run("bench.briefs", what).split()[-1])


def rows(on: Stage, rounds: int, row: Any, in_turns: Any) -> list[dict[str, Any]]:
    """The row of the table."""
    fill(on)
    fetched, done = in_turns(rounds, lambda: rate(on, "lines"), lambda: rate(on, "brief"))
    took = sorted(1 / each for each in done)[len(done) // 2]
    many = sum(one[2] for one in LINES)
    note = f"{took:.2f} s each (goal <= 5): {many} lines, sheet, A4, picture; floor: the lines fetched"
    return [row("brief", done, fetched, 0.15, "a second", note)]


def _brief() -> float:
    """From the lines to the picture, each time anew."""
    import django

    django.setup()
    from lianfang.ground.acts import reading
    from lianfang.ground.ids import new_id
    from lianfang.reports import brief as briefs
    from lianfang.reports import figures, paper
    from lianfang.rooms.briefs.models import Brief
    from lianfang.rooms.people.roles import installer

    def one(number: int) -> None:
        brief = Brief(id=new_id(), where=STREET, day=DAY, year=2020, number=number, state="published")
        with reading(installer(STREET)):
            counted = figures.figures(STREET, DAY)
            assert counted.values["in_force"] == 1000, counted.values
            sheet = briefs.sheet(brief, counted)
        assert paper.pdf(sheet)[:4] == b"%PDF"
        assert len(paper.picture(sheet)) < 500 * 1024

    one(0)
    began = time.perf_counter()
    for number in range(TIMES):
        one(number + 1)
    return TIMES / (time.perf_counter() - began)


def _lines() -> float:
    """The same lines, fetched by hand."""
    asked = (
        'SELECT id, kind, about, matter, "where", also, at, written_at, xact, facts FROM lianfang_line'
        ' WHERE "where" >= %s AND "where" < %s'
    )
    with psycopg.connect(os.environ["LIANFANG_DATABASE_URL"]) as link:
        began = time.perf_counter()
        for _ in range(TIMES):
            link.execute("SELECT set_config('app.scope', %s, true)", [f"@{STREET}"])
            found = link.execute(asked, [STREET, f"{STREET}~"]).fetchall()
            assert len(found) >= sum(one[2] for one in LINES)
        return TIMES / (time.perf_counter() - began)


if __name__ == "__main__":
    print({"brief": _brief, "lines": _lines}[sys.argv[1]]())
