"""A question asked upward, and the ruling it gets."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianfang.ground.things import PERSONAL, PLAIN, SENSITIVE, Thing
from lianfang.ground.where import WhereField
from lianfang.rooms.policies.models import Assessment, Edition


class Question(Thing):
    """A question for a ruling 请示 and its ruling 批复: facts, near clauses, the community's own view, the
    interim measure."""

    class State(models.TextChoices):
        ASKED = "asked", _("waits for a ruling")
        RULED = "ruled", _("ruled")
        APPLIED = "applied", _("ruled and applied")

    class Answer(models.TextChoices):
        EXEMPT = "exempt", _("exempt")
        REQUIRED = "required", _("required")
        MODIFIED = "modified", _("required in a modified form")

    class Ground(models.TextChoices):
        CLAUSE = "clause", _("a clause in force")
        DISCRETION = "discretion", _("discretion, with a reason")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="questions")
    question = models.CharField(max_length=600)
    near = models.JSONField(default=list)
    though_clear = models.CharField(max_length=300, blank=True)
    view = models.CharField(max_length=10, choices=Answer)
    view_days = models.IntegerField(null=True, blank=True)
    view_words = models.CharField(max_length=400, blank=True)
    interim = models.CharField(max_length=300)
    asked_of = WhereField()
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    due = models.DateTimeField()
    overdue = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    days = models.IntegerField(null=True, blank=True)
    ground = models.CharField(max_length=12, choices=Ground, blank=True)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="rulings")
    clause = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=600, blank=True)
    ruled_by = models.UUIDField(null=True, blank=True)
    ruled_name = models.CharField(max_length=60, blank=True)
    ruled_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    PRIVACY = {
        "assessment": PLAIN,
        "question": SENSITIVE,
        "near": SENSITIVE,
        "though_clear": PERSONAL,
        "view": PLAIN,
        "view_days": PLAIN,
        "view_words": PERSONAL,
        "interim": PERSONAL,
        "asked_of": PLAIN,
        "asked_by": PLAIN,
        "asked_at": PLAIN,
        "due": PLAIN,
        "overdue": PLAIN,
        "state": PLAIN,
        "answer": PLAIN,
        "days": PLAIN,
        "ground": PLAIN,
        "edition": PLAIN,
        "clause": PLAIN,
        "reason": PERSONAL,
        "ruled_by": PLAIN,
        "ruled_name": PERSONAL,
        "ruled_at": PLAIN,
        "applied_at": PLAIN,
    }

    class Meta:
        indexes = [models.Index(fields=["asked_of", "state"], name="question_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                condition=models.Q(state="asked"),
                name="question_one_open",
                violation_error_message=_("A question is already open in this matter."),
            ),
            models.CheckConstraint(
                name="question_ruling_has_ground",
                condition=models.Q(state="asked")
                | models.Q(ground="clause", edition__isnull=False)
                | models.Q(ground="discretion") & ~models.Q(reason=""),
                violation_error_message=_(
                    "A ruling names a clause in force, or says it is discretion and why."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.state
