"""A checkpoint's question to the home community, and what it was told."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.ground.things import PERSONAL, PLAIN, SENSITIVE, Sealed, Thing
from lianfang.rooms.people.models import Resident


class Verification(Thing):
    """A verification 核验: who asks from which post, about whom, what exactly, and the answer to just
    that."""

    class Asks(models.TextChoices):
        LIVES_HERE = "lives_here", _("does he live here")
        STATUS = "status", _("is he under observation")

    class State(models.TextChoices):
        ASKED = "asked", _("waits for an answer")
        ANSWERED = "answered", _("answered")
        SETTLED = "settled", _("settled")

    class Answer(models.TextChoices):
        YES = "yes", pgettext_lazy("answer", "yes")
        NO = "no", pgettext_lazy("answer", "no")
        UNCLEAR = "unclear", _("cannot be told from the register")

    class Result(models.TextChoices):
        PASSED = "passed", _("let through")
        TURNED_BACK = "turned_back", _("turned back")
        HANDED_OVER = "handed_over", _("handed over")

    post = models.CharField(max_length=60)
    officer = models.CharField(max_length=40, blank=True)
    callback = Sealed()
    plate = models.CharField(max_length=12, blank=True)
    asked_for = models.CharField(max_length=40)
    id_tail = models.CharField(max_length=4, blank=True)
    asks = models.CharField(max_length=12, choices=Asks, default=Asks.LIVES_HERE)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answer_words = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    resident = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="verifications"
    )
    result = models.CharField(max_length=12, choices=Result, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    PRIVACY = {
        "post": PLAIN,
        "officer": PERSONAL,
        "callback": SENSITIVE,
        "plate": PERSONAL,
        "asked_for": PERSONAL,
        "id_tail": SENSITIVE,
        "asks": PLAIN,
        "asked_at": PLAIN,
        "state": PLAIN,
        "answer": PLAIN,
        "answer_words": PERSONAL,
        "answered_at": PLAIN,
        "resident": PLAIN,
        "result": PLAIN,
        "settled_at": PLAIN,
    }

    class Meta:
        indexes = [models.Index(fields=["where", "state"], name="verification_waiting")]
        constraints = [
            models.CheckConstraint(
                name="verification_yes_names_one",
                condition=~models.Q(answer="yes") | models.Q(resident__isnull=False),
                violation_error_message=_("Choose the person of the register this is about."),
            )
        ]

    def __str__(self) -> str:
        return self.post
