"""One line for each request: route, method, status and time; no path, no query, no body, no person."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

_log: structlog.stdlib.BoundLogger = structlog.get_logger("kelmu.request")


class RequestLogMiddleware:
    """Gives each request an id, which is in every log line of it and in the answer, and logs it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and log how it went."""
        request_id = uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            started = time.perf_counter()
            response = self.get_response(request)
            match = request.resolver_match
            _log.info(
                "request",
                route=(match.view_name or "unnamed") if match else "none",
                method=request.method,
                status=response.status_code,
                duration_ms=round((time.perf_counter() - started) * 1000, 1),
            )
        response.headers["X-Request-Id"] = request_id
        return response
