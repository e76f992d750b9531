"""A database that would break our promises is refused, each way it can, with words that mend it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from lianfang.ground import embedded, server_binaries
from lianfang.ground.safety import UnsafeDatabaseError, insist, unsafe

APP = "lianfang_app"


@pytest.fixture(scope="module")
def server() -> Iterator[embedded.Running]:
    home = Path(tempfile.mkdtemp(prefix="lf-safety-"))
    try:
        with embedded.start(home) as running:
            yield running
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def boss(server: embedded.Running) -> Iterator[psycopg.Connection[Any]]:
    """The superuser, in our database."""
    with psycopg.connect(server.superuser_url, dbname="lianfang", autocommit=True) as connection:
        yield connection


def codes(url: str, **more: str) -> list[str]:
    with psycopg.connect(url, autocommit=True, **more) as connection, connection.cursor() as cursor:
        return [problem.code for problem in unsafe(cursor)]


def mended(url: str, boss: psycopg.Connection[Any]) -> list[str]:
    """Run what the only problem says mends it, and ask again."""
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        (problem,) = unsafe(cursor)
    assert problem.mend in problem.zh
    assert problem.mend in problem.en
    for statement in problem.mend.split(";"):
        if statement.strip():
            boss.execute(statement)
    return codes(url)


def test_the_database_we_make_ourselves_is_safe(server: embedded.Running) -> None:
    assert codes(server.app_url) == []


@pytest.mark.parametrize(
    ("power", "code"), [("SUPERUSER", "superuser"), ("BYPASSRLS", "bypassrls"), ("CREATEROLE", "createrole")]
)
def test_an_application_role_with_a_power_is_refused_and_can_be_mended(
    server: embedded.Running, boss: psycopg.Connection[Any], power: str, code: str
) -> None:
    boss.execute(f"ALTER ROLE {APP} {power}")
    try:
        assert codes(server.app_url) == [code]
        assert mended(server.app_url, boss) == []
    finally:
        boss.execute(f"ALTER ROLE {APP} NO{power}")


def test_a_role_that_can_become_a_superuser_is_refused(
    server: embedded.Running, boss: psycopg.Connection[Any]
) -> None:
    boss.execute("CREATE ROLE strong SUPERUSER")
    boss.execute(f"GRANT strong TO {APP}")
    try:
        assert codes(server.app_url) == ["member"]
        assert mended(server.app_url, boss) == []
    finally:
        boss.execute("DROP ROLE strong")


def test_a_superuser_who_only_plays_the_application_is_refused(server: embedded.Running) -> None:
    url = server.superuser_url.replace("/postgres?", "/lianfang?")
    assert codes(url, options=f"-c role={APP}") == ["superuser"]


def test_the_owner_as_application_is_refused(server: embedded.Running) -> None:
    assert "owner" in codes(server.owner_url)


def test_a_member_of_the_owner_is_refused(server: embedded.Running, boss: psycopg.Connection[Any]) -> None:
    # Without inheriting, too: SET ROLE needs no more than membership.
    boss.execute(f"ALTER ROLE {APP} NOINHERIT")
    boss.execute(f"GRANT lianfang_owner TO {APP}")
    try:
        assert "owner-member" in codes(server.app_url)
    finally:
        boss.execute(f"REVOKE lianfang_owner FROM {APP}")
        boss.execute(f"ALTER ROLE {APP} INHERIT")
    assert codes(server.app_url) == []


def test_an_application_role_that_owns_one_table_is_refused(
    server: embedded.Running, boss: psycopg.Connection[Any]
) -> None:
    boss.execute("CREATE TABLE stray (a int)")
    try:
        boss.execute(f"ALTER TABLE stray OWNER TO {APP}")
        assert codes(server.app_url) == ["owner"]
        assert mended(server.app_url, boss) == []
    finally:
        boss.execute("DROP TABLE stray")


@pytest.mark.parametrize("weak", ["off", "local", "remote_write"])
def test_a_commit_that_does_not_wait_for_the_disk_is_refused(
    server: embedded.Running, boss: psycopg.Connection[Any], weak: str
) -> None:
    boss.execute(f"ALTER ROLE {APP} SET synchronous_commit = '{weak}'")
    try:
        assert codes(server.app_url) == ["synchronous_commit"]
        assert codes(server.app_url, options="-c synchronous_commit=remote_apply") == []
        assert mended(server.app_url, boss) == []
    finally:
        boss.execute(f"ALTER ROLE {APP} RESET synchronous_commit")
    assert codes(server.app_url, options=f"-c synchronous_commit={weak}") == ["synchronous_commit"]


def test_a_server_without_fsync_or_full_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = embedded._settings
    monkeypatch.setattr(
        embedded, "_settings", lambda where: settings(where) | {"fsync": "off", "full_page_writes": "off"}
    )
    home = Path(tempfile.mkdtemp(prefix="lf-unsafe-"))
    try:
        with embedded.start(home) as running:
            assert codes(running.app_url) == ["fsync", "full_page_writes"]
    finally:
        shutil.rmtree(home, ignore_errors=True)


def test_a_database_that_cannot_hold_every_name_is_refused(
    server: embedded.Running, boss: psycopg.Connection[Any]
) -> None:
    boss.execute(
        "CREATE DATABASE narrow ENCODING 'LATIN1' LOCALE 'C' LC_CTYPE 'C' TEMPLATE template0"
        + provider(server)
    )
    try:
        assert codes(server.app_url, dbname="narrow") == ["encoding"]
    finally:
        boss.execute("DROP DATABASE narrow")


def provider(server: embedded.Running) -> str:
    return " LOCALE_PROVIDER libc" if server.version >= (15, 0) else ""


@pytest.mark.parametrize(
    ("version", "old"),
    [((14, 99), True), ((15, 13), True), ((15, 14), False), ((16, 9), True), ((16, 10), False),
     ((17, 5), True), ((17, 6), False), ((18, 0), False)],
)  # fmt: skip
def test_releases_that_leak_past_row_level_security_are_too_old(version: tuple[int, int], old: bool) -> None:
    assert server_binaries.too_old(version) is old


def test_a_server_of_an_old_release_is_refused(
    server: embedded.Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_binaries, "SAFE_MINOR", {server.version[0]: server.version[1] + 1})
    assert codes(server.app_url) == ["version"]


def test_insisting_says_everything_that_is_wrong_at_once(
    server: embedded.Running, boss: psycopg.Connection[Any]
) -> None:
    boss.execute(f"ALTER ROLE {APP} BYPASSRLS")
    try:
        with (
            psycopg.connect(server.app_url, options="-c synchronous_commit=off") as connection,
            connection.cursor() as cursor,
            pytest.raises(
                UnsafeDatabaseError, match=r"(?s)bypass row-level security.*NOBYPASSRLS.*synchronous"
            ),
        ):
            insist(cursor)
    finally:
        boss.execute(f"ALTER ROLE {APP} NOBYPASSRLS")
