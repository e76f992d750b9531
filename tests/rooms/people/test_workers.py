"""Workers, units, postings, accounts: a role at a place, given by somebody else, ended with the next request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from lianfang.ground.acts import reading
from lianfang.ground.refusals import CONFLICT, FORBIDDEN, GONE, UNFIT, Refused
from lianfang.rooms import people
from lianfang.rooms.people.models import Account, Posting, Unit, Worker
from lianfang.rooms.people.roles import ROLES, installer
from lianfang.rooms.tokens import passwords as entering
from tests.cast import HOME, NEIGHBOUR, PASSWORD, STORY, STREET, Cast

pytestmark = pytest.mark.usefixtures("one_street")


@pytest.fixture
def login() -> str:
    """A name to sign in with that no other test has used: they share one street."""
    return f"su{uuid4().hex[:6]}"


def worker(cast: Cast, name: str = "苏晓梅") -> Worker:
    line = people.register_worker(HOME, name=name, title="网格员", by=cast.qian, at=STORY)
    assert name not in f"{line.facts}{line.changes}"
    with reading(cast.qian):
        return Worker.objects.get(id=line.about)


def unit(cast: Cast) -> Unit:
    line = people.register_unit(HOME, kind="health", name="建西里卫生站", by=cast.qian, at=STORY)
    with reading(cast.qian):
        return Unit.objects.get(id=line.about)


def posted(cast: Cast, who: Worker, role: str = "worker", where: str = HOME, by: Any = None) -> Posting:
    line = people.post(who, role=role, where=where, unit=unit(cast), by=by or cast.qian, at=STORY)
    with reading(cast.qian):
        return Posting.objects.get(id=line.about)


def entered(name: str, **given: Any) -> entering.Entered | None:
    account = Account.objects.get(name=name)
    with transaction.atomic():
        return entering.enter(account.id, STORY + timedelta(minutes=1), **given)


def test_a_worker_may_do_what_his_posting_says(login: str, cast: Cast) -> None:
    who = worker(cast)
    people.open_account(who, name=login, password=PASSWORD, by=cast.qian, at=STORY)
    assert entered(login) is None, "without a posting nobody enters"
    posted(cast, who)
    came = entered(login)
    assert came and (came.actor.role, came.actor.where) == ("worker", HOME)
    assert came.actor.may == ROLES["worker"].writes


def test_the_access_a_posting_gave_ends_with_it(login: str, cast: Cast) -> None:
    who = worker(cast)
    people.open_account(who, name=login, password=PASSWORD, by=cast.qian, at=STORY)
    posting = posted(cast, who)
    people.end_posting(posting, by=cast.qian, at=STORY)
    assert entered(login) is None
    with pytest.raises(Refused) as no:
        people.end_posting(posting, by=cast.qian, at=STORY)
    assert no.value.code == CONFLICT


def test_of_two_postings_one_is_chosen_and_the_other_offered(login: str, cast: Cast) -> None:
    who = worker(cast)
    people.open_account(who, name=login, password=PASSWORD, by=cast.qian, at=STORY)
    posted(cast, who)
    second = posted(cast, who, role="stairwell", where=f"{HOME}.3.")
    came = entered(login, chosen=second.id)
    assert came and (came.actor.role, came.actor.where) == ("stairwell", f"{HOME}.3.")
    assert len(came.postings) == 2


def test_a_posting_of_somebody_else_cannot_be_chosen(login: str, cast: Cast) -> None:
    who = worker(cast)
    people.open_account(who, name=login, password=PASSWORD, by=cast.qian, at=STORY)
    posted(cast, who)
    came = entered(login, chosen=cast.li.posting)
    assert came and came.actor.role == "worker"


def test_nobody_posts_himself(cast: Cast) -> None:
    with reading(cast.qian):
        himself = Worker.objects.get(id=cast.qian.id)
    with pytest.raises(Refused) as no:
        posted(cast, himself, role="director")
    assert no.value.code == FORBIDDEN


@pytest.mark.parametrize("where", ["110198", "", "110198002"])
def test_nobody_posts_above_or_beside_his_own_place(cast: Cast, where: str) -> None:
    who = worker(cast)
    with pytest.raises(Refused) as no:
        posted(cast, who, role="reader", where=where)
    assert no.value.code == FORBIDDEN


@pytest.mark.parametrize(
    ("role", "where"), [("street_leader", HOME), ("worker", STREET), ("doctor", f"{HOME}.3.")]
)
def test_a_role_is_held_at_its_level(cast: Cast, role: str, where: str) -> None:
    who = worker(cast)
    with pytest.raises(Refused) as no:
        posted(cast, who, role=role, where=where)
    assert no.value.code == UNFIT


def test_nobody_is_posted_in_a_unit_that_is_not_there_for_the_one_who_posts(cast: Cast) -> None:
    who = worker(cast)
    with reading(installer(STREET)):
        foreign = Unit.objects.get(where=NEIGHBOUR)
    with pytest.raises(Refused) as no:
        people.post(who, role="worker", where=HOME, unit=foreign, by=installer(HOME), at=STORY)
    assert no.value.code == GONE


@pytest.mark.parametrize("role", ["clock", "emperor", ""])
def test_nobody_is_posted_as_time_itself_or_as_nothing(cast: Cast, role: str) -> None:
    who = worker(cast)
    with pytest.raises(Refused) as no:
        posted(cast, who, role=role)
    assert no.value.code == UNFIT


def test_an_account_is_opened_once_for_a_worker_and_under_one_name(login: str, cast: Cast) -> None:
    who, other = worker(cast), worker(cast, "马小军")
    people.open_account(who, name=login, password=PASSWORD, by=cast.qian, at=STORY)
    for somebody, name in ((other, login), (who, f"{login}2")):
        with pytest.raises(Refused) as no:
            people.open_account(somebody, name=name, password=PASSWORD, by=cast.qian, at=STORY)
        assert no.value.code == CONFLICT


def test_a_short_password_is_refused_and_none_is_in_the_notebook(login: str, cast: Cast) -> None:
    who = worker(cast)
    with pytest.raises(Refused) as no:
        people.open_account(who, name=login, password="short", by=cast.qian, at=STORY)
    assert no.value.code == UNFIT
    line = people.open_account(who, name=login, password=PASSWORD, by=cast.qian, at=STORY)
    assert PASSWORD not in f"{line.facts}{line.changes}"
    assert Account.objects.get(name=login).password.startswith("scrypt$")


def test_an_administrator_of_the_street_staffs_it_and_sees_no_names(cast: Cast) -> None:
    assert not ROLES["administrator"].names
    assert not ROLES["administrator"].reveals
    with pytest.raises(Refused) as no:
        people.register_worker(NEIGHBOUR, name="某人", by=installer(HOME), at=STORY)
    assert no.value.code == FORBIDDEN


def test_guessing_a_password_is_slow_and_does_not_tell_who_exists(cast: Cast) -> None:
    cast.wang  # noqa: B018
    for number in range(entering.TRIES):
        tried = entering.sign_in("wang", f"wrong-{number}", STORY)
        assert (tried.account, tried.wait) == (None, None)
    shut = entering.sign_in("wang", PASSWORD, STORY + timedelta(minutes=1))
    assert shut.account is None and shut.wait == entering.WINDOW - timedelta(minutes=1)
    assert entering.sign_in("nobody", "wrong", STORY) == entering.SignedIn(None)
    again = entering.sign_in("wang", PASSWORD, STORY + entering.WINDOW)
    assert again.account is not None
    assert Account.objects.get(name="wang").failures == 0


def test_roles_keep_apart_who_serves_and_who_decides() -> None:
    """The community serves, an authority decides; an auditor and a reader change nothing."""
    decide = {name for name, role in ROLES.items() if role.writes & {"order.issued", "question.ruled"}}
    assert decide == {"street_desk", "street_leader"}
    assert all(ROLES[name].levels <= {"street", "district", "city", "province"} for name in decide)
    assert {name for name, role in ROLES.items() if "notice.served" in role.writes} == {
        "worker",
        "director",
        "seconded",
    }
    assert all(not ROLES[name].writes for name in ("auditor", "reader", "department"))
    assert ROLES["resident"].levels == frozenset()
    assert not ROLES["stairwell"].reveals
