"""What a worker heard, felt and promised: the notebook of residents' concerns."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.ground.things import PERSONAL, PLAIN, SENSITIVE, Thing


class Note(Thing):
    """A note 民情记录: free text first. ``where`` is the door it is about, or the community."""

    class How(models.TextChoices):
        DOOR = "door", _("at the door")
        VISIT = "visit", _("on a visit")
        PHONE = "phone", _("by phone")
        GATE = "gate", _("at the gate")
        DESK = "desk", _("at the desk")
        HANDOVER = "handover", _("handing over")

    how = models.CharField(max_length=8, choices=How)
    text = models.CharField(max_length=2000)
    noted_at = models.DateTimeField()

    PRIVACY = {"how": PLAIN, "text": SENSITIVE, "noted_at": PLAIN}

    class Meta:
        indexes = [models.Index(fields=["where", "noted_at"], name="note_where")]

    def __str__(self) -> str:
        return self.how


class Promise(Thing):
    """What was promised to a resident 承诺: by whom, until when. One that lapsed is still owed; it may be kept late."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("promise", "open")
        KEPT = "kept", pgettext_lazy("promise", "kept")
        LAPSED = "lapsed", pgettext_lazy("promise", "its time has passed")

    note = models.ForeignKey(Note, models.PROTECT, related_name="promises")
    what = models.CharField(max_length=300)
    due = models.DateTimeField()
    owner = models.UUIDField()
    owner_name = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_words = models.CharField(max_length=400, blank=True)

    PRIVACY = {
        "note": PLAIN,
        "what": SENSITIVE,
        "due": PLAIN,
        "owner": PLAIN,
        "owner_name": PERSONAL,
        "state": PLAIN,
        "kept_at": PLAIN,
        "kept_words": SENSITIVE,
    }

    class Meta:
        indexes = [models.Index(fields=["where", "state", "due"], name="promise_where")]
        constraints = [
            models.CheckConstraint(
                name="promise_kept_at_a_time",
                condition=models.Q(state="kept", kept_at__isnull=False)
                | ~models.Q(state="kept") & models.Q(kept_at__isnull=True),
                violation_error_message=_("A promise that is kept says when."),
            )
        ]

    def __str__(self) -> str:
        return self.state
