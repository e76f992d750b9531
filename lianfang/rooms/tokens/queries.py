"""Questions about tokens. Each takes ``where`` (or whose they are) first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lianfang.rooms.people.models import Unit
from lianfang.rooms.people.queries import names_of

from .models import Token, TokenKey


@dataclass(frozen=True)
class Issued:
    """A token as a list shows it: whose it is, how it stands, when it was last shown."""

    token: Token
    name: str
    used_at: datetime | None

    def living(self, at: datetime) -> bool:
        """Whether it still lets somebody in, as far as its own row says."""
        return self.token.withdrawn_at is None and self.token.until > at


def token(where: str, id: UUID) -> Token | None:
    """The token with this id, if it is at or below ``where``."""
    return Token.objects.filter(where__under=where, id=id).first()


def issued(where: str, actor: UUID | None = None, limit: int = 200) -> list[Issued]:
    """The tokens at or below a place, newest first; ``actor``: only his own. Four statements."""
    some = Token.objects.filter(where__under=where, **({"actor": actor} if actor else {}))
    rows = list(some.order_by("-since", "-id")[:limit])
    used = dict(TokenKey.objects.filter(id__in=[row.id for row in rows]).values_list("id", "used_at"))
    names = names_of(row.actor for row in rows) | systems_named(row.actor for row in rows)
    return [Issued(row, names.get(row.actor, ""), used.get(row.id)) for row in rows]


def systems_named(units: Iterable[UUID]) -> dict[UUID, str]:
    """What the units behind some systems are called, as far as this reader may see them."""
    return dict(Unit.objects.filter(id__in=set(units)).values_list("id", "name"))


def units(where: str) -> list[Unit]:
    """The organisations at or below a place, whose systems may be let in."""
    return list(Unit.objects.filter(where__under=where).order_by("where", "name"))
