"""Who may not do which step of the first hour. Nothing is changed, so one street serves all."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from lianfang.ground.acts import reading
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import orders, policies, rulings
from lianfang.rooms.orders.models import Notice
from tests import night
from tests.cast import HOME, Cast


@pytest.mark.parametrize(
    ("sign_in", "deed"),
    [
        ("wang", "rule"),
        ("li", "rule"),
        ("liu", "rule"),
        ("wang", "issue"),
        ("li", "issue"),
        ("chen", "issue"),
        ("wang", "ask_up"),
        ("liu", "ask_up"),
        ("chen", "ask_up"),
        ("zhao", "serve"),
        ("guo", "serve"),
        ("qian", "assess"),
        ("zhou", "assess"),
        ("guo", "assess"),
    ],
)
def test_who_may_not_is_refused(one_street: str, cast: Cast, sign_in: str, deed: str) -> None:
    actor, at = getattr(cast, sign_in), night.STORY
    assessment = night.assessed(cast)
    deeds: dict[str, Callable[[], Line]] = {
        "assess": lambda: policies.assess(HOME, facts=night.NING, by=actor, at=at),
        "ask_up": lambda: rulings.ask_up(
            assessment, question="?", view="exempt", interim="!", due=at + timedelta(hours=1), by=actor, at=at
        ),
        "rule": lambda: rulings.rule(
            night.asked_up(cast, assessment=assessment),
            answer="exempt",
            ground="discretion",
            reason="?",
            by=actor,
            at=at,
        ),
        "issue": lambda: orders.issue(
            night.ning(cast.li),
            by=actor,
            at=at,
            **night.order_words(matter=assessment.matter, clause=night.CLAUSE),
        ),
        "serve": lambda: orders.serve(
            _a_notice(cast), how="paper", proof="signed", to_whom="himself", by=actor, at=at
        ),
    }
    with pytest.raises(Refused) as no:
        deeds[deed]()
    assert no.value.code == 403


def _a_notice(cast: Cast) -> Notice:
    with reading(cast.zhao):
        found = Notice.objects.first()
    return found or night.issued(cast)[1]
