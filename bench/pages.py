"""Pages and acts as a street grows: the building stack of 1,080 doors; today, a household and an act where ten thousand people
live and where a million do. ``python -m bench.pages stack|today|household|rows`` says how many a second.

The two sizes are two databases of one server, measured in turns: the floor of the large one is the small one. What is filled in
is written past the application; the pages do not mind how it came. Each community is like every other: 2,500 people behind
1,080 doors, ten under observation with their checks, some notes, promises, needs and tickets, and lines."""

from __future__ import annotations

import gzip
import os
import sys
import time
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from .stage import Stage

SMALL = "small"
FEW, MANY = 4, 400
"""Communities: ten thousand people and ten thousand lines, a million people and three million lines."""
NAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
LINES = {FEW: 10_000, MANY: 3_000_000}
HOME = "110198001001"
TIMES = 15
PATHS = {"stack": "/stack", "today": "/", "household": "/h/3-2-402"}

PLACES = """
CREATE TEMP TABLE here AS SELECT '110198' || lpad((1 + n / 20)::text, 3, '0') || lpad((1 + n % 20)::text, 3, '0') AS code
  FROM generate_series({since}, {until} - 1) n;
INSERT INTO lianfang_building (id, "where", matter, number, plan)
  SELECT gen_random_uuid(), code || '.' || b || '.', gen_random_uuid(), b::text, '{{}}' FROM here, generate_series(1, 15) b
  ON CONFLICT DO NOTHING;
INSERT INTO lianfang_door (id, "where", matter, building_id, unit, floor, number)
  SELECT gen_random_uuid(), one."where" || u || '.' || f || '0' || d || '.', gen_random_uuid(), one.id, u::text, f, f || '0' || d
  FROM lianfang_building one JOIN here ON left(one."where", 12) = code, generate_series(1, 4) u, generate_series(1, 6) f,
    generate_series(1, 3) d ON CONFLICT DO NOTHING;
INSERT INTO lianfang_household (id, "where", matter, tenure)
  SELECT gen_random_uuid(), one."where", gen_random_uuid(), CASE WHEN random() < .1 THEN 'rented' ELSE 'owned' END
  FROM lianfang_door one JOIN here ON left(one."where", 12) = code ON CONFLICT DO NOTHING;
CREATE TEMP TABLE living AS SELECT gen_random_uuid() AS id, home.id AS home, home."where", n
  FROM lianfang_household home JOIN here ON left(home."where", 12) = code, generate_series(1, 3) n
  WHERE n < 3 OR abs(hashtext(home."where")) % 100 < 32;
INSERT INTO lianfang_resident (id, "where", matter, also, name, sex, keys)
  SELECT id, "where", id, '{{}}',
    substr('{names}', 1 + abs(hashtext("where")) % 40, 1) || '家' || n, 'unknown', 'zh' || n || ' zhuhu' FROM living;
INSERT INTO lianfang_stay (id, "where", matter, resident_id, household_id, relation, remark)
  SELECT gen_random_uuid(), "where", id, id, home, CASE n WHEN 1 THEN 'head' ELSE 'other' END, '' FROM living;
"""
FURTHER = """
INSERT INTO lianfang_caremark (id, "where", matter, resident_id, kind, note)
  SELECT gen_random_uuid(), "where", id, id, 'aged', '' FROM living WHERE n = 2 AND abs(hashtext("where")) % 10 = 0;
CREATE TEMP TABLE bound AS SELECT gen_random_uuid() AS id, id AS resident, "where", nth, now()::date - nth AS first,
    gen_random_uuid() AS matter
  FROM (SELECT id, "where", row_number() OVER (PARTITION BY left("where", 12) ORDER BY id)::int AS nth FROM living) one
  WHERE nth <= 10;
INSERT INTO lianfang_order (id, "where", matter, resident_id, authority, authority_where, authority_level, clause, ruling, reason,
    considered, measure, days, first_day, last_day, release_due, remedy, state, issued_at, issued_by, issued_name, weighed,
    review, review_rule)
  SELECT id, "where", matter, resident, '街道', left("where", 9), 'street', '', gen_random_uuid(), '理由', '[]',
    'home_observation', 14, first, first + 14, (first + 15)::timestamptz, '可以复议', 'served', first::timestamptz,
    gen_random_uuid(), '某', '{{}}', '', '' FROM bound;
INSERT INTO lianfang_notice (id, "where", matter, order_id, issuer, year, serial, number, state, how, proof, proof_words, to_whom,
    refused_words, witness)
  SELECT gen_random_uuid(), "where", matter, id, left("where", 9), 1900 + row_number() OVER ()::int, {since} + 1, '1',
    'served', 'paper', 'signed', '', 'himself', '', '' FROM bound;
INSERT INTO lianfang_check (id, "where", matter, order_id, day, half, opens_at, due_at, state, further, late, symptoms, how,
    taken_at, taken_name, temperature)
  SELECT gen_random_uuid(), "where", matter, id, day, half, at, at + interval '12 hours',
    CASE WHEN at > now() - interval '12 hours' THEN 'due' WHEN (day + nth) % 9 = 0 THEN 'missed' ELSE 'done' END, false, false,
    '{{}}', 'phone', at + interval '1 hour', '某', 36.5
  FROM bound, generate_series(1, 14) day, (VALUES ('am', 0), ('pm', 12)) h(half, hour),
    LATERAL (SELECT (first + day)::timestamptz + hour * interval '1 hour' AS at) t;
INSERT INTO lianfang_note (id, "where", matter, how, text, noted_at)
  SELECT gen_random_uuid(), "where", matter, 'door', '问：家里还缺什么？答：米够吃一周，药要续。' || day, first::timestamptz
  FROM bound, generate_series(1, 5) day;
INSERT INTO lianfang_promise (id, "where", matter, note_id, what, due, owner, owner_name, state, kept_words)
  SELECT gen_random_uuid(), bound."where", bound.matter, note.id, '回电话', now() + nth * interval '1 hour', gen_random_uuid(),
    '某', 'open', '' FROM bound JOIN LATERAL
    (SELECT id FROM lianfang_note one WHERE one.matter = bound.matter LIMIT 1) note ON true;
INSERT INTO lianfang_need (id, "where", matter, kind, item, quantity, unit, rough, words, state, owner_name, asked_at, met_words,
    dropped_why)
  SELECT gen_random_uuid(), "where", matter, 'food', '菜', 5, 'jin', false, '', 'proposed', '', now(), '', '' FROM bound
  WHERE nth <= 5;
INSERT INTO lianfang_ticket (id, "where", matter, also, copied, day, serial, number, channel, outside_no, type, category, words,
    caller_name, door, level, received_at, due, lapsed, state, handlers, handler_name, answer, call_backs, call_back_words,
    closed_why, reopened_why)
  SELECT gen_random_uuid(), left("where", 9), matter, ARRAY[left("where", 12)], left("where", 6), date '1900-01-01' + nth,
    {since} + row_number() OVER ()::int, '1', 'phone', '', 'help', 'supplies', '要菜', '', "where", '7d', now(),
    now() + nth * interval '3 hours', false, 'lodged', '{{}}', '', '', 0, '', '', '' FROM bound WHERE nth <= 5;
"""
NOTEBOOK = """
INSERT INTO lianfang_line (id, kind, about, matter, "where", also, by, role, at, written_at, via, rule, because, facts, changes,
    payload)
  SELECT (lpad(to_hex(1580000000000 + n), 12, '0') || '7000' || '8' || substr(md5(n::text), 1, 15))::uuid,
    (ARRAY['note.written', 'check.recorded', 'verification.asked', 'ticket.called'])[1 + n % 4], md5('a' || n)::uuid,
    md5('m' || n / 6)::uuid, code || '.' || 1 + n % 15 || '.' || 1 + n % 4 || '.' || 1 + n % 6 || '0' || 1 + n % 3 || '.', '{{}}',
    md5('w' || n % 5000)::uuid, 'worker', at, at, 'desk', '', NULL, '{{"how": "door"}}',
    '[["note", "0", {{"how": "door", "text": "#0123456789abcdef0123456789abcdef"}}]]',
    decode(md5(n::text) || md5('b' || n), 'hex')
  FROM generate_series({since}, {until} - 1) n, LATERAL (SELECT
    '110198' || lpad((1 + n % {places} / 20)::text, 3, '0') || lpad((1 + n % 20)::text, 3, '0') AS code,
    now() - interval '60 days' + n * interval '1 second' AS at) t
"""


