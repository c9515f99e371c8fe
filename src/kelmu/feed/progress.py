"""How far a load is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_BAR_EVERY_S, _LINE_EVERY_S = 0.1, 5.0
_WIDTH = 24
_CLEAR = "\r\x1b[2K"


class Told:
    """Tells of each step of a load, with rows a second.

    Args:
        stream: where to; a bar is drawn if it is a terminal.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._bar = self._stream.isatty()
        self._step = ("", "")
        self._began = self._told = time.monotonic()

    def __call__(self, doing: str, table: str, rows: int, promised: int) -> None:
        """``rows`` of ``promised`` are done of a step of a table."""
        now = time.monotonic()
        if (doing, table) != self._step:
            self._step, self._began = (doing, table), now
        if now - self._told < (_BAR_EVERY_S if self._bar else _LINE_EVERY_S):
            return
        self._told = now
        self._write(doing, table, rows, promised, rows / max(now - self._began, 0.001))

    def done(self) -> None:
        """Take the bar away."""
        if self._bar:
            self._stream.write(_CLEAR)
            self._stream.flush()

    def _write(self, doing: str, table: str, rows: int, promised: int, rate: float) -> None:
        speed = f", {rate:,.0f} rows/s" if rows else ""
        text = f"{doing} {table}: {rows:,} of {promised:,} rows{speed}"
        if not self._bar:
            self._stream.write(f"feed: {text}\n")
            return
        full = _WIDTH * min(rows, promised) // promised if promised else _WIDTH
        self._stream.write(f"{_CLEAR}[{'#' * full}{' ' * (_WIDTH - full)}] {text}")
        self._stream.flush()
