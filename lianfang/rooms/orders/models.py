"""Orders of home observation, the notices by which they are served, what he says to them, the daily checks,
and how they end."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.ground.things import PERSONAL, PLAIN, SENSITIVE, Thing
from lianfang.ground.where import WhereField
from lianfang.rooms.people.models import Resident
from lianfang.rooms.policies.models import Edition


class Order(Thing):
    """A decision 居家观察: an authority binds a resident, on a basis, for a term that ends. ``where`` is
    his door.

    Day 0 is ``first_day``; the measure ends on ``last_day``, release is due at ``release_due``. ``weighed``:
    the editions it was last decided by; ``review``: what came of deciding it anew; ``free_by``: he is to be
    released before his days are over, by then."""

    class Measure(models.TextChoices):
        HOME = "home_observation", _("home observation")
        MONITOR = "health_monitoring", _("health monitoring")

    class State(models.TextChoices):
        ISSUED = "issued", _("issued, not yet served")
        SERVED = "served", _("served")
        REFUSED = "refused", _("served, not accepted")
        UNDERTAKEN = "undertaken", _("served, undertaking signed")
        RELEASED = "released", _("released")

    class Review(models.TextChoices):
        RELEASE = "release", _("the rules now exempt him: to be released")
        EASE = "ease", _("the rules now ask for less: a person decides")
        KEEP = "keep", _("nothing changes for him")
        ASK = "ask", _("the rules no longer say it clearly: a person decides")

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
    issued_by = models.UUIDField()
    issued_name = models.CharField(max_length=60, blank=True)
    weighed = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    review = models.CharField(max_length=8, choices=Review, blank=True)
    review_rule = models.CharField(max_length=120, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    free_by = models.DateTimeField(null=True, blank=True)

    PRIVACY = dict.fromkeys((
        "resident", "authority", "authority_where", "authority_level", "edition", "clause", "ruling",
        "days", "first_day", "last_day", "release_due", "remedy", "state", "issued_at", "issued_by",
        "weighed", "review", "review_rule", "reviewed_at", "free_by",
    ), PLAIN) | {"reason": SENSITIVE, "considered": SENSITIVE, "measure": SENSITIVE, "issued_name": PERSONAL}  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["where", "state"], name="order_where")]
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=~models.Q(state="released"),
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

    PRIVACY = dict.fromkeys((
        "order", "issuer", "year", "serial", "number", "state", "how", "proof", "to_whom", "served_at",
        "refused_at",
    ), PLAIN) | {"proof_words": PERSONAL, "refused_words": PERSONAL, "witness": PERSONAL}  # fmt: skip

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


class Undertaking(Thing):
    """His own signature 承诺书 under what he will keep to. He was told that he need not sign."""

    class How(models.TextChoices):
        PAPER = "paper", _("on paper")
        SCREEN = "screen", _("on a screen")

    order = models.OneToOneField(Order, models.PROTECT, related_name="undertaking")
    how = models.CharField(max_length=8, choices=How)
    words = models.CharField(max_length=400, blank=True)
    signed_at = models.DateTimeField()

    PRIVACY = {"order": PLAIN, "how": PLAIN, "words": PERSONAL, "signed_at": PLAIN}

    def __str__(self) -> str:
        return self.how


class Objection(Thing):
    """What he says against an order 异议, in his own words, and the answer: by when, and by whom. Meanwhile
    the measure continues."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        ANSWERED = "answered", _("answered")

    class Outcome(models.TextChoices):
        STANDS = "stands", _("the order stands")
        FREED = "freed", _("he is to be released")

    order = models.ForeignKey(Order, models.PROTECT, related_name="objections")
    words = models.CharField(max_length=1000)
    objected_at = models.DateTimeField()
    answer_due = models.DateTimeField()
    answer_by = models.UUIDField()
    answer_by_name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    answer = models.CharField(max_length=1000, blank=True)
    answered_name = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    PRIVACY = dict.fromkeys((
        "order", "objected_at", "answer_due", "answer_by", "state", "outcome", "answered_at",
    ), PLAIN) | {"words": SENSITIVE, "answer_by_name": PERSONAL, "answer": SENSITIVE, "answered_name": PERSONAL}  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(state="open"),
                name="objection_one_open",
                violation_error_message=_("An objection to this order already waits for its answer."),
            )
        ]

    def __str__(self) -> str:
        return self.state


