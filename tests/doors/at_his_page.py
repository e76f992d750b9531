"""A resident at his own page, without a browser: the slip in his hand, the forms that stand on the page."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.ground.ids import new_id
from lianfang.rooms import messages
from lianfang.rooms.messages import codes
from lianfang.rooms.people.models import Resident
from tests import night
from tests.cast import DOOR, STORY, Cast


def slip(cast: Cast, name: str = "宁小松", **given: Any) -> tuple[str, UUID]:
    """A slip for somebody of 3-2-402: its code, and its id."""
    id = new_id()
    code = codes.code_for(id)
    with night.reading(cast.liu):
        who = Resident.objects.get(where=DOOR, name=name)
    messages.issue_slip.once(id)(
        DOOR, resident=who, digest=codes.digest_of(code), by=cast.liu, **({"at": STORY} | given)
    )
    return code, id


class Visitor:
    """A device at the resident's door. ``page`` is the text of the last page, ``status`` its status, ``at`` its address."""

    def __init__(self, language: str = "zh-hans", **client: Any) -> None:
        self.client = Client(enforce_csrf_checks=True, **client)
        self.client.raise_request_exception = False
        self.client.cookies["lianfang_language"] = language
        self.page, self.status, self.at, self.statements = "", 0, "", 0
        self.answer: Any = None

    def get(self, address: str) -> str:
        """Read a page; redirects are followed."""
        with CaptureQueriesContext(connection) as said:
            answer = self.client.get(address)
        self.statements = len(said)
        return self._keep(answer, address)

    def post(self, address: str, **said: Any) -> str:
        """Send a form as the page would, with its token."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        sent = {"csrfmiddlewaretoken": token[1] if token else ""} | said
        return self._keep(self.client.post(address, sent), address)

    def enter(self, code: str) -> str:
        """Type a code."""
        self.get("/r/")
        return self.post("/r/", code=code)

    def hidden(self, name: str, number: int = 0) -> str:
        """A hidden value of a form on the page."""
        return re.findall(rf'name="{name}" value="([^"]*)"', self.page)[number]

    def links(self, start: str) -> list[str]:
        """The addresses of forms and links on the page that begin so."""
        return re.findall(rf'(?:action|href)="({start}[^"]*)"', self.page)

    def words(self) -> str:
        """The page's main part as a reader has it: without tags, blanks run together."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.page[self.page.find("<main") :]).split())

    def _keep(self, answer: Any, address: str) -> str:
        self.at, self.first = address, answer
        while answer.status_code in (301, 302, 303):
            self.at = answer["Location"]
            answer = self.client.get(self.at)
        self.answer, self.status = answer, answer.status_code
        self.page = unescape(answer.content.decode())
        return self.page
