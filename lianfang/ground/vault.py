"""Identifiers under lock: AES-256-GCM with a random 96-bit nonce; the associated data binds a value to its table, row,
field and key, so that it cannot be moved. Beside it a blind index: HMAC-SHA-256 of field and normalised value under a
key of its own for each field, so that a number can be found without being readable (the idea of CipherSweet).

Keys lie in a file outside the database (``keyring``). This protects a stolen dump or disk; it does not protect against a
compromised application server.
"""

import hmac
import json
import secrets
from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .keyring import Keys, keys, make_keys

__all__ = [
    "Keys",
    "VaultError",
    "blind",
    "blinds",
    "fingerprint",
    "keys",
    "make_keys",
    "seal",
    "unseal",
]

_VERSION = 1


class VaultError(Exception):
    """A sealed value could not be opened: wrong key, or it was changed or moved."""


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
    key, ring = sealed[1:5].decode("ascii", "replace"), keys().keys
    if len(sealed) < 33 or sealed[0] != _VERSION or key not in ring:
        raise VaultError(f"unknown key or layout in {table}.{field}")
    try:
        text = AESGCM(ring[key]).decrypt(sealed[5:17], sealed[17:], _associated(table, row, field, key))
    except InvalidTag as broken:
        raise VaultError(f"{table}.{field} was changed or moved") from broken
    return text.decode()


def blind(field: str, value: str, bits: int = 256, key: str = "") -> bytes:
    """The blind index of a normalised value: the first ``bits`` (a multiple of 8) of an HMAC under the field's own key.
    ``key``: another key of the file than the current one."""
    ring = keys()
    return _blind(ring.index[key or ring.current], field, value, bits)


def blinds(field: str, value: str, bits: int = 256) -> list[bytes]:
    """The blind indexes under every live key, the current one first: while a rotation goes on, a row may be found under
    either. What searches asks for any of them (``phone_index__in=vault.blinds("phone", text, 32)``)."""
    ring = keys()
    return [_blind(ring.index[key], field, value, bits) for key in ring.live]


def _blind(index: bytes, field: str, value: str, bits: int) -> bytes:
    own = hmac.digest(index, field.encode(), sha256)
    return hmac.digest(own, value.encode(), sha256)[: bits // 8]


def fingerprint(row: UUID, field: str, value: Any) -> str:
    """A keyed hash by which the notebook can prove a personal value without holding it (22 characters)."""
    plain = json.dumps(value, default=str, ensure_ascii=False, sort_keys=True)
    return (
        "#" + b64encode(hmac.digest(keys().journal, f"{row}|{field}|{plain}".encode(), sha256)[:16]).decode()
    )
