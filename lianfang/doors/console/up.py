"""``lianfang up``: the database, its tables, a demo street if asked, the web server and the worker.

One process starts the others and looks after them. It needs no Django: the settings want the database's
address, and a supervisor should be small. Whatever ends it, the others end too.
"""

from __future__ import annotations

import argparse
import http.client
import ipaddress
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType

import psycopg

from lianfang.ground import embedded, safety
from lianfang.ground.home import CannotStart, claim, home, prepare

from . import CANNOT_START, language
from .demo_sheet import sign_in_sheet
from .supervising import Kept, KeptDatabase, carry_out, environment, python, stop_all

HOST, PORT, PORTS_TRIED = "127.0.0.1", 8000, 20
PATIENCE = 90.0
"""Seconds the web server may take to answer its first request."""
PATIENCE_WITH_ERRORS = 5.0
"""Seconds it may answer with nothing but errors of its own."""
SPEAKERS = 64
"""So many clients may be in the midst of what they send to one web process, and others are served all the same."""


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    english = language() == "en"
    parser.add_argument(
        "--demo", action="store_true",
        help="with an invented street" if english else "带一个虚构的演示街道",
    )  # fmt: skip
    parser.add_argument(
        "--to", default="", metavar="SCENE",
        help="with --demo: play its story until then (morning, fever, …, or 2020-02-28T09:00)"
        if english else "与 --demo 同用：故事先演到这里（morning、fever…，或 2020-02-28T09:00）",
    )  # fmt: skip
    parser.add_argument("--host", default=HOST, help=f"({HOST})")
    parser.add_argument("--port", type=_port, default=None, help=f"({PORT})")


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 65_536:
        raise argparse.ArgumentTypeError("1-65535")
    return number


class Stop(BaseException):
    """Somebody asked us to end; raised in the main thread wherever it is."""


def run(name: str, given: argparse.Namespace) -> int:
    """Start everything and stay until told to end. 0 after Ctrl-C; 4 if something must be mended first."""
    began = time.monotonic()
    try:
        with _ending_on_signals(), ExitStack() as stack:
            kept, database, url = _start(given, stack)
            stack.callback(_say, "正在停止…", "stopping …")
            _greet(given, url, time.monotonic() - began)
            while True:
                if database:
                    database.tend()
                for one in kept:
                    one.tend()
                time.sleep(0.2)
    except Stop:
        _say("已停止", "stopped")
        return 0
    except _StepFailed as failed:
        _say(f"✗ {failed}：未启动", f"✗ {failed}: not started")
        return CANNOT_START


class _StepFailed(Exception):  # noqa: N818 - a step that failed
    """A command of ours ended badly and has said why."""


def _start(given: argparse.Namespace, stack: ExitStack) -> tuple[list[Kept], KeptDatabase | None, str]:
    house = prepare(home())
    claim(house, "demo" if given.demo else "street")
    port = free_port(given.host, given.port)
    if not _loopback(given.host) and given.demo:
        _say(
            "！演示口令人人皆知，而网页将对外开放",
            "! everybody knows the demo's password, and it will be reachable",
        )
    running, urls = _database(house, stack)
    env = environment(urls | _for_web(given.host, given.demo))
    if not given.demo:
        env.pop("LIANFANG_DEMO", None)
    _say("更新数据表", "bringing the tables to date")
    _step(["migrate"], env)
    _insist(urls["LIANFANG_DATABASE_URL"])
    if given.demo:
        _say("准备演示街道", "preparing the demo street")
        _step(["demo", "--to", given.to] if given.to else ["demo"], env)
    _say("启动网页和后台", "starting web and worker")
    kept: list[Kept] = []
    stack.callback(stop_all, kept)
    web = Kept("网页", "the web server", _web_command(given.host, port), env, house / "log" / "web.log", _say)
    kept.append(web)
    worker = python("lianfang", "worker")
    log = house / "log" / "worker.log"
    # Asked politely while its database goes too, it would wait for that to come back; its jobs are safe.
    kept.append(Kept("后台", "the worker", worker, env, log, _say, when_we_die=signal.SIGKILL))
    _await(web, given.host, port)
    return kept, KeptDatabase(running, _say) if running else None, _url(given.host, port)


def _database(house: Path, stack: ExitStack) -> tuple[embedded.Running | None, dict[str, str]]:
    """The database of the two settings, or one of our own."""
    names = ("LIANFANG_DATABASE_URL", "LIANFANG_OWNER_URL")
    given = {name: os.environ[name] for name in names if os.environ.get(name)}
    if len(given) == 1:
        (missing,) = set(names) - set(given)
        raise CannotStart(
            f"外部数据库要两个设置，缺少 {missing}。",
            f"A database of your own takes two settings; {missing} is missing.",
        )
    if given:
        _say("使用外部数据库", "using the database of the settings")
        return None, given
    _say("启动数据库", "starting the database")
    running = stack.enter_context(embedded.start(house, log=_both))
    return running, {"LIANFANG_DATABASE_URL": running.app_url, "LIANFANG_OWNER_URL": running.owner_url}


