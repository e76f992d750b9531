"""Where: the official area code (GB/T 2260 and the statistical sub-codes), then ``.building.unit.door.``.

Scope is the bare prefix: ``110117001`` sees ``110117001001.3.2.402.``; ``….3.`` does not see ``….30.``, because every
inner segment is closed by a dot. The empty prefix is the whole installation.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import Lookup
from django.utils.translation import gettext_lazy as _

LEVELS = {"nation": 0, "province": 2, "city": 4, "district": 6, "street": 9, "community": 12}
"""Digits of the area code at each level."""

ROOT = ""
_FORM = re.compile(r"([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}(\.([0-9A-Za-z-]+\.)+)?)?\Z")


def is_where(code: str) -> bool:
    """Whether ``code`` is an area code, or a community's code with closed inner segments."""
    return bool(_FORM.match(code))


def level(code: str) -> str:
    """The level of an area code: nation, province, city, district, street, community; inside a community: inside."""
    return next((name for name, digits in LEVELS.items() if digits == len(code)), "inside")


def within(code: str, scope: str) -> bool:
    """Whether ``code`` lies at or below ``scope``."""
    return code.startswith(scope)


def within_any(codes: Iterable[str], scope: str) -> bool:
    """Whether one of ``codes`` lies at or below ``scope``."""
    return any(within(code, scope) for code in codes)


def community_of(code: str) -> str:
    """The community's twelve digits of a place at or below it; refuses a place above a community."""
    if len(code) < 12:
        raise ValueError(f"{code!r} is above a community")
    return code[:12]


def street_of(code: str) -> str:
    """The street's nine digits of a place at or below it; refuses a place above a street."""
    if len(code) < 9:
        raise ValueError(f"{code!r} is above a street")
    return code[:9]


def validate_where(code: str) -> None:
    """Django validator of the form of a ``where``."""
    if not is_where(code):
        raise ValidationError(_("“%(code)s” is not an area code"), params={"code": code})


if TYPE_CHECKING:
    Text = models.CharField[str, str]
else:
    Text = models.CharField


class WhereField(Text):
    """A place. Compared byte by byte ("C"), so that a prefix is a range an index can serve."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("db_collation", "C")
        kwargs.setdefault("blank", True)  # the whole installation is written ""
        super().__init__(*args, **kwargs)
        self.validators.append(validate_where)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        return name, path, args, kwargs


@WhereField.register_lookup
class Under(Lookup):
    """``where__under=scope``: at or below a scope, as a range (``~`` sorts after every character a place may hold)."""

    lookup_name = "under"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"({left} >= %s AND {left} < %s)", (*params, self.rhs, *params, f"{self.rhs}~")
