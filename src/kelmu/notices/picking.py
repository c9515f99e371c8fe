"""A run of the pick rules: steps of ``door.pick_notices`` until the day is done."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from psycopg.rows import class_row

_STEP = "SELECT * FROM door.pick_notices(%s)"
# The lock the door takes for each step; held here for the whole run.
_LOCK = "SELECT pg_try_advisory_lock(5013, 6)"
_PATIENCE_S, _ASK_EVERY_S = 10.0, 0.2
_UNLOCK = "SELECT pg_advisory_unlock(5013, 6)"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. ``state``: looking, sending or done; ``persons``: in the register when it began."""

    state: str
    judged_on: date
    persons: int
    looked_at: int
    picked: int
    sent: int


class RunUnderWayError(RuntimeError):
    """Another run has not ended."""


def pick_notices(
    connection: psycopg.Connection[Any], on: date, tell: Callable[[Progress], object] = lambda _: None
) -> Progress:
    """Send every notice that is due by computation on a day and was not sent yet.

    Each step commits by itself; a run that is killed is taken up by the next, which goes on where it was.
    A run of another day that had begun to send is finished first. What is promised about "once" is said at
    ``door.pick_notices``; how a first batch is spread over weeks in ``kelmu.notices.release``.

    Args:
        connection: as ``kelmu_worker``, in autocommit mode.
        on: the day judged: today, or one of the 31 days before for a run that was missed.
        tell: is told of each step.

    Raises:
        RunUnderWayError: another run is under way. The last step of one that was killed is waited for.
        psycopg.Error: the door refused (KL010 for such a day, KL031 where a source cannot be read), or the
            database is lost. What was sent by then is sent.
    """
    _take_lock(connection)
    try:
        while True:
            progress = _step(connection, on)
            tell(progress)
            if progress.state == "done" and progress.judged_on == on:
                return progress
    finally:
        if not connection.closed:
            connection.execute(_UNLOCK)


def _take_lock(connection: psycopg.Connection[Any]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while connection.execute(_LOCK).fetchone() != (True,):
        if time.monotonic() > until:
            raise RunUnderWayError("another run is under way")
        time.sleep(_ASK_EVERY_S)


def _step(connection: psycopg.Connection[Any], on: date) -> Progress:
    with connection.cursor(row_factory=class_row(Progress)) as cursor:
        progress = cursor.execute(_STEP, [on]).fetchone()
    assert progress is not None
    return progress
