"""Three communities with the same things in each: one's own, a sibling in the same street, one of another street."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connections
from django.test import Client

from lianfang.ground import clock
from tests.cast import HOME, NEIGHBOUR, PASSWORD, STORY
from tests.conftest import _copy, _sql, use

from .neighbours import Community, draw, settle_in

ELSEWHERE = "110198002001"
EVERYBODY = ("wang", "li", "liu", "guo", "sun", "he", "fang", "chen", "zhao", "zhou", "qian")


@dataclass
class Visited:
    """The communities by code, and who has signed in: the cookies of each."""

    communities: dict[str, Community] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    def window(self, name: str, **client: object) -> Client:
        """A browser without a face, of somebody signed in; of nobody for an unknown name."""
        browser = Client(**client)  # type: ignore[arg-type]
        browser.raise_request_exception = False
        for cookie, value in self.cookies.get(name, {}).items():
            browser.cookies[cookie] = value
        return browser


@pytest.fixture(scope="session")
def visited(street_template: str) -> Visited:
    """The template ``three``, filled and with everybody signed in."""
    _sql(f"CREATE DATABASE three TEMPLATE {street_template}")
    use("three")
    clock.move_to(STORY)
    draw(ELSEWHERE)
    found = Visited({where: settle_in(where) for where in (HOME, NEIGHBOUR, ELSEWHERE)})
    for name in EVERYBODY:
        browser = Client()
        answer = browser.post("/sign-in", {"username": name, "password": PASSWORD})
        assert answer.status_code == 302
        found.cookies[name] = {cookie: morsel.value for cookie, morsel in browser.cookies.items()}
    clock.move_to(None)
    connections.close_all()
    return found


@pytest.fixture(scope="module")
def reading_three(visited: Visited) -> Iterator[str]:
    """A copy for all tests of a module that only read; the name of the database."""
    yield from _copy("three")


@pytest.fixture
def three(visited: Visited) -> Iterator[str]:
    """A fresh copy; the name of the database."""
    yield from _copy("three")
