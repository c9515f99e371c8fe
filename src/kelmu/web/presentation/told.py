"""Values of the doors' JSON about notices, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kelmu.core.formats import FINLAND

UNDO_FOR = timedelta(minutes=10)


def moment(text: str) -> datetime:
    """A moment by the clock in Finland."""
    return datetime.fromisoformat(text).astimezone(FINLAND)


def client_name(told: Mapping[str, Any]) -> str:
    """A client's name, the family name first."""
    return f"{told['family_name']}, {told['given_names']}"


def undo_until(at: datetime, now: datetime) -> tuple[datetime, int]:
    """Until when what was done can be taken back, and the minutes left, a begun one too; 0: none."""
    until = at + UNDO_FOR
    return until, max(0, -((now - until) // timedelta(minutes=1)))
