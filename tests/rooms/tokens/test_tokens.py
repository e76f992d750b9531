"""Tokens: who may issue which, what comes in by one, and when it is nobody any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction

from lianfang.ground.acts import Actor, reading
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import CONFLICT, FORBIDDEN, UNFIT, Refused
from lianfang.rooms import people, tokens
from lianfang.rooms.people.models import Account, Posting, Unit
from lianfang.rooms.people.roles import ROLES
from lianfang.rooms.tokens import entering, queries, rules
from lianfang.rooms.tokens.models import Token, TokenKey
from tests import night
from tests.cast import HOME, NEIGHBOUR, STORY, STREET, Cast
from tests.conftest import SERVER

LATER = STORY + timedelta(minutes=1)


def own(who: Actor, **given: Any) -> tuple[rules.Secret, Line]:
    """A token of one's own."""
    secret = rules.fresh()
    said: dict[str, Any] = {"label": "值班手机", "days": 30, "prefix": secret.prefix, "digest": secret.digest}
    return secret, tokens.issue(given.pop("where", who.where), **(said | given), by=who, at=STORY)


def street_office(cast: Cast) -> Unit:
    with reading(cast.qian):
        return Unit.objects.get(where=STREET, kind="street")


def system(cast: Cast, role: str = "hotline", **given: Any) -> tuple[rules.Secret, Line]:
    """A token of another system of the street office."""
    by = given.pop("by", cast.qian)
    secret = rules.fresh()
    said: dict[str, Any] = {
        "label": "市民热线平台",
        "days": 90,
        "prefix": secret.prefix,
        "digest": secret.digest,
    }
    where = given.pop("where", STREET)
    return secret, tokens.issue(
        where, **(said | {"unit": street_office(cast), "role": role} | given), by=by, at=STORY
    )


def came(secret: rules.Secret | str, at: Any = LATER) -> entering.Entered | None:
    text = secret if isinstance(secret, str) else secret.text
    with transaction.atomic():
        return entering.enter(text, at)


def refusal(code: int, what: Any, *args: Any, **given: Any) -> str:
    with pytest.raises(Refused) as no:
        what(*args, **given)
    assert no.value.code == code
    return no.value.message


def test_a_worker_comes_in_as_himself_in_his_posting(street: str, cast: Cast) -> None:
    secret, line = own(cast.wang)
    assert (line.kind, line.where, line.facts) == (
        "token.issued", HOME, {"holder": "worker", "role": "worker", "days": 30},
    )  # fmt: skip
    found = came(secret)
    assert found
    assert found.actor == cast.wang.by_way_of("api")
    assert found.token == line.about
    assert found.until == STORY + timedelta(days=30)


def test_a_system_comes_in_as_its_unit_and_sees_no_name(street: str, cast: Cast) -> None:
    secret, line = system(cast)
    office = street_office(cast)
    found = came(secret)
    assert found
    who = found.actor
    assert (who.id, who.role, who.where, who.unit, who.name) == (
        office.id,
        "hotline",
        STREET,
        office.id,
        office.name,
    )
    assert who.may == {"ticket.lodged", "ticket.called"}
    assert line.facts["holder"] == "system"


def test_no_role_of_a_system_decides_reveals_or_sees_names() -> None:
    decides = {
        "question.ruled",
        "order.issued",
        "order.released",
        "assessment.made",
        "edition.published",
        "resident.revealed",
    }
    for role in rules.SYSTEMS:
        assert not ROLES[role].names
        assert not ROLES[role].reveals
        assert not ROLES[role].writes & decides
        assert not {kind for kind in ROLES[role].writes if kind.startswith("token.")}


def test_what_comes_in_sees_as_far_as_its_actor_and_no_further(street: str, cast: Cast) -> None:
    secret, _line = own(cast.wang)
    with transaction.atomic():
        assert entering.enter(secret.text, LATER)
        seen = set(Posting.objects.values_list("where", flat=True))
    assert seen and all(where.startswith(HOME) for where in seen)


def test_the_secret_is_kept_nowhere(street: str, cast: Cast) -> None:
    secret, _line = own(cast.wang)
    tail = secret.text.split(".")[1]
    with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
        for table in ("token", "tokenkey", "line"):
            rows = boss.execute(f"SELECT t::text FROM lianfang_{table} t").fetchall()  # type: ignore[arg-type]
            assert not [row for (row,) in rows if tail in row]


def test_two_tokens_are_never_alike_and_nonsense_is_none(street: str, cast: Cast) -> None:
    first, second = rules.fresh(), rules.fresh()
    assert len({first.text, second.text, first.prefix, second.prefix, first.digest, second.digest}) == 6
    assert rules.is_token(first.text) and rules.is_kept(first.prefix, first.digest)
    for text in (
        "",
        "lf_",
        first.text + "x",
        first.text[:-1],
        first.text.replace("lf_", "LF_"),
        "\0" * 55,
        first.text + "\n",
    ):
        assert came(text) is None
    assert came(first) is None, "well formed, and issued by nobody"


def test_it_expires_by_its_date(street: str, cast: Cast) -> None:
    secret, _line = own(cast.wang, days=1)
    assert came(secret, STORY + timedelta(days=1) - timedelta(seconds=1))
    assert came(secret, STORY + timedelta(days=1)) is None


def test_a_token_withdrawn_is_nobodys_from_the_next_request_on(street: str, cast: Cast) -> None:
    secret, line = own(cast.wang)
    token = night.get(Token, line.about, cast.wang)
    done = tokens.withdraw(token, by=cast.wang, at=LATER)
    assert (done.kind, done.facts) == ("token.withdrawn", {"holder": "worker", "role": "worker"})
    assert came(secret, LATER) is None
    assert refusal(CONFLICT, tokens.withdraw, token, by=cast.wang, at=LATER)


