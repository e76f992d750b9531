"""A ticket, and every contact with its caller."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.ground.things import PERSONAL, PLAIN, SENSITIVE, Sealed, SharedThing
from lianfang.ground.where import WhereField
from lianfang.rooms.people.models import Unit


class Channel(models.TextChoices):
    """The way a call came, or a talk was held."""

    HOTLINE = "12345", _("12345")
    POLICE = "110", _("110")
    PHONE = "phone", _("by phone")
    DOOR = "door", _("at the door")
    WEB = "web", _("on the web")
    PROACTIVE = "proactive", _("found before anybody called")


class Ticket(SharedThing):
    """A request 诉求工单. ``where`` is its owner: a street, or the place of a department's unit; never a community,
    which helps (``also``) and reads. ``door``: the place it is about. ``copied``: the district that supervises."""

    class Type(models.TextChoices):
        ENQUIRY = "enquiry", _("enquiry")
        HELP = "help", _("request for help")
        COMPLAINT = "complaint", _("complaint")
        REPORT = "report", pgettext_lazy("type of ticket", "report")
        SUGGESTION = "suggestion", _("suggestion")

    class Category(models.TextChoices):
        EPIDEMIC = "epidemic", _("epidemic control")
        DANGER = "danger", _("danger to life or property")
        UTILITIES = "utilities", _("water, power, gas, heating")
        MEDICAL = "medical", _("medical care")
        HOUSING = "housing", _("housing and property management")
        SUPPLIES = "supplies", _("supplies and markets")
        TRAFFIC = "traffic", _("traffic")
        ORDER = "order", _("public order")
        WORK = "work", _("work and social insurance")
        SCHOOL = "school", _("school")
        OTHER = "other", pgettext_lazy("category of ticket", "other")

    class Level(models.TextChoices):
        HOURS_2 = "2h", _("2 hours")
        HOURS_24 = "24h", _("24 hours")
        DAYS_7 = "7d", _("7 days")
        DAYS_15 = "15d", _("15 days")

    class State(models.TextChoices):
        LODGED = "lodged", _("to be accepted")
        ACCEPTED = "accepted", _("in hand")
        ANSWERED = "answered", _("answered, to be called back")
        CALLED_BACK = "called_back", _("called back")
        CLOSED = "closed", pgettext_lazy("state of a ticket", "closed")

    copied = WhereField()
    day = models.DateField()
    serial = models.IntegerField()
    number = models.CharField(max_length=12)
    channel = models.CharField(max_length=12, choices=Channel)
    outside_no = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=12, choices=Type)
    category = models.CharField(max_length=12, choices=Category)
    words = models.CharField(max_length=2000)
    caller_name = models.CharField(max_length=60, blank=True)
    caller_phone = Sealed(index="caller_phone_index", bits=32)
    caller_phone_index = models.BinaryField(max_length=4, null=True, db_index=True)
    door = WhereField()
    level = models.CharField(max_length=4, choices=Level)
    received_at = models.DateTimeField()
    due = models.DateTimeField()
    lapsed = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State, default=State.LODGED)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="tickets")
    handlers = ArrayField(models.UUIDField(), default=list, blank=True)
    handler_name = models.CharField(max_length=60, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    call_backs = models.IntegerField(default=0)
    called_back_by = models.UUIDField(null=True, blank=True)
    called_back_at = models.DateTimeField(null=True, blank=True)
    heard = models.BooleanField(null=True, blank=True)
    solved = models.BooleanField(null=True, blank=True)
    satisfied = models.BooleanField(null=True, blank=True)
    call_back_words = models.CharField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=600, blank=True)
    reopened_why = models.CharField(max_length=600, blank=True)

    PRIVACY = {
        "copied": PLAIN,
        "day": PLAIN,
        "serial": PLAIN,
        "number": PLAIN,
        "channel": PLAIN,
        "outside_no": PERSONAL,
        "type": PLAIN,
        "category": PLAIN,
        "words": SENSITIVE,
        "caller_name": PERSONAL,
        "caller_phone": SENSITIVE,
        "caller_phone_index": SENSITIVE,
        "door": PLAIN,
        "level": PLAIN,
        "received_at": PLAIN,
        "due": PLAIN,
        "lapsed": PLAIN,
        "state": PLAIN,
        "unit": PLAIN,
        "handlers": PLAIN,
        "handler_name": PERSONAL,
        "accepted_at": PLAIN,
        "answer": PERSONAL,
        "answered_at": PLAIN,
        "call_backs": PLAIN,
        "called_back_by": PLAIN,
        "called_back_at": PLAIN,
        "heard": PLAIN,
        "solved": PLAIN,
        "satisfied": PLAIN,
        "call_back_words": PERSONAL,
        "closed_at": PLAIN,
        "closed_why": PERSONAL,
        "reopened_why": PERSONAL,
    }

    class Meta:
        indexes = [
            models.Index(fields=["where", "state", "due"], name="ticket_where"),
            models.Index(fields=["door", "state", "due"], name="ticket_door"),
        ]
        constraints = [
            models.CheckConstraint(
                name="ticket_owned_above_a_community",
                condition=models.Q(where__regex=r"^[0-9]{9}$")
                | models.Q(where__regex=r"^[0-9]{2,6}$", unit__isnull=False),
                violation_error_message=_("A community helps with a ticket and never owns it."),
            ),
            models.UniqueConstraint(
                fields=["where", "day", "serial"],
                name="ticket_numbered_once",
                violation_error_message=_("This number was given a moment ago; send it once more."),
            ),
            models.UniqueConstraint(
                fields=["where", "channel", "outside_no"],
                condition=~models.Q(outside_no=""),
                name="ticket_lodged_once",
                violation_error_message=_(
                    "A ticket with this outside number is there already: log a repeat call on it."
                ),
            ),
            models.CheckConstraint(
                name="ticket_answered_in_words",
                condition=models.Q(state__in=["lodged", "accepted"]) | ~models.Q(answer=""),
                violation_error_message=_("An answer has words."),
            ),
            models.CheckConstraint(
                name="ticket_called_back_by_another",
                condition=RawSQL(
                    '"called_back_by" IS NULL OR NOT ("called_back_by" = ANY("handlers"))',
                    [],
                    output_field=models.BooleanField(),
                ),
                violation_error_message=_("Who handled a ticket does not call back; somebody else does."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Contact(SharedThing):
    """A contact with the caller: he called (the first call and every repeat call), or somebody of ours spoke with
    him. ``progress_told`` is what a repeat caller was told."""

    class Side(models.TextChoices):
        CALLER = "caller", _("he called")
        OURS = "ours", _("we spoke with him")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="contacts")
    side = models.CharField(max_length=8, choices=Side)
    channel = models.CharField(max_length=12, choices=Channel)
    outside_no = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    words = models.CharField(max_length=2000)
    by_name = models.CharField(max_length=60, blank=True)
    progress_told = models.CharField(max_length=3000, blank=True)

    PRIVACY = {
        "ticket": PLAIN,
        "side": PLAIN,
        "channel": PLAIN,
        "outside_no": PERSONAL,
        "at": PLAIN,
        "words": SENSITIVE,
        "by_name": PERSONAL,
        "progress_told": PERSONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["ticket", "at"], name="contact_of_ticket")]

    def __str__(self) -> str:
        return self.channel
