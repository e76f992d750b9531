"""Seals 封条: the lines of a place, chained and signed after the fact, so that an edit or a deletion is found.

A chain is an area code: the first twelve digits of a line's ``where`` (the lines of a street, a district, a city stand
in chains of their own code). The clock seals in batches, below the transaction horizon (see ``notebook.since``): no
writer waits for another, and an act costs nothing more.

The canonical form. Every value is written as PostgreSQL's ``COPY … TO STDOUT`` writes it in its text format (UTF-8; tab,
newline and backslash escaped, NULL as ``\\N``; time zone UTC, dates ISO, bytea as hex, jsonb as jsonb writes itself):

    body     where, also, about, matter, facts, changes, payload                             joined by tabs
    header   id, kind, by, role, at, written_at, via, rule, because, xact, seq               joined by tabs
    digest   SHA-256(salt ‖ body)                          salt: 16 random bytes of this line's own
    link_n   SHA-256(link_{n-1} ‖ digest ‖ chain ‖ tab ‖ n ‖ tab ‖ header)                   n counts from 1
    link_0   SHA-256("lianfang chain 1" ‖ tab ‖ chain)

The header is what stays for good: that somebody of our own did a deed of this kind in this community then. The body is
what is about people. To erase, salt and body are dropped (``erasing``): the digest stays, nobody can guess the body from
it any more, and the chain still holds.

A ``Leaf`` is kept for each sealed line (n, salt, digest), a ``Seal`` for each batch: its links, and an Ed25519 signature
of ``message_of``. The signing key lies in the key file, outside the database (``keyring``). The last link of a seal is
the head: whoever keeps one outside the database can show that a tail was cut off or an old backup put in place.
"""

from __future__ import annotations

from binascii import hexlify, unhexlify
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from secrets import token_bytes
from typing import Any, NamedTuple

from django.db import connection, models, transaction

from .actors import begin, the_clock
from .ids import new_id
from .keyring import keys
from .things import OWN, insert
from .where import WhereField

BODY = 'e."where", e.also, e.about, e.matter, e.facts, e.changes, e.payload'
HEADER = 'e.id, e.kind, e."by", e.role, e.at, e.written_at, e.via, e.rule, e.because, e.xact, e.seq'
CHAIN = 'left(e."where", 12)'
BODY_COLUMNS, HEADER_COLUMNS = BODY.count(",") + 1, HEADER.count(",") + 1
SALT, LINK = 16, 32
BATCH = 2_000
"""Lines sealed in one transaction."""
LOCK = "hashtextextended('lianfang seals', 0)"
"""Held while lines are sealed, or erased: the one must not seal what the other is emptying."""


