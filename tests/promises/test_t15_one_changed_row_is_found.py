"""T15: whatever is changed in a sealed log by somebody who owns the database, the verifier names the first line that is
wrong. What only a memory outside can know, a tail cut off or an old backup, it finds against a head kept outside."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import psycopg
import pytest
from django.db import connections

from lianfang.ground import clock, seals, verifying
from lianfang.ground.acts import reading, the_clock
from lianfang.ground.seals import Head
from lianfang.ground.verifying import Outside
from tests.cast import STORY
from tests.conftest import SERVER, _copy, _sql, use

from . import tampering
from .tampering import WAYS, Boss, Hand

CHAINS, LINES, BATCHES = 10, 1_000, 8
TIMES = 4
"""How often each way is tried, each time at another line of another chain."""
FILL = """
INSERT INTO lianfang_line (id, kind, about, matter, "where", also, by, role, at, written_at, via, rule, because, facts,
  changes, payload)
SELECT gen_random_uuid(), CASE n %% 3 WHEN 0 THEN 'note.written' WHEN 1 THEN 'verification.asked' ELSE 'care.marked' END,
  gen_random_uuid(), gen_random_uuid(), %(chain)s || CASE n %% 4 WHEN 0 THEN '' ELSE '.3.' || n || '.' END, ARRAY['110198001'],
  gen_random_uuid(), 'worker', %(at)s, %(at)s, 'desk', 'qinghe-14', CASE n %% 2 WHEN 0 THEN gen_random_uuid() END,
  jsonb_build_object('how', 'door', 'row', n),
  jsonb_build_array(jsonb_build_array('note', gen_random_uuid(), '{"text": "#x"}'::jsonb)),
  decode(md5(n::text) || md5('b' || n), 'hex')
