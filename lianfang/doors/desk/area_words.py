"""Area codes as people say them, and back: 131028 is 大厂回族自治县, and 大厂 is 131028."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

_TAIL = re.compile(r"(?:\A|\s)(\d{2,12})\Z")
_KIND = re.compile(r"(市|省|县|区|街道|社区|(?:回族|壮族|维吾尔)?自治[区县]|特别行政区)\Z")


@lru_cache(maxsize=1)
def _names() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(settings.LIANFANG_DATA) / "areas.toml").read_text(encoding="utf-8"))


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


def area_words(code: str, own: Mapping[str, str] | None = None) -> str:
    """A code as words; ``own`` names the installation's places. A code nobody named is said by the widest name known."""
    names = {**_names()["zh" if _chinese() else "en"], **(own or {})}
    known = next((code[:n] for n in (12, 9, 6, 4, 2) if code[:n] in names), "")
    words = names.get(known, code)
    return words if len(known) == len(code) else f"{words} {code}"


def as_typed(code: str, own: Mapping[str, str] | None = None) -> str:
    """A code as it stands in a field: its words and itself, so that both can be read and sent back."""
    if not code.isdigit():
        return code
    words = area_words(code, own)
    return words if words.endswith(code) else f"{words} {code}"


def code_of(typed: str, own: Mapping[str, str] | None = None) -> str:
    """The code somebody meant: a code, words with a code behind them, or a name (大厂). What is none of these is given
    back as it came, for the form to refuse."""
    typed = typed.strip()
    if found := _TAIL.search(typed):
        return found[1]
    names: list[tuple[str, str]] = [
        (name, code) for table in (*_names().values(), own or {}) for code, name in table.items()
    ]
    for code, name in [(code, name) for name, code in names]:
        if typed and typed in (name, name.partition(" (")[0], _KIND.sub("", name)):
            return code
    return typed


def offered(codes: Iterable[str], own: Mapping[str, str] | None = None) -> list[str]:
    """Codes to choose from, as they are typed: those asked for first, then every other one there is a name for."""
    first = [code for code in codes if code.isdigit()]
    rest = [code for code in sorted(_names()["zh"]) if code not in first]
    return [as_typed(code, own) for code in dict.fromkeys([*first, *rest])]
