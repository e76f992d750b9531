"""Checking the seals: names the first line of each chain that is not what was sealed.

It reads in one snapshot, in the order of the chains, a page of seals and their lines at a time, and trusts nothing the
database says but what a signature covers. What only somebody outside can know (that the end was cut off, that an old
backup was put in place) is found against heads that were kept outside: ``Outside``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import seals
from .actors import reading, the_clock
from .erasing import ERASED
from .keyring import keys, signed
from .seals import BODY, HEADER, LINK, Head, Seal

SAID: dict[str, str | Promise] = {
    "body": _("what it says (place, facts, journal) is not what was sealed"),
    "header": _("who did what and when is not what was sealed"),
    "leaf": _("its counterfoil is not what was sealed"),
    "gone": _("the line is gone"),
    "no_leaf": _("its counterfoil is gone"),
    "added": _("this line stands among sealed lines and was never sealed"),
    "emptied": _("it was emptied, and no line says that it was erased"),
    "filled": _("it was erased, and says something again"),
    "signature": _("the seal from this line on is not what was signed"),
    "key": _("the seal from this line on names a key that is not known here"),
    "no_seal": _("the seal from this line on is gone"),
    "late": _("it was sealed a day or more after the time it says it was written"),
    "shorter": _(
        "the head from outside knows more lines: the end was cut off, or an old backup was put in place"
    ),
    "other": _("the lines up to the head from outside are not those it was made of"),
}
"""What can be wrong."""

LATE = timedelta(days=1)
"""How much older than the seal before its own a line may say it is."""
PAGE = 5_000
"""Lines read at once."""
NOTHING = b"\\N"


class Outside(NamedTuple):
    """A head somebody kept: its chain, the number of lines, and the hash, or the figures of its short form."""

    chain: str
    lines: int
    hash: str

    def is_of(self, link: bytes) -> bool:
        """Whether it is the head that ends with this link."""
        return self.hash in (link.hex(), seals.short(link).replace(" ", ""))


class Finding(NamedTuple):
    """The first line of a chain that is wrong: number, id (empty if nobody knows it any more), what is wrong. ``until``:
    against a head from outside, the last line it can be."""

    chain: str
    n: int
    line: str
    what: str
    until: int = 0

    @property
    def words(self) -> str:
        return str(SAID[self.what])


@dataclass
class Report:
    """What was found: how far each chain is sealed, the first wrong line of each that has one, lines that were sealed
    much later than they say, and what still waits for its seal."""

    chains: list[Head] = field(default_factory=list)
    wrong: list[Finding] = field(default_factory=list)
    late: list[Finding] = field(default_factory=list)
    lines: int = 0
    waiting: int = 0
    oldest: datetime | None = None


class NoHead(ValueError):  # noqa: N818 - said in a sentence
    """A text that holds no head."""


ON_PAPER = re.compile(r"(?<!\d)(\d{1,12})\s*#\s*(\d{1,18})\s+((?:\d{4}[\s-]*){8}|[0-9a-f]{64})(?!\d)")


def outside(text: str) -> list[Outside]:
    """The heads in a text: what ``lianfang seal`` printed, on paper or as JSON. NoHead if there is none."""
    try:
        found = json.loads(text)
        given = found.get("heads", [found]) if isinstance(found, dict) else found
        heads = [Outside(str(one["chain"]), int(one["lines"]), str(one["hash"])) for one in given]
    except (ValueError, TypeError, KeyError, AttributeError):
        heads = [
            Outside(chain if chain != "0" else "", int(lines), re.sub(r"[\s-]", "", figures))
            for chain, lines, figures in ON_PAPER.findall(text)
        ]
    if not heads or any(one.lines < 1 for one in heads):
        raise NoHead(text[:80])
    return heads


def verify(
    under: str = "",
    heads: Iterable[Outside] = (),
    public: Mapping[str, bytes] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Check every chain at or below a place. ``public``: the keys to check signatures with, if not those of this
    installation; ``progress`` is told lines done and lines in all."""
    known = list(heads)
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with reading(the_clock()):
            report = Report(seals.heads_under(under))
            report.waiting, report.oldest = seals.waiting()
            total = sum(one.lines for one in report.chains)
            erased: dict[str, list[Finding]] = {}
            chains = {one.chain for one in report.chains} | _with_leaves(under) | {one.chain for one in known}
            place = (0, 0)
            for chain in sorted(chains):
                walk = _Walk(chain, [one for one in known if one.chain == chain], public or keys().public)
                for done in walk.pages():
                    report.lines += done
                    if progress:
                        progress(report.lines, total)
                report.wrong += walk.wrong
                report.late += walk.late
                place = max(place, walk.place)
                for eraser, lines in walk.erased.items():
                    erased.setdefault(eraser, []).extend(lines)
            report.wrong += [*_emptied_in_secret(erased), *_added(under, place)]
    report.wrong = _first_of_each(report.wrong)
    return report


