"""Things: what acts are about. They are born and changed inside an act, and nowhere else.

``new`` and ``change`` are the two ways to write. Each keeps a journal: which columns of which row got which value,
personal ones as a keyed hash. The act puts the journal into its line, so that the lines explain the tables to the last
column (and a test replays them to prove it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from . import vault
from .ids import derived
from .refusals import GONE, UNFIT, Refused, Text
from .where import WhereField

if TYPE_CHECKING:
    from .actors import Actor

from django.utils.translation import gettext_lazy as _

OWN, LAW, SHARED, DOOR = "own", "law", "shared", "door"
"""Row-level security: at or below the reader (default) · readable below its issuer, written by it alone · also where
the row itself names · outside it (sign-in tables a door needs before anybody is anybody; listed in the house test)."""

PLAIN, PERSONAL, SENSITIVE = "plain", "personal", "sensitive"
"""Privacy of a field: says nothing of a person · about a person · health, whereabouts, identifiers (PIPL 28)."""


TAIL_BITS = 16
"""How much of a blind index of four signs is kept: ten thousand tails must not be told apart."""

if TYPE_CHECKING:
    Bytes = models.BinaryField[Any, Any]
else:
    Bytes = models.BinaryField


class Sealed(Bytes):
    """A value held encrypted by the vault. ``index`` names the sibling field that takes its blind index,
    ``bits`` its length (a value shared in families gets a short one, so that equality leaks less); ``tail`` the sibling
    that takes one of the last four signs."""

    def __init__(
        self,
        *args: Any,
        index: str | None = None,
        bits: int = 256,
        tail: str | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("null", True)
        self.index, self.bits, self.tail = index, bits, tail
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        given = {"index": self.index, "bits": self.bits} | ({"tail": self.tail} if self.tail else {})
        return name, path, args, kwargs | given

    def beside(self) -> list[str]:
        """The siblings that are made from this value and from nothing else."""
        return [name for name in (self.index, self.tail) if name]

    def blind(self, plain: str, key: str = "") -> dict[str, bytes | None]:
        """What its siblings hold for a value, under the current key or another live one."""
        made: dict[str, bytes | None] = {}
        if self.index:
            made[self.index] = vault.blind(self.name, plain, self.bits, key) if plain else None
        if self.tail:
            made[self.tail] = vault.blind(self.tail, plain[-4:], TAIL_BITS, key) if len(plain) >= 4 else None
        return made


class Thing(models.Model):
    """What an act is about. Its id is the id of the line that made it; ``matter`` 事 joins what belongs together."""

    id = models.UUIDField(primary_key=True)
    where = WhereField()
    matter = models.UUIDField(db_index=True)

    ROWS: ClassVar[str] = OWN
    SELF: ClassVar[str | None] = None
    """A column holding a worker's id: that worker always sees the row (his own posting, his own name)."""
    PRIVACY: ClassVar[dict[str, str]] = {}

    class Meta:
        abstract = True

    @classmethod
    def privacy(cls) -> dict[str, str]:
        """The privacy class of every column that has one."""
        return {"id": PLAIN, "where": PLAIN, "matter": PLAIN, "also": PLAIN} | cls.PRIVACY

    def opened(self, name: str) -> str:
        """The plain value of a sealed field; empty if there is none."""
        sealed = getattr(self, name)
        return vault.unseal(self._meta.db_table, self.id, name, sealed) if sealed else ""


class SharedThing(Thing):
    """A thing that other places must see too (``also``): a ticket a community helps with, a person with two homes."""

    ROWS = SHARED
    also = ArrayField(WhereField(), default=list, blank=True)

    class Meta:
        abstract = True


T = TypeVar("T", bound=Thing)


@dataclass
class Deed:
    """An act being carried out: who, when, under which line, and what it has changed so far."""

    line: UUID
    by: Actor
    at: datetime
    matter: UUID | None = None
    changes: list[list[Any]] = field(default_factory=list)
    touched: list[Thing] = field(default_factory=list)
    born: int = 0


