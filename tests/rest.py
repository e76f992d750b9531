"""The rest of the night and the fourteen days, step by step: 26 February 2020 from 22:50, to 12 March.

The first hour is over: the order is issued on the street's ruling. 宁小松 does not accept it; he calls all night; 李建华
hears of the strawberries at his door; others help; he is looked after twice a day, and released.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from lianfang import reactions
from lianfang.ground import clock, seals
from lianfang.ground.acts import Actor, reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line
from lianfang.rooms import aid, briefs, messages, notes, orders, tickets
from lianfang.rooms.aid.models import Need, Pledge
from lianfang.rooms.briefs.models import Brief
from lianfang.rooms.messages import codes
from lianfang.rooms.notes.models import Promise
from lianfang.rooms.orders.models import Alarm, Check, Notice, Objection, Order
from lianfang.rooms.people.models import Worker
from lianfang.rooms.tickets.models import Ticket
from tests import night
from tests.cast import DOOR, HOME, STREET, Cast

REFUSAL = "我当天去当天回，草莓都压在手里了，我不接受。"
OBJECTION = "我没有在大厂过夜，车都没熄火。十四天草莓全烂，谁定的、凭哪一条？"
VISIT = "听困难：草莓二百斤压在棚里，3月1日前卖不掉就要烂"
HANDOVER = "宁家谈到三点，他还是不接受，但肯听。电话七通并成一单。天亮先上门，别再让他打12345。"
THANKS = "一颗没烂，谢谢社区，也谢谢邻居。"
ANSWER = "依据、谁定的、怎么申诉都已当面说清；草莓二百斤由邻居、党员和食堂买下；每天两次上门。"
FEVER, MISSED = (9, "pm"), (6, "pm")
"""6 March, and 3 March: days 9 and 6 after the day he came."""

CALLS = [
    ("26 22:55", "12345", "京12345-0226-0417", "我当天去当天回，为什么要隔离我十四天？草莓怎么办？"),
    ("26 23:20", "110", "110-0226-8841", "社区不让我出门，你们管不管？"),
    ("26 23:45", "12345", "京12345-0226-0466", "没有人给我一个说法。"),
    ("27 00:15", "12345", "京12345-0227-0003", "我要找能定的人。"),
    ("27 00:50", "110", "110-0227-0107", "再没人管我就自己去送。"),
    ("27 01:30", "12345", "京12345-0227-0019", "草莓烂了谁赔？"),
    ("27 02:30", "12345", "京12345-0227-0031", "你们说天亮来人，到底来不来？"),
]
TALKS = [
    ("26 23:30", "wang", "听他说了四十分钟，车和大棚都问清楚了。", "天亮把菜和口罩放到门口", "27 10:00"),
    ("27 00:35", "li", "告诉他是街道定的，依据哪一条、向谁申诉。", "早上八点上门，当面听他说", "27 08:30"),
    ("27 01:50", "zhao", "他问能不能只隔离人不隔离草莓。答应想办法。", "草莓销路当天给答复", "27 18:00"),
    (
        "27 03:05",
        "he",
        "两次110都是为这一件事，不算报警。他气消了一些。",
        "110的记录转给街道并单",
        "27 09:00",
    ),
]
PLEDGES = [
    ("27 10:00", "wang", "neighbour", "单国庆", 30),
    ("27 10:20", "wang", "neighbour", "贺新颖", 40),
    ("27 11:00", "liu", "party_member", "社区在职党员", 60),
    ("27 14:00", "liu", "canteen", "街道机关食堂", 60),
]
LAST = ("27 14:05", "canteen", "街道机关食堂", 10)
DELIVERIES = [("27 18:30", 0, 30), ("28 09:30", 1, 15), ("28 18:00", 2, 60), ("29 10:00", 1, 25), ("29 11:00", 3, 60),
              ("29 15:00", 4, 10)]  # fmt: skip
PRICE = 15


Deed = Callable[[datetime], object]
Event = tuple[datetime, Deed]


def moment(said: str) -> datetime:
    """A moment of the story: ``27 08:05`` of February, ``3-12 00:10`` of March."""
    day, time = said.split()
    month, _dash, number = day.rpartition("-")
    hour, minute = map(int, time.split(":"))
    return datetime(2020, int(month or 2), int(number), hour, minute, tzinfo=BEIJING)


def play(events: Iterable[Event]) -> None:
    """Each deed at its time, before each what time has found by then, after each what follows of itself."""
    for at, deed in sorted(events, key=lambda one: one[0]):
        clock.move_to(at)
        tick(at)
        deed(at)
        night.follow_up()


def tick(at: datetime) -> None:
    """What the clock does once a minute: it finds what is late, and seals what was written."""
    if sum(late(at) for late in reactions.LATE):
        night.follow_up()
    seals.write(at)


@dataclass
class Rest:
    """The matter, and what it has come to."""

    cast: Cast
    order: UUID
    matter: UUID
    ticket: UUID | None = None
    note: UUID | None = None
    need: UUID | None = None
    code: str = ""
    pledges: list[UUID] = field(default_factory=list)
    briefs: list[UUID] = field(default_factory=list)

    def the_order(self, by: Actor | None = None) -> Order:
        """The order as somebody finds it."""
        return night.get(Order, self.order, by or self.cast.li)

    def the_ticket(self, by: Actor | None = None) -> Ticket:
        """The ticket as somebody finds it."""
        return night.get(Ticket, _known(self.ticket), by or self.cast.chen)

    def the_need(self, by: Actor | None = None) -> Need:
        """The need as somebody finds it."""
        return night.get(Need, _known(self.need), by or self.cast.li)

    def worker(self, sign_in: str) -> Worker:
        """Somebody who works here."""
        return night.get(Worker, self.cast.worker(sign_in), self.cast.li)

    def check(self, day: int, half: str) -> Check:
        """One of his checks."""
        with reading(self.cast.li):
            return Check.objects.get(order=self.order, day=day, half=half, further=False)


def _known(id: UUID | None) -> UUID:
    assert id is not None, "the story has not come so far"
    return id


def begin(cast: Cast) -> Rest:
    """22:35: the order is issued on the street's ruling; 22:50 he hears of it, does not accept it, and objects."""
    at = moment("26 22:35")
    clock.move_to(at)
    order, notice = night.issued(cast, at, reason="街道批复：先按居家观察办理十四天，同时报区里。")
    rest = Rest(cast, order.id, order.matter)

    def object_to(at: datetime) -> None:
        orders.refuse_notice(notice, words=REFUSAL, witness="王秀英", by=cast.liu, at=at)
        orders.object_to(
            rest.the_order(cast.liu), words=OBJECTION, answer_due=at + timedelta(hours=20),
            answer_by=cast.worker("pan"), remedy_told=True, by=cast.liu, at=at,
        )  # fmt: skip
        aid.ask(
            DOOR,
            ticked=["food", "rubbish"],
            words="菜够两天，垃圾出不去。",
            matter=rest.matter,
            by=cast.wang,
            at=at,
        )

    play([(at, lambda _at: None), (moment("26 22:50"), object_to)])
    return rest


