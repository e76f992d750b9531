"""T12 at the resident's door: every address, for who holds his own slip, another's, one that has ended or was withdrawn, and
for who holds none. What is another's is answered like what is not there, and nobody reads a word about anybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from lianfang.ground import clock
from lianfang.ground.acts import Actor
from lianfang.ground.ids import new_id
from lianfang.rooms import aid, messages, orders, people
from lianfang.rooms.aid.models import Need, Pledge
from lianfang.rooms.messages import codes
from lianfang.rooms.messages.models import Slip
from lianfang.rooms.orders.models import Notice, Order
from lianfang.rooms.people.models import Resident, Worker
from lianfang.rooms.places.models import Door
from tests import night
from tests.cast import HOME, NEIGHBOUR, STORY
from tests.conftest import _copy

from .conftest import Visited
from .matrix_public import ROWS, WHO
from .neighbours import Community, director_of
from .test_t12_nobody_sees_anothers_people import lines

METHODS = ("put", "patch", "delete", "options", "trace")
SENT = sorted(name for name, row in ROWS.items() if row.post)
NOW = STORY + timedelta(days=1, minutes=1)
ENDED = STORY - timedelta(days=13)
"""A slip for what was over by then has ended a day after it was issued."""


class Street:
    """The doors' people, their slips, and what is of the first of them."""

    def __init__(self, visited: Visited, database: str) -> None:
        self.visited, self.database = visited, database
        clock.move_to(STORY)
        here, there = (visited.communities[one] for one in (HOME, NEIGHBOUR))
        by = director_of(HOME)
        himself, wife = night.get(Resident, here.ids["resident"], by), self._wife(here, by)
        order = self._told(here, by)
        self.ids = {
            "order": order.id,
            "need": self._helped(here, by, order),
            "message": messages.send(
                here.door, resident=himself, words=here.canary.words, matter=order.matter, by=by, at=STORY
            ).id,
        }
        other = director_of(NEIGHBOUR)
        next_door = night.get(Resident, here.ids["second"], by)
        foreign = night.get(Resident, there.ids["resident"], other)
        self.codes = {
            "himself": self._slip(here.door, himself, by, matter=order.matter),
            "expired": self._slip(here.door, himself, by, matter=here.ids["answered"], release=ENDED),
            "withdrawn": self._slip(here.door, himself, by, matter=here.ids["verification"], withdraw=True),
            "at_home": self._slip(here.door, wife, by),
            "next_door": self._slip(next_door.where, next_door, by),
            "elsewhere": self._slip(there.door, foreign, other),
        }

    def _slip(self, where: str, who: Resident, by: Actor, *, withdraw: bool = False, **given: Any) -> str:
        id = new_id()
        code = codes.code_for(id)
        messages.issue_slip.once(id)(
            where, resident=who, digest=codes.digest_of(code), by=by, at=STORY, **given
        )
        if withdraw:
            messages.withdraw_slip(night.get(Slip, id, by), by=by, at=STORY)
        return code

    def _wife(self, here: Community, by: Actor) -> Resident:
        with night.reading(by):
            door = Door.objects.get(where=here.door)
        return night.get(Resident, people.register(door, name="某妻", sex="female", by=by, at=STORY).id, by)

    def _told(self, here: Community, by: Actor) -> Order:
        notice = night.get(Notice, here.ids["notice"], by)
        orders.refuse_notice(notice, words=here.canary.words, by=by, at=STORY)
        return night.get(Order, here.ids["order"], by)

    def _helped(self, here: Community, by: Actor, order: Order) -> Any:
        """A need of his matter of which all has come."""
        need = night.get(
            Need, aid.propose(here.door, kind="food", words="-", matter=order.matter, by=by, at=STORY).id, by
        )
        owner = night.get(Worker, here.ids["owner"], by)
        due = STORY + timedelta(days=2)
        aid.confirm(need, owner=owner, due=due, kind="food", quantity=Decimal(9), unit="jin", by=by, at=STORY)
        pledge = aid.pledge(need, by_kind="neighbour", by_name="某邻", quantity=Decimal(9), by=by, at=STORY)
        aid.deliver(night.get(Pledge, pledge.id, by), quantity=Decimal(9), by=by, at=STORY)
        return need.id

    def window(self, who: str) -> Client:
        """The device of somebody, with what he holds tried at the door."""
        browser = self.visited.window("wang" if who == "worker" else "nobody")
        if who in self.codes:
            clock.move_to(NOW - timedelta(minutes=10))
            browser.post("/r/", {"code": codes.link_of(self.codes[who])})
        clock.move_to(NOW)
        return browser


