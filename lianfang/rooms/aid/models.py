"""What somebody needs, who pledged to help with how much of it, and the interview of the first day."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.ground.things import PERSONAL, PLAIN, SENSITIVE, Sealed, Thing

NONE = Decimal("0.00")


class Need(Thing):
    """A need 帮扶需求: so much of something, by a day, with an owner here. ``where`` is the door, or the community.

    Weights are counted in jin; what is not counted is one thing to do. ``rough``: the note did not say how much exactly.
    ``price``: yuan for one unit, if something is sold."""

    class Kind(models.TextChoices):
        FOOD = "food", _("food")
        MEDICINE = "medicine", _("medicine")
        RUBBISH = "rubbish", _("rubbish")
        DOCTOR = "doctor", _("seeing a doctor")
        CARE = "care", _("somebody to look after")
        SELL = "sell", _("something to sell")
        OTHER = "other", pgettext_lazy("kind of need", "something else")

    class Unit(models.TextChoices):
        JIN = "jin", pgettext_lazy("unit", "jin")
        BOX = "box", pgettext_lazy("unit", "boxes")
        PORTION = "portion", pgettext_lazy("unit", "portions")
        PIECE = "piece", pgettext_lazy("unit", "pieces")
        TASK = "task", pgettext_lazy("unit", "to do")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed, to be confirmed")
        OPEN = "open", pgettext_lazy("state of a need", "open")
        MET = "met", _("met, he confirms")
        DROPPED = "dropped", pgettext_lazy("state of a need", "dropped")

    kind = models.CharField(max_length=10, choices=Kind)
    item = models.CharField(max_length=40, blank=True)
    quantity = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=8, choices=Unit, default=Unit.TASK)
    rough = models.BooleanField(default=False)
    price = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    perish_by = models.DateField(null=True, blank=True)
    from_note = models.UUIDField(null=True, blank=True, db_index=True)
    words = models.CharField(max_length=2000, blank=True)
    owner = models.UUIDField(null=True, blank=True)
    owner_name = models.CharField(max_length=40, blank=True)
    due = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    asked_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    met_words = models.CharField(max_length=600, blank=True)
    dropped_why = models.CharField(max_length=400, blank=True)

    PRIVACY = {
        "kind": PLAIN,
        "item": PERSONAL,
        "quantity": PLAIN,
        "unit": PLAIN,
        "rough": PLAIN,
        "price": PLAIN,
        "perish_by": PLAIN,
        "from_note": PLAIN,
        "words": SENSITIVE,
        "owner": PLAIN,
        "owner_name": PERSONAL,
        "due": PLAIN,
        "state": PLAIN,
        "asked_at": PLAIN,
        "met_at": PLAIN,
        "met_words": SENSITIVE,
        "dropped_why": PERSONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["where", "state"], name="need_where")]
        constraints = [
            models.CheckConstraint(
                name="need_has_a_quantity_and_an_owner",
                condition=models.Q(state__in=["proposed", "dropped"])
                | models.Q(quantity__gt=0, rough=False, owner__isnull=False),
                violation_error_message=_(
                    "A need is confirmed with a quantity and with somebody who sees to it."
                ),
            ),
            models.CheckConstraint(
                name="need_met_in_his_words",
                condition=~models.Q(state="met") | ~models.Q(met_words=""),
                violation_error_message=_("A need is met when the resident says so: write down his words."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Pledge(Thing):
    """A promise of help 认领: so much of a need, delivered in parts, paid in yuan. Its parts stand in the notebook; here
    stands their sum."""

    class By(models.TextChoices):
        NEIGHBOUR = "neighbour", _("a neighbour")
        PARTY_MEMBER = "party_member", _("an in-service Party member")
        CANTEEN = "canteen", _("a canteen")
        OTHER = "other", pgettext_lazy("who pledges", "somebody else")

    class State(models.TextChoices):
        PLEDGED = "pledged", _("pledged")
        DELIVERED = "delivered", _("delivered in full")
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a pledge", "withdrawn")

    need = models.ForeignKey(Need, models.PROTECT, related_name="pledges")
    by_kind = models.CharField(max_length=14, choices=By)
    by_name = models.CharField(max_length=60)
    by_phone = Sealed()
    quantity = models.DecimalField(max_digits=9, decimal_places=2)
    delivered = models.DecimalField(max_digits=9, decimal_places=2, default=NONE)
    yuan = models.DecimalField(max_digits=11, decimal_places=2, default=NONE)
    state = models.CharField(max_length=10, choices=State, default=State.PLEDGED)
    pledged_at = models.DateTimeField()
    withdrawn_why = models.CharField(max_length=400, blank=True)

    PRIVACY = {
        "need": PLAIN,
        "by_kind": PLAIN,
        "by_name": PERSONAL,
        "by_phone": SENSITIVE,
        "quantity": PLAIN,
        "delivered": PLAIN,
        "yuan": PLAIN,
        "state": PLAIN,
        "pledged_at": PLAIN,
        "withdrawn_why": PERSONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["need", "state"], name="pledge_of_need")]
        constraints = [
            models.CheckConstraint(
                name="pledge_of_something",
                condition=models.Q(quantity__gt=0),
                violation_error_message=_("Say how much is pledged."),
            ),
            models.CheckConstraint(
                name="pledge_not_exceeded",
                condition=models.Q(delivered__gte=0, delivered__lte=models.F("quantity"), yuan__gte=0),
                violation_error_message=_("More than was pledged is not delivered on a pledge."),
            ),
            models.CheckConstraint(
                name="pledge_delivered_in_full",
                condition=~models.Q(state="delivered") | models.Q(delivered=models.F("quantity")),
                violation_error_message=_("A pledge is delivered in full when all of it is there."),
            ),
        ]

    def __str__(self) -> str:
        return self.by_kind


class Interview(Thing):
    """The interview of the first day 首日问需: what somebody who is to stay at home was asked, and what was ticked."""

    ticked = ArrayField(models.CharField(max_length=10, choices=Need.Kind), default=list, blank=True)
    words = models.CharField(max_length=600, blank=True)
    asked_at = models.DateTimeField()

    PRIVACY = {"ticked": PLAIN, "words": SENSITIVE, "asked_at": PLAIN}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                name="interview_once",
                violation_error_message=_("He was asked about his needs a moment ago: look at the list."),
            )
        ]

    def __str__(self) -> str:
        return ", ".join(self.ticked)
