"""The PostgreSQL that Lianfang starts for itself.

One `postgres` runs in the foreground as our child; nothing is installed and nothing listens on the
network. Who may reach it, and why it is done so:

- The server speaks only over a unix socket in a directory of mode 0700. For an ordinary user that is
  this user alone. When root starts us, PostgreSQL refuses to be root, so the server runs as `postgres`
  (or `nobody`) and owns the directory; root passes through.
- Behind that door every role still needs its own random password (scram), kept in the home's
  `secrets.json`, mode 0600. `trust` would let any other program of that unprivileged user (many things
  run as `nobody`) become superuser, and `peer` cannot work: root is not the user the server knows.
- Three roles: `postgres` makes the cluster and is used for nothing else, `lianfang_owner` owns the
  tables and migrates, `lianfang_app` owns nothing and is bound by row-level security.

Durability is set on the command line, where no file in the data directory can weaken it. It needs no
Django: the settings want to know the address of the database that is started here.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from lianfang.ground import server_roles
from lianfang.ground.children import Child, ended, spawn, sweep, tell
from lianfang.ground.home import CannotStart, kept, prepare
from lianfang.ground.server_binaries import Binaries
from lianfang.ground.server_directory import Directory, clear_stale, ready_directory

Log = Callable[[str], None]
DATABASE = "lianfang"
SUPERUSER, OWNER, APPLICATION = "postgres", "lianfang_owner", "lianfang_app"
RECOVERY_SECONDS = 900.0
"""How long a crash recovery may take before we say it is stuck."""


def quiet(_: str) -> None:
    """A log that says nothing."""


def address(socket: Path, role: str, password: str, database: str = DATABASE) -> str:
    """A libpq address over the unix socket, for psycopg and for `psycopg.conninfo`."""
    return f"postgresql://{role}:{quote(password, safe='')}@/{database}?host={quote(str(socket), safe='')}"


@dataclass
class Running:
    """A database that answers. Use it as a context manager, or call `stop`."""

    owner_url: str
    app_url: str
    superuser_url: str
    version: tuple[int, int]
    directory: Directory
    log: Log
    _binaries: Binaries
    _child: Child
    _lock: IO[str]
    _stopped: bool = field(default=False)

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        return self._child.pid

    def alive(self) -> bool:
        """Whether our server process still runs."""
        return not self._stopped and self._child.poll() is None

    def restart(self) -> None:
        """Start the server again after it died; what was committed is there when this returns."""
        sweep(self._child)
        self._child = _launch(self.directory, self._binaries, self.superuser_url, self.log)

    def stop(self, seconds: float = 8.0) -> None:
        """Fast shutdown (sessions are cut, a checkpoint is written); after `seconds` the immediate one.

        The immediate shutdown loses nothing that was committed: the next start replays the log.
        """
        if self._stopped:
            return
        tell(self._child, signal.SIGINT)
        if not ended(self._child, seconds):
            tell(self._child, signal.SIGQUIT)
            ended(self._child, 5)
        sweep(self._child)
        self._stopped = True
        self._lock.close()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(home: Path, *, log: Log = quiet) -> Running:
    """Start the database of this home, made first if there is none, and wait until it answers.

    Call it from the main thread: the server ends with the thread that started it. Raises CannotStart,
    in words a person can act on, also when another process already runs this home's database.
    """
    prepare(home)
    lock = _take(home)
    try:
        directory, binaries = ready_directory(home, log)
        roles = {
            role: kept(home, f"database_password_{role}", lambda: secrets.token_urlsafe(24))
            for role in (SUPERUSER, OWNER, APPLICATION)
        }
        if not directory.data.exists():
            server_roles.initialise(directory, binaries, SUPERUSER, roles[SUPERUSER], log)
        superuser = address(directory.socket, SUPERUSER, roles[SUPERUSER], "postgres")
        child = _launch(directory, binaries, superuser, log)
        try:
            server_roles.set_up(superuser, DATABASE, (OWNER, roles[OWNER]), (APPLICATION, roles[APPLICATION]))
        except BaseException:
            tell(child, signal.SIGINT)
            ended(child, 8)
            sweep(child)
            raise
        return Running(
            owner_url=address(directory.socket, OWNER, roles[OWNER]),
            app_url=address(directory.socket, APPLICATION, roles[APPLICATION]),
            superuser_url=superuser,
            version=binaries.version,
            directory=directory,
            log=log,
            _binaries=binaries,
            _child=child,
            _lock=lock,
        )
    except BaseException:
        lock.close()
        raise


@dataclass(frozen=True)
class Addresses:
    """Where the database of a home answers, whoever runs it."""

    owner_url: str
    app_url: str
    superuser_url: str


@contextmanager
def reach(home: Path, *, log: Log = quiet) -> Iterator[Addresses]:
    """The database of this home for one command: the one that already runs, else ours for so long."""
    holder = None
    try:
        running = start(home, log=log)
    except AlreadyRunning as busy:
        holder = busy
    if holder is None:
        with running:
            yield Addresses(running.owner_url, running.app_url, running.superuser_url)
        return
    directory, _ = ready_directory(home, quiet)
    words = {role: kept(home, f"database_password_{role}", _lost) for role in (SUPERUSER, OWNER, APPLICATION)}
    superuser = address(directory.socket, SUPERUSER, words[SUPERUSER], "postgres")
    if not _answers(superuser):
        raise holder
    yield Addresses(
        address(directory.socket, OWNER, words[OWNER]),
        address(directory.socket, APPLICATION, words[APPLICATION]),
        superuser,
    )


def _lost() -> str:
    raise CannotStart("数据库口令缺失。", "The database's passwords are missing from secrets.json.")


class AlreadyRunning(CannotStart):
    """Another process runs the database of this home."""


def _take(home: Path) -> IO[str]:
    """Hold this home until the file is closed; the kernel lets go when we die, however we die."""
    lock = (home / "running.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        who = lock.read().strip() or "?"
        lock.close()
        raise AlreadyRunning(
            f"{home} 的数据库已由进程 {who} 启动。请先停止它（在它的窗口按 Ctrl-C），或另设 LIANFANG_HOME。",
            f"The database of {home} is already run by process {who}. Stop that one first "
            "(Ctrl-C in its window), or choose another LIANFANG_HOME.",
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _settings(directory: Directory) -> dict[str, str]:
    """What the server is told on its command line; memory is modest and may be raised by environment."""
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(directory.socket),
        "port": "5432",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "shared_buffers": os.environ.get("LIANFANG_PG_SHARED_BUFFERS", "128MB"),
        "max_connections": os.environ.get("LIANFANG_PG_MAX_CONNECTIONS", "60"),
        "work_mem": os.environ.get("LIANFANG_PG_WORK_MEM", "8MB"),
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "password_encryption": "scram-sha-256",
        # A failing statement and its detail quote rows, that is people: the log must not.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_statement": "none",
    }


def _launch(directory: Directory, binaries: Binaries, superuser: str, log: Log) -> Child:
    """Run `postgres` until it answers; a dying predecessor is waited for, a dead one cleaned up after."""
    began = time.monotonic()
    while True:
        clear_stale(directory, log)
        mark = directory.log.stat().st_size if directory.log.exists() else 0
        child = _spawn(directory, binaries)
        try:
            if _await(child, superuser, log):
                return child
        except BaseException:
            tell(child, signal.SIGQUIT)
            ended(child, 5)
            sweep(child)
            raise
        sweep(child)
        said = _since(directory.log, mark)
        # Backends of a killed postmaster need a moment to notice that it is gone.
        if "shared memory block" in said and time.monotonic() - began < 20:
            time.sleep(0.2)
            continue
        raise CannotStart(
            f"数据库没有启动（{directory.log}）：\n{said[-1500:]}",
            f"The database did not start ({directory.log}):\n{said[-1500:]}",
        )


def _spawn(directory: Directory, binaries: Binaries) -> Child:
    options = [part for name, value in _settings(directory).items() for part in ("-c", f"{name}={value}")]
    with directory.log.open("ab") as output:
        return spawn(
            [binaries.folder / "postgres", "-D", directory.data, *options],
            env=server_roles.environment(binaries),
            output=output,
            directory=directory.data.parent,
            account=directory.account,
            when_we_die=signal.SIGINT,
        )


def _await(child: Child, superuser: str, log: Log) -> bool:
    """True once a real connection was made; False if the server ended instead."""
    began = said = time.monotonic()
    while child.poll() is None:
        if _answers(superuser):
            return True
        now = time.monotonic()
        if now - said >= 2:
            said = now
            log(f"等待数据库（恢复中）· waiting for the database (recovering) … {now - began:.0f} s")
        if now - began > RECOVERY_SECONDS:
            raise CannotStart(
                f"数据库 {RECOVERY_SECONDS:.0f} 秒仍未就绪。", f"No answer in {RECOVERY_SECONDS:.0f} s."
            )
        time.sleep(0.03)
    return False


def _answers(url: str) -> bool:
    """Whether a real connection can be made; a pid file or a listening socket proves nothing."""
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
            connection.execute("SELECT 1")
        return True
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise CannotStart(
                "数据库口令与 secrets.json 不符。请从备份恢复该文件。",
                "The database's password is not the one in secrets.json. Restore that file from a backup.",
            ) from error
        return False


def _since(path: Path, mark: int) -> str:
    with path.open("rb") as file:
        file.seek(mark)
        return file.read().decode("utf-8", "replace")
