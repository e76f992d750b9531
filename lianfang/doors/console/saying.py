"""How the console speaks: plain lines, JSON, progress on anything long, refusals with their reasons."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from lianfang.ground.refusals import Refused


def say_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def say_refusal(no: Refused) -> None:
    """A refusal on standard error: the reason, then each field."""
    print(f"✗ {no.message}", file=sys.stderr)
    for name, reasons in no.fields.items():
        print(f"  {name}: {'; '.join(str(one) for one in reasons)}", file=sys.stderr)


def progress(label: str, total: int) -> Callable[[int], None]:
    """A counter on standard error that speaks at most five times a second, and once at the end; on a terminal it
    rewrites its line, elsewhere it writes one line every two seconds."""
    last, started, live = [0.0], time.monotonic(), sys.stderr.isatty()

    def tell(done: int) -> None:
        now = time.monotonic()
        if done < total and now - last[0] < (0.2 if live else 2.0):
            return
        if done >= total and now - started < 2 and not live:
            return
        last[0] = now
        text = f"{label} {done}/{total}"
        print(
            f"\r{text}" if live else text,
            end="\n" if done >= total or not live else "",
            file=sys.stderr,
            flush=True,
        )

    return tell
