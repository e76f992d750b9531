"""Bringing a database to today's tables: migrate as the owner, then generate row-level security for the application."""

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils.translation import gettext as _

from . import rows
from .home import CannotStart

SIGN_IN_TABLES = ("django_session",)
"""Tables of Django's that a door needs before anybody is anybody; no person's data in them."""


def migrate(say: Callable[[str], None] = lambda _text: None) -> None:
    """Migrate and protect, as the owner. Doing it again changes nothing."""
    owner = connections["owner"]
    role = str(settings.DATABASES["default"]["USER"])
    with owner.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE IF NOT EXISTS lianfang_line_seq AS bigint")
    say(_("tables"))
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    say(_("row-level security"))
    with owner.cursor() as cursor:
        rows.protect(cursor, role)
        quoted = owner.ops.quote_name(role)
        for table in SIGN_IN_TABLES:
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {quoted}")
        cursor.execute(f"GRANT SELECT ON django_migrations, django_content_type TO {quoted}")
        cursor.execute(
            "SELECT c.oid::regclass::text, c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relname LIKE 'procrastinate%%' AND c.relkind IN ('r', 'S')"
        )
        for name, kind in cursor.fetchall():
            rights = "USAGE" if kind == "S" else "SELECT, INSERT, UPDATE, DELETE"
            cursor.execute(f"GRANT {rights} ON {'SEQUENCE ' if kind == 'S' else ''}{name} TO {quoted}")
    owner.close()


def claim(kind: str) -> None:
    """Say once and for ever in the database what it is for, `demo` or `street`: the two never mix, wherever it stands.

    Raises CannotStart when the database already is of the other kind."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT obj_description('lianfang_line'::regclass)")
        (known,) = cursor.fetchone()
        if not known:
            cursor.execute(f"COMMENT ON TABLE lianfang_line IS '{'demo' if kind == 'demo' else 'street'}'")
    connections["owner"].close()
    if known and known != kind:
        names = {"demo": ("演示街道", "a demo street"), "street": ("真实街道", "a real street")}
        zh, en = names[known]
        raise CannotStart(
            f"这个数据库里是{zh}，不能又作{names[kind][0]}。请另用一个数据库。",
            f"This database holds {en} and cannot become {names[kind][1]} too. Use another database.",
        )
