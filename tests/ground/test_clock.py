"""The one place that asks what time it is; a demo's clock may be moved, and runs on from there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from lianfang.ground import clock
from tests.cast import STORY


@pytest.fixture(autouse=True)
def set_right() -> Iterator[None]:
    yield
    clock.move_to(None)


def test_the_time_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert not clock.is_moved()


def test_a_moved_clock_reads_the_moment_and_runs_on() -> None:
    clock.move_to(STORY)
    assert clock.is_moved()
    first, second = clock.now(), clock.now()
    assert STORY <= first <= second
    assert first.date() == datetime(2020, 2, 26).date()  # noqa: DTZ001


def test_a_clock_set_right_reads_today() -> None:
    clock.move_to(STORY)
    clock.move_to(None)
    assert not clock.is_moved()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(hours=1)


def test_beijing_is_eight_hours_ahead_all_year() -> None:
    for month in (1, 7):
        assert datetime(2020, month, 1, tzinfo=clock.BEIJING).utcoffset() == timedelta(hours=8)
