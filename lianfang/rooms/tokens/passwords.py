"""Signing in and entering: who an account is, under which posting, told to the database in one statement.

Failed tries are counted on the account, so that guessing is slow; that count is the one thing written here without an
act, for nobody has entered yet and it says nothing of a person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from lianfang.ground.acts import Actor
from lianfang.rooms.people.models import Account
from lianfang.rooms.people.roles import actor

TRIES, WINDOW = 10, timedelta(minutes=15)
"""After ten failed tries an account waits until a quarter of an hour has passed since the last one."""

ENTER = """
CREATE OR REPLACE FUNCTION lianfang_enter(the_account uuid, at timestamptz, chosen uuid)
RETURNS TABLE (worker uuid, name text, title text, password text, posting uuid, role text, place text, unit uuid)
LANGUAGE plpgsql AS $$
DECLARE a record; first boolean := true;
BEGIN
  SELECT acc.worker, acc.password INTO a FROM lianfang_account acc WHERE acc.id = the_account AND acc.is_active;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('app.actor', a.worker::text, true);
  FOR posting, role, place, unit, name, title IN
    SELECT p.id, p.role, p."where", p.unit_id, w.name, w.title
    FROM lianfang_posting p JOIN lianfang_worker w ON w.id = p.worker_id
    WHERE p.worker_id = a.worker AND p.since <= at AND (p.until IS NULL OR p.until > at)
    ORDER BY (p.id = chosen) DESC NULLS LAST, p.since, p.id
  LOOP
    worker := a.worker; password := a.password;
    IF first THEN PERFORM set_config('app.scope', '@' || place, true); first := false; END IF;
    RETURN NEXT;
  END LOOP;
END $$;
"""


class PostingChoice(NamedTuple):
    """One of a worker's postings."""

    posting: UUID
    role: str
    where: str


@dataclass(frozen=True)
class Entered:
    """Somebody who has entered: the actor of his chosen posting, and the other postings he could choose."""

    actor: Actor
    title: str
    fingerprint: str
    postings: tuple[PostingChoice, ...]


def enter(account: UUID, at: datetime, chosen: UUID | None = None, via: str = "desk") -> Entered | None:
    """Enter as an account; None if it is closed or has no posting now. Inside a transaction the database then knows the
    actor and his scope until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM lianfang_enter(%s, %s, %s)", [account, at, chosen])
        found = cursor.fetchall()
    if not found:
        return None
    worker, name, title, password, posting, role, place, unit = found[0]
    return Entered(
        actor(worker, role, place, name, unit, posting).by_way_of(via),
        title,
        fingerprint(password),
        tuple(PostingChoice(row[4], row[5], row[6]) for row in found),
    )


def fingerprint(password_hash: str) -> str:
    """Changes when the password does: a session that holds another one is over."""
    return salted_hmac("lianfang.session", password_hash, algorithm="sha256").hexdigest()


class SignedIn(NamedTuple):
    """What came of a try: the account and its fingerprint, or how long to wait."""

    account: UUID | None
    fingerprint: str = ""
    wait: timedelta | None = None


def sign_in(name: str, password: str, at: datetime) -> SignedIn:
    """Try a name and a password. The answer takes as long and says the same whether the name exists or not."""
    found = Account.objects.filter(name=name, is_active=True).first()
    if found is None:
        make_password(password)
        return SignedIn(None)
    if found.failures >= TRIES and found.failed_at and at - found.failed_at < WINDOW:
        return SignedIn(None, wait=WINDOW - (at - found.failed_at))
    if not check_password(password, found.password):
        stale = found.failed_at is None or at - found.failed_at >= WINDOW
        Account.objects.filter(pk=found.pk).update(failures=1 if stale else F("failures") + 1, failed_at=at)
        return SignedIn(None)
    if found.failures:
        Account.objects.filter(pk=found.pk).update(failures=0, failed_at=None)
    return SignedIn(found.pk, fingerprint(found.password))


def same(one: str, other: str) -> bool:
    """Compare two fingerprints without telling by time where they differ."""
    return constant_time_compare(one, other)


def account_named(name: str) -> Account | None:
    """The account with this sign-in name."""
    found: Account | None = Account.objects.filter(name=name, is_active=True).first()
    return found
