"""A need: proposed out of a note or by hand, confirmed with an owner, met when the resident says so."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from lianfang.ground.acts import reading
from lianfang.ground.holds import holds
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.reports import timeline
from lianfang.rooms import aid, notes
from lianfang.rooms.aid import queries
from lianfang.rooms.aid.models import Interview, Need
from tests import night
from tests.cast import DOOR, HOME, STORY, Cast

from . import helping


def test_a_note_proposes_what_it_seems_to_tell_and_somebody_confirms_it(street: str, cast: Cast) -> None:
    asked = night.asked(cast)
    note = notes.write(DOOR, text=helping.NOTE, how="door", matter=asked.matter, by=cast.li, at=STORY)
    with reading(cast.li):
        assert not Need.objects.exists()
    night.follow_up()
    night.follow_up()
    with reading(cast.li):
        (need,) = queries.of_note(note.about)
        line = Line.objects.get(id=need.id)
    assert (need.kind, need.item, need.quantity, need.unit, need.perish_by, need.rough, need.state) == (
        "sell", "草莓", Decimal(200), "jin", date(2020, 3, 1), False, "proposed",
    )  # fmt: skip
    assert (need.matter, need.where, need.words, need.owner) == (asked.matter, DOOR, helping.NOTE, None)
    assert (line.role, line.because, line.facts) == ("clock", note.id, {"need": "sell", "from_note": True})

    aid.confirm(need, by=cast.li, at=STORY, **helping.confirm_words(cast))
    with reading(cast.liu):
        (need,) = queries.waiting(HOME, "open")
    assert (need.owner, need.owner_name, need.price) == (cast.liu.id, "刘明", Decimal(15))


def test_a_note_that_tells_of_nothing_proposes_nothing(street: str, cast: Cast) -> None:
    notes.write(DOOR, text="他说菜够吃，不缺药，就是心里堵得慌。", how="door", by=cast.li, at=STORY)
    night.follow_up()
    with reading(cast.li):
        assert not Need.objects.exists()


def test_days_are_counted_from_the_day_of_the_note_and_not_from_that_of_its_writing(
    street: str, cast: Cast, later: object
) -> None:
    later(60 * 24)  # type: ignore[operator]
    note = notes.write(DOOR, text="草莓二百斤压着，后天卖不掉就烂", how="door", by=cast.li, at=STORY)
    night.follow_up()
    with reading(cast.li):
        (need,) = queries.of_note(note.about)
    assert need.perish_by == date(2020, 2, 28)


def test_a_rough_quantity_is_asked_about_before_it_is_confirmed(street: str, cast: Cast) -> None:
    note = notes.write(DOOR, text="棚里还压着两百来斤草莓，卖不出去。", how="door", by=cast.li, at=STORY)
    night.follow_up()
    with reading(cast.li):
        (need,) = queries.of_note(note.about)
    assert need.rough and need.quantity == 200
    with translation.override("en"), pytest.raises(Refused, match="ask him"):
        aid.confirm(need, by=cast.li, at=STORY, **helping.confirm_words(cast, quantity=None))
    aid.confirm(need, by=cast.li, at=STORY, **helping.confirm_words(cast, quantity=Decimal(180)))
    need = night.get(Need, need.id, cast.li)
    assert (need.quantity, need.rough) == (Decimal(180), False)


def test_the_first_day_is_asked_and_what_is_ticked_is_proposed(street: str, cast: Cast) -> None:
    asked = night.asked(cast)
    line = aid.ask(DOOR, ticked=["rubbish", "medicine"], words="降压药还有三天。", matter=asked.matter,
                   by=cast.wang, at=STORY)  # fmt: skip
    assert (line.kind, line.facts) == ("needs.asked", {"ticked": ["medicine", "rubbish"], "count": 2})
    with reading(cast.wang):
        needs = queries.of_matter(HOME, asked.matter)
        assert {one.kind for one in needs} == {"medicine", "rubbish"}
        assert {one.state for one in needs} == {"proposed"}
        with translation.override("zh-hans"):
            told = timeline.of_matter(asked.matter)[-1]
    assert (told.sentence, told.words) == ("问了居家期间的需求，勾选：用药、垃圾", "降压药还有三天。")
    with pytest.raises(Refused) as no:
        aid.ask(DOOR, ticked=[], matter=asked.matter, by=cast.liu, at=STORY)
    with translation.override("zh-hans"):
        assert "社工 王秀英" in no.value.message and "02-26 21:40" in no.value.message


def test_nothing_ticked_is_an_answer_too(street: str, cast: Cast) -> None:
    line = aid.ask(DOOR, ticked=[], by=cast.wang, at=STORY)
    assert line.facts == {"ticked": [], "count": 0}
    with reading(cast.wang):
        assert Interview.objects.get().ticked == [] and not Need.objects.exists()


def test_what_is_not_counted_is_one_thing_to_do(street: str, cast: Cast) -> None:
    need = helping.proposed(cast, kind="rubbish", item="", quantity=None, unit="task", perish_by=None)
    need = helping.confirmed(
        cast, need=need, kind="rubbish", item="", quantity=None, unit="task", price=None, perish_by=None
    )
    assert (need.quantity, need.unit) == (Decimal(1), "task")
    given = helping.pledged(cast, need, 1, "neighbour", "单国庆")
    aid.deliver(given, quantity=Decimal(1), by=cast.wang, at=STORY)
    line = aid.meet(need, words="垃圾收走了。", by=cast.wang, at=STORY)
    assert line.facts == {"need": "rubbish"}
    assert night.get(Need, need.id, cast.wang).state == "met"


def test_it_counts_as_done_only_when_the_resident_says_so(street: str, cast: Cast) -> None:
    need = helping.confirmed(cast)
    assert _open(cast, need)
    given = helping.pledged(cast, need, 200)
    with translation.override("en"), pytest.raises(Refused, match="200 jin is pledged and has not come"):
        aid.meet(need, words="行。", by=cast.liu, at=STORY)
    aid.deliver(given, quantity=Decimal(200), yuan=Decimal(3000), by=cast.liu, at=STORY)
    assert night.get(Need, need.id, cast.liu).state == "open" and _open(cast, need)
    with pytest.raises(Refused):
        aid.meet(need, words=" ", by=cast.liu, at=STORY)
    line = aid.meet(need, words="一颗没烂，谢谢大家。", by=cast.liu, at=STORY)
    assert line.facts == {"need": "sell", "quantity": "200", "of": "200", "unit": "jin", "yuan": "3000"}
    assert night.get(Need, need.id, cast.liu).met_words == "一颗没烂，谢谢大家。" and not _open(cast, need)


def _open(cast: Cast, need: Need) -> bool:
    with reading(cast.li):
        return holds("needs open", need.matter)


def test_whoever_comes_second_is_told_who_was_first(street: str, cast: Cast) -> None:
    need = helping.confirmed(cast)
    with pytest.raises(Refused) as no:
        aid.confirm(need, by=cast.liu, at=STORY, **helping.confirm_words(cast))
    with translation.override("zh-hans"):
        assert "社区书记" in no.value.message or "李建华" in no.value.message
    aid.drop(need, why="他自己卖完了。", by=cast.liu, at=STORY)
    for again in (
        lambda: aid.drop(need, why="他自己卖完了。", by=cast.wang, at=STORY),
        lambda: aid.confirm(need, by=cast.li, at=STORY, **helping.confirm_words(cast)),
        lambda: helping.pledged(cast, need, 10),
    ):
        with translation.override("zh-hans"), pytest.raises(Refused, match="下沉干部 刘明"):
            again()


def test_a_need_is_dropped_with_a_reason_and_not_over_a_pledge(street: str, cast: Cast) -> None:
    need = helping.confirmed(cast)
    with pytest.raises(Refused):
        aid.drop(need, why="  ", by=cast.li, at=STORY)
    given = helping.pledged(cast, need, 50)
    with pytest.raises(Refused):
        aid.drop(need, why="他自己卖完了。", by=cast.li, at=STORY)
    aid.withdraw(given, why="他自己卖完了。", by=cast.li, at=STORY)
    aid.drop(need, why="他自己卖完了。", by=cast.li, at=STORY)
    assert not _open(cast, need)


def test_those_who_are_posted_here_and_see_to_needs_may_own_one(street: str, cast: Cast) -> None:
    with reading(cast.li):
        names = {one.name for one in queries.owners(DOOR)}
    assert names == {"王秀英", "李建华", "刘明"}
    need = helping.proposed(cast)
    for sign_in in ("sun", "he", "guo"):
        with pytest.raises(Refused) as no:
            aid.confirm(
                need, by=cast.li, at=STORY, **helping.confirm_words(cast, owner=helping.worker(cast, sign_in))
            )
        assert no.value.code == 403


def test_a_neighbour_community_sees_nothing_of_it(street: str, cast: Cast) -> None:
    need = helping.confirmed(cast)
    helping.pledged(cast, need, 30)
    with reading(cast.fang):
        assert queries.need("110198001002", need.id) is None
        assert not Need.objects.exists()
        assert not queries.latest("110198001")
    with pytest.raises(Refused) as no:
        helping.pledged(cast, need, 10, by=cast.fang)
    assert no.value.code == 404


def test_a_proposal_names_a_note_and_a_matter_it_can_see(street: str, cast: Cast) -> None:
    for wrong in ({"matter": new_id()}, {"from_note": new_id()}):
        with pytest.raises(Refused) as no:
            helping.proposed(cast, **wrong)
        assert no.value.code == 404


def test_its_words_are_not_in_the_notebook(street: str, cast: Cast) -> None:
    need = helping.confirmed(cast)
    given = helping.pledged(cast, need, 30, by_phone="19900000403")
    with reading(cast.li):
        lines = list(Line.objects.filter(about__in=[need.id, given.id]))
    assert len(lines) == 3
    for one in lines:
        for word in ("草莓", "二百", "单国庆", "19900000403", "刘明"):
            assert word not in f"{one.facts}{one.changes}"
    assert given.opened("by_phone") == "19900000403"


def test_it_stands_first_whose_day_is_nearest(street: str, cast: Cast) -> None:
    late = helping.confirmed(cast, perish_by=None)
    soon = helping.confirmed(cast, perish_by=date(2020, 2, 28))
    with reading(cast.li):
        assert [one.id for one in queries.waiting(HOME, "open")] == [soon.id, late.id]
        assert [one.id for one in queries.latest(HOME, 1)] == [soon.id]
        assert [one.id for one in queries.latest(HOME, 5, before=soon.id)] == [late.id]


def test_a_time_that_has_passed_is_no_time_to_be_done_by(street: str, cast: Cast) -> None:
    need = helping.proposed(cast)
    with pytest.raises(Refused) as no:
        aid.confirm(need, by=cast.li, at=STORY, **helping.confirm_words(cast, due=STORY - timedelta(hours=1)))
    assert no.value.code == 422
