"""What somebody with the owner's password can do to a sealed log. Each way changes one chain, at or after a line ``n``, and
gives the number of the first line that is wrong afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import models

from lianfang.ground import keyring, seals
from lianfang.ground.notebook import Line
from lianfang.ground.seals import Leaf, Seal

Boss = psycopg.Connection[Any]


class Hand:
    """A tamperer at line ``n`` of a chain that has lines and seals before and after it. In his SQL ``:chain``, ``:n``,
    ``:first`` and ``:last`` stand for the chain, the line, and the lines under its seal."""

    def __init__(self, boss: Boss, chain: str, n: int) -> None:
        self.boss, self.chain, self.n = boss, chain, n
        self.first, self.last = 0, 0
        ((self.first, self.last),) = self.rows(f"SELECT first, last FROM lianfang_seal WHERE {SEAL}")
        boss.execute("SET TimeZone = 'UTC'")

    def _sql(self, text: str) -> Any:
        for name, value in (
            ("chain", f"'{self.chain}'"),
            ("first", self.first),
            ("last", self.last),
            ("n", self.n),
        ):
            text = text.replace(f":{name}", str(value))
        return text

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        return self.boss.execute(self._sql(text)).fetchall()

    def do(self, *statements: str) -> None:
        """Carry out statements; each must meet a row."""
        for text in statements:
            assert self.boss.execute(self._sql(text)).rowcount, text

    def copied(self, query: str) -> Iterator[bytes]:
        """Rows as the canonical form has them."""
        with self.boss.cursor().copy(self._sql(f"COPY ({query}) TO STDOUT")) as rows:
            yield from (bytes(row)[:-1] for row in rows)


Way = Callable[[Hand], int]
LEAF = '"where" = :chain AND n = :n'
LINE = f"id = (SELECT id FROM lianfang_leaf WHERE {LEAF})"
SEAL = '"where" = :chain AND first <= :n AND last >= :n'
BATCH = '"where" = :chain AND n BETWEEN :first AND :last'
TAIL = '"where" = :chain AND n >= :n'
LINES_OF = "DELETE FROM lianfang_line WHERE id IN (SELECT id FROM lianfang_leaf WHERE "


def another(column: models.Field[Any, Any]) -> str:
    """SQL that gives a column another value, as little different as can be."""
    name = f'"{column.column}"'
    match column.get_internal_type():
        case "UUIDField":
            other = f"overlay({name}::text placing substr(md5({name}::text), 1, 4) from 1 for 4)::uuid"
            value = f"coalesce({other}, gen_random_uuid())"
        case "DateTimeField":
            value = f"{name} + interval '1 microsecond'"
        case "BigIntegerField":
            value = f"{name} + 1000000"
        case "BinaryField":
            middle = f"length({name}) / 2"
            value = f"set_byte({name}, {middle}, 255 - get_byte({name}, {middle}))"
        case "JSONField":
            value = f"CASE jsonb_typeof({name}) WHEN 'array' THEN {name} || '[0]' ELSE {name} || '{{\"x\": 0}}' END"
        case "ArrayField":
            value = f"{name} || '11'::varchar"
        case _:
            value = f"{name} || '0'"
    return f"{name} = {value}"


def edited(column: models.Field[Any, Any]) -> Way:
    """A byte of a column of the line."""

    def edit(hand: Hand) -> int:
        hand.do(f"UPDATE lianfang_line SET {another(column)} WHERE {LINE}")
        return hand.n

    return edit


def counterfoil(column: models.Field[Any, Any]) -> Way:
    """A byte of a column of the counterfoil."""

    def edit(hand: Hand) -> int:
        hand.boss.execute("ALTER TABLE lianfang_leaf DROP CONSTRAINT IF EXISTS leaf_erased_by_a_line")
        hand.do(f"UPDATE lianfang_leaf SET {another(column)} WHERE {LEAF}")
        return hand.n

    return edit


def seal(column: models.Field[Any, Any]) -> Way:
    """A byte of a column of the seal over the line."""

    def edit(hand: Hand) -> int:
        hand.boss.execute("ALTER TABLE lianfang_seal DROP CONSTRAINT IF EXISTS seal_not_empty")
        hand.do(f"UPDATE lianfang_seal SET {another(column)} WHERE {SEAL}")
        # The byte in the middle of the links belongs to the link of one line.
        return hand.first + (hand.last - hand.first + 1) // 2 if column.column == "links" else hand.first

    return edit


def _rehash(hand: Hand, salt: bytes | None = None) -> None:
    """Make the counterfoil fit what the line says now."""
    (body,) = hand.copied(f"SELECT {seals.BODY} FROM lianfang_line e WHERE {LINE}")
    ((known,),) = hand.rows(f"SELECT salt FROM lianfang_leaf WHERE {LEAF}")
    salt = salt or bytes(known)
    digest = hashlib.sha256(salt + body).hexdigest()
    hand.do(f"UPDATE lianfang_leaf SET salt = '\\x{salt.hex()}', digest = '\\x{digest}' WHERE {LEAF}")


def edit_and_rehash(hand: Hand) -> int:
    """The line and its counterfoil fit each other again."""
    hand.do(f'UPDATE lianfang_line SET facts = \'{{"how": "phone"}}\' WHERE {LINE}')
    _rehash(hand)
    return hand.n


def edit_and_salt_anew(hand: Hand) -> int:
    """The same with a salt of his own."""
    hand.do(f"UPDATE lianfang_line SET payload = decode(repeat('cd', 32), 'hex') WHERE {LINE}")
    _rehash(hand, b"0" * seals.SALT)
    return hand.n


def chain_anew(hand: Hand) -> int:
    """Edit a line and make counterfoils, links and seals fit from there to the end: all but the signatures."""
    edit_and_rehash(hand)
    known = hand.rows(
        'SELECT id, first, last, before FROM lianfang_seal WHERE "where" = :chain AND last >= :n ORDER BY last'
    )
    link = bytes(known[0][3])
    for id, first, last, _before in known:
        before, links = link, []
        for row in hand.copied(
            f"SELECT f.n, f.digest, {seals.HEADER} FROM lianfang_leaf f JOIN lianfang_line e USING (id)"
            f' WHERE f."where" = :chain AND f.n BETWEEN {first} AND {last} ORDER BY f.n'
        ):
            number, digest, header = row.split(b"\t", 2)
            link = seals.link_of(link, seals.raw(digest), hand.chain.encode(), int(number), header)
            links.append(link)
        hand.boss.execute(
            "UPDATE lianfang_seal SET before = %s, links = %s, head = %s WHERE id = %s",
            [before, b"".join(links), link, id],
        )
    return hand.first


def _sign(hand: Hand, sign: Callable[[bytes], bytes], key: str = "") -> None:
    names = [str(column.column) for column in Seal._meta.concrete_fields]
    listed = ", ".join(f'"{name}"' for name in names)
    for row in hand.rows(f'SELECT {listed} FROM lianfang_seal WHERE "where" = :chain AND last >= :n'):
        seal = Seal(**dict(zip(names, row, strict=True)))
        seal.key = key or seal.key
        hand.boss.execute(
            "UPDATE lianfang_seal SET key = %s, signature = %s WHERE id = %s",
            [seal.key, sign(seals.message_of(seal)), seal.id],
        )


def chain_and_sign_anew(key: str) -> Way:
    """The same, and every seal signed with a key of his own, under the name of ours or another."""

    def forge(hand: Hand) -> int:
        chain_anew(hand)
        _sign(hand, Ed25519PrivateKey.generate().sign, key)
        return hand.first

    return forge


def chain_and_sign_as_ours(hand: Hand) -> None:
    """The same with the true key: whoever rules the server can."""
    chain_anew(hand)
    _sign(hand, keyring.keys().sign)


def delete(hand: Hand) -> int:
    """The line alone."""
    hand.do(f"DELETE FROM lianfang_line WHERE {LINE}")
    return hand.n


def delete_with_counterfoil(hand: Hand) -> int:
    """The line and its counterfoil."""
    hand.do(f"DELETE FROM lianfang_line WHERE {LINE}", f"DELETE FROM lianfang_leaf WHERE {LEAF}")
    return hand.n


def delete_counterfoil(hand: Hand) -> int:
    """The counterfoil alone."""
    hand.do(f"DELETE FROM lianfang_leaf WHERE {LEAF}")
    return hand.n


def _renumber(hand: Hand, after: int, by: int) -> None:
    for step, which in ((f"n = -n - {by}", f"n > {after}"), ("n = -n", "n < 0")):
        hand.do(f'UPDATE lianfang_leaf SET {step} WHERE "where" = :chain AND {which}')


def delete_and_close_up(hand: Hand) -> int:
    """A line in the middle, and the numbers after it moved up by one."""
    delete_with_counterfoil(hand)
    _renumber(hand, hand.n, -1)
    return hand.n


def delete_the_seal(hand: Hand) -> int:
    """The seal over a line."""
    hand.do(f"DELETE FROM lianfang_seal WHERE {SEAL}")
    return hand.first


def delete_the_lines_of_the_seal(hand: Hand) -> int:
    """All lines and counterfoils under a seal."""
    hand.do(f"{LINES_OF}{BATCH})", f"DELETE FROM lianfang_leaf WHERE {BATCH}")
    return hand.first


def delete_the_batch(hand: Hand) -> int:
    """A seal with its lines and counterfoils."""
    delete_the_lines_of_the_seal(hand)
    return delete_the_seal(hand)


def cut_the_tail_of_lines(hand: Hand) -> int:
    """Every line and counterfoil from here on; the seals stay."""
    hand.do(f"{LINES_OF}{TAIL})", f"DELETE FROM lianfang_leaf WHERE {TAIL}")
    return hand.n


def cut_the_tail(hand: Hand) -> int:
    """Every seal from the line's own on, with its lines and counterfoils: what is left is sound in itself."""
    tail = TAIL.replace(":n", ":first")
    hand.do(f"{LINES_OF}{tail})", f"DELETE FROM lianfang_leaf WHERE {tail}")
    hand.do('DELETE FROM lianfang_seal WHERE "where" = :chain AND first >= :first')
    return hand.first


