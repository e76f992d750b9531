"""An authority orders, on a basis and with an end; the community serves, or records that he does not accept."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import translation

from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import orders
from lianfang.rooms.orders import queries
from lianfang.rooms.orders.models import Notice, Order
from lianfang.rooms.people.models import Resident
from tests import night
from tests.at_once import at_once
from tests.cast import DOOR, HOME, STORY, Cast

SERVED: dict[str, Any] = {"how": "paper", "proof": "signed", "to_whom": "himself", "remedy_told": True}
WORDS = "我当天去当天回，凭什么隔离我。"


def test_an_order_of_14_days_from_26_february_ends_on_11_march(street: str, cast: Cast) -> None:
    order, notice = night.issued(cast)
    assert (order.where, order.authority, order.authority_level) == (DOOR, "清和街道疫情防控组", "street")
    assert (order.first_day, order.last_day) == (date(2020, 2, 26), date(2020, 3, 11))
    assert order.release_due == datetime(2020, 3, 12, 0, 0, tzinfo=BEIJING)
    assert (notice.number, notice.state) == ("清和街居观〔2020〕1号", "waiting")
    with reading(cast.li):
        line = Line.objects.get(id=order.id)
        assert [one.id for one in queries.to_serve(HOME)] == [order.id]
    assert line.facts == {
        "days": 14,
        "last_day": "2020-03-11",
        "level": "street",
        "number": "清和街居观〔2020〕1号",
    }


def test_an_order_may_rest_on_a_clause(street: str, cast: Cast) -> None:
    assessment = night.assessed(cast, facts=night.NING | {"nights_away": 20})
    order, _notice = night.issued(cast, matter=assessment.matter, clause=night.CLAUSE)
    with reading(cast.li):
        (found,) = queries.at_door(DOOR)
        assert found.edition and found.edition.code == "beijing-2020-02-14"
        assert Line.objects.get(id=order.id).rule == night.CLAUSE


def test_no_order_while_the_question_is_open_nor_against_an_exemption(street: str, cast: Cast) -> None:
    question = night.asked_up(cast)
    who, said = night.ning(cast.zhao), night.order_words(matter=question.matter, clause=night.CLAUSE)
    with translation.override("en"), pytest.raises(Refused, match="still open"):
        orders.issue(who, by=cast.zhao, at=STORY, **said)
    night.ruled(cast, question=question, answer="exempt", days=None)
    with translation.override("en"), pytest.raises(Refused, match="says exempt"):
        orders.issue(who, by=cast.zhao, at=STORY, **said)
    with translation.override("en"), pytest.raises(Refused, match="requires anything"):
        orders.issue(who, by=cast.zhao, at=STORY, **(said | {"clause": "", "ruling": question.id}))
    with reading(cast.zhao):
        assert Order.objects.count() == 0


def test_two_orders_at_once_are_one_and_the_second_hears_of_the_first(street: str, cast: Cast) -> None:
    question = night.ruled(cast)
    said = night.order_words(matter=question.matter, ruling=question.id)
    who = night.ning(cast.zhao)
    outcomes = at_once(
        lambda: orders.issue(who, by=cast.zhao, at=STORY, **said),
        lambda: orders.issue(who, by=cast.zhao, at=STORY, **said),
    )
    with translation.override("en"):
        refusal = night.one_done_one_refused(outcomes).message
    assert "already in force" in refusal and "street leader 赵国强" in refusal


def test_every_notice_has_a_number_of_its_own(street: str, cast: Cast) -> None:
    with reading(cast.zhao):
        people = list(Resident.objects.filter(where__under=f"{HOME}.3."))
    matters = [night.assessed(cast).matter for _one in people]
    outcomes = at_once(
        *(
            lambda who=who, matter=matter: orders.issue(
                who, by=cast.zhao, at=STORY, **night.order_words(matter=matter, clause=night.CLAUSE)
            )
            for who, matter in zip(people, matters, strict=True)
        )
    )
    assert all(isinstance(one, Line) for one in outcomes), outcomes
    with reading(cast.zhao):
        numbers = sorted(Notice.objects.values_list("serial", flat=True))
    assert numbers == list(range(1, len(people) + 1))


def test_serving_says_how_to_whom_and_with_which_proof(street: str, cast: Cast) -> None:
    order, notice = night.issued(cast)
    line = orders.serve(notice, by=cast.liu, at=STORY, **SERVED)
    assert line.facts == {"how": "paper", "proof": "signed", "to_whom": "himself"}
    assert (line.where, line.matter) == (DOOR, order.matter)
    assert night.get(Order, order.id, cast.li).state == "served"
    with reading(cast.li):
        assert queries.to_serve(HOME) == []
        assert [one.id for one in queries.active(HOME, date(2020, 3, 11))] == [order.id]
        assert queries.active(HOME, date(2020, 3, 12)) == []
        assert queries.day_number(order, date(2020, 3, 11)) == 14


def test_the_second_to_serve_is_told_who_was_first(street: str, cast: Cast) -> None:
    _order, notice = night.issued(cast)
    outcomes = at_once(
        lambda: orders.serve(notice, by=cast.liu, at=STORY, **SERVED),
        lambda: orders.serve(notice, by=cast.wang, at=STORY, **SERVED),
    )
    first = next(one for one in outcomes if isinstance(one, Line))
    with translation.override("en"):
        words = {"seconded": "seconded official", "worker": "community worker"}[first.role]
        assert words in night.one_done_one_refused(outcomes).message


def test_not_accepting_is_his_position_and_the_notice_can_still_be_served(street: str, cast: Cast) -> None:
    order, notice = night.issued(cast)
    line = orders.refuse_notice(notice, words=WORDS, witness="王秀英", by=cast.liu, at=STORY)
    assert line.facts == {"witnessed": True}
    found = night.get(Notice, notice.id, cast.li)
    assert (found.state, found.refused_words) == ("refused", WORDS)
    assert night.get(Order, order.id, cast.li).state == "refused"
    with reading(cast.li):
        assert [one.id for one in queries.to_serve(HOME)] == [order.id]
    with translation.override("en"), pytest.raises(Refused, match="already noted"):
        orders.refuse_notice(found, words="还是不同意", by=cast.wang, at=STORY)
    orders.serve(found, by=cast.liu, at=STORY, **SERVED)
    found = night.get(Notice, notice.id, cast.li)
    assert (found.state, found.refused_words) == ("served", WORDS)
    with translation.override("en"), pytest.raises(Refused, match="already served"):
        orders.refuse_notice(found, words=WORDS, by=cast.wang, at=STORY)


def test_his_words_are_not_in_the_notebook(street: str, cast: Cast) -> None:
    order, notice = night.issued(cast)
    orders.refuse_notice(notice, words=WORDS, witness="王秀英", by=cast.liu, at=STORY)
    with reading(cast.li):
        written = "".join(
            f"{one.facts}{one.changes}{one.rule}" for one in Line.objects.filter(matter=order.matter)
        )
    for word in (WORDS, "王秀英", "宁小松", order.reason):
        assert word not in written


def test_an_order_carries_out_the_ruling(street: str, cast: Cast) -> None:
    from lianfang import reactions

    question = night.ruled(cast)
    order, _notice = night.issued(cast, matter=question.matter, ruling=question.id)
    night.follow_up()
    with reading(cast.zhao):
        cause = Line.objects.get(id=order.id)
    reactions.apply_ruling(cause)
    with reading(cast.li):
        (line,) = Line.objects.filter(kind="question.applied")
    assert (line.because, line.about, line.role, line.matter) == (
        order.id,
        question.id,
        "clock",
        order.matter,
    )


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("last_day", "2020-03-12", "order_ends"),
        ("days", "-1", "order_ends"),
        ("ruling", None, "order_has_basis"),
        ("authority_level", "community", "order_by_an_authority"),
        ("last_day", None, "last_day"),
        ("release_due", None, "release_due"),
    ],
)
def test_the_database_itself_refuses_an_order_without_basis_authority_or_end(
    street: str, cast: Cast, column: str, value: str | None, constraint: str
) -> None:
    order, _notice = night.issued(cast)
    with pytest.raises(Exception, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.scope', '@110198001', true), set_config('app.line', %s, true)",
            [str(new_id())],
        )
        cursor.execute(f"UPDATE lianfang_order SET {column} = %s WHERE id = %s", [value, order.id])
