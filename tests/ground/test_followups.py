"""What must follow from a line: deferred with it, lost with it, done once, tried five times, then shown."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from procrastinate.contrib.django import app

from lianfang import reactions
from lianfang.ground import followups
from lianfang.ground.acts import reading
from lianfang.ground.ids import derived
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import places
from lianfang.rooms.people.roles import installer
from lianfang.rooms.places.models import Compound
from tests.cast import HOME, STORY, Cast
from tests.conftest import SERVER

done: list[str] = []


def tell(line: Line) -> None:
    done.append(f"tell {line.kind}")


def build_a_gatehouse(line: Line) -> None:
    """A consequence is another act, under an id made from its cause."""
    if line.because:
        return
    places.register_compound.once(derived(line.id, "gatehouse"), because=line.id)(
        HOME, name="门房", by=installer(HOME), at=line.at
    )


def fall_over(line: Line) -> None:
    done.append("fell")
    raise ConnectionError("the neighbour does not answer")


@pytest.fixture
def when(street: str) -> Iterator[Any]:
    """Connect effects for one test; the page of reactions is back afterwards."""
    done.clear()
    yield lambda *effects: followups.connect({"compound.registered": effects})
    followups.connect(reactions.WHEN)


def jobs(street: str) -> list[tuple[str, str, int]]:
    with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
        return boss.execute(
            # The minute's own tick may fall in between; it is no effect of a line.
            "SELECT args->>'effect', status, attempts FROM procrastinate_jobs WHERE args ? 'effect' ORDER BY id"
        ).fetchall()


def work() -> None:
    """The worker, until nothing is due."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, listen_notify=False, install_signal_handlers=False, delete_jobs="never")


def gatehouses() -> list[Compound]:
    with reading(installer(HOME)):
        return list(Compound.objects.filter(name="门房"))


def test_one_job_for_each_effect_is_written_with_the_line(street: str, cast: Cast, when: Any) -> None:
    when(tell, build_a_gatehouse)
    places.register_compound(HOME, name="南院", by=cast.li, at=STORY)
    assert jobs(street) == [("tell", "todo", 0), ("build_a_gatehouse", "todo", 0)]


def test_a_kind_without_effects_defers_nothing(street: str, cast: Cast, when: Any) -> None:
    when()
    places.register_compound(HOME, name="南院", by=cast.li, at=STORY)
    assert jobs(street) == []


def test_a_deed_that_was_undone_leaves_no_job(street: str, cast: Cast, when: Any) -> None:
    when(tell)
    real = followups.defer

    def break_after(line: Line) -> None:
        real(line)
        raise ConnectionError("gone")

    with pytest.MonkeyPatch.context() as broken, pytest.raises(ConnectionError):
        broken.setattr(followups, "defer", break_after)
        places.register_compound(HOME, name="南院", by=cast.li, at=STORY)
    assert jobs(street) == []


def test_a_refused_deed_leaves_no_job(street: str, cast: Cast, when: Any) -> None:
    when(tell)
    with pytest.raises(Refused):
        places.register_compound(HOME, name="", by=cast.li, at=STORY)
    assert jobs(street) == []


def test_the_worker_does_what_follows_and_names_the_cause(street: str, cast: Cast, when: Any) -> None:
    when(tell, build_a_gatehouse)
    cause = places.register_compound(HOME, name="南院", by=cast.li, at=STORY)
    work()
    assert {status for _, status, _ in jobs(street)} == {"succeeded"}
    assert done[0] == "tell compound.registered"
    (house,) = gatehouses()
    with reading(cast.li):
        assert Line.objects.get(id=house.id).because == cause.id


def test_what_follows_done_twice_is_done_once(street: str, cast: Cast, when: Any) -> None:
    when(build_a_gatehouse)
    cause = places.register_compound(HOME, name="南院", by=cast.li, at=STORY)
    for _ in range(3):
        followups.carry_out(line=str(cause.id), effect="build_a_gatehouse")
    work()
    assert len(gatehouses()) == 1


def test_after_five_tries_it_stays_failed_for_somebody_to_see(
    street: str, cast: Cast, when: Any, caplog: Any
) -> None:
    caplog.set_level(logging.CRITICAL)
    when(fall_over)
    places.register_compound(HOME, name="南院", by=cast.li, at=STORY)
    for _ in range(8):
        work()
        with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
            boss.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    assert done == ["fell"] * 5
    assert jobs(street) == [("fall_over", "failed", 5)]


def test_an_effect_that_is_no_longer_on_the_page_is_nobodys_job(street: str, cast: Cast, when: Any) -> None:
    when(tell)
    places.register_compound(HOME, name="南院", by=cast.li, at=STORY)
    when()
    work()
    assert done == []


def test_the_page_of_reactions_names_acts_and_functions() -> None:
    from lianfang.ground.acts import ACTS

    for kind, effects in reactions.WHEN.items():
        assert kind in ACTS
        assert effects
        assert len({effect.__name__ for effect in effects}) == len(effects)
