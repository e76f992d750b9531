"""The evening of 6 March, 19:45, with somebody in every state the register knows: for its report and for its page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from lianfang import reactions
from lianfang.ground import clock
from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.rooms import orders, people, policies
from lianfang.rooms.orders.models import Check, Notice, Order
from lianfang.rooms.people.models import Resident
from lianfang.rooms.people.roles import installer
from lianfang.rooms.places.models import Door
from tests import night
from tests.cast import HOME, MORNING, Cast

from . import observed

NOW = datetime(2020, 3, 6, 19, 45, tzinfo=BEIJING)

OTHERS = [
    # door, name, sex, born, day 0: who came back after twenty nights
    ("2.301", "欧阳春晖", "female", date(1990, 3, 8), date(2020, 3, 4)),
    ("2.302", "鲍国良", "male", date(1962, 12, 1), date(2020, 3, 2)),
    ("3.502", "易小北", "male", date(1998, 6, 18), date(2020, 2, 27)),
    ("4.101", "尉迟静", "female", date(1975, 9, 30), date(2020, 2, 20)),
    ("4.603", "慕容海涛", "male", date(1969, 1, 22), date(2020, 2, 20)),
    ("4.602", "华天翼", "male", date(1988, 8, 8), date(2020, 3, 6)),
]


def _moved_in(door: str, name: str, sex: str, born: date) -> Resident:
    by = installer(HOME)
    with reading(by):
        found = Door.objects.get(where=f"{HOME}.3.{door}.")
    line = people.register(found, name=name, sex=sex, born=born, relation="head", by=by, at=MORNING)
    return night.get(Resident, line.id, by)


def ordered(cast: Cast, person: Resident, first_day: date, *, serve: bool = True) -> Order:
    """An order by the clause of 14 February, served on its first evening."""
    at = datetime(first_day.year, first_day.month, first_day.day, 18, 0, tzinfo=BEIJING)
    clock.move_to(at)
    facts = night.NING | {"nights_away": 20, "origin": "130000"}
    made = policies.assess(HOME, facts=facts, resident=person, by=cast.li, at=at)
    words = night.order_words(first_day=first_day, reason="在外地住了二十天后返京。")
    line = orders.issue(person, matter=made.matter, clause=night.CLAUSE, by=cast.zhao, at=at, **words)
    order = night.get(Order, line.id, cast.zhao)
    if serve:
        with reading(cast.liu):
            notice = Notice.objects.get(order=order)
        orders.serve(
            notice, how="paper", proof="signed", to_whom="himself", remedy_told=True, by=cast.liu, at=at
        )
        reactions.schedule_checks(night.Line.objects.none().model(about=notice.id, id=line.id, at=at))
    return order


def _checked(cast: Cast, order: Order, *, until: datetime, but: tuple[tuple[int, str], ...] = ()) -> None:
    with reading(cast.wang):
        found = list(Check.objects.filter(order=order, due_at__lte=until).order_by("due_at"))
    for number, check in enumerate(found):
        if (check.day, check.half) in but:
            continue
        moment = check.due_at - timedelta(hours=3, minutes=number % 40)
        clock.move_to(moment)
        orders.record_check(
            check, temperature=Decimal("36.2") + Decimal(number % 5) / 10,
            how=("door", "phone", "self")[number % 3], by=cast.wang, at=moment,
        )  # fmt: skip


def evening(cast: Cast) -> Order:
    """Everybody, as it stands on 6 March at 19:45; gives back his order, whose reading of 37.3 waits for the doctor."""
    his = observed.told(cast)
    reactions.schedule_checks(night.Line(about=_notice(cast, his).id, id=his.id, at=observed.REFUSED))
    orders.object_to(
        his, words="当天去当天回，也算返京？", answer_by=cast.worker("pan"), answer_due=observed.REFUSED + timedelta(days=3),
        remedy_told=True, by=cast.liu, at=observed.REFUSED,
    )  # fmt: skip
    clock.move_to(observed.REFUSED + timedelta(hours=10))
    orders.undertake(his, how="paper", freely=True, words="草莓的事请帮忙。", by=cast.li, at=clock.now())
    people_ = {name: _moved_in(door, name, sex, born) for door, name, sex, born, _first in OTHERS}
    made = {
        name: ordered(cast, people_[name], first, serve=name != "华天翼")
        for *_who, name, _s, _b, first in OTHERS
    }
    today = datetime(2020, 3, 6, 0, 0, tzinfo=BEIJING)
    _checked(cast, his, until=NOW, but=((5, "pm"),))
    _checked(cast, made["欧阳春晖"], until=NOW)
    _checked(cast, made["鲍国良"], until=today)
    _checked(cast, made["易小北"], until=NOW)
    _checked(cast, made["尉迟静"], until=NOW)
    _checked(cast, made["慕容海涛"], until=NOW, but=((14, "pm"),))
    clock.move_to(today + timedelta(minutes=20))
    reactions.find_missed_checks(clock.now())
    orders.verify_release(made["尉迟静"], by=cast.li, at=clock.now())
    clock.move_to(NOW - timedelta(minutes=50))
    observed.taken(made["易小北"], cast.wang, 8, "pm", "36.4")
    reactions.find_missed_checks(clock.now())
    clock.move_to(NOW - timedelta(minutes=5))
    line = observed.taken(his, cast.wang, 9, "pm", "37.3")
    reactions.raise_alarm(line)
    clock.move_to(NOW)
    return his


def _notice(cast: Cast, order: Order) -> Notice:
    with reading(cast.li):
        return Notice.objects.get(order=order)
