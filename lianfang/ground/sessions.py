"""Sessions as Django keeps them in the database, looked up in one plain statement: every page asks for one.

It is the first thing a request asks of the database, so it is also the test whether the connection still lives: a server
that was started anew is found out here, and asked again on a new connection, instead of by a question of its own.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

FOUND = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's own in everything but how one is looked up."""

    def load(self) -> dict[str, Any]:
        """What is kept under this key; nothing, and no key, if there is none or it grew old."""
        key = self.session_key
        if key and "\0" not in key:
            found = _asked(key)
            if found is not None:
                return dict(self.decode(found))
        self._session_key = None
        return {}


def _asked(key: str) -> str | None:
    alone = connection.connection is not None and not connection.in_atomic_block
    if alone:
        connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _found(key)
    except (OperationalError, InterfaceError):
        if not alone:
            raise
        connection.close()
        return _found(key)


def _found(key: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [key, timezone.now()])
        found = cursor.fetchone()
    return found[0] if found else None
