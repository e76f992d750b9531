"""Deeds on briefs: draft one, change its words, publish it with its figures frozen, and note what came late."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lianfang.ground import seals
from lianfang.ground.acts import Actor, act
from lianfang.ground.ids import CLOCK
from lianfang.ground.notebook import Line, line
from lianfang.ground.refusals import FORBIDDEN, GONE, UNFIT, refuse, refuse_if
from lianfang.ground.things import change, new, there_is
from lianfang.ground.where import level
from lianfang.rooms.people.queries import first_to

from . import queries, rules
from .counting import count
from .models import Brief, Revision

State = Brief.State


@act("brief.drafted")
def draft(where: str, *, day: date, by: Actor, at: datetime) -> Line:
    """A place begins the brief of a day; what it asked of those above in its last one is carried over."""
    refuse_if(
        level(where) not in rules.PLACES, _("A street has a brief, and each of its communities."), UNFIT
    )
    _refuse_others(where, by)
    today = at.astimezone(rules.BEIJING).date()
    refuse_if(day > today, _("This day has not come yet."), UNFIT)
    refuse_if(
        today - day > rules.LATEST,
        _("This day lies too far back for a brief: at most %(days)s days."),
        UNFIT,
        days=rules.LATEST.days,
    )
    refuse_if(there_is(Brief, where=where, day=day), _("The brief of this day is there already."))
    last = queries.before(where, day)
    drafted = new(
        Brief,
        where=where,
        day=day,
        year=day.year,
        drafted_at=at,
        asks=list(last.asks) if last else [],
        alone=True,
    )
    return line(drafted, day=day.isoformat())


@act("brief.amended")
def amend(brief: Brief, *, headline: str, asks: Sequence[str], turn: int, by: Actor, at: datetime) -> Line:
    """Its words are changed: the headline, and at most three things asked of those above. ``turn``: which words the
    editor had before him; if somebody changed them meanwhile he is told who."""
    _refuse_others(brief.where, by)
    _refuse_published(brief)
    if turn != brief.turn:
        refuse(
            _("%(who)s changed these words meanwhile: look at them before you send yours."),
            who=brief.words_name or "–",
        )
    asks = [one.strip() for one in asks if one.strip()]
    refuse_if(len(asks) > rules.ASKS, _("At most three things are asked of those above."), UNFIT)
    refuse_if(
        any(len(one) > rules.ASK for one in asks),
        _("One of the things asked is too long for the sheet: at most %(signs)s signs."),
        UNFIT,
        signs=rules.ASK,
    )
    change(
        brief,
        headline=headline.strip(),
        asks=asks,
        turn=brief.turn + 1,
        words_by=by.id,
        words_name=by.name,
        words_at=at,
    )
    return line(brief, day=brief.day.isoformat(), asks=len(asks))


@act("brief.published")
def publish(brief: Brief, *, by: Actor, at: datetime) -> Line:
    """It goes out under the next number of the year. Its figures are counted now and stand from here on; who wrote its
    words does not publish it."""
    _refuse_others(brief.where, by)
    _refuse_published(brief)
    refuse_if(
        at < rules.closes(brief.day),
        _("The day of this brief ends at %(hour)s; publish it then."),
        hour=f"{rules.HOUR:%H:%M}",
    )
    refuse_if(
        brief.words_by == by.id,
        _("Who wrote the words does not publish them: somebody else reads them first."),
        FORBIDDEN,
    )
    # The number first: whoever publishes at the same time waits here, and counts after us.
    number, below = _next(brief), queries.horizon()
    head = seals.head_of(brief.where)
    change(
        brief,
        state=State.PUBLISHED,
        number=number,
        horizon=below,
        figures=count(brief.where, brief.day, below),
        seal=head.text if head else "",
        published_by=by.id,
        published_name=by.name,
        published_at=at,
    )
    return line(brief, day=brief.day.isoformat(), number=number)


@act("brief.revised")
def revise(brief: Brief, *, told_in: UUID, by: Actor, at: datetime) -> Line:
    """A later brief tells what came late for this one. The frozen figures stay; this stands beside them."""
    later = Brief.objects.filter(id=told_in, where=brief.where, state=State.PUBLISHED).first()
    if later is None:
        refuse(_("There is no such brief here."), GONE)
    told = [one for one in later.figures.get("corrections", []) if one["brief"] == str(brief.id)]
    refuse_if(not told, _("That brief tells nothing of this one."), UNFIT)
    noted = new(
        Revision,
        where=brief.where,
        brief=brief,
        told_in=later,
        changes=[{name: one[name] for name in ("figure", "was", "now")} for one in told],
        noted_at=at,
        matter=brief.matter,
    )
    return line(noted, day=brief.day.isoformat(), figures=len(told))


def _refuse_others(where: str, by: Actor) -> None:
    """A place writes its own brief; time drafts what nobody did."""
    refuse_if(
        by.where != where and by.id != CLOCK, _("A place writes its own brief, and no other's."), FORBIDDEN
    )


def _refuse_published(brief: Brief) -> None:
    if brief.state == State.PUBLISHED:
        refuse(
            _("%(who)s published this brief at %(time)s; it no longer changes."),
            **first_to("brief.published", brief),
        )


def _next(brief: Brief) -> int:
    """The place's next number of the year; given one at a time, none twice, none left out."""
    key = f"brief {brief.where} {brief.year}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    last = Brief.objects.filter(where=brief.where, year=brief.year).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
