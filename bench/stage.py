"""A street to measure on: a home of its own with a database, the small street of the tests, and ten thousand calls."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from lianfang.doors.console.supervising import environment, python
from lianfang.doors.console.up import _web_command
from lianfang.ground import embedded
from lianfang.ground.children import ended, spawn, sweep, tell

CHECKOUT = Path(__file__).resolve().parent.parent
FLOOR = "floor"
STATEMENT = re.compile(r"LOG:  (statement|execute [^:]*): ")
ENDS = re.compile(r": (BEGIN|COMMIT)")
ENTRY = """
CREATE TABLE entry (id bigserial PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now(), kind text, person text, phone text,
 id_no text, sex text, age int, temp_c numeric(4,1), community text, address text, symptoms text, travelled boolean, note text);
GRANT ALL ON entry, entry_id_seq TO {application};
"""


class Stage:
    """A running database with the street in it, beside a database for the floors; and how to start servers on them."""

    def __init__(self, home: Path, database: embedded.Running) -> None:
        self.home, self.database = home, database
        self.env = environment(
            {
                "LIANFANG_HOME": str(home),
                "LIANFANG_DATABASE_URL": database.app_url,
                "LIANFANG_OWNER_URL": database.owner_url,
                "DJANGO_SETTINGS_MODULE": "config.settings",
            }
        )
        self.env.pop("LIANFANG_DEMO", None)

    def run(self, *words: str) -> str:
        """Run a Python module to its end; what it said."""
        return subprocess.run(
            python(*words), env=self.env, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def fill(self) -> None:
        """Tables, the small street, and the table of the floors."""
        self.run("lianfang", "migrate")
        self.run("bench.street", "street")
        with psycopg.connect(self.database.superuser_url, autocommit=True) as boss:
            boss.execute(f"CREATE DATABASE {FLOOR}")
        with psycopg.connect(self.database.superuser_url, dbname=FLOOR) as boss:
            boss.execute(sql.SQL(ENTRY).format(application=sql.Identifier(embedded.APPLICATION)))
            boss.execute(
                "INSERT INTO entry (kind, person, phone, id_no, sex, age, temp_c, community, address, symptoms, travelled, note)"
                " SELECT 'visit', '某人' || n, '1990000' || n, '110101', 'f', 40, 36.5, '110198001001', '3-2-402', '', false,"
                " repeat('记', 40) FROM generate_series(1, 10000) n"
            )
            boss.execute("ANALYZE")

    def settle(self) -> None:
        """Let the database tidy up what was just filled in, so that no measurement pays for it."""
        for name in (embedded.DATABASE, FLOOR):
            with psycopg.connect(self.database.superuser_url, dbname=name, autocommit=True) as boss:
                boss.execute("VACUUM ANALYZE")
        with psycopg.connect(self.database.superuser_url, autocommit=True) as boss:
            boss.execute("CHECKPOINT")

    @contextmanager
    def serving(self, application: str) -> Iterator[int]:
        """A web server as ``lianfang up`` starts it, for an application; its port, once it answers."""
        port = free_port()
        command = [*_web_command("127.0.0.1", port)[:-1], application]
        with (self.home / "log" / f"{port}.log").open("ab") as output:
            child = spawn(command, env=self.env, output=output, directory=CHECKOUT)
        try:
            _await(port)
            yield port
        finally:
            tell(child, 15)
            ended(child, 3)
            sweep(child)

    @contextmanager
    def logged(self) -> Iterator[Callable[[], list[str]]]:
        """The database writes down every statement of the application that begins from here on; gives a way to read
        them, without BEGIN and COMMIT."""
        log = self.database.directory.log

        def statements() -> list[str]:
            said = log.read_bytes()[mark:].decode("utf-8", "replace")
            return [one for one in said.splitlines() if STATEMENT.search(one) and not ENDS.search(one)]

        self._sql("ALTER ROLE {} SET log_statement = 'all'")
        mark = log.stat().st_size
        try:
            yield statements
        finally:
            self._sql("ALTER ROLE {} RESET log_statement")

    def _sql(self, statement: LiteralString) -> None:
        with psycopg.connect(self.database.superuser_url, autocommit=True) as boss:
            boss.execute(sql.SQL(statement).format(sql.Identifier(embedded.APPLICATION)))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _await(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as line:
            line.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            if line.recv(12).startswith(b"HTTP/1.1"):
                return
        time.sleep(0.1)
    sys.exit("the web server did not start")


@contextmanager
def stage() -> Iterator[Stage]:
    """A filled stage; nothing of it is left behind."""
    home = Path(tempfile.mkdtemp(prefix="lfb"))
    try:
        with embedded.start(home) as database:
            made = Stage(home, database)
            made.fill()
            yield made
    finally:
        shutil.rmtree(home, ignore_errors=True)
