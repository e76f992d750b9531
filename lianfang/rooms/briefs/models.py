"""A brief, and what the next one tells of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.ground.things import PERSONAL, PLAIN, Thing

from .rules import ASK, HEADLINE


class Brief(Thing):
    """The brief 简报 of a place's day. ``where``: a street or a community. ``headline``: an editor's words, with figures
    named in braces; empty, the house writes them. ``turn`` counts how often its words were changed.

    Published, it holds its ``number`` of the year, its ``figures``, the ``horizon`` below which lines were counted, and
    how far the notebook was sealed. It is seen by those below: a street's brief goes to its communities."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("state of a brief", "draft")
        PUBLISHED = "published", pgettext_lazy("state of a brief", "published")

    day = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    headline = models.CharField(max_length=HEADLINE, blank=True)
    asks = ArrayField(models.CharField(max_length=ASK), default=list, blank=True)
    turn = models.IntegerField(default=0)
    drafted_at = models.DateTimeField()
    words_by = models.UUIDField(null=True, blank=True)
    words_name = models.CharField(max_length=60, blank=True)
    words_at = models.DateTimeField(null=True, blank=True)
    year = models.IntegerField()
    number = models.IntegerField(null=True, blank=True)
    horizon = models.BigIntegerField(null=True, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    seal = models.CharField(max_length=120, blank=True)
    published_by = models.UUIDField(null=True, blank=True)
    published_name = models.CharField(max_length=60, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    SEEN_BELOW = True
    PRIVACY = {
        "day": PLAIN,
        "state": PLAIN,
        "headline": PERSONAL,
        "asks": PERSONAL,
        "turn": PLAIN,
        "drafted_at": PLAIN,
        "words_by": PLAIN,
        "words_name": PERSONAL,
        "words_at": PLAIN,
        "year": PLAIN,
        "number": PLAIN,
        "horizon": PLAIN,
        "figures": PLAIN,
        "seal": PLAIN,
        "published_by": PLAIN,
        "published_name": PERSONAL,
        "published_at": PLAIN,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["where", "day"],
                name="brief_once_a_day",
                violation_error_message=_("The brief of this day is there already."),
            ),
            models.UniqueConstraint(
                fields=["where", "year", "number"],
                name="brief_numbered_once",
                violation_error_message=_("This number was given a moment ago; publish it once more."),
            ),
            models.CheckConstraint(
                name="brief_of_a_street_or_a_community",
                condition=models.Q(where__regex=r"^([0-9]{9}|[0-9]{12})$"),
                violation_error_message=_("A street has a brief, and each of its communities."),
            ),
            models.CheckConstraint(
                name="brief_published_is_frozen",
                condition=models.Q(state="draft")
                | models.Q(number__isnull=False, horizon__isnull=False, published_by__isnull=False)
                & ~models.Q(figures={}),
                violation_error_message=_("A published brief has a number and its figures."),
            ),
            models.CheckConstraint(
                name="brief_read_by_a_second",
                condition=models.Q(published_by__isnull=True)
                | models.Q(words_by__isnull=True)
                | ~models.Q(published_by=models.F("words_by")),
                violation_error_message=_(
                    "Who wrote the words does not publish them: somebody else reads them first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.where} {self.day}"


class Revision(Thing):
    """What came late for a published brief, as a later one told it: figure by figure what it said and what it is."""

    brief = models.ForeignKey(Brief, models.PROTECT, related_name="revisions")
    told_in = models.ForeignKey(Brief, models.PROTECT, related_name="told")
    changes = models.JSONField()
    noted_at = models.DateTimeField()

    SEEN_BELOW = True
    PRIVACY = {"brief": PLAIN, "told_in": PLAIN, "changes": PLAIN, "noted_at": PLAIN}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brief", "told_in"],
                name="revision_told_once",
                violation_error_message=_("This brief has told of that already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.brief_id} {self.told_in_id}"
