"""Areas, compounds, buildings and doors. None of them says anything of a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianfang.ground.things import LAW, PLAIN, Thing
from lianfang.ground.where import WhereField


class Area(Thing):
    """An area by its official code. ``where`` is the level above, which writes it; all below that may read it."""

    code = WhereField(unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)

    ROWS = LAW
    PRIVACY = {"code": PLAIN, "name": PLAIN, "name_en": PLAIN}

    def __str__(self) -> str:
        return self.name


class Compound(Thing):
    """A residential compound 小区: a wall with gates; a community holds several."""

    name = models.CharField(max_length=60)

    PRIVACY = {"name": PLAIN}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["where", "name"],
                name="compound_once",
                violation_error_message=_("This compound is already there."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Building(Thing):
    """A building; ``where`` ends in its number and a dot. ``plan`` is what the generator drew it from."""

    number = models.CharField(max_length=12)
    compound = models.ForeignKey(Compound, models.PROTECT, null=True, blank=True, related_name="buildings")
    plan = models.JSONField(default=dict)

    PRIVACY = {"number": PLAIN, "compound": PLAIN, "plan": PLAIN}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["where"],
                name="building_once",
                violation_error_message=_("This building is already there."),
            )
        ]

    def __str__(self) -> str:
        return self.number


class Door(Thing):
    """A door 户: the spine of the register. ``where`` is community.building.unit.number."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="doors")
    unit = models.CharField(max_length=8)
    floor = models.IntegerField()
    number = models.CharField(max_length=12)

    PRIVACY = {"building": PLAIN, "unit": PLAIN, "floor": PLAIN, "number": PLAIN}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["where"], name="door_once", violation_error_message=_("This door is already there.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}-{self.number}"
