"""Questions about briefs. Each takes ``where`` first: a reader sees the drafts of his place and below, and what was
published above him too."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Length

from lianfang.rooms.people.models import Posting

from .models import Brief, Revision
from .rules import LATEST

State = Brief.State


def _seen(where: str) -> Q:
    above = [where[:digits] for digits in (9, 12) if digits < len(where)]
    return Q(where__under=where) | Q(where__in=above, state=State.PUBLISHED)


def brief(where: str, id: UUID) -> Brief | None:
    """The brief with this id, if this reader sees it."""
    return Brief.objects.filter(_seen(where), id=id).first()


def latest(where: str, limit: int = 25, before: UUID | None = None) -> list[Brief]:
    """The briefs a reader sees, newest day first; ``before``: only those older than this one."""
    some = Brief.objects.filter(_seen(where)).defer("figures")
    if before is not None:
        last = some.filter(id=before).values_list("day", "where").first()
        some = some.filter(Q(day__lt=last[0]) | Q(day=last[0], where__gt=last[1])) if last else some.none()
    return list(some.order_by("-day", "where")[:limit])


def of_day(where: str, day: date) -> Brief | None:
    """The brief of exactly this place and day."""
    return Brief.objects.filter(where=where, day=day).first()


def before(where: str, day: date) -> Brief | None:
    """The last brief published by exactly this place before a day."""
    return Brief.objects.filter(where=where, day__lt=day, state=State.PUBLISHED).order_by("-day").first()


def recent(where: str, day: date) -> list[Brief]:
    """What this place published for the days before a day that late data may still be told of, oldest first."""
    since = day - LATEST
    return list(
        Brief.objects.filter(where=where, day__lt=day, day__gte=since, state=State.PUBLISHED).order_by("day")
    )


def revisions(briefs: Iterable[UUID]) -> list[Revision]:
    """What later briefs told of these, oldest first."""
    found = Revision.objects.filter(brief__in=list(briefs)).select_related("told_in", "brief")
    return list(found.defer("told_in__figures", "brief__figures").order_by("noted_at", "id"))


def without_one(where: str, day: date, limit: int = 500) -> list[str]:
    """The streets and communities at or below a place where somebody is posted and which have no brief of a day yet."""
    written = Brief.objects.filter(day=day).values("where")
    posted = Posting.objects.filter(where__under=where, until=None).exclude(where__in=written)
    found = posted.annotate(long=Length("where")).filter(long__in=[9, 12]).order_by("where")
    return list(found.values_list("where", flat=True).distinct()[:limit])


def horizon() -> int:
    """Every transaction below this number is over: what it wrote is there, and nothing more will come of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
