"""The key file, outside the database: what seals fields, what finds them, what proves the journal, what signs seals.

``{"current": id, "keys": {id: key}, "index": {id: key}, "journal": key,
"seals": {"current": id, "private": {id: key}, "public": {id: key}}}``, each key 32 bytes in base64.

A key of the vault and its index key live and die together. ``rotate`` adds a pair and makes it the current one: from
then on the old pair reads and finds, and seals nothing. Every process sees a new file within ``LOOK``, so nothing is
restarted. The journal's key is never changed: its fingerprints are compared for as long as lines last.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .home import alone, write_closed
from .refusals import Refused


class Keys:
    """The keys of one file, as they were when it was read."""

    def __init__(self, path: Path) -> None:
        content = json.loads(path.read_text())
        self.current: str = content["current"]
        self.keys = {name: b64decode(value) for name, value in content["keys"].items()}
        index = content["index"]
        # Files from before the first rotation hold one index key, for whatever keys there are.
        per_key = dict.fromkeys(self.keys, index) if isinstance(index, str) else index
        self.index = {name: b64decode(value) for name, value in per_key.items()}
        self.journal = b64decode(content["journal"])
        seals = content.get("seals", {"current": "", "private": {}, "public": {}})
        self.signing: str = seals["current"]
        self._private = {name: b64decode(value) for name, value in seals["private"].items()}
        self.public = {name: b64decode(value) for name, value in seals["public"].items()}

    @property
    def live(self) -> list[str]:
        """The keys of the vault, the current one first."""
        return [self.current, *(name for name in self.keys if name != self.current)]

    def sign(self, message: bytes) -> bytes:
        """Sign with the current signing key (Ed25519)."""
        return Ed25519PrivateKey.from_private_bytes(self._private[self.signing]).sign(message)


LOOK = 0.1
"""Seconds for which a process trusts the file it has read: a key is used many times in an act."""
_looked: tuple[str, float, Keys] | None = None


@lru_cache(maxsize=8)
def _read(path: str, _stamp: tuple[int, int, int]) -> Keys:
    return Keys(Path(path))


def keys() -> Keys:
    """The keys of this installation, read again soon after the file has become another one."""
    global _looked
    path, known, now = str(settings.LIANFANG_KEYS), _looked, time.monotonic()
    if known is not None and known[0] == path and now - known[1] < LOOK:
        return known[2]
    is_now = Path(path).stat()
    found = _read(path, (is_now.st_ino, is_now.st_mtime_ns, is_now.st_size))
    _looked = (path, now, found)
    return found


def look_again() -> None:
    """Read the file at the next use, however soon that is."""
    global _looked
    _looked = None


def _fresh() -> str:
    return b64encode(secrets.token_bytes(32)).decode()


def _pair() -> tuple[str, str]:
    private = secrets.token_bytes(32)
    public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return b64encode(private).decode(), b64encode(public).decode()


def _signing(name: str = "s001") -> dict[str, Any]:
    private, public = _pair()
    return {"current": name, "private": {name: private}, "public": {name: public}}


def make_keys(path: Path) -> None:
    """Write a new key file (mode 0600) if there is none; never overwrite one. A sound file from before there were seals
    gets its signing key."""
    first = "k001"
    fresh = {
        "current": first,
        "keys": {first: _fresh()},
        "index": {first: _fresh()},
        "journal": _fresh(),
        "seals": _signing(),
    }
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        _add_what_signs(path)
        return
    with os.fdopen(handle, "w") as out:
        json.dump(fresh, out, indent=1)
        out.flush()
        os.fsync(out.fileno())


def _add_what_signs(path: Path) -> None:
    try:
        known = json.loads(path.read_text())
    except ValueError:
        return  # damaged: somebody's only copy
    if isinstance(known, dict) and "keys" in known and "seals" not in known:
        with _rewriting(path) as content:
            content.setdefault("seals", _signing())


@contextmanager
def _rewriting(path: Path) -> Iterator[dict[str, Any]]:
    """The content of the file, to be changed by one process at a time; written in one step, or not at all."""
    with alone(path.with_suffix(".lock")):
        content = json.loads(path.read_text())
        if isinstance(content["index"], str):
            content["index"] = dict.fromkeys(content["keys"], content["index"])
        yield content
        write_closed(path, json.dumps(content, indent=1))
        look_again()


def _next(names: list[str]) -> str:
    """k001 → k002; always four signs, for a sealed value names its key in four bytes."""
    return f"{names[0][0]}{max(int(name[1:]) for name in names) + 1:03d}"


def rotate(path: Path) -> str:
    """Add a key and an index key and make them current; gives their name. One rotation at a time."""
    with _rewriting(path) as content:
        if len(content["keys"]) > 1:
            raise Refused(_("The rotation before this one is not finished: lianfang keys retire."))
        name = _next(list(content["keys"]))
        content["keys"][name], content["index"][name] = _fresh(), _fresh()
        content["current"] = name
    return name


def drop_old(path: Path, may: Callable[[list[str]], bool]) -> list[str]:
    """Take every key but the current one out of the file, if ``may`` agrees under the lock; gives their names."""
    gone: list[str] = []
    with _rewriting(path) as content:
        old = [name for name in content["keys"] if name != content["current"]]
        if old and may(old):
            gone = old
        for name in gone:
            del content["keys"][name], content["index"][name]
    return gone


def rotate_signing(path: Path) -> str:
    """Sign with a new key from now on. The old private key is gone, its public one stays, to check what it signed."""
    with _rewriting(path) as content:
        seals = content["seals"]
        name = _next(list(seals["public"]))
        private, public = _pair()
        seals["current"], seals["private"] = name, {name: private}
        seals["public"][name] = public
    return name


@lru_cache(maxsize=64)
def _checks_with(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether this key made this signature of this message."""
    try:
        _checks_with(public).verify(signature, message)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is no signature
        return False
    return True
