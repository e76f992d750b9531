"""Coming in by a token: whose it is, told to the database in one statement, before anybody is anybody.

When it was last shown is the one thing written here without an act, at most once in a quarter of an hour, and never
waited for: it says nothing of a person.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from lianfang.ground.acts import Actor
from lianfang.rooms.people.roles import actor

from .rules import digest_of, is_token

ENTER = """
CREATE OR REPLACE FUNCTION lianfang_enter_by_token(the_digest text, at timestamptz)
RETURNS TABLE (token uuid, actor uuid, name text, role text, place text, unit uuid, posting uuid, ends timestamptz)
LANGUAGE plpgsql AS $$
DECLARE k record; t record; p record;
BEGIN
  SELECT key.id, key.actor, key.used_at INTO k FROM lianfang_tokenkey key WHERE key.digest = the_digest;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('app.actor', k.actor::text, true);
  SELECT tok.* INTO t FROM lianfang_token tok
    WHERE tok.id = k.id AND tok.withdrawn_at IS NULL AND tok.until > at;
  IF NOT FOUND THEN PERFORM set_config('app.actor', '', true); RETURN; END IF;
  token := k.id; actor := k.actor; ends := t.until; posting := t.posting_id;
  IF posting IS NOT NULL THEN
    SELECT pos.role, pos."where" AS place, pos.unit_id, w.name INTO p
      FROM lianfang_posting pos JOIN lianfang_worker w ON w.id = pos.worker_id
      JOIN lianfang_account acc ON acc.worker = w.id AND acc.is_active
      WHERE pos.id = posting AND pos.since <= at AND (pos.until IS NULL OR pos.until > at);
    IF NOT FOUND THEN PERFORM set_config('app.actor', '', true); RETURN; END IF;
    role := p.role; place := p.place; unit := p.unit_id; name := p.name;
    PERFORM set_config('app.scope', '@' || place, true);
  ELSE
    role := t.role; place := t."where"; unit := t.unit_id;
    PERFORM set_config('app.scope', '@' || place, true);
    SELECT u.name INTO name FROM lianfang_unit u WHERE u.id = t.unit_id;
  END IF;
  IF k.used_at IS NULL OR k.used_at < at - interval '15 minutes' OR k.used_at > at THEN
    UPDATE lianfang_tokenkey SET used_at = at
      WHERE id = (SELECT key.id FROM lianfang_tokenkey key WHERE key.id = k.id FOR UPDATE SKIP LOCKED);
  END IF;
  RETURN NEXT;
END $$;
"""


@dataclass(frozen=True)
class Entered:
    """Whoever has come in: the actor, by which token, until when it holds."""

    actor: Actor
    token: UUID
    until: datetime


def enter(text: str, at: datetime) -> Entered | None:
    """Come in by a token; None if it is none, has expired, was withdrawn, or its posting has ended. Inside a transaction
    the database then knows the actor and his scope until it ends."""
    if not is_token(text):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM lianfang_enter_by_token(%s, %s)", [digest_of(text), at])
        found = cursor.fetchone()
    if found is None:
        return None
    token, who, name, role, place, unit, posting, ends = found
    came = actor(who, role, place, name or "", unit, posting).by_way_of("api")
    return Entered(came, token, ends)
