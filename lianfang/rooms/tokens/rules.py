"""What a token looks like, how long it lives, and which roles another system may have. Pure."""

import re
import secrets
from hashlib import sha256
from typing import NamedTuple

LONGEST = 366
"""A token lives a year at most; then somebody has to think of it again."""

MOST = 20
"""So many tokens one worker or one system may have at a time."""

SYSTEMS = {
    "hotline": frozenset({"street", "district"}),
    "department": frozenset({"street", "district", "city", "province"}),
    "reader": frozenset({"street", "district", "city", "province"}),
    "auditor": frozenset({"community", "street", "district", "city", "province"}),
}
"""The roles of other systems, and at which level each is held: a hotline hands calls in, the others read. None of them
decides anything, and none sees a name."""

_FORM = re.compile(r"lf_[A-Za-z0-9_-]{8}\.[A-Za-z0-9_-]{43}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PREFIX = re.compile(r"lf_[A-Za-z0-9_-]{8}", re.ASCII)


class Secret(NamedTuple):
    """A fresh token: the text that is shown once, the beginning by which it is recognised, the hash that is kept."""

    text: str
    prefix: str
    digest: str


def fresh() -> Secret:
    """A token nobody can guess: 256 random bits, so that a plain hash of it is safe to keep and nothing need be slow."""
    prefix = f"lf_{secrets.token_urlsafe(6)}"
    text = f"{prefix}.{secrets.token_urlsafe(32)}"
    return Secret(text, prefix, digest_of(text))


def digest_of(text: str) -> str:
    """The hash a token is kept as."""
    return sha256(text.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Whether this can be a token at all."""
    return bool(_FORM.fullmatch(text))


def is_kept(prefix: str, digest: str) -> bool:
    """Whether these can be the beginning and the hash of a token."""
    return bool(_PREFIX.fullmatch(prefix) and _DIGEST.fullmatch(digest))
