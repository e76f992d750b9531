"""Somebody of the cast at the desk, without a browser: signed in, reading pages, filling in the forms that stand on them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import PASSWORD


class Seat:
    """A reader and his window. ``page`` is the text of the last page, ``status`` its status, ``at`` its address."""

    def __init__(self, name: str, language: str = "zh-hans") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.cookies["lianfang_language"] = language
        self.page, self.status, self.at, self.statements = "", 0, "", 0
        self.get("/sign-in")
        self.post("/sign-in", username=name, password=PASSWORD)
        assert self.status == 200, self.page

    def get(self, address: str, **query: Any) -> str:
        """Read a page; redirects are followed."""
        with CaptureQueriesContext(connection) as said:
            answer = self.client.get(address, query)
        self.statements = len(said)
        return self._keep(self._follow(answer), address)

    def post(self, address: str, **said: Any) -> str:
        """Send a form as the page would: with its token, and its key unless one is given."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        sent = {"csrfmiddlewaretoken": token[1] if token else ""} | {
            k: v for k, v in said.items() if v is not None
        }
        return self._keep(self._follow(self.client.post(address, sent)), address)

    def key(self, number: int = 0) -> str:
        """The key of a form on the page: the id its deed will have."""
        return re.findall(r'name="key" value="([^"]+)"', self.page)[number]

    def _follow(self, answer: Any) -> Any:
        self.hops = []
        while answer.status_code in (301, 302, 303):
            self.hops.append(answer["Location"])
            answer = self.client.get(answer["Location"])
        return answer

    def _keep(self, answer: Any, address: str) -> str:
        self.status = answer.status_code
        self.at = self.hops[-1] if self.hops else address
        self.page = unescape(answer.content.decode())
        return self.page

    def words(self) -> str:
        """The page's main part as a reader has it: without tags, blanks run together."""
        main = self.page[self.page.find("<main") :]
        return " ".join(re.sub(r"<[^>]+>", " ", main).split())
