"""Erasing lines: what they say of people is emptied, their seals stay valid.

A line keeps its header (who of ours, which kind of deed, when, in which community); its place inside the community, what
it was about, its facts and its journal are emptied, and the salt of its counterfoil is dropped. The digest that was
sealed stays and tells nothing any more. The line of the erasing act names the lines it emptied: an emptied line that no
such line names is found by ``lianfang verify``.

The database lets the application empty these columns, and put nothing else there, inside an act that says it erases.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from .refusals import GONE, Refused
from .seals import LOCK
from .things import current_deed

ERASED = "erased"
"""The fact of an erasing line: the ids of the sealed lines it emptied."""


def erase(lines: Iterable[UUID]) -> dict[str, Any]:
    """Empty these lines, inside an act; gives the facts its own line must carry (``line(thing, **erase(lines))``).

    Waits for a batch of seals that is being written. Refused if one of the lines is not there for this actor. A line that
    is emptied before it was sealed is sealed as it then is."""
    deed, wanted = current_deed(), sorted(set(lines))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        cursor.execute("SELECT set_config('app.erasing', %s, true)", [str(deed.line)])
        cursor.execute(
            'UPDATE lianfang_line SET "where" = left("where", 12), also = \'{}\', about = id, matter = id,'
            " facts = '{}', changes = '[]', payload = decode(repeat('00', 32), 'hex') WHERE id = ANY(%s::uuid[])",
            [wanted],
        )
        if cursor.rowcount != len(wanted):
            raise Refused(_("There is no such entry here."), GONE)
        cursor.execute(
            "UPDATE lianfang_leaf SET salt = NULL, erased_by = %s WHERE id = ANY(%s::uuid[]) AND salt IS NOT NULL"
            " RETURNING id",
            [deed.line, wanted],
        )
        erased = sorted(str(one) for (one,) in cursor.fetchall())
        cursor.execute("SELECT set_config('app.erasing', '', true)")
    return {ERASED: erased}
