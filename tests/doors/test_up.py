"""``lianfang up``: one command starts everything, keeps it alive, and leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lianfang.doors.console import supervising, up
from lianfang.ground import home
from lianfang.ground.home import CHECKOUT, CannotStart

LONG = 180.0
"""Seconds nothing here should come near; only a hang does."""


def _heard_when_the_line_is_cut() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Up:
    """A running ``lianfang up`` and what it has said so far."""

    def __init__(self, place: Path, *words: str, **settings: str) -> None:
        known = {name: value for name, value in os.environ.items() if not name.startswith("LIANFANG_")}
        self.place = place
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lianfang", "up", *words],
            cwd=CHECKOUT,
            env=known | {"LIANFANG_HOME": str(place), "LIANFANG_LANG": "en"} | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # Whoever runs the tests under nohup does not run Lianfang under it.
            preexec_fn=_heard_when_the_line_is_cut,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def until(self, words: str) -> None:
        assert eventually(lambda: words in self.said or self.process.poll() is not None), self.said
        assert words in self.said, self.said

    def port(self) -> int:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", self.said)
        assert found, self.said
        return int(found[1])

    def end(self, what: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(what)
        code = self.process.wait(LONG)
        self._listener.join(LONG)
        return code

    def child(self, words: str) -> int:
        """The process id of our child whose command line has these words."""
        for pid in processes_of(self.place):
            status = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            if int(status[1]) == self.process.pid and words in command_of(pid):
                return pid
        raise AssertionError(f"no child {words}: {self.said}")


def eventually(true: Callable[[], object], seconds: float = LONG) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return False


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def processes_of(place: Path) -> list[int]:
    """Every living process that knows this home, by its command or its environment (not we ourselves)."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                known = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            except OSError:
                continue
            if os.fsencode(place) in known:
                found.append(int(process.name))
    return found


def status_at(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


@pytest.fixture
def place() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="lf-up-"))
    yield path
    for pid in processes_of(path):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def pattern() -> Iterator[Path]:
    """A home that was started once and ended: its tables are made."""
    path = Path(tempfile.mkdtemp(prefix="lf-up-"))
    one = Up(path)
    one.until("Ctrl-C")
    assert one.end() == 0
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def made(place: Path, pattern: Path) -> Path:
    """A copy of that home, because making the tables takes long."""
    subprocess.run(["cp", "-a", f"{pattern}/.", str(place)], check=True)
    return place


@pytest.fixture(scope="module")
def running(pattern: Path) -> Iterator[Up]:
    """One that runs for the tests that only kill its children."""
    path = Path(tempfile.mkdtemp(prefix="lf-up-"))
    subprocess.run(["cp", "-a", f"{pattern}/.", str(path)], check=True)
    one = Up(path)
    try:
        one.until("Ctrl-C")
        yield one
    finally:
        one.process.kill()
        eventually(lambda: not processes_of(path), 20)
        shutil.rmtree(path, ignore_errors=True)


def test_it_says_where_to_look_and_answers_there(running: Up) -> None:
    assert 0 < status_at(running.port()) < 500
    assert str(running.place / "log") in running.said


@pytest.mark.parametrize(
    ("words", "said"),
    [("granian", "the web server"), ("lianfang worker", "the worker"), ("postgres -D", "the database")],
)
def test_a_child_that_dies_is_named_and_started_again(running: Up, words: str, said: str) -> None:
    before = running.child(words)
    seen = len(running.lines)
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: any(f"! {said} ended" in line for line in running.lines[seen:]))
    assert eventually(
        lambda: any(words in command_of(pid) for pid in processes_of(running.place) if pid != before)
    )
    assert eventually(lambda: 0 < status_at(running.port()) < 500)
    assert running.process.poll() is None


def test_a_second_one_on_the_same_home_says_who_is_first(running: Up) -> None:
    second = Up(running.place)
    assert second.process.wait(LONG) == 4
    second._listener.join(LONG)
    assert f"already run by process {running.process.pid}" in second.said
    assert 0 < status_at(running.port()) < 500


