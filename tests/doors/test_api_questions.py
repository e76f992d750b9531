"""Questions by the API: lines by pages, things with identifiers masked, people, today, a matter, what the rules say."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from lianfang.ground.acts import reading
from lianfang.ground.notebook import Line
from lianfang.rooms import gates, notes
from lianfang.rooms.people.models import Posting
from tests import night
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, STREET, Cast

from .at_the_api import Caller, token_of, token_of_system


@pytest.fixture
def wang(street: str, cast: Cast) -> Caller:
    return Caller(token_of(cast.wang))


def test_it_says_who_one_is_here(wang: Caller, cast: Cast) -> None:
    me = wang.get("/me").said
    assert (me["name"], me["role"], me["where"], me["names"]) == (cast.wang.name, "worker", HOME, True)
    assert me["may"] == sorted(cast.wang.may)
    assert me["until"].startswith("2020-05-26")


def pages(caller: Caller, limit: int, **more: str) -> Iterator[list[dict[str, object]]]:
    """Every page, to the end."""
    after, extra = "0-0", "".join(f"&{name}={value}" for name, value in more.items())
    while True:
        found = caller.get(f"/lines?after={after}&limit={limit}{extra}").said
        yield found["lines"]
        after = found["next"]
        if not found["more"]:
            return


def test_every_line_is_read_once_by_pages(wang: Caller, cast: Cast) -> None:
    for number in range(23):
        notes.write(DOOR, text=f"{number}", how="door", by=cast.wang, at=STORY)
    told = [one["id"] for page in pages(wang, 7) for one in page]
    with reading(cast.wang):
        there = [
            str(id)
            for id in Line.objects.order_by("xact", "seq")
            .filter(where__under=HOME)
            .values_list("id", flat=True)
        ]
    assert told == there
    last = wang.get("/lines?limit=500").said
    assert (last["more"], len(last["lines"])) == (False, len(there))
    assert wang.get(f"/lines?after={last['next']}").said == {"lines": [], "next": last["next"], "more": False}


def test_a_reader_that_polls_misses_no_line_of_many_writers(wang: Caller, cast: Cast) -> None:
    """Sixteen write at once, the reader asks again and again: all lines arrive, each once (a plain sequence loses a third)."""
    seen: list[object] = []
    done, start = Event(), wang.get("/lines").said["next"]

    def write(number: int) -> None:
        for one in range(10):
            notes.write(DOOR, text=f"{number}.{one}", how="door", by=cast.wang, at=STORY)
        connections.close_all()

    writers = [Thread(target=write, args=[number]) for number in range(16)]
    for writer in writers:
        writer.start()
    after = start
    while not done.is_set():
        if not any(writer.is_alive() for writer in writers):
            done.set()
        found = wang.get(f"/lines?after={after}&limit=20").said
        while found["lines"]:
            seen += [one["id"] for one in found["lines"]]
            after = found["next"]
            found = wang.get(f"/lines?after={after}&limit=20").said
    with reading(cast.wang):
        there = {str(id) for id in Line.objects.filter(kind="note.written").values_list("id", flat=True)}
    assert len(seen) == len(set(seen))
    assert there <= set(seen)


@pytest.mark.parametrize("under", [NEIGHBOUR, STREET, "", "11", "x", f"{HOME}.3", "110198001001.~", "1" * 60])
def test_a_place_that_is_not_ones_own_is_not_there(wang: Caller, under: str) -> None:
    for question in ("/lines?", "/things/note?", "/people?q=宁&", "/today?"):
        no = wang.get(f"{question}under={under}")
        assert (no.status, no.said["detail"]) == (404, no.said["detail"]), question
    assert wang.ask("POST", "/decide", {"facts": {}, "where": under}).status == 404


def test_a_narrower_place_gives_what_lies_below_it(street: str, cast: Cast) -> None:
    chen = Caller(token_of(cast.chen))
    notes.write(DOOR, text="-", how="door", by=cast.wang, at=STORY)
    notes.write(f"{NEIGHBOUR}.3.2.402.", text="-", how="door", by=cast.fang, at=STORY)
    assert len(chen.get("/things/note").said["things"]) == 2
    assert [one["where"] for one in chen.get(f"/things/note?under={HOME}.3.").said["things"]] == [DOOR]
    assert {one["where"][:12] for page in pages(chen, 50, under=NEIGHBOUR) for one in page} == {NEIGHBOUR}


def test_things_come_by_pages_newest_first_and_masked(street: str, cast: Cast) -> None:
    chen = Caller(token_of(cast.chen))
    for number in range(5):
        lodged = chen.act(
            "ticket.lodged", channel="phone", type="help", category="supplies", words=f"第 {number} 件", door=DOOR,
            caller_name="宁小松", caller_phone="19900000402",
        )  # fmt: skip
        assert lodged.status == 201, lodged.said
    first = chen.get("/things/ticket?limit=3").said
    rest = chen.get(f"/things/ticket?limit=3&before={first['next']}").said
    assert [one["words"] for one in first["things"] + rest["things"]] == [
        f"第 {n} 件" for n in (4, 3, 2, 1, 0)
    ]
    assert rest["next"] is None
    assert {one["caller_phone"] for one in first["things"]} == {"199****0402"}
    assert not [name for one in first["things"] for name in one if "index" in name]


@pytest.mark.parametrize("kind", ["verification", "question", "order"])
def test_each_kind_of_the_night_is_listed(street: str, cast: Cast, kind: str) -> None:
    night.asked(cast)
    order, _notice = night.issued(cast)
    told = Caller(token_of(cast.li)).get(f"/things/{kind}").said["things"]
    assert len(told) == 1
    assert told[0]["where"].startswith(HOME)
    if kind == "order":
        assert (told[0]["id"], told[0]["days"], told[0]["last_day"]) == (str(order.id), 14, "2020-03-11")


def test_what_is_no_kind_is_not_there(wang: Caller) -> None:
    for kind in ("resident", "account", "tokenkey", "line", "x", "%00", "..", "note%2F.."):
        assert wang.get(f"/things/{kind}").status == 404, kind


def test_people_are_found_as_at_the_desk_and_without_numbers(wang: Caller) -> None:
    found = wang.get("/people?q=nxs")
    assert [(one["name"], one["door"], one["where"]) for one in found.said["people"]] == [
        ("宁小松", "3-2-402", DOOR)
    ]
    assert found.said["total"] == 1
    assert wang.get("/people?q=0402").said["people"][0]["name"] == "宁小松"
    assert "19900000402" not in str(found.said)
    assert wang.get("/people?q=%00").status == 422
    for q in ("", "x" * 61):
        assert wang.get(f"/people?q={q}").status == 422


def test_today_is_figures_for_all_and_ids_for_who_sees_names(street: str, cast: Cast) -> None:
    night.asked(cast)
    night.issued(cast)
    li, qian = (Caller(token_of(who)).get("/today").said for who in (cast.li, cast.qian))
    assert li["figures"]["verifications"] == 1 == len(li["waiting"]["verifications"])
    assert li["figures"]["observed"] == 1
    assert li["buildings"][0]["observed"] == 1
    assert "waiting" not in qian
    assert qian["figures"]["observed"] == 1
    assert qian["figures"]["residents"] == 5


def test_the_story_of_a_matter(street: str, cast: Cast) -> None:
    order, _notice = night.issued(cast)
    for language, words in (("zh-CN", "决定"), ("en", "Issued")):
        told = Caller(token_of(cast.li), language).get(f"/matters/{order.matter}").said
        assert [one["kind"] for one in told["entries"]] == [
            "assessment.made",
            "question.asked",
            "question.ruled",
            "order.issued",
        ]
        assert any(words in one["sentence"] for one in told["entries"])
    assert Caller(token_of(cast.qian)).get(f"/matters/{order.matter}").status == 403
    foreign, none = (
        Caller(token_of(cast.fang)).get(f"/matters/{id}")
        for id in (order.matter, order.reason and cast.li.id)
    )
    assert (foreign.status, foreign.said) == (404, none.said)


def test_the_rules_decide_a_case_without_a_name(street: str, cast: Cast) -> None:
    wang = Caller(token_of(cast.wang))
    case = {"facts": night.NING, "on": "2020-02-26"}
    said = wang.ask("POST", "/decide", case)
    assert said.status == 200
    assert (said.said["answer"], said.said["where"]) == ("unclear", HOME)
    assert wang.ask("POST", "/decide", case | {"on": "2020-02-10"}).said["on"] == "2020-02-10"
    before = len(wang.get("/lines").said["lines"])
    for wrong in ({"facts": {"nonsense": 1}}, {"facts": {"nights_away": "many"}}, {"facts": [], "on": "2020-02-26"}, {},
                  case | {"on": "yesterday"}, case | {"subject": "nonsense"}, case | {"more": 1}):  # fmt: skip
        no = wang.ask("POST", "/decide", wrong)
        assert no.status == 422, wrong
    assert len(wang.get("/lines").said["lines"]) == before


def test_a_role_without_names_reads_no_door(street: str, cast: Cast) -> None:
    night.issued(cast)
    for token in (token_of(cast.qian), token_of_system(cast, "auditor"), token_of_system(cast, "hotline")):
        caller = Caller(token)
        lines = [one for page in pages(caller, 500) for one in page]
        assert "order.issued" in {one["kind"] for one in lines}
        assert max(len(str(one["where"])) for one in lines) == 12
        for question in ("/things/order", "/people?q=宁"):
            assert caller.get(question).status == 403


def test_a_question_takes_few_statements_however_much_there_is(street: str, cast: Cast) -> None:
    chen = Caller(token_of(cast.chen))

    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as said:
            assert chen.get(path).status == 200
        return len(said)

    questions = (
        "/lines", "/things/note", "/things/ticket", "/things/verification", "/things/order", "/things/need",
        "/people?q=宁", "/me",
    )  # fmt: skip
    few = {path: statements(path) for path in questions}
    for number in range(30):
        notes.write(DOOR, text=f"{number}", how="door", by=cast.wang, at=STORY)
        gates.ask(HOME, post="马坊进京检查站", asked_for=f"{number}", officer="", by=cast.wang, at=STORY)
    assert {path: statements(path) for path in questions} == few
    assert max(few.values()) <= 6, few


def test_the_end_of_a_posting_ends_the_access_at_once(street: str, cast: Cast) -> None:
    from lianfang.rooms import people

    wang = Caller(token_of(cast.wang))
    assert wang.get("/me").status == 200
    people.end_posting(night.get(Posting, cast.wang.posting, cast.qian), by=cast.qian, at=STORY)  # type: ignore[arg-type]
    assert wang.get("/me").status == 401
    assert wang.act("note.written", where=DOOR, text="-", how="door").status == 401
