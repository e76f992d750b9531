"""A slip of paper and its code: what it is made of, how long it lasts, and that nobody can guess it or shut its holder out."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lianfang.ground.ids import new_id
from lianfang.ground.refusals import Refused
from lianfang.rooms import messages
from lianfang.rooms.messages import codes, entering, queries
from lianfang.rooms.messages.models import Slip
from lianfang.rooms.messages.rules import expires
from lianfang.rooms.orders.models import Order
from lianfang.rooms.people.models import Resident
from tests import night
from tests.at_once import at_once
from tests.cast import DOOR, STORY, Cast
from tests.conftest import SERVER

pytestmark = pytest.mark.usefixtures("street")

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def issued(cast: Cast, name: str = "宁小松", **given: object) -> tuple[Slip, str]:
    """A slip, and the code that stands on it."""
    id = new_id()
    code = codes.code_for(id)
    with night.reading(cast.liu):
        who = Resident.objects.get(where=DOOR, name=name)
    said: dict[str, object] = {"resident": who, "digest": codes.digest_of(code)} | given
    messages.issue_slip.once(id)(DOOR, **said, by=cast.liu, at=STORY)  # type: ignore[arg-type]
    return night.get(Slip, id, cast.liu), code


def opens(code: str, at: datetime = STORY, address: str = "10.0.0.1") -> bool:
    return entering.try_code(code, address, at).digest is not None


# The code


def test_a_code_has_49_bits_of_signs_that_do_not_look_alike() -> None:
    assert len(codes.ALPHABET) == len(set(codes.ALPHABET)) == 31
    assert not set("01OIL") & set(codes.ALPHABET)
    assert codes.LENGTH * math.log2(len(codes.ALPHABET)) > 49
    many = [codes.code_for(new_id()) for _ in range(3_000)]
    assert len(set(many)) == 3_000
    for place in range(codes.LENGTH):
        seen = [one[place] for one in many]
        # Each sign is drawn a thirty-first of the time: 97 of 3,000, give or take six deviations.
        assert all(37 <= seen.count(sign) <= 157 for sign in codes.ALPHABET)


def test_a_code_is_read_as_people_type_it() -> None:
    code = codes.code_for(new_id())
    wanted = codes.digest_of(code)
    shown = codes.written(code)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    for typed in (
        code,
        shown,
        code.lower(),
        f" {shown} ",
        shown.replace("-", "—"),
        " ".join(code),
        wide,
        f"{wide}\n",
    ):
        assert codes.read(typed).digest == wanted, typed
        assert not codes.read(typed).scanned
    for other in ("", code[:-1], code + "A", "A" * 5_000, "\0", "二维码", "' OR 1=1", code[::-1]):
        assert codes.read(other).digest != wanted, other


def test_a_link_proves_that_it_was_printed_here() -> None:
    code = codes.code_for(new_id())
    link = codes.link_of(code)
    assert len(link) == 20 and codes.read(link) == (codes.digest_of(code), True)
    assert codes.read(link.lower()).scanned
    for forged in (link[:-1], link[:-1] + ("A" if link[-1] != "A" else "B"), code * 2, link + "A"):
        assert not codes.read(forged).scanned, forged
        assert codes.read(forged).digest != codes.digest_of(code)


def test_no_code_is_kept_anywhere(cast: Cast, street: str) -> None:
    """Neither the code nor its link stands in any column of any table, nor a hash of it that needs no key."""
    from hashlib import sha256

    slip, code = issued(cast)
    messages.withdraw_slip(slip, by=cast.li, at=STORY)
    open_hashes = [sha256(text.encode()).hexdigest() for text in (code, code.lower(), codes.written(code))]
    with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
        names = boss.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        for (name,) in names.fetchall():
            for (row,) in boss.execute(f'SELECT t::text FROM "{name}" t').fetchall():  # type: ignore[arg-type]
                for told in (code, code.lower(), codes.written(code), codes.link_of(code), *open_hashes):
                    assert told not in row, name


# How long


@pytest.mark.parametrize(
    ("release", "days"),
    [
        (None, 14),
        (STORY + 14 * DAY, 28),
        (STORY + 46 * DAY, 60),
        (STORY + 200 * DAY, 60),
        (STORY - 13 * DAY, 1),
    ],
)
def test_a_slip_lasts_two_weeks_past_the_release_and_sixty_days_at_most(
    cast: Cast, release: datetime | None, days: int
) -> None:
    assert expires(STORY, release) == STORY + timedelta(days=days)
    slip, code = issued(cast, release=release)
    assert slip.expires_at == STORY + timedelta(days=days)
    assert opens(code, slip.expires_at - timedelta(seconds=1))
    assert not opens(code, slip.expires_at)


def test_none_is_issued_for_what_is_long_over(cast: Cast) -> None:
    with pytest.raises(Refused):
        issued(cast, release=STORY - 14 * DAY)


def test_a_new_slip_puts_an_end_to_the_old_one_of_its_matter(cast: Cast) -> None:
    order, _notice = night.issued(cast)
    first, old = issued(cast, matter=order.matter)
    _other, alone = issued(cast)
    second, new = issued(cast, matter=order.matter)
    assert (opens(old), opens(new), opens(alone)) == (False, True, True)
    assert night.get(Slip, first.id, cast.liu).withdrawn_at == STORY
    third, again = issued(cast)
    assert (opens(alone), opens(new), opens(again)) == (False, True, True)
    with night.reading(cast.liu):
        assert queries.slips(DOOR, second.resident_id, STORY) == [third, second]


def test_two_desks_at_once_issue_one(cast: Cast) -> None:
    order, _notice = night.issued(cast)
    outcomes = at_once(*[lambda: issued(cast, matter=order.matter)] * 2)
    with night.reading(cast.liu):
        live = queries.slips(DOOR, night.ning(cast.liu).id, STORY)
    assert len(live) == 1
    assert all(isinstance(one, tuple | Refused) for one in outcomes), outcomes


def test_a_slip_that_is_withdrawn_is_dead_at_once(cast: Cast) -> None:
    slip, code = issued(cast)
    tried = entering.try_code(code, "10.0.0.1", STORY)
    assert tried.digest == slip.digest
    line = messages.withdraw_slip(slip, by=cast.li, at=STORY)
    assert line.kind == "slip.withdrawn"
    assert not opens(code)
    with transaction.atomic():
        assert entering.hold(slip.digest, STORY) is None
    with pytest.raises(Refused) as no:
        messages.withdraw_slip(slip, by=cast.liu, at=STORY)
    assert "21:40" in no.value.message


def test_who_issues_slips(cast: Cast) -> None:
    for role in (cast.guo, cast.sun, cast.he, cast.zhao, cast.zhou, cast.qian, cast.fang):
        with pytest.raises(Refused):
            messages.issue_slip(
                DOOR, resident=night.ning(cast.wang), digest=codes.digest_of("X"), by=role, at=STORY
            )


# Entering


def test_its_holder_is_the_resident_at_his_door(cast: Cast) -> None:
    order, _notice = night.issued(cast)
    slip, _code = issued(cast, matter=order.matter)
    with transaction.atomic():
        held = entering.hold(slip.digest, STORY + HOUR)
        assert held is not None
        who = held.actor
        assert (who.id, who.role, who.where, who.name, who.via) == (
            slip.resident_id, "resident", DOOR, "宁小松", "public"
        )  # fmt: skip
        assert (held.slip, held.matter, held.expires) == (slip.id, order.matter, slip.expires_at)
        assert [one.id for one in Order.objects.all()] == [order.id]
        assert {one.where for one in Resident.objects.all()} == {DOOR}
    assert not Order.objects.exists(), "what he saw ended with the transaction"


def test_before_anybody_is_anybody_one_row_is_seen(cast: Cast) -> None:
    """Presenting a hash shows its own slip, and nothing of any other table."""
    slip, _code = issued(cast)
    issued(cast, "曾兰")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.actor', %s, true)", [str(slip.digest)])
        assert [one.id for one in Slip.objects.all()] == [slip.id]
        assert not Resident.objects.exists() and not Order.objects.exists()
        cursor.execute("SELECT set_config('app.actor', %s, true)", [str(slip.resident_id)])
        assert not Slip.objects.exists(), "to know whose it is is not to have it"
    with transaction.atomic():
        assert not Slip.objects.exists()


def test_wrong_ended_and_withdrawn_go_one_way(cast: Cast) -> None:
    """The same answer, by the same statements: whoever guesses does not learn that a code was right once."""
    ended, old = issued(cast)
    withdrawn, gone = issued(cast, "曾兰")
    messages.withdraw_slip(withdrawn, by=cast.liu, at=STORY)
    told = {}
    for name, code in {
        "wrong": "K7M3QX9PAD",
        "ended": old,
        "withdrawn": gone,
        "none": "",
        "long": "A" * 9_999,
    }.items():
        with CaptureQueriesContext(connection) as said:
            told[name] = (entering.try_code(code, "10.0.0.9", ended.expires_at), len(said))
    assert set(told.values()) == {((None, None), 1)}


# Guessing


def guess(times: int, address: str, at: datetime = STORY) -> list[bool]:
    """Wrong codes from an address: whether each was looked at."""
    return [entering.try_code(f"K7M3Q{n:05}", address, at).wait is None for n in range(times)]


def test_ten_wrong_codes_in_a_quarter_of_an_hour_and_no_more(cast: Cast) -> None:
    slip, code = issued(cast)
    assert guess(13, "10.0.0.1") == [True] * 10 + [False] * 3
    tried = entering.try_code(code, "10.0.0.1", STORY)
    assert tried.digest is None and tried.wait == entering.WINDOW
    assert entering.try_code(code, "10.0.0.1", STORY + entering.WINDOW).digest == slip.digest


def test_the_holder_is_not_shut_out_by_somebody_who_guesses(cast: Cast) -> None:
    """From another address he types on; from the same one he scans. Nothing is ever counted on the slip."""
    _slip, code = issued(cast)
    guess(50, "10.0.0.1")
    assert opens(code, address="10.0.0.2")
    assert opens(codes.link_of(code), address="10.0.0.1")
    assert guess(1, "10.0.0.1") == [False], "a link that opens does not free the guesser"


def test_wrong_codes_are_bounded_overall_and_a_flood_elsewhere_leaves_three(cast: Cast, street: str) -> None:
    _slip, code = issued(cast)
    with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
        boss.execute("INSERT INTO lianfang_sliptries VALUES (-1, %s, %s)", [entering.TRIES_OF_ALL, STORY])
    assert guess(5, "10.0.0.1") == [True] * 3 + [False] * 2
    assert opens(code, address="10.0.0.2")
    assert guess(5, "10.0.0.1", STORY + entering.WINDOW) == [True] * 5


def test_guessing_at_once_is_counted_one_by_one(cast: Cast) -> None:
    outcomes = at_once(*[lambda: sum(guess(5, "10.0.0.1"))] * 4)
    assert sum(outcomes) == entering.TRIES


def test_the_count_is_small_and_tells_no_address(cast: Cast, street: str) -> None:
    groups = {entering.group_of(f"10.{n // 250}.{n % 250}.1") for n in range(20_000)}
    assert groups <= set(range(entering.GROUPS)) and len(groups) > 4_000
    assert entering.group_of("2001:db8::1") == entering.group_of("2001:db8::ffff"), "one household, one group"
    assert entering.group_of("2001:db8::1") != entering.group_of("2001:db8:0:1::1")
    assert entering.group_of("no address") == entering.group_of("")
    guess(2, "203.0.113.77")
    with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
        rows = boss.execute("SELECT id, wrong FROM lianfang_sliptries ORDER BY id").fetchall()
    assert rows == [(-1, 2), (entering.group_of("203.0.113.77"), 2)]


def test_what_two_months_of_guessing_would_find() -> None:
    """The bound that is promised (SECURITY.md): at the highest rate for as long as a slip may live, from every group of
    addresses at once, against a thousand slips."""
    windows = timedelta(days=60) / entering.WINDOW
    guesses = windows * (entering.TRIES_OF_ALL + entering.GROUPS * entering.TRIES_KEPT)
    assert guesses * 1_000 / 31**10 < 1.1e-4


def test_a_digest_is_no_code() -> None:
    assert isinstance(codes.digest_of("K7M3QX9PAD"), UUID)
    assert not codes.read(str(codes.digest_of("K7M3QX9PAD"))).scanned
