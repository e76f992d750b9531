"""Who is at the desk's door. A page is read in one transaction in which the database knows the reader; a deed opens its
own. Signing out, a changed password and the end of a posting end the access with the next request."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token

from lianfang.ground import clock
from lianfang.ground.acts import Actor
from lianfang.rooms.tokens import passwords as entering

Answer = Callable[[HttpRequest], HttpResponse]

ACCOUNT, FINGERPRINT, POSTING = "account", "fingerprint", "posting"


class Request(HttpRequest):
    """A request of somebody who may have signed in."""

    actor: Actor | None
    entered: entering.Entered | None


class SignedIn:
    """Middleware: sets ``request.actor``; reading requests run inside one transaction that is theirs."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: Request) -> HttpResponse:
        request.actor = request.entered = None
        if request.path.startswith("/static/"):
            return self.answer(request)
        if request.method not in ("GET", "HEAD"):
            self._enter(request)
            return self.answer(request)
        account = request.session.get(ACCOUNT)
        if account is None:
            return self.answer(request)
        with transaction.atomic():
            self._enter(request)
            return self.answer(request)

    def _enter(self, request: Request) -> None:
        account = request.session.get(ACCOUNT)
        if account is None:
            return
        chosen = request.session.get(POSTING)
        entered = entering.enter(UUID(account), clock.now(), UUID(chosen) if chosen else None)
        if entered and entering.same(entered.fingerprint, request.session.get(FINGERPRINT, "")):
            request.entered, request.actor = entered, entered.actor


def sign_in(request: HttpRequest, name: str, password: str) -> entering.SignedIn:
    """Try to sign in; on success the session starts anew."""
    tried = entering.sign_in(name.strip(), password, clock.now())
    if tried.account:
        request.session.cycle_key()
        rotate_token(request)
        request.session[ACCOUNT], request.session[FINGERPRINT] = str(tried.account), tried.fingerprint
        request.session.pop(POSTING, None)
    return tried


def sign_out(request: HttpRequest) -> None:
    """End the session."""
    request.session.flush()
