"""Stops everything when the demo itself dies without stopping it (killed, out of memory).

Runs as a process of its own, in its own session. It reads lines from the demo: ``group PID`` and
``postgres HOME`` say what there is to stop, ``done`` that all is stopped. If its input ends without
``done``, it stops all it has heard of.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.postgres.server import EmbeddedServer

_PATIENCE_S = 8.0


def group_lives(group: int) -> bool:
    """Whether a process group has a living member."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def stop_groups(groups: Sequence[int], reap: Callable[[], object] = lambda: None) -> None:
    """End process groups: asked first, after some patience killed. Returns when they are gone.

    Args:
        groups: their ids.
        reap: what a parent does to notice that its children ended; until then a dead one seems alive.
    """
    for group in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE_S
    while any(map(group_lives, groups)) and time.monotonic() < deadline:
        time.sleep(0.05)
        reap()
    for group in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def main() -> int:
    """Wait for the demo's end, and clean up after it if it did not."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: list[int] = []
    homes: list[Path] = []
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "done":
            return 0
        if word == "group":
            groups.append(int(rest))
        elif word == "postgres":
            homes.append(Path(rest))
    stop_groups(groups)
    for home in homes:
        EmbeddedServer(home).stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
