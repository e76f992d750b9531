"""Questions about verifications. Each takes ``where`` first."""

from collections.abc import Iterable
from uuid import UUID

from .models import Verification


def verification(where: str, id: UUID) -> Verification | None:
    """The verification with this id, if it is at or below ``where``."""
    return Verification.objects.select_related("resident").filter(where__under=where, id=id).first()


def waiting(where: str, limit: int = 50) -> list[Verification]:
    """What checkpoints wait for, longest first."""
    asked = Verification.objects.filter(where__under=where, state=Verification.State.ASKED)
    return list(asked.order_by("asked_at", "id")[:limit])


def unsettled(where: str, limit: int = 50) -> list[Verification]:
    """Answered, but not yet heard what the checkpoint did."""
    answered = Verification.objects.filter(where__under=where, state=Verification.State.ANSWERED)
    return list(answered.select_related("resident").order_by("answered_at", "id")[:limit])


LISTED = (
    "where",
    "matter",
    "resident",
    "post",
    "asked_for",
    "asks",
    "asked_at",
    "state",
    "result",
    "resident__where",
)
"""What a list shows: what it does not show is not fetched."""


def latest(where: str, limit: int = 25, before: UUID | None = None) -> list[Verification]:
    """All verifications, newest first, as a list shows them; ``before``: only those older than this one."""
    some = Verification.objects.filter(where__under=where, **({"id__lt": before} if before else {}))
    return list(some.select_related("resident").only(*LISTED).order_by("-id")[:limit])


def of_matter(where: str, matter: UUID) -> Verification | None:
    """The verification that started a matter, if one did."""
    return Verification.objects.select_related("resident").filter(where__under=where, matter=matter).first()


def words(where: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The free words of some verifications, for a time line."""
    rows = Verification.objects.filter(where__under=where, id__in=list(ids)).values_list("id", "answer_words")
    return {id: said for id, said in rows if said}