@pytest.mark.parametrize("what", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_ends_everything_and_is_content(made: Path, what: signal.Signals) -> None:
    one = Up(made)
    one.until("Ctrl-C")
    assert len(processes_of(made)) > 4
    assert one.end(what) == 0
    assert processes_of(made) == []
    assert one.lines[-1] == "stopped"
    assert not (made / "database" / "cluster" / "postmaster.pid").exists(), "the database ended in order"


@pytest.mark.parametrize("after", ["starting the database", "bringing the tables to date", "starting web"])
def test_told_to_end_while_it_starts_it_ends_everything(place: Path, after: str) -> None:
    one = Up(place)
    one.until(after)
    assert one.end() == 0
    assert processes_of(place) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_killed_without_a_word_it_still_leaves_nothing_behind(made: Path) -> None:
    one = Up(made)
    one.until("Ctrl-C")
    one.process.kill()
    one.process.wait()
    assert eventually(lambda: not processes_of(made), 30), [command_of(pid) for pid in processes_of(made)]


def test_a_port_in_use_is_said_and_only_replaced_if_nobody_asked_for_it(place: Path) -> None:
    with socket.socket() as taken:
        # Shared ports are how web servers run several processes; we must not slip in beside a stranger.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one = Up(place, "--port", str(port))
        assert one.process.wait(LONG) == 4
        one._listener.join(LONG)
        assert str(port) in one.said
        assert "--port" in one.said
        assert not (place / "database").exists(), "said before anything was made"


def test_the_next_free_port_is_taken_if_nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        # Shared ports are how web servers run several processes; we must not slip in beside a stranger.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(up, "PORT", taken.getsockname()[1])
        assert up.free_port("127.0.0.1", None) > up.PORT
        monkeypatch.setattr(up, "PORTS_TRIED", 1)
        with pytest.raises(CannotStart, match=str(up.PORT)):
            up.free_port("127.0.0.1", None)


def test_one_setting_of_two_for_a_database_of_ones_own_is_not_enough(place: Path) -> None:
    one = Up(place, LIANFANG_DATABASE_URL="postgresql://app@/lianfang")
    assert one.process.wait(LONG) == 4
    one._listener.join(LONG)
    assert "LIANFANG_OWNER_URL is missing" in one.said


def test_a_demo_and_a_street_do_not_share_a_home(place: Path) -> None:
    home.claim(place, "street")
    one = Up(place, "--demo")
    assert one.process.wait(LONG) == 4
    one._listener.join(LONG)
    assert "LIANFANG_HOME=" in one.said


def test_an_unsafe_database_of_ones_own_is_refused_with_its_cure(place: Path) -> None:
    from lianfang.ground import embedded

    with embedded.start(place) as server:
        whole = server.superuser_url.replace("/postgres?", "/lianfang?")
        theirs = Path(tempfile.mkdtemp(prefix="lf-up-"))
        try:
            one = Up(theirs, LIANFANG_DATABASE_URL=whole, LIANFANG_OWNER_URL=server.owner_url)
            assert one.process.wait(LONG) == 4
            one._listener.join(LONG)
            assert "NOSUPERUSER" in one.said
            assert "starting web" not in one.said
        finally:
            shutil.rmtree(theirs)


def test_the_pause_before_another_try_grows_and_is_forgotten_when_all_is_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr(supervising.time, "monotonic", lambda: now)
    pause = supervising.Pause()
    waits = []
    for _ in range(6):
        began = now
        while not pause.over():
            now += 0.1
        waits.append(round(now - began, 1))
    assert waits == sorted(waits)
    assert waits[0] < 0.5
    assert waits[-1] == pytest.approx(supervising.LONGEST_PAUSE, abs=0.2)
    pause.well(now - supervising.SETTLED - 1)
    began = now
    while not pause.over():
        now += 0.1
    assert now - began < 0.5
