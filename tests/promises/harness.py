"""One whole installation in a home of its own: database, web server and worker, as ``lianfang up`` runs them. Any of its
processes can be killed without a word, and whatever died is started again.

Nothing of the product is replaced: the settings only add an effect, so that notes have something that follows from them.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from lianfang.doors.console.supervising import environment, python
from lianfang.doors.console.up import _web_command
from lianfang.ground import embedded
from lianfang.ground.children import Child, ended, spawn, sweep, tell

CHECKOUT = Path(__file__).resolve().parents[2]
SETTINGS = "tests.promises.harness_settings"
PATIENCE = 90.0
"""Seconds after which something that never came is called lost; nothing is measured by it."""


def until(true: Callable[[], object], why: str, seconds: float = PATIENCE) -> None:
    """Wait until ``true()`` is; AssertionError saying ``why`` if it never is."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"still not so after {seconds:.0f} s: {why}"
        time.sleep(0.05)


def children_of(parent: int) -> list[tuple[int, str]]:
    """The living children of a process, with their command lines."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            state, mother = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(mother) == parent and state != "Z":
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                found.append((int(entry.name), words.decode(errors="replace")))
    return found


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


class Installation:
    """A street that runs. Make it, start and mend it from the main thread: its processes end with the thread that
    started them."""

    def __init__(self, home: Path, database: embedded.Running, name: str) -> None:
        self.home, self.database, self.name, self.port = home, database, name, free_port()
        self.web: Child | None = None
        self.worker: Child | None = None
        own = f"@/{embedded.DATABASE}?"
        self._env = environment(
            {
                "LIANFANG_HOME": str(home),
                "LIANFANG_DATABASE_URL": database.app_url.replace(own, f"@/{name}?"),
                "LIANFANG_OWNER_URL": database.owner_url.replace(own, f"@/{name}?"),
                "DJANGO_SETTINGS_MODULE": SETTINGS,
            }
        )
        self._env.pop("LIANFANG_DEMO", None)
        self._more: dict[str, str] = {}
        self.witnesses: list[Callable[[], str]] = []
        """What is asked when something never came: one line each."""

    def open(self, **more: str) -> None:
        """Start web server and worker, and wait for a first answer. ``more`` goes into their environment."""
        self._more = more
        self.until(self.answers, "the web server answers")

    def mend(self) -> None:
        """Start again whatever is dead."""
        self.mend_database()
        if self.web is None or self.web.poll() is not None:
            self.web = self._start(self.web, "web", _web_command("127.0.0.1", self.port))
        if self.worker is None or self.worker.poll() is not None:
            self.worker = self._start(self.worker, "worker", python("lianfang", "worker"))

    def mend_database(self) -> None:
        """Start the database again if it is dead."""
        if not self.database.alive():
            self.database.restart()

    def until(self, true: Callable[[], object], why: str) -> None:
        """Wait until ``true()`` is, starting again whatever dies meanwhile."""
        try:
            until(lambda: self.mend() or true(), why)
        except AssertionError:
            print(*(ask() for ask in self.witnesses), self.victims(), sep="\n")
            print(self.log("web"), self.log("worker"), sep="\n")
            raise

    def _start(self, dead: Child | None, name: str, command: list[str]) -> Child:
        if dead is not None:
            sweep(dead)
        with (self.home / "log" / f"{name}.log").open("ab") as output:
            return spawn(command, env=self._env | self._more, output=output, directory=CHECKOUT)

    def answers(self) -> bool:
        """Whether the desk answers at all."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as line:
            line.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return line.recv(15).startswith((b"HTTP/1.1 200", b"HTTP/1.1 302"))
        return False

    def victims(self) -> dict[str, list[int]]:
        """What can be killed now: name to process ids."""
        assert self.web is not None
        assert self.worker is not None
        under = children_of(self.web.pid)
        backends = children_of(self.database.pid)
        return {
            "web master": [self.web.pid],
            "web worker": [pid for pid, words in under if "resource_tracker" not in words],
            "worker": [self.worker.pid],
            "postmaster": [self.database.pid],
            "backend": [pid for pid, words in backends if "lianfang_app" in words],
        }

    def kill(self, name: str, rng: Random) -> bool:
        """Kill one process of this name without a word; False if there is none."""
        pids = self.victims()[name]
        if not pids:
            return False
        with suppress(ProcessLookupError):
            os.kill(rng.choice(sorted(pids)), signal.SIGKILL)
        return True

    def sql(self, query: str, *params: object) -> list[tuple[Any, ...]]:
        """Rows as nobody's scope hides them."""
        with psycopg.connect(self.database.superuser_url, dbname=self.name) as connection:
            return connection.execute(query, params or None).fetchall()  # type: ignore[arg-type]

    def log(self, name: str) -> str:
        """The last words of web or worker."""
        return (self.home / "log" / f"{name}.log").read_text(errors="replace")[-4000:]

    def close(self) -> None:
        """Stop web server and worker; the database goes on."""
        for child in (self.web, self.worker):
            if child is not None:
                tell(child, signal.SIGTERM)
                ended(child, 3)
                sweep(child)
        self.web = self.worker = None
