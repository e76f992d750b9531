"""The rest of the night and the fourteen days, clicked and typed by nine people in real Chromium, and by 宁小松 himself on a
telephone; the pages they come to are looked at by axe, in Chinese and in English, narrow and in large text. With
``LIANFANG_PICTURES`` set to a folder, each is also kept as a picture."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from lianfang.ground import clock, seals, verifying
from lianfang.ground.acts import reading
from lianfang.ground.notebook import Line
from lianfang.reports.figures import Figures
from lianfang.rooms.aid import queries as needs
from lianfang.rooms.aid.models import Need
from lianfang.rooms.briefs.models import Brief
from lianfang.rooms.orders.models import Check, Order, Release
from lianfang.rooms.tickets import queries as requests
from lianfang.rooms.tickets.models import Ticket
from tests import night, rest
from tests.at_once import at_once
from tests.cast import HOME, Cast
from tests.doors.browser import Desk
from tests.rest import moment

from .test_first_hour_browser import Eyes

HIS_DOOR = "3-2-402"
Scene = Callable[[], None]


def beside(work: Callable[[], object]) -> None:
    """Do it in a thread of its own: Playwright's loop runs in this one, and the worker has one too."""
    (came,) = at_once(work)
    assert not isinstance(came, Exception), came


class Walk:
    """Who walks through it: windows, what is looked at, and the pages the story has come to."""

    def __init__(self, desk: Desk, order: Order) -> None:
        self.desk, self.eyes = desk, Eyes()
        self.order, self.matter = f"/o/{order.id}", f"/m/{order.matter}"
        self.ticket, self.need, self.code = "", "", ""
        self.windows: dict[str, Page] = {}

    def play(self, *scenes: tuple[str, Scene]) -> None:
        """Each scene at its time; before it what time found, after it what follows of itself."""
        for said, scene in sorted(scenes, key=lambda one: moment(one[0])):
            clock.move_to(moment(said))
            beside(partial(rest.tick, moment(said)))
            scene()
            beside(night.follow_up)

    def at(self, who: str, where: str) -> Page:
        """Somebody comes to a page, in a window of his own."""
        page = self.windows[who] = self.windows.get(who) or self.desk.sign_in(who)
        page.goto(where)
        return page

    def look(self, page: Page, name: str) -> None:
        """Look at a page, once."""
        if name not in self.eyes.seen:
            self.eyes.look(page, name)


def send(page: Page, action: str, refused: bool = False, **said: str | bool | list[str]) -> None:
    """Fill the form whose address ends so, and send it."""
    form = page.locator(f'form[action$="{action}"]').first
    for folded in form.locator("xpath=ancestor::details[not(@open)]/summary").all():
        folded.click()
    for name, value in said.items():
        field = form.locator(f'[name="{name}"]:not([type=hidden])')
        for folded in field.first.locator("xpath=ancestor::details[not(@open)]/summary").all():
            folded.click()
        kind = field.first.evaluate("one => one.type || one.tagName")
        if value is True:
            field.check()
        elif kind in ("radio", "checkbox"):
            for each in value if isinstance(value, list) else [str(value)]:
                form.locator(f'[name="{name}"][value="{each}"]').check()
        elif kind.startswith("select"):
            field.select_option(str(value))
        else:
            field.fill(str(value))
    form.locator("button:visible").last.click()
    page.wait_for_load_state()
    assert page.locator(".errors").count() == refused, page.locator(".errors").all_inner_texts()


def one_of(page: Page, field: str, words: str) -> str:
    """The value of a choice by its words."""
    return page.locator(f"{field} option", has_text=words).first.get_attribute("value") or ""


def he_objects(walk: Walk) -> None:
    """22:50 刘明 writes down that he does not accept it, and his objection; 王秀英 asks what he needs."""
    liu = walk.at("liu", walk.order)
    send(liu, "/refuse", words=rest.REFUSAL, witness="王秀英")
    send(
        liu, "/object", words=rest.OBJECTION, answer_by=one_of(liu, "[name=answer_by]", "潘雨"),
        answer_due="2020-02-27T18:50", remedy_told=True,
    )  # fmt: skip
    expect(liu.locator("blockquote.words").filter(has_text="车都没熄火")).to_be_visible()
    walk.look(liu, "order-objected")
    wang = walk.at("wang", f"/h/{HIS_DOOR}")
    wang.locator('a[href^="/n/new"]').click()
    walk.look(wang, "need-new")
    send(wang, "/n/ask", ticked=["food", "rubbish"], words="菜够两天，垃圾出不去。")
    expect(wang.locator("ol.rows li")).to_have_count(2)


