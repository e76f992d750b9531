"""Row-level security, generated from the class each table declares, and what the database's own "no" means in words.

Settings are local to a transaction: ``app.scope`` (``@`` and the reader's place; unset means nobody, and nothing is
seen), ``app.actor`` (a worker's id), ``app.line`` (the line being written; without one nothing can be written at all),
``app.erasing`` (the same line, while it erases; without it no line of the notebook is touched again).
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models
from django.utils.translation import gettext_lazy as _

from .refusals import CONFLICT, FORBIDDEN, UNFIT, Refused
from .things import DOOR, LAW, OWN, SHARED

SCOPE = "(SELECT substr(nullif(current_setting('app.scope', true), ''), 2))"
ACTOR = "(SELECT nullif(current_setting('app.actor', true), '')::uuid)"
WRITING = "(SELECT nullif(current_setting('app.line', true), '')) IS NOT NULL"
ERASING = "(SELECT nullif(current_setting('app.erasing', true), '') = nullif(current_setting('app.line', true), ''))"

SEQUENCE = "CREATE SEQUENCE IF NOT EXISTS lianfang_line_seq AS bigint"

FUNCTIONS: list[str] = []
"""Further functions of the database, added by the rooms that own them when the application starts."""


def _under(column: str) -> str:
    return f"{column} >= {SCOPE} AND {column} < {SCOPE} || '~'"


def tables() -> Iterator[type[models.Model]]:
    """Every model of ours."""
    yield from (model for model in apps.get_app_config("lianfang").get_models() if model._meta.managed)


def statements(model: type[models.Model], role: str) -> list[str]:
    """The statements that put one table under its declared class for the application role."""
    table, kind = f'"{model._meta.db_table}"', getattr(model, "ROWS", None)
    if kind == DOOR:
        rights = getattr(model, "RIGHTS", "SELECT, INSERT, UPDATE, DELETE")
        return [f"REVOKE ALL ON {table} FROM {role}", f"GRANT {rights} ON {table} TO {role}"]
    if kind not in (OWN, LAW, SHARED):
        raise TypeError(f"{model.__name__} declares no class of row-level security")
    own = _under('"where"')
    read = [own]
    if kind == LAW:
        read.append(f'starts_with({SCOPE}, "where")')
    if kind == SHARED:
        read.append(f"EXISTS (SELECT 1 FROM unnest(also) AS a WHERE {_under('a')})")  # noqa: S608 - names of ours
    write = f'"where" = {SCOPE}' if kind == LAW else " OR ".join(f"({one})" for one in read)
    # To see one's own posting is not to write it.
    if mine := getattr(model, "SELF", None):
        read.append(f"{mine} = {ACTOR}")
    # Who signs above is known below; read, and not written.
    if getattr(model, "SEEN_BELOW", False):
        read.append(f'starts_with({SCOPE}, "where")')
    seen = " OR ".join(f"({one})" for one in read)
    rights = "SELECT, INSERT" + ("" if getattr(model, "NO_UPDATE", False) else ", UPDATE")
    changed = f"{WRITING} AND ({write})"
    # Some columns of what is never changed may be emptied, and may hold nothing else afterwards.
    if erasable := getattr(model, "ERASABLE", ()):
        rights += ", UPDATE (" + ", ".join(f'"{name}"' for name in erasable) + ")"
        changed += f" AND {ERASING} AND {model.EMPTIED}"  # type: ignore[attr-defined]
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        *(f"DROP POLICY IF EXISTS {name} ON {table}" for name in ("read", "born", "changed")),
        f"CREATE POLICY read ON {table} FOR SELECT USING ({seen})",
        f"CREATE POLICY born ON {table} FOR INSERT WITH CHECK ({WRITING} AND ({write}))",
        f"CREATE POLICY changed ON {table} FOR UPDATE USING ({write}) WITH CHECK ({changed})",
        f"REVOKE ALL ON {table} FROM {role}",
        f"GRANT {rights} ON {table} TO {role}",
    ]


def protect(cursor: Any, role: str) -> None:
    """Put every table of ours under its class; run by the owner after each migration. Doing it again changes nothing."""
    quoted = '"' + role.replace('"', '""') + '"'
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
    for model in tables():
        for statement in statements(model, quoted):
            cursor.execute(statement)
    for function in (SEQUENCE, *FUNCTIONS):
        cursor.execute(function)
    cursor.execute(f"GRANT USAGE ON SEQUENCE lianfang_line_seq TO {quoted}")


def _messages() -> dict[str, Any]:
    return {
        constraint.name: constraint.violation_error_message  # lazy: each reader gets it in his own language
        for model in tables()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != models.BaseConstraint.default_violation_error_message
    }


def refusal_of(failure: DatabaseError) -> Refused | None:
    """The refusal behind a database's "no": a named constraint's own words, a place that is not the actor's, a value no
    column takes (a number too large, a NaN in JSON)."""
    cause: Any = failure.__cause__
    state = getattr(cause, "sqlstate", "") or ""
    if state == "42501":
        return Refused(_("This place is not yours to write about."), FORBIDDEN)
    if state.startswith("22"):
        return Refused(_("Some of this does not fit."), UNFIT)
    if state.startswith("23"):
        name = getattr(getattr(cause, "diag", None), "constraint_name", "") or ""
        if name.endswith("_pkey"):
            return Refused(_("This entry was already used for something else; write a new one."), CONFLICT)
        return Refused(
            _messages().get(name) or _("The database refuses this: %(rule)s."), CONFLICT, rule=name
        )
    return None


def unprotected(cursor: Any) -> list[str]:
    """Tables of ours on which row-level security is not forced, by name."""
    ours = {model._meta.db_table for model in tables() if getattr(model, "ROWS", None) != DOOR}
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity",
        [sorted(ours)],
    )
    return sorted(ours - {name for (name,) in cursor.fetchall()})
