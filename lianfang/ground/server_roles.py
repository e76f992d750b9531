"""A new cluster, and the roles and the database in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from lianfang.ground.children import ended, spawn, sweep
from lianfang.ground.home import CannotStart
from lianfang.ground.server_binaries import CONTRIB, Binaries
from lianfang.ground.server_directory import Directory

POWERLESS = "NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION"


def environment(binaries: Binaries) -> dict[str, str]:
    """What the server's programs get to know of ours: where programs lie, and nothing of PG*."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    icu = binaries.folder.parent / "share" / "icu"
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"} | ({"ICU_DATA": str(icu)} if icu.is_dir() else {})


def initialise(
    directory: Directory, binaries: Binaries, superuser: str, password: str, log: Callable[[str], None]
) -> None:
    """Make an empty cluster beside its final place and move it there when it is whole.

    Text sorts by code point and letters are those of Unicode (C.UTF-8): the same on every machine and
    after every update of its libraries, so an index never goes stale. LC_CTYPE must not be plain C:
    pg_trgm would then see no letter in a Chinese word.
    """
    log("正在建立数据库（几秒钟）· making the database, a few seconds …")
    half = directory.data.with_name("cluster.new")
    secret = directory.data.with_name("cluster.password")
    shutil.rmtree(half, ignore_errors=True)
    secret.unlink(missing_ok=True)
    output = directory.log.with_name("initdb.log")
    try:
        handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(password + "\n")
            if directory.account is not None:
                os.fchown(handle, directory.account.pw_uid, directory.account.pw_gid)
        _initdb(directory, binaries, half, ["--username", superuser, "--pwfile", str(secret)], output, log)
    finally:
        secret.unlink(missing_ok=True)
    half.rename(directory.data)


def _initdb(
    directory: Directory,
    binaries: Binaries,
    half: Path,
    who: list[str],
    output: Path,
    log: Callable[[str], None],
) -> None:
    letters = ["--locale=C.UTF-8"]
    if binaries.major >= 17:
        letters += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    with output.open("wb") as file:
        child = spawn(
            [
                binaries.folder / "initdb",
                "-D",
                half,
                "--encoding=UTF8",
                *letters,
                "--data-checksums",
                "--auth=scram-sha-256",
                *who,
            ],
            env=environment(binaries),
            output=file,
            directory=directory.data.parent,
            account=directory.account,
        )
    said = 0.0

    def tick(passed: float) -> None:
        nonlocal said
        if passed - said >= 2:
            said = passed
            log(f"… {passed:.0f} s")

    try:
        ended(child, 600, every=tick)
    finally:
        sweep(child)
    if child.returncode != 0:
        shutil.rmtree(half, ignore_errors=True)
        words = output.read_text(errors="replace")[-1500:]
        raise CannotStart(f"建立数据库失败：\n{words}", f"The database could not be made:\n{words}")


def set_up(superuser_url: str, database: str, owner: tuple[str, str], application: tuple[str, str]) -> None:
    """Make, or set right, the two roles and the database; doing it again changes nothing."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for name, password in (owner, application):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
            verb = "ALTER" if known else "CREATE"
            connection.execute(
                sql.SQL(verb + " ROLE {} LOGIN " + POWERLESS + " PASSWORD {}").format(
                    sql.Identifier(name), sql.Literal(password)
                )
            )
    make_database(superuser_url, database, owner[0], application[0])


def make_database(superuser_url: str, database: str, owner: str, application: str) -> None:
    """One database of ours in this cluster, with its extensions, if there is none of this name."""
    names = {
        "db": sql.Identifier(database),
        "owner": sql.Identifier(owner),
        "app": sql.Identifier(application),
    }
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {db} OWNER {owner} TEMPLATE template0").format(**names)
            )
    with psycopg.connect(superuser_url, dbname=database) as connection:
        for statement in (
            "REVOKE ALL ON DATABASE {db} FROM PUBLIC",
            "GRANT CONNECT ON DATABASE {db} TO {app}",
            "ALTER SCHEMA public OWNER TO {owner}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {app}",
        ):
            connection.execute(sql.SQL(statement).format(**names))
        for extension in CONTRIB:
            connection.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(sql.Identifier(extension))
            )
