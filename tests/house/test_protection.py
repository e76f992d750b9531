"""What the database itself refuses (T13's ground): every table under its class, the application owning nothing.

Each check is also shown a database somebody has broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import models

from lianfang.ground import migrating
from lianfang.ground.rows import tables
from lianfang.ground.things import DOOR, LAW, OWN, PERSONAL, PLAIN, SENSITIVE, SHARED, Sealed, Thing
from lianfang.ground.where import WhereField

pytestmark = pytest.mark.usefixtures("one_street")

APP = "lianfang_app"
DOORS = {"Account", "SlipTries", "TokenKey"}
"""Tables a door needs before anybody is anybody. They hold nothing of a person."""

Cursor = psycopg.Cursor[Any]


def _names(cursor: Cursor, sql: str, params: list[Any] | None = None) -> list[str]:
    return sorted(str(row[0]) for row in cursor.execute(sql, params).fetchall())  # type: ignore[arg-type]


def _protected() -> list[str]:
    return [model._meta.db_table for model in tables() if getattr(model, "ROWS", None) != DOOR]


def not_forced(cursor: Cursor) -> list[str]:
    """Tables whose owner would see every row, or whose rows nobody guards."""
    return _names(
        cursor,
        "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND NOT (relrowsecurity AND relforcerowsecurity)",
        [_protected()],
    )


def without_policies(cursor: Cursor) -> list[str]:
    """Tables that do not have one policy for reading, one for being born, one for changing, and no other."""
    cursor.execute(
        "SELECT c.relname, string_agg(p.polcmd::text, '' ORDER BY p.polcmd::text), bool_and(p.polpermissive),"
        " bool_and(p.polroles = '{0}') FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid"
        " WHERE c.relname = ANY(%s) GROUP BY 1",
        [_protected()],
    )
    return sorted(
        name for name, commands, *all_of in cursor.fetchall() if commands != "arw" or not all(all_of)
    )


def open_policies(cursor: Cursor) -> list[str]:
    """Policies that do not ask for the reader's place, or let something be written without a line."""
    cursor.execute("SELECT tablename, cmd, coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies")
    return sorted(
        f"{table} {command}"
        for table, command, using, check in cursor.fetchall()
        if "app.scope" not in (check if command == "INSERT" else using) or (command != "SELECT" and "app.line" not in check)
    )  # fmt: skip


def owned_by_the_application(cursor: Cursor) -> list[str]:
    """Anything the application's role owns, and could therefore unprotect."""
    return _names(
        cursor,
        "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = %(app)s UNION ALL"
        " SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = %(app)s UNION ALL"
        " SELECT nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner) = %(app)s UNION ALL"
        " SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = %(app)s",
        {"app": APP},  # type: ignore[arg-type]
    )


def too_many_rights(cursor: Cursor) -> list[str]:
    """Rights no application needs: TRUNCATE steps over row-level security, REFERENCES and TRIGGER see through it;
    nothing of ours is deleted, and no line is changed."""
    return _names(
        cursor,
        "SELECT c.relname || ' ' || p.privilege_type FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public',"
        " LATERAL aclexplode(c.relacl) p WHERE p.grantee IN (0, %s::regrole) AND c.relkind IN ('r', 'v', 'm', 'p') AND ("
        " p.grantee = 0 OR p.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')"
        " OR p.privilege_type = 'DELETE' AND c.relname LIKE 'lianfang%%'"
        " OR p.privilege_type = 'UPDATE' AND c.relname = 'lianfang_line' OR p.is_grantable)",
        [APP],
    )


def columns_that_change(cursor: Cursor) -> list[str]:
    """Single columns the application may change behind row-level security: those that may be emptied, and no other."""
    wanted = {
        f"{model._meta.db_table} {name} UPDATE"
        for model in tables()
        for name in getattr(model, "ERASABLE", ())
    }
    found = _names(
        cursor,
        "SELECT c.relname || ' ' || a.attname || ' ' || p.privilege_type FROM pg_attribute a"
        " JOIN pg_class c ON c.oid = a.attrelid, LATERAL aclexplode(a.attacl) p"
        " WHERE c.relname = ANY(%s) AND p.grantee IN (0, %s::regrole)",
        [_protected(), APP],
    )
    return sorted(set(found) ^ wanted)


