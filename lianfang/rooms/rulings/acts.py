"""Deeds on questions: ask upward, rule, apply; and time marks what is overdue."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.notebook import Line, line
from lianfang.ground.refusals import FORBIDDEN, UNFIT, refuse, refuse_if
from lianfang.ground.things import change, new
from lianfang.ground.where import level, street_of, within
from lianfang.rooms.people.queries import first_to
from lianfang.rooms.policies.models import Assessment
from lianfang.rooms.policies.queries import clause_in_force, day_of

from .models import Question

State, Answer, Ground = Question.State, Question.Answer, Question.Ground

LONGEST = 60
"""Days no measure of these rules comes near: a mistyped number is refused."""

ANY_TIME = timedelta(days=36_500)


@act("question.asked")
def ask_up(
    assessment: Assessment,
    *,
    question: str,
    view: str,
    interim: str,
    due: datetime,
    view_days: int | None = None,
    view_words: str = "",
    asked_of: str = "",
    though_clear: str = "",
    by: Actor,
    at: datetime,
) -> Line:
    """Ask the street (or an authority above) for a ruling, with the community's own view and what is done
    until it comes.

    ``though_clear``: why it is asked although the rules give a clear answer. One open question in a matter
    at a time."""
    of = asked_of or street_of(assessment.where)
    refuse_if(
        assessment.answer != "unclear" and not though_clear.strip(),
        _("The rules give a clear answer here. Say why you ask all the same."),
        UNFIT,
    )
    refuse_if(not question.strip(), _("Put the question into words."), UNFIT)
    refuse_if(not interim.strip(), _("Say what is done until the answer comes."), UNFIT)
    refuse_if(
        not within(assessment.where, of) or len(of) > 9,
        _("A question goes to the street or to an authority above it."),
        UNFIT,
    )
    refuse_if(due <= at, _("The time for the answer lies in the past."), UNFIT)
    _check_days(view, view_days)
    first = Question.objects.filter(matter=assessment.matter, state=State.ASKED).first()
    if first is not None:
        refuse(
            _("A question is already open in this matter: %(who)s asked it at %(time)s."),
            **first_to("question.asked", first),
        )
    asked = new(
        Question,
        where=assessment.where,
        assessment=assessment,
        question=question,
        near=assessment.decision.get("near", []),
        though_clear=though_clear,
        view=view,
        view_days=view_days,
        view_words=view_words,
        interim=interim,
        asked_of=of,
        asked_by=by.id,
        asked_at=at,
        due=due,
        matter=assessment.matter,
    )
    return line(asked, asked_of=level(of), view=view, days=view_days)


@act("question.ruled")
def rule(
    question: Question,
    *,
    answer: str,
    ground: str,
    clause: str = "",
    days: int | None = None,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> Line:
    """Rule on a question: by a clause in force (``edition/clause``) or by discretion with a reason. Who
    asked cannot rule.

    Whoever comes second is told who was first."""
    refuse_if(question.asked_by == by.id, _("Who asks a question does not rule on it."), FORBIDDEN)
    refuse_if(
        not within(question.asked_of, by.where), _("This question was put to another authority."), FORBIDDEN
    )
    if question.state != State.ASKED:
        refuse(_("%(who)s already ruled on this at %(time)s."), **first_to("question.ruled", question))
    refuse_if(
        ground not in Ground.values,
        _("A ruling names a clause in force, or says it is discretion and why."),
        UNFIT,
    )
    refuse_if(not reason.strip() and ground == Ground.DISCRETION, _("Discretion needs its reason."), UNFIT)
    refuse_if(
        ground == Ground.DISCRETION and clause,
        _("A ruling rests on a clause or on discretion, not on both."),
        UNFIT,
    )
    refuse_if(answer not in Answer.values, _("Choose one of the list."), UNFIT)
    _check_days(answer, days)
    found = clause_in_force(question.where, day_of(at), clause) if ground == Ground.CLAUSE else None
    refuse_if(
        ground == Ground.CLAUSE and found is None,
        _("“%(clause)s” is not a clause in force here today."),
        UNFIT,
        clause=clause,
    )
    change(
        question,
        state=State.RULED,
        answer=answer,
        days=days,
        ground=ground,
        edition=found.row if found else None,
        clause=clause,
        reason=reason,
        ruled_by=by.id,
        ruled_name=by.name,
        ruled_at=at,
    )
    return line(question, rule=clause or Ground.DISCRETION, answer=answer, days=days, ground=ground)


@act("question.applied", back=ANY_TIME)
def apply(question: Question, *, by: Actor, at: datetime) -> Line:
    """An order carries the ruling out (time itself notes this, because of the order's line)."""
    refuse_if(question.state != State.RULED, _("There is no ruling to apply."))
    change(question, state=State.APPLIED, applied_at=at)
    return line(question, rule=question.clause or question.ground, answer=question.answer)


@act("question.overdue", back=ANY_TIME)
def overdue(question: Question, *, by: Actor, at: datetime) -> Line:
    """Nobody has ruled in time: marked once, so that both sides see it. The question stays open."""
    refuse_if(question.state != State.ASKED or question.overdue, _("This question is no longer waiting."))
    refuse_if(at < question.due, _("There is still time for the answer."))
    change(question, overdue=True)
    return line(question, asked_of=level(question.asked_of))


def _check_days(answer: str, days: int | None) -> None:
    refuse_if(answer == Answer.EXEMPT and days is not None, _("An exemption has no days."), UNFIT)
    refuse_if(
        answer != Answer.EXEMPT and (days is None or not 1 <= days <= LONGEST),
        _("Say for how many days: 1 to %(most)s."),
        UNFIT,
        most=LONGEST,
    )
