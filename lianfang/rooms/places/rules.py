"""The building generator: floors × units × doors, with exceptions; and doors as people say them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class DoorPlan(NamedTuple):
    """One door of a plan: unit, floor and number as it stands on the door ("402")."""

    unit: str
    floor: int
    number: str


@dataclass(frozen=True)
class Plan:
    """A building: ``floors`` × ``units`` × ``doors`` (per unit and floor); ``without`` names missing doors, either as
    ``402`` (in every unit) or ``2-402``; ``without_floors`` whole floors (shops, a missing fourth floor)."""

    floors: int
    units: int
    doors: int
    without: frozenset[str] = field(default_factory=frozenset)
    without_floors: frozenset[int] = field(default_factory=frozenset)

    LIMIT = 2_000
    """More doors than any one building has: a mistyped plan is refused, not drawn."""

    def size(self) -> int:
        """Upper bound of the number of doors."""
        return self.floors * self.units * self.doors

    def all(self) -> Iterator[DoorPlan]:
        """Every door, unit by unit, floor by floor."""
        for unit in range(1, self.units + 1):
            for floor in range(1, self.floors + 1):
                if floor in self.without_floors:
                    continue
                for place in range(1, self.doors + 1):
                    number = f"{floor}{place:02d}"
                    if number not in self.without and f"{unit}-{number}" not in self.without:
                        yield DoorPlan(str(unit), floor, number)


def spoken(where: str) -> str:
    """A door as people say it: ``3-2-402`` of ``110198001001.3.2.402.``; the code itself for a place above a building."""
    inner = where[12:].strip(".")
    return inner.replace(".", "-") if inner else where


def patterns_said(text: str) -> list[str]:
    """A door as said, reading 3-2-402, 3-402, 32402, 402 or 3, as patterns of what follows a community's code and dot."""
    parts, some = [re.escape(part) for part in text.split("-") if part], r"[^.]+"
    if len(parts) >= 3:
        return [rf"{parts[0]}\.{parts[1]}\.{parts[2]}\.$"]
    if len(parts) == 2:
        return [rf"{parts[0]}\.{some}\.{parts[1]}\.$", rf"{parts[0]}\.{parts[1]}\."]
    if not parts:
        return []
    splits = [(b, b + u) for b in (1, 2) for u in (1, 2) if len(text) - b - u in (3, 4)]
    run_together = [
        rf"{re.escape(text[:b])}\.{re.escape(text[b:u])}\.{re.escape(text[u:])}\.$" for b, u in splits
    ]
    return [*run_together, rf"{some}\.{some}\.{parts[0]}\.$" if len(text) > 2 else rf"{parts[0]}\."]
