"""The door itself: who comes in, and what is said when something cannot be done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, cast

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from lianfang.ground import clock
from lianfang.ground.acts import Actor
from lianfang.ground.refusals import FORBIDDEN, UNFIT, Refused, Text
from lianfang.rooms.people.roles import ROLES
from lianfang.rooms.tokens import entering

from . import problems

P = ParamSpec("P")


class Token(HttpBearer):
    """``Authorization: Bearer lf_…``. Nothing else lets anybody in here."""

    def authenticate(self, request: HttpRequest, token: str) -> entering.Entered | None:
        """Whoever the token is of; nobody if it does not hold now."""
        return entering.enter(token, clock.now())


api = NinjaAPI(
    title="Lianfang",
    version="1",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    auth=Token(),
)


def entered(request: HttpRequest) -> entering.Entered:
    """Who has come in, by which token."""
    return cast(entering.Entered, request.auth)  # type: ignore[attr-defined]


def caller(request: HttpRequest) -> Actor:
    """Who acts or asks."""
    return entered(request).actor


def sees_names(who: Actor) -> bool:
    """Whether this role reads who is meant."""
    return ROLES[who.role].names


def insist_on_names(who: Actor) -> None:
    """Refuse a role that does not see names of residents."""
    if not sees_names(who):
        raise Refused(_("Your role does not see names."), FORBIDDEN)


def spoken(view: Callable[P, Any]) -> Callable[P, Any]:
    """A view that speaks the caller's language."""

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Any:
        with translation.override(problems.language_of(cast(HttpRequest, args[0]))):
            return view(*args, **kwargs)

    return answer


api.add_decorator(spoken, mode="operation")


def _say(request: HttpRequest, told: Callable[[], dict[str, Any]]) -> HttpResponse:
    with translation.override(problems.language_of(request)):
        return problems.answer(told())


@api.exception_handler(Refused)
def refused(request: HttpRequest, no: Refused) -> HttpResponse:
    """The same words as at the desk."""
    return _say(request, lambda: problems.of_refusal(no))


@api.exception_handler(AuthenticationError)
def nobody(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """No token, or none that holds: one answer for all of them."""
    return _say(request, lambda: problems.document(401))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """No JSON, or none that can be read."""
    return _say(request, lambda: problems.document(error.status_code))


@api.exception_handler(ValidationError)
def unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent has another shape than the document says."""
    fields: dict[str, list[Text]] = {}
    for one in error.errors:
        name = ".".join(str(part) for part in one["loc"][2:]) or str(one["loc"][-1])
        fields.setdefault(name.encode("ascii", "replace").decode()[:80], []).append(
            _("missing") if one["type"] == "missing" else _("does not fit")
        )
    return _say(request, lambda: problems.document(UNFIT, str(_("Some of this does not fit.")), fields))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def away(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database is being started anew, or is full: the same may be sent again."""
    logging.getLogger(__name__).warning("the database does not answer", exc_info=error)
    return _say(request, lambda: problems.document(503))