def swap_what_they_say(hand: Hand) -> int:
    """Two lines change places in all but their ids."""
    pairs = ", ".join(f"{name} = other.{name}" for name in COLUMNS)
    hand.do(
        "WITH pair AS (SELECT e.* FROM lianfang_leaf f JOIN lianfang_line e USING (id)"
        f' WHERE f."where" = :chain AND f.n IN (:n, :n + 3)) UPDATE lianfang_line l SET {pairs}'
        " FROM pair mine, pair other WHERE l.id = mine.id AND other.id <> mine.id"
    )
    return hand.n


def swap_numbers(hand: Hand) -> int:
    """Two counterfoils change their numbers."""
    for old, now in ((":n", "-1"), (":n + 2", ":n"), ("-1", ":n + 2")):
        hand.do(f'UPDATE lianfang_leaf SET n = {now} WHERE "where" = :chain AND n = {old}')
    return hand.n


def swap_seals(hand: Hand) -> int:
    """Two seals change the lines they are over."""
    ((one, two),) = hand.rows(
        'SELECT first, last FROM lianfang_seal WHERE "where" = :chain AND first = :last + 1'
    )
    for now, old in (("-5, -4", ":first"), (":first, :last", str(one)), (f"{one}, {two}", "-5")):
        hand.do(
            f'UPDATE lianfang_seal SET (first, last) = ROW({now}) WHERE "where" = :chain AND first = {old}'
        )
    return hand.first


