"""Children that are kept running: started again when they die, stopped in order, never left behind."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lianfang.ground.children import Child, ended, spawn, sweep, tell
from lianfang.ground.embedded import Running
from lianfang.ground.home import CHECKOUT, CannotStart

Say = Callable[[str, str], None]
"""Says one thing, in Chinese or in English."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
SETTLED = 60.0
"""Seconds after which a child counts as well and its next death is again answered at once."""
LOG_BYTES = 5_000_000


def python(*words: str) -> list[str]:
    """A command of our own Python. -P: the directory one happens to be in must not stand in for our packages."""
    return [sys.executable, "-P", "-m", *words]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Our environment, with what children must know; they find the checkout even if it is not installed."""
    paths = [str(CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1", **more}


class Pause:
    """How long to wait before the next try: longer each time, short again after a quiet while."""

    def __init__(self) -> None:
        self._next = FIRST_PAUSE
        self._until: float | None = None

    def well(self, since: float) -> None:
        if time.monotonic() - since > SETTLED:
            self._next = FIRST_PAUSE

    def over(self) -> bool:
        """Whether to try now; the first call after a death begins the wait."""
        now = time.monotonic()
        if self._until is None:
            self._until = now + self._next
            self._next = min(self._next * 4, LONGEST_PAUSE)
        if now < self._until:
            return False
        self._until = None
        return True


class Kept:
    """One child and its log; `tend` it often. `when_we_die`: what the kernel sends it if we are killed."""

    def __init__(
        self,
        zh: str,
        en: str,
        command: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        say: Say,
        when_we_die: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.zh, self.en, self.log, self._when_we_die = zh, en, log, when_we_die
        self._command, self._env, self._say = command, env, say
        self._pause = Pause()
        self._told = False
        self.start()

    def start(self) -> None:
        """Start it, its words going to the log."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._mark = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as output:
            self.child: Child = spawn(
                self._command,
                env=self._env,
                output=output,
                directory=CHECKOUT,
                when_we_die=self._when_we_die,
            )
        self._since = time.monotonic()
        self._told = False

    def alive(self) -> bool:
        return self.child.poll() is None

    def tend(self) -> None:
        """Start it again if it died, after a pause that grows."""
        if self.alive():
            self._pause.well(self._since)
            return
        if not self._told:
            self._told = True
            how = ending(self.child.returncode)
            self._say(f"！{self.zh}停了（{how}），重新启动", f"! {self.en} ended ({how}), starting it again")
        if self._pause.over():
            sweep(self.child)
            self.start()

    def last_words(self) -> str:
        """The end of what this run of it has said."""
        with self.log.open("rb") as file:
            file.seek(self._mark)
            return file.read()[-1200:].decode("utf-8", "replace").strip()


class KeptDatabase:
    """The same for the database we run."""

    def __init__(self, running: Running, say: Say) -> None:
        self._running, self._say = running, say
        self._pause = Pause()
        self._since = time.monotonic()
        self._told = False

    def tend(self) -> None:
        """Start it again if it died; what was committed is there afterwards."""
        if self._running.alive():
            self._pause.well(self._since)
            return
        if not self._told:
            self._told = True
            self._say("！数据库停了，重新启动", "! the database ended, starting it again")
        if not self._pause.over():
            return
        try:
            self._running.restart()
        except CannotStart as trouble:
            self._say(trouble.zh, trouble.en)
            return
        self._say("数据库已恢复", "the database is back")
        self._since, self._told = time.monotonic(), False


def ending(code: int) -> str:
    """An exit code in words."""
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


def stop_all(kept: Sequence[Kept], seconds: float = 2.5) -> None:
    """Ask all to stop, wait for them together, then kill whatever is left of each group."""
    for one in kept:
        tell(one.child, signal.SIGTERM)
    until = time.monotonic() + seconds
    for one in kept:
        ended(one.child, max(0.0, until - time.monotonic()))
        sweep(one.child)


def carry_out(words: Sequence[str], env: Mapping[str, str], say: Callable[[str], None]) -> int:
    """Run one command of ours to its end, passing on each line it says and, when it is silent, the seconds.

    Returns its exit code. However we leave, it is gone.
    """
    child = spawn(python("lianfang", *words), env=env, output=subprocess.PIPE, directory=CHECKOUT)
    pipe = child.stdout
    assert pipe is not None  # noqa: S101 - a pipe was asked for
    began = time.monotonic()
    rest = b""
    try:
        with pipe, selectors.DefaultSelector() as ready:
            ready.register(pipe, selectors.EVENT_READ)
            while True:
                if not ready.select(2):
                    say(f"  … {time.monotonic() - began:.0f} s")
                    continue
                chunk = os.read(pipe.fileno(), 65_536)
                *lines, rest = (rest + chunk).split(b"\n")
                for line in [*lines, *([rest] if rest and not chunk else [])]:
                    say(line.decode("utf-8", "replace").rstrip())
                if not chunk:
                    break
        return child.wait()
    finally:
        tell(child, signal.SIGTERM)
        ended(child, 2)
        sweep(child)
