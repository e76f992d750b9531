"""As whom one can sign in to the demo street. Read from the street's own file, so that it cannot go stale."""

from __future__ import annotations

import tomllib

from lianfang.ground.home import CHECKOUT

DEMO_PASSWORD = "demo-2020-strawberry"  # noqa: S105 - demo accounts only; printed at every start
"""The one password of all demo accounts."""


def sign_in_sheet(*, english: bool) -> list[str]:
    """Lines to print: every account of the demo street with its name and its part."""
    given = tomllib.loads((CHECKOUT / "data" / "demo" / "street.toml").read_text(encoding="utf-8"))
    head = "Sign in as (password of all: %s)" if english else "登录名（口令都是 %s）"
    rows = [
        f"    {worker['sign_in']:<14} {worker['name']}  {worker.get('title', '')}"
        for worker in given["worker"]
    ]
    return ["  " + head % DEMO_PASSWORD, *rows]
