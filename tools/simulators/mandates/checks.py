"""What the service demands of each call: checksum, clock, and the client's own credentials."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.requests import Request

from tools.simulators.mandates.store import now

HEADER = "x-asiointivaltuudetauthorization"
CLOCK_ERROR = timedelta(minutes=5)


@dataclass(frozen=True)
class Credentials:
    """The one client this simulator serves."""

    client_id: str
    api_key: str = field(repr=False)
    oauth_password: str = field(repr=False)
    redirect_uris: frozenset[str]

    def signed(self, request: Request) -> bool:
        """Whether the checksum holds for the path as it came over the wire and the clock is near ours."""
        parts = request.headers.get(HEADER, "").split(" ")
        if len(parts) != 3 or parts[0] != self.client_id:
            return False
        _, timestamp, given = parts
        try:
            sent_at = datetime.fromisoformat(timestamp)
        except ValueError:
            return False
        if sent_at.tzinfo is None or abs(now() - sent_at) > CLOCK_ERROR:
            return False
        return hmac.compare_digest(self._checksum(_as_sent(request), timestamp).encode(), given.encode())

    def basic(self, request: Request) -> bool:
        """Whether the client authenticates itself for tokens."""
        expected = base64.b64encode(f"{self.client_id}:{self.oauth_password}".encode()).decode()
        return hmac.compare_digest(
            f"Basic {expected}".encode(), request.headers.get("authorization", "").encode()
        )

    def _checksum(self, path_and_query: str, timestamp: str) -> str:
        digest = hmac.new(
            self.api_key.encode(), f"{path_and_query} {timestamp}".encode(), hashlib.sha256
        ).digest()
        return base64.b64encode(digest).decode()


def _as_sent(request: Request) -> str:
    path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope["query_string"]
    path = path.split(b"?", 1)[0]
    return (path + b"?" + query if query else path).decode("ascii", "replace")
