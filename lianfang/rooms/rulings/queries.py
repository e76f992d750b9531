"""Questions about questions, and the holds other rooms may ask. Each takes ``where`` (or a matter) first."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from lianfang.ground.holds import hold

from .models import Question

State, Answer = Question.State, Question.Answer
_FULL = Question.objects.select_related("assessment__resident", "edition")


def question(where: str, id: UUID) -> Question | None:
    """The question with this id, if it is at or below ``where``."""
    return _FULL.filter(where__under=where, id=id).first()


def open_questions(where: str, limit: int = 50) -> list[Question]:
    """What was asked from at or below ``where`` and waits for a ruling, soonest due first."""
    return list(_FULL.filter(where__under=where, state=State.ASKED).order_by("due", "id")[:limit])


def asked_of(where: str, limit: int = 50) -> list[Question]:
    """What the authority at ``where`` itself is asked to rule on, soonest due first."""
    return list(_FULL.filter(asked_of=where, state=State.ASKED).order_by("due", "id")[:limit])


def of_matter(where: str, matter: UUID) -> list[Question]:
    """The questions of a matter, oldest first."""
    return list(_FULL.filter(where__under=where, matter=matter).order_by("asked_at", "id"))


def ruled(where: str, limit: int = 50) -> list[Question]:
    """Rulings that no order has applied yet, oldest first."""
    return list(_FULL.filter(where__under=where, state=State.RULED).order_by("ruled_at", "id")[:limit])


def latest(where: str, limit: int = 25, before: UUID | None = None) -> list[Question]:
    """All questions, newest first; ``before``: only those older than this one."""
    some = _FULL.filter(where__under=where, **({"id__lt": before} if before else {}))
    return list(some.order_by("-id")[:limit])


def to_apply(matter: UUID) -> list[Question]:
    """The rulings of a matter that an order would apply."""
    return list(Question.objects.filter(matter=matter, state=State.RULED))


def late(where: str, at: datetime, limit: int = 500) -> list[Question]:
    """Open questions past their time that have not been marked so."""
    waiting = Question.objects.filter(where__under=where, state=State.ASKED, overdue=False, due__lte=at)
    return list(waiting.order_by("due", "id")[:limit])


def words(where: str, ids: Iterable[UUID]) -> dict[UUID, Question]:
    """Some questions, for the free words of a time line."""
    return Question.objects.filter(where__under=where).in_bulk(list(ids))


@hold("question open")
def question_open(matter: UUID) -> bool:
    """Whether a question of this matter still waits for its ruling."""
    return Question.objects.filter(matter=matter, state=State.ASKED).exists()


@hold("ruled exempt")
def ruled_exempt(matter: UUID) -> bool:
    """Whether the last ruling of this matter says exempt."""
    last = (
        Question.objects.filter(matter=matter).exclude(state=State.ASKED).order_by("-ruled_at", "-id").first()
    )
    return last is not None and last.answer == Answer.EXEMPT


@hold("days ruled")
def days_ruled(ruling: UUID) -> int:
    """For how many days this ruling requires something, 0 if it requires nothing (a question's id; a ruling of another
    matter is a precedent)."""
    found = Question.objects.filter(id=ruling, answer__in=[Answer.REQUIRED, Answer.MODIFIED]).first()
    return (found.days or 0) if found else 0
