"""Deeds on tokens: issue one, withdraw it."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.notebook import Line, line
from lianfang.ground.refusals import FORBIDDEN, UNFIT, refuse_if
from lianfang.ground.things import change, new, take
from lianfang.ground.where import level, within
from lianfang.rooms.people.models import Posting, Unit

from .models import Token, TokenKey
from .rules import LONGEST, MOST, SYSTEMS, is_kept

FOR_SYSTEMS = ("administrator", "operator")
"""Who lets another system in. A worker's token he issues himself: nobody else ever holds what lets one act as him."""


@act("token.issued")
def issue(
    where: str,
    *,
    label: str,
    days: int,
    prefix: str,
    digest: str,
    unit: Unit | None = None,
    role: str = "",
    by: Actor,
    at: datetime,
) -> Line:
    """Let a program in: without ``unit`` the actor's own, in the posting he acts in; with one a system of that unit, in
    a ``role`` at ``where``.

    The door draws the secret and hands in only ``prefix`` and ``digest``; what is shown once cannot be told again."""
    refuse_if(
        by.via == "api", _("A token is issued at the desk or the console, not by another token."), FORBIDDEN
    )
    refuse_if(not is_kept(prefix, digest), _("This is not the hash of a token."), UNFIT)
    refuse_if(not label.strip(), _("Say what the token is for."), UNFIT)
    refuse_if(not 1 <= days <= LONGEST, _("From one day to a year."), UNFIT)
    if unit is None:
        refuse_if(role, _("The role of a worker is that of his posting."), UNFIT)
        refuse_if(by.posting is None, _("Only who is posted has a token of his own."), FORBIDDEN)
        posting, own = take(Posting, by.posting), None  # type: ignore[arg-type]
        refuse_if(
            where != posting.where, _("A token of one's own holds for the place of the posting."), UNFIT
        )
        holder, role = by.id, posting.role
    else:
        refuse_if(by.role not in FOR_SYSTEMS, _("The administrator lets other systems in."), FORBIDDEN)
        refuse_if(role not in SYSTEMS, _("A system has no such role."), UNFIT)
        refuse_if(level(where) not in SYSTEMS[role], _("This role is not held at this level."), UNFIT)
        posting, own = None, take(Unit, unit.id)
        near = within(own.where, where) or within(where, own.where)
        refuse_if(not near, _("This unit has nothing to do with this place."), UNFIT)
        holder = own.id
    living = Token.objects.filter(actor=holder, withdrawn_at=None, until__gt=at)
    refuse_if(living.count() >= MOST, _("There are %(most)s tokens already: withdraw one first."), most=MOST)
    token = new(
        Token,
        where=where,
        actor=holder,
        posting=posting,
        unit=own,
        role=role,
        label=label.strip(),
        prefix=prefix,
        since=at,
        until=at + timedelta(days=days),
    )
    TokenKey.objects.create(id=token.id, digest=digest, actor=holder)
    return line(token, holder="system" if own else "worker", role=role, days=days)


@act("token.withdrawn")
def withdraw(token: Token, *, by: Actor, at: datetime) -> Line:
    """End a token; whoever shows it is nobody from the next request on."""
    refuse_if(
        token.actor != by.id and by.role not in FOR_SYSTEMS,
        _("A token is withdrawn by whose it is, or by the administrator."),
        FORBIDDEN,
    )
    refuse_if(token.withdrawn_at is not None, _("This token has already been withdrawn."))
    change(token, withdrawn_at=at)
    return line(token, holder="system" if token.unit_id else "worker", role=token.role)
