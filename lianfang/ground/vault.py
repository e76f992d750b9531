"""Identifiers under lock: AES-256-GCM with a random 96-bit nonce; the associated data binds a value to its table, row,
field and key, so that it cannot be moved. Beside it a blind index: HMAC-SHA-256 of field and normalised value under a
key of its own for each field, so that a number can be found without being readable (the idea of CipherSweet).

Keys lie in a file outside the database. This protects a stolen dump or disk; it does not protect against a
compromised application server.
"""

import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_VERSION = 1


class VaultError(Exception):
    """A sealed value could not be opened: wrong key, or it was changed or moved."""


class Keys:
    """The key file: ``{"current": id, "keys": {id: base64 of 32 bytes}, "index": base64, "journal": base64}``."""

    def __init__(self, path: Path) -> None:
        content = json.loads(path.read_text())
        self.current: str = content["current"]
        self.keys = {name: b64decode(value) for name, value in content["keys"].items()}
        self.index, self.journal = b64decode(content["index"]), b64decode(content["journal"])


def make_keys(path: Path) -> None:
    """Write a new key file (mode 0600) if there is none; never overwrite one."""
    fresh = {
        "current": "k001",
        "keys": {"k001": b64encode(secrets.token_bytes(32)).decode()},
        "index": b64encode(secrets.token_bytes(32)).decode(),
        "journal": b64encode(secrets.token_bytes(32)).decode(),
    }
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as out:
        json.dump(fresh, out, indent=1)
        out.flush()
        os.fsync(out.fileno())


@lru_cache(maxsize=4)
def _keys(path: str) -> Keys:
    return Keys(Path(path))


def keys() -> Keys:
    """The keys of this installation."""
    return _keys(str(settings.LIANFANG_KEYS))


def _associated(table: str, row: UUID, field: str, key: str) -> bytes:
    return f"{table}|{row}|{field}|{key}".encode()


def seal(table: str, row: UUID, field: str, value: str) -> bytes:
    """Encrypt ``value`` for exactly this table, row and field. Layout: version, key id (4), nonce (12), text and tag."""
    ring = keys()
    nonce = secrets.token_bytes(12)
    text = AESGCM(ring.keys[ring.current]).encrypt(
        nonce, value.encode(), _associated(table, row, field, ring.current)
    )
    return bytes([_VERSION]) + ring.current.encode() + nonce + text


def unseal(table: str, row: UUID, field: str, sealed: bytes) -> str:
    """Decrypt what ``seal`` made; raises VaultError if it is not of this table, row and field, or was changed."""
    sealed = bytes(sealed)
    key = sealed[1:5].decode("ascii", "replace")
    if len(sealed) < 33 or sealed[0] != _VERSION or key not in keys().keys:
        raise VaultError(f"unknown key or layout in {table}.{field}")
    try:
        text = AESGCM(keys().keys[key]).decrypt(
            sealed[5:17], sealed[17:], _associated(table, row, field, key)
        )
    except InvalidTag as broken:
        raise VaultError(f"{table}.{field} was changed or moved") from broken
    return text.decode()


def blind(field: str, value: str, bits: int = 256) -> bytes:
    """The blind index of a normalised value: the first ``bits`` (a multiple of 8) of an HMAC under the field's own key."""
    own = hmac.digest(keys().index, field.encode(), sha256)
    return hmac.digest(own, value.encode(), sha256)[: bits // 8]


def fingerprint(row: UUID, field: str, value: Any) -> str:
    """A keyed hash by which the notebook can prove a personal value without holding it (22 characters)."""
    plain = json.dumps(value, default=str, ensure_ascii=False, sort_keys=True)
    return (
        "#" + b64encode(hmac.digest(keys().journal, f"{row}|{field}|{plain}".encode(), sha256)[:16]).decode()
    )
