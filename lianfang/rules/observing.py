"""Somebody under observation, in numbers: when each check opens and when it counts as missed, what a body's temperature can
be, and how soon a release follows. Pure."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from unicodedata import normalize

from lianfang.rules.deciding import HERE

LOWEST, HIGHEST = Decimal("34.0"), Decimal("43.0")
"""What a thermometer on a living body shows; anything else was typed wrong."""

STOP = chr(0x3002)
"""The full stop a Chinese keyboard types where a point is meant."""

READING = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s*°?[^\W\d_]?")
"""A number, with its unit or without."""

WITHIN = timedelta(hours=1)
"""So soon after it is due a release is made; after that it is overdue."""


class Slot(NamedTuple):
    """One check: day n, the half of it, from when on and until when it may be taken."""

    day: int
    half: str
    opens: datetime
    due: datetime


def slots(first_day: date, days: int, morning_by: int, evening_by: int) -> list[Slot]:
    """Two checks for each day after day 0: the first until the hour ``morning_by``, the second from then on until
    ``evening_by``, Beijing time."""
    found = []
    for number in range(1, days + 1):
        day = first_day + timedelta(days=number)
        midnight = datetime(day.year, day.month, day.day, tzinfo=HERE)
        noon, evening = midnight + timedelta(hours=morning_by), midnight + timedelta(hours=evening_by)
        found += [Slot(number, "am", midnight, noon), Slot(number, "pm", noon, evening)]
    return found


def of_a_body(temperature: Decimal) -> bool:
    """Whether a thermometer can have shown this: within bounds, one place after the point."""
    if not temperature.is_finite() or not LOWEST <= temperature <= HIGHEST:
        return False
    return temperature == temperature.quantize(Decimal("0.1"))


def typed_temperature(said: str) -> Decimal | None:
    """A reading however it was typed (full-width, with a Chinese stop for the point, with its unit), or None for nothing.
    Raises ValueError for what is no number."""
    plain = normalize("NFKC", said).replace(STOP, ".").strip()
    found = READING.fullmatch(plain)
    if plain and not found:
        raise ValueError(said)
    return Decimal(found[1]) if found else None
