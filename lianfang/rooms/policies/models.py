"""Editions and terms as they are kept, and assessments: what the rules said of a case."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianfang.ground.things import LAW, PLAIN, SENSITIVE, Thing
from lianfang.ground.where import WhereField
from lianfang.rooms.people.models import Resident


class Edition(Thing):
    """A text by one issuer on one subject. ``where`` is who entered it here, ``place`` where it holds,
    ``document`` the reviewed text itself. It is never changed: another edition supersedes it."""

    code = models.CharField(max_length=60)
    issuer = models.CharField(max_length=120)
    level = models.CharField(max_length=12)
    place = WhereField()
    subject = models.CharField(max_length=40)
    number = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    document = models.JSONField()

    ROWS = LAW
    PRIVACY = dict.fromkeys(
        (
            "code",
            "issuer",
            "level",
            "place",
            "subject",
            "number",
            "title",
            "title_en",
            "effective_from",
            "effective_to",
            "document",
        ),
        PLAIN,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="edition_once",
                violation_error_message=_("This edition is already there."),
            )
        ]

    def __str__(self) -> str:
        return self.code


class Term(Thing):
    """A number of the law or of practice, with its place and period. ``document`` is the reviewed entry."""

    key = models.CharField(max_length=60)
    place = WhereField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    document = models.JSONField()

    ROWS = LAW
    PRIVACY = dict.fromkeys(("key", "place", "since", "until", "document"), PLAIN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "place", "since"],
                name="term_once",
                violation_error_message=_("This term already has a value from that day on."),
            )
        ]

    def __str__(self) -> str:
        return self.key


class Assessment(Thing):
    """What the rules in force said of a case on a day: facts, answer and the whole decision, so that it can
    be replayed."""

    class Answer(models.TextChoices):
        REQUIRED = "required", _("required")
        EXEMPT = "exempt", _("exempt")
        UNCLEAR = "unclear", _("unclear")

    resident = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="assessments")
    facts = models.JSONField(default=dict)
    on = models.DateField()
    subject = models.CharField(max_length=40)
    answer = models.CharField(max_length=10, choices=Answer)
    decision = models.JSONField(default=dict)
    editions = models.JSONField(default=list, blank=True)
    assessed_at = models.DateTimeField()

    PRIVACY = {
        "resident": PLAIN,
        "facts": SENSITIVE,
        "on": PLAIN,
        "subject": PLAIN,
        "answer": PLAIN,
        "decision": SENSITIVE,
        "editions": PLAIN,
        "assessed_at": PLAIN,
    }

    class Meta:
        indexes = [models.Index(fields=["matter", "assessed_at"], name="assessment_matter")]

    def __str__(self) -> str:
        return self.answer
