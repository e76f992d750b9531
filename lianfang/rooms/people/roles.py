"""The one page of roles: which kinds of line each may write, which masked fields it may read, at which level it is held.

The community serves, an authority decides; an administrator sees no personal data; an auditor changes nothing.
"""

from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor
from lianfang.ground.ids import CLOCK, OPERATOR


@dataclass(frozen=True)
class Role:
    """``writes``: kinds of line · ``reveals``: masked fields it may read, each reading a line of its own ·
    ``names``: sees names of residents · ``levels``: where it is held."""

    label: str | Promise
    writes: frozenset[str] = field(default_factory=frozenset)
    reveals: frozenset[str] = field(default_factory=frozenset)
    names: bool = True
    levels: frozenset[str] = frozenset({"community"})


def _kinds(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


ASK_AND_ANSWER = _kinds("verification.asked", "verification.answered", "verification.settled")
NOTE = _kinds("note.written", "promise.kept")
REGISTER = _kinds(
    "resident.registered",
    "stay.began",
    "stay.ended",
    "care.marked",
    "row.parked",
    "row.settled",
    "resident.revealed",
)
PLEDGE = _kinds("need.proposed", "aid.pledged", "aid.delivered")
AID = PLEDGE | _kinds("needs.asked", "need.confirmed", "need.dropped", "need.met", "aid.withdrawn")
SERVE = _kinds("notice.served", "notice.refused", "order.objected", "order.undertaken")
CHECK = _kinds("check.recorded")
VERIFY = _kinds("release.verified")
END = _kinds("objection.answered", "order.released")
BY_HIMSELF = _kinds("message.acknowledged", "ticket.lodged", "need.met", "order.objected")
"""What a resident does on his own page."""
TELL = _kinds("message.sent", "message.delivered", "slip.issued", "slip.withdrawn")
JUDGE = _kinds("assessment.made", "question.asked")
BRIEF = _kinds("brief.drafted", "brief.amended", "brief.published")
CALLS = _kinds("ticket.called", "ticket.contacted", "ticket.revealed")
TICKETS = CALLS | _kinds(
    "ticket.lodged",
    "ticket.accepted",
    "ticket.answered",
    "ticket.called_back",
    "ticket.closed",
    "ticket.reopened",
)
DRAW = _kinds("area.registered", "compound.registered", "building.drawn")
STAFF = _kinds("unit.registered", "worker.registered", "worker.posted", "posting.ended", "account.opened")
TOKENS = _kinds("token.issued", "token.withdrawn")
IDENTIFIERS = frozenset({"id_number", "phone"})
LAY_DOWN = _kinds("edition.published", "term.set")
NOWHERE: frozenset[str] = frozenset()
STREET = frozenset({"street"})
ABOVE = frozenset({"street", "district", "city", "province"})

ROLES: dict[str, Role] = {
    "resident": Role(_("resident"), BY_HIMSELF, levels=NOWHERE),
    "worker": Role(
        _("community worker"),
        ASK_AND_ANSWER
        | NOTE
        | AID
        | CALLS
        | REGISTER
        | SERVE
        | CHECK
        | VERIFY
        | TELL
        | TOKENS
        | BRIEF
        | _kinds("assessment.made"),
        IDENTIFIERS,
    ),
    "director": Role(
        _("community director"),
        ASK_AND_ANSWER
        | NOTE
        | AID
        | BRIEF
        | CALLS
        | REGISTER
        | SERVE
        | CHECK
        | VERIFY
        | TELL
        | JUDGE
        | TOKENS
        | _kinds("compound.registered", "building.drawn"),
        IDENTIFIERS,
    ),
    "seconded": Role(
        _("seconded official"),
        ASK_AND_ANSWER | NOTE | AID | SERVE | CHECK | TELL | TOKENS | _kinds("resident.revealed"),
        frozenset({"phone"}),
    ),
    "stairwell": Role(_("stairwell head"), NOTE | PLEDGE, levels=frozenset({"community", "inside"})),
    "doctor": Role(
        _("community doctor"),
        NOTE | CHECK | PLEDGE | TOKENS | _kinds("alarm.settled", "care.marked", "resident.revealed"),
        frozenset({"phone"}),
    ),
    "police": Role(
        _("community police"),
        NOTE | PLEDGE | CALLS | ASK_AND_ANSWER | TOKENS | _kinds("resident.revealed"),
        IDENTIFIERS,
    ),
    "street_desk": Role(
        _("street duty officer"),
        NOTE
        | END
        | PLEDGE
        | BRIEF
        | TICKETS
        | TELL
        | TOKENS
        | _kinds("question.ruled", "assessment.made", "edition.published", "term.set", "resident.revealed"),
        frozenset({"phone"}),
        levels=STREET,
    ),
    "street_leader": Role(
        _("street leader"),
        NOTE
        | END
        | PLEDGE
        | CALLS
        | TOKENS
        | BRIEF
        | _kinds("question.ruled", "order.issued", "assessment.made"),
        levels=STREET,
    ),
    "department": Role(_("department contact"), names=False, levels=ABOVE),
    "reader": Role(_("district or city reader"), names=False, levels=ABOVE),
    "auditor": Role(_("auditor"), names=False, levels=ABOVE | {"community"}),
    "administrator": Role(
        _("administrator"), DRAW | STAFF | TOKENS, names=False, levels=ABOVE | {"community"}
    ),
    # Nobody is posted as one of these three: another system, who sets a street up at the console, and time itself.
    "hotline": Role(
        _("hotline system"), _kinds("ticket.lodged", "ticket.called"), names=False, levels=NOWHERE
    ),
    "operator": Role(_("operator"), DRAW | STAFF | TOKENS | REGISTER | LAY_DOWN, levels=NOWHERE),
    "clock": Role(
        _("the clock"),
        _kinds(
            "checks.scheduled",
            "check.missed",
            "alarm.raised",
            "order.reviewed",
            "brief.drafted",
            "brief.revised",
            "question.applied",
            "question.overdue",
            "ticket.lapsed",
            "promise.lapsed",
            "need.proposed",
            "message.sent",
        ),
        levels=NOWHERE,
    ),
}


def actor(
    worker: UUID, role: str, where: str, name: str = "", unit: UUID | None = None, posting: UUID | None = None
) -> Actor:
    """The actor of a posting: the only place where a role becomes what it may do."""
    return Actor(worker, role, where, unit, name, ROLES[role].writes, posting=posting)


def installer(where: str) -> Actor:
    """The operator at the console, setting up the street at ``where``."""
    return Actor(OPERATOR, "operator", where, None, "", ROLES["operator"].writes, "console")


def the_clock() -> Actor:
    """Time itself, for what follows and what is late."""
    return Actor(CLOCK, "clock", "", None, "", ROLES["clock"].writes, "clock")
