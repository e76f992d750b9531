"""A closed-loop HTTP/1.1 client for this machine alone: so many connections, each asks again when it was answered.
It never cuts an answer off, so a server is not hurt by being measured."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import NamedTuple

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Asked(NamedTuple):
    """What came of a run: answers per second, and the middle and the 95th of a hundred waits in milliseconds."""

    rate: float
    middle: float
    slow: float


def ask(port: int, request: Callable[[], bytes], expect: int, *, clients: int, seconds: float) -> Asked:
    """Ask for so many seconds, and at least once. Raises if an answer is not the expected one: a fast refusal is no
    measurement."""
    waits: list[float] = []

    async def client(end: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
        while True:
            began = time.perf_counter()
            writer.write(request())
            head = await reader.readuntil(b"\r\n\r\n")
            body = await _body(reader, head)
            waits.append(time.perf_counter() - began)
            if int(head[9:12]) != expect:
                raise RuntimeError((head + body[:2000]).decode(errors="replace"))
            if time.perf_counter() >= end:
                break
        writer.close()

    async def run() -> float:
        began = time.perf_counter()
        await asyncio.gather(*(client(began + seconds) for _ in range(clients)))
        return time.perf_counter() - began

    took = asyncio.run(run())
    waits.sort()
    return Asked(len(waits) / took, waits[len(waits) // 2] * 1e3, waits[int(len(waits) * 0.95)] * 1e3)


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if found := LENGTH.search(head):
        return await reader.readexactly(int(found[1]))
    parts = []
    while b"chunked" in head.lower():
        size = int((await reader.readline()).split(b";")[0], 16)
        part = await reader.readexactly(size + 2)
        if size == 0:
            break
        parts.append(part[:-2])
    return b"".join(parts)


def http(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as bytes."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{n.replace('_', '-')}: {v}" for n, v in headers.items()),
    ]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body
