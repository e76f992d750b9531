"""How long a ticket may take: the levels of the city's clock, and which level a request has unless somebody says
otherwise. Calendar days: the sources say "7 days", and name no working day."""

from datetime import datetime, timedelta

LEVELS = {
    "2h": timedelta(hours=2),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "15d": timedelta(days=15),
}
"""Level and its time: danger to life or property · water, power, gas, heating and such · ordinary · complex."""

BY_CATEGORY = {"danger": "2h", "utilities": "24h", "medical": "24h"}
BY_TYPE = {"enquiry": "24h", "suggestion": "15d"}


def level_for(type: str, category: str) -> str:
    """The level of a request by what it is about, then by what kind it is; ordinary if neither says."""
    return BY_CATEGORY.get(category) or BY_TYPE.get(type) or "7d"


def due(level: str, received: datetime) -> datetime:
    """When the answer is due: counted from the call, by the calendar."""
    return received + LEVELS[level]


def figures(phone: str) -> str:
    """A phone number by its figures, without blanks, dashes and the country's code, so that the same is found again."""
    found = "".join(one for one in phone if one in "0123456789")
    return found[2:] if len(found) == 13 and found.startswith("86") else found
