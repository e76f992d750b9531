"""Processes we start and must never leave behind.

Each child leads a process group of its own, so that Ctrl-C reaches us alone and we stop the rest in
order. On Linux a child is also told by the kernel when we die without a word (kill -9).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

Child = subprocess.Popen[bytes]


def spawn(
    args: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    output: IO[bytes] | int,
    directory: Path,
    account: pwd.struct_passwd | None = None,
    when_we_die: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start a child in its own process group, both outputs into `output`, nothing to read.

    `account`: the user to become (root only). `when_we_die`: the signal it gets if our thread ends
    first, so call this from the main thread. Raises OSError when the program cannot be run.
    """
    us = os.getpid()

    def tie() -> None:
        # After the change of user, which would clear it; before exec, which keeps it.
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(when_we_die), 0, 0, 0)
            if os.getppid() != us:
                os._exit(1)

    return subprocess.Popen(  # noqa: S603 - callers give a program of ours or of PostgreSQL
        [str(arg) for arg in args],
        env=dict(env),
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        process_group=0,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        umask=0o077,
        preexec_fn=tie,
    )


def ended(child: Child, seconds: float, *, every: Callable[[float], None] | None = None) -> bool:
    """Wait for the child at most so long; whether it ended. `every` is told the seconds passed."""
    began = time.monotonic()
    while child.poll() is None:
        passed = time.monotonic() - began
        if passed >= seconds:
            return False
        if every is not None:
            every(passed)
        time.sleep(0.02)
    return True


def tell(child: Child, what: signal.Signals) -> None:
    """Signal the child itself, if it still runs."""
    if child.poll() is None:
        child.send_signal(what)


def sweep(child: Child) -> None:
    """Kill whatever is left of the child's process group, and reap the child."""
    # Nobody is left, or (so macOS says it) only zombies.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
