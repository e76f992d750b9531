"""Refuses a database that would not keep what the software promises.

Row-level security binds only a role that is neither superuser, nor exempt, nor owner; a promise that a
deed is written holds only if the server waits for the disk. Nothing shows when one of these is wrong,
so every process asks before its first request. It needs no Django, only an open cursor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from lianfang.ground.server_binaries import SAFE_MINOR, too_old


def N_(message: str) -> str:  # noqa: N802 - the name by which message extraction knows it
    """Mark a message for the catalogue; it is translated where it is shown."""
    return message


class Cursor(Protocol):
    """The part of a DB-API cursor that is used; Django's and psycopg's both have it."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


@dataclass(frozen=True)
class Problem:
    """`text`: what is wrong, an English message id with %(name)s places. `mend`: what to run or do,
    the same way. `params`: what goes into the places of both."""

    code: str
    text: str
    mend: str
    params: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.text % self.params} {self.mend % self.params}"


class UnsafeDatabaseError(Exception):
    """The database must not be used as it is; `problems` says why and how to mend it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def insist(cursor: Cursor) -> None:
    """Raise UnsafeDatabaseError unless the database behind this cursor is safe to use."""
    problems = unsafe(cursor)
    if problems:
        raise UnsafeDatabaseError(problems)


def unsafe(cursor: Cursor) -> list[Problem]:
    """Everything that is wrong with the server and with the role of this cursor, worst first.

    Call it with the application's own connection, after the migrations.
    """
    return [*_powers(cursor), *_ownership(cursor), *_durability(cursor), *_server(cursor)]


_ALTER = N_("Run as superuser: ALTER ROLE %(role)s %(word)s;")

_POWERS = (
    ("superuser", N_("The application's role %(role)s is a superuser: row-level security does not bind it."),
     "NOSUPERUSER"),
    ("bypassrls", N_("The application's role %(role)s may bypass row-level security."), "NOBYPASSRLS"),
    ("createrole", N_("The application's role %(role)s may make roles, and so give itself others' rights."),
     "NOCREATEROLE"),
)  # fmt: skip


def _powers(cursor: Cursor) -> list[Problem]:
    # The session's role too: whoever logged in as another can go back to it by RESET ROLE.
    cursor.execute(
        "SELECT quote_ident(rolname), rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
        " WHERE rolname IN (current_user, session_user) ORDER BY rolname"
    )
    found = []
    bound = True
    for role, *has in cursor.fetchall():
        bound = bound and not has[0]
        for (code, text, word), held in zip(_POWERS, has, strict=True):
            # A superuser has the rest anyway; one problem at a time is easier to mend.
            if held and (code == "superuser" or not has[0]):
                found.append(Problem(code, text, _ALTER, {"role": role, "word": word}))
    return found + (_memberships(cursor) if bound else [])


def _memberships(cursor: Cursor) -> list[Problem]:
    cursor.execute(
        "SELECT quote_ident(session_user), quote_ident(rolname) FROM pg_roles"
        " WHERE (rolsuper OR rolbypassrls) AND rolname NOT IN (current_user, session_user)"
        " AND pg_has_role(session_user, oid, 'MEMBER') ORDER BY rolname"
    )
    return [
        Problem(
            "member",
            N_("The application's role %(role)s can become %(other)s, which escapes row-level security."),
            N_("Run as superuser: REVOKE %(other)s FROM %(role)s;"),
            {"role": role, "other": other},
        )
        for role, other in cursor.fetchall()
    ]


def _ownership(cursor: Cursor) -> list[Problem]:
    """Whether the role owns, or can become the owner of, a table, our schema or the database."""
    cursor.execute(
        """
        WITH me AS (SELECT oid, rolsuper FROM pg_roles WHERE rolname = session_user),
        owned AS (
            SELECT c.relowner AS owner, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%'
               AND n.nspname <> 'information_schema'
            UNION ALL
            SELECT nspowner, 'schema ' || quote_ident(nspname) FROM pg_namespace WHERE nspname = 'public'
            UNION ALL
            SELECT datdba, 'database ' || quote_ident(datname)
              FROM pg_database WHERE datname = current_database()
        )
        SELECT quote_ident(session_user), quote_ident(pg_get_userbyid(owned.owner)), owned.owner = me.oid,
               count(*), min(owned.name)
          FROM owned, me
         WHERE NOT me.rolsuper AND pg_has_role(me.oid, owned.owner, 'MEMBER')
         GROUP BY 1, 2, 3 ORDER BY 2
        """
    )
    found = []
    for role, owner, itself, number, example in cursor.fetchall():
        params = {"role": role, "owner": owner, "number": str(number), "example": example}
        if itself:
            found.append(
                Problem(
                    "owner",
                    N_("The application's role %(role)s owns %(number)s things, such as %(example)s;"
                       " an owner can switch row-level security off."),
                    N_("Run as superuser, in this database: REASSIGN OWNED BY %(role)s TO lianfang_owner;"),
                    params,
                )
            )  # fmt: skip
        else:
            found.append(
                Problem(
                    "owner-member",
                    N_("The application's role %(role)s is a member of %(owner)s, which owns %(example)s."),
                    N_("Run as superuser: REVOKE %(owner)s FROM %(role)s;"),
                    params,
                )
            )
    return found


_DURABILITY = (
    ("fsync", ("on",), N_("fsync is off: a power cut can destroy the database.")),
    ("full_page_writes", ("on",), N_("full_page_writes is off: a power cut can leave half-written pages.")),
    ("synchronous_commit", ("on", "remote_apply"),
     N_("synchronous_commit is %(value)s: what was acknowledged can be lost.")),
)  # fmt: skip


def _durability(cursor: Cursor) -> list[Problem]:
    found = []
    for name, good, text in _DURABILITY:
        cursor.execute(f"SELECT source, current_setting('{name}') FROM pg_settings WHERE name = '{name}'")  # noqa: S608 - our own three names
        source, value = cursor.fetchone()
        if value in good:
            continue
        params = {"name": name, "value": value, "source": source}
        if source in {"database", "user", "database user"}:
            mend = N_("It was set for the role or database. Run as superuser: ALTER ROLE … RESET %(name)s;"
                      " ALTER DATABASE … RESET %(name)s; and connect again.")  # fmt: skip
        elif source in {"client", "session"}:
            mend = N_("It was set by the connection itself: take %(name)s out of its options or PGOPTIONS.")
        elif source == "command line":
            mend = N_("It was set on the server's command line: start it without %(name)s.")
        else:
            mend = N_("Run as superuser: ALTER SYSTEM SET %(name)s = 'on'; SELECT pg_reload_conf();")
        found.append(Problem(name, text, mend, params))
    return found


def _server(cursor: Cursor) -> list[Problem]:
    cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
    number, encoding = cursor.fetchone()
    found = []
    version = divmod(int(number), 10_000)
    if too_old(version):
        safe = ", ".join(f"{major}.{minor}" for major, minor in SAFE_MINOR.items())
        found.append(
            Problem(
                "version",
                N_("PostgreSQL %(version)s leaks rows past row-level security or is too old for us."),
                N_("Update it to one of %(safe)s, or to a later release."),
                {"version": f"{version[0]}.{version[1]}", "safe": safe},
            )
        )
    if encoding != "UTF8":
        found.append(
            Problem(
                "encoding",
                N_("The database is encoded as %(encoding)s and cannot hold every Chinese name."),
                N_("Make it again: CREATE DATABASE lianfang ENCODING 'UTF8' TEMPLATE template0"
                   " OWNER lianfang_owner;"),
                {"encoding": encoding},
            )
        )  # fmt: skip
    return found
