"""Promises: given in a note, kept by somebody, late if need be; what is owed is not forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from lianfang import reactions
from lianfang.ground import holds
from lianfang.ground.acts import Actor, reading
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import notes
from lianfang.rooms.notes import forms, queries
from lianfang.rooms.notes.models import Promise
from lianfang.rooms.people.models import Worker
from lianfang.rooms.people.roles import the_clock
from tests.at_once import at_once
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, Cast

WORDS = "他说棚里还有二百斤草莓，明天不卖就要烂。"
WHAT = "明早发动社工和在职党员帮忙想销路"
DUE = STORY + timedelta(hours=10)


def given(cast: Cast, by: Actor | None = None, **more: object) -> Line:
    said = {"text": WORDS, "how": "visit", "promise": WHAT, "promise_due": DUE} | more
    return notes.write(DOOR, by=by or cast.li, at=STORY, **said)  # type: ignore[arg-type]


def owed(cast: Cast, matter: UUID) -> Promise:
    with reading(cast.li):
        (one,) = queries.promises_of(HOME, matter)
    return one


def test_a_promise_has_an_owner_and_a_time(street: str, cast: Cast) -> None:
    line = given(cast)
    one = owed(cast, line.matter)
    assert (one.what, one.owner, one.owner_name, one.due) == (WHAT, cast.li.id, "李建华", DUE)
    assert (one.where, one.matter, one.note_id) == (DOOR, line.matter, line.about)
    assert WHAT not in f"{line.facts}{line.changes}"


def test_somebody_else_posted_here_may_see_to_it(street: str, cast: Cast) -> None:
    with reading(cast.li):
        liu, chen = Worker.objects.get(name="刘明"), Worker.objects.get(name="陈立")
    line = given(cast, owner=liu)
    assert owed(cast, line.matter).owner_name == "刘明"
    with pytest.raises(Refused) as no:
        given(cast, owner=chen)
    assert no.value.code == 422


@pytest.mark.parametrize(
    ("promise", "due"),
    [
        (WHAT, None),
        ("", DUE),
        ("   ", DUE),
        (WHAT, STORY),
        (WHAT, STORY - timedelta(minutes=1)),
        (WHAT, STORY + timedelta(days=91)),
        ("字" * 301, DUE),
    ],
)
def test_a_promise_without_words_or_a_time_that_can_be_is_refused(
    street: str, cast: Cast, promise: str, due: datetime | None
) -> None:
    with pytest.raises(Refused) as no:
        given(cast, promise=promise, promise_due=due)
    assert no.value.code == 422
    with reading(cast.li):
        assert queries.latest(HOME) == []


def test_what_is_promised_is_kept_once_and_the_second_is_told_who_was_first(street: str, cast: Cast) -> None:
    one = owed(cast, given(cast).matter)
    line = notes.keep(one, words="居民群里二十户认了。", by=cast.wang, at=STORY)
    assert line.facts == {"late": False}
    with pytest.raises(Refused) as no:
        notes.keep(one, by=cast.liu, at=STORY)
    assert "王秀英" in no.value.message


def test_two_who_keep_it_at_once_are_both_answered(street: str, cast: Cast) -> None:
    one = owed(cast, given(cast).matter)
    kept = at_once(
        lambda: notes.keep(one, by=cast.wang, at=STORY), lambda: notes.keep(one, by=cast.liu, at=STORY)
    )
    assert sorted(type(came).__name__ for came in kept) == ["Line", "Refused"]


def test_a_promise_whose_time_has_passed_is_marked_once_and_still_owed(
    street: str, cast: Cast, later: object
) -> None:
    one = owed(cast, given(cast).matter)
    assert reactions.find_lapsed_promises(DUE - timedelta(minutes=1)) == 0
    now = later(601)  # type: ignore[operator]
    assert [reactions.find_lapsed_promises(now) for _ in range(2)] == [1, 0]
    with reading(cast.li):
        assert [each.state for each in queries.promises_at(DOOR)] == ["lapsed"]
        assert holds.holds("promises open", one.matter)
    assert notes.keep(one, by=cast.li, at=now).facts == {"late": True}
    with reading(cast.li):
        assert not holds.holds("promises open", one.matter)
    with pytest.raises(Refused):
        notes.lapse(one, by=the_clock(), at=DUE)


def test_time_alone_marks_it_and_not_before(street: str, cast: Cast) -> None:
    one = owed(cast, given(cast).matter)
    with pytest.raises(Refused):
        notes.lapse(one, by=the_clock(), at=DUE - timedelta(seconds=1))
    with pytest.raises(Refused) as no:
        notes.lapse(one, by=cast.li, at=STORY)
    assert no.value.code == 403


def test_a_matter_asks_whether_anything_is_owed(street: str, cast: Cast) -> None:
    line = given(cast)
    plain = notes.write(DOOR, text=WORDS, how="phone", by=cast.wang, at=STORY)
    with reading(cast.li):
        assert [holds.holds("promises open", one.matter) for one in (line, plain)] == [True, False]


def test_what_is_owed_elsewhere_is_not_seen(street: str, cast: Cast) -> None:
    one = owed(cast, given(cast).matter)
    with reading(cast.fang):
        assert queries.promise(NEIGHBOUR, one.id) is None
        assert queries.promises_due(NEIGHBOUR, DUE + timedelta(days=1)) == []
    with pytest.raises(Refused) as no:
        notes.keep(one, by=cast.fang, at=STORY)
    assert no.value.code == 404


def test_what_falls_due_comes_soonest_first(street: str, cast: Cast) -> None:
    given(cast, promise="后天回访", promise_due=STORY + timedelta(days=2))
    given(cast)
    with reading(cast.li):
        assert [one.what for one in queries.promises_due(HOME, STORY + timedelta(days=1))] == [WHAT]
        assert [one.what for one in queries.promises_due(HOME, STORY + timedelta(days=3))] == [
            WHAT,
            "后天回访",
        ]


def test_the_form_keeps_a_promise_and_its_time_together() -> None:
    said = {"text": WORDS, "how": "visit"}
    assert forms.Write(said).is_valid()
    assert forms.Write(said | {"promise": WHAT, "promise_due": "2020-02-27T08:00"}).is_valid()
    assert set(forms.Write(said | {"promise": WHAT}).errors) == {"promise_due"}
    assert set(forms.Write(said | {"promise_due": "2020-02-27T08:00"}).errors) == {"promise"}
    assert set(forms.Write(said | {"promise": WHAT, "promise_due": "tomorrow"}).errors) == {"promise_due"}
