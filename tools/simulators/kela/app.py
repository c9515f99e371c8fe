"""Kela's side over HTTP: it keeps each answer once by its message id, and says so however often it comes.

401 for a bad or missing checksum or a clock more than five minutes off; 409 for a message id that came with
another message; 422 for what is no answer.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_CLOCK_ERROR = timedelta(minutes=5)
_KEYS = {
    "answer_id", "message_id", "notice_id", "number", "kela_number", "what", "outcome", "at", "visible_from",
}  # fmt: skip


@dataclass
class Simulator:
    """What was kept, in the order it came, how often each came, and how it behaves."""

    client_id: str
    key: str = field(repr=False)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    fault: str = "none"

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/health", self._health),
                Route("/notices/answers", self._take, methods=["POST"]),
                Route("/control/kept", self._tell, methods=["GET"]),
                Route("/control/{switch}", self._control, methods=["POST"]),
            ],
            exception_handlers={HTTPException: _as_json},
        )

    async def _health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        message_id = request.headers.get("idempotency-key", "")
        if self.fault == "slow":
            await asyncio.sleep(0.1)
        if self.fault == "other page":
            # As a proxy in between would, or a service that answers for another message.
            return JSONResponse({"kept": "another"})
        faults = {"down": 503, "failing": 500, "refusing": 403}
        if self.fault in faults:
            raise HTTPException(faults[self.fault], self.fault)
        self._require_signed(request, message_id, body)
        self.calls.append(message_id)
        if self.bodies.get(message_id, body) != body:
            raise HTTPException(409, "the message id came with another message")
        if message_id not in self.kept:
            self.kept[message_id] = _message(body, message_id)
            self.bodies[message_id] = body
        # As when the connection breaks after the other side has kept it.
        if self.fault == "losing receipts":
            raise HTTPException(500, "lost")
        return JSONResponse({"kept": message_id})

    async def _tell(self, _request: Request) -> Response:
        return JSONResponse({"kept": list(self.kept.values()), "calls": self.calls})

    async def _control(self, request: Request) -> Response:
        # A page of another origin cannot send this content type without asking first.
        if request.headers.get("content-type") != "application/json":
            raise HTTPException(415, "json only")
        body = await request.json()
        match request.path_params["switch"]:
            case "fault":
                self.fault = str(body["fault"])
            case "reset":
                self.fault = "none"
                self.kept.clear()
                self.bodies.clear()
                self.calls.clear()
            case _:
                raise HTTPException(404, "no such switch")
        return JSONResponse({"done": True})

    def _require_signed(self, request: Request, message_id: str, body: bytes) -> None:
        parts = request.headers.get("kelmu-authorization", "").split(" ")
        if len(parts) != 3 or parts[0] != self.client_id or not _is_now(parts[1]):
            raise HTTPException(401, "authorization")
        digest = hashlib.sha256(body).hexdigest()
        signed = f"POST {request.url.path} {parts[1]} {message_id} {digest}".encode()
        expected = base64.b64encode(hmac.new(self.key.encode(), signed, hashlib.sha256).digest())
        if not hmac.compare_digest(expected, parts[2].encode()):
            raise HTTPException(401, "checksum")


def _is_now(timestamp: str) -> bool:
    try:
        sent_at = datetime.fromisoformat(timestamp)
    except ValueError:
        return False
    return sent_at.tzinfo is not None and abs(datetime.now(UTC) - sent_at) <= _CLOCK_ERROR


def _message(body: bytes, message_id: str) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except ValueError:
        raise HTTPException(422, "no JSON") from None
    if not isinstance(message, dict) or set(message) != _KEYS or message["message_id"] != message_id:
        raise HTTPException(422, "no answer to a notice")
    return message


async def _as_json(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"errorMessage": error.detail}, error.status_code)
