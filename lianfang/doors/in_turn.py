"""Requests take turns, and whoever has not finished speaking has no turn yet.

The web server hands each request to a thread as soon as its head is there. A client that falls silent in the midst of its
body (a telephone that lost its network) would keep that thread, and with one thread everybody. So there are many threads:
each takes down what its client sends, and only then waits for its turn. One request at a time is worked on in a process, as
ever, on the one connection to the database this process has; a silent client costs a thread that waits, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from threading import Lock
from typing import Any

from django.db import connections

LONGEST = 2_000_000
"""Bytes of a body that are taken down. What is longer is refused by its length further in, unread."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class InTurn:
    """A WSGI application around another."""

    def __init__(self, inside: Application) -> None:
        self.inside, self.turn = inside, Lock()
        self.database = connections["default"]
        self.database.inc_thread_sharing()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if (length := environ.get("CONTENT_LENGTH") or "0") != "0":
            heard = _heard(environ, length)
            if heard is None:
                start("400 Bad Request", [("Content-Length", "0")])
                return []
            environ["wsgi.input"] = BytesIO(heard)
        environ.pop("wsgi.file_wrapper", None)
        with self.turn:
            connections["default"] = self.database
            answer = self.inside(environ, start)
            try:
                return list(answer)
            finally:
                if close := getattr(answer, "close", None):
                    close()


def _heard(environ: dict[str, Any], length: str) -> bytes | None:
    """The whole body; None if its client was gone before its end. Empty if it is longer than anything we take."""
    if not length.isdecimal() or int(length[:20]) > LONGEST:
        return b""
    try:
        heard: bytes = environ["wsgi.input"].read(int(length))
    except (OSError, ValueError):
        return None
    return heard if len(heard) == int(length) else None
