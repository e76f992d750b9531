"""A brief is drafted, its words changed, published by a second person with its figures frozen; what comes late is told by
the next one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from lianfang import reactions
from lianfang.ground import clock, seals
from lianfang.ground.acts import Actor, reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.refusals import Refused
from lianfang.reports import figures
from lianfang.rooms import briefs, notes
from lianfang.rooms.briefs import queries
from lianfang.rooms.briefs.models import Brief
from tests.at_once import at_once
from tests.cast import DOOR, HOME, NEIGHBOUR, STREET, Cast
from tests.night import follow_up, get, one_done_one_refused

pytestmark = pytest.mark.usefixtures("street")

DAY = date(2020, 2, 26)
NEXT = DAY + timedelta(days=1)
MORNING = datetime(2020, 2, 26, 9, 5, tzinfo=BEIJING)


def drafted(by: Actor, day: date = DAY, at: datetime = MORNING) -> Brief:
    clock.move_to(at)
    return get(Brief, briefs.draft(by.where, day=day, by=by, at=at).about, by)


def published(by: Actor, day: date = DAY, at: datetime = MORNING, writer: Actor | None = None) -> Brief:
    brief = drafted(writer or by, day, at)
    briefs.publish(brief, by=by, at=at)
    return get(Brief, brief.id, by)


def test_the_house_writes_the_words_and_anybody_who_may_publishes_them(cast: Cast) -> None:
    brief = published(cast.wang)
    assert (brief.state, brief.number, brief.headline) == ("published", 1, "")
    assert brief.figures["values"]["in_force"] == 0
    assert brief.published_name == "王秀英"


def test_who_wrote_the_words_does_not_publish_them(cast: Cast) -> None:
    brief = drafted(cast.wang)
    briefs.amend(brief, headline="昨夜平安。", asks=["请区里明确。"], turn=0, by=cast.wang, at=MORNING)
    with pytest.raises(Refused, match="另一位"):
        briefs.publish(brief, by=cast.wang, at=MORNING)
    line = briefs.publish(brief, by=cast.li, at=MORNING)
    assert line.facts == {"day": "2020-02-26", "number": 1}


def test_a_published_brief_no_longer_changes(cast: Cast) -> None:
    brief = published(cast.li)
    with pytest.raises(Refused, match="不再改动"):
        briefs.amend(brief, headline="x", asks=[], turn=0, by=cast.wang, at=MORNING)
    with pytest.raises(Refused, match="李建华"):
        briefs.publish(brief, by=cast.wang, at=MORNING)


def test_it_is_not_published_before_its_hour(cast: Cast) -> None:
    early = MORNING - timedelta(minutes=30)
    brief = drafted(cast.wang, at=early)
    with pytest.raises(Refused, match="09:00"):
        briefs.publish(brief, by=cast.li, at=early)


def test_a_place_writes_its_own_brief_and_no_others(cast: Cast) -> None:
    clock.move_to(MORNING)
    with pytest.raises(Refused, match="各处编各处的"):
        briefs.draft(HOME, day=DAY, by=cast.chen, at=MORNING)
    with pytest.raises(Refused):
        briefs.draft(STREET, day=DAY, by=cast.wang, at=MORNING)
    with pytest.raises(Refused):
        briefs.draft(NEIGHBOUR, day=DAY, by=cast.wang, at=MORNING)
    with pytest.raises(Refused, match="街道和各社区"):
        briefs.draft(DOOR, day=DAY, by=cast.wang, at=MORNING)


def test_one_a_day_and_none_for_tomorrow_or_long_ago(cast: Cast) -> None:
    drafted(cast.wang)
    with pytest.raises(Refused, match="已经有了"):
        briefs.draft(HOME, day=DAY, by=cast.li, at=MORNING)
    with pytest.raises(Refused, match="还没有到"):
        briefs.draft(HOME, day=NEXT, by=cast.li, at=MORNING)
    with pytest.raises(Refused, match="太早"):
        briefs.draft(HOME, day=DAY - timedelta(days=15), by=cast.li, at=MORNING)


def test_two_editors_at_once_do_not_overwrite_each_other(cast: Cast) -> None:
    brief = drafted(cast.wang)
    briefs.amend(brief, headline="甲", asks=[], turn=0, by=cast.wang, at=MORNING)
    with pytest.raises(Refused, match="王秀英"):
        briefs.amend(brief, headline="乙", asks=[], turn=0, by=cast.li, at=MORNING)
    briefs.amend(brief, headline="乙", asks=[], turn=1, by=cast.li, at=MORNING)
    assert get(Brief, brief.id, cast.li).headline == "乙"


def test_at_most_three_things_are_asked_and_they_fit_the_sheet(cast: Cast) -> None:
    brief = drafted(cast.wang)
    with pytest.raises(Refused, match="最多三件"):
        briefs.amend(brief, headline="", asks=["一", "二", "三", "四"], turn=0, by=cast.wang, at=MORNING)
    with pytest.raises(Refused, match="太长"):
        briefs.amend(brief, headline="", asks=["长" * 121], turn=0, by=cast.wang, at=MORNING)


def test_what_was_asked_is_carried_over_to_the_next_one(cast: Cast) -> None:
    brief = drafted(cast.wang)
    briefs.amend(brief, headline="甲", asks=["补灯。"], turn=0, by=cast.wang, at=MORNING)
    briefs.publish(brief, by=cast.li, at=MORNING)
    next_one = drafted(cast.wang, NEXT, MORNING + timedelta(days=1))
    assert (next_one.asks, next_one.headline) == (["补灯。"], "")


def test_numbers_are_given_one_at_a_time(cast: Cast) -> None:
    first, second = drafted(cast.li, DAY - timedelta(days=1)), drafted(cast.li)
    done = at_once(
        lambda: briefs.publish(first, by=cast.li, at=MORNING),
        lambda: briefs.publish(second, by=cast.wang, at=MORNING),
    )
    assert sorted(line.facts["number"] for line in done) == [1, 2]


def test_of_two_who_publish_at_once_the_second_is_told_who_was_first(cast: Cast) -> None:
    brief = drafted(cast.li)
    done = at_once(
        lambda: briefs.publish(brief, by=cast.li, at=MORNING),
        lambda: briefs.publish(brief, by=cast.wang, at=MORNING),
    )
    assert "不再改动" in one_done_one_refused(done).message


def late_note(cast: Cast, hours: int) -> None:
    """A note of before the brief's hour, written down so many hours after the morning of the 26th."""
    clock.move_to(MORNING + timedelta(hours=hours))
    notes.write(DOOR, text="昨天早上听到的", how="door", by=cast.wang, at=MORNING - timedelta(hours=1))


