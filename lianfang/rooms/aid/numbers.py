"""Numbers as people write them down: 200, 1.5万, 二百, 两百五, 半; and those that are said roughly. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

MOST = Decimal(1_000_000)
"""More of anything than one household needs: a mistyped number is not read."""

CENT = Decimal("0.01")


def either(words: Any) -> str:
    """A pattern for any of some words, the longest first."""
    return "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))


@dataclass(frozen=True)
class Numerals:
    """The characters numbers are written in."""

    digits: Mapping[str, int]
    steps: Mapping[str, int]
    myriad: str
    half: str
    some: tuple[str, ...]

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Numerals:
        """Out of the word list."""
        digits = {sign: number for number, sign in enumerate(said["digits"])} | dict(said["more"])
        return cls(digits, said["steps"], said["myriad"], said["half"], tuple(said["some"]))

    @cached_property
    def pattern(self) -> str:
        """A number as it may stand in a text."""
        big = f"[{''.join(self.steps)}{self.myriad}]"
        signs = f"[{''.join(self.digits)}{''.join(self.steps)}{self.myriad}{self.half}]"
        return rf"(?:[0-9]+(?:\.[0-9]+)?{big}{{0,2}}|(?:{either(self.some)})?{signs}+|{either(self.some)})"

    def read(self, said: str) -> tuple[Decimal | None, bool]:
        """The number, and whether it was said roughly; None if it is none that can be read."""
        for one in self.some:
            if one in said:
                return None, True
        if said == self.half:
            return Decimal("0.5"), False
        found, rough = self._arabic(said) if said[:1].isascii() else self._chinese(said)
        if found is None or not 0 < found <= MOST or found != found.quantize(CENT):
            return None, True
        return found, rough

    def _arabic(self, said: str) -> tuple[Decimal | None, bool]:
        figures = re.match(r"[0-9]+(?:\.[0-9]+)?", said)
        if figures is None or len(figures[0]) > 12:
            return None, True
        number = Decimal(figures[0])
        for step in said[figures.end() :]:
            number *= 10_000 if step == self.myriad else self.steps[step]
        return number, False

    def _chinese(self, said: str) -> tuple[Decimal | None, bool]:
        plain = [self.digits[one] for one in said if one in self.digits]
        if len(plain) == len(said) > 1:
            # 二〇〇 is written digit by digit; 三五 is three to five.
            if len(said) == 2 and 0 not in plain:
                return Decimal(plain[0]), True
            return Decimal("".join(map(str, plain))), False
        total, part, digit, step, rough = 0, 0, None, 1, False
        for one in said:
            if one in self.digits:
                if digit and self.digits[one]:
                    rough, digit = True, digit  # 二三百: two to three hundred, read as two
                    continue
                digit, step = self.digits[one], 1 if self.digits[one] == 0 else step
            elif one in self.steps:
                part += (1 if digit is None else digit) * self.steps[one]
                digit, step = None, self.steps[one]
            elif one == self.myriad:
                total += (part + (digit or 0) or 1) * 10_000
                part, digit, step = 0, None, 10_000
            else:
                return None, True
        # 两百五 is two hundred and fifty; 二百零五 is not.
        part += (digit or 0) * (step // 10 if step > 10 else 1)
        return Decimal(total + part), rough
