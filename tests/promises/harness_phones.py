"""Clients that believe what they are told: each signs in at the desk, writes notes, and keeps a list of those that were
acknowledged. An answer that did not come, or a server's trouble, is followed by the same note again, under its own id."""

from __future__ import annotations

import http.client
from http.cookies import SimpleCookie
from random import Random
from threading import Event, Thread
from time import sleep
from urllib.parse import urlencode
from uuid import UUID

from tests import cast

HOMES = ["3-2-402", "3-2-403", "3-1-201", "3-4-602"]


class Desk:
    """A browser without a face: one connection, its cookies, forms with their token."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, dict[str, str]()
        self.line: http.client.HTTPConnection | None = None

    def get(self, path: str) -> tuple[int, str]:
        """Status and where it leads."""
        return self._ask("GET", path, "")

    def post(self, path: str, **said: str) -> tuple[int, str]:
        """Status and where it leads."""
        token = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        return self._ask("POST", path, urlencode(said | token))

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            if self.line is None:
                self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise
        for one in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(one).items()}
        return answer.status, answer.headers.get("Location", "")

    def hang_up(self) -> None:
        """Drop the connection; the cookies stay."""
        if self.line is not None:
            self.line.close()
            self.line = None

    def sign_in(self, name: str) -> bool:
        """Sign in as somebody of the cast."""
        self.get("/sign-in")
        status, to = self.post("/sign-in", username=name, password=cast.PASSWORD)
        return status in (302, 303) and "sign-in" not in to


class Phone(Thread):
    """Somebody who writes notes until told to stop, and then brings the last one home."""

    def __init__(self, number: int, port: int, seed: str, pause: float = 0.03) -> None:
        super().__init__(name=f"phone {number}", daemon=True)
        self.rng, self.pause = Random(f"{seed}/{number}"), pause
        self.desk, self.who = Desk(port), ("wang", "li", "liu", "he")[number % 4]
        self.sent: dict[UUID, tuple[str, str]] = {}
        self.acked: set[UUID] = set()
        self.surprises: list[str] = []
        self.enough, self.signed_in = Event(), False
        self.last = "nothing yet"

    def run(self) -> None:
        """Write until enough; every note is told again and again until it is acknowledged."""
        while not self.enough.is_set():
            id = UUID(int=self.rng.getrandbits(128), version=4)
            self.sent[id] = (self.rng.choice(HOMES), f"第 {len(self.sent) + 1} 笔 · {id}")
            while not self._tell(id):
                sleep(0.1)
            if self.rng.random() < 0.1:
                # The acknowledgement was lost on the way: the phone tells it once more.
                while not self._tell(id):
                    sleep(0.1)
            sleep(self.rng.random() * 2 * self.pause)
        self.desk.hang_up()

    def _tell(self, id: UUID) -> bool:
        """Whether it was acknowledged, or refused for good (which is a surprise)."""
        home, text = self.sent[id]
        try:
            if not self.signed_in:
                self.signed_in = self.desk.sign_in(self.who)
                return False
            status, to = self.desk.post(f"/h/{home}/note", key=str(id), text=text, how="door")
            self.last = f"{status} {to}"
        except (OSError, http.client.HTTPException) as trouble:
            self.last = repr(trouble)
            return False
        if "sign-in" in to:
            self.signed_in = False
            return False
        if status in (302, 303):
            self.acked.add(id)
            return True
        if status >= 500:
            return False
        self.surprises.append(f"{self.name}: {status} for {id}")
        return True
