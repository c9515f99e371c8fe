"""HTTP load over kept-alive connections: as fast as it goes, or at a fixed rate whatever the answers do."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.pgbench import WARM_UP_S


@dataclass
class Taken:
    """What a run took: seconds of each request, and of the whole."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return len(self.seconds) / self.elapsed


def request_bytes(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in {**headers, "Content-Length": str(len(body))}.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class _Line:
    """One kept-alive connection."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.port = parts.hostname, parts.port

    async def open(self) -> _Line:
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        return self

    async def ask(self, request: bytes) -> None:
        """Send a request and read its answer; RuntimeError unless it is 200."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        body = await self.reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{head.splitlines()[0].decode()}: {body[:200].decode(errors='replace')}")


def closed_loop(address: str, requests: Sequence[bytes], *, connections: int, seconds: float) -> Taken:
    """Each connection asks again as soon as it is answered; a warm-up does not count."""

    async def run() -> Taken:
        taken, counts_from = Taken(), time.perf_counter() + WARM_UP_S
        until = counts_from + seconds
        lines = [await _Line(address).open() for _ in range(connections)]

        async def work(line: _Line) -> None:
            while (begun := time.perf_counter()) < until:
                await line.ask(random.choice(requests))  # noqa: S311 - load, no secret
                if begun >= counts_from:
                    taken.seconds.append(time.perf_counter() - begun)

        await asyncio.gather(*map(work, lines))
        taken.elapsed = time.perf_counter() - counts_from
        return taken

    return asyncio.run(run())


def open_loop(address: str, requests: Sequence[bytes], *, rate: float, seconds: float) -> Taken:
    """Requests arrive at a fixed rate; each is timed from when it should have been sent."""

    async def run() -> Taken:
        taken = Taken()
        idle: asyncio.LifoQueue[_Line] = asyncio.LifoQueue()

        async def one(due: float) -> None:
            line = idle.get_nowait() if not idle.empty() else await _Line(address).open()
            await line.ask(random.choice(requests))  # noqa: S311 - load, no secret
            taken.seconds.append(time.perf_counter() - due)
            idle.put_nowait(line)

        begun = time.perf_counter()
        tasks = []
        for number in range(int(rate * seconds)):
            due = begun + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(one(due)))
        await asyncio.gather(*tasks)
        taken.elapsed = time.perf_counter() - begun
        return taken

    return asyncio.run(run())
