"""Notes 民情: what was heard at a door, on the phone, at a gate or at the desk. Written once, never
overwritten."""

from .acts import write

__all__ = ["write"]
