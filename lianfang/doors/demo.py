"""The accounts of the demo street, read from the street's own file so that they cannot go stale."""

from __future__ import annotations

import tomllib
from typing import NamedTuple

from lianfang.ground.home import CHECKOUT

DEMO_PASSWORD = "demo-2020-strawberry"  # noqa: S105 - demo accounts only; printed at every start
"""The one password of all demo accounts."""


class DemoAccount(NamedTuple):
    """One account of the demo street: the name to sign in with, whose it is, in which role and at which place."""

    login: str
    name: str
    title: str
    role: str
    place: str


def demo_accounts() -> list[DemoAccount]:
    """Every account of the demo street, in the order of its file."""
    given = tomllib.loads((CHECKOUT / "data" / "demo" / "street.toml").read_text(encoding="utf-8"))
    names = {area["code"]: area["name"] for area in given["area"]}
    return [
        DemoAccount(
            one["sign_in"], one["name"], one.get("title", ""), one["role"], names.get(one["where"][:12], "")
        )
        for one in given["worker"]
    ]
