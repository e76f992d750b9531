"""Every message stands translated in the catalogue of its floor; Chinese stands nowhere else in the code."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from lianfang.rules.documents import MESSAGES

from .source import ROOT, files, name, tree

KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "now": None,  # ``gettext as now``
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
CATALOGUES = {
    "rooms": ROOT / "lianfang/rooms/locale/zh_Hans/LC_MESSAGES/django.po",
    "doors": ROOT / "lianfang/doors/locale/zh_Hans/LC_MESSAGES/django.po",
}
Asked = tuple[str, str | tuple[str, ...]]


def asked_for(path: Path, text: str) -> set[Asked]:
    """The messages a file asks for, each with its context."""
    code = templatize(text, origin=str(path)) if path.suffix == ".html" else text
    found = extract("python", BytesIO(code.encode()), keywords=KEYWORDS)
    return {
        (context or "", tuple(said) if isinstance(said, tuple | list) else said)
        for _line, said, _comments, context in found
        if said
    }


def texts() -> list[Path]:
    return [*files("lianfang", "config", kinds=(".py",)), *files("lianfang", kinds=(".html",))]


def floor(path: Path) -> str:
    return "doors" if name(path).startswith(("lianfang/doors/", "config/")) else "rooms"


@lru_cache
def all_asked() -> dict[str, dict[Asked, str]]:
    """By floor: each message, and a file that asks for it."""
    found: dict[str, dict[Asked, str]] = {"rooms": {}, "doors": {}}
    for path in texts():
        for one in asked_for(path, path.read_text(encoding="utf-8")):
            found[floor(path)][one] = name(path)
    # The rules know no gettext; what they refuse is said by the room of the policies.
    found["rooms"] |= {("", message): "lianfang/rules/documents.py" for message in MESSAGES.values()}
    return found


@lru_cache
def catalogue(which: str) -> Catalog:
    with CATALOGUES[which].open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def key(message: Message) -> Asked:
    said = message.id
    return (message.context or "", tuple(said) if isinstance(said, tuple | list) else said)


def translated() -> dict[str, dict[Asked, Message]]:
    return {which: {key(one): one for one in catalogue(which) if one.id} for which in CATALOGUES}


def missing(asked: dict[Asked, str], known: dict[Asked, Message]) -> list[str]:
    """Messages without a sound translation."""
    found = []
    for one, where in sorted(asked.items(), key=str):
        message = known.get(one)
        if message is None:
            found.append(f"{where}: {one[1]!r} is in no catalogue")
        elif message.fuzzy or not message.string or not all(said(message)):
            found.append(f"{where}: {one[1]!r} is not translated")
    return found


def said(message: Message) -> list[str]:
    text = message.string
    return [text] if isinstance(text, str) else list(text)


def places(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)[sdfi]", text)) | ({"%s"} if re.search(r"%[sd]", text) else set())


@pytest.mark.parametrize("which", CATALOGUES)
def test_every_message_is_translated(which: str) -> None:
    own, both = translated()[which], {**translated()["doors"], **translated()["rooms"]}
    # A door may say what a room says already; a room never borrows from a door.
    assert missing(all_asked()[which], both if which == "doors" else own) == []


@pytest.mark.parametrize("which", CATALOGUES)
def test_a_translation_keeps_the_places_of_its_message(which: str) -> None:
    wrong = []
    for message in translated()[which].values():
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = set().union(*(places(one) for one in ids))
        wrong += [
            str(message.id)
            for text in said(message)
            if places(text) - wanted or (wanted - places(text) and len(ids) == 1)
        ]
    assert wrong == []


@pytest.mark.parametrize("which", CATALOGUES)
def test_no_translation_is_of_a_message_nobody_asks_for(which: str) -> None:
    asked = {**all_asked()["doors"], **all_asked()["rooms"]}
    assert [one[1] for one in translated()[which] if one not in asked] == []


@pytest.mark.parametrize("which", CATALOGUES)
def test_a_translation_says_it_in_chinese(which: str) -> None:
    bare = [str(one.id) for one in translated()[which].values() if not HAN.search("".join(said(one)))]
    signs_only = {one for one in bare if not re.search(r"[A-Za-z]{3}", re.sub(r"%\(\w+\)[sd]", "", one))}
    assert set(bare) - signs_only <= {"English", "ID"}


@pytest.mark.parametrize("which", CATALOGUES)
def test_the_compiled_catalogue_is_of_this_text(which: str) -> None:
    fresh = BytesIO()
    write_mo(fresh, catalogue(which))
    fresh.seek(0)
    with CATALOGUES[which].with_suffix(".mo").open("rb") as file:
        assert words_of(gettext.GNUTranslations(file)) == words_of(gettext.GNUTranslations(fresh))


def words_of(compiled: gettext.GNUTranslations) -> dict[Any, str]:
    found: dict[Any, str] = dict(compiled._catalog)  # type: ignore[attr-defined]
    return {one: text for one, text in found.items() if one}


def test_a_message_that_is_missing_fuzzy_or_empty_is_found() -> None:
    asked = asked_for(
        Path("x.py"), "_('Where?'); ngettext('%(n)d day', '%(n)d days', 2); gettext_lazy('Why?')"
    )
    assert asked == {("", "Where?"), ("", ("%(n)d day", "%(n)d days")), ("", "Why?")}
    page = (
        "{% load i18n %}{% translate 'Door' %}{% blocktranslate with a=b %}So {{ a }}{% endblocktranslate %}"
    )
    assert asked_for(Path("x.html"), page) == {("", "Door"), ("", "So %(a)s")}
    known = Catalog(locale="zh_Hans")
    known.add("Where?", "在哪里？")
    known.add("Why?", "")
    known.add("When?", "何时？", flags=["fuzzy"])
    wanted = dict.fromkeys([("", "Where?"), ("", "Why?"), ("", "When?"), ("", "Who?")], "x.py")
    assert len(missing(wanted, {key(one): one for one in known if one.id})) == 3


HAN = re.compile("[\u3400-\u9fff]")

BOTH = "said in both languages, before any translation can be loaded"
DATA = "Chinese as it stands in people's files"
CHINESE = {
    "lianfang/ground/embedded.py": BOTH,
    "lianfang/ground/home.py": BOTH,
    "lianfang/ground/migrating.py": BOTH,
    "lianfang/ground/safety.py": BOTH,
    "lianfang/ground/server_binaries.py": BOTH,
    "lianfang/ground/server_directory.py": BOTH,
    "lianfang/ground/server_roles.py": BOTH,
    "lianfang/doors/starting.py": BOTH,
    "lianfang/doors/console/__init__.py": BOTH,
    "lianfang/doors/console/demo_sheet.py": BOTH,
    "lianfang/doors/console/supervising.py": BOTH,
    "lianfang/doors/console/up.py": BOTH,
    "run.py": BOTH,
    "lianfang/doors/console/importing.py": "what people type for yes",
    "lianfang/doors/registers/cells.py": DATA,
    "lianfang/doors/registers/columns.py": DATA,
    "lianfang/doors/registers/problems.py": DATA,
    "lianfang/doors/registers/register_file.py": DATA,
    "lianfang/doors/desk/area_words.py": "endings of official names",
    "lianfang/rooms/people/search_keys.py": "surnames",
    "lianfang/rooms/orders/numbers.py": "the form of an official number",
}
"""Where Chinese may stand in code, and why. Words about code (docstrings, comments) are free."""


def chinese(node: ast.AST) -> Iterator[str]:
    """Chinese in the strings of code, docstrings apart."""
    words = {id(one.value) for one in ast.walk(node) if isinstance(one, ast.Expr)}
    for one in ast.walk(node):
        if (
            isinstance(one, ast.Constant)
            and isinstance(one.value, str)
            and id(one) not in words
            and HAN.search(one.value)
        ):
            yield one.value


def test_chinese_stands_in_catalogues_and_data_only() -> None:
    code = [*files("lianfang", "config"), *(path for path in files() if path.parent == ROOT)]
    assert {name(path) for path in code if any(chinese(tree(path)))} == set(CHINESE)


def test_no_page_holds_chinese() -> None:
    remark = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
    pages = files("lianfang", kinds=(".html", ".js", ".css", ".svg"))
    assert pages
    found = {name(path) for path in pages if HAN.search(remark.sub("", path.read_text(encoding="utf-8")))}
    assert found <= {"lianfang/doors/desk/static/desk/tokens.css"}


def test_chinese_in_code_is_found() -> None:
    assert list(chinese(ast.parse("def f():\n '''门'''\n return '门' # 门"))) == ["门"]
    assert list(chinese(ast.parse("f'{a}号'"))) == ["号"]
