"""Questions about notes and promises. Each takes ``where`` first."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from lianfang.ground.holds import hold
from lianfang.ground.notebook import Line
from lianfang.rooms.people.models import Posting, Worker
from lianfang.rooms.people.queries import Text, names_of, role_words
from lianfang.rooms.people.roles import ROLES

from .models import Note, Promise

OWED = (Promise.State.OPEN, Promise.State.LAPSED)
"""A promise whose time has passed is still owed."""

WORDS = 6
"""So many words of a search are looked for; each must be there."""


def latest(where: str, limit: int = 20) -> list[Note]:
    """The last notes at or below a place, newest first."""
    return list(Note.objects.filter(where__under=where).order_by("-noted_at", "-id")[:limit])


def by_id(where: str, limit: int = 25, before: UUID | None = None) -> list[Note]:
    """All notes, newest first by their ids; ``before``: only those older than this one."""
    some = Note.objects.filter(where__under=where, **({"id__lt": before} if before else {}))
    return list(some.order_by("-id")[:limit])


def search(where: str, text: str, limit: int = 25, before: UUID | None = None) -> list[Note]:
    """Notes at or below a place that hold each word, anywhere in a sentence, or whose promise does; newest first by
    their ids. Without a word: all of them. ``before``: only those older than this one.

    Read in full: under row-level security no index of word parts is asked before the rows are known to be the reader's
    (containment is not leakproof), and the range of a place is short beside it."""
    wanted = Q(where__under=where)
    for word in text.split()[:WORDS]:
        wanted &= Q(text__icontains=word) | Q(promises__what__icontains=word)
    some = Note.objects.filter(wanted, **({"id__lt": before} if before else {})).distinct()
    return list(some.order_by("-id")[:limit])


def at_door(where: str, limit: int = 20) -> list[Note]:
    """The last notes of exactly this door, newest first."""
    return list(Note.objects.filter(where=where).order_by("-noted_at", "-id")[:limit])


def handed_over(where: str, since: datetime, limit: int = 3) -> list[Note]:
    """The notes by which a shift handed over since a moment, newest first."""
    some = Note.objects.filter(where__under=where, how=Note.How.HANDOVER, noted_at__gte=since)
    return list(some.order_by("-noted_at", "-id")[:limit])


def writers(ids: Iterable[UUID]) -> dict[UUID, tuple[str, Text]]:
    """Who wrote some notes: name and role, by the note (it has the id of the line that made it). Two statements."""
    wrote = {row[0]: row[1:] for row in Line.objects.filter(id__in=list(ids)).values_list("id", "by", "role")}
    names = names_of(by for by, _role in wrote.values())
    return {id: (names.get(by, ""), role_words(role)) for id, (by, role) in wrote.items()}


def words(where: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The text of some notes, for a time line."""
    return dict(Note.objects.filter(where__under=where, id__in=list(ids)).values_list("id", "text"))


def promised(where: str, ids: Iterable[UUID]) -> dict[UUID, Promise]:
    """Some promises, for the free words of a time line."""
    return Promise.objects.filter(where__under=where).in_bulk(list(ids))


def promise(where: str, id: UUID) -> Promise | None:
    """The promise with this id, if it is at or below ``where``."""
    return Promise.objects.select_related("note").filter(where__under=where, id=id).first()


def promises_of(where: str, matter: UUID) -> list[Promise]:
    """The promises of a matter, soonest due first."""
    return list(Promise.objects.filter(where__under=where, matter=matter).order_by("due", "id"))


def promises_in(where: str, ids: Iterable[UUID]) -> list[Promise]:
    """The promises that were given in some notes."""
    return list(Promise.objects.filter(where__under=where, note__in=list(ids)).order_by("due", "id"))


def promises_at(where: str) -> list[Promise]:
    """The promises given at exactly this door, those that are owed first, soonest due first."""
    found = Promise.objects.filter(where=where).order_by("due", "id")
    return sorted(found, key=lambda one: one.state not in OWED)


def promises_due(where: str, until: datetime, limit: int = 50) -> list[Promise]:
    """What is owed at or below a place and is due before a moment, soonest due first; what lapsed is among it."""
    owed = Promise.objects.filter(where__under=where, state__in=OWED, due__lt=until)
    return list(owed.order_by("due", "id")[:limit])


def late(where: str, at: datetime, limit: int = 500) -> list[Promise]:
    """Promises whose time has passed and that are not marked so."""
    waiting = Promise.objects.filter(where__under=where, state=Promise.State.OPEN, due__lte=at)
    return list(waiting.order_by("due", "id")[:limit])


def owners(where: str) -> list[Worker]:
    """Who sees to promises at a place: those posted in its community who keep them, as far as this reader sees."""
    roles = [name for name, role in ROLES.items() if "promise.kept" in role.writes]
    posted = Posting.objects.filter(role__in=roles, until=None, where=where[:12]).values("worker")
    return list(Worker.objects.filter(id__in=posted).order_by("name", "id"))


def may_promise(worker: Worker, where: str) -> bool:
    """Whether somebody is posted here, in a role that keeps promises."""
    return any(one.id == worker.id for one in owners(where))


@hold("promises open")
def promises_open(matter: UUID) -> bool:
    """Whether something promised in the matter is still owed."""
    return Promise.objects.filter(matter=matter, state__in=OWED).exists()