_deed: ContextVar[Deed | None] = ContextVar("deed", default=None)


class OutsideAnAct(RuntimeError):  # noqa: N818 - named for what happened
    """Something was to be written without an act: a bug, for no line would tell of it."""


def current_deed() -> Deed:
    """The act being carried out; raises OutsideAnAct if there is none."""
    deed = _deed.get()
    if deed is None:
        raise OutsideAnAct("things are born and changed by acts only")
    return deed


def new(model: type[T], *, alone: bool = False, **values: Any) -> T:
    """Insert a thing. The first of an act takes the id of its line, further ones ids derived from it.
    Without ``matter`` it joins the matter of the act; if there is none, or it stands ``alone``, it starts one."""
    deed = current_deed()
    row = deed.line if deed.born == 0 else derived(deed.line, str(deed.born))
    deed.born += 1
    matter = values.pop("matter", None) or (row if alone else deed.matter or row)
    if deed.matter is None:
        deed.matter = matter
    thing = model(id=row, matter=matter)
    _set(thing, values)
    _fit(thing, None)
    _under_every_key(thing, _columns(thing), insert)
    _record(thing, _columns(thing), skip_empty=True)
    return thing


@cache
def _insertion(model: type[models.Model]) -> tuple[str, tuple[Any, ...]]:
    """The INSERT of a model, put together once, and the columns it takes. What the database fills in is left to it."""
    columns = tuple(one for one in model._meta.concrete_fields if not one.has_db_default())
    quote = connection.ops.quote_name
    places = [
        place(None, None, connection) if (place := getattr(one, "get_placeholder", None)) else "%s"
        for one in columns
    ]
    names = ", ".join(quote(str(one.column)) for one in columns)
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({', '.join(places)})", columns  # noqa: S608


def insert(row: models.Model) -> None:
    """Insert a fresh row. What ``save`` does for a row that is known to be new, without thinking it all out again each
    time: it sends no signals, for nobody here listens to any."""
    (statement, columns), own = _insertion(type(row)), connections[DEFAULT_DB_ALIAS]
    with own.cursor() as cursor:
        cursor.execute(statement, [one.get_db_prep_save(one.pre_save(row, True), own) for one in columns])
    row._state.adding, row._state.db = False, own.alias


