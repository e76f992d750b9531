"""Refuses a database that would not keep what the software promises.

Row-level security binds only a role that is neither superuser, nor exempt, nor owner; a promise that a
deed is written holds only if the server waits for the disk. Nothing shows when one of these is wrong,
so every process asks before its first request. It needs no Django, only an open cursor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lianfang.ground.server_binaries import SAFE_MINOR, too_old


class Cursor(Protocol):
    """The part of a DB-API cursor that is used; Django's and psycopg's both have it."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


@dataclass(frozen=True)
class Problem:
    """What is wrong, in Chinese and in English, each ending in how to mend it; `mend` alone is that
    part, SQL for a superuser wherever SQL can do it. Like CannotStart it is said before any
    translation can be loaded."""

    code: str
    zh: str
    en: str
    mend: str

    def __str__(self) -> str:
        return f"{self.zh}\n{self.en}"


def _problem(code: str, zh: str, en: str, sql: str) -> Problem:
    return Problem(code, f"{zh}请用超级用户执行：{sql}", f"{en} Run as superuser: {sql}", sql)


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


_POWERS = (
    (
        "superuser",
        "是超级用户，行级安全对它不起作用。",
        "is a superuser: row-level security does not bind it.",
    ),
    ("bypassrls", "可以绕过行级安全。", "may bypass row-level security."),
    (
        "createrole",
        "可以建立角色，从而取得别人的权限。",
        "may make roles, and so give itself others' rights.",
    ),
)


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
        for (code, zh, en), held in zip(_POWERS, has, strict=True):
            # A superuser has the rest anyway; one problem at a time is easier to mend.
            if held and (code == "superuser" or not has[0]):
                mend = f"ALTER ROLE {role} NO{code.upper()};"
                found.append(
                    _problem(code, f"应用角色 {role} {zh}", f"The application's role {role} {en}", mend)
                )
    return found + (_memberships(cursor) if bound else [])


def _memberships(cursor: Cursor) -> list[Problem]:
    cursor.execute(
        "SELECT quote_ident(session_user), quote_ident(rolname) FROM pg_roles"
        " WHERE (rolsuper OR rolbypassrls) AND rolname NOT IN (current_user, session_user)"
        " AND pg_has_role(session_user, oid, 'MEMBER') ORDER BY rolname"
    )
    return [
        _problem(
            "member",
            f"应用角色 {role} 可以变成不受行级安全约束的 {other}。",
            f"The application's role {role} can become {other}, which escapes row-level security.",
            f"REVOKE {other} FROM {role};",
        )
        for role, other in cursor.fetchall()
    ]


_OWNED = """
WITH me AS (SELECT oid, rolsuper FROM pg_roles WHERE rolname = session_user),
owned AS (
    SELECT c.relowner AS owner, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%'
       AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT nspowner, 'schema ' || quote_ident(nspname) FROM pg_namespace WHERE nspname = 'public'
    UNION ALL
    SELECT datdba, 'database ' || quote_ident(datname) FROM pg_database WHERE datname = current_database()
)
SELECT quote_ident(session_user), quote_ident(pg_get_userbyid(owned.owner)), owned.owner = me.oid,
       min(owned.name)
  FROM owned, me
 WHERE NOT me.rolsuper AND pg_has_role(me.oid, owned.owner, 'MEMBER')
 GROUP BY 1, 2, 3 ORDER BY 2
"""


def _ownership(cursor: Cursor) -> list[Problem]:
    """Whether the role owns, or can become the owner of, a table, our schema or the database."""
    cursor.execute(_OWNED)
    found = []
    for role, owner, itself, example in cursor.fetchall():
        if itself:
            found.append(
                _problem(
                    "owner",
                    f"应用角色 {role} 是 {example} 等的所有者，所有者可以关掉行级安全。",
                    f"The application's role {role} owns {example}; owners escape row-level security.",
                    f"REASSIGN OWNED BY {role} TO lianfang_owner;",
                )
            )
        else:
            found.append(
                _problem(
                    "owner-member",
                    f"应用角色 {role} 属于 {owner}，而后者是 {example} 的所有者。",
                    f"The application's role {role} is a member of {owner}, which owns {example}.",
                    f"REVOKE {owner} FROM {role};",
                )
            )
    return found


_DURABILITY = (
    ("fsync", ("on",), "断电会毁坏数据库。", "a power cut can destroy the database."),
    ("full_page_writes", ("on",), "断电会留下半页数据。", "a power cut can leave half-written pages."),
    (
        "synchronous_commit",
        ("on", "remote_apply"),
        "已确认的内容可能丢失。",
        "what was acknowledged can be lost.",
    ),
)


def _durability(cursor: Cursor) -> list[Problem]:
    found = []
    for name, good, zh, en in _DURABILITY:
        cursor.execute(f"SELECT source, setting FROM pg_settings WHERE name = '{name}'")  # noqa: S608 - our names
        source, value = cursor.fetchone()
        if value in good:
            continue
        zh, en = f"{name} = {value}：{zh}", f"{name} is {value}: {en}"
        if source in {"client", "session"}:
            mend = f"PGOPTIONS -c {name}"
            found.append(
                Problem(
                    name,
                    f"{zh}这是连接自己设的：请从连接选项或 PGOPTIONS 中去掉 {name}。",
                    f"{en} The connection itself set it: take {name} out of its options or PGOPTIONS.",
                    mend,
                )
            )
        elif source == "command line":
            found.append(
                Problem(
                    name,
                    f"{zh}这是服务器启动命令里设的：请去掉后重新启动。",
                    f"{en} The server's command line set it: start it without.",
                    f"-c {name}",
                )
            )
        else:
            found.append(_problem(name, zh, en, _reset(cursor, name, source)))
    return found


def _reset(cursor: Cursor, name: str, source: str) -> str:
    cursor.execute("SELECT quote_ident(session_user), quote_ident(current_database())")
    role, database = cursor.fetchone()
    return {
        "user": f"ALTER ROLE {role} RESET {name};",
        "database": f"ALTER DATABASE {database} RESET {name};",
        "database user": f"ALTER ROLE {role} IN DATABASE {database} RESET {name};",
    }.get(source, f"ALTER SYSTEM SET {name} = 'on'; SELECT pg_reload_conf();")


def _server(cursor: Cursor) -> list[Problem]:
    cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
    number, encoding = cursor.fetchone()
    found = []
    version = divmod(int(number), 10_000)
    if too_old(version):
        safe = ", ".join(f"{major}.{minor}" for major, minor in SAFE_MINOR.items())
        said = f"PostgreSQL {version[0]}.{version[1]}"
        found.append(
            Problem(
                "version",
                f"{said} 太旧：行级安全会泄漏。请升级到 {safe} 之一或更新。",
                f"{said} is too old: rows leak past row-level security. Update to one of {safe}, or later.",
                f">= {safe}",
            )
        )
    if encoding != "UTF8":
        found.append(
            _problem(
                "encoding",
                f"数据库的编码是 {encoding}，存不下所有的中文姓名。",
                f"The database is encoded as {encoding} and cannot hold every Chinese name.",
                "CREATE DATABASE lianfang ENCODING 'UTF8' TEMPLATE template0 OWNER lianfang_owner;",
            )
        )
    return found
