"""The one place that asks what time it is.

Rooms are handed the time (``at``). A demo street lives on 26 February 2020, so the clock can be moved; settings
refuse a moved clock outside ``--demo``.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")

_shift = timedelta(0)


def now() -> datetime:
    """The current moment, aware, in UTC; moved by what ``move_to`` set."""
    return datetime.now(UTC) + _shift


def move_to(moment: datetime | None) -> None:
    """Let the clock read ``moment`` from here on and run; ``None`` sets it right again."""
    global _shift
    _shift = timedelta(0) if moment is None else moment - datetime.now(UTC)


def shift() -> timedelta:
    """How far the clock is moved."""
    return _shift


def move_by(distance: timedelta) -> None:
    """Move the clock by a distance, so that several processes of a demo agree."""
    global _shift
    _shift = distance


def is_moved() -> bool:
    """Whether the clock has been moved (a demo, or a test)."""
    return _shift != timedelta(0)