FROM generate_series(1, %(rows)s) n
"""
copy_of = contextmanager(_copy)


def boss_of(database: str) -> Boss:
    return psycopg.connect(SERVER.superuser_url, dbname=database, autocommit=True)


def fill(database: str, rows: int, turn: int) -> None:
    """So many lines more in each chain, and sealed."""
    at = STORY + timedelta(minutes=turn)
    with boss_of(database) as boss:
        for chain in chains():
            boss.execute(FILL, {"chain": chain, "rows": rows, "at": at})
    seals.write(at, batch=rows * 3 + 7)


def chains() -> list[str]:
    return [f"1101980050{number:02}" for number in range(1, CHAINS + 1)]


@dataclass
class Log:
    """The template of ten thousand sealed lines; the heads somebody keeps outside, as they were half-way and at the end."""

    name: str
    early: list[Head]
    heads: list[Head]


def outside(heads: list[Head]) -> list[Outside]:
    """Heads as they were printed and typed in again."""
    return verifying.outside("\n".join(head.text for head in heads))


@pytest.fixture(scope="module")
def log(street_template: str) -> Log:
    _sql(f"CREATE DATABASE ten_thousand TEMPLATE {street_template}")
    use("ten_thousand")
    clock.move_to(STORY)
    early: list[Head] = []
    for turn in range(BATCHES):
        fill("ten_thousand", LINES // BATCHES, turn)
        if turn == BATCHES // 2:
            early = heads()
    late = heads()
    clock.move_to(None)
    connections.close_all()
    return Log("ten_thousand", early, late)


def heads() -> list[Head]:
    with reading(the_clock()):
        return seals.heads_under("1101980050")


def seed() -> Random:
    """The dice of this run, said aloud; LIANFANG_SEED throws them again."""
    given = os.environ.get("LIANFANG_SEED") or secrets.token_hex(4)
    print(f"LIANFANG_SEED={given}")
    return Random(given)


def test_an_untouched_log_is_sound(log: Log) -> None:
    with copy_of(log.name):
        report = verifying.verify(heads=outside(log.heads) + outside(log.early))
    assert report.wrong == []
    assert report.lines > CHAINS * LINES
    assert report.waiting == 0


def test_two_hundred_tamperings_are_named_each_by_its_first_line(log: Log) -> None:
    """A way for each chain, then verify: ten at a time, for the verifier names the first wrong line of every chain."""
    dice = seed()
    todo = [way for _ in range(TIMES) for way in dice.sample(sorted(WAYS), len(WAYS))]
    named, total = 0, len(todo)
    while todo:
        with copy_of(log.name) as database:
            wrong = {}
            with boss_of(database) as boss:
                for chain, way in zip(
                    chains(), [todo.pop() for _ in range(min(CHAINS, len(todo)))], strict=False
                ):
                    n = dice.randrange(LINES // 4, LINES * 3 // 4)
                    wrong[chain] = (way, n, WAYS[way](Hand(boss, chain, n)))
            found = {one.chain: one for one in verifying.verify().wrong}
            for chain, (way, n, first) in wrong.items():
                assert chain in found, f"{way} at {chain} #{n}: not found"
                assert found[chain].n == first, f"{way} at {chain} #{n}: {found[chain]}, not #{first}"
                named += 1
    assert named == total >= 200


def test_a_tail_cut_off_is_found_against_a_head_from_outside(log: Log) -> None:
    """Lines, counterfoils and seals of the end are gone together: within the database nothing is wrong."""
    with copy_of(log.name) as database:
        (chain, *others), known = chains(), outside(log.heads)
        with boss_of(database) as boss:
            hand = Hand(boss, chain, next(one.lines for one in log.heads if one.chain == chain))
            kept = tampering.cut_the_tail(hand) - 1
        assert verifying.verify().wrong == []
        (found,) = verifying.verify(heads=known).wrong
        assert (found.chain, found.n, found.until, found.what) == (chain, kept + 1, hand.n, "shorter")
        assert verifying.verify(heads=[one for one in known if one.chain in others]).wrong == []


def old_backup(database: str, chain: str) -> int:
    """Put an old backup in place, of one chain: how many lines it has."""
    with boss_of(database) as boss:
        return tampering.cut_the_tail(Hand(boss, chain, LINES * 3 // 4 + 1)) - 1


def test_an_old_backup_is_found_against_a_head_from_outside(log: Log) -> None:
    with copy_of(log.name) as database:
        kept = {chain: old_backup(database, chain) for chain in chains()}
        assert verifying.verify().wrong == []
        found = {one.chain: (one.n, one.what) for one in verifying.verify(heads=outside(log.heads)).wrong}
        assert found == {chain: (last + 1, "shorter") for chain, last in kept.items()}


def test_an_old_backup_that_was_written_on_is_found_too(log: Log) -> None:
    """Work goes on in the old backup until it has as many lines as before, sealed with the true key. Of two heads from
    outside the early one still fits: the first wrong line lies between them."""
    with copy_of(log.name) as database:
        for chain in chains():
            old_backup(database, chain)
        fill(database, LINES, BATCHES + 1)
        assert verifying.verify().wrong == []
        known = outside(log.heads) + outside(log.early)
        found = {one.chain: one for one in verifying.verify(heads=known).wrong}
        for early, late in zip(log.early, log.heads, strict=True):
            one = found[early.chain]
            assert (one.n, one.until, one.what) == (early.lines + 1, late.lines, "other")


def test_a_chain_that_is_gone_is_found_against_a_head_from_outside(log: Log) -> None:
    with copy_of(log.name) as database:
        (chain, *_others) = chains()
        with boss_of(database) as boss:
            tampering.cut_the_tail(Hand(boss, chain, 1))
        assert verifying.verify().wrong == []
        (found,) = verifying.verify(heads=outside(log.heads)).wrong
        assert (found.chain, found.n, found.what) == (chain, 1, "shorter")


def test_whoever_has_the_signing_key_is_found_against_a_head_from_outside(log: Log) -> None:
    """A compromised server can chain and sign anew; it cannot change the paper the head was printed on."""
    with copy_of(log.name) as database:
        (chain, *_others) = chains()
        with boss_of(database) as boss:
            tampering.chain_and_sign_as_ours(Hand(boss, chain, 700))
        assert verifying.verify().wrong == []
        (found,) = verifying.verify(heads=outside(log.heads) + outside(log.early)).wrong
        assert (found.chain, found.what) == (chain, "other")
        early, late = (next(one for one in some if one.chain == chain) for some in (log.early, log.heads))
        assert early.lines < 700
        assert (found.n, found.until) == (early.lines + 1, late.lines)


def test_a_verifier_that_believes_signatures_is_found_out(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: signatures are not checked. Then a log that was chained anew passes, and this test would know."""
    with copy_of(log.name) as database:
        with boss_of(database) as boss:
            tampering.chain_anew(Hand(boss, chains()[0], 500))
        assert verifying.verify().wrong
        monkeypatch.setattr(verifying, "signed", lambda *_given: True)
        assert not verifying.verify().wrong