def he_calls(walk: Walk, channel: str, number: str, words: str) -> None:
    """陈立 lodges his first call; he and 何伟 find that ticket again at every further one."""
    said = {"channel": channel, "outside_no": number, "caller_name": "宁小松", "caller_phone": "19900000402",
            "type": "complaint", "category": "epidemic", "words": words}  # fmt: skip
    page = walk.at("he" if channel == "110" else "chen", f"/t/new?home={HOME}-{HIS_DOOR}")
    form = page.locator("main form").last
    for name, value in said.items():
        field = form.locator(f'[name="{name}"]')
        if field.first.get_attribute("type") == "radio":
            form.locator(f'[name="{name}"][value="{value}"]').check()
        elif field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button.big").click()
    if walk.ticket:
        walk.look(page, "call-repeats")
        page.locator("ol.hits button[name=same]").first.click()
        page.wait_for_url("**/t/*")
        return
    page.locator('button[name=same][value="new"]').click()
    page.wait_for_url("**/t/*")
    walk.ticket = page.url
    page.locator('form[action$="/accept"] button').click()
    expect(page.locator('form[action$="/answer"]')).to_have_count(1)


def they_speak_with_him(walk: Walk, who: str, words: str, promise: str, due: str) -> None:
    """What was said stands on the ticket, what was promised and by when on the case page."""
    page = walk.at(who, walk.ticket)
    send(page, "/speak", channel="phone", words=words)
    page.goto(walk.matter)
    send(page, "/note", text=words, how="phone", promise=promise, promise_due=f"{moment(due):%Y-%m-%dT%H:%M}")
    expect(page.locator("main")).to_contain_text(promise)


def hand_over(walk: Walk) -> None:
    """03:10: who comes in the morning reads this first."""
    li = walk.at("li", walk.matter)
    send(li, "/note", text=rest.HANDOVER, how="handover")
    walk.look(li, "matter-at-three")


def keep(walk: Walk, who: str, what: str) -> None:
    """Somebody notes that what he promised is done."""
    page = walk.at(who, walk.matter)
    row = page.locator("ul.promises > li", has_text=what)
    row.locator("summary").click()
    row.locator("form button").click()
    expect(page.locator("ul.promises > li", has_text=what).locator("form")).to_have_count(0)


def morning(walk: Walk) -> None:
    """07:30: today's page, with the hand-over note on it."""
    li = walk.at("li", "/")
    expect(li.locator("main")).to_contain_text("天亮先上门")
    walk.look(li, "today-morning")


def she_listens(walk: Walk) -> None:
    """08:05 李建华 writes down what she hears at his door."""
    keep(walk, "li", "早上八点上门")
    li = walk.at("li", walk.matter)
    send(li, "/note", text=rest.VISIT, how="visit")


def she_confirms(walk: Walk) -> None:
    """08:20: what her note proposes she confirms; 刘明 sees to it."""
    li = walk.at("li", "/needs?which=proposed")
    walk.look(li, "needs")
    li.locator("a.go", has_text="草莓").click()
    expect(li.locator('[name="quantity"]')).to_have_value("200")
    expect(li.locator('[name="perish_by"]')).to_have_value("2020-03-01")
    walk.look(li, "need-proposed")
    walk.need = li.url
    send(li, "/confirm", owner=one_of(li, "[name=owner]", "刘明"), price=str(rest.PRICE))
    expect(li.locator("table.adds")).to_contain_text("3000")


def he_signs(walk: Walk) -> None:
    """08:40: the notice is served, he signs of his own will, and is given a slip for his own page."""
    li = walk.at("li", walk.order)
    send(li, "/serve", how="paper", to_whom="himself", proof="signed", remedy_told=True)
    send(li, "/undertake", how="paper", words="草莓的事说好了，我配合。", freely=True)
    li.locator('a[href^="/slip/"]').first.click()
    li.locator('form[action$="/issue"] button').click()
    walk.code = li.locator("article.slip .code").inner_text()


def brief(walk: Walk) -> None:
    """09:05: its words by 李建华, published by 王秀英."""
    for who in ("li", "wang"):
        page = walk.at(who, "/b")
        page.locator("a.go").first.click()
        if who == "li":
            send(page, "/amend", asks="请明确“途经”与“停留”的口径。")
            continue
        send(page, "/publish")
        walk.look(page, "brief")


def answer_him(walk: Walk) -> None:
    """15:00: 潘雨, who did not decide, answers his objection."""
    pan = walk.at("pan", walk.order)
    action = pan.locator('form[action*="/objection/"]').get_attribute("action") or ""
    send(pan, action, outcome="stands", answer="已报区里请示；十四天不变，可依法申请复议。")


