"""Holds: named, read-only questions about a matter that one room answers and another room's guard asks.

Work rooms do not import each other. A room that knows whether "a question is still open" registers the hold here by
name; a guard elsewhere asks by that name. The list of holds is one page: ``all_holds()``.
"""

from collections.abc import Callable
from uuid import UUID

Hold = Callable[[UUID], bool | int]
"""Yes or no; or a number, such as the days a ruling gives, where nought is no."""

_HOLDS: dict[str, Hold] = {}


def hold(name: str) -> Callable[[Hold], Hold]:
    """Register a read-only question about a matter under a name."""

    def declare(question: Hold) -> Hold:
        if name in _HOLDS:
            raise ValueError(f"two rooms answer {name!r}")
        _HOLDS[name] = question
        return question

    return declare


def holds(name: str, matter: UUID) -> bool:
    """Ask a hold for yes or no; an unknown name is a bug and raises KeyError."""
    return bool(_HOLDS[name](matter))


def figure(name: str, matter: UUID) -> int:
    """Ask a hold for its number; nought is no."""
    return int(_HOLDS[name](matter))


def all_holds() -> dict[str, Hold]:
    """Every hold by name."""
    return dict(_HOLDS)
