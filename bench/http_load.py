"""HTTP load over kept-alive connections: as fast as it goes, or at a fixed rate whatever the answers do.

It shares the machine with what it measures, so it is one thread over bare sockets. Every answer has to be a
200 of the length it says, and, where the same is asked again, the same bytes as before if told so.
"""

from __future__ import annotations

import random
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.pgbench import WARM_UP_S

_LENGTH = b"\r\ncontent-length:"


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
    """One kept-alive connection with one request under way."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.socket = socket.create_connection((parts.hostname or "", parts.port or 80))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes, since: float) -> None:
        """Send a request that is timed from ``since``."""
        self.request, self.since, self._received = request, since, b""
        self.socket.sendall(request)

    def answer(self) -> bytes | None:
        """The body, once the answer is whole; RuntimeError unless it is a 200."""
        came = self.socket.recv(65536)
        if not came:
            raise RuntimeError("the server has closed the connection")
        self._received += came
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return None
        length = int(head[head.lower().index(_LENGTH) + len(_LENGTH) :].split(b"\r\n", 1)[0])
        if len(body) < length:
            return None
        if len(body) > length or not head.startswith(b"HTTP/1.1 200 "):
            said = head.split(b"\r\n")[0].decode()
            raise RuntimeError(f"{said}, {length} bytes: {body[:200].decode(errors='replace')}")
        return body


class _Lines:
    """Connections to one address, opened as they are needed."""

    def __init__(self, address: str, requests: Sequence[bytes], *, same: bool) -> None:
        self._address, self._requests = address, requests
        self._seen: dict[bytes, bytes] | None = {} if same else None
        self._idle: list[_Line] = []
        self._selector = selectors.DefaultSelector()
        self.awaited = 0

    def ask(self, since: float) -> None:
        """Make one of the requests, timed from ``since``."""
        line = self._idle.pop() if self._idle else self._opened()
        self.awaited += 1
        line.ask(random.choice(self._requests), since)  # noqa: S311 - load, no secret

    def _opened(self) -> _Line:
        line = _Line(self._address)
        self._selector.register(line.socket, selectors.EVENT_READ, line)
        return line

    def answers(self, timeout: float | None) -> Iterator[tuple[float, float]]:
        """Whatever is answered next, as the moments it was timed from and came; nothing after ``timeout``."""
        for key, _events in self._selector.select(timeout):
            line: _Line = key.data
            body = line.answer()
            if body is None:
                continue
            came = time.perf_counter()
            if self._seen is not None and self._seen.setdefault(line.request, body) != body:
                raise RuntimeError("the same request is answered otherwise than before")
            self.awaited -= 1
            self._idle.append(line)
            yield line.since, came

    def close(self) -> None:
        """Close the idle connections."""
        for line in self._idle:
            line.socket.close()
        self._selector.close()


def closed_loop(address: str, requests: Sequence[bytes], *, connections: int, seconds: float) -> Taken:
    """Each connection asks again as soon as it is answered; a warm-up does not count.

    The same request has to be answered by the same bytes each time.
    """
    lines = _Lines(address, requests, same=True)
    taken, counts_from = Taken(), time.perf_counter() + WARM_UP_S
    until = counts_from + seconds
    for _ in range(connections):
        lines.ask(time.perf_counter())
    while lines.awaited:
        for since, came in lines.answers(None):
            if since >= counts_from:
                taken.seconds.append(came - since)
            if came < until:
                lines.ask(came)
    taken.elapsed = time.perf_counter() - counts_from
    lines.close()
    return taken


def open_loop(address: str, requests: Sequence[bytes], *, rate: float, seconds: float) -> Taken:
    """Requests arrive at a fixed rate; each is timed from when it should have been sent."""
    lines = _Lines(address, requests, same=False)
    taken, begun = Taken(), time.perf_counter()
    waiting = [begun + number / rate for number in reversed(range(int(rate * seconds)))]
    while waiting or lines.awaited:
        while waiting and waiting[-1] <= time.perf_counter():
            lines.ask(waiting.pop())
        timeout = max(0.0, waiting[-1] - time.perf_counter()) if waiting else None
        taken.seconds += [came - since for since, came in lines.answers(timeout)]
    taken.elapsed = time.perf_counter() - begun
    lines.close()
    return taken
