"""Saying what is under way: one line a step, with its time when it is over."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    """Write a line for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step at its start and give its time at its end."""
    started = time.monotonic()
    say(f"• {text} …")
    yield
    say(f"  done in {time.monotonic() - started:.1f} s")
