"""The hours of a brief, and how many words fit on its sheet. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
HOUR = time(9, 0)
"""A brief of a day tells of the twenty-four hours before this hour of it, and how things stand at it."""

DRAFTED = time(7, 0)
"""From this hour on the clock drafts what nobody has drafted."""

ASKS = 3
"""So many things may be asked of those above; whoever asks for more is asked for nothing."""

HEADLINE, ASK = 240, 120
"""How many signs of each fit on one sheet."""

LATEST = timedelta(days=14)
"""How far back a brief may be drafted, and how far back late data are told of."""

PLACES = ("street", "community")
"""The levels that have a brief."""


def closes(day: date) -> datetime:
    """The moment a day's brief tells of: nothing after it is counted."""
    return datetime.combine(day, HOUR, BEIJING)


def opens(day: date) -> datetime:
    """The moment after which what happened is of this day."""
    return closes(day - timedelta(days=1))
