"""Outbound HTTP to identification, mandates and Kela's side: short time limits, no trace of addresses.

The mandate service's paths hold a personal identity code, so httpx and httpcore must never log a
request. Levels can be changed by a log configuration; the filter set here refuses every record of
those loggers whatever their level.
"""

from __future__ import annotations

import atexit
import logging
import threading
from functools import cache

import httpx

_SILENT = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)
_MAX_ANSWER_BYTES = 1_000_000


class AnswerTooLargeError(httpx.HTTPError):
    """The other side sent more than this service reads from a protocol answer."""


def _refuse(_record: logging.LogRecord) -> bool:
    return False


def silence_http_logging() -> None:
    """Refuse every log record of the HTTP client's loggers. Safe to call again."""
    for name in _SILENT:
        logger = logging.getLogger(name)
        if _refuse not in logger.filters:
            logger.addFilter(_refuse)


silence_http_logging()


class OutboundClient:
    """A pooled client that follows no redirects, takes no proxy from the environment and reads small answers.

    Every failure of the transport is an ``httpx.HTTPError``. No status is turned into an exception:
    httpx would write the address into it.
    """

    def __init__(self, timeout_seconds: float) -> None:
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout_seconds),
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_connections=50, max_keepalive_connections=10, keepalive_expiry=10.0),
            headers={"Accept": "application/json", "User-Agent": "kelmu"},
        )

    def get(self, url: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """GET ``url`` exactly as written."""
        return self._send(self._client.build_request("GET", url, headers=headers))

    def post_form(
        self, url: str, form: dict[str, str], headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """POST ``form`` as ``application/x-www-form-urlencoded``."""
        return self._send(self._client.build_request("POST", url, data=form, headers=headers))

    def post(self, url: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        """POST exactly these bytes."""
        return self._send(self._client.build_request("POST", url, content=content, headers=headers))

    def close(self) -> None:
        """Close the pooled connections."""
        self._client.close()

    def _send(self, request: httpx.Request) -> httpx.Response:
        response = self._client.send(request, stream=True)
        try:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > _MAX_ANSWER_BYTES:
                    raise AnswerTooLargeError("answer too large")
        finally:
            response.close()
        # The body has been decoded already, so the headers that describe its coding no longer hold.
        headers = httpx.Headers(
            [
                (k, v)
                for k, v in response.headers.multi_items()
                if k.lower() not in {"content-encoding", "content-length"}
            ]
        )
        return httpx.Response(response.status_code, headers=headers, content=bytes(content))


_making = threading.Lock()


@cache
def _client(timeout_seconds: float) -> OutboundClient:
    client = OutboundClient(timeout_seconds)
    atexit.register(client.close)
    return client


def outbound(timeout_seconds: float) -> OutboundClient:
    """The process's client with this time limit (seconds, for each of connect, read, write)."""
    with _making:
        return _client(timeout_seconds)
