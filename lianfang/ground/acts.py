"""An act is the only way anything changes: one function, one permission, one transaction, one line in the notebook.

``@act`` opens a durable transaction, locks the thing and reads it afresh, asks the permission, runs the deed, insists on
one line, stamps who, when, via and because, appends it and defers what must follow. If that is refused, because the id is
taken or a guard says no, and this id was written before by the same actor with the same content, the old line is given back.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from random import uniform
from time import sleep
from typing import Any, Generic, NamedTuple, ParamSpec, get_type_hints
from uuid import UUID

from django.db import DatabaseError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from . import clock, followups
from .actors import Actor, begin, reading, the_clock
from .ids import new_id
from .notebook import Line
from .refusals import CONFLICT, FORBIDDEN, GONE, UNFIT, Refused
from .rows import refusal_of
from .things import Deed, Thing, _deed, column_value, insert
from .where import within, within_any

__all__ = ["ACTS", "Act", "Actor", "Outcome", "Row", "act", "begin", "many", "reading", "the_clock"]

P = ParamSpec("P")

TRIES = 5
"""How often an act is tried that lost a deadlock."""

UNSPEAKABLE = re.compile("[\x00\ud800-\udfff]")
"""What no database takes as text: the zero byte, and half of a pair of UTF-16."""

AHEAD = timedelta(minutes=5)
"""How far a phone's clock may run ahead of ours before "when it happened" is refused."""


class Act(Generic[P]):
    """A deed made into an act. Call it with the deed's own arguments; ``once`` names the line and its cause."""

    def __init__(self, kind: str, deed: Callable[P, Line], back: timedelta) -> None:
        self.kind, self.deed, self.back = kind, deed, back
        self.__doc__, self.__name__, self.__module__ = deed.__doc__, deed.__name__, deed.__module__
        self.__wrapped__ = deed
        self.parameters = inspect.signature(deed).parameters
        self._model: type[Thing] | bool | None = False

    @property
    def model(self) -> type[Thing] | None:
        """The model of the thing the act is about, if its first argument is one; None for an act that makes one."""
        if isinstance(self._model, bool):
            first = next(iter(self.parameters))
            hint = get_type_hints(self.deed).get(first)
            self._model = hint if isinstance(hint, type) and issubclass(hint, Thing) else None
        return self._model

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Line:
        return self._perform(Way(new_id()), args, kwargs)

    def once(self, id: UUID, because: UUID | None = None, matter: UUID | None = None) -> Callable[P, Line]:
        """The act under a given line id: doing it twice does it once. ``because`` is the line it follows from."""

        def perform(*args: P.args, **kwargs: P.kwargs) -> Line:
            return self._perform(Way(id, because, matter), args, kwargs)

        return perform

    def _perform(self, way: Way, args: Sequence[Any], kwargs: dict[str, Any]) -> Line:
        for attempt in range(1, TRIES + 1):
            try:
                with transaction.atomic(durable=True):
                    begin(kwargs["by"], way.id)
                    return self._write(way, args, kwargs, None)
            except OperationalError as failure:
                if attempt == TRIES or not _worth_another_try(failure):
                    raise
                # Whoever lost lets the other go first; each a different while, or they meet again.
                sleep(attempt * uniform(0.02, 0.08))  # noqa: S311 - no secret
            except (Refused, DatabaseError) as failure:
                return self._overtaken(way, args, kwargs, as_refusal(failure))
        raise AssertionError("unreachable")

    def _overtaken(self, way: Way, args: Sequence[Any], kwargs: dict[str, Any], refused: Refused) -> Line:
        """A refusal may come of ourselves: the same was sent before, and stands written. Asked only now, for most acts are
        new; a line's id is taken once, so none is written twice for that."""
        with transaction.atomic(durable=True):
            begin(kwargs["by"], way.id)
            old = Line.objects.filter(id=way.id).first()
        if old is None:
            raise refused
        return _same(old, kwargs["by"], payload_of(self.kind, args, kwargs))

    def _write(self, way: Way, args: Sequence[Any], kwargs: dict[str, Any], old: Line | None) -> Line:
        """Inside an open transaction: one deed, one line."""
        by, at = kwargs["by"], kwargs["at"]
        payload = payload_of(self.kind, args, kwargs)
        if old is not None:
            return _same(old, by, payload)
        written_at = clock.now()
        self._check_time(at, written_at)
        if self.kind not in by.may:
            raise Refused(_("Your role does not do this."), FORBIDDEN)
        if self.model is not None:
            args = [self._lock(args[0]), *args[1:]]
        deed = Deed(way.id, by, at, way.matter or (args[0].matter if self.model is not None else None))
        token = _deed.set(deed)
        try:
            written = self.deed(*args, **kwargs)
        finally:
            _deed.reset(token)
        if not isinstance(written, Line) or not (deed.changes or written.facts):
            raise TypeError(f"{self.kind} must return the one line that tells of it")
        for where, also in [(written.where, written.also)] + [
            (t.where, getattr(t, "also", [])) for t in deed.touched
        ]:
            if not within(where, by.where) and not within_any(also, by.where):
                raise Refused(_("This place is not yours to write about."), FORBIDDEN)
        written.id, written.kind, written.at, written.written_at = way.id, self.kind, at, written_at
        written.by, written.role, written.via, written.because = by.id, by.role, by.via, way.because
        written.payload, written.changes = payload, deed.changes
        insert(written)
        followups.defer(written)
        return written

    def _lock(self, thing: Thing) -> Thing:
        model = self.model or type(thing)
        fresh = model._default_manager.select_for_update(of=("self",)).filter(pk=thing.pk).first()
        if fresh is None:
            raise Refused(_("There is no such entry here."), GONE)
        return fresh

    def _check_time(self, at: datetime, written_at: datetime) -> None:
        if at > written_at + AHEAD:
            raise Refused(_("This lies in the future: check the date and time."), UNFIT)
        if at < written_at - self.back:
            raise Refused(
                _("This lies too far back: at most %(days)s days may be entered late."),
                UNFIT,
                days=self.back.days,
            )