class Release(Thing):
    """The end of an order: the community verifies that its days are over and nothing is open, an authority
    releases him, and the notice of release 解除告知单 gets its number."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="release")
    missed = models.IntegerField(default=0)
    why_missed = models.CharField(max_length=400, blank=True)
    verified_by = models.UUIDField()
    verified_name = models.CharField(max_length=60, blank=True)
    verified_at = models.DateTimeField()
    issuer = WhereField()
    year = models.IntegerField(null=True, blank=True)
    serial = models.IntegerField(null=True, blank=True)
    number = models.CharField(max_length=80, blank=True)
    released_by = models.UUIDField(null=True, blank=True)
    released_name = models.CharField(max_length=60, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    PRIVACY = dict.fromkeys((
        "order", "missed", "verified_by", "verified_at", "issuer", "year", "serial", "number",
        "released_by", "released_at",
    ), PLAIN) | {"why_missed": PERSONAL, "verified_name": PERSONAL, "released_name": PERSONAL}  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "serial"],
                name="release_numbered_once",
                violation_error_message=_("This number was given a moment ago; release him once more."),
            ),
            models.CheckConstraint(
                name="release_by_two",
                condition=models.Q(released_by__isnull=True) | ~models.Q(released_by=models.F("verified_by")),
                violation_error_message=_("Who verified the end does not release him: another person does."),
            ),
            models.CheckConstraint(
                name="release_has_number",
                condition=models.Q(released_at=None, released_by=None, serial=None, number="")
                | models.Q(serial__gt=0, released_at__isnull=False, released_by__isnull=False)
                & ~models.Q(number=""),
                violation_error_message=_("A release has its number."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Check(Thing):
    """A check 体温症状 of one half day, and what was measured. Every half day of an order has one row that is
    due, done or missed; a second reading of it is a row of its own (``further``). ``late``: taken or entered
    after it counted as missed."""

    class Half(models.TextChoices):
        AM = "am", pgettext_lazy("half a day", "morning")
        PM = "pm", pgettext_lazy("half a day", "evening")

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("check", "due")
        DONE = "done", pgettext_lazy("check", "done")
        MISSED = "missed", pgettext_lazy("check", "no reading")

    class How(models.TextChoices):
        SELF = "self", _("he reported it")
        DOOR = "door", _("measured at the door")
        PHONE = "phone", _("asked by phone")

    class Symptom(models.TextChoices):
        COUGH = "cough", _("dry cough")
        FATIGUE = "fatigue", _("fatigue")
        THROAT = "throat", _("sore throat")
        SMELL = "smell", _("no smell or taste")
        DIARRHOEA = "diarrhoea", _("diarrhoea")
        BREATH = "breath", _("short of breath")
        OTHER = "other", _("another complaint")

    order = models.ForeignKey(Order, models.PROTECT, related_name="checks")
    day = models.IntegerField()
    half = models.CharField(max_length=2, choices=Half)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    further = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    temperature = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    symptoms = ArrayField(models.CharField(max_length=12, choices=Symptom), default=list, blank=True)
    how = models.CharField(max_length=8, choices=How, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_name = models.CharField(max_length=60, blank=True)

    PRIVACY = dict.fromkeys((
        "order", "day", "half", "opens_at", "due_at", "state", "further", "late", "how", "taken_at",
    ), PLAIN) | {"temperature": SENSITIVE, "symptoms": SENSITIVE, "taken_name": PERSONAL}  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="check_late")]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "day", "half"],
                condition=models.Q(further=False),
                name="check_once",
                violation_error_message=_("The checks of this order are already there."),
            ),
            models.CheckConstraint(
                name="check_done_has_reading",
                condition=~models.Q(state="done") | models.Q(taken_at__isnull=False),
                violation_error_message=_("A check that is done has a reading."),
            ),
            models.CheckConstraint(
                name="check_of_a_living_body",
                condition=models.Q(temperature__isnull=True)
                | models.Q(temperature__gte=34, temperature__lte=43),
                violation_error_message=_("This is no body temperature."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.half} {self.state}"


class Alarm(Thing):
    """A reading that asks for the doctor at once 报警: what she found, and the second reading."""

    class State(models.TextChoices):
        OPEN = "open", _("the doctor is called")
        SETTLED = "settled", pgettext_lazy("alarm", "settled")

    class Finding(models.TextChoices):
        EXPLAINED = "explained", _("explained; he is well")
        ILL = "ill", _("another illness, treated")
        TAKEN = "taken", _("taken to the fever clinic")

    order = models.ForeignKey(Order, models.PROTECT, related_name="alarms")
    cause = models.OneToOneField(Check, models.PROTECT, related_name="alarm")
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    finding = models.CharField(max_length=10, choices=Finding, blank=True)
    words = models.CharField(max_length=400, blank=True)
    temperature = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    settled_name = models.CharField(max_length=60, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    PRIVACY = dict.fromkeys((
        "order", "cause", "raised_at", "state", "settled_at",
    ), PLAIN) | {"finding": SENSITIVE, "words": SENSITIVE, "temperature": SENSITIVE, "settled_name": PERSONAL}  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["where", "state"], name="alarm_where")]

    def __str__(self) -> str:
        return self.state
