"""Somebody at the API: a token, and JSON both ways."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client

from lianfang.ground.acts import Actor, reading
from lianfang.ground.ids import new_id
from lianfang.rooms import tokens
from lianfang.rooms.people.models import Unit
from lianfang.rooms.tokens.rules import fresh
from tests.cast import STORY, STREET, Cast

PATH = "/api/v1"


def token_of(who: Actor) -> str:
    """A token of somebody of the cast."""
    secret = fresh()
    tokens.issue(
        who.where, label="-", days=90, prefix=secret.prefix, digest=secret.digest, by=who, at=STORY
    )  # fmt: skip
    return secret.text


def token_of_system(cast: Cast, role: str = "hotline", where: str = STREET) -> str:
    """A token of another system, of the street office."""
    with reading(cast.qian):
        office = Unit.objects.get(where=STREET, kind="street")
    secret = fresh()
    tokens.issue(
        where, label="-", days=90, prefix=secret.prefix, digest=secret.digest, unit=office, role=role,
        by=cast.qian, at=STORY,
    )  # fmt: skip
    return secret.text


@dataclass
class Answer:
    """What came back."""

    status: int
    said: Any
    headers: dict[str, str] = field(default_factory=dict)


class Caller:
    """A program with a token (or without one)."""

    def __init__(self, token: str = "", language: str = "zh-CN") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {token}"} if token else {})

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request; JSON both ways."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        kind = headers.pop("kind", "application/json")
        found = self.client.generic(
            method, f"{PATH}{path}", sent, content_type=kind, headers=self.headers | headers
        )
        assert "json" in found.headers["Content-Type"], found.content[:200]
        return Answer(found.status_code, json.loads(found.content), dict(found.headers))

    def get(self, path: str, **headers: str) -> Answer:
        """Ask a question."""
        return self.ask("GET", path, **headers)

    def act(self, kind: str, *, id: UUID | None = None, at: str | None = None, **said: Any) -> Answer:
        """Do an act."""
        body = {"kind": kind, "said": said} | ({"at": at} if at is not None else {})
        return self.ask("PUT", f"/acts/{id or new_id()}", body)
