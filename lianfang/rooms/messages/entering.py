"""Entering with a slip: trying a code, and being the resident it was issued for, told to the database in one statement.

Before anybody is anybody, row-level security shows one row only: the slip whose hash is presented in place of an actor's
id. A code that is wrong, a slip that has ended and one that was withdrawn take the same way and get the same answer.

Wrong codes are counted, in groups of addresses and overall, and never on a slip: nobody can lock its holder out. The count
is written in the database's own function, without an act, for nobody has entered and it says nothing of a person.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.crypto import salted_hmac

from lianfang.ground.acts import Actor
from lianfang.rooms.people.roles import actor

from . import codes

WINDOW = timedelta(minutes=15)
TRIES, TRIES_OF_ALL, TRIES_KEPT = 10, 2_000, 3
"""In a quarter of an hour a group of addresses has ten wrong codes, all together two thousand; when those are used up, a
group still has its first three, so that a flood from elsewhere does not shut the door. A scanned link is never counted."""

GROUPS = 4_096
"""Addresses are kept apart by so many groups, under a key: the table stays small, and an address cannot be told from it."""

TRY = f"""
CREATE OR REPLACE FUNCTION lianfang_try_slip(code uuid, place integer, at timestamptz, scanned boolean)
RETURNS TABLE (opens boolean, wait interval)
LANGUAGE plpgsql AS $$
DECLARE
  span CONSTANT interval := interval '{WINDOW.total_seconds():.0f} seconds';
  own integer; everybody integer; begun timestamptz;
BEGIN
  IF NOT scanned THEN
    INSERT INTO lianfang_sliptries (id, wrong, since) VALUES (-1, 0, at), (place, 0, at) ON CONFLICT (id) DO NOTHING;
    PERFORM 1 FROM lianfang_sliptries t WHERE t.id IN (-1, place) ORDER BY t.id FOR UPDATE;
    UPDATE lianfang_sliptries t SET wrong = 0, since = at WHERE t.id IN (-1, place) AND t.since + span <= at;
    SELECT t.wrong, t.since, a.wrong INTO own, begun, everybody
      FROM lianfang_sliptries t, lianfang_sliptries a WHERE t.id = place AND a.id = -1;
    IF own >= {TRIES} OR (everybody >= {TRIES_OF_ALL} AND own >= {TRIES_KEPT}) THEN
      RETURN QUERY SELECT false, greatest(begun + span - at, interval '1 minute');
      RETURN;
    END IF;
  END IF;
  PERFORM set_config('app.actor', code::text, true);
  SELECT EXISTS (SELECT 1 FROM lianfang_slip s WHERE s.digest = code AND s.withdrawn_at IS NULL AND s.expires_at > at)
    INTO opens;
  PERFORM set_config('app.actor', '', true);
  IF NOT opens AND NOT scanned THEN
    UPDATE lianfang_sliptries t SET wrong = t.wrong + 1 WHERE t.id IN (-1, place);
  END IF;
  RETURN NEXT;
END $$;
"""  # noqa: S608 - numbers of ours

HOLD = """
CREATE OR REPLACE FUNCTION lianfang_hold_slip(code uuid, at timestamptz)
RETURNS TABLE (slip uuid, resident uuid, place text, matter uuid, expires timestamptz, name text)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.actor', code::text, true);
  SELECT s.id, s.resident_id, s."where", s.matter, s.expires_at INTO slip, resident, place, matter, expires
    FROM lianfang_slip s WHERE s.digest = code AND s.withdrawn_at IS NULL AND s.expires_at > at;
  IF slip IS NULL THEN
    PERFORM set_config('app.actor', '', true);
    RETURN;
  END IF;
  PERFORM set_config('app.actor', resident::text, true), set_config('app.scope', '@' || place, true);
  SELECT r.name INTO name FROM lianfang_resident r WHERE r.id = resident;
  RETURN NEXT;
END $$;
"""


class Tried(NamedTuple):
    """What came of a code: the hash to hold on to if it opens a page, or how long to wait before the next."""

    digest: UUID | None
    wait: timedelta | None = None


class Holder(NamedTuple):
    """Who holds a slip: the resident as an actor at his door, the matter it is for, and when it ends."""

    actor: Actor
    slip: UUID
    matter: UUID
    expires: datetime


def try_code(text: str, address: str, at: datetime) -> Tried:
    """Try what somebody typed or scanned, from a network address. One statement, whatever comes of it."""
    read = codes.read(text)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM lianfang_try_slip(%s, %s, %s, %s)",
            [read.digest, group_of(address), at, read.scanned],
        )
        opens, wait = cursor.fetchone()
    return Tried(read.digest if opens else None, wait)


def hold(digest: UUID, at: datetime) -> Holder | None:
    """Be the resident a slip was issued for, until the transaction ends; None if it has ended or was withdrawn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM lianfang_hold_slip(%s, %s)", [digest, at])
        found = cursor.fetchone()
    if found is None:
        return None
    slip, resident, place, matter, expires, name = found
    return Holder(actor(resident, "resident", place, name or "").by_way_of("public"), slip, matter, expires)


def group_of(address: str) -> int:
    """The group a network address is counted in; of the newer addresses by the network, which one household has."""
    try:
        known = ip_address(address)
    except ValueError:
        network = "unknown"
    else:
        packed = known.packed[:8] if isinstance(known, IPv6Address) else known.packed
        network = packed.hex()
    return (
        int.from_bytes(salted_hmac("lianfang.slip.group", network, algorithm="sha256").digest()[:2]) % GROUPS
    )
