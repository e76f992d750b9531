"""What is kept on the resident's device: for half an hour the hash of his slip, signed, and nothing on the server. Each page
looks again whether the slip still opens; one that was withdrawn is dead with the next request."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse

PATH = "/r"
COOKIE, LINK = "lianfang_slip", "lianfang_link"
SALT = "lianfang.public"
LASTS = timedelta(minutes=30)
"""So long after the last page somebody else who picks up the device still finds it open."""

LINK_LASTS = timedelta(minutes=10)


def remember(request: HttpRequest, response: HttpResponse, digest: UUID, at: datetime) -> None:
    """Keep the slip open on this device for another half hour."""
    kept = signing.dumps([str(digest), int(at.timestamp())], salt=SALT)
    _set(request, response, COOKIE, kept, LASTS)


def remembered(request: HttpRequest, at: datetime) -> UUID | None:
    """The slip this device has open, if its half hour is not over."""
    try:
        digest, since = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
        fresh = timedelta(0) <= at - datetime.fromtimestamp(since, at.tzinfo) < LASTS
        return UUID(digest) if fresh else None
    except (signing.BadSignature, ValueError, TypeError, OverflowError):
        return None


def forget(response: HttpResponse) -> None:
    """Leave nothing behind."""
    for name in (COOKIE, LINK):
        response.delete_cookie(name, path=PATH, samesite="Lax")


def carry(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Carry a code from its link to the page that asks for it, so that it stands in no address and no history."""
    _set(request, response, LINK, signing.dumps(code, salt=f"{SALT}.link"), LINK_LASTS)


def carried(request: HttpRequest) -> str:
    """The code a link brought, if there is one."""
    try:
        return str(signing.loads(request.COOKIES.get(LINK, ""), salt=f"{SALT}.link", max_age=LINK_LASTS))
    except signing.BadSignature:
        return ""


def _set(request: HttpRequest, response: HttpResponse, name: str, value: str, lasts: timedelta) -> None:
    response.set_cookie(
        name, value, max_age=lasts, path=PATH, httponly=True, samesite="Lax", secure=request.is_secure()
    )