def test_the_administrator_withdraws_anybodys_and_a_colleague_nobodys(street: str, cast: Cast) -> None:
    secret, line = own(cast.wang)
    token = night.get(Token, line.about, cast.li)
    assert refusal(FORBIDDEN, tokens.withdraw, token, by=cast.li, at=LATER)
    assert came(secret)
    tokens.withdraw(token, by=cast.qian, at=LATER)
    assert came(secret) is None


def test_the_end_of_a_posting_ends_its_tokens(street: str, cast: Cast) -> None:
    secret, _line = own(cast.wang)
    people.end_posting(night.get(Posting, cast.wang.posting, cast.qian), by=cast.qian, at=LATER)  # type: ignore[arg-type]
    assert came(secret, LATER + timedelta(seconds=1)) is None


def test_a_closed_account_has_no_tokens(street: str, cast: Cast) -> None:
    secret, _line = own(cast.wang)
    with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
        boss.execute("UPDATE lianfang_account SET is_active = false WHERE worker = %s", [cast.wang.id])
    assert not Account.objects.get(worker=cast.wang.id).is_active
    assert came(secret) is None


def test_nobody_issues_what_lets_him_act_as_somebody_else(street: str, cast: Cast) -> None:
    """Not even the administrator: a token of one's own is of whoever asks for it."""
    _secret, line = own(cast.qian)
    assert night.get(Token, line.about, cast.qian).actor == cast.qian.id
    assert refusal(FORBIDDEN, system, cast, by=cast.li, where=HOME)
    assert refusal(UNFIT, own, cast.wang, where=STREET)
    assert refusal(UNFIT, own, cast.wang, where=NEIGHBOUR)
    assert refusal(UNFIT, own, cast.wang, role="street_leader")


def test_a_token_issues_no_token(street: str, cast: Cast) -> None:
    """Else a stolen one would outlive its withdrawal."""
    secret, _line = own(cast.wang)
    found = came(secret)
    assert found
    assert refusal(FORBIDDEN, own, found.actor)


@pytest.mark.parametrize(
    "given",
    [
        {"role": "street_desk"}, {"role": "worker"}, {"role": ""}, {"role": "hotline", "where": HOME}, {"days": 0},
        {"days": 367}, {"label": " "}, {"prefix": "x"}, {"digest": "x" * 64}, {"digest": ""},
    ],
    ids=str,
)  # fmt: skip
def test_a_system_is_let_in_as_it_must_be_or_not_at_all(
    street: str, cast: Cast, given: dict[str, Any]
) -> None:
    assert refusal(UNFIT, system, cast, **given)


def test_a_unit_of_elsewhere_gets_no_token_here(street: str, cast: Cast) -> None:
    with reading(cast.qian):
        police = Unit.objects.get(where=HOME, kind="police")
    assert refusal(UNFIT, system, cast, role="auditor", unit=police, where=NEIGHBOUR)


def test_one_holder_has_only_so_many(street: str, cast: Cast) -> None:
    for _number in range(rules.MOST):
        own(cast.wang)
    assert str(rules.MOST) in refusal(CONFLICT, own, cast.wang)
    assert own(cast.li)


def test_the_same_page_sent_twice_issues_one(street: str, cast: Cast) -> None:
    secret, line = own(cast.wang)
    said: dict[str, Any] = {"label": "值班手机", "days": 30, "prefix": secret.prefix, "digest": secret.digest}
    again = tokens.issue.once(line.id)(HOME, **said, by=cast.wang, at=STORY)
    assert again.id == line.id
    with reading(cast.wang):
        assert Token.objects.filter(actor=cast.wang.id).count() == 1


def test_it_says_when_it_was_last_shown_to_the_quarter_of_an_hour(street: str, cast: Cast) -> None:
    secret, line = own(cast.wang)

    def used() -> Any:
        return TokenKey.objects.get(id=line.about).used_at

    assert used() is None
    for minutes, last in ((1, 1), (10, 1), (16, 1), (17, 17), (20, 17)):
        assert came(secret, STORY + timedelta(minutes=minutes))
        assert used() == STORY + timedelta(minutes=last), minutes


def test_nobody_waits_for_another_to_say_when_it_was_shown(street: str, cast: Cast) -> None:
    """A request that hangs holds the row; the next one comes in all the same."""
    secret, line = own(cast.wang)
    with psycopg.connect(SERVER.superuser_url, dbname=street) as boss:
        boss.execute("SELECT 1 FROM lianfang_tokenkey WHERE id = %s FOR UPDATE", [line.about])
        assert came(secret)
        assert TokenKey.objects.get(id=line.about).used_at is None


def test_whose_tokens_one_sees(street: str, cast: Cast) -> None:
    own(cast.wang)
    own(cast.fang)
    system(cast)
    with reading(cast.qian):
        listed = queries.issued(STREET)
        office = street_office(cast).name
        assert {(one.token.role, one.name) for one in listed} == {
            ("hotline", office), ("worker", cast.wang.name), ("worker", cast.fang.name),
        }  # fmt: skip
        assert all(one.living(LATER) and not one.living(STORY + timedelta(days=99)) for one in listed)
    with reading(cast.wang):
        assert [one.token.actor for one in queries.issued(HOME, actor=cast.wang.id)] == [cast.wang.id]
        assert [queries.token(HOME, one.token.id) is not None for one in listed].count(True) == 1