class Way(NamedTuple):
    """Under which line an act is written, because of which, and in which matter."""

    id: UUID
    because: UUID | None = None
    matter: UUID | None = None


ACTS: dict[str, Act[Any]] = {}
"""Every act there is, by the kind of line it writes."""


def act(kind: str, *, back: timedelta = timedelta(days=2)) -> Callable[[Callable[P, Line]], Act[P]]:
    """Declare a deed to be the act that writes lines of ``kind`` (noun.verb_past). ``back``: how late it may be entered."""

    def declare(deed: Callable[P, Line]) -> Act[P]:
        if kind in ACTS:
            raise ValueError(f"two acts write {kind}")
        made = Act(kind, deed, back)
        ACTS[kind] = made
        return made

    return declare


class Row(NamedTuple):
    """One act of a batch: the id of its line, and the deed's own arguments (without ``by`` and ``at``)."""

    id: UUID
    args: tuple[Any, ...]
    given: dict[str, Any]


class Outcome(NamedTuple):
    """What came of one row of a batch: its line, or the refusal; ``again`` if the line had been written before."""

    id: UUID
    line: Line | None
    refused: Refused | None
    again: bool = False


def many(
    what: Act[Any],
    rows: Iterable[Row],
    *,
    by: Actor,
    at: datetime,
    because: UUID | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Outcome]:
    """The one bulk path: one transaction, a savepoint and a line for each row, refusals collected, the same guards."""
    waiting, outcomes = list(rows), []
    with transaction.atomic(durable=True):
        begin(by, new_id())
        known = {old.id: old for old in Line.objects.filter(id__in=[row.id for row in waiting])}
        for number, row in enumerate(waiting, 1):
            given = row.given | {"by": by, "at": at}
            try:
                with transaction.atomic():
                    written = what._write(Way(row.id, because), row.args, given, known.get(row.id))
                outcomes.append(Outcome(row.id, written, None, row.id in known))
                known[row.id] = written
            except (Refused, DatabaseError) as failure:
                outcomes.append(_refused(what, row, given, as_refusal(failure)))
            if progress:
                progress(number)
    return outcomes


def _refused(what: Act[Any], row: Row, given: dict[str, Any], refused: Refused) -> Outcome:
    """What came of a row that was refused; it may be written all the same, by the same batch sent a moment before."""
    old = Line.objects.filter(id=row.id).first() if refused.code == CONFLICT else None
    try:
        if old is not None:
            return Outcome(
                row.id, _same(old, given["by"], payload_of(what.kind, row.args, given)), None, True
            )
    except Refused as no:
        refused = no
    return Outcome(row.id, None, refused)


def payload_of(kind: str, args: Sequence[Any], kwargs: dict[str, Any]) -> bytes:
    """What was asked for, as a hash: the same id with another content is refused. The time is no part of it: a register
    imported again tomorrow is the same deed, and the first time stands."""
    given = {name: _plain(value) for name, value in kwargs.items() if name not in ("by", "at")}
    text = json.dumps([kind, [_plain(one) for one in args], given], sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, str) and UNSPEAKABLE.search(value):
        raise Refused(_("This text holds signs that cannot be written down."), UNFIT)
    if isinstance(value, Thing):
        return str(value.pk)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {_plain(str(name)): _plain(one) for name, one in value.items()}
    return column_value(value)


def _same(old: Line, by: Actor, payload: bytes) -> Line:
    if old.by != by.id or bytes(old.payload) != payload:
        raise Refused(_("This entry was already used for something else; write a new one."), CONFLICT)
    old.again = True
    return old


def _worth_another_try(failure: OperationalError) -> bool:
    """A deadlock, a serialization failure, or a lock that was not to be had."""
    return (getattr(failure.__cause__, "sqlstate", "") or "") in ("40P01", "40001", "55P03")


def as_refusal(failure: Refused | DatabaseError) -> Refused:
    """A constraint of the database speaks as a refusal; anything else goes on as it is."""
    if isinstance(failure, Refused):
        return failure
    refusal = refusal_of(failure)
    if refusal is None:
        raise failure
    refusal.__cause__ = failure
    return refusal
