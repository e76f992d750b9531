"""``python -m bench``: measure, print a table, write ``bench/latest.json``.

``acts``, ``http``, ``seals``, ``briefs``, ``pages`` measure a part alone. ``--seconds S`` of each measurement (default 3),
``--rounds N`` (default 5): floor and ours take turns, medians count.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from uuid_utils import uuid4

from .briefs import rows as briefs
from .direct import TEXT, WHERE
from .load import Asked, ask, http
from .pages import rows as pages
from .sealing import rows as sealing
from .stage import CHECKOUT, Stage, stage

LATEST = Path(__file__).with_name("latest.json")
ENTRY = json.dumps(
    {
        "kind": "visit", "person": "某人", "phone": "19900000402", "id_no": "110101", "sex": "f", "age": 40, "temp_c": "36.5",
        "community": "110198001001", "address": "3-2-402", "symptoms": "", "travelled": False, "note": TEXT,
    }
).encode()  # fmt: skip
FORM = "application/x-www-form-urlencoded"
Row = dict[str, Any]


def row(name: str, ours: list[float], floor: list[float], goal: float, unit: str, note: str = "") -> Row:
    """One row of the table: medians of ours and of the floor, and their ratio beside its goal."""
    value, least = median(ours), median(floor)
    return {
        "name": name,
        "value": round(value, 1),
        "unit": unit,
        "floor": round(least, 1),
        "ratio": round(value / least, 3),
        "goal": f">= {goal}",
        "note": note,
    }


def in_turns(rounds: int, *those: Callable[[], float]) -> list[list[float]]:
    """Let several measurements take turns, so that whatever else the machine does falls on all of them."""
    found: list[list[float]] = [[] for _ in those]
    for number in range(rounds):
        for each, measure in zip(found, those, strict=True):
            each.append(measure())
        print(f"  {number + 1}/{rounds}  " + "  ".join(f"{each[-1]:.0f}" for each in found), file=sys.stderr)
    return found


def direct(on: Stage, what: str, clients: int, seconds: float) -> float:
    """Deeds per second of so many processes that act at once."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.direct", what, str(seconds)],
            env=on.env, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(clients)
    ]  # fmt: skip
    pipes = [(one.stdin, one.stdout) for one in workers]
    for _, said in pipes:
        assert said is not None
        assert said.readline() == "ready\n"
    for told, _ in pipes:
        assert told is not None
        told.write("go\n")
        told.close()
    done = sum(int(said.readline().split()[0]) for _, said in pipes if said)
    for one in workers:
        one.wait()
    return done / seconds


def acts_direct(on: Stage, seconds: float, rounds: int) -> list[Row]:
    """Acts per second beside the same writes by hand in one transaction."""
    rows = []
    for clients in (1, 8):
        hand, ours = in_turns(
            rounds,
            lambda n=clients: direct(on, "hand", n, seconds),  # type: ignore[misc]
            lambda n=clients: direct(on, "acts", n, seconds),  # type: ignore[misc]
        )
        note = "notes.write; floor: its three INSERTs (note, line, job) by hand in one psycopg transaction"
        rows.append(
            row(f"acts direct, {clients} client{'s' * (clients > 1)}", ours, hand, 0.5, "acts/s", note)
        )
    return rows


class Signed:
    """Somebody who has signed in, as the bytes of his requests."""

    def __init__(self, on: Stage) -> None:
        self.session, self.token = on.run("bench.street", "session").split()[-2:]
        self.cookies = f"sessionid={self.session}; csrftoken={self.token}"

    def note(self) -> bytes:
        """A note under a new key."""
        said = {"key": str(uuid4()), "text": TEXT, "how": "door", "csrfmiddlewaretoken": self.token}
        return http(
            "POST", "/h/3-2-402/note", urlencode(said).encode(), Cookie=self.cookies, Content_Type=FORM
        )

    def read(self, path: str) -> bytes:
        """A page."""
        return http("GET", path, Cookie=self.cookies)


class Program:
    """The same worker's program, as the bytes of its requests."""

    def __init__(self, on: Stage) -> None:
        self.token = on.run("bench.street", "token").split()[-1]

    def note(self) -> bytes:
        """A note under a new id."""
        asked = {"kind": "note.written", "said": {"where": WHERE, "text": TEXT, "how": "door"}}
        return self._sent("PUT", f"/api/v1/acts/{uuid4()}", json.dumps(asked, ensure_ascii=False).encode())

    def read(self, path: str) -> bytes:
        """A list."""
        return self._sent("GET", path)

    def _sent(self, method: str, path: str, body: bytes = b"") -> bytes:
        return http(method, path, body, Authorization=f"Bearer {self.token}", Content_Type="application/json")


