"""Deeds at the gates: a checkpoint asks, the community answers, the checkpoint says what came of it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.notebook import Line, line
from lianfang.ground.refusals import GONE, UNFIT, refuse, refuse_if
from lianfang.ground.things import change, new
from lianfang.ground.where import level
from lianfang.rooms.people.models import Resident
from lianfang.rooms.people.queries import first_to, stay_within

from .models import Verification

State, Answer = Verification.State, Verification.Answer


@act("verification.asked")
def ask(
    where: str,
    *,
    post: str,
    asked_for: str,
    asks: str = Verification.Asks.LIVES_HERE,
    officer: str = "",
    callback: str = "",
    plate: str = "",
    id_tail: str = "",
    by: Actor,
    at: datetime,
) -> Line:
    """A checkpoint asks the community at ``where`` about somebody; this starts the matter.

    ``asked_for`` is the name as given, ``id_tail`` up to four last characters of an ID number, ``callback``
    a phone number (sealed)."""
    refuse_if(level(where) != "community", _("A checkpoint asks a community."), UNFIT)
    refuse_if(not post.strip() or not asked_for.strip(), _("Note which post asks, and about whom."), UNFIT)
    asked = new(
        Verification,
        where=where,
        post=post,
        officer=officer,
        callback=callback,
        plate=plate,
        asked_for=asked_for,
        id_tail=id_tail,
        asks=asks,
        asked_at=at,
    )
    return line(asked, asks=asks, post=post)


@act("verification.answered")
def answer(
    verification: Verification,
    *,
    answer: str,
    resident: Resident | None = None,
    words: str = "",
    by: Actor,
    at: datetime,
) -> Line:
    """Answer what was asked and nothing else. "yes" names the person of the register; the line is then
    written at his door.

    Whoever comes second is told who was first."""
    if verification.state != State.ASKED:
        refuse(
            _("%(who)s already answered this at %(time)s."), **first_to("verification.answered", verification)
        )
    refuse_if(answer not in Answer.values, _("Choose one of the list."), UNFIT)
    refuse_if(
        answer == Answer.YES and resident is None,
        _("Choose the person of the register this is about."),
        UNFIT,
    )
    refuse_if(
        answer != Answer.YES and resident is not None, _("Only “yes” names a person of the register."), UNFIT
    )
    refuse_if(
        words.strip() and verification.asks == Verification.Asks.LIVES_HERE and answer != Answer.UNCLEAR,
        _("Answer only what was asked: yes or no."),
        UNFIT,
    )
    stay = stay_within(verification.where, resident) if resident else None
    refuse_if(resident is not None and stay is None, _("He is not in the register of this community."), GONE)
    change(
        verification,
        state=State.ANSWERED,
        answer=answer,
        answer_words=words,
        answered_at=at,
        resident=resident,
    )
    return line(verification, where=stay.where if stay else "", answer=answer, asks=verification.asks)


@act("verification.settled")
def settle(verification: Verification, *, result: str, by: Actor, at: datetime) -> Line:
    """Note what the checkpoint did: let him through, turned him back, or handed him over."""
    refuse_if(verification.state == State.ASKED, _("This has not been answered yet."))
    if verification.state == State.SETTLED:
        refuse(
            _("%(who)s already settled this at %(time)s."), **first_to("verification.settled", verification)
        )
    refuse_if(result not in Verification.Result.values, _("Choose one of the list."), UNFIT)
    change(verification, state=State.SETTLED, result=result, settled_at=at)
    return line(verification, result=result)
