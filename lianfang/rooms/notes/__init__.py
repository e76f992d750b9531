"""Notes 民情: what was heard at a door, on the phone, at a gate or at the desk, and what was promised there. A note is
written once, never overwritten. A promise: open → kept; or open → lapsed → kept, late."""

from .acts import keep, lapse, write

__all__ = ["keep", "lapse", "write"]
