"""The console ``lianfang``: what an operator does, and every deed anybody can do, in words.

Exit codes: 0 done · 1 refused, or something is wrong · 2 not understood · 3 nothing written yet, it waits for --yes ·
4 cannot start · 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import import_module
from typing import NamedTuple

from lianfang.ground import embedded, home

REFUSED, MISUNDERSTOOD, UNCONFIRMED, CANNOT_START, INTERRUPTED = 1, 2, 3, 4, 130


class Command(NamedTuple):
    """A command: its module here, one line about it in Chinese and English, and what it needs."""

    module: str
    zh: str
    en: str
    database: bool = True
    hidden: bool = False


COMMANDS = {
    "up": Command("up", "启动：数据库、网页和后台", "start: database, web and worker", database=False),
    "import": Command("importing", "导入一份居民底册（.xlsx）", "import a household register (.xlsx)"),
    "decide": Command(
        "rules", "按某日某地的规定判一判", "what the rules say on a day at a place", database=False
    ),
    "facts": Command("rules", "规定里用到的事实", "the facts the rules speak of", database=False),
    "act": Command("acting", "以某人的身份记一笔", "do one deed as somebody"),
    "find": Command("finding", "找人、找门牌", "find a person or a door"),
    "timeline": Command("acting", "一户或一件事的来龙去脉", "the story of a door or a matter"),
    "check": Command("checking", "体检：数据库、迁移、钥匙、规定", "is this installation sound?"),
    "seal": Command("sealing", "封存流水，打印链头", "seal the notebook, print the heads"),
    "verify": Command("sealing", "核对封条，指出第一条不符的", "check the seals, name the first wrong line"),
    "keys": Command("keys", "钥匙：查看、导出、更换", "keys: look, export, change"),
    "token": Command("tokens", "接口令牌：发放、查看、收回", "tokens of the API: issue, list, withdraw"),
    "migrate": Command("serving", "更新数据表和行级权限", "bring tables and row-level security to date"),
    "demo": Command("serving", "装入演示街道", "load the demo street", hidden=True),
    "worker": Command("serving", "后台：后续事项和时钟", "the worker: follow-ups and the clock", hidden=True),
}


def language() -> str:
    """The operator's language: ``LIANFANG_LANG``, else English only if the terminal says so."""
    given = os.environ.get("LIANFANG_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if given.lower().startswith("en") else "zh-hans"


def _listing(english: bool) -> str:
    rows = [
        f"  {name:<10}{one.en if english else one.zh}" for name, one in COMMANDS.items() if not one.hidden
    ]
    head = (
        "usage: lianfang COMMAND [...]   (lianfang COMMAND --help)"
        if english
        else "用法：lianfang 命令 …   （lianfang 命令 --help）"
    )
    return "\n".join([head, "", *rows])


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    english = language() == "en"
    if not given or given[0] in ("-h", "--help", "help"):
        print(_listing(english))
        return 0
    name, rest = given[0], given[1:]
    if name not in COMMANDS:
        print(_listing(english), file=sys.stderr)
        return MISUNDERSTOOD
    try:
        return _run(name, rest)
    except home.CannotStart as trouble:
        print(trouble.en if english else trouble.zh, file=sys.stderr)
        return CANNOT_START
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _run(name: str, rest: list[str]) -> int:
    command, help_only = COMMANDS[name], bool({"-h", "--help"} & set(rest))
    with ExitStack() as stack:
        if command.database and not help_only:
            _reach_database(stack)
        if name != "up":
            _wake_django()
        module = import_module(f"{__name__}.{command.module}")
        about = command.en if language() == "en" else command.zh
        parser = argparse.ArgumentParser(prog=f"lianfang {name}", description=about)
        module.arguments(name, parser)
        code: int = module.run(name, parser.parse_args(rest))
        return code


def _reach_database(stack: ExitStack) -> None:
    """The database of the settings, else this home's own (the one that runs, or ours for as long as we need it)."""
    if os.environ.get("LIANFANG_DATABASE_URL"):
        return
    found = stack.enter_context(embedded.reach(home.home()))
    os.environ["LIANFANG_DATABASE_URL"], os.environ["LIANFANG_OWNER_URL"] = found.app_url, found.owner_url


def _wake_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(language())