def emptied_to_something(cursor: Cursor) -> list[str]:
    """Tables with columns that may be emptied, where the policy does not ask for an act that erases."""
    cursor.execute("SELECT tablename, with_check FROM pg_policies WHERE cmd = 'UPDATE'")
    checks = dict(cursor.fetchall())
    erasable = [model._meta.db_table for model in tables() if getattr(model, "ERASABLE", ())]
    return [table for table in erasable if "app.erasing" not in checks[table]]


def powers(cursor: Cursor) -> list[str]:
    """Powers and memberships of the application's role."""
    return _names(
        cursor,
        "SELECT rolname FROM pg_roles WHERE rolname = %s AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb"
        " OR rolreplication) UNION ALL SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
        " WHERE m.member = %s::regrole",
        [APP, APP],
    )


def leaky_functions(cursor: Cursor) -> list[str]:
    """Functions of ours that row-level security would trust, or that run with their owner's rights."""
    return _names(
        cursor,
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'"
        " AND (p.proleakproof OR p.prosecdef)"
        " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')",
    )


def leaky_views(cursor: Cursor) -> list[str]:
    """Views that read with their owner's rights; materialised views, which no policy guards."""
    return _names(
        cursor,
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND ("
        " c.relkind = 'm' OR c.relkind = 'v' AND NOT coalesce(c.reloptions::text[] && ARRAY["
        "'security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false))",
    )


BROKEN: list[tuple[Callable[[Cursor], Iterable[str]], str]] = [
    (not_forced, "ALTER TABLE lianfang_door NO FORCE ROW LEVEL SECURITY"),
    (not_forced, "ALTER TABLE lianfang_line DISABLE ROW LEVEL SECURITY"),
    (without_policies, "DROP POLICY changed ON lianfang_resident"),
    (without_policies, "CREATE POLICY wide ON lianfang_resident FOR SELECT USING (true)"),
    (open_policies, "ALTER POLICY read ON lianfang_stay USING (true)"),
    (open_policies, "ALTER POLICY born ON lianfang_stay WITH CHECK (current_setting('app.scope') IS NOT NULL)"),
    (owned_by_the_application, f"ALTER TABLE lianfang_note OWNER TO {APP}"),
    (owned_by_the_application, f"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION f() OWNER TO {APP}"),
    (too_many_rights, f"GRANT TRUNCATE ON lianfang_note TO {APP}"),
    (too_many_rights, f"GRANT DELETE ON lianfang_account TO {APP}"),
    (too_many_rights, f"GRANT UPDATE ON lianfang_line TO {APP}"),
    (too_many_rights, f"GRANT REFERENCES ON django_session TO {APP}"),
    (too_many_rights, "GRANT SELECT ON lianfang_note TO PUBLIC"),
    (columns_that_change, f"GRANT UPDATE (kind) ON lianfang_line TO {APP}"),
    (columns_that_change, f"REVOKE UPDATE (salt) ON lianfang_leaf FROM {APP}"),
    (columns_that_change, "GRANT SELECT (text) ON lianfang_note TO PUBLIC"),
    (emptied_to_something, "ALTER POLICY changed ON lianfang_line WITH CHECK (current_setting('app.line') IS NOT NULL)"),
    (powers, f"ALTER ROLE {APP} BYPASSRLS"),
    (powers, f"GRANT lianfang_owner TO {APP}"),
    (leaky_functions, "CREATE FUNCTION f(text) RETURNS bool LANGUAGE sql LEAKPROOF AS 'SELECT true'"),
    (leaky_functions, "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM lianfang_door'"),
    (leaky_views, "CREATE VIEW doors AS SELECT * FROM lianfang_door"),
    (leaky_views, "CREATE VIEW doors WITH (security_invoker = false) AS SELECT * FROM lianfang_door"),
    (leaky_views, "CREATE MATERIALIZED VIEW doors AS SELECT * FROM lianfang_door"),
]  # fmt: skip

CHECKS = list(dict.fromkeys(check for check, _ in BROKEN))


@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_the_database_is_as_it_must_be(boss: Cursor, check: Callable[[Cursor], Iterable[str]]) -> None:
    assert list(check(boss)) == []


@pytest.mark.parametrize(("check", "damage"), BROKEN, ids=[damage[:60] for _, damage in BROKEN])
def test_a_broken_database_is_found(
    boss: Cursor, check: Callable[[Cursor], Iterable[str]], damage: str
) -> None:
    boss.execute(damage)  # type: ignore[arg-type]
    assert list(check(boss)) != []


def test_a_view_that_reads_as_its_reader_is_no_leak(boss: Cursor) -> None:
    boss.execute("CREATE VIEW doors WITH (security_invoker = true) AS SELECT * FROM lianfang_door")
    assert leaky_views(boss) == []


@pytest.mark.parametrize("model", list(tables()), ids=lambda model: model.__name__)
def test_every_table_declares_its_class_and_its_place(model: type[models.Model]) -> None:
    kind = getattr(model, "ROWS", None)
    if model.__name__ in DOORS:
        assert kind == DOOR
        return
    assert kind in (OWN, LAW, SHARED)
    assert isinstance(model._meta.get_field("where"), WhereField)
    if kind == SHARED:
        assert model._meta.get_field("also")


def test_only_the_listed_tables_are_outside() -> None:
    assert {model.__name__ for model in tables() if getattr(model, "ROWS", None) == DOOR} == DOORS


def unclassed(model: type[Thing]) -> list[str]:
    """Columns without a privacy class, classes of columns that are none, identifiers called harmless."""
    columns = {column.name: column for column in model._meta.concrete_fields}
    privacy = model.privacy()
    found = [
        f"{name} has no class" for name in columns if privacy.get(name) not in (PLAIN, PERSONAL, SENSITIVE)
    ]
    found += [f"{name} is no column" for name in model.PRIVACY if name not in columns]
    for name, column in columns.items():
        if isinstance(column, Sealed):
            found += [
                f"{one} is sealed or an index"
                for one in (name, column.index)
                if one and privacy.get(one) == PLAIN
            ]
    return found


@pytest.mark.parametrize(
    "model", [m for m in tables() if issubclass(m, Thing)], ids=lambda model: model.__name__
)
def test_every_field_has_a_privacy_class(model: type[Thing]) -> None:
    assert unclassed(model) == []


def test_a_field_without_a_class_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from lianfang.rooms.people.models import Resident

    monkeypatch.setattr(Resident, "PRIVACY", {**Resident.PRIVACY, "phone_index": PLAIN, "shoe_size": PLAIN})
    monkeypatch.delitem(Resident.PRIVACY, "born")
    assert unclassed(Resident) == [
        "born has no class",
        "shoe_size is no column",
        "phone_index is sealed or an index",
    ]


def test_free_text_is_never_called_harmless() -> None:
    """A wide text column of a work room or of people is somebody's words; a title or a reason of an office is listed."""
    harmless = {"Order.remedy", "Order.authority", "ParkedRow.file", "Unit.name", "Worker.home_unit", "Verification.post",
                "Brief.seal", "Area.name", "Area.name_en", "Compound.name"}  # fmt: skip
    found = {
        f"{model.__name__}.{column.name}"
        for model in tables()
        if issubclass(model, Thing) and model.ROWS != LAW
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField) and not isinstance(column, WhereField) and not column.choices
        and (column.max_length or 0) >= 60 and model.privacy()[column.name] == PLAIN
    }  # fmt: skip
    assert found <= harmless | {
        "Order.clause",
        "Order.review_rule",
        "Question.clause",
        "Notice.number",
        "Release.number",
    }


def test_the_migrations_make_the_tables_the_code_speaks_of() -> None:
    call_command(
        "makemigrations", "lianfang", check_changes=True, dry_run=True, verbosity=0, skip_checks=True
    )


def test_migrating_again_changes_nothing(boss: Cursor) -> None:
    policies = "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"
    rights = (
        "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    before = boss.execute(policies).fetchall(), boss.execute(rights).fetchall()
    boss.connection.rollback()
    migrating.migrate()
    assert (boss.execute(policies).fetchall(), boss.execute(rights).fetchall()) == before
