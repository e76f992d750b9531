"""The deed of the notes: write one down."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianfang.ground.acts import Actor, act
from lianfang.ground.notebook import Line, known, line
from lianfang.ground.refusals import GONE, UNFIT, refuse_if
from lianfang.ground.things import new
from lianfang.ground.where import level
from lianfang.rooms.places.queries import is_door

from .models import Note


@act("note.written")
def write(where: str, *, text: str, how: str, matter: UUID | None = None, by: Actor, at: datetime) -> Line:
    """Write down what was heard about a door or a community; ``matter`` if it belongs to one. Notes
    commute."""
    refuse_if(not text.strip(), _("Write down at least a word."), UNFIT)
    refuse_if(
        level(where) != "community" and not (level(where) == "inside" and is_door(where)),
        _("There is no such door here."),
        GONE,
    )
    refuse_if(matter is not None and not known(matter), _("There is no such matter here."), GONE)
    return line(new(Note, where=where, text=text, how=how, noted_at=at, matter=matter), how=how)
