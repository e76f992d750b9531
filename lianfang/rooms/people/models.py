"""Residents, households, stays, care marks; workers, units, postings; the accounts people sign in with."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.ground.ids import new_id
from lianfang.ground.things import DOOR, PERSONAL, PLAIN, SENSITIVE, Sealed, SharedThing, Thing


class Household(Thing):
    """Who lives behind one door together."""

    class Tenure(models.TextChoices):
        OWNED = "owned", _("owner-occupied")
        RENTED = "rented", _("rented")
        OTHER = "other", _("other tenure")
        UNKNOWN = "unknown", _("tenure not known")

    tenure = models.CharField(max_length=10, choices=Tenure, default=Tenure.UNKNOWN)

    PRIVACY = {"tenure": PERSONAL}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["where"],
                name="household_once",
                violation_error_message=_("This door already has a household."),
            )
        ]

    def __str__(self) -> str:
        return self.where


class Resident(SharedThing):
    """A person of the register. ``where`` is the door of the main stay, ``also`` those of the others."""

    class Sex(models.TextChoices):
        MALE = "male", _("male")
        FEMALE = "female", _("female")
        UNKNOWN = "unknown", _("sex not known")

    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=8, choices=Sex, default=Sex.UNKNOWN)
    born = models.DateField(null=True, blank=True)
    id_number = Sealed(index="id_index")
    id_index = models.BinaryField(max_length=32, null=True)
    phone = Sealed(index="phone_index", bits=32, tail="phone_tail")
    phone_index = models.BinaryField(max_length=4, null=True, db_index=True)
    more_phones = Sealed()
    phone_tail = models.BinaryField(max_length=2, null=True)
    keys = models.CharField(max_length=200, blank=True)

    PRIVACY = {
        "name": PERSONAL,
        "sex": PERSONAL,
        "born": PERSONAL,
        "id_number": SENSITIVE,
        "id_index": SENSITIVE,
        "phone": SENSITIVE,
        "phone_index": SENSITIVE,
        "more_phones": SENSITIVE,
        "phone_tail": SENSITIVE,
        "keys": PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Left("where", 12),
                "id_index",
                name="resident_once_per_community",
                violation_error_message=_(
                    "Somebody with this ID number is already in the register of this community."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Stay(Thing):
    """A person behind a door for a period: the spine between people and places."""

    class Relation(models.TextChoices):
        HEAD = "head", _("head of household")
        SPOUSE = "spouse", _("spouse")
        CHILD = "child", _("child")
        PARENT = "parent", _("parent")
        KIN = "kin", _("other relative")
        TENANT = "tenant", _("tenant")
        OTHER = "other", _("other")
        UNKNOWN = "unknown", _("relation not known")

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="stays")
    household = models.ForeignKey(Household, models.PROTECT, related_name="stays")
    relation = models.CharField(max_length=10, choices=Relation, default=Relation.UNKNOWN)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    remark = models.CharField(max_length=200, blank=True)

    PRIVACY = {
        "resident": PLAIN,
        "household": PLAIN,
        "relation": PERSONAL,
        "since": PERSONAL,
        "until": PERSONAL,
        "remark": SENSITIVE,
    }

    class Meta:
        indexes = [models.Index(fields=["where"], name="stay_where")]

    def __str__(self) -> str:
        return self.where


class CareMark(Thing):
    """What one must know before knocking: lives alone, pregnant, dialysis."""

    class Kind(models.TextChoices):
        ALONE = "alone", _("lives alone")
        AGED = "aged", _("aged 80 or more")
        PREGNANT = "pregnant", _("pregnant")
        INFANT = "infant", _("infant")
        DISABLED = "disabled", _("disabled")
        TREATMENT = "treatment", _("recurrent treatment")
        HEARING = "hearing", _("hard of hearing")
        NO_PHONE = "no_phone", _("has no phone")

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="care_marks")
    kind = models.CharField(max_length=12, choices=Kind)
    note = models.CharField(max_length=200, blank=True)

    PRIVACY = {"resident": PLAIN, "kind": SENSITIVE, "note": SENSITIVE}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "kind"],
                name="care_mark_once",
                violation_error_message=_("This care mark is already there."),
            )
        ]

    def __str__(self) -> str:
        return self.kind


class ParkedRow(Thing):
    """A row of a register file that was not entered: what it said (sealed) and what is wrong with which cell."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("parked row", "waiting")
        SETTLED = "settled", _("settled")

    file = models.CharField(max_length=120)
    row = models.IntegerField()
    said = Sealed()
    problems = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)

    PRIVACY = {"file": PLAIN, "row": PLAIN, "said": SENSITIVE, "problems": PLAIN, "state": PLAIN}

    def __str__(self) -> str:
        return f"{self.file}:{self.row}"


class Unit(Thing):
    """An organisation people are posted in: a residents' committee, a street office, a police station."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", _("residents' committee")
        STREET = "street", _("street office")
        POLICE = "police", _("police station")
        HEALTH = "health", _("health centre")
        DEPARTMENT = "department", _("department")

    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=80)

    SEEN_BELOW = True
    PRIVACY = {"kind": PLAIN, "name": PLAIN}

    def __str__(self) -> str:
        return self.name


class Worker(Thing):
    """Somebody who works here. His name is shown to those who read what he did: a community reads who ruled
    at the street."""

    name = models.CharField(max_length=40)
    title = models.CharField(max_length=40, blank=True)
    home_unit = models.CharField(max_length=80, blank=True)

    SELF = "id"
    SEEN_BELOW = True
    PRIVACY = {"name": PERSONAL, "title": PLAIN, "home_unit": PLAIN}

    def __str__(self) -> str:
        return self.name


class Posting(Thing):
    """Role × where × period × unit: what a worker may do, and where."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="postings")
    role = models.CharField(max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    SELF = "worker_id"
    PRIVACY = {"worker": PLAIN, "role": PLAIN, "unit": PLAIN, "since": PLAIN, "until": PLAIN}

    def __str__(self) -> str:
        return f"{self.role} {self.where}"


class AccountManager(BaseUserManager["Account"] if TYPE_CHECKING else BaseUserManager):  # type: ignore[misc]
    """Finds accounts by their sign-in name."""

    def create_user(self, name: str, worker: UUID, password: str | None) -> "Account":
        """Make an account; an empty password cannot be used to sign in."""
        account: Account = self.model(name=name, worker=worker)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """What a worker signs in with: a name and a password hash, nothing about him."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=40, unique=True)
    worker = models.UUIDField(unique=True)
    is_active = models.BooleanField(default=True)
    failures = models.IntegerField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)

    ROWS = DOOR
    RIGHTS = "SELECT, INSERT, UPDATE"
    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]
    objects: ClassVar[Any] = AccountManager()
