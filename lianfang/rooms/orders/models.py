"""Orders of home observation and the notices by which they are served."""

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from lianfang.ground.things import PERSONAL, PLAIN, SENSITIVE, Thing
from lianfang.ground.where import WhereField
from lianfang.rooms.people.models import Resident
from lianfang.rooms.policies.models import Edition


class Order(Thing):
    """A decision 居家观察: an authority binds a resident, on a basis, for a term that ends. ``where`` is
    his door.

    Day 0 is ``first_day``; the measure ends on ``last_day``, release is due at ``release_due``."""

    class Measure(models.TextChoices):
        HOME = "home_observation", _("home observation")
        MONITOR = "health_monitoring", _("health monitoring")

    class State(models.TextChoices):
        ISSUED = "issued", _("issued, not yet served")
        SERVED = "served", _("served")
        REFUSED = "refused", _("served, not accepted")

    class Level(models.TextChoices):
        STREET = "street", _("street")
        DISTRICT = "district", _("district")
        CITY = "city", _("city")
        PROVINCE = "province", _("province")

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="orders")
    authority = models.CharField(max_length=120)
    authority_where = WhereField()
    authority_level = models.CharField(max_length=12, choices=Level)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="orders")
    clause = models.CharField(max_length=120, blank=True)
    ruling = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=600)
    considered = models.JSONField(default=list, blank=True)
    measure = models.CharField(max_length=20, choices=Measure, default=Measure.HOME)
    days = models.IntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    release_due = models.DateTimeField()
    remedy = models.CharField(max_length=400)
    state = models.CharField(max_length=10, choices=State, default=State.ISSUED)
    issued_at = models.DateTimeField()
    issued_name = models.CharField(max_length=60, blank=True)

    PRIVACY = {
        "resident": PLAIN,
        "authority": PLAIN,
        "authority_where": PLAIN,
        "authority_level": PLAIN,
        "edition": PLAIN,
        "clause": PLAIN,
        "ruling": PLAIN,
        "reason": SENSITIVE,
        "considered": SENSITIVE,
        "measure": SENSITIVE,
        "days": PLAIN,
        "first_day": PLAIN,
        "last_day": PLAIN,
        "release_due": PLAIN,
        "remedy": PLAIN,
        "state": PLAIN,
        "issued_at": PLAIN,
        "issued_name": PERSONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["where", "state"], name="order_where")]
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=models.Q(state__in=["issued", "served", "refused"]),
                name="order_one_in_force",
                violation_error_message=_("An order is already in force for this person."),
            ),
            models.CheckConstraint(
                name="order_has_basis",
                condition=models.Q(edition__isnull=False) & ~models.Q(clause="")
                | models.Q(ruling__isnull=False),
                violation_error_message=_("An order rests on a clause in force or on a ruling."),
            ),
            models.CheckConstraint(
                name="order_by_an_authority",
                condition=models.Q(authority_level__in=["street", "district", "city", "province"]),
                violation_error_message=_("A community does not decide; it asks the street."),
            ),
            models.CheckConstraint(
                name="order_ends",
                condition=RawSQL('"last_day" = "first_day" + "days"', [], output_field=models.BooleanField()),
                violation_error_message=_("An order ends on the day its days say."),
            ),
            models.CheckConstraint(
                name="order_not_backwards",
                condition=models.Q(last_day__gte=models.F("first_day")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.state


class Notice(Thing):
    """The paper 告知书 that tells him of an order: its number, how it was served and what proves it, or in
    which words he refused."""

    class State(models.TextChoices):
        WAITING = "waiting", _("to be served")
        SERVED = "served", _("served")
        REFUSED = "refused", _("not accepted")

    class How(models.TextChoices):
        PAPER = "paper", _("on paper")
        PHONE = "phone", _("by phone")
        READ_ALOUD = "read_aloud", _("read aloud")

    class Proof(models.TextChoices):
        SIGNED = "signed", _("his signature")
        PHOTO = "photo", _("a photograph of the notice at the door")
        WITNESS = "witness", _("a witness")

    class ToWhom(models.TextChoices):
        HIMSELF = "himself", _("himself")
        FAMILY = "family", _("an adult of his household")

    order = models.OneToOneField(Order, models.PROTECT, related_name="notice")
    issuer = WhereField()
    year = models.IntegerField()
    serial = models.IntegerField()
    number = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    how = models.CharField(max_length=12, choices=How, blank=True)
    proof = models.CharField(max_length=10, choices=Proof, blank=True)
    proof_words = models.CharField(max_length=200, blank=True)
    to_whom = models.CharField(max_length=10, choices=ToWhom, blank=True)
    served_at = models.DateTimeField(null=True, blank=True)
    refused_words = models.CharField(max_length=400, blank=True)
    witness = models.CharField(max_length=60, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    PRIVACY = {
        "order": PLAIN,
        "issuer": PLAIN,
        "year": PLAIN,
        "serial": PLAIN,
        "number": PLAIN,
        "state": PLAIN,
        "how": PLAIN,
        "proof": PLAIN,
        "proof_words": PERSONAL,
        "to_whom": PLAIN,
        "served_at": PLAIN,
        "refused_words": PERSONAL,
        "witness": PERSONAL,
        "refused_at": PLAIN,
    }

    class Meta:
        indexes = [models.Index(fields=["where", "state"], name="notice_where")]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "serial"],
                name="notice_numbered_once",
                violation_error_message=_("This number was given a moment ago; issue the order once more."),
            )
        ]

    def __str__(self) -> str:
        return self.number