def call(rest: Rest, channel: str, number: str, words: str, at: datetime) -> None:
    """He calls: the first call becomes the street's ticket, each further one joins it."""
    cast = rest.cast
    if rest.ticket is None:
        rest.ticket = tickets.lodge(
            STREET, channel=channel, outside_no=number, type="complaint", category="epidemic", words=words,
            door=DOOR, caller_name="宁小松", caller_phone="19900000402", matter=rest.matter, by=cast.chen, at=at,
        ).about  # fmt: skip
        tickets.accept(rest.the_ticket(), by=cast.chen, at=at)
    else:
        by = cast.he if channel == "110" else cast.chen
        tickets.log_call(rest.the_ticket(by), channel=channel, outside_no=number, words=words, by=by, at=at)


def talk(rest: Rest, who: str, words: str, promise: str, due: str, at: datetime) -> None:
    """Somebody speaks with him: what was said, and what was promised until when."""
    by = getattr(rest.cast, who)
    tickets.speak(rest.the_ticket(by), channel="phone", words=words, by=by, at=at)
    notes.write(
        DOOR,
        text=words,
        how="phone",
        promise=promise,
        promise_due=moment(due),
        matter=rest.matter,
        by=by,
        at=at,
    )


def hand_over(rest: Rest, at: datetime) -> None:
    """03:10: who comes in the morning reads this first."""
    notes.write(DOOR, text=HANDOVER, how="handover", matter=rest.matter, by=rest.cast.li, at=at)


def through_the_night(rest: Rest) -> list[Event]:
    """22:55 to 03:10: seven calls, talks by four people, the hand-over note."""
    return [
        *((moment(when), partial(call, rest, *said)) for when, *said in CALLS),
        *((moment(when), partial(talk, rest, *said)) for when, *said in TALKS),
        (moment("27 03:10"), partial(hand_over, rest)),
    ]


