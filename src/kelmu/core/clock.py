"""The one clock. UTC for moments, Europe/Helsinki for days and deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")

_stopped_at: datetime | None = None


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _stopped_at or datetime.now(UTC)


def today() -> date:
    """The day it is now in Finland. Near midnight it differs from the UTC day."""
    return now().astimezone(HELSINKI).date()


@contextmanager
def stopped(at: datetime) -> Iterator[datetime]:
    """Stop the clock of this process (every thread of it) at a moment; for tests. May be nested.

    The database keeps its own time: what a door decides is not moved by this.

    Raises:
        ValueError: ``at`` is naive; a moment without an offset names no moment.
    """
    if at.tzinfo is None:
        raise ValueError("a naive time names no moment")
    global _stopped_at  # noqa: PLW0603 - one clock per process, seen by the threads of a test's live server
    before, _stopped_at = _stopped_at, at.astimezone(UTC)
    try:
        yield _stopped_at
    finally:
        _stopped_at = before