def helps(walk: Walk, who: str, kind: str, name: str, much: int) -> None:
    """Somebody's word is taken by telephone."""
    send(walk.at(who, walk.need), "/pledge", by_kind=kind, by_name=name, quantity=str(much))


def two_want_the_last_ten(walk: Walk) -> None:
    """14:05: both pages show ten jin. One word is taken; the other is told what is left and who was first, and nothing
    that was typed is lost."""
    liu, wang = walk.at("liu", walk.need), walk.at("wang", walk.need)
    walk.look(wang, "need-open")
    for page in (liu, wang):
        expect(page.locator('form[action$="/pledge"] [name=quantity]')).to_have_value("10")
    send(liu, "/pledge", by_kind="canteen", by_name="街道机关食堂")
    send(wang, "/pledge", refused=True, by_kind="other", by_name="幸福超市")
    expect(wang.locator(".errors")).to_contain_text("街道机关食堂 于 02-27 14:05 认领了最后 10 斤")
    expect(wang.locator("main")).to_contain_text("幸福超市")


def has_come(walk: Walk, which: int, much: int) -> None:
    """刘明 notes what came, and what was paid for it."""
    liu = walk.at("liu", walk.need)
    row = liu.locator("ul.pledges").first.locator("> li").nth(which)
    row.locator("summary").first.click()
    row.locator("[name=quantity]").fill(str(much))
    row.locator("[name=yuan]").fill(str(much * rest.PRICE))
    row.locator('form[action$="/deliver"] button').click()
    expect(liu.locator("[role=status], .said").first).to_be_visible()


def he_reads_his_page(walk: Walk) -> None:
    """29 February, on his own telephone: why, by whom, until when; and that the strawberries are sold he says himself."""
    page = walk.desk.window(width=360, height=780)
    page.goto("/r/")
    page.fill("[name=code]", walk.code)
    page.locator("button.go").click()
    page.wait_for_url("**/r/me")
    for words in ("清和街居观〔2020〕1号", "3月11日", "赵国强", "车都没熄火", "潘雨", "草莓", "200"):
        expect(page.locator("body")).to_contain_text(words)
    arrived = page.locator('form[action*="/arrived/"]').last
    arrived.locator("[name=words]").fill(rest.THANKS)
    arrived.locator("button").click()
    expect(page.locator("[role=status]")).to_be_visible()


def looked_after(walk: Walk, number: int, half: str) -> None:
    """王秀英 types the reading where it stands in the register, and presses how it was taken."""
    wang = walk.at("wang", "/orders")
    if (number, half) == (2, "pm"):
        walk.look(wang, "register")
    take = wang.locator("form.take")
    take.locator("[name=temperature]").fill("37.3" if (number, half) == rest.FEVER else "36.5")
    take.locator('[value="self"]' if half == "am" else '[value="door"]').click()
    expect(wang.locator("form.take")).to_have_count(0)


def the_doctor(walk: Walk) -> None:
    """6 March, 20:15: 孙敏 was called at once; it was a hot drink."""
    sun = walk.at("sun", walk.order)
    expect(sun.locator(".card.hot")).to_contain_text("37.3")
    walk.look(sun, "order-alarm")
    action = sun.locator('form[action*="/alarm/"]').get_attribute("action") or ""
    send(sun, action, temperature="36.6", finding="explained", words="量之前刚喝了热水，歇半小时再量正常。")
    expect(sun.locator(".card.hot")).to_have_count(0)


def answer_ticket(walk: Walk) -> None:
    """1 March: 陈立 answers; he cannot call back himself."""
    chen = walk.at("chen", walk.ticket)
    send(chen, "/answer", words=rest.ANSWER)
    expect(chen.locator('form[action$="/call-back"]')).to_have_count(0)


def call_back(walk: Walk) -> None:
    """2 March: 潘雨, who did not handle it, asks him."""
    send(walk.at("pan", walk.ticket), "/call-back", reached="yes", heard="yes", solved="yes", satisfied="yes",
         words="草莓卖了，道理也讲明白了。")  # fmt: skip


def verified(walk: Walk) -> None:
    """12 March, 00:05: what was ticked the first night is done with, and 李建华 verifies the end."""
    for _each in ("food", "rubbish"):
        wang = walk.at("wang", "/needs?which=proposed")
        wang.locator("a.go").first.click()
        send(wang, "/drop", why="十四天里邻居和物业天天管，到期不用了。")
    send(walk.at("li", walk.order), "/verify", why_missed="3月3日晚没接到电话，次日早上正常。")


