"""The checksum header of the Suomi.fi-valtuudet web API."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

HEADER = "X-AsiointivaltuudetAuthorization"


def checksum(api_key: str, path_and_query: str, timestamp: str) -> str:
    """Base64 of HMAC-SHA256 over everything after the host, a space, and the timestamp as sent."""
    message = f"{path_and_query} {timestamp}".encode()
    return base64.b64encode(hmac.new(api_key.encode(), message, hashlib.sha256).digest()).decode("ascii")


def authorization(client_id: str, api_key: str, path_and_query: str, now: datetime) -> dict[str, str]:
    """The header for one request; ``now`` carries an offset, and the service allows five minutes of error."""
    if now.tzinfo is None:
        raise ValueError("the timestamp needs an offset")
    timestamp = now.isoformat(timespec="microseconds")
    return {HEADER: f"{client_id} {timestamp} {checksum(api_key, path_and_query, timestamp)}"}
