"""Reviewed documents: plain data read strictly into frozen dataclasses, and written back.

The shape of a file is the shape of a class. Missing fields, unknown fields and wrong types are refused, with the way
to them.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
AREA_CODE = re.compile(r"(\d\d){1,3}|\d{9}|\d{12}", re.ASCII)  # GB/T 2260 and its statistical sub-codes

MESSAGES = {
    "not_toml": "this is not TOML: %(reason)s",
    "missing_field": "is missing",
    "unknown_field": "is not a field here",
    "wrong_type": "must be %(expected)s, not %(value)s",
    "not_allowed": "is %(value)s; allowed: %(allowed)s",
    "bad_bounds": "ends before it begins",
    "not_a_place": "%(value)s is not an official area code of 2, 4, 6, 9 or 12 digits",
    "wrong_fact": "numbers and dates have bounds, choices have words; this %(kind)s does not fit",
    "unknown_fact": "%(fact)s is not in the vocabulary of facts",
    "out_of_range": "is %(value)s; it must lie between %(low)s and %(high)s",
    "empty_condition": "a condition that names no value can never hold",
    "wrong_cell": "%(kind)s facts are not asked this way",
    "key_twice": "%(key)s is used twice",
    "one_effect": "a clause has exactly one of require, exempt and states",
    "no_clause": "an edition has at least one clause",
    "unconditional_exemption": "an exemption without a condition abolishes the rule: supersede it instead",
    "frees_nothing": "an exemption names the clauses or the measures it frees from",
    "whole_or_clauses": "say either whole = true or which clauses (an empty list: it stands beside)",
    "level_too_wide": "a rule of level %(level)s cannot be made for the area “%(place)s”",
    "no_such_edition": "there is no edition %(edition)s",
    "no_such_clause": "there is no clause %(clause)s",
    "requires_nothing": "%(clause)s requires nothing, so nothing can be exempt from it",
    "above_its_level": "%(edition)s is of a higher level and cannot be changed from here",
    "supersedes_newer": "%(edition)s did not begin before this edition",
    "overlap": "stands beside %(other)s (same issuer, level, subject and place) without saying what it supersedes",
    "term_overlap": "%(key)s has two values for the place “%(place)s” on %(day)s",
    "no_term": "no value of %(key)s is in force for %(where)s on %(day)s",
}


class PolicyError(Exception):
    """A document, a fact or a look-up that the rules refuse.

    `code` is stable; `message` is English with named gaps, fit for translation; `params` fill the gaps; `path` leads to
    the place, outermost first (file, edition, clause, field). `str()` is all of it in English.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.message, self.params = code, MESSAGES[code], params
        self.path: list[str] = []

    def __str__(self) -> str:
        return ": ".join([*self.path, self.message % self.params])


@contextmanager
def inside(step: str) -> Iterator[None]:
    """Put one more step before the path of any refusal from within."""
    try:
        yield
    except PolicyError as error:
        error.path.insert(0, step)
        raise


def _name(of: "Field[Any]") -> str:
    """How documents write a field: by its metadata, else `from_` is `from`, since Python reserves the word."""
    return str(of.metadata.get("name", of.name.rstrip("_")))


def build(cls: type[T], table: object) -> T:
    """An object of this dataclass from a plain table. A text that must be there may not be blank. Raises PolicyError."""
    if not isinstance(table, Mapping):
        raise PolicyError("wrong_type", expected="a table", value=table)
    hints, left, values = get_type_hints(cls), dict(table), {}
    for one in fields(cls):  # type: ignore[arg-type]  # every class here is a dataclass
        name = _name(one)
        with inside(name):
            if name in left:
                values[one.name] = _read(hints[one.name], left.pop(name))
            blank = str(values.get(one.name, "")).strip() == "" and name != "place"  # the nation's code is ""
            if (
                one.default is MISSING
                and one.default_factory is MISSING
                and (blank or one.name not in values)
            ):
                raise PolicyError("missing_field")
    for name in sorted(map(str, left)):
        with inside(name):
            raise PolicyError("unknown_field")
    return cls(**values)


def _read(hint: Any, value: object) -> Any:
    if is_dataclass(hint):
        return build(hint, value)  # type: ignore[arg-type]
    kind, inner = get_origin(hint), get_args(hint)
    if kind in (UnionType, Union):
        return _read_union([option for option in inner if option is not type(None)], value)
    if kind is tuple and isinstance(value, list):
        return tuple(_read_item(inner[0], item, number) for number, item in enumerate(value, start=1))
    if kind in (dict, Mapping) and isinstance(value, dict):
        return {str(key): _read_item(inner[1], item, key) for key, item in value.items()}
    if hint is date and isinstance(value, str):
        return read_day(value)
    choices = (
        inner
        if kind is Literal
        else tuple(hint)
        if isinstance(hint, type) and issubclass(hint, StrEnum)
        else ()
    )
    if choices and value not in choices:
        raise PolicyError("not_allowed", value=value, allowed=", ".join(choices))
    if choices:
        return value if kind is Literal else hint(value)
    if type(value) is not hint:
        raise PolicyError("wrong_type", expected=getattr(hint, "__name__", hint), value=value)
    return value


def _read_union(options: list[Any], value: object) -> Any:
    for option in options[:-1]:
        try:
            return _read(option, value)
        except PolicyError:
            continue
    return _read(options[-1], value)


def _read_item(hint: Any, item: object, position: object) -> Any:
    names = (
        [item[key] for key in ("id", "key", "fact", "edition") if key in item]
        if isinstance(item, dict)
        else []
    )
    with inside(str((names or [position])[0])):
        return _read(hint, item)


def read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PolicyError("wrong_type", expected="YYYY-MM-DD", value=text) from None


def plain(value: object) -> Any:
    """The same as JSON has it; fields that have their default are left out. `build` reads it back to an equal object."""
    if is_dataclass(value):
        return {
            _name(one): plain(item)
            for one in fields(value)
            if (item := getattr(value, one.name)) != one.default
        }
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return (
        value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, StrEnum) else value
    )


def check_place(code: str) -> str:
    """Refuse what is not written like an official area code. Whether there is such an area is for the places to say."""
    if not AREA_CODE.fullmatch(code):
        raise PolicyError("not_a_place", value=code)
    return code
