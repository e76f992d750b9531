"""As whom one can sign in to the demo street, for the console to print."""

from __future__ import annotations

from lianfang.doors.demo import DEMO_PASSWORD, demo_accounts


def sign_in_sheet(*, english: bool) -> list[str]:
    """Lines to print: every account of the demo street with its name and its part."""
    head = "Sign in as (password of all: %s)" if english else "登录名（口令都是 %s）"
    rows = [f"    {one.login:<14} {one.name}  {one.title}" for one in demo_accounts()]
    more = (
        "further into the story: --to morning, --to fever …"
        if english
        else "接着往下看：加 --to morning、--to fever 等"
    )
    return ["  " + head % DEMO_PASSWORD, *rows, f"  {more}  docs/handbook/rest-of-the-night.md"]