def fill(on: Stage, database: str, since: int, until: int) -> None:
    """Communities from one number to another, with all that happens in them, and so many lines in all."""
    with psycopg.connect(on.database.superuser_url, dbname=database, autocommit=True) as boss:
        boss.execute("SET synchronous_commit = off")
        for statement in filter(
            str.strip, (PLACES + FURTHER).format(since=since, until=until, names=NAMES).split(";\n")
        ):
            boss.execute(statement)
        first, last = LINES.get(since, 0), LINES[until]
        for begin in range(first, last, 100_000):
            end = min(begin + 100_000, last)
            boss.execute(NOTEBOOK.format(since=begin, until=end, places=until))
        boss.execute("VACUUM ANALYZE")
        boss.execute("CHECKPOINT")


def beside(on: Stage, database: str) -> Stage:
    """The same stage on another database of its server."""
    from .stage import Stage as Made

    other = Made(on.home, on.database)
    for name in ("LIANFANG_DATABASE_URL", "LIANFANG_OWNER_URL"):
        before, slash, after = other.env[name].partition("?")[0].rpartition("/")
        query = other.env[name].partition("?")[2]
        assert after == "lianfang", other.env[name]
        other.env[name] = f"{before}{slash}{database}" + (f"?{query}" if query else "")
    return other