class Leaf(models.Model):
    """The counterfoil of a sealed line: its number in the chain, the salt, the salted hash of its body."""

    id = models.UUIDField(primary_key=True)
    where = WhereField()
    n = models.BigIntegerField()
    salt = models.BinaryField(max_length=SALT, null=True)
    digest = models.BinaryField(max_length=LINK)
    erased_by = models.UUIDField(null=True)

    ROWS = OWN
    NO_UPDATE = True
    ERASABLE = ("salt", "erased_by")
    EMPTIED = "salt IS NULL AND erased_by = (SELECT nullif(current_setting('app.line', true), '')::uuid)"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["where", "n"], name="leaf_in_its_place"),
            models.CheckConstraint(
                condition=models.Q(salt__isnull=True, erased_by__isnull=False)
                | models.Q(salt__isnull=False, erased_by__isnull=True),
                name="leaf_erased_by_a_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.where} {self.n}"


class Seal(models.Model):
    """A batch of a chain, sealed: lines ``first`` to ``last``, their links, the signature. ``xact`` and ``seq``: how far
    the notebook had been read."""

    id = models.UUIDField(primary_key=True)
    where = WhereField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    before = models.BinaryField(max_length=LINK)
    links = models.BinaryField()
    head = models.BinaryField(max_length=LINK)
    xact = models.BigIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    key = models.CharField(max_length=8)
    signature = models.BinaryField(max_length=64)

    ROWS = OWN
    SEEN_BELOW = True
    """Every reader is given the head of his place, however deep inside it he is posted."""
    NO_UPDATE = True

    class Meta:
        indexes = [models.Index(fields=["xact", "seq"], name="seal_reading_order")]
        constraints = [
            models.UniqueConstraint(fields=["where", "last"], name="seal_head"),
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="seal_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.where} {self.first}-{self.last}"


class Head(NamedTuple):
    """How far a chain is sealed: its code, the number of its lines, when, and the hash that stands for all of them."""

    chain: str
    lines: int
    at: datetime
    hash: bytes

    @property
    def short(self) -> str:
        """Thirty-two figures of the hash in eight groups, to be printed and read aloud."""
        return short(self.hash)

    @property
    def text(self) -> str:
        """One line for paper, which ``lianfang verify --head`` takes back: chain, number of lines, short form."""
        return f"{self.chain or 0} #{self.lines} {self.short}"

    def as_json(self) -> dict[str, Any]:
        """For the API, and for a file kept elsewhere."""
        return {
            "chain": self.chain,
            "lines": self.lines,
            "at": self.at.isoformat(),
            "short": self.short,
            "hash": self.hash.hex(),
        }


def short(link: bytes) -> str:
    """A hash as eight groups of four figures (106 bits of it)."""
    figures = f"{int.from_bytes(link) % 10**32:032d}"
    return " ".join(figures[start : start + 4] for start in range(0, 32, 4))


def chain_of(where: str) -> str:
    """The chain a line of this place stands in."""
    return where[:12]


def head_of(where: str) -> Head | None:
    """How far the chain of a reader's place is sealed; None before its first seal. One statement, one row by its index."""
    found = (
        Seal.objects.filter(where=chain_of(where))
        .order_by("-last")
        .values_list("where", "last", "at", "head")[:1]
    )
    return next((Head(chain, last, at, bytes(head)) for chain, last, at, head in found), None)


CHAINS = """
WITH RECURSIVE chain AS (
  (SELECT "where" AS code FROM lianfang_seal WHERE "where" >= %s AND "where" < %s ORDER BY 1 LIMIT 1)
  UNION ALL
  SELECT (SELECT s."where" FROM lianfang_seal s WHERE s."where" > chain.code AND s."where" < %s ORDER BY 1 LIMIT 1)
    FROM chain WHERE chain.code IS NOT NULL
)
SELECT array_agg(code) FROM chain WHERE code IS NOT NULL
"""
LAST = """
SELECT code, s.last, s.at, s.head FROM unnest(%s::varchar[]) AS t (code),
 LATERAL (SELECT last, at, head FROM lianfang_seal WHERE "where" = code ORDER BY last DESC LIMIT 1) s ORDER BY code
"""


def heads_under(where: str) -> list[Head]:
    """The head of every chain at or below a place. Two statements, however many seals there are."""
    with connection.cursor() as cursor:
        cursor.execute(CHAINS, [where, f"{where}~", f"{where}~"])
        chains = cursor.fetchone()[0]
    return _heads(chains or [])


def _heads(chains: list[str]) -> list[Head]:
    with connection.cursor() as cursor:
        cursor.execute(LAST, [chains])
        return [Head(chain, last, at, bytes(head)) for chain, last, at, head in cursor.fetchall()]


def beginning(chain: str) -> bytes:
    """What stands before the first line of a chain."""
    return sha256(b"lianfang chain 1\t" + chain.encode()).digest()


def digest_of(salt: bytes, body: bytes) -> bytes:
    """The salted hash of what a line says."""
    return sha256(salt + body).digest()


def link_of(before: bytes, digest: bytes, chain: bytes, n: int, header: bytes) -> bytes:
    """The link of line ``n`` of a chain."""
    return sha256(b"%b%b%b\t%d\t%b" % (before, digest, chain, n, header)).digest()


def message_of(seal: Seal) -> bytes:
    """What is signed: every column of the seal but the signature."""
    words = [
        "lianfang seal 1",
        str(seal.id),
        seal.where,
        str(seal.first),
        str(seal.last),
        bytes(seal.before).hex(),
        sha256(bytes(seal.links)).hexdigest(),
        bytes(seal.head).hex(),
        f"{seal.xact} {seal.seq}",
        seal.at.astimezone(UTC).isoformat(),
        seal.key,
    ]
    return "\n".join(words).encode()


def copied(statement: str, given: Sequence[Any]) -> Iterator[bytes]:
    """The rows of a query in COPY's text format, as the canonical form wants them; inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),"
            " set_config('bytea_output', 'hex', true)"
        )
        with cursor.copy(f"COPY ({statement}) TO STDOUT", given) as rows:
            for row in rows:
                yield bytes(row)[:-1]


def raw(value: bytes) -> bytes:
    """The bytes behind a bytea as COPY writes it."""
    return unhexlify(value[3:])


def split(row: bytes) -> tuple[bytes, bytes]:
    """Body and header of a row that holds both."""
    header = row.split(b"\t", BODY_COLUMNS)[BODY_COLUMNS]
    return row[: -len(header) - 1], header


def write(at: datetime, batch: int = BATCH) -> int:
    """Seal what was written below the horizon and is not sealed yet; returns how many lines. It is no act: the clock
    writes it, and it says nothing new. Two at once: the second finds nothing to do."""
    sealed = 0
    while found := _write(at, batch):
        sealed += found
    return sealed


UNSEALED = f"""
SELECT {CHAIN}, {BODY}, {HEADER} FROM lianfang_line e
 WHERE (e.xact, e.seq) > (%s, %s) AND e.xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
 ORDER BY e.xact, e.seq LIMIT %s
"""  # noqa: S608 - names of ours


def _write(at: datetime, batch: int) -> int:
    with transaction.atomic(durable=True):
        begin(the_clock(), new_id())
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_try_advisory_xact_lock({LOCK})")
            if not cursor.fetchone()[0]:
                return 0
        place = Seal.objects.order_by("-xact", "-seq").values_list("xact", "seq").first() or (0, 0)
        chains: dict[bytes, list[bytes]] = {}
        for row in copied(UNSEALED, [*place, batch]):
            chain, _tab, rest = row.partition(b"\t")
            chains.setdefault(chain, []).append(rest)
        if not chains:
            return 0
        heads = {one.chain: one for one in _heads([chain.decode() for chain in chains])}
        for chain, rows in chains.items():
            head = heads.get(chain.decode()) or Head(chain.decode(), 0, at, beginning(chain.decode()))
            _seal(head, rows, at)
        return sum(len(rows) for rows in chains.values())


def _seal(head: Head, rows: list[bytes], at: datetime) -> None:
    """Chain and sign some rows after the head of a chain."""
    random = token_bytes(SALT * len(rows))
    salts = [random[a:b] for a, b in pairwise(range(0, len(random) + 1, SALT))]
    numbers = list(range(head.lines + 1, head.lines + len(rows) + 1))
    ids, digests, links = [], [], [head.hash]
    chain, header = head.chain.encode(), b""
    for n, row, salt in zip(numbers, rows, salts, strict=True):
        body, header = split(row)
        digest = digest_of(salt, body)
        ids.append(header[:36].decode())
        digests.append(digest)
        links.append(link_of(links[-1], digest, chain, n, header))
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO lianfang_leaf (id, "where", n, salt, digest)'
            " SELECT id, %s, n, salt, digest"
            " FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[], %s::bytea[]) AS t (id, n, salt, digest)",
            [head.chain, ids, numbers, salts, digests],
        )
    xact, seq = header.rsplit(b"\t", 2)[-2:]
    ring = keys()
    seal = Seal(
        id=new_id(),
        where=head.chain,
        first=numbers[0],
        last=numbers[-1],
        before=head.hash,
        links=b"".join(links[1:]),
        head=links[-1],
        xact=int(xact),
        seq=int(seq),
        at=at,
        key=ring.signing,
    )
    seal.signature = ring.sign(message_of(seal))
    insert(seal)


def waiting() -> tuple[int, datetime | None]:
    """How many lines are not sealed yet, and when the oldest of them was written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(written_at) FROM lianfang_line WHERE (xact, seq) > "
            "(coalesce((SELECT xact FROM lianfang_seal ORDER BY xact DESC, seq DESC LIMIT 1), 0),"
            " coalesce((SELECT seq FROM lianfang_seal ORDER BY xact DESC, seq DESC LIMIT 1), 0))"
        )
        count, oldest = cursor.fetchone()
    return int(count), oldest


def hexed(value: bytes) -> bytes:
    """Bytes as COPY writes a bytea."""
    return rb"\\x" + hexlify(value)
