"""Every table on one page."""

from lianfang.ground.notebook import Line
from lianfang.ground.seals import Leaf, Seal
from lianfang.rooms.aid.models import Interview, Need, Pledge
from lianfang.rooms.briefs.models import Brief, Revision
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.messages.models import Message, Slip, SlipTries
from lianfang.rooms.notes.models import Note, Promise
from lianfang.rooms.orders.models import Alarm, Check, Notice, Objection, Order, Release, Undertaking
from lianfang.rooms.people.models import (
    Account,
    CareMark,
    Household,
    ParkedRow,
    Posting,
    Resident,
    Stay,
    Unit,
    Worker,
)
from lianfang.rooms.places.models import Area, Building, Compound, Door
from lianfang.rooms.policies.models import Assessment, Edition, Term
from lianfang.rooms.rulings.models import Question
from lianfang.rooms.tickets.models import Contact, Ticket
from lianfang.rooms.tokens.models import Token, TokenKey

__all__ = [
    "Account",
    "Alarm",
    "Area",
    "Assessment",
    "Brief",
    "Building",
    "CareMark",
    "Check",
    "Compound",
    "Contact",
    "Door",
    "Edition",
    "Household",
    "Interview",
    "Leaf",
    "Line",
    "Message",
    "Need",
    "Note",
    "Notice",
    "Objection",
    "Order",
    "ParkedRow",
    "Pledge",
    "Posting",
    "Promise",
    "Question",
    "Release",
    "Resident",
    "Revision",
    "Seal",
    "Slip",
    "SlipTries",
    "Stay",
    "Term",
    "Ticket",
    "Token",
    "TokenKey",
    "Undertaking",
    "Unit",
    "Verification",
    "Worker",
]
