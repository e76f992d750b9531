"""Numbers and moments as they are said: 200 and not 200.00; 02-27 10:05."""

from datetime import datetime
from decimal import Decimal

from lianfang.ground.clock import BEIJING

from .numbers import CENT


def plain(number: Decimal | None) -> str:
    """A number without the noughts behind its point."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_cents(number: Decimal) -> Decimal:
    """A number as its column holds it."""
    return number.quantize(CENT)


def clock_words(moment: datetime) -> str:
    """Day and time, in Beijing."""
    return f"{moment.astimezone(BEIJING):%m-%d %H:%M}"
