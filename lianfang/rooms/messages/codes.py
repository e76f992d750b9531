"""The code of a slip: how it is made, written, read, and what is kept of it.

Ten signs of an alphabet of 31 in which no two look alike: 31¹⁰ codes, 49.5 bits. Printed in a square to be scanned, ten
signs more prove that the link was made here (99 bits in all): whoever scans does not guess, and is never made to wait.

A code follows from the id of its slip and the secret of the installation, so that a form sent twice shows one code. It is
kept nowhere; in the database lies a hash under another key, without which not even a guess can be tried.
"""

from typing import NamedTuple
from unicodedata import normalize
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters without 0 and O, 1, I and L."""

LENGTH = 10
LONGEST = 64
"""Signs of what somebody typed that are looked at."""


class Read(NamedTuple):
    """What was typed or scanned: the hash to look for, and whether it was a link of ours."""

    digest: UUID
    scanned: bool


def _hash(purpose: str, text: str) -> bytes:
    return salted_hmac(f"lianfang.slip.{purpose}", text, algorithm="sha256").digest()


def _signs(purpose: str, text: str) -> str:
    number, signs = int.from_bytes(_hash(purpose, text)), ""
    for _each in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        signs += ALPHABET[rest]
    return signs


def code_for(slip: UUID) -> str:
    """The code of the slip with this id."""
    return _signs("code", str(slip))


def written(code: str) -> str:
    """A code as it is printed: two groups of five."""
    return f"{code[:5]}-{code[5:]}"


def link_of(code: str) -> str:
    """The signs of the printed square: the code, and the proof that it was printed here."""
    return code + _signs("link", code)


def digest_of(code: str) -> UUID:
    """What is kept of a code."""
    return UUID(bytes=_hash("digest", code)[:16])


def read(text: str) -> Read:
    """Whatever somebody typed or scanned, as a hash to look for; for what is no code, one that nothing has. Blanks, dashes,
    small letters and full-width signs do not matter."""
    plain = "".join(one for one in normalize("NFKC", text[:LONGEST]).upper() if one.isalnum())
    code, proof = plain[:LENGTH], plain[LENGTH:]
    if proof and constant_time_compare(proof, _signs("link", code)):
        return Read(digest_of(code), scanned=True)
    return Read(digest_of(plain), scanned=False)
