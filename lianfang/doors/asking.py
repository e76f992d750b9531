"""One way to ask for an act, for every door: find the thing, check what was said against the act's form, perform.

An act's form is the class named like it in its room's ``forms.py``; things and ids among its arguments are found by id.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.ground import find
from lianfang.ground.acts import ACTS, Act, Actor, reading
from lianfang.ground.ids import new_id
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import GONE, UNFIT, Refused, Text
from lianfang.ground.things import Thing
from lianfang.ground.where import is_where

GIVEN = ("by", "at")


def act_named(kind: str) -> Act[Any]:
    """The act that writes lines of this kind."""
    if kind not in ACTS:
        raise Refused(_("There is no deed “%(kind)s”."), GONE, kind=kind)
    return ACTS[kind]


@cache
def form_of(what: Act[Any]) -> type[forms.Form] | None:
    """The form of an act, if its room asks a human anything for it."""
    module = what.__module__.rpartition(".")[0] + ".forms"
    if find_spec(module) is None:
        return None
    name = "".join(word.capitalize() for word in what.__name__.split("_"))
    found: type[forms.Form] | None = getattr(import_module(module), name, None)
    return found


@cache
def _hints(what: Act[Any]) -> dict[str, Any]:
    return get_type_hints(what.deed)


def uuid_of(text: object) -> UUID:
    """A UUID out of what somebody sent; refused as not found if it is none."""
    try:
        return text if isinstance(text, UUID) else UUID(str(text))
    except ValueError as wrong:
        raise Refused(_("There is no such entry here."), GONE) from wrong


def plain_type(hint: Any) -> Any:
    """``Door`` of ``Door | None``."""
    if get_origin(hint) in (Union, types.UnionType):
        kinds = [one for one in get_args(hint) if one is not type(None)]
        return kinds[0] if kinds else hint
    return hint


def arguments(what: Act[Any], said: Mapping[str, Any], by: Actor) -> tuple[list[Any], dict[str, Any]]:
    """The deed's arguments out of what was said: checked by its form, things found as ``by`` sees them."""
    form_class, cleaned = form_of(what), {}
    if form_class is not None:
        form = form_class(said)
        if not form.is_valid():
            raise Refused(
                _("Some of this does not fit."),
                UNFIT,
                fields={k: [str(one) for one in v] for k, v in form.errors.items()},
            )
        cleaned = form.cleaned_data
    hints, first = _hints(what), next(iter(what.parameters))
    given: dict[str, Any] = {}
    for name in what.parameters:
        if name in GIVEN:
            continue
        hint = plain_type(hints.get(name))
        if isinstance(hint, type) and issubclass(hint, Thing):
            if said.get(name):
                with reading(by):
                    given[name] = find.thing(hint, uuid_of(said[name]), by)
        elif hint is UUID:
            if said.get(name):
                given[name] = uuid_of(said[name])
        elif name in cleaned:
            given[name] = cleaned[name]
        elif name == "where":
            given[name] = _place(str(said.get(name) or by.where))
        elif name in said:
            given[name] = _as_said(name, hint, said[name])
    _insist_on_what_can_be_kept(given)
    if first not in given:
        raise Refused(_("What is this about? Name the entry."), UNFIT, fields={first: [_("missing")]})
    return [given.pop(first)], given


def _as_said(name: str, hint: Any, value: Any) -> Any:
    """What no form has read: words become the number they name, or a list parted by commas, if the deed takes one."""
    if not isinstance(value, str) or hint is str:
        return value
    kind = get_args(hint)[0] if get_origin(hint) is Sequence else None
    try:
        if hint is int:
            return int(value)
        if kind in (int, str):
            return [kind(one.strip()) for one in value.split(",") if one.strip()]
    except ValueError:
        pass
    raise Refused(_("Some of this does not fit."), UNFIT, fields={name: [_("does not fit")]})


def _place(code: str) -> str:
    """A place as it is written; refused as not found if it is none."""
    if not is_where(code):
        raise Refused(_("There is no such entry here."), GONE)
    return code


def _insist_on_what_can_be_kept(given: Mapping[str, Any]) -> None:
    """Refuse text whose bytes were no text (a reader put U+FFFD for them) and moments beyond the calendar."""
    unfit: dict[str, list[Text]] = {}
    for name, value in given.items():
        if isinstance(value, str) and ("\ufffd" in value or "\0" in value):
            unfit[name] = [_("This cannot be read as text.")]
        elif isinstance(value, datetime) and not 1 < value.year < MAXYEAR:
            unfit[name] = [_("This lies beyond the calendar.")]
    if unfit:
        raise Refused(_("Some of this does not fit."), UNFIT, fields=unfit)


def ask(
    kind: str,
    said: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    id: UUID | None = None,
) -> Line:
    """Do the act of this kind as ``by``; ``said`` is what the door was told, by argument names."""
    what = act_named(kind)
    about, given = arguments(what, said, by)
    try:
        return what.once(id or new_id())(*about, **given, by=by, at=at)
    except TypeError as wrong:
        missing = [
            n
            for n, p in what.parameters.items()
            if p.default is p.empty and n not in given and n not in GIVEN
        ]
        missing = missing[1:]
        if not missing:
            raise
        raise Refused(
            _("Some of this does not fit."), UNFIT, fields={n: [_("missing")] for n in missing}
        ) from wrong
