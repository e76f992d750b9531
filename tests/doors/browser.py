"""A real browser at a real server: the desk served by threads of the test process, so that it reads the test's own street
and the test's own clock, and Chromium in front of it. Where there is no Chromium these tests fail; they do not look away.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.cast import PASSWORD

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadedWSGIServer):
    """One thread a request; its database connection ends with it, so that the test's database can be dropped."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        super().process_request_thread(request, client_address)
        connections.close_all()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The desk's address: a server in threads of this process."""
    server = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(get_wsgi_application())
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def chrome_path() -> str:
    """The browser's program: ``CHROME_PATH``, or the system's; fails if there is none."""
    found = os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.fail("No Chromium: install it or set CHROME_PATH (or run the check --without-browser).")
    return found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for a module: Playwright's loop would stand in the way of the modules after it."""
    path = chrome_path()
    with sync_playwright() as playwright:
        # Playwright keeps a loop running in this thread; Django would take that for asynchronous code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


class Desk:
    """The desk as its people see it: each has a browser window of his own, and what it complained of is kept."""

    def __init__(self, chromium: Browser, address: str) -> None:
        self.chromium, self.address = chromium, address
        self.windows: list[BrowserContext] = []
        self.complaints: list[str] = []

    def window(
        self, *, width: int = 1366, height: int = 768, language: str = "zh-hans", size: str = "1", **more: Any
    ) -> Page:
        """A window in which nobody has signed in; ``more`` goes to Playwright's ``new_context``."""
        context = self.chromium.new_context(
            base_url=self.address,
            viewport={"width": width, "height": height},
            **({"service_workers": "block"} | more),
        )
        context.add_cookies(
            [
                {"name": name, "value": value, "url": self.address}
                for name, value in (("lianfang_language", language), ("lianfang_size", size))
            ]
        )
        self.windows.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _heard(self, kind: str, text: str) -> None:
        # A page that answers 4xx on purpose is reported by Chromium as an error of its own.
        if kind in ("error", "warning") and "the server responded with a status of 4" not in text:
            self.complaints.append(text)

    def sign_in(self, name: str, *, password: str = PASSWORD, **window: Any) -> Page:
        """Sign in as one of the cast by the page itself; gives his window, standing at today's page."""
        page = self.window(**window)
        page.goto("/sign-in")
        page.fill("input[name=username]", name)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(self.address + "/")
        return page

    def close(self) -> None:
        """Close every window."""
        for window in self.windows:
            window.close()


@pytest.fixture
def desk(street: str, chromium: Browser, address: str) -> Iterator[Desk]:
    """The desk of a fresh small street at 21:40 of the story: ``desk.sign_in("wang")`` gives her window. A test in which a
    browser complained (a script error, a breach of the content policy) has failed."""
    here = Desk(chromium, address)
    yield here
    here.close()
    assert here.complaints == []
