"""The register and the page of an order at the desk: a reading typed where it stands, the doctor, the answer, the end."""

import re
from datetime import timedelta

import pytest

from lianfang.ground import clock
from lianfang.ground.acts import reading
from lianfang.ground.notebook import Line
from lianfang.rooms.orders.models import Check, Order
from tests import night
from tests.cast import Cast
from tests.rooms.orders import busy, observed

from .at_the_desk import Seat


def written(cast: Cast, kind: str) -> int:
    with reading(cast.zhao):
        return Line.objects.filter(kind=kind).count()


def forms(seat: Seat) -> list[tuple[str, str]]:
    """The forms of the register that take a reading: address and key."""
    return re.findall(
        r'class="take" method="post" action="([^"]+)".*?name="key" value="([^"]+)"', seat.page, re.S
    )


def test_a_reading_is_typed_where_it_stands_and_the_register_comes_back(street: str, cast: Cast) -> None:
    busy.evening(cast)
    wang = Seat("wang")
    wang.get("/orders")
    found = forms(wang)
    assert len(found) == 2
    address, key = found[0]
    wang.post(address, temperature="36.4", how="door", key=key, next="/orders?which=due")
    assert wang.at == "/orders?which=due" and "已按实测记下" in wang.words()
    assert len(forms(wang)) == 1
    before = written(cast, "check.recorded")
    wang.post(address, temperature="36.4", how="door", key=key, next="/orders")  # pressed twice
    assert written(cast, "check.recorded") == before


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"temperature": "366", "how": "door"}, "366 不是体温"),
        ({"temperature": "3.66", "how": "door"}, "3.66 不是体温"),
        ({"temperature": "正常", "how": "door"}, "填体温计上的数"),
        ({"temperature": "36.5-37", "how": "door"}, "填体温计上的数"),
        ({"temperature": "", "how": "door"}, "按实测填写体温"),
        ({"temperature": "36.5", "how": ""}, "怎么测的"),
    ],
)
def test_what_is_no_reading_comes_back_with_what_to_do(
    street: str, cast: Cast, said: dict[str, str], why: str
) -> None:
    busy.evening(cast)
    wang = Seat("wang")
    wang.get("/orders")
    address, key = forms(wang)[0]
    before = written(cast, "check.recorded")
    wang.post(address, key=key, next="/orders", **said)
    assert wang.status == 422 and why in wang.words()
    assert said["temperature"] == "" or f'value="{said["temperature"]}"' in wang.page  # nothing typed is lost
    assert written(cast, "check.recorded") == before


def test_37_3_says_at_once_what_to_do(street: str, cast: Cast) -> None:
    busy.evening(cast)
    wang = Seat("wang")
    wang.get("/orders")
    address, key = forms(wang)[0]
    wang.post(address, temperature="38.2", how="phone", key=key, next="/orders")
    assert "已马上叫医生" in wang.words()
    night.follow_up()
    wang.get("/orders?which=alarm")
    assert wang.words().count("等医生") >= 2


def test_the_doctor_settles_it_and_nobody_else_is_asked_to(street: str, cast: Cast) -> None:
    order = busy.evening(cast)
    for who in ("wang", "li", "liu", "zhao"):
        seat = Seat(who)
        seat.get(f"/o/{order.id}")
        assert "/alarm/" not in seat.page and "37.3" in seat.page
    sun = Seat("sun")
    sun.get(f"/o/{order.id}")
    (address,) = re.findall(r'action="([^"]+/alarm/[^"]+)"', sun.page)
    sun.post(address, finding="explained", temperature="37.4", words="热水", key=sun.key())
    assert sun.status == 422 and "第二次仍是发热" in sun.words() and "热水" in sun.page
    sun.post(
        address, finding="explained", temperature="36.6", words="刚喝热水，静坐半小时复测。", key=sun.key()
    )
    assert sun.status == 200 and "情况已弄清" in sun.words()
    assert written(cast, "alarm.settled") == 1


@pytest.mark.parametrize("who", ["guo", "he"])
def test_a_stairwell_head_and_the_police_see_that_it_was_done_and_no_number(
    street: str, cast: Cast, who: str
) -> None:
    order = busy.evening(cast)
    seat = Seat(who)
    for page in ("/orders", f"/o/{order.id}", "/h/3-2-402", "/stack?b=3", "/"):
        seat.get(page)
        assert seat.status == 200
        assert not re.search(r"\b3[5-8]\.\d\b", seat.words()), page
        assert page in ("/", "/h/3-2-402") or "✓" in seat.words()
        assert 'name="temperature"' not in seat.page


