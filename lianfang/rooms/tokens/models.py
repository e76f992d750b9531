"""Tokens, and beside each its hash: the one thing the API must find before anybody is anybody."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianfang.ground.things import DOOR, PERSONAL, PLAIN, Thing
from lianfang.rooms.people.models import Posting, Unit


class Token(Thing):
    """A worker's own program in one of his postings, or another system: a unit in a role at a place."""

    actor = models.UUIDField(db_index=True)
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, blank=True, related_name="tokens")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="tokens")
    role = models.CharField(max_length=20)
    label = models.CharField(max_length=60)
    prefix = models.CharField(max_length=16)
    since = models.DateTimeField()
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    SELF = "actor"
    PRIVACY = {
        "actor": PLAIN,
        "posting": PLAIN,
        "unit": PLAIN,
        "role": PLAIN,
        "label": PERSONAL,
        "prefix": PLAIN,
        "since": PLAIN,
        "until": PLAIN,
        "withdrawn_at": PLAIN,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(posting=None) ^ models.Q(unit=None),
                name="token_of_a_worker_or_of_a_system",
                violation_error_message=_("A token is a worker's or a system's."),
            )
        ]

    def __str__(self) -> str:
        return self.prefix


class TokenKey(models.Model):
    """The hash of a token, whose it is, and when it was last shown (to the quarter of an hour). Nothing of a person."""

    id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    actor = models.UUIDField()
    used_at = models.DateTimeField(null=True, blank=True)

    ROWS = DOOR
    RIGHTS = "SELECT, INSERT, UPDATE (used_at)"

    def __str__(self) -> str:
        return str(self.id)
