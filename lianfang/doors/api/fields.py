"""The fields of each act: made from the deed's signature and its form, for the OpenAPI document and for reading what was
sent. What is read here goes on to ``asking`` as the desk and the console would say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianfang.doors import asking
from lianfang.ground.acts import Act
from lianfang.ground.refusals import UNFIT, Refused, Text
from lianfang.ground.things import Thing

DEEPEST = 12
"""Levels of what is nested in what is said."""

Schema = dict[str, Any]
Take = Callable[[Any], Any]
"""Reads a JSON value; raises ValueError or TypeError if it does not fit."""


class Field(NamedTuple):
    """One field: its name, whether it must be said, its JSON schema, how it is read, what it is called."""

    name: str
    required: bool
    schema: Schema
    take: Take
    label: Text = ""


def fields_of(what: Act[Any]) -> Mapping[str, Field]:
    """The fields of an act by name: every parameter of the deed but who and when, and whatever else its form asks."""
    return _fields_of(what, get_language() or "")


@cache
def _fields_of(what: Act[Any], _language: str) -> Mapping[str, Field]:
    form, hints = asking.form_of(what), get_type_hints(what.deed)
    asked, made = (form().fields, getattr(form, "MAKES", ())) if form else ({}, ())
    found = {}
    for name in [*what.parameters, *(name for name in asked if name not in what.parameters)]:
        if name in asking.GIVEN or name in made:
            continue
        if name not in what.parameters:
            schema, take = _of_form(asked[name])
            found[name] = Field(name, asked[name].required, schema, take, asked[name].label or "")
            continue
        parameter = what.parameters[name]
        hint = asking.plain_type(hints[name])
        needed = parameter.default is parameter.empty and name != "where"
        if name in asked and not _is_entry(hint):
            one = asked[name]
            schema, take = _of_form(one)
            found[name] = Field(name, one.required, schema, take, one.label or "")
        else:
            schema, take = _of_hint(name, hint)
            found[name] = Field(name, needed, schema, take, _called(name, hint))
    return found


def read(what: Act[Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, each value as a form would send it; refused field by field. Null is the same as not said."""
    fields, taken, unfit = fields_of(what), {}, dict[str, list[Text]]()
    for name, value in said.items():
        if name not in fields:
            unfit[_shown(name)] = [_("This act has no such field.")]
        elif value is not None:
            try:
                taken[name] = fields[name].take(value)
            except (ValueError, TypeError, ArithmeticError):
                unfit[name] = [_("does not fit")]
    if unfit:
        raise Refused(_("Some of this does not fit."), UNFIT, fields=unfit)
    return taken


def moment(said: object) -> datetime:
    """A moment with its zone; ValueError if it is none."""
    read_moment = datetime.fromisoformat(words(said))
    if read_moment.tzinfo is None or not 1900 <= read_moment.year < 9999:
        raise ValueError("a moment needs its zone, and lies within the calendar")
    return read_moment


def _called(name: str, hint: Any) -> Text:
    if name == "where":
        return _("place code; your own if it is left out")
    return f"{hint.__name__} id" if _is_entry(hint) and hint is not UUID else ""


def _is_entry(hint: Any) -> bool:
    return isinstance(hint, type) and (issubclass(hint, Thing) or hint is UUID)


def _shown(name: str) -> str:
    return name.encode("ascii", "replace").decode()[:60]


# Reading