def test_what_comes_late_is_told_by_the_next_brief_and_noted_at_the_old_one(cast: Cast) -> None:
    old = published(cast.li)
    late_note(cast, hours=3)
    new = published(cast.li, NEXT, MORNING + timedelta(days=1))
    assert new.figures["corrections"] == [
        {"brief": str(old.id), "day": "2020-02-26", "figure": "notes", "was": 0, "now": 1}
    ]
    follow_up()
    with reading(cast.li):
        (noted,) = queries.revisions([old.id])
        assert noted.changes == [{"figure": "notes", "was": 0, "now": 1}]
        assert noted.told_in_id == new.id
        assert Brief.objects.get(id=old.id).figures == old.figures


def test_what_was_told_once_is_not_told_again(cast: Cast) -> None:
    published(cast.li)
    late_note(cast, hours=3)
    published(cast.li, NEXT, MORNING + timedelta(days=1))
    late_note(cast, hours=30)
    third = published(cast.li, NEXT + timedelta(days=1), MORNING + timedelta(days=2))
    assert [(one["was"], one["now"]) for one in third.figures["corrections"]] == [(1, 2)]


def test_a_frozen_number_and_its_rows_agree_though_something_came_late(cast: Cast) -> None:
    old = published(cast.li)
    late_note(cast, hours=3)
    with reading(cast.li):
        assert len(figures.rows(old, "notes")) == old.figures["values"]["notes"] == 0


def test_it_carries_how_far_the_notebook_was_sealed(cast: Cast) -> None:
    assert published(cast.li).seal == "", "nothing was sealed yet"
    seals.write(MORNING)
    with reading(cast.li):
        head = seals.head_of(HOME)
    assert head
    assert published(cast.li, NEXT, MORNING + timedelta(days=1)).seal == head.text


def test_only_a_brief_that_tells_of_it_can_be_the_cause_of_a_revision(cast: Cast) -> None:
    old = published(cast.li)
    new = published(cast.li, NEXT, MORNING + timedelta(days=1))
    with pytest.raises(Refused, match="没有更正"):
        briefs.revise(old, told_in=new.id, by=reactions.the_clock(), at=MORNING + timedelta(days=1))
    with pytest.raises(Refused, match="没有这一期"):
        briefs.revise(old, told_in=UUID(int=1), by=reactions.the_clock(), at=MORNING + timedelta(days=1))


def test_the_clock_drafts_in_the_morning_for_every_place_with_people_and_once(cast: Cast) -> None:
    early = datetime(2020, 2, 27, 6, 59, tzinfo=BEIJING)
    clock.move_to(early)
    assert reactions.draft_briefs(early) == 0
    seven = early + timedelta(minutes=1)
    clock.move_to(seven)
    assert reactions.draft_briefs(seven) >= 2
    assert reactions.draft_briefs(seven) == 0
    with reading(cast.zhao):
        there = {one.where for one in queries.latest(STREET)}
    assert {STREET, HOME, NEIGHBOUR} <= there
    assert reactions.draft_briefs in reactions.LATE


def test_a_street_reads_its_communities_and_they_read_what_it_published(cast: Cast) -> None:
    brief = drafted(cast.chen)
    with reading(cast.wang):
        assert queries.brief(HOME, brief.id) is None
    briefs.publish(brief, by=cast.zhao, at=MORNING)
    with reading(cast.wang):
        assert queries.brief(HOME, brief.id) is not None
    own = drafted(cast.wang)
    with reading(cast.zhao):
        assert queries.brief(STREET, own.id) is not None
    with reading(cast.fang):
        assert queries.brief(NEIGHBOUR, own.id) is None


def test_what_was_written_a_moment_ago_is_in_the_brief(cast: Cast) -> None:
    clock.move_to(MORNING)
    notes.write(DOOR, text="刚听到", how="door", by=cast.wang, at=MORNING - timedelta(minutes=10))
    assert published(cast.li).figures["values"]["notes"] == 1
