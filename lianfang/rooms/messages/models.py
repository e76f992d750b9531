"""What a resident was told, and the slip that opens his own page."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianfang.ground.things import DOOR, PLAIN, SENSITIVE, Thing
from lianfang.rooms.people.models import Resident


class Message(Thing):
    """A message 通知 to a resident, at his door: on what occasion, with which numbers and days, and free words if it holds
    any. The sentence is made when it is read (``wording``), in the reader's language."""

    class Occasion(models.TextChoices):
        ORDERED = "order_issued", _("a decision about you")
        OBJECTION = "objection_answered", _("the answer to your objection")
        RELEASED = "order_released", _("your release")
        LODGED = "ticket_lodged", _("your request was received")
        CALLED = "ticket_called", _("you called again")
        ACCEPTED = "ticket_accepted", _("your request is in hand")
        ANSWERED = "ticket_answered", _("the answer to your request")
        CLOSED = "ticket_closed", _("your request is closed")
        WORDS = "words", _("a word from the community")

    class Way(models.TextChoices):
        LINK = "link", _("on his page")
        SLIP = "slip", _("on paper")
        PHONE = "phone", _("by phone")
        DOOR = "door", _("at the door")

    class State(models.TextChoices):
        WAITING = "waiting", _("he does not know yet")
        DELIVERED = "delivered", _("he was told")
        ACKNOWLEDGED = "acknowledged", _("he has read it")

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="messages")
    occasion = models.CharField(max_length=20, choices=Occasion)
    about = models.UUIDField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    words = models.CharField(max_length=3000, blank=True)
    way = models.CharField(max_length=8, choices=Way)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    sent_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    PRIVACY = {
        "resident": PLAIN,
        "occasion": PLAIN,
        "about": PLAIN,
        "facts": PLAIN,
        "words": SENSITIVE,
        "way": PLAIN,
        "state": PLAIN,
        "sent_at": PLAIN,
        "delivered_at": PLAIN,
        "acknowledged_at": PLAIN,
    }

    class Meta:
        indexes = [
            models.Index(fields=["where", "state"], name="message_where"),
            models.Index(fields=["resident", "sent_at"], name="message_resident"),
        ]

    def __str__(self) -> str:
        return self.occasion


class Slip(Thing):
    """A slip of paper 查询单 with a code, for one resident and one matter. Of the code only a keyed hash is kept, in the form
    of an id: whoever presents it is, for one statement, the actor the database lets see this row, and no other."""

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="slips")
    digest = models.UUIDField(unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    SELF = "digest"
    PRIVACY = {
        "resident": PLAIN,
        "digest": SENSITIVE,
        "issued_at": PLAIN,
        "expires_at": PLAIN,
        "withdrawn_at": PLAIN,
    }

    class Meta:
        indexes = [models.Index(fields=["where"], name="slip_where")]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "matter"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="slip_one_at_a_time",
                violation_error_message=_("A slip was issued a moment ago; look at the page again."),
            ),
            models.CheckConstraint(
                name="slip_ends",
                condition=models.Q(expires_at__gt=models.F("issued_at")),
                violation_error_message=_("A slip ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SlipTries(models.Model):
    """How many wrong codes came lately from a group of network addresses; row -1 counts all of them. There are 4,097 rows
    at most, and none says which address it was."""

    id = models.SmallIntegerField(primary_key=True)
    wrong = models.IntegerField(default=0)
    since = models.DateTimeField()

    ROWS = DOOR
    RIGHTS = "SELECT, INSERT, UPDATE"

    def __str__(self) -> str:
        return str(self.id)