def words(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise TypeError("no whole number")
    return value


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError("no number")
    number = Decimal(str(value))
    if not number.is_finite() or abs(number.adjusted()) > 20:
        raise ValueError("no number")
    return number


def _day(value: object) -> date:
    said = words(value)
    if len(said) != 10:
        raise ValueError("no day")
    return date.fromisoformat(said)


def _some(take: Take) -> Take:
    def read_each(value: object) -> list[Any]:
        if not isinstance(value, list) or len(value) > 500:
            raise TypeError("no list")
        return [take(one) for one in value]

    return read_each


def _nested(value: Any, depth: int = 1) -> Any:
    """Anything JSON holds, so deep and no deeper."""
    if depth > DEEPEST:
        raise ValueError("too deep")
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inside:
        _nested(one, depth + 1)
    return value


def _object(value: object) -> Any:
    if not isinstance(value, dict):
        raise TypeError("no object")
    return _nested(value)


def _as_text(take: Take) -> Take:
    """Read strictly, handed on as the text a form sends."""
    return lambda value: str(take(value))


# From a form


def _of_form(field: forms.Field) -> tuple[Schema, Take]:
    if isinstance(field, forms.MultipleChoiceField):
        return {"type": "array", "items": _choice(field)}, _some(words)
    if isinstance(field, forms.ChoiceField):
        return _choice(field), words
    for kind, found in _FORM.items():
        if isinstance(field, kind):
            schema, take = found
            return schema | _bounds(field), take
    return {"type": "string"} | _bounds(field), words


def _choice(field: forms.ChoiceField) -> Schema:
    values = [str(value) for value, _label in _flat(field.choices)]
    return {"type": "string", "enum": values if field.required else sorted({"", *values})}


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for value, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(value, label)]
    return found


def _bounds(field: forms.Field) -> Schema:
    found: Schema = {}
    if isinstance(field, forms.IntegerField | forms.DecimalField):
        for name, bound in (("minimum", field.min_value), ("maximum", field.max_value)):
            if bound is not None:
                found[name] = float(bound) if isinstance(bound, Decimal) else bound
    elif isinstance(field, forms.CharField):
        if field.max_length:
            found["maxLength"] = field.max_length
        if field.required:
            found["minLength"] = max(field.min_length or 0, 1)
    if isinstance(field, forms.RegexField) and field.required:
        found["pattern"] = field.regex.pattern.replace(r"\A", "^").replace(r"\Z", "$")
    return found


_FORM: dict[type[forms.Field], tuple[Schema, Take]] = {
    forms.BooleanField: ({"type": "boolean"}, _yes),
    forms.JSONField: ({"type": ["object", "array"]}, _nested),
    forms.FloatField: ({"type": "number"}, _as_text(_number)),
    forms.DecimalField: ({"type": "number"}, _as_text(_number)),
    forms.IntegerField: ({"type": "integer"}, _as_text(_whole)),
    forms.DateTimeField: ({"type": "string", "format": "date-time"}, lambda value: moment(value).isoformat()),
    forms.DateField: ({"type": "string", "format": "date"}, _as_text(_day)),
    forms.UUIDField: ({"type": "string", "format": "uuid"}, words),
}
"""Kinds of form fields, the narrower before the wider."""


# From the signature alone


def _of_hint(name: str, hint: Any) -> tuple[Schema, Take]:
    if _is_entry(hint):
        return {"type": "string", "format": "uuid"}, words
    if name == "where":
        return {"type": "string", "maxLength": 60, "pattern": r"^[0-9]*(\.[0-9A-Za-z.-]+)?$"}, words
    if get_origin(hint) in (list, Sequence):
        schema, take = _of_hint("", get_args(hint)[0])
        return {"type": "array", "items": schema}, _some(take)
    if get_origin(hint) in (dict, Mapping):
        return {"type": "object"}, _object
    return _HINTS.get(hint, ({"type": "string"}, words))


_HINTS: dict[Any, tuple[Schema, Take]] = {
    bool: ({"type": "boolean"}, _yes),
    int: ({"type": "integer"}, _whole),
    Decimal: ({"type": "number"}, _number),
    date: ({"type": "string", "format": "date"}, _day),
    datetime: ({"type": "string", "format": "date-time"}, moment),
    Any: ({}, _nested),
}


def label_of(field: Field) -> str:
    """What a field is called, in the language that is active now."""
    return str(field.label) if isinstance(field.label, str | Promise) else ""
