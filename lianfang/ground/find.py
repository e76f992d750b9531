"""Finding a thing as an actor sees it: what is not his is not there."""

from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from .actors import Actor
from .refusals import GONE, Refused
from .things import SHARED, Thing
from .where import within, within_any

T = TypeVar("T", bound=Thing)


def seen_by(thing: Thing, by: Actor) -> bool:
    """The application's own rule, beside the database's: at or below the actor's place, or where the row names it."""
    return within(thing.where, by.where) or (
        thing.ROWS == SHARED and within_any(getattr(thing, "also", []), by.where)
    )


def thing(model: type[T], row: UUID, by: Actor) -> T:
    """The thing with this id; refused exactly as one that does not exist if the actor may not see it."""
    found = model._default_manager.filter(pk=row).first()
    if found is None or not seen_by(found, by):
        raise Refused(_("There is no such entry here."), GONE)
    return found