def _insist(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=10) as connection, connection.cursor() as cursor:
            problems = safety.unsafe(cursor)
    except psycopg.OperationalError as error:
        raise CannotStart(f"连不上数据库：{error}", f"The database cannot be reached: {error}") from error
    if problems:
        raise CannotStart(
            "\n".join(["数据库不安全，不能启动：", *(one.zh for one in problems)]),
            "\n".join(["This database is not safe to start on:", *(one.en for one in problems)]),
        )


def _step(words: list[str], env: dict[str, str]) -> None:
    if carry_out(words, env, _print) != 0:
        raise _StepFailed("lianfang " + " ".join(words))


def _web_command(host: str, port: int) -> list[str]:
    # Many threads to listen, one at a time to work (doors/in_turn.py): more would queue behind each other in one interpreter.
    return python(
        "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", os.environ.get("LIANFANG_WEB_WORKERS", "2"), "--blocking-threads", str(SPEAKERS), "--no-ws",
        "--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "2",
        "--log-level", "warning", "config.wsgi:application",
    )  # fmt: skip


def _for_web(host: str, demo: bool) -> dict[str, str]:
    more = {"LIANFANG_DEMO": "1"} if demo else {}
    if "LIANFANG_HOSTS" not in os.environ and not _loopback(host) and not _everywhere(host):
        more["LIANFANG_HOSTS"] = f"127.0.0.1,localhost,[::1],{_bracketed(host)}"
    return more


def _await(web: Kept, host: str, port: int) -> None:
    """Until the web server answers a request properly; CannotStart, with its last words, if it does not."""
    began = said = time.monotonic()
    status, failing_since = 0, None
    while time.monotonic() - began < PATIENCE and web.alive():
        status = _asked(host, port)
        if 0 < status < 500:
            return
        failing_since = (failing_since or time.monotonic()) if status else None
        if failing_since and time.monotonic() - failing_since > PATIENCE_WITH_ERRORS:
            break
        if time.monotonic() - said >= 2:
            said = time.monotonic()
            _print(f"  … {said - began:.0f} s")
        # One worker that dies before the first answer would only die again: say why now.
        if status == 0 and "Unexpected exit from worker" in web.last_words():
            break
        time.sleep(0.1)
    words = f"{f'HTTP {status}' if status else ''}\n{web.last_words()}\n{web.log}"
    raise CannotStart(f"网页没有启动：{words}", f"The web server did not start: {words}")


def _asked(host: str, port: int) -> int:
    """The status of a plain request, 0 if there was no answer."""
    there = ("::1" if ":" in host else "127.0.0.1") if _everywhere(host) else host
    connection = http.client.HTTPConnection(there, port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": "localhost"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def free_port(host: str, wanted: int | None) -> int:
    """The port asked for, or else the first free one from 8000 on. CannotStart if there is none."""
    tried = [wanted] if wanted else list(range(PORT, PORT + PORTS_TRIED))
    trouble: OSError | None = None
    for port in tried:
        try:
            family, kind, _, _, there = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            # Without SO_REUSEPORT, which the web server sets: it would share a stranger's port silently.
            with socket.socket(family, kind) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(there)
            return port
        except OSError as error:
            trouble = error
    first, last = tried[0], tried[-1]
    which = str(first) if first == last else f"{first}-{last}"
    why = trouble.strerror if trouble else ""
    raise CannotStart(
        f"不能在 {host} 的端口 {which} 上提供网页：{why}。请用 --port 另选端口，或用 --host 另选地址。",
        f"The web cannot be served at {host}, port {which}: {why}. Choose another by --port or --host.",
    )


def _loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _everywhere(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_unspecified
    return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _url(host: str, port: int) -> str:
    return f"http://{'127.0.0.1' if _everywhere(host) else _bracketed(host)}:{port}/"


def _greet(given: argparse.Namespace, url: str, seconds: float) -> None:
    english = language() == "en"
    _print("")
    _say(f"联防已启动（{seconds:.1f} 秒）  {url}", f"Lianfang is running ({seconds:.1f} s)  {url}")
    if given.demo:
        for line in sign_in_sheet(english=english):
            _print(line)
    logs = home() / "log"
    _say(f"日志在 {logs}；按 Ctrl-C 停止", f"Logs are in {logs}; Ctrl-C stops everything")


@contextmanager
def _ending_on_signals() -> Iterator[None]:
    """Ctrl-C, a polite kill and a closed terminal raise Stop, once; what cleans up is not disturbed again."""
    asked = False

    def handler(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise Stop

    before = {}
    for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # nohup sets SIGHUP to be ignored, and means it.
        if which != signal.SIGHUP or signal.getsignal(which) != signal.SIG_IGN:
            before[which] = signal.signal(which, handler)
    try:
        yield
    finally:
        asked = True
        for which, old in before.items():
            signal.signal(which, old)


def _both(line: str) -> None:
    """A line of the ground's, which speaks both languages at once: "中文 · English" (raw seconds are both)."""
    zh, _, en = line.partition("·")
    _say(zh.strip(), en.strip() or zh)


def _say(zh: str, en: str) -> None:
    _print(en if language() == "en" else zh)


def _print(line: str) -> None:
    # The terminal may be gone (a closed window); that must not end what we look after.
    with suppress(OSError, ValueError):
        print(line, flush=True)
