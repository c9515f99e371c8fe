"""Ports on the loopback address: the usual ones, or others when they are taken."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from tools.demo.progress import say


class NoPortError(RuntimeError):
    """Every port that was tried is taken."""


def is_free(port: int) -> bool:
    """Whether a server could listen on a port of this machine now."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                # As servers do, so that a port just left counts as free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError:
            if family == socket.AF_INET or _listens(address, port):
                return False
    return True


def _listens(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False


def choose(usual: int, purpose: str, avoid: Iterable[int] = ()) -> int:
    """The usual port, or the next free one; says so when it is another.

    Raises:
        NoPortError: a hundred ports on from the usual one are all taken.
    """
    taken = set(avoid)
    for port in range(usual, usual + 100):
        if port not in taken and is_free(port):
            if port != usual:
                say(f"Port {usual} is taken; {purpose} uses {port}.")
            return port
    raise NoPortError(f"no free port for {purpose} between {usual} and {usual + 99}")
