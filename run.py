"""The one file to run: sets Lianfang up beside itself and starts it.

    python3 run.py up --demo      set up if needed, then start everything with a demo street
    python3 run.py check          set up if needed, then run every check and test
    python3 run.py WORDS …        set up if needed, then `lianfang WORDS …`

It needs Python 3.11 with its venv module and nothing else. What it installs lies in `.venv` beside it
and is exactly what the lock says, by hash. Set-up may be broken off at any moment and is taken up again.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an old one reads this line
    sys.exit(
        "需要 Python 3.11 或更新，这里是 %s。请安装后用它运行，例如 python3.11 run.py up --demo\n"
        "Python 3.11 or newer is needed, this is %s. Install it and run this file with it, for example\n"
        "    python3.11 run.py up --demo" % ((sys.version.split()[0],) * 2)
    )

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "lianfang-set-up.json"
LOCK, DEV_LOCK = HERE / "requirements.lock", HERE / "requirements-dev.lock"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
USAGE = 2


def say(zh: str, en: str) -> None:
    print(f"· {zh} · {en}", flush=True)


def stop(zh: str, en: str) -> NoReturn:
    """End here: something a person must mend."""
    sys.exit(f"✗ {zh}\n  {en}")


# Set-up


def set_up(*, development: bool) -> None:
    """Bring `.venv` to what the lock says; at once if it already is there."""
    lock = DEV_LOCK if development else LOCK
    wanted = state_of(lock)
    if is_set_up(wanted):
        return
    with alone():
        if is_set_up(wanted):
            return
        try:
            make_venv()
            STAMP.unlink(missing_ok=True)
            install(lock)
            connect_checkout()
            STAMP.write_text(json.dumps(wanted), encoding="utf-8")
        except OSError as error:
            stop(f"不能写 {VENV}：{error}。请以这个目录的主人运行，或把它复制到自己的目录。",
                 f"{VENV} cannot be written: {error}. Run it as its owner, or copy it.")  # fmt: skip
        say("安装完成", "set up")


def state_of(lock: Path) -> dict[str, str]:
    """What a finished set-up looks like: lock, place and Python, each of which makes the old one useless."""
    try:
        digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    except OSError as error:
        stop(f"缺少 {lock.name}：{error.strerror}", f"{lock.name} is missing: {error.strerror}")
    return {lock.name: digest, "place": str(HERE)}


def is_set_up(wanted: dict[str, str]) -> bool:
    """Whether the stamp says so, for the ordinary lock or for the development lock, which contains it."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not PYTHON.exists() or found.get("place") != wanted["place"]:
        return False
    if LOCK.name in wanted and DEV_LOCK.name in found:
        return bool(found[DEV_LOCK.name] == state_of(DEV_LOCK)[DEV_LOCK.name])
    return bool(found == wanted)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two set-ups at once wait for each other."""
    directory = os.open(HERE, os.O_RDONLY)
    try:
        try:
            fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("等待另一个安装完成…", "waiting for another set-up …")
            fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)


def make_venv() -> None:
    """A working `.venv` of this checkout; one that was broken off, moved or is too old is made anew."""
    if venv_works():
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        stop(
            f"这个 Python（{sys.executable}）缺少 venv 模块。Debian/Ubuntu：apt install {package}",
            f"This Python ({sys.executable}) lacks its venv. On Debian or Ubuntu: apt install {package}",
        )
    try:
        if VENV.is_symlink() or VENV.is_file():
            VENV.unlink()
        elif VENV.exists():
            say("上次的安装不完整，重新来过", "an earlier set-up is incomplete or was moved, making it anew")
            shutil.rmtree(VENV)
    except OSError as error:
        stop(f"不能清除 {VENV}：{error.strerror}", f"{VENV} cannot be removed: {error.strerror}")
    say(f"建立 {VENV.name}（几秒钟）", f"making {VENV.name}, a few seconds")
    code, said = watch([sys.executable, "-m", "venv", str(VENV)], str)
    if code != 0:
        stop(f"建立 {VENV} 失败：", f"{VENV} could not be made:\n{''.join(said)}")


def venv_works() -> bool:
    """Whether it runs a Python that is new enough, has pip, and was made for this very place."""
    question = "import sys, pip; print(sys.prefix); sys.exit(sys.version_info < (3, 11))"
    try:
        done = subprocess.run([PYTHON, "-I", "-c", question], capture_output=True, text=True, timeout=60)
        home = (VENV / "bin" / "activate").read_text(encoding="utf-8", errors="replace")
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and Path(done.stdout.strip()) == VENV and str(VENV) in home


def install(lock: Path) -> None:
    """Install the lock, by hash, saying how far it is."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    number = sum(1 for line in lines if "==" in line and line[0].isalpha())
    say(f"安装 {number} 个软件包（{lock.name}）", f"installing {number} packages of {lock.name}")
    done = 0

    def shown(line: str) -> str:
        nonlocal done
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            done += 1
            return f"[{min(done, number)}/{number}] {line.partition(': ')[2] or line[11:]}".split(" (from")[0]
        return "写入 · writing" if line.startswith("Installing collected") else ""

    code, said = watch(
        [str(PYTHON), "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
         "--require-hashes", "--progress-bar", "off", "-r", str(lock)],
        shown,
    )  # fmt: skip
    if code != 0:
        print("".join(said[-40:]))
        stop("安装失败（见上）。改正后再运行同一命令，会接着安装。",
             "It failed, see above. Mend it and run the same command: it goes on.")  # fmt: skip


