"""A job whose worker was killed is done all the same, once; one that kills its worker each time is shown as failed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import psycopg
import pytest

from lianfang import reactions
from lianfang.ground import followups
from lianfang.ground.ids import derived
from lianfang.ground.notebook import Line
from lianfang.rooms import places
from lianfang.rooms.people.roles import installer
from tests.cast import HOME, STORY, Cast
from tests.conftest import SERVER

done: list[str] = []


def tell(line: Line) -> None:
    done.append(line.kind)


@pytest.fixture
def begun(street: str, cast: Cast) -> Iterator[str]:
    """One job that a worker has begun and not ended, for it is dead; the name of the database."""
    done.clear()
    followups.connect({"compound.registered": [tell]})
    places.register_compound(HOME, name="南院", by=cast.li, at=STORY)
    sql(
        street,
        "SELECT id FROM procrastinate_fetch_job_v2(NULL, (SELECT worker_id FROM procrastinate_register_worker_v1()))",
    )
    assert states(street) == [("doing", 0)]
    yield street
    followups.connect(reactions.WHEN)


def sql(database: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(SERVER.superuser_url, dbname=database) as boss:
        answer = boss.execute(query)  # type: ignore[arg-type]
        return answer.fetchall() if answer.description else []


def states(database: str) -> list[tuple[object, ...]]:
    return sql(database, "SELECT status::text, attempts FROM procrastinate_jobs")


def work() -> None:
    """The worker, until nothing is due."""
    followups.worker().run_worker(wait=False, install_signal_handlers=False, delete_jobs="successful")


def build_and_fail(line: Line) -> None:
    """A consequence whose deed is undone in the last moment, its jobs already deferred."""
    real = followups.defer

    def break_after(consequence: Line) -> None:
        real(consequence)
        raise ConnectionError("gone")

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(followups, "defer", break_after)
        places.register_compound.once(derived(line.id, "again"), because=line.id)(
            HOME, name="北院", by=installer(HOME), at=line.at
        )


def test_a_job_defers_in_the_transaction_of_its_act(begun: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    followups.connect({"compound.registered": [build_and_fail]})
    sql(
        begun,
        """UPDATE procrastinate_jobs SET status = 'todo', args = args || '{"effect": "build_and_fail"}'""",
    )
    work()
    assert states(begun) == [("todo", 1)], (
        "the job itself, to be tried again, and none of the deed that was undone"
    )


def test_what_a_dead_worker_began_is_done_by_the_next(begun: str) -> None:
    work()
    assert done == [], "nobody takes up what is thought to be running"
    assert followups.take_up_dropped(0) == 1
    work()
    assert done == ["compound.registered"]
    assert states(begun) == []


def test_what_may_still_be_running_is_left_alone(begun: str) -> None:
    assert followups.take_up_dropped() == 0
    sql(begun, "UPDATE procrastinate_events SET at = at - interval '2 minutes'")
    assert followups.take_up_dropped() == 1


def test_what_kills_its_worker_each_time_is_failed_in_the_end(begun: str) -> None:
    sql(begun, f"UPDATE procrastinate_jobs SET attempts = {followups.TRIES - 1}")
    assert followups.take_up_dropped(0) == 1
    assert states(begun) == [("failed", followups.TRIES)]