class _Row(NamedTuple):
    """A counterfoil and its line, as COPY writes them."""

    n: bytes
    gone: bytes
    salt: bytes
    digest: bytes
    erased_by: bytes
    rest: bytes


ROWS = f"""
SELECT f.n, CASE WHEN e.id IS NULL THEN f.id END, f.salt, f.digest, f.erased_by, {BODY}, {HEADER}
  FROM lianfang_leaf f LEFT JOIN lianfang_line e ON e.id = f.id
 WHERE f."where" = %s AND f.n BETWEEN %s AND %s ORDER BY f.n
"""  # noqa: S608 - names of ours


class _Walk:
    """One chain, from its beginning."""

    def __init__(self, chain: str, heads: list[Outside], public: Mapping[str, bytes]) -> None:
        self.chain, self.code, self.public = chain, chain.encode(), public
        self.heads = sorted(heads, key=lambda one: one.lines)
        self.n, self.link, self.good = 0, seals.beginning(chain), 0
        self.before: datetime | None = None
        self.place = (0, 0)
        self.wrong: list[Finding] = []
        self.late: list[Finding] = []
        self.erased: dict[str, list[Finding]] = {}

    def pages(self) -> Iterator[int]:
        """Walk on, a page of seals at a time; gives how many lines each had. Ends at the first that is wrong."""
        while page := self._page():
            begun = self.n
            rows = seals.copied(ROWS, [self.chain, begun + 1, page[-1].last])
            for seal in page:
                if bad := self._seal(seal, rows):
                    self.wrong.append(bad)
                    break
            for _rest in rows:
                pass  # the answer must be fetched to its end before the connection can be asked anything else
            if self.wrong:
                return
            yield self.n - begun
        self._at_the_end()

    def _page(self) -> list[Seal]:
        page, lines = list[Seal](), 0
        for seal in Seal.objects.filter(where=self.chain, last__gt=self.n).order_by("last")[:PAGE]:
            page.append(seal)
            lines += len(seal.links) // LINK
            if lines >= PAGE:
                break
        return page

    def _found(self, n: int, line: bytes | str, what: str, until: int = 0) -> Finding:
        return Finding(self.chain, n, line if isinstance(line, str) else line.decode(), what, until)

    def _seal(self, seal: Seal, rows: Iterator[bytes]) -> Finding | None:
        """The lines of a seal, then the seal itself: a line that is wrong is named before the seal that covers it."""
        if seal.first != self.n + 1:
            return self._found(self.n + 1, "", "no_seal")
        links, before, earliest = bytes(seal.links), self.link, self._earliest()
        first = b""
        for n in range(seal.first, seal.last + 1):
            place = (n - seal.first) * LINK
            listed = links[place : place + LINK]
            if len(listed) < LINK:
                return self._found(n, b"", "signature")
            row = _Row(*next(rows, b"\t\t\t\t\t").split(b"\t", 5))
            if row.n != b"%d" % n:
                return self._found(n, b"", "added" if row.n and int(row.n) < n else "no_leaf")
            line, bad = self._line(n, row, listed, earliest)
            if bad:
                return self._found(n, line, bad)
            first = first or line
        if bad := self._signature(seal, before, links):
            return self._found(seal.first, first, bad)
        self.n, self.before, self.place = seal.last, seal.at, max(self.place, (seal.xact, seal.seq))
        return self._against_heads(seal, links)

    def _earliest(self) -> bytes:
        """The time a line may say it was written at, at the earliest, as COPY writes it."""
        if self.before is None:
            return b""
        return f"{self.before.astimezone(UTC) - LATE:%Y-%m-%d %H:%M:%S}".encode()

    def _line(self, n: int, row: _Row, listed: bytes, earliest: bytes) -> tuple[bytes, str]:
        """One line: its id, and what is wrong with it. The link goes on from what was listed under the signature."""
        if row.gone != NOTHING:
            return row.gone, "gone"
        body, header = seals.split(row.rest)
        sealed = seals.raw(row.digest)
        digest = seals.digest_of(seals.raw(row.salt), body) if row.salt != NOTHING else sealed
        link = seals.link_of(self.link, digest, self.code, n, header)
        before, self.link = self.link, listed
        line = header[:36]
        if link != listed or digest != sealed:
            if link == listed:
                return line, "leaf"
            same = seals.link_of(before, sealed, self.code, n, header) == listed
            return line, "body" if same else "header"
        if row.salt != NOTHING and row.erased_by != NOTHING:
            return line, "leaf"
        if row.salt == NOTHING:
            if row.erased_by == NOTHING:
                return line, "emptied"
            if body != _emptied(self.code, line):
                return line, "filled"
            self.erased.setdefault(row.erased_by.decode(), []).append(self._found(n, line, "emptied"))
        if header.split(b"\t", 6)[5] < earliest:
            self.late.append(self._found(n, line, "late"))
        return line, ""

    def _signature(self, seal: Seal, before: bytes, links: bytes) -> str:
        if seal.key not in self.public:
            return "key"
        sound = (
            bytes(seal.before) == before
            and bytes(seal.head) == links[-LINK:]
            and len(links) == LINK * (seal.last - seal.first + 1)
            and signed(self.public[seal.key], bytes(seal.signature), seals.message_of(seal))
        )
        return "" if sound else "signature"

    def _against_heads(self, seal: Seal, links: bytes) -> Finding | None:
        for head in self.heads:
            if seal.first <= head.lines <= seal.last:
                place = (head.lines - seal.first) * LINK
                if not head.is_of(links[place : place + LINK]):
                    return self._found(self.good + 1, "", "other", head.lines)
                self.good = head.lines
        return None

    def _at_the_end(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                'SELECT n, id::text FROM lianfang_leaf WHERE "where" = %s AND (n < 1 OR n > %s) ORDER BY n LIMIT 1',
                [self.chain, self.n],
            )
            for n, line in cursor.fetchall():
                self.wrong.append(self._found(n, line, "no_seal"))
        for head in self.heads:
            if head.lines > self.n:
                self.wrong.append(self._found(self.n + 1, "", "shorter", head.lines))
                break