def watch(command: list[str], shown: Callable[[str], str]) -> tuple[int, list[str]]:
    """Run a command quietly and say every two seconds how far it is; its exit code and all it said.

    `shown` turns a line of its output into what to say, or into nothing.
    """
    heard: list[str] = []
    latest = ""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace",
    )  # fmt: skip

    def listen() -> None:
        nonlocal latest
        assert process.stdout is not None
        for line in process.stdout:
            heard.append(line)
            latest = shown(line) or latest

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    began = time.monotonic()
    try:
        while listener.is_alive():
            listener.join(2)
            if listener.is_alive():
                print(f"  {time.monotonic() - began:3.0f} s  {latest.strip()[:100]}", flush=True)
        return process.wait(), heard
    except BaseException:
        process.terminate()
        process.wait()
        raise


def connect_checkout() -> None:
    """Let `.venv` find this checkout, and give it the command `lianfang`: no build, no network."""
    packages = next((VENV / "lib").glob("python3*/site-packages"))
    (packages / "lianfang-checkout.pth").write_text(f"{HERE}\n", encoding="utf-8")
    script = VENV / "bin" / "lianfang"
    # A shell line instead of an interpreter line: those may neither be long nor contain a space.
    script.write_text(
        f"#!/bin/sh\n'''exec' \"{PYTHON}\" -P \"$0\" \"$@\"\n' '''\n"
        "import sys\n\nfrom lianfang.doors.console import main\n\nsys.exit(main())\n",
        encoding="utf-8",
    )
    script.chmod(0o755)


# Checks


def check(words: list[str]) -> int:
    """Every check and every test. Returns the exit code; the last line is pytest's unless a check failed."""
    rest = words[words.index("--") + 1 :] if "--" in words else []
    own = words[: words.index("--")] if "--" in words else words
    if set(own) - {"--without-browser"}:
        print("python3 run.py check [--without-browser] [-- pytest's own options]")
        return USAGE
    environment = dict(os.environ)
    selection: list[str] = []
    if "--without-browser" in own:
        say("不跑浏览器测试", "browser tests are left out, as asked")
        selection = ["-m", "not browser"]
    else:
        environment["CHROME_PATH"] = ready_browser()
    set_up(development=True)
    steps: tuple[tuple[str, list[str]], ...] = (
        ("ruff", ["-m", "ruff", "check", "."]),
        ("ruff format", ["-m", "ruff", "format", "--check", "."]),
        ("mypy", ["-m", "mypy"]),
        ("import-linter", ["-c", "from importlinter.cli import lint_imports_command as c; c()"]),
    )
    failed = [name for name, words in steps if run_step(name, words, environment) != 0]
    code = run_step("pytest", ["-m", "pytest", *selection, *rest], environment)
    if failed:
        print("✗ 未通过 · failed: " + ", ".join(failed), flush=True)
    return code or bool(failed)


def run_step(name: str, words: list[str], environment: dict[str, str]) -> int:
    print(f"\n=== {name}", flush=True)
    began = time.monotonic()
    code = subprocess.run([str(PYTHON), *words], cwd=HERE, env=environment).returncode
    if name != "pytest":
        print(f"=== {name}: {'通过 passed' if code == 0 else f'未通过 FAILED ({code})'}, "
              f"{time.monotonic() - began:.1f} s", flush=True)  # fmt: skip
    return code


def ready_browser() -> str:
    """The Chromium to test with, installed by apt when we are root and there is none."""
    found = find_browser()
    if not found:
        mend_zh = "安装 chromium，或用 CHROME_PATH 指定；或加 --without-browser 略过浏览器测试。"
        mend_en = (
            "install chromium, or name one by CHROME_PATH; or leave these tests out by --without-browser."
        )
        if os.environ.get("CHROME_PATH"):
            stop(f"CHROME_PATH={os.environ['CHROME_PATH']} 不能运行。请{mend_zh}",
                 f"CHROME_PATH={os.environ['CHROME_PATH']} cannot be run. Please {mend_en}")  # fmt: skip
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            stop(f"没有找到 Chromium。请{mend_zh}", f"No Chromium was found. Please {mend_en}")
        apt("chromium", "fonts-noto-cjk")
        found = find_browser()
        if not found:
            stop(
                f"apt 没有装出可用的 Chromium。请{mend_zh}",
                f"apt brought no usable Chromium. Please {mend_en}",
            )
    if not has_chinese_font():
        if os.geteuid() == 0 and shutil.which("apt-get"):
            apt("fonts-noto-cjk", "fontconfig")
        else:
            say("没有中文字体，截图里会是方框。请安装 fonts-noto-cjk",
                "no Chinese font: pictures will show boxes. Install fonts-noto-cjk")  # fmt: skip
    return found


def find_browser() -> str:
    named = os.environ.get("CHROME_PATH", "")
    if named:
        return named if os.access(named, os.X_OK) and Path(named).is_file() else ""
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    return bool(subprocess.run([lister, ":lang=zh-cn"], capture_output=True, text=True).stdout.strip())


def apt(*packages: str) -> None:
    """Install by apt; only as root, only when something is missing."""
    say(f"用 apt 安装 {' '.join(packages)}（可能要几分钟）", "installing by apt, may take minutes")
    watch(["apt-get", "update", "-q"], str)  # what fails to update may still be installable
    code, said = watch(["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages], str)
    if code != 0:
        print("".join(said[-25:]))
        stop(f"apt 安装失败：{' '.join(packages)}", "The installation by apt failed, see above.")


def main(words: list[str]) -> int:  # noqa: RET503 - the last call does not return
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    if not words or words[0] in {"-h", "--help", "help"}:
        print(__doc__)
        return 0 if words else USAGE
    if words[0] == "check":
        return check(words[1:])
    set_up(development=False)
    sys.stdout.flush()
    # -P: what lies in the directory one happens to be in must not stand in for our packages.
    os.execv(PYTHON, [str(PYTHON), "-P", "-m", "lianfang", *words])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
