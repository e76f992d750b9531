"""Every kind of line as a sentence. A fact stands where its name does; a choice is said in its own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from lianfang.ground.notebook import Line
from lianfang.rooms.aid.models import Need, Pledge
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.messages.models import Message
from lianfang.rooms.notes.models import Note
from lianfang.rooms.orders.models import Check, Notice, Objection, Order, Undertaking
from lianfang.rooms.people.acts import REASONS
from lianfang.rooms.people.models import Unit
from lianfang.rooms.people.roles import ROLES
from lianfang.rooms.policies.models import Assessment
from lianfang.rooms.rulings.models import Question
from lianfang.rooms.tickets.models import Channel, Ticket

Text = str | Promise
Words = Mapping[Any, Text]


@dataclass(frozen=True)
class Phrase:
    """A sentence with places for facts; ``words`` says which fact is a choice, and how each value is said;
    ``instead`` is the sentence when the fact it names is absent."""

    text: Text
    words: Mapping[str, Words] = field(default_factory=dict)
    instead: tuple[str, Text] | None = None

    def say(self, facts: Mapping[str, Any]) -> str:
        """The sentence in the language that is active now; a fact that is missing is said as a dash."""
        text = self.text
        if self.instead and facts.get(self.instead[0]) is None:
            text = self.instead[1]
        said = {name: _said(self.words.get(name, {}), value) for name, value in facts.items()}
        return str(text) % _Facts(said)


def _said(words: Words, value: Any) -> Any:
    """A fact in words; of several, one after the other."""
    if isinstance(value, list):
        return now(", ").join(str(words.get(one, one)) for one in value) or "–"
    return words.get(value, value)


class _Facts(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "–"


def _choices(choices: Any) -> Words:
    return dict(choices.choices)


LEVELS: Words = {
    "nation": _("nation"),
    "province": _("province"),
    "city": _("city"),
    "district": _("district"),
    "street": _("street"),
    "community": _("community"),
}
FIELDS: Words = {"id_number": _("ID number"), "phone": _("Phone")}
YES_NO: Words = {True: _("yes"), False: _("no")}
SUBJECTS: Words = {"arrivals": _("arrivals"), "gates": _("gates"), "communities": _("communities")}
HOLDERS: Words = {"worker": _("of a worker"), "system": _("of another system")}

PHRASES: dict[str, Phrase] = {
    "area.registered": Phrase(_("Entered the area %(code)s (%(level)s)"), {"level": LEVELS}),
    "compound.registered": Phrase(_("Entered a residential compound")),
    "building.drawn": Phrase(_("Drew a building with %(doors)s doors")),
    "resident.registered": Phrase(_("Entered a person in the household register")),
    "stay.began": Phrase(_("Noted that somebody moved in")),
    "stay.ended": Phrase(_("Noted that somebody moved out")),
    "care.marked": Phrase(_("Noted what to know before knocking")),
    "resident.revealed": Phrase(
        _("Read a masked field: %(field)s, %(reason)s"), {"field": FIELDS, "reason": REASONS}
    ),
    "row.parked": Phrase(_("Put row %(row)s of a register file aside: %(problems)s doubts")),
    "row.settled": Phrase(_("Settled row %(row)s of a register file")),
    "unit.registered": Phrase(
        _("Entered an organisation: %(unit_kind)s"), {"unit_kind": _choices(Unit.Kind)}
    ),
    "worker.registered": Phrase(_("Entered somebody who works here")),
    "worker.posted": Phrase(
        _("Posted a worker as %(role)s"), {"role": {name: role.label for name, role in ROLES.items()}}
    ),
    "posting.ended": Phrase(
        _("Ended the posting as %(role)s"), {"role": {name: role.label for name, role in ROLES.items()}}
    ),
    "account.opened": Phrase(_("Opened an account")),
    "token.issued": Phrase(
        _("Issued an access token: %(holder)s, %(role)s, %(days)s days"),
        {"holder": HOLDERS, "role": {name: role.label for name, role in ROLES.items()}},
    ),
    "token.withdrawn": Phrase(
        _("Withdrew an access token: %(holder)s, %(role)s"),
        {"holder": HOLDERS, "role": {name: role.label for name, role in ROLES.items()}},
    ),
    "edition.published": Phrase(
        _("Published an edition (%(level)s, %(subject)s)"), {"level": LEVELS, "subject": SUBJECTS}
    ),
    "term.set": Phrase(_("Set the term %(key)s to %(value)s")),
    "assessment.made": Phrase(
        _("The rules in force say: %(answer)s"), {"answer": _choices(Assessment.Answer)}
    ),
    "verification.asked": Phrase(_("%(post)s asks: %(asks)s"), {"asks": _choices(Verification.Asks)}),
    "verification.answered": Phrase(
        _("Answered the checkpoint: %(asks)s – %(answer)s"),
        {"asks": _choices(Verification.Asks), "answer": _choices(Verification.Answer)},
    ),
    "verification.settled": Phrase(
        _("The checkpoint: %(result)s"), {"result": _choices(Verification.Result)}
    ),
    "question.asked": Phrase(
        _("Asked the %(asked_of)s for a ruling; own view: %(view)s, %(days)s days"),
        {"asked_of": LEVELS, "view": _choices(Question.Answer)},
        ("days", _("Asked the %(asked_of)s for a ruling; own view: %(view)s")),
    ),
    "question.ruled": Phrase(
        _("Ruled: %(answer)s, %(days)s days"),
        {"answer": _choices(Question.Answer)},
        ("days", _("Ruled: %(answer)s")),
    ),
    "question.applied": Phrase(
        _("The ruling is carried out by the order: %(answer)s"), {"answer": _choices(Question.Answer)}
    ),
    "question.overdue": Phrase(_("The %(asked_of)s has not ruled in time"), {"asked_of": LEVELS}),
    "order.issued": Phrase(
        _("Issued %(number)s: %(days)s days, last day %(last_day)s"), {"level": _choices(Order.Level)}
    ),
    "notice.served": Phrase(
        _("Served the notice %(how)s to %(to_whom)s; proof: %(proof)s"),
        {"how": _choices(Notice.How), "to_whom": _choices(Notice.ToWhom), "proof": _choices(Notice.Proof)},
    ),
    "notice.refused": Phrase(_("He does not accept the notice; his words are recorded")),
    "order.objected": Phrase(_("He objects to %(number)s; another person answers by %(answer_due)s")),
    "objection.answered": Phrase(
        _("His objection to %(number)s was answered: %(outcome)s"), {"outcome": _choices(Objection.Outcome)}
    ),
    "order.undertaken": Phrase(
        _("He signed the undertaking %(how)s, of his own will"), {"how": _choices(Undertaking.How)}
    ),
    "checks.scheduled": Phrase(_("%(checks)s checks of temperature lie ahead, morning and evening")),
    "check.recorded": Phrase(
        _("Checked late for day %(day)s, %(half)s: %(how)s"),
        {"half": _choices(Check.Half), "how": _choices(Check.How)},
        ("late", _("Checked on day %(day)s, %(half)s: %(how)s")),
    ),
    "check.missed": Phrase(
        _("No reading on day %(day)s, %(half)s: somebody goes or calls"), {"half": _choices(Check.Half)}
    ),
    "alarm.raised": Phrase(
        _("The reading of day %(day)s, %(half)s, called the doctor"), {"half": _choices(Check.Half)}
    ),
    "alarm.settled": Phrase(
        _("The doctor has seen to the reading of day %(day)s, %(half)s"), {"half": _choices(Check.Half)}
    ),
    "order.reviewed": Phrase(
        _("The rules have changed; his case was decided anew: %(review)s"), {"review": _choices(Order.Review)}
    ),
    "release.verified": Phrase(_("Verified that his days are over; checks without a reading: %(missed)s")),
    "order.released": Phrase(_("Released him, %(number)s; in time: %(in_time)s"), {"in_time": YES_NO}),
    "brief.drafted": Phrase(_("Began the brief of %(day)s")),
    "brief.amended": Phrase(_("Changed the words of the brief of %(day)s; asked above: %(asks)s")),
    "brief.published": Phrase(_("Published the brief of %(day)s as No. %(number)s; its figures stand")),
    "brief.revised": Phrase(_("Noted what came late for the brief of %(day)s: %(figures)s figures")),
    "ticket.lodged": Phrase(
        _("Lodged ticket %(number)s: %(type)s, %(category)s, %(channel)s; an answer within %(level)s"),
        {
            "type": _choices(Ticket.Type),
            "category": _choices(Ticket.Category),
            "channel": _choices(Channel),
            "level": _choices(Ticket.Level),
        },
    ),
    "ticket.called": Phrase(
        _("He called again on ticket %(number)s, %(channel)s: call %(calls)s; he was told how it stands"),
        {"channel": _choices(Channel)},
    ),
    "ticket.accepted": Phrase(_("Took ticket %(number)s")),
    "ticket.contacted": Phrase(
        _("Spoke with the caller of ticket %(number)s, %(channel)s"), {"channel": _choices(Channel)}
    ),
    "ticket.answered": Phrase(_("Answered ticket %(number)s; in time: %(in_time)s"), {"in_time": YES_NO}),
    "ticket.called_back": Phrase(
        _(
            "Called back on ticket %(number)s: spoken with %(heard)s, solved %(solved)s, satisfied %(satisfied)s"
        ),
        {"heard": YES_NO, "solved": YES_NO, "satisfied": YES_NO},
        ("heard", _("Called back on ticket %(number)s; nobody was reached")),
    ),
    "ticket.closed": Phrase(
        _("Closed ticket %(number)s; promises still open: %(promises_open)s"), {"promises_open": YES_NO}
    ),
    "ticket.reopened": Phrase(_("Opened ticket %(number)s again")),
    "ticket.revealed": Phrase(
        _("Read the number of the caller of ticket %(number)s: %(reason)s"), {"reason": REASONS}
    ),
    "ticket.lapsed": Phrase(
        _("Ticket %(number)s had no answer within %(level)s"), {"level": _choices(Ticket.Level)}
    ),
    "message.sent": Phrase(
        _("Told the resident: %(occasion)s, %(way)s"),
        {"occasion": _choices(Message.Occasion), "way": _choices(Message.Way)},
    ),
    "message.delivered": Phrase(_("Told him in person, %(way)s"), {"way": _choices(Message.Way)}),
    "message.acknowledged": Phrase(
        _("He has read the message: %(occasion)s"), {"occasion": _choices(Message.Occasion)}
    ),
    "slip.issued": Phrase(_("Issued a slip for his page, until %(until)s")),
    "slip.withdrawn": Phrase(_("Withdrew a slip")),
    "needs.asked": Phrase(
        _("Asked what he needs while he stays at home; ticked: %(ticked)s"), {"ticked": _choices(Need.Kind)}
    ),
    "need.proposed": Phrase(_("A need seems to be there: %(need)s"), {"need": _choices(Need.Kind)}),
    "need.confirmed": Phrase(
        _("Confirmed a need: %(need)s, %(quantity)s %(unit)s, by %(perish_by)s"),
        {"need": _choices(Need.Kind), "unit": _choices(Need.Unit)},
        ("perish_by", _("Confirmed a need: %(need)s, %(quantity)s %(unit)s")),
    ),
    "need.dropped": Phrase(_("Dropped a need: %(need)s"), {"need": _choices(Need.Kind)}),
    "aid.pledged": Phrase(
        _("%(by)s pledges %(quantity)s %(unit)s; still open: %(left)s %(unit)s"),
        {"by": _choices(Pledge.By), "unit": _choices(Need.Unit)},
    ),
    "aid.withdrawn": Phrase(
        _("A pledge is withdrawn (%(by)s); open again: %(quantity)s %(unit)s"),
        {"by": _choices(Pledge.By), "unit": _choices(Need.Unit)},
    ),
    "aid.delivered": Phrase(
        _("%(by)s brought help: %(quantity)s %(unit)s, %(yuan)s yuan paid"),
        {"by": _choices(Pledge.By), "unit": _choices(Need.Unit)},
    ),
    "need.met": Phrase(
        _("He confirms that the need is met: %(need)s, %(quantity)s of %(of)s %(unit)s, %(yuan)s yuan"),
        {"need": _choices(Need.Kind), "unit": _choices(Need.Unit)},
        ("quantity", _("He confirms that the need is met: %(need)s")),
    ),
    "note.written": Phrase(_("Wrote a note, %(how)s"), {"how": _choices(Note.How)}),
    "promise.kept": Phrase(_("Kept what was promised (late: %(late)s)"), {"late": YES_NO}),
    "promise.lapsed": Phrase(_("The time of a promise has passed; it is still owed")),
}

VIA: Words = {
    "desk": _("desk"),
    "phone": _("phone app"),
    "console": _("console"),
    "clock": _("by time itself"),
    "api": _("another system"),
    "public": _("his own page"),
}
"""The doors a line came through."""


def sentence(line: Line) -> str:
    """A line as a sentence in the language that is active now; a kind nobody wrote a phrase for is named by
    itself."""
    phrase = PHRASES.get(line.kind)
    return phrase.say(line.facts) if phrase else line.kind


def via(line: Line) -> str:
    """The door a line came through, in words."""
    return str(VIA.get(line.via, line.via))


def rule_words(rule: str, called: Mapping[str, tuple[Any, str]]) -> str:
    """The rule of a line in words: the edition by number or title and the clause, discretion, or a ruling."""
    if rule == Question.Ground.DISCRETION:
        return now("discretion, with a reason")
    if rule == "ruling":
        return now("the ruling in this matter")
    said = []
    for name in filter(None, rule.split(", ")):
        code, _slash, number = name.partition("/")
        row, _gist = called.get(name, (None, ""))
        title = (row.number or row.title) if row else code
        said.append(
            now("%(title)s, clause %(clause)s") % {"title": title, "clause": number} if number else title
        )
    return now("; ").join(said)