def released(walk: Walk) -> None:
    """00:10: 陈立 releases him; the notice has its number."""
    chen = walk.at("chen", walk.order)
    walk.look(chen, "order-release")
    send(chen, "/release")
    chen.locator('a[href$="/released"]').click()
    expect(chen.locator("main")).to_contain_text("清和街解观〔2020〕1号")
    walk.look(chen, "release-notice")


def closed(walk: Walk) -> None:
    """09:30: the ticket is closed, and the case page says how it all went."""
    chen = walk.at("chen", walk.ticket)
    send(chen, "/close")
    chen.goto(walk.matter)
    walk.look(chen, "matter-closed")


def every_day(walk: Walk) -> list[tuple[str, Scene]]:
    """Twenty-seven checks."""
    days = [(number, date(2020, 2, 26) + timedelta(days=number)) for number in range(1, 15)]
    return [
        (f"{day.month}-{day.day} {time}", partial(looked_after, walk, number, half))
        for number, day in days
        for half, time in (("am", "09:30"), ("pm", "19:40"))
        if (number, half) != rest.MISSED
    ]


@pytest.mark.browser
def test_the_rest_of_the_night_in_a_browser(desk: Desk, cast: Cast) -> None:
    at = moment("26 22:35")
    clock.move_to(at)
    order, _notice = night.issued(cast, at)
    beside(night.follow_up)
    walk = Walk(desk, order)
    walk.play(
        ("26 22:50", partial(he_objects, walk)),
        *((when, partial(he_calls, walk, *said)) for when, *said in rest.CALLS),
        *((when, partial(they_speak_with_him, walk, *said)) for when, *said in rest.TALKS),
        ("27 03:10", partial(hand_over, walk)),
        ("27 07:30", partial(morning, walk)),
        ("27 08:05", partial(she_listens, walk)),
        ("27 08:20", partial(she_confirms, walk)),
        ("27 08:40", partial(he_signs, walk)),
        ("27 08:50", partial(keep, walk, "he", "110的记录")),
        ("27 09:05", partial(brief, walk)),
        ("27 09:40", partial(keep, walk, "wang", "菜和口罩")),
        *((when, partial(helps, walk, *said)) for when, *said in rest.PLEDGES),
        ("27 14:05", partial(two_want_the_last_ten, walk)),
        ("27 14:30", partial(keep, walk, "zhao", "草莓销路")),
        ("27 15:00", partial(answer_him, walk)),
        *((when, partial(has_come, walk, *said)) for when, *said in rest.DELIVERIES),
        ("29 15:30", partial(he_reads_his_page, walk)),
        *every_day(walk),
        ("3-1 16:00", partial(answer_ticket, walk)),
        ("3-2 10:00", partial(call_back, walk)),
        ("3-6 20:15", partial(the_doctor, walk)),
        ("3-12 00:05", partial(verified, walk)),
        ("3-12 00:10", partial(released, walk)),
        ("3-12 09:05", partial(brief, walk)),
        ("3-12 09:30", partial(closed, walk)),
    )  # fmt: skip
    says_the_same(cast, order)
    assert len(walk.eyes.seen) == 14


def says_the_same(cast: Cast, order: Order) -> None:
    """His ticket, his need, his order, the briefs and the seals, after all that was clicked."""
    seals.write(clock.now())
    with reading(cast.chen):
        (ticket,) = Ticket.objects.all()
        assert (ticket.state, ticket.satisfied, requests.calls(ticket)) == ("closed", True, 7)
        assert (ticket.matter, ticket.handler_name) == (order.matter, "陈立")
    with reading(cast.li):
        need = Need.objects.get(kind="sell")
        stands = needs.sums(need)
        assert (need.state, need.met_words) == ("met", rest.THANKS)
        assert (stands.delivered, stands.open, stands.paid, stands.unpaid) == (200, 0, 3000, 0)
        states = list(Check.objects.filter(order=order.id).values_list("state", flat=True))
        assert (states.count("done"), states.count("missed")) == (27, 1)
        assert night.get(Order, order.id, cast.li).state == "released"
        number = Release.objects.get(order=order.id).number
        assert Line.objects.get(kind="order.released").facts["number"] == number
        first, last = (Figures.of(one) for one in Brief.objects.filter(state="published").order_by("day"))
        printed = "\n".join(Brief.objects.filter(state="published").values_list("seal", flat=True))
    assert (first.values["calls"], first.values["contacts"], first.values["undertaken"]) == (7, 4, 1)
    assert (last.values["released"], last.values["in_force"]) == (1, 0)
    assert verifying.verify(HOME, verifying.outside(printed)).wrong == []
