"""Acts by the API: done once under their id, each of a batch for itself, refused in the words of the desk."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import reading
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.rooms.people.models import Resident
from tests import night
from tests.at_once import at_once
from tests.cast import DOOR, HOME, STREET, Cast
from tests.conftest import SERVER

from .at_the_api import Caller, token_of, token_of_system

FACTS = {
    name: {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
    for name, value in night.NING.items()
}
"""What is known of him, as the form of an assessment asks it."""

NOTE = {"where": DOOR, "text": "他说草莓压在棚里。", "how": "phone"}


@pytest.fixture
def wang(street: str, cast: Cast) -> Caller:
    return Caller(token_of(cast.wang))


def written(street: str) -> int:
    with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
        row = boss.execute("SELECT count(*) FROM lianfang_line").fetchone()
    return int(row[0]) if row else 0


def test_an_act_is_done_once_under_its_id(wang: Caller, cast: Cast) -> None:
    id = new_id()
    first, again = (wang.act("note.written", id=id, **NOTE) for _ in range(2))
    assert (first.status, again.status) == (201, 200)
    assert first.said["id"] == str(id) == again.said["id"]
    assert (first.said["kind"], first.said["via"], first.said["by"]) == (
        "note.written",
        "api",
        str(cast.wang.id),
    )
    assert first.said["changed"] == [{"thing": "note", "id": str(id)}]
    assert first.said == again.said
    with reading(cast.wang):
        assert Line.objects.filter(id=id).count() == 1


def test_the_same_id_with_another_content_is_refused(wang: Caller, cast: Cast) -> None:
    id = new_id()
    assert wang.act("note.written", id=id, **NOTE).status == 201
    for said in (NOTE | {"text": "别的话"}, NOTE | {"how": "door"}, NOTE | {"where": HOME}):
        assert wang.act("note.written", id=id, **said).status == 409
    other = Caller(token_of(cast.li)).act("note.written", id=id, **NOTE)
    assert other.status == 409
    assert (
        wang.act("verification.asked", id=id, post="马坊", asked_for="某人", asks="lives_here").status == 409
    )


def test_two_who_send_the_same_at_once_write_one_line(street: str, cast: Cast, wang: Caller) -> None:
    id, token = new_id(), wang.headers["Authorization"].split()[1]

    def send() -> int:
        return Caller(token).act("note.written", id=id, **NOTE).status

    assert sorted(at_once(*[send] * 4)) == [200, 200, 200, 201]
    with reading(cast.wang):
        assert Line.objects.filter(id=id).count() == 1


def test_an_act_says_when_it_happened(wang: Caller) -> None:
    said = wang.act("note.written", at="2020-02-26T19:05:00+08:00", **NOTE).said
    assert said["at"] == "2020-02-26T19:05:00+08:00"
    assert said["written_at"].startswith("2020-02-26T21:40")
    for at in ("2020-02-26T19:05:00", "yesterday", "", "2020-13-45T00:00:00Z", "0001-01-01T00:00:00+14:00",
               "9999-12-31T23:59:59-12:00", "1582771500", "2020-02-27T21:40:00+08:00", "2020-01-01T00:00:00Z"):  # fmt: skip
        refused = wang.act("note.written", at=at, **NOTE)
        assert refused.status == 422, at


def test_a_refusal_says_why_in_the_words_of_the_desk(street: str, cast: Cast) -> None:
    token, said = token_of(cast.wang), {}
    for language, spoken in (
        ("zh-CN", "zh-hans"), ("", "zh-hans"), ("fr, *;q=0.1", "zh-hans"), ("en-GB,en;q=0.8", "en"),
        ("zh;q=0.1, en;q=0.9", "en"),
    ):  # fmt: skip
        no = Caller(token, language).act("edition.published", where=HOME, document="{}")
        assert (no.status, no.headers["Content-Type"]) == (403, "application/problem+json")
        assert no.headers["Content-Language"] == spoken
        assert (no.said["status"], no.said["type"], no.said["title"]) == (403, "about:blank", "Forbidden")
        said[spoken] = no.said["detail"]
    for spoken in ("zh-hans", "en"):
        with translation.override(spoken):
            assert said[spoken] == str(_("Your role does not do this."))
    assert said["en"] != said["zh-hans"]


def test_what_does_not_fit_is_told_field_by_field(wang: Caller) -> None:
    no = wang.act("note.written", where=DOOR, how="by pigeon", colour="red")
    assert no.status == 422
    assert set(no.said["fields"]) == {"colour"}
    no = wang.act("note.written", where=DOOR, how="by pigeon")
    assert no.status == 422
    assert set(no.said["fields"]) == {"how", "text"}
    no = wang.act("note.written", where=DOOR, how="phone", text=["a", "list"])
    assert no.said["fields"] == {"text": ["填写有误"]} or set(no.said["fields"]) == {"text"}


def test_an_act_about_a_thing_finds_it_as_the_caller_sees_it(street: str, cast: Cast, wang: Caller) -> None:
    call = wang.act("verification.asked", post="马坊", asked_for="宁小松", asks="lives_here")
    assert (call.status, call.said["where"]) == (201, HOME)
    with reading(cast.wang):
        ning = Resident.objects.get(where=DOOR, name="宁小松")
    answered = wang.act(
        "verification.answered", verification=call.said["about"], answer="yes", resident=str(ning.id)
    )
    assert answered.status == 201
    assert answered.said["matter"] == call.said["matter"]
    fang = Caller(token_of(cast.fang))
    foreign = fang.act("verification.settled", verification=call.said["about"], result="passed")
    nobody = fang.act("verification.settled", verification=str(uuid4()), result="passed")
    assert (foreign.status, foreign.said) == (nobody.status, nobody.said)
    assert foreign.status == 404


def test_facts_lists_and_dates_go_in_as_json(street: str, cast: Cast) -> None:
    li = Caller(token_of(cast.li))
    with reading(cast.li):
        ning = Resident.objects.get(where=DOOR, name="宁小松")
    made = li.act("assessment.made", where=HOME, resident=str(ning.id), on="2020-02-26", **FACTS)
    assert made.status == 201, made.said
    assert made.said["facts"] == {"answer": "unclear"}
    for said in ({"nights_away": "3"}, {"nights_away": 1e300}, {"no_such_fact": 1}, {"symptom": True}, {"on": 20200226},
                 {"on": "26/02/2020"}, {"origin": {"a": [[[1]]]}}, {"facts": {}}, {"matter": 7}):  # fmt: skip
        no = li.act("assessment.made", where=HOME, **said)
        assert (no.status, set(no.said["fields"])) == (422, set(said)), said


def test_each_act_of_a_batch_has_its_own_outcome(street: str, wang: Caller) -> None:
    ids = [str(new_id()) for _ in range(4)]
    good = {"kind": "note.written", "said": NOTE}
    acts = [
        {"id": ids[0]} | good,
        {"id": ids[1], "kind": "note.written", "said": {"where": DOOR}},
        {"id": "no id"} | good,
        good,
        7,
        {"id": ids[2], "kind": "order.issued", "said": {}},
        {"id": ids[0]} | good,
        {"id": ids[3]} | good | {"more": 1},
        {"id": ids[3]} | good,
    ]
    before = written(street)
    found = wang.ask("POST", "/acts", {"acts": acts})
    assert found.status == 200
    outcomes = found.said["outcomes"]
    assert [one["status"] for one in outcomes] == [
        201,
        422,
        422,
        422,
        422,
        outcomes[5]["status"],
        200,
        422,
        201,
    ]
    assert outcomes[5]["status"] in (403, 422)
    assert [one["id"] for one in outcomes] == [
        ids[0],
        ids[1],
        "no id",
        None,
        None,
        ids[2],
        ids[0],
        ids[3],
        ids[3],
    ]
    assert all((one["line"] is None) != (one["problem"] is None) for one in outcomes)
    assert set(outcomes[1]["problem"]["fields"]) == {"how", "text"}
    assert written(street) == before + 2
    again = wang.ask("POST", "/acts", {"acts": acts})
    assert [one["status"] for one in again.said["outcomes"]].count(201) == 0
    assert written(street) == before + 2


@pytest.mark.parametrize(
    "acts", [[], [{}] * 51, {}, None, "x"], ids=["none", "51", "no list", "null", "text"]
)
def test_a_batch_is_of_one_to_fifty(wang: Caller, acts: object) -> None:
    no = wang.ask("POST", "/acts", {"acts": acts})
    assert no.status == 422
    assert set(no.said["fields"]) == {"acts"}


def test_a_poison_entry_blocks_nobody_in_any_position(street: str, wang: Caller) -> None:
    """Fifty acts, one of them bad, in each position: the others are written."""
    bad: list[object] = [
        None,
        {"id": "x"},
        {"id": str(new_id()), "kind": "note.written", "said": {"text": "\ud800"}},
    ]
    for place in range(0, 50, 7):
        acts: list[object] = [{"id": str(new_id()), "kind": "note.written", "said": NOTE} for _ in range(50)]
        acts[place] = bad[place % 3]
        outcomes = wang.ask("POST", "/acts", {"acts": acts}).said["outcomes"]
        assert [one["status"] for one in outcomes] == [201] * place + [422] + [201] * (49 - place)


def test_a_hotline_hands_a_call_in_and_reads_nobody(street: str, cast: Cast) -> None:
    hotline = Caller(token_of_system(cast))
    lodged = hotline.act(
        "ticket.lodged", channel="12345", type="help", category="supplies", words="草莓压在棚里，请帮忙。", door=DOOR,
        outside_no="12345-0226-7", caller_name="宁先生", caller_phone="19900000402",
    )  # fmt: skip
    assert lodged.status == 201, lodged.said
    assert lodged.said["where"] == STREET and lodged.said["role"] == "hotline"
    again = hotline.act("ticket.called", ticket=lodged.said["about"], channel="12345", words="又问了一次。")
    assert again.status == 201, again.said
    for address in ("/things/ticket", "/people?q=宁", f"/matters/{lodged.said['matter']}"):
        assert hotline.get(address).status == 403
    for kind in ("note.written", "ticket.accepted", "token.issued"):
        assert hotline.act(kind).status in (403, 422)
    lines = hotline.get("/lines").said["lines"]
    assert "ticket.called" in {one["kind"] for one in lines}
    assert all(len(one["where"]) <= 12 and one["changed"] == [] for one in lines)


def test_no_token_is_issued_by_a_token(street: str, cast: Cast) -> None:
    from lianfang.rooms.tokens.rules import fresh

    secret = fresh()
    for who in (cast.wang, cast.qian):
        no = Caller(token_of(who)).act(
            "token.issued", label="-", days=1, prefix=secret.prefix, digest=secret.digest
        )
        assert no.status == 403, no.said


def test_the_story_names_the_unit_behind_a_system(street: str, cast: Cast) -> None:
    lodged = Caller(token_of_system(cast)).act(
        "ticket.lodged", channel="12345", type="help", category="supplies", words="草莓压在棚里。", door=DOOR
    )
    for who in (cast.chen, cast.li):
        told = Caller(token_of(who)).get(f"/matters/{lodged.said['matter']}").said
        assert [one["who"] for one in told["entries"]] == ["清和街道疫情防控组 热线系统"]
