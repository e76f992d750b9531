"""Identifiers: UUIDv7 for what is new, UUIDv5 for what follows from something (so that doing it twice does it once)."""

from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

CLOCK = UUID("00000000-0000-7000-8000-00000000c10c")
"""The actor that is nobody: time itself (house: "the clock is a door too")."""

OPERATOR = UUID("00000000-0000-7000-8000-0000000009e7")
"""The actor that sets a street up at the console, before anybody is posted."""


def new_id() -> UUID:
    """A fresh identifier, ordered by time (RFC 9562, version 7)."""
    return uuid7()


def derived(cause: UUID, name: str) -> UUID:
    """The identifier of what follows from ``cause``; the same cause and name always give the same one."""
    return uuid5(cause, name)
