"""Holds: a named question one room answers and another room's guard asks."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from lianfang.ground import holds


def test_a_hold_is_asked_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holds, "_HOLDS", {})
    known = uuid4()

    @holds.hold("a summons is open")
    def summons_open(matter: UUID) -> bool:
        return matter == known

    assert holds.holds("a summons is open", known) is True
    assert holds.holds("a summons is open", uuid4()) is False
    assert holds.all_holds() == {"a summons is open": summons_open}


def test_a_hold_may_answer_with_a_number_and_nought_is_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holds, "_HOLDS", {})
    known = uuid4()
    holds.hold("days ruled")(lambda matter: 14 if matter == known else 0)
    assert (holds.figure("days ruled", known), holds.holds("days ruled", known)) == (14, True)
    assert (holds.figure("days ruled", uuid4()), holds.holds("days ruled", uuid4())) == (0, False)


def test_two_rooms_cannot_answer_the_same_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holds, "_HOLDS", {})
    holds.hold("a summons is open")(lambda matter: True)
    with pytest.raises(ValueError, match="a summons is open"):
        holds.hold("a summons is open")(lambda matter: False)


def test_a_name_nobody_answers_is_a_bug_and_not_a_no() -> None:
    with pytest.raises(KeyError):
        holds.holds("is the moon made of cheese", uuid4())


def test_the_list_of_holds_is_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    holds.all_holds().clear()
    assert holds.all_holds() == holds._HOLDS
