"""Where one installation keeps what is its own: the database, the secrets, the logs.

A home is a directory. `LIANFANG_HOME` names it; else it is `var/` in the checkout, and for root a
directory under `/var/lib`, because root's own directory is closed to the user the database runs as.

This page is read before Django's settings are, so it imports nothing but the standard library.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
FOR_ROOT = Path("/var/lib/lianfang")
OURS = ".lianfang"
"""An empty file that marks a directory as a home of ours, so that its mode may be set."""


class CannotStart(Exception):  # noqa: N818 - it is read in a sentence: raise CannotStart
    """Something a person must mend before Lianfang can start; says it in Chinese and in English.

    It is raised before any translation can be loaded, so it carries both.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en


def home() -> Path:
    """The directory of this installation (not yet made): setting, checkout, or root's place."""
    given = os.environ.get("LIANFANG_HOME", "").strip()
    if given:
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        return FOR_ROOT / hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:10]
    if (CHECKOUT / "run.py").exists():
        return CHECKOUT / "var"
    # Installed as a package: the directory above us is site-packages and not a place for data.
    share = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(share) / "lianfang"


def prepare(place: Path) -> Path:
    """Make the home if it is missing, closed to others, and return it.

    A directory that was there before and holds something else keeps its mode: it may be somebody's own.
    Raises CannotStart when it cannot be made or written.
    """
    try:
        if place.parent == FOR_ROOT:
            FOR_ROOT.mkdir(mode=0o755, exist_ok=True)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (place / OURS).exists() and not any(place.iterdir()):
            place.chmod(0o700)
            (place / OURS).touch(mode=0o600)
        (place / "log").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise CannotStart(
            f"不能使用目录 {place}：{error.strerror}。请用 LIANFANG_HOME 指定一个可写的目录。",
            f"The directory {place} cannot be used: {error.strerror}. Name a writable one by LIANFANG_HOME.",
        ) from error
    return place


def is_ours(place: Path) -> bool:
    """Whether this directory was made by us, so that we may set its owner and mode."""
    return (place / OURS).exists()


def write_closed(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner only; a power cut leaves the old or the new."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait for the file lock: two processes must not each invent the same secret, nor rewrite one file of keys."""
    with path.open("a") as file:
        path.chmod(0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def kept(place: Path, name: str, make: Callable[[], str]) -> str:
    """The secret of this name from `secrets.json` (mode 0600); the first who asks makes it.

    A damaged file is never replaced: without its keys the encrypted fields could not be read again.
    """
    path = place / "secrets.json"
    known = _read(path)
    if name in known:
        return known[name]
    prepare(place)
    with alone(place / "secrets.lock"):
        known = _read(path)
        if name not in known:
            known[name] = make()
            write_closed(path, json.dumps(known, indent=2, sort_keys=True) + "\n")
        return known[name]


def secret_key(place: Path | None = None) -> str:
    """Django's signing key: `LIANFANG_SECRET_KEY`, else the one kept in the home."""
    given = os.environ.get("LIANFANG_SECRET_KEY", "")
    return given or kept(place or home(), "django_secret_key", lambda: secrets.token_urlsafe(50))


def kind(place: Path) -> str:
    """What this home was claimed for: `demo`, `street`, or nothing yet."""
    try:
        return (place / "kind").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def claim(place: Path, kind: str) -> None:
    """Say once and for ever what this home is for, `demo` or `street`: the two never mix.

    Raises CannotStart when the home already is of the other kind.
    """
    path = prepare(place) / "kind"
    known = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    if not known:
        write_closed(path, kind + "\n")
    elif known != kind:
        other = place.with_name(place.name + "-" + kind)
        raise CannotStart(
            f"{place} 里是{_KIND_ZH.get(known, known)}，不能又作{_KIND_ZH[kind]}。"
            f"请另设目录，例如 LIANFANG_HOME={other}",
            f"{place} holds a {known} and cannot become a {kind} too. "
            f"Choose another directory, for example LIANFANG_HOME={other}",
        )


_KIND_ZH = {"demo": "演示数据", "street": "真实街道"}


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CannotStart(
            f"读不了密钥文件 {path}：{error}。请从备份恢复；没有它，加密的字段无法读出。",
            f"The file of secrets {path} cannot be read: {error}. Restore it from a backup; "
            "without it the encrypted fields stay closed.",
        ) from error
    if not isinstance(found, dict):
        raise CannotStart(
            f"密钥文件 {path} 内容不对。", f"The file of secrets {path} does not hold an object."
        )
    return {str(name): str(value) for name, value in found.items()}