def said(on: Stage, what: str) -> list[float]:
    """What the measuring process says: how many a second; statements; bytes, compressed."""
    return [float(one) for one in on.run("bench.pages", what).split()[-3:]]


def rows(on: Stage, rounds: int, in_turns: Any, direct: Any, seconds: float) -> list[dict[str, Any]]:
    """The rows of the table."""
    with psycopg.connect(on.database.superuser_url, dbname="postgres", autocommit=True) as boss:
        boss.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'lianfang' AND pid <> pg_backend_pid()"
        )
        boss.execute(f"CREATE DATABASE {SMALL} TEMPLATE lianfang")
    fill(on, SMALL, 0, FEW)
    fill(on, "lianfang", 0, FEW)
    small, found = beside(on, SMALL), []
    costs = said(small, "stack")
    page, fetched = in_turns(
        rounds, lambda: 1000 / said(small, "stack")[0], lambda: 1000 / said(small, "rows")[0]
    )
    size = f"{costs[2] / 1000:.1f} KB compressed (goal <= 60)"
    note = f"1,080 doors, 2,500 people; {size}, {costs[1]:.0f} statements; floor: its rows fetched"
    found.append(_row("stack", page, fetched, "<= 300 ms", "ms", note))
    fill(on, "lianfang", FEW, MANY)
    for name in ("today", "household"):
        few, many = said(small, name)[1], said(on, name)[1]
        less, more = in_turns(
            rounds, lambda n=name: 1000 / said(small, n)[0], lambda n=name: 1000 / said(on, n)[0]
        )
        note = f"{many:.0f} statements (at ten thousand {few:.0f}); a million people; floor: the same at ten thousand"
        found.append(_row(name, more, less, "ratio <= 1.2", "ms", note))
    less, more = in_turns(
        rounds,
        lambda: 1000 / direct(small, "acts", 1, seconds),
        lambda: 1000 / direct(on, "acts", 1, seconds),
    )
    note = "notes.write, 1 client; floor: the same at ten thousand lines"
    found.append(_row("act at 3 million lines", more, less, "ratio <= 1.2", "ms", note))
    return found


def _row(name: str, ours: list[float], floor: list[float], goal: str, unit: str, note: str) -> dict[str, Any]:
    value, least = median(ours), median(floor)
    return {
        "name": name, "value": round(value, 1), "unit": unit, "floor": round(least, 1), "ratio": round(value / least, 3),
        "goal": goal, "note": note,
    }  # fmt: skip


def _pages(what: str) -> tuple[float, float, float]:
    """A page asked again and again within this process, as 王秀英 reads it; the fastest counts, for whatever else the machine
    does only makes it slower."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.cast import PASSWORD

    window = Client(headers={"host": "127.0.0.1"})
    answer = window.post("/sign-in", {"username": "wang", "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    path = PATHS[what]
    for _warm in range(3):
        assert window.get(path).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        answer = window.get(path)
    statements, took = len(asked), []
    for _time in range(TIMES):
        began = time.perf_counter()
        window.get(path)
        took.append(time.perf_counter() - began)
    return 1 / min(took), statements, len(gzip.compress(answer.content, 6))


def _rows() -> tuple[float, float, float]:
    """The doors and the people of the stack, fetched by hand."""
    asked = (
        'SELECT "where", unit, floor, number FROM lianfang_door WHERE "where" >= %s AND "where" < %s',
        'SELECT "where", tenure FROM lianfang_household WHERE "where" >= %s AND "where" < %s',
        'SELECT one."where", name, relation FROM lianfang_stay one JOIN lianfang_resident who ON who.id = resident_id'
        ' WHERE until IS NULL AND one."where" >= %s AND one."where" < %s',
    )
    took = []
    with psycopg.connect(os.environ["LIANFANG_DATABASE_URL"]) as link:
        link.execute("SELECT set_config('app.scope', %s, true)", [f"@{HOME}"])
        for _time in range(TIMES):
            began = time.perf_counter()
            found = [len(link.execute(one, [HOME, f"{HOME}~"]).fetchall()) for one in asked]
            took.append(time.perf_counter() - began)
            assert found[0] >= 1080, found
    return 1 / min(took), len(asked), 0


if __name__ == "__main__":
    print(*(_rows() if sys.argv[1] == "rows" else _pages(sys.argv[1])))
