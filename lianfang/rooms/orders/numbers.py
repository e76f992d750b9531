"""The numbers of notices: one after the other for each issuer and year, none twice and none left out."""

from django.db import connection
from django.db.models import Max

from lianfang.rooms.places.queries import area

from .models import Notice, Release

FORMS: dict[type[Notice] | type[Release], str] = {
    Notice: "{short}居观〔{year}〕{serial}号",
    Release: "{short}解观〔{year}〕{serial}号",
}
"""How the number of a notice is written, and that of a notice of release."""


def next_number(model: type[Notice] | type[Release], issuer: str, year: int) -> tuple[int, str]:
    """The issuer's next number of the year, plain and as it is written. Given to one at a time until it is
    written down or dropped."""
    with connection.cursor() as cursor:
        key = f"{model._meta.model_name} {issuer} {year}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    last = model._default_manager.filter(issuer=issuer, year=year).aggregate(last=Max("serial"))["last"]
    place, serial = area(issuer), (last or 0) + 1
    short = place.name.removesuffix("道") if place else issuer
    return serial, FORMS[model].format(short=short, year=year, serial=serial)