@pytest.fixture
def street(visited: Visited) -> Iterator[Street]:
    """A fresh copy in which everybody has a slip."""
    for database in _copy("three"):
        yield Street(visited, database)


def what(answer: Any) -> str:
    """A status; or ``in``, the way to the code, or ``ok``, another redirect."""
    if answer.status_code in (301, 302, 303):
        return (
            "in"
            if answer["Location"].startswith("/r/") and answer["Location"].partition("?")[0] == "/r/"
            else "ok"
        )
    return str(answer.status_code)


def body(answer: Any) -> str:
    """A page without its tokens and ids."""
    text: str = re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode())
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)


def filled(text: str, known: dict[str, Any]) -> str:
    return text.format(**known)


@pytest.mark.parametrize("name", ROWS)
def test_who_reads_what(street: Street, name: str) -> None:
    """GET and HEAD are what the matrix says; and canaries: nobody reads a word about anybody else."""
    row, got, headed = ROWS[name], {}, {}
    for who in WHO:
        window, path = street.window(who), filled(row.path, street.ids)
        answer = window.get(path)
        got[who], headed[who] = what(answer), what(window.head(path))
        if name in ("link", "leave"):
            got[who], headed[who] = (
                "ok" if got[who] == "in" else got[who],
                "ok" if headed[who] == "in" else headed[who],
            )
        for where, community in street.visited.communities.items():
            his = name == "own" and (who, where) in (("himself", HOME), ("elsewhere", NEIGHBOUR))
            canary = community.canary
            allowed = {canary.name, canary.words} if his else set()
            # Next door bears a name made from the canary's; it is his own.
            told = answer.content.decode().replace(canary.name + "之邻", "")
            assert set(canary.anywhere_in(told)) <= allowed, f"{who} at {name}"
    assert got == {who: row.got(who) for who in WHO} == headed


def test_the_canary_can_be_seen_at_all(street: Street) -> None:
    told = street.window("himself").get("/r/me").content.decode()
    canary = street.visited.communities[HOME].canary
    assert canary.name in told and canary.words in told
    assert canary.phone not in told and canary.id_number not in told


@pytest.mark.parametrize("name", SENT)
def test_who_may_send_what(street: Street, name: str) -> None:
    """POST of a form that fits: whoever it is not for is refused and has written nothing; himself comes last, and is served."""
    row, got = ROWS[name], {}
    for who in reversed(WHO):
        window = street.window(who)
        before = lines(street.database, [HOME, NEIGHBOUR, HOME[:9]])
        said = {key: filled(value, street.ids) for key, value in row.said.items()}
        answer = window.post(filled(row.path, street.ids), said)
        got[who] = what(answer)
        if name == "leave":
            got[who] = "ok" if got[who] == "in" else got[who]
        written = lines(street.database, [HOME, NEIGHBOUR, HOME[:9]]) - before
        assert written == (1 if row.sent(who) == "ok" and name != "leave" else 0), who
    assert got == {who: row.sent(who) for who in WHO}


@pytest.mark.parametrize("name", ["object", "arrived", "seen"])
def test_what_is_anothers_is_answered_like_what_is_not_there(street: Street, name: str) -> None:
    """Word for word."""
    row = ROWS[name]
    for who in ("at_home", "next_door", "elsewhere"):
        window = street.window(who)
        answers = []
        for known in (street.ids, {key: new_id() for key in street.ids}):
            said = {key: filled(value, known) for key, value in row.said.items()}
            answers.append(window.post(filled(row.path, known), said))
        assert [what(one) for one in answers] == ["404", "404"], who
        assert body(answers[0]) == body(answers[1])


@pytest.mark.parametrize("name", ROWS)
def test_a_method_nobody_answers_is_refused(street: Street, name: str) -> None:
    row = ROWS[name]
    path = filled(row.path, street.ids)
    for who in ("himself", "worker", "nobody"):
        window = street.window(who)
        for method in METHODS:
            assert what(getattr(window, method)(path)) == "405", f"{who} {method}"
        if not row.post:
            assert what(window.post(path)) == "405", who
