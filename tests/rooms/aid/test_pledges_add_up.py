"""Jin and yuan add up: what is delivered, to come and open makes up the need, in every order of deeds; nobody's word is
taken for more than is open, not even of two at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from lianfang.ground.acts import reading
from lianfang.ground.ids import new_id
from lianfang.ground.refusals import Refused
from lianfang.rooms import aid
from lianfang.rooms.aid import queries
from lianfang.rooms.aid.models import Need, Pledge
from tests import night
from tests.at_once import at_once
from tests.cast import STORY, Cast

from . import helping


def test_two_hundred_jin_in_five_pledges(street: str, cast: Cast) -> None:
    need = helping.confirmed(cast)
    given = [
        helping.pledged(cast, need, much, who, name)
        for much, who, name in (
            (30, "neighbour", "单国庆"),
            (40, "neighbour", "贺新颖"),
            (60, "party_member", "社区在职党员"),
            (70, "canteen", "街道机关食堂"),
        )
    ]
    with translation.override("zh-hans"), pytest.raises(Refused) as no:
        helping.pledged(cast, need, 10, "other", "幸福超市")
    with translation.override("zh-hans"):
        assert no.value.message == "已经没有缺口：街道机关食堂 于 02-26 21:40 认领了最后 70 斤。"
    for one, parts in zip(given, ([30], [15, 25], [60], [30, 30, 10]), strict=True):
        for part in parts:
            aid.deliver(one, quantity=Decimal(part), yuan=Decimal(part * 15), by=cast.wang, at=STORY)
    stands = helping.sums(need, cast.liu)
    assert (stands.delivered, stands.to_come, stands.open) == (200, 0, 0)
    assert (stands.paid, stands.agreed, stands.unpaid) == (3000, 3000, 0)
    with reading(cast.liu):
        assert {one.state for one in queries.pledges(need)} == {"delivered"}
        assert len([one for one in queries.history(need) if one.kind == "aid.delivered"]) == 7
    aid.meet(need, words="都卖出去了。", by=cast.li, at=STORY)


def test_two_pledge_the_last_ten_jin_at_once(street: str, cast: Cast) -> None:
    """One is told yes. The other is told how much is left, and who was first."""
    need = helping.confirmed(cast)
    helping.pledged(cast, need, 190)
    names = {"贺新颖", "街道机关食堂"}
    outcomes = at_once(
        lambda: aid.pledge(need, by_kind="neighbour", by_name="贺新颖", quantity=Decimal(10), by=cast.wang, at=STORY),
        lambda: aid.pledge(need, by_kind="canteen", by_name="街道机关食堂", quantity=Decimal(10), by=cast.liu, at=STORY),
    )  # fmt: skip
    refusal = night.one_done_one_refused(outcomes)
    with reading(cast.li):
        (won,) = [one for one in queries.pledges(need) if one.quantity == 10]
    with translation.override("zh-hans"):
        assert refusal.message == f"已经没有缺口：{won.by_name} 于 02-26 21:40 认领了最后 10 斤。"
    assert won.by_name in names and helping.sums(need, cast.li).open == 0


def test_the_second_of_two_is_told_what_is_left(street: str, cast: Cast) -> None:
    need = helping.confirmed(cast)
    helping.pledged(cast, need, 185)
    outcomes = at_once(
        lambda: helping.pledged(cast, need, 10, name="贺新颖"),
        lambda: helping.pledged(cast, need, 10, name="幸福超市", by=cast.liu),
    )
    (no,) = [one for one in outcomes if isinstance(one, Refused)]
    (yes,) = [one for one in outcomes if isinstance(one, Pledge)]
    with translation.override("zh-hans"):
        assert no.message == f"只剩 5 斤：{yes.by_name} 于 02-26 21:40 认领了 10 斤。"
    helping.pledged(cast, need, 5)
    assert helping.sums(need, cast.li).open == 0


def test_four_at_once_never_pledge_more_than_there_is(street: str, cast: Cast) -> None:
    need = helping.confirmed(cast, quantity=Decimal(100))
    outcomes = at_once(*(lambda: helping.pledged(cast, need, 40) for _ in range(4)))
    assert sum(isinstance(one, Pledge) for one in outcomes) == 2
    assert all(isinstance(one, Pledge | Refused) for one in outcomes), outcomes
    assert helping.sums(need, cast.li).open == 20


def test_two_note_the_same_last_delivery_at_once(street: str, cast: Cast) -> None:
    need = helping.confirmed(cast)
    given = helping.pledged(cast, need, 10)
    refusal = night.one_done_one_refused(
        at_once(
            lambda: aid.deliver(given, quantity=Decimal(10), by=cast.wang, at=STORY),
            lambda: aid.deliver(given, quantity=Decimal(10), by=cast.liu, at=STORY),
        )
    )
    with translation.override("zh-hans"):
        assert refusal.message == "这笔认领还剩 0 斤 没到，不能更多。"


def test_a_pledge_sent_twice_is_made_once(street: str, cast: Cast) -> None:
    need, id = helping.confirmed(cast), new_id()
    for _ in range(2):
        aid.pledge.once(id)(
            need, by_kind="neighbour", by_name="单国庆", quantity=Decimal(30), by=cast.wang, at=STORY
        )
    assert helping.sums(need, cast.wang).pledged == 30


def test_what_is_withdrawn_is_open_again_and_what_came_stays(street: str, cast: Cast) -> None:
    need = helping.confirmed(cast)
    given = helping.pledged(cast, need, 70, "canteen", "街道机关食堂")
    aid.deliver(given, quantity=Decimal(20), yuan=Decimal(300), by=cast.liu, at=STORY)
    line = aid.withdraw(given, why="冷库满了。", by=cast.liu, at=STORY)
    assert line.facts == {"for_need": str(need.id), "by": "canteen", "quantity": "50", "unit": "jin"}
    stands = helping.sums(need, cast.liu)
    assert (stands.delivered, stands.to_come, stands.open, stands.paid) == (20, 0, 180, 300)
    for again in (
        lambda: aid.withdraw(given, why="冷库满了。", by=cast.wang, at=STORY),
        lambda: aid.deliver(given, quantity=Decimal(1), by=cast.wang, at=STORY),
    ):
        with translation.override("zh-hans"), pytest.raises(Refused, match="下沉干部 刘明"):
            again()


def test_paid_later_than_it_came(street: str, cast: Cast) -> None:
    need = helping.confirmed(cast)
    given = helping.pledged(cast, need, 10)
    aid.deliver(given, quantity=Decimal(10), by=cast.liu, at=STORY)
    assert (helping.sums(need, cast.li).paid, helping.sums(need, cast.li).unpaid) == (0, 3000)
    aid.deliver(given, yuan=Decimal("149.50"), by=cast.liu, at=STORY)
    with translation.override("en"), pytest.raises(Refused, match=r"comes to 150 yuan; 149.5 are paid"):
        aid.deliver(given, yuan=Decimal("0.51"), by=cast.liu, at=STORY)
    aid.deliver(given, yuan=Decimal("0.50"), by=cast.liu, at=STORY)
    assert helping.sums(need, cast.li).paid == 150


def test_a_delivery_may_be_written_down_days_later(street: str, cast: Cast, later: object) -> None:
    given = helping.pledged(cast, helping.confirmed(cast), 10)
    later(60 * 24 * 13)  # type: ignore[operator]
    line = aid.deliver(given, quantity=Decimal(10), by=cast.liu, at=STORY)
    assert line.at == STORY and line.written_at - line.at > timedelta(days=12)


Step = tuple[str, int, Decimal]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    some.lists(
        some.tuples(
            some.sampled_from(["pledge", "pledge", "deliver", "deliver", "pay", "withdraw"]),
            some.integers(0, 4),
            some.decimals(Decimal("0.01"), Decimal(90), places=2),
        ),
        max_size=14,
    )
)
def test_in_every_order_of_deeds_the_sums_hold(one_street: str, steps: list[Step]) -> None:
    cast = Cast()
    need = helping.confirmed(cast)
    made: list[Pledge] = []
    for what, which, much in steps:
        try:
            if what == "pledge":
                made.append(helping.pledged(cast, need, much))
            elif made and what == "withdraw":
                aid.withdraw(made[which % len(made)], why="不要了。", by=cast.wang, at=STORY)
            elif made:
                amount = {"deliver": {"quantity": much}, "pay": {"yuan": much}}[what]
                aid.deliver(made[which % len(made)], by=cast.wang, at=STORY, **amount)
        except Refused:
            pass
        _holds(cast, need)


def _holds(cast: Cast, need: Need) -> None:
    stands = helping.sums(need, cast.wang)
    assert stands.delivered + stands.to_come + stands.open == stands.quantity == 200
    assert min(stands.delivered, stands.to_come, stands.open, stands.paid) >= 0
    assert stands.unpaid is not None and stands.paid + stands.unpaid == stands.agreed == 3000
    with reading(cast.wang):
        came = [one for one in queries.history(need) if one.kind == "aid.delivered"]
        rows = queries.pledges(need)
        listed = queries.sums(queries.need("110198001001", need.id) or need)
    assert (
        sum(Decimal(one.facts["quantity"]) for one in came)
        == stands.delivered
        == sum(p.delivered for p in rows)
    )
    assert sum(Decimal(one.facts["yuan"]) for one in came) == stands.paid == sum(p.yuan for p in rows)
    assert listed == stands
