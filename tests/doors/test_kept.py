"""What is drawn once: it is another piece for another value, and its late words are escaped each time."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils.translation import override

from lianfang.doors.templatetags import kept


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    kept._drawn.clear()


def drawn(source: str, **given: object) -> str:
    page = engines["django"].from_string("{% load i18n kept %}" + source)
    return str(page.render(given))


def test_it_is_drawn_once_for_each_value_and_language() -> None:
    source = '{% kept me %}{{ me.name }}: {% translate "Today" %}{% endkept %}'
    with override("en"):
        assert drawn(source, me={"name": "A"}) == "A: Today"
        assert drawn(source, me={"name": "B"}) == "B: Today"
        assert drawn(source, me={"name": "A"}) == "A: Today"
    with override("zh-hans"):
        assert drawn(source, me={"name": "A"}) == "A: 今日"


def test_late_words_are_this_answers_own_and_escaped() -> None:
    page = engines["django"].from_string(
        '{% load kept %}{% kept me late q token %}<i value="{{ q|default:"" }}">{{ token }}{% endkept %}'
    )
    assert page.render({"me": 1, "q": '"><b>', "token": "one"}) == '<i value="&quot;&gt;&lt;b&gt;">one'
    assert page.render({"me": 1, "token": "two"}) == '<i value="">two'
    assert len(kept._drawn) == 1


def test_nothing_that_is_not_named_slips_in() -> None:
    assert drawn("{% kept me %}{{ secret }}{% endkept %}", me=1, secret="x") == ""


def test_no_more_is_kept_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    page = engines["django"].from_string("{% load kept %}{% kept n %}{{ n }}{% endkept %}")
    for n in range(10):
        assert page.render({"n": n}) == str(n)
    assert len(kept._drawn) <= 3
