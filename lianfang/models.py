"""Every table on one page."""

from lianfang.ground.notebook import Line
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.notes.models import Note
from lianfang.rooms.orders.models import Notice, Order
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

__all__ = [
    "Account",
    "Area",
    "Assessment",
    "Building",
    "CareMark",
    "Compound",
    "Door",
    "Edition",
    "Household",
    "Line",
    "Note",
    "Notice",
    "Order",
    "ParkedRow",
    "Posting",
    "Question",
    "Resident",
    "Stay",
    "Term",
    "Unit",
    "Verification",
    "Worker",
]
