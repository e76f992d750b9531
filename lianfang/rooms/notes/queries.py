"""Questions about notes. Each takes ``where`` first."""

from collections.abc import Iterable
from uuid import UUID

from .models import Note


def latest(where: str, limit: int = 20) -> list[Note]:
    """The last notes at or below a place, newest first."""
    return list(Note.objects.filter(where__under=where).order_by("-noted_at", "-id")[:limit])


def by_id(where: str, limit: int = 25, before: UUID | None = None) -> list[Note]:
    """All notes, newest first by their ids; ``before``: only those older than this one."""
    some = Note.objects.filter(where__under=where, **({"id__lt": before} if before else {}))
    return list(some.order_by("-id")[:limit])


def words(where: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The text of some notes, for a time line."""
    return dict(Note.objects.filter(where__under=where, id__in=list(ids)).values_list("id", "text"))