COLUMNS = [f'"{column.column}"' for column in Line._meta.concrete_fields if not column.primary_key]
NEW = f"INSERT INTO lianfang_line (id, {', '.join(COLUMNS)}) SELECT gen_random_uuid(), {{values}} FROM lianfang_line WHERE {LINE}"
NEW_LEAF = (
    "INSERT INTO lianfang_leaf (id, \"where\", n, salt, digest) SELECT l.id, :chain, {n}, '0123456789abcdef',"
    " decode(repeat('00', 32), 'hex') FROM lianfang_line l LEFT JOIN lianfang_leaf f USING (id)"
    ' WHERE f.id IS NULL AND left(l."where", 12) = :chain'
)


def _copy_of_the_line(**other: str) -> str:
    """SQL for a line like this one, under a new id."""
    return NEW.format(values=", ".join(other.get(name.strip('"'), name) for name in COLUMNS))


def insert(hand: Hand) -> int:
    """A line among the sealed ones, right after this one."""
    hand.do(_copy_of_the_line(seq="seq + 1"))
    return hand.n + 1


def insert_before_all(hand: Hand) -> int:
    """A line before the first."""
    hand.do(_copy_of_the_line(xact="1"))
    return 1


def insert_with_counterfoil(hand: Hand) -> int:
    """A line with a counterfoil after the last, and no seal."""
    ((last,),) = hand.rows('SELECT max(last) FROM lianfang_seal WHERE "where" = :chain')
    hand.do(_copy_of_the_line(), NEW_LEAF.format(n=last + 1))
    return int(last) + 1