def keep(rest: Rest, who: str, at: datetime) -> Line:
    """Somebody keeps what he promised that night."""
    by = getattr(rest.cast, who)
    with reading(by):
        promise = Promise.objects.get(matter=rest.matter, owner=by.id)
    return notes.keep(promise, by=by, at=at)


def visit(rest: Rest, at: datetime) -> None:
    """08:05: she listens at his door, and writes down what she hears."""
    keep(rest, "li", at)
    rest.note = notes.write(DOOR, text=VISIT, how="visit", matter=rest.matter, by=rest.cast.li, at=at).about


def confirm(rest: Rest, at: datetime) -> None:
    """08:20: what her note proposes she confirms; 刘明 sees to it. He is given a slip for his own page."""
    cast = rest.cast
    with reading(cast.li):
        need = Need.objects.get(from_note=rest.note)
    rest.need = need.id
    aid.confirm(
        need, owner=rest.worker("liu"), due=moment("3-1 12:00"), kind=need.kind, item=need.item,
        quantity=need.quantity, unit=need.unit, price=Decimal(PRICE), perish_by=need.perish_by, by=cast.li, at=at,
    )  # fmt: skip
    rest.code = codes.code_for(rest.order)
    messages.issue_slip(
        DOOR, resident=night.ning(cast.wang), digest=codes.digest_of(rest.code), release=rest.the_order().release_due,
        matter=rest.matter, by=cast.wang, at=at,
    )  # fmt: skip


def sign(rest: Rest, at: datetime) -> None:
    """08:40: the notice is served after all, and he signs of his own will."""
    with reading(rest.cast.li):
        notice = Notice.objects.get(order=rest.order)
    orders.serve(
        notice, how="paper", proof="signed", to_whom="himself", remedy_told=True, by=rest.cast.li, at=at
    )
    orders.undertake(
        rest.the_order(), how="paper", freely=True, words="草莓的事说好了，我配合。", by=rest.cast.li, at=at
    )


def answer_objection(rest: Rest, at: datetime) -> None:
    """15:00: another person of the street answers his objection."""
    with reading(rest.cast.pan):
        objection = Objection.objects.get(order=rest.order)
    orders.answer_objection(
        objection, outcome="stands", answer="条文没有写到当天往返，已报区里请示；十四天不变，可依法申请复议。",
        by=rest.cast.pan, at=at,
    )  # fmt: skip


def pledge(rest: Rest, who: str, kind: str, name: str, much: int, at: datetime) -> None:
    """Somebody gives his word for so many jin."""
    by = getattr(rest.cast, who)
    line = aid.pledge(rest.the_need(by), by_kind=kind, by_name=name, quantity=Decimal(much), by=by, at=at)
    rest.pledges.append(line.about)


def deliver(rest: Rest, which: int, much: int, at: datetime) -> None:
    """A part has come, at fifteen yuan a jin."""
    given = night.get(Pledge, rest.pledges[which], rest.cast.liu)
    aid.deliver(given, quantity=Decimal(much), yuan=Decimal(much * PRICE), by=rest.cast.liu, at=at)


def meet(rest: Rest, at: datetime) -> None:
    """He says himself that it is met."""
    aid.meet(rest.the_need(rest.cast.liu), words=THANKS, by=rest.cast.liu, at=at)


def settle_everyday(rest: Rest, at: datetime) -> None:
    """Food and rubbish, ticked the first night, are seen to by a neighbour and by the community, day by day."""
    with reading(rest.cast.wang):
        asked = list(Need.objects.filter(matter=rest.matter, kind__in=["food", "rubbish"]))
    for one in asked:
        if one.state == Need.State.PROPOSED:
            aid.confirm(
                one,
                owner=rest.worker("wang"),
                due=moment("3-11 20:00"),
                kind=one.kind,
                by=rest.cast.wang,
                at=at,
            )
        else:
            aid.meet(one, words="天天有人管，够了。", by=rest.cast.wang, at=at)


def first_day(rest: Rest) -> list[Event]:
    """27 February from 08:05."""
    return [
        (moment("27 08:05"), partial(visit, rest)),
        (moment("27 08:20"), partial(confirm, rest)),
        (moment("27 08:30"), partial(settle_everyday, rest)),
        (moment("27 08:40"), partial(sign, rest)),
        *((moment(said), partial(keep, rest, who)) for who, said in (("he", "27 08:50"), ("wang", "27 09:40"))),
        *((moment(when), partial(pledge, rest, *said)) for when, *said in PLEDGES),
        (moment("27 14:30"), partial(keep, rest, "zhao")),
        (moment("27 15:00"), partial(answer_objection, rest)),
        *((moment(when), partial(deliver, rest, *said)) for when, *said in DELIVERIES),
        (moment("29 15:30"), partial(meet, rest)),
    ]  # fmt: skip