@cache
def _whether(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    equal = " AND ".join(f"{quote(str(model._meta.get_field(name).column))} = %s" for name in names)  # type: ignore[union-attr]
    return f"SELECT 1 FROM {quote(model._meta.db_table)} WHERE {equal} LIMIT 1"  # noqa: S608


def there_is(model: type[models.Model], **equal: Any) -> bool:
    """Whether a row with these values is there for whoever acts or reads: the commonest question of a guard, its
    statement put together once."""
    with connection.cursor() as cursor:
        cursor.execute(_whether(model, tuple(equal)), list(equal.values()))
        return cursor.fetchone() is not None


def new_each(model: type[T], rows: Iterable[dict[str, Any]]) -> list[T]:
    """Insert many like things in one statement (the doors of a building); each is journalled like any other."""
    deed, things = current_deed(), []
    for values in rows:
        row = derived(deed.line, str(deed.born))
        deed.born += 1
        thing = model(id=row, matter=deed.matter or row)
        _set(thing, values)
        _fit(thing, None)
        things.append(thing)
    model._default_manager.bulk_create(things)
    for thing in things:
        _record(thing, _columns(thing), skip_empty=True)
    return things


def change(thing: Thing, **values: Any) -> None:
    """Update columns of a thing that this act holds locked."""
    columns = _set(thing, values)
    _fit(thing, columns)
    _under_every_key(thing, columns, lambda one: one.save(force_update=True, update_fields=columns))
    _record(thing, columns, skip_empty=False)


@cache
def beside_sealed(model: type[models.Model]) -> frozenset[str]:
    """The blind indexes of a model: columns made from a sealed value and from nothing else."""
    sealed = [column for column in model._meta.concrete_fields if isinstance(column, Sealed)]
    return frozenset(name for column in sealed for name in column.beside())


def _under_every_key(thing: T, columns: list[str], write: Callable[[T], None]) -> None:
    """Write a row. While two index keys are live, first with the blind indexes of the old one and then with today's, so
    that the database's own "only once" meets both the rows that are indexed anew and those that are not yet."""
    indexes = [name for name in columns if name in beside_sealed(type(thing))]
    old = vault.keys().live[1:] if indexes else []
    if not old:
        write(thing)
        return
    today = {name: getattr(thing, name) for name in indexes}
    for name, plain in thing.__dict__["_plain"].items():
        column = thing._meta.get_field(name)
        for beside, index in column.blind(plain, old[0]).items() if isinstance(column, Sealed) else ():
            setattr(thing, beside, index)
    write(thing)
    for name, index in today.items():
        setattr(thing, name, index)
    thing.save(force_update=True, update_fields=indexes)


def take(model: type[T], row: UUID) -> T:
    """Lock another row inside an act and read it afresh; refused as not found if it is not there for this actor."""
    current_deed()
    thing = model._default_manager.select_for_update(of=("self",)).filter(pk=row).first()
    if thing is None:
        raise Refused(_("There is no such entry here."), GONE)
    return thing


def _columns(thing: Thing) -> list[str]:
    return [column.name for column in thing._meta.concrete_fields if not column.primary_key]


def _set(thing: Thing, values: dict[str, Any]) -> list[str]:
    """Assign values, sealing what is to be sealed; returns the columns set."""
    columns: list[str] = []
    for name, value in values.items():
        column = thing._meta.get_field(name)
        columns.append(name)
        if isinstance(column, Sealed):
            plain = value or ""
            value = vault.seal(thing._meta.db_table, thing.id, name, plain) if plain else None
            thing.__dict__.setdefault("_plain", {})[name] = plain
            for beside, index in column.blind(plain).items():
                setattr(thing, beside, index)
                columns.append(beside)
        setattr(thing, name, value)
    return columns


def _fit(thing: Thing, columns: list[str] | None) -> None:
    """Refuse values a column does not take (choices, lengths, forms), naming them. Links are left to the database."""
    links = {column.name for column in thing._meta.concrete_fields if column.is_relation}
    if columns is not None:
        links |= {column.name for column in thing._meta.concrete_fields} - set(columns)
    try:
        thing.clean_fields(exclude=links)
    except ValidationError as wrong:
        fields: dict[str, list[Text]] = {name: list(errors) for name, errors in wrong.message_dict.items()}
        raise Refused(_("Some of this does not fit."), UNFIT, fields=fields) from wrong


def _record(thing: Thing, columns: list[str], *, skip_empty: bool) -> None:
    deed = current_deed()
    deed.touched.append(thing)
    privacy, said = thing.privacy(), {}
    derived_ones = beside_sealed(type(thing))
    for name in columns:
        if name in derived_ones:
            continue  # made from the sealed value, which the journal holds, under a key that is changed now and then
        column: Any = thing._meta.get_field(name)
        sealed = isinstance(column, Sealed)
        value = thing.__dict__.get("_plain", {}).get(name) if sealed else getattr(thing, column.attname)
        if skip_empty and (value is None or value in ("", [], {})):
            continue
        plain = column_value(value)
        said[name] = plain if privacy.get(column.name) == PLAIN else vault.fingerprint(thing.id, name, plain)
    deed.changes.append([thing._meta.model_name, str(thing.id), said])


def column_value(value: Any) -> Any:
    """A column's value as JSON can hold it, the same for an equal value however it was written."""
    if value is None or isinstance(value, bool | int | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, list | tuple):
        return [column_value(one) for one in value]
    if isinstance(value, dict):
        return {str(name): column_value(one) for name, one in value.items()}
    return str(value)