def test_a_missed_check_is_entered_from_its_cell(street: str, cast: Cast) -> None:
    order = busy.evening(cast)
    wang = Seat("wang")
    wang.get(f"/o/{order.id}")
    (cell,) = set(re.findall(rf'href="(/o/{order.id}\?check=[^"#]+)', wang.page))
    wang.get(cell)
    assert "第 5 天晚上" in wang.words()
    (address,) = set(re.findall(r'action="(/o/[^"]+/check/[^"]+)"', wang.page))
    wang.post(address, temperature="36.7", how="self", at="2020-03-03T22:10", key=re.search(
        rf'action="{address}".*?name="key" value="([^"]+)"', wang.page, re.S)[1])  # type: ignore[index] # fmt: skip
    assert wang.status == 200
    with reading(cast.wang):
        check = Check.objects.get(order=order, day=5, half="pm")
    assert (str(check.temperature), check.late) == ("36.7", True)


def test_another_person_answers_and_who_decided_is_not_offered_to(street: str, cast: Cast) -> None:
    order = busy.evening(cast)
    for who in ("zhao", "chen"):
        seat = Seat(who)
        seat.get(f"/o/{order.id}")
        assert "/objection/" not in seat.page
    pan = Seat("pan")
    pan.get("/orders?which=objection")
    assert "答复已超时" in pan.words()
    pan.get(f"/o/{order.id}")
    (address,) = re.findall(r'action="([^"]+/objection/[^"]+)"', pan.page)
    key = re.search(rf'action="{address}".*?name="key" value="([^"]+)"', pan.page, re.S)[1]  # type: ignore[index]
    pan.post(address, outcome="stands", answer="每周往返没有豁免。", key=key)
    assert pan.status == 200 and "每周往返没有豁免" in pan.words()


def test_he_objects_and_only_those_who_did_not_decide_are_offered(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    liu = Seat("liu")
    liu.get(f"/o/{order.id}")
    options = re.findall(r'<option value="[0-9a-f-]{36}"[^>]*>([^<]+)<', liu.page)
    assert any("潘雨" in one for one in options)
    assert not any(name in one for one in options for name in ("赵国强", "陈立"))
    said = {"words": "凭什么？", "answer_by": str(cast.worker("pan")), "answer_due": "2020-02-28T18:00"}
    liu.post(f"/o/{order.id}/object", key=str(order.id)[:-1] + "0", **said)
    assert liu.status == 422 and "凭什么？" in liu.page
    liu.post(f"/o/{order.id}/object", remedy_told="on", **said)
    assert liu.status == 200 and "他有异议" in liu.words() and "潘雨" in liu.words()
    liu.post(f"/o/{order.id}/undertake", how="paper")
    assert liu.status == 422
    liu.post(f"/o/{order.id}/undertake", how="paper", freely="on")
    assert liu.status == 200 and "已签承诺书" in liu.words()


def test_verified_by_one_released_by_another_with_a_notice_to_print(street: str, cast: Cast) -> None:
    order = observed.told(cast)
    observed.checked_to_the_end(order, cast.wang, but=((5, "pm"),))
    clock.move_to(observed.OVER + timedelta(minutes=90))
    zhao, li = Seat("zhao"), Seat("li")
    for seat in (zhao, li):
        seat.get("/orders?which=ending")
        assert "逾期未解除" in seat.words()
    zhao.get(f"/o/{order.id}")
    assert f"/o/{order.id}/release" not in zhao.page.replace("/released", "")
    zhao.get(f"/o/{order.id}/released")
    assert zhao.status == 404
    li.get(f"/o/{order.id}")
    li.post(f"/o/{order.id}/verify", why_missed="")
    assert li.status == 422 and "有 1 次漏测，请写一句原因" in li.words()
    li.post(f"/o/{order.id}/verify", why_missed="人在，没接电话")
    assert li.status == 200 and f'action="/o/{order.id}/release"' not in li.page
    zhao.get(f"/o/{order.id}")
    zhao.post(f"/o/{order.id}/release", key=zhao.key())
    assert zhao.status == 200 and "清和街解观〔2020〕1号" in zhao.words()
    zhao.get(f"/o/{order.id}/released")
    assert "您的观察期" in zhao.words() or "观察期已满" in zhao.words()
    assert "110101" not in zhao.page and written(cast, "order.released") == 1
    assert night.get(Order, order.id, cast.li).state == "released"
    li.get("/orders")
    assert "宁小松" not in li.words()
    li.get("/orders?which=all")
    assert "宁小松" in li.words() and "已解除" in li.words()


def test_the_register_is_in_english_too(street: str, cast: Cast) -> None:
    busy.evening(cast)
    li = Seat("li", "en")
    li.get("/orders")
    for words in (
        "Home observation",
        "waits for the doctor",
        "release overdue",
        "notice to be served",
        "To check now",
    ):
        assert words in li.words()


def test_what_the_register_costs(street: str, cast: Cast) -> None:
    order = busy.evening(cast)
    wang = Seat("wang")
    for page, most in (("/orders", 10), ("/orders?which=all", 10), (f"/o/{order.id}", 24)):
        wang.get(page)
        wang.get(page)
        assert wang.statements <= most, (page, wang.statements)


@pytest.mark.parametrize("which", ["nonsense", "", "%00"])
def test_there_is_no_such_view(street: str, cast: Cast, which: str) -> None:
    wang = Seat("wang")
    wang.get(f"/orders?which={which}")
    assert wang.status == 404
