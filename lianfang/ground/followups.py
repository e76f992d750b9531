"""What must follow from a line: one job for each effect, deferred in the transaction that writes the line
(Procrastinate on the same PostgreSQL), so nothing is lost and nothing runs for a deed that was rolled back."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.db import connection
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicRegistry

from .actors import reading, the_clock
from .notebook import Line

Effect = Callable[[Line], None]
"""Something that follows from a line. It calls an act, under an id derived from the line, so twice is once."""

TRIES = 5
"""How often an effect is tried in all (Procrastinate counts the times it is tried *again*)."""

SILENT = 60.0
"""Seconds after which a job that was begun and not ended counts as dropped; an effect takes milliseconds."""

DROPPED = """
UPDATE procrastinate_jobs SET attempts = attempts + 1, worker_id = NULL, scheduled_at = now(),
  status = CASE WHEN attempts >= %s THEN 'failed' ELSE 'todo' END::procrastinate_job_status
WHERE status = 'doing' AND id IN (
  SELECT job_id FROM procrastinate_events WHERE type = 'started'
  GROUP BY job_id HAVING max(at) <= now() - %s * interval '1 second')
"""

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


def work() -> None:
    """Carry out what follows until told to stop. Done jobs are forgotten; those that failed stay, to be shown."""
    take_up_dropped(0 if _alone() else SILENT)
    worker().run_worker(concurrency=2, install_signal_handlers=True, delete_jobs="successful")


def worker() -> App:
    """The worker: the same tasks with connections of its own, to fetch and to wait on. An act inside a job defers
    through Django's connection as everywhere, in its own transaction; with a replaced connector it would not."""
    return app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]


def settle() -> None:
    """Carry out what waits now, and come back. What the clock does every minute is left to the worker that stays."""
    now = worker()
    now.periodic_registry = PeriodicRegistry()  # type: ignore[no-untyped-call]
    now.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)


def take_up_dropped(silent: float = SILENT) -> int:
    """Make jobs due again that a worker began and left: it was killed, or the database was. Returns how many.

    An effect done twice does it once, so one that after all still runs does no harm. A job that was dropped as often
    as one may be tried counts as failed: it may be what kills."""
    with connection.cursor() as cursor:
        cursor.execute(DROPPED, [TRIES - 1, silent])
        return int(cursor.rowcount)


def _alone() -> bool:
    """Whether no other worker runs on this database: the database lets go of this lock when its holder dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('lianfang worker', 0))")
        return bool(cursor.fetchone()[0])