def over_http(on: Stage, seconds: float, rounds: int) -> list[Row]:
    """A note and a list of 25 in JSON by the API, beside a bare insert and a bare list in JSON; and the same as people
    have them, as pages of the desk."""
    program, who = Program(on), Signed(on)
    calls, page = "/api/v1/things/verification?limit=25", "/verifications?which=all"
    counts: dict[int, list[int]] = {}
    for size in (100, 10_000):
        on.run("bench.street", "calls", str(size))
        counts[size] = [
            _statements(on, lambda: program.read(calls), 200),
            _statements(on, lambda: who.read(page), 200),
        ]
    written = [_statements(on, program.note, 201), _statements(on, who.note, 302)]
    on.settle()
    with on.serving("bench.bare:application") as floor, on.serving("config.wsgi:application") as ours:

        def rate(port: int, request: Callable[[], bytes], expect: int) -> Callable[[], float]:
            def measure() -> float:
                asked: Asked = ask(port, request, expect, clients=4, seconds=seconds)
                return asked.rate

            ask(port, request, expect, clients=4, seconds=1.0)
            return measure

        bare = rate(floor, lambda: http("POST", "/insert", ENTRY, Content_Type="application/json"), 201)
        plain = rate(floor, lambda: http("GET", "/list"), 200)
        insert, create, press = in_turns(
            rounds, bare, rate(ours, program.note, 201), rate(ours, who.note, 302)
        )
        least, listed, read = in_turns(
            rounds,
            plain,
            rate(ours, lambda: program.read(calls), 200),
            rate(ours, lambda: who.read(page), 200),
        )

    def said(number: int) -> str:
        small, large = counts[100][number], counts[10_000][number]
        return f"{large} statements (goal <= 6), {'the same' if small == large else small} at 100"

    return [
        row("http create", create, insert, 0.45, "requests/s",
            f"{written[0]} statements (goal <= 10); a note by the API; 4 clients; floor: a bare ORM insert, JSON"),
        row("http list", listed, least, 0.25, "requests/s",
            f"{said(0)}; 25 of 10,000 by the API; floor: a bare list of 25, JSON"),
        row("desk create", press, insert, 0.25, "requests/s",
            f"{written[1]} statements; a note by the desk: session, CSRF, form, message; the same floor"),
        row("desk list", read, least, 0.15, "requests/s",
            f"{said(1)}; the whole page of the desk; the same floor, which draws no page"),
    ]  # fmt: skip


def _statements(on: Stage, request: Callable[[], bytes], expect: int) -> int:
    """The statements one request costs a server that is warm, as the database's own log counts them: all but BEGIN and
    COMMIT, the check of an idle connection included."""
    with on.logged() as log, on.serving("config.wsgi:application") as port:
        for _ in range(12):
            ask(port, request, expect, clients=1, seconds=0)
        before = len(log())
        ask(port, request, expect, clients=1, seconds=0)
        return len(log()) - before


def table(rows: list[Row]) -> str:
    """The rows as people read them."""
    lines = [f"{'':<24}{'ours':>10}{'floor':>10}{'ratio':>8}  goal"]
    for one in rows:
        lines.append(
            f"{one['name']:<24}{one['value']:>10}{one['floor']:>10}{one['ratio']:>8}  {one['goal']}  {one['unit']}"
        )
        lines.append(f"{'':<24}{one['note']}")
    return "\n".join(lines)


PARTS: dict[str, Callable[[Stage, argparse.Namespace], list[Row]]] = {
    "acts": lambda on, given: acts_direct(on, given.seconds, given.rounds),
    "http": lambda on, given: over_http(on, given.seconds, given.rounds),
    "seals": lambda on, given: sealing(on, given.rounds, row, in_turns),
    "briefs": lambda on, given: briefs(on, given.rounds, row, in_turns),
    "pages": lambda on, given: pages(on, given.rounds, in_turns, direct, given.seconds),
}
"""What can be measured alone. The pages fill a database with a million people and take a quarter of an hour."""


def main() -> None:
    """Measure everything, or the parts that are named; what was not measured stays in the file as it was."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all, if none is named")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    rows: list[Row] = []
    for name in given.parts or PARTS:
        with stage() as on:
            rows += PARTS[name](on, given)
    fresh = {one["name"] for one in rows}
    kept = [one for one in json.loads(LATEST.read_text(encoding="utf-8")) if one["name"] not in fresh]
    LATEST.write_text(json.dumps(rows + kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(table(rows))


if __name__ == "__main__":
    main()
