"""What must follow from a line: one job for each effect, deferred in the transaction that writes the line
(Procrastinate on the same PostgreSQL), so nothing is lost and nothing runs for a deed that was rolled back."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from .actors import reading, the_clock
from .notebook import Line

Effect = Callable[[Line], None]
"""Something that follows from a line. It calls an act, under an id derived from the line, so twice is once."""

TRIES = 5
"""How often an effect is tried in all (Procrastinate counts the times it is tried *again*)."""
_when: dict[str, tuple[Effect, ...]] = {}


def connect(when: Mapping[str, Sequence[Effect]]) -> None:
    """Take over the page of reactions (upstairs): kind of line → effects."""
    _when.clear()
    _when.update({kind: tuple(effects) for kind, effects in when.items()})


def defer(line: Line) -> None:
    """Defer one job for each effect of this kind of line; part of the open transaction."""
    for effect in _when.get(line.kind, ()):
        carry_out.defer(line=str(line.id), effect=effect.__name__)


@app.task(name="lianfang.carry_out", retry=RetryStrategy(max_attempts=TRIES - 1, exponential_wait=2))
def carry_out(line: str, effect: str) -> None:
    """Carry out one effect of one line."""
    with reading(the_clock()):
        cause = Line.objects.get(id=UUID(line))
    for one in _when.get(cause.kind, ()):
        if one.__name__ == effect:
            one(cause)