def check(rest: Rest, number: int, half: str, at: datetime) -> None:
    """He is looked after: in the morning he reports himself, in the evening somebody stands at the door."""
    fever = (number, half) == FEVER
    orders.record_check(
        rest.check(number, half), how="self" if half == "am" else "door",
        temperature=Decimal("37.3") if fever else Decimal("36.5"), by=rest.cast.wang, at=at,
    )  # fmt: skip


def settle(rest: Rest, at: datetime) -> None:
    """The doctor was called at once; after half an hour's rest it was a hot drink."""
    with reading(rest.cast.sun):
        alarm = Alarm.objects.get(order=rest.order)
    orders.settle_alarm(
        alarm, finding="explained", words="量之前刚喝了热水，歇了半个多小时再量正常。", temperature=Decimal("36.6"),
        by=rest.cast.sun, at=at,
    )  # fmt: skip


def fourteen_days(rest: Rest) -> list[Event]:
    """Twenty-eight checks, one of which nobody took, and one of which calls the doctor."""
    found: list[Event] = [(moment("3-6 20:15"), partial(settle, rest))]
    for number in range(1, 15):
        day = date(2020, 2, 26) + timedelta(days=number)
        for half, time in (("am", "09:30"), ("pm", "19:40")):
            if (number, half) != MISSED:
                found.append((moment(f"{day.month}-{day.day} {time}"), partial(check, rest, number, half)))
    return found


def answer(rest: Rest, at: datetime) -> None:
    """1 March: the street answers his ticket."""
    tickets.answer(rest.the_ticket(), words=ANSWER, by=rest.cast.chen, at=at)


def call_back(rest: Rest, at: datetime) -> None:
    """2 March: somebody who did not handle it calls him."""
    tickets.call_back(
        rest.the_ticket(), reached=True, heard=True, solved=True, satisfied=True, words="草莓卖了，道理也讲明白了。",
        by=rest.cast.pan, at=at,
    )  # fmt: skip


def verify(rest: Rest, at: datetime) -> None:
    """12 March, 00:05: the community verifies that his days are over."""
    orders.verify_release(
        rest.the_order(), why_missed="3月3日晚他在棚里没接到电话，次日早上正常。", by=rest.cast.li, at=at
    )


def release(rest: Rest, at: datetime) -> None:
    """00:10: the street releases him, by a numbered notice."""
    orders.release(rest.the_order(rest.cast.chen), by=rest.cast.chen, at=at)


def close(rest: Rest, at: datetime) -> None:
    """09:30: the ticket is closed."""
    tickets.close(rest.the_ticket(), by=rest.cast.chen, at=at)


def publish(rest: Rest, where: str, at: datetime) -> None:
    """The brief of a day: drafted by the clock at seven, its words by one, published by another after nine."""
    one, other = (rest.cast.li, rest.cast.wang) if where == HOME else (rest.cast.chen, rest.cast.zhao)
    with reading(one):
        brief = Brief.objects.get(where=where, day=at.astimezone(BEIJING).date())
    briefs.amend(brief, headline="", asks=["请明确“途经”与“停留”的口径。"], turn=brief.turn, by=one, at=at)
    briefs.publish(night.get(Brief, brief.id, other), by=other, at=at)
    rest.briefs.append(brief.id)


def to_the_end(rest: Rest) -> list[Event]:
    """The answer, the release, and the briefs of the days on which something happened."""
    days = ("27", "28", "29", "3-1", "3-3", "3-4", "3-7", "3-12")
    return [
        *((moment(f"{day} 09:05"), partial(publish, rest, HOME)) for day in days),
        (moment("27 09:10"), partial(publish, rest, STREET)),
        (moment("3-1 16:00"), partial(answer, rest)),
        (moment("3-2 10:00"), partial(call_back, rest)),
        (moment("3-11 20:00"), partial(settle_everyday, rest)),
        (moment("3-12 00:05"), partial(verify, rest)),
        (moment("3-12 00:10"), partial(release, rest)),
        (moment("3-12 09:30"), partial(close, rest)),
    ]
