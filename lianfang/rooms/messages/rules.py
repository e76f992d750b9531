"""How long a slip opens a page."""

from datetime import datetime, timedelta

AFTER_RELEASE = timedelta(days=14)
"""So long after his release somebody may still read what was decided about him, and why."""

LONGEST = timedelta(days=60)
"""No slip lives longer, whatever it is for."""


def expires(issued: datetime, release: datetime | None) -> datetime:
    """When a slip issued at a moment ends: two weeks after the release it is about, at most sixty days from now; without
    an order two weeks from now."""
    return min((release or issued) + AFTER_RELEASE, issued + LONGEST)