def insert_and_move_down(hand: Hand) -> int:
    """A line with a sound counterfoil in the middle, and the numbers after it moved down by one."""
    hand.do(_copy_of_the_line())
    _renumber(hand, hand.n - 1, 1)
    hand.do(NEW_LEAF.format(n=":n"))
    _rehash(hand)
    return hand.n


def back_date(column: str, days: int) -> Way:
    """A line says it happened, or was written, some days before."""

    def edit(hand: Hand) -> int:
        hand.do(f"UPDATE lianfang_line SET {column} = {column} - interval '{days} days' WHERE {LINE}")
        return hand.n

    return edit


def move_away(hand: Hand) -> int:
    """A line is moved into another community."""
    hand.do(f"UPDATE lianfang_line SET \"where\" = '119999999999' WHERE {LINE}")
    return hand.n


def empty_in_secret(hand: Hand) -> int:
    """A line is emptied as an erasing act does, and no line says so."""
    hand.do(
        "UPDATE lianfang_line SET \"where\" = left(\"where\", 12), also = '{}', about = id, matter = id, facts = '{}',"
        f" changes = '[]', payload = decode(repeat('00', 32), 'hex') WHERE {LINE}",
        f"UPDATE lianfang_leaf SET salt = NULL, erased_by = (SELECT id FROM lianfang_line LIMIT 1) WHERE {LEAF}",
    )
    return hand.n


def _each(model: type[models.Model], make: Callable[[Any], Way]) -> dict[str, Way]:
    return {f"{model.__name__}.{column.column}": make(column) for column in model._meta.concrete_fields}


PLAIN = (edit_and_rehash, edit_and_salt_anew, chain_anew, delete, delete_with_counterfoil, delete_counterfoil,
         delete_and_close_up, delete_the_seal, delete_the_batch, delete_the_lines_of_the_seal, cut_the_tail_of_lines,
         swap_what_they_say, swap_numbers, swap_seals, insert, insert_before_all, insert_with_counterfoil,
         insert_and_move_down, move_away, empty_in_secret)  # fmt: skip
WAYS: dict[str, Way] = {
    **_each(Line, edited),
    **_each(Leaf, counterfoil),
    **_each(Seal, seal),
    **{way.__name__: way for way in PLAIN},
    "chain and sign anew": chain_and_sign_anew(""),
    "chain and sign with a key nobody knows": chain_and_sign_anew("s666"),
    "back-date what happened": back_date("at", 3),
    "back-date the writing": back_date("written_at", 1),
}