def _emptied(chain: bytes, line: bytes) -> bytes:
    """The body of an erased line."""
    return b"\t".join([chain, b"{}", line, line, b"{}", b"[]", seals.hexed(bytes(32))])


def _with_leaves(under: str) -> set[str]:
    """The chains that have counterfoils; they may have lost every seal."""
    with connection.cursor() as cursor:
        cursor.execute(
            seals.CHAINS.replace("lianfang_seal", "lianfang_leaf"), [under, f"{under}~", f"{under}~"]
        )
        return set(cursor.fetchone()[0] or [])


def _emptied_in_secret(erased: dict[str, list[Finding]]) -> Iterator[Finding]:
    """Emptied lines that the line which emptied them does not name."""
    with connection.cursor() as cursor:
        for eraser, lines in erased.items():
            cursor.execute(
                "SELECT jsonb_array_elements_text(facts -> %s) FROM lianfang_line WHERE id = %s"
                " AND jsonb_typeof(facts -> %s) = 'array'",
                [ERASED, UUID(eraser), ERASED],
            )
            named = {one for (one,) in cursor.fetchall()}
            yield from (one for one in lines if one.line not in named)


ADDED = """
SELECT DISTINCT ON (chain) left(e."where", 12) AS chain, e.id::text, coalesce((
  SELECT f.n FROM lianfang_line s JOIN lianfang_leaf f ON f.id = s.id
   WHERE f."where" = left(e."where", 12) AND (s.xact, s.seq) < (e.xact, e.seq)
   ORDER BY s.xact DESC, s.seq DESC LIMIT 1), 0) + 1
  FROM lianfang_line e
 WHERE (e.xact, e.seq) <= (%s, %s) AND e."where" >= %s AND e."where" < %s
   AND NOT EXISTS (SELECT FROM lianfang_leaf f WHERE f.id = e.id)
 ORDER BY chain, e.xact, e.seq
"""


def _added(under: str, place: tuple[int, int]) -> list[Finding]:
    """The first line of each chain that stands at or before the last that was sealed, without a counterfoil."""
    with connection.cursor() as cursor:
        cursor.execute(ADDED, [*place, under, f"{under}~"])
        return [Finding(chain, n, line, "added") for chain, line, n in cursor.fetchall()]


def _first_of_each(wrong: list[Finding]) -> list[Finding]:
    """The first finding of each chain. A line without a counterfoil lends its id to the counterfoil that is missing."""
    first: dict[str, Finding] = {}
    for one in sorted(wrong, key=lambda one: (one.chain, one.n, one.what == "added")):
        known = first.setdefault(one.chain, one)
        if known.what == "no_leaf" and not known.line and one.what == "added" and one.n == known.n:
            first[one.chain] = known._replace(line=one.line)
    return sorted(first.values())


def as_json(report: Report) -> dict[str, Any]:
    """The report for a program."""
    return {
        "sound": not report.wrong,
        "lines": report.lines,
        "chains": [head.as_json() for head in report.chains],
        "wrong": [one._asdict() | {"words": one.words} for one in report.wrong],
        "late": [one._asdict() for one in report.late],
        "waiting": report.waiting,
        "oldest_waiting": report.oldest.isoformat() if report.oldest else None,
    }
