"""Being asked to stop: Ctrl-C, a closed terminal, ``kill``, the death of the parent."""

from __future__ import annotations

import ctypes
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1


class Stopped(BaseException):
    """Somebody asked the demo to stop. Not an Exception: no handler of errors may swallow it."""


class Interruptions:
    """Turns the first request to stop into ``Stopped``, at a moment that leaves nothing half started."""

    def __init__(self) -> None:
        self._held = False
        self._wanted = False

    def obey(self) -> None:
        """From now on stop when asked, also when the parent dies (Linux)."""
        for number in SIGNALS:
            signal.signal(number, self._asked)
        if sys.platform == "linux":
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Put a request off until the block is over: for steps that start what they then remember."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._wanted:
            raise Stopped

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        self._wanted = True
        if not self._held:
            raise Stopped
