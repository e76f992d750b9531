"""The server's directories, the user it runs as, and what a killed server leaves behind."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lianfang.ground.home import CannotStart, is_ours
from lianfang.ground.server_binaries import Binaries, choose, reachable

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103
"""Bytes: 107 on Linux and 103 on the BSDs and macOS; the lower holds for all."""
LOG_BYTES = 5_000_000


@dataclass(frozen=True)
class Directory:
    """`data`: the cluster. `socket`: where it listens. `log`: what it says. `account`: whom it runs as
    if not as us."""

    data: Path
    socket: Path
    log: Path
    account: pwd.struct_passwd | None


def ready_directory(home: Path, log: Callable[[str], None]) -> tuple[Directory, Binaries]:
    """Choose user, binaries and paths, and make the directories around the cluster.

    Raises CannotStart if the unprivileged user cannot get there, or the data want another release.
    """
    data = home / "database" / "cluster"
    version = data / "PG_VERSION"
    binaries = choose(int(version.read_text().strip()) if version.exists() else None, log)
    account = _account(data) if os.geteuid() == 0 else None
    if account is not None:
        _open_way(home, account)
        binaries = reachable(binaries, account, home, log)
    _make(data.parent, account)
    socket = _socket_directory(home)
    _make(socket, account)
    output = home / "log" / "database.log"
    if output.exists() and output.stat().st_size > LOG_BYTES:
        output.replace(output.with_suffix(".log.1"))
    return Directory(data, socket, output, account), binaries


def _account(data: Path) -> pwd.struct_passwd:
    """Whom root's server runs as: the owner of the data there are, else `postgres`, else `nobody`."""
    if data.exists():
        return pwd.getpwuid(data.stat().st_uid)
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CannotStart(
        "没有 postgres 也没有 nobody 用户；PostgreSQL 不能以 root 运行。请用普通用户启动。",
        "There is no user postgres or nobody, and PostgreSQL refuses root. Start as an ordinary user.",
    )


def _open_way(home: Path, account: pwd.struct_passwd) -> None:
    """Let the server's group pass through the home (not read it), and check that it gets there."""
    if is_ours(home):
        os.chown(home, 0, account.pw_gid)
        home.chmod(0o710)
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            ["/bin/sh", "-c", 'cd / && test -x "$1"', "sh", str(home)],
            cwd="/",
            check=False,
            timeout=20,
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
        ).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotStart(
            f"不能转为用户 {account.pw_name}：{error}。请用普通用户启动。",
            f"We cannot become the user {account.pw_name}: {error}. Start as an ordinary user.",
        ) from error
    if done != 0:
        raise CannotStart(
            f"数据库不能以 root 运行，而用户 {account.pw_name} 到不了 {home}。"
            "请用 LIANFANG_HOME 指定它能到达的目录，例如 /var/lib 之下。",
            f"The user {account.pw_name} (PostgreSQL refuses root) cannot get to {home}. "
            "Name a directory it can reach, for example below /var/lib, by LIANFANG_HOME.",
        )


def _socket_directory(home: Path) -> Path:
    """A directory whose socket path is short enough: in the home, else below the temporary directory."""
    key = f"lianfang-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:8]}"
    for place in (home / "socket", Path(tempfile.gettempdir()) / key, Path("/tmp") / key):  # noqa: S108
        if len(os.fsencode(place / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return place
    raise AssertionError("unreachable: /tmp is short")


def _make(place: Path, account: pwd.struct_passwd | None) -> None:
    """A directory of mode 0700 owned by the server's user; one that somebody else prepared is refused."""
    owner = account.pw_uid if account else os.geteuid()
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        # By handle and without following links: below /tmp the name may be swapped under our hands.
        handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            if os.fstat(handle).st_uid not in (owner, os.geteuid()):
                raise CannotStart(
                    f"{place} 属于别人，拒绝使用。请删除它，或设置 TMPDIR。",
                    f"{place} belongs to somebody else and is not used. Remove it, or set TMPDIR.",
                )
            if account is not None:
                os.fchown(handle, account.pw_uid, account.pw_gid)
            os.fchmod(handle, 0o700)
        finally:
            os.close(handle)
    except OSError as error:
        raise CannotStart(
            f"不能建立目录 {place}：{error.strerror}",
            f"The directory {place} cannot be made: {error.strerror}",
        ) from error


def clear_stale(directory: Directory, log: Callable[[str], None]) -> None:
    """Deal with the lock files of an earlier server of this cluster (we hold the home's lock).

    A server that outlived its starter is shut down. A pid that is a zombie, or by now another program,
    would make PostgreSQL refuse to start for ever: the files naming it are removed. PostgreSQL itself
    still refuses while a backend of the old server holds the shared memory.
    """
    files = (directory.data / "postmaster.pid", directory.socket / f"{SOCKET_NAME}.lock")
    for pid in {pid for file in files if (pid := _pid_in(file)) is not None}:
        _end_server(pid, directory.data, log)
        if _is_server(pid, directory.data):
            return
    for file in files:
        file.unlink(missing_ok=True)


def _pid_in(file: Path) -> int | None:
    try:
        return int(file.read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _end_server(pid: int, data: Path, log: Callable[[str], None]) -> None:
    for what, seconds in ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        if not _is_server(pid, data):
            return
        log(f"停止上次遗留的数据库进程 · stopping a database process left behind: {pid}")
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)
        _wait_until_gone(pid, data, seconds)


def _wait_until_gone(pid: int, data: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    while _is_server(pid, data) and time.monotonic() < until:
        time.sleep(0.05)


def _is_server(pid: int, data: Path) -> bool:
    """Whether this pid is a living postmaster of this very cluster."""
    process = Path("/proc") / str(pid)
    if Path("/proc/self").exists():
        try:
            state = (process / "stat").read_text().rsplit(")", 1)[1].split()[0]
            return state not in "ZX" and (process / "cwd").resolve() == data.resolve()
        except (OSError, IndexError):
            return False
    told = subprocess.run(  # noqa: S603 - a number
        ["ps", "-o", "stat=,command=", "-p", str(pid)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    ).stdout
    return not told.startswith("Z") and str(data) in told
