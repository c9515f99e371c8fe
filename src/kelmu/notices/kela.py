"""Kela's back office as it is told answers: one signed POST for each, under a message id that never changes.

``POST {KELMU_KELA_URL}/notices/answers`` with the answer as JSON, ``Idempotency-Key`` (its message id) and
``Kelmu-Authorization: CLIENT_ID TIMESTAMP CHECKSUM``. The checksum is Base64 of HMAC-SHA256, by a key that
both sides know, over method, path, timestamp, message id and the SHA-256 of the body, a space between each.
Kela's side answers 200 with ``{"kept": MESSAGE_ID}``, to a repeated one too. Anything else is a fault, and it
comes again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from kelmu.core import clock
from kelmu.identity.http import OutboundClient

HEADER = "Kelmu-Authorization"
PATH = "/notices/answers"
TIMEOUT_S = 10.0
_HERE = {"localhost", "127.0.0.1", "::1"}


class KelaSettingsError(ValueError):
    """A setting of Kela's side is missing or makes no sense; the message names it, not its value."""


class Fault(StrEnum):
    """Why an answer was not delivered. ``REFUSED`` is the only one that waiting does not mend."""

    UNREACHABLE = "unreachable"
    BUSY = "busy"
    FAILED = "failed"
    UNREADABLE = "unreadable"
    REFUSED = "refused"


def checksum(key: str, timestamp: str, path: str, message_id: str, body: bytes) -> str:
    """The checksum of a POST."""
    digest = hashlib.sha256(body).hexdigest()
    signed = f"POST {path} {timestamp} {message_id} {digest}".encode()
    return base64.b64encode(hmac.new(key.encode(), signed, hashlib.sha256).digest()).decode("ascii")


@dataclass(frozen=True)
class KelaService:
    """Where answers go, and with which credentials."""

    base_url: str
    client_id: str
    key: str = field(repr=False)
    http: OutboundClient = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> KelaService | None:
        """As ``KELMU_KELA_URL``, ``KELMU_KELA_CLIENT_ID`` and ``KELMU_KELA_KEY`` (or ``_FILE``) say.

        None: none of them is set, and Kela fetches its answers.

        Raises:
            KelaSettingsError: one is missing, or the address is neither TLS nor on this machine.
        """
        url = environment.get("KELMU_KELA_URL", "").rstrip("/")
        client_id, key = environment.get("KELMU_KELA_CLIENT_ID", ""), _key(environment)
        if not url and not client_id and not key:
            return None
        values = {"KELMU_KELA_URL": url, "KELMU_KELA_CLIENT_ID": client_id, "KELMU_KELA_KEY": key}
        for name, value in values.items():
            if not value:
                raise KelaSettingsError(f"{name} is not set")
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
            raise KelaSettingsError("KELMU_KELA_URL must begin with https://, or be on this machine")
        if len(key) < 50:
            raise KelaSettingsError("KELMU_KELA_KEY must have at least 50 random characters")
        return cls(url, client_id, key, OutboundClient(TIMEOUT_S))

    def tell(self, message: Mapping[str, Any], now: datetime | None = None) -> Fault | None:
        """Send one answer. None: Kela's side has kept it."""
        body = json.dumps(message, sort_keys=True).encode()
        message_id = str(message["message_id"])
        timestamp = (now or clock.now()).isoformat(timespec="seconds")
        signed_path = urlsplit(self.base_url).path + PATH
        signature = checksum(self.key, timestamp, signed_path, message_id, body)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message_id,
            HEADER: f"{self.client_id} {timestamp} {signature}",
        }
        try:
            answer = self.http.post(f"{self.base_url}{PATH}", body, headers)
        except httpx.HTTPError:
            return Fault.UNREACHABLE
        return _fault(answer, message_id)


def _fault(answer: httpx.Response, message_id: str) -> Fault | None:
    if answer.status_code in {408, 425, 429, 503}:
        return Fault.BUSY
    if answer.status_code >= 500:
        return Fault.FAILED
    if 400 <= answer.status_code < 500:
        return Fault.REFUSED
    try:
        kept = answer.json()["kept"]
    except (ValueError, KeyError, TypeError):
        return Fault.UNREADABLE
    return None if answer.status_code == 200 and kept == message_id else Fault.UNREADABLE


def _key(environment: Mapping[str, str]) -> str:
    path = environment.get("KELMU_KELA_KEY_FILE")
    if not path:
        return environment.get("KELMU_KELA_KEY", "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise KelaSettingsError("KELMU_KELA_KEY_FILE names a file that cannot be read") from None
