"""Sign-ins under way in one browser: each tab its own, each answered once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

LIFETIME = timedelta(minutes=15)
_MOST_AT_ONCE = 8


@dataclass(frozen=True)
class Attempt:
    """One sign-in under way: what its answer must carry, and where the browser wanted to go."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    started_at: datetime
    return_path: str

    @classmethod
    def begin(cls, return_path: str, now: datetime) -> Attempt:
        """A new attempt; state, nonce and verifier are 256 random bits each (43 characters)."""
        return cls(
            secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(32), now, return_path
        )


def with_attempt(kept: list[dict[str, Any]], attempt: Attempt) -> list[dict[str, Any]]:
    """The list with one more, the oldest dropped beyond eight."""
    as_json = asdict(attempt) | {"started_at": attempt.started_at.isoformat()}
    return [*kept, as_json][-_MOST_AT_ONCE:]


def take_attempt(
    kept: list[dict[str, Any]], state: str, now: datetime
) -> tuple[Attempt | None, list[dict[str, Any]]]:
    """The attempt of this state if it is still alive, and the list without it."""
    found = next((_read(entry) for entry in kept if secrets.compare_digest(str(entry["state"]), state)), None)
    rest = [entry for entry in kept if entry["state"] != state]
    if found and now - found.started_at > LIFETIME:
        found = None
    return found, rest


def _read(entry: Mapping[str, Any]) -> Attempt:
    return Attempt(
        state=entry["state"],
        nonce=entry["nonce"],
        verifier=entry["verifier"],
        started_at=datetime.fromisoformat(entry["started_at"]),
        return_path=entry["return_path"],
    )
