"""What a worker heard, felt and promised: the notebook of residents' concerns."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianfang.ground.things import PLAIN, SENSITIVE, Thing


class Note(Thing):
    """A note 民情记录: free text first. ``where`` is the door it is about, or the community."""

    class How(models.TextChoices):
        DOOR = "door", _("at the door")
        PHONE = "phone", _("by phone")
        GATE = "gate", _("at the gate")
        DESK = "desk", _("at the desk")

    how = models.CharField(max_length=8, choices=How)
    text = models.CharField(max_length=2000)
    noted_at = models.DateTimeField()

    PRIVACY = {"how": PLAIN, "text": SENSITIVE, "noted_at": PLAIN}

    class Meta:
        indexes = [models.Index(fields=["where", "noted_at"], name="note_where")]

    def __str__(self) -> str:
        return self.how
