"""Operational logs: one JSON object a line, only fields from a list, never data about persons.

A message of a library is written as its template without arguments, an exception as its type and
the places it passed through, without its text: either could hold what somebody typed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import logging.config
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

ALLOWED_FIELDS = frozenset({
    "action", "attempt", "cause", "channel", "count", "duration_ms", "environment", "event", "exception",
    "frames", "level", "logger", "method", "outcome", "port", "request_id", "route", "rows", "seconds",
    "service", "source", "status", "table", "timestamp", "version", "worker",
})  # fmt: skip
"""The fields a line may have. A field is added here only when it can never hold personal data."""

_MADE_BY_US = frozenset({"request_id", "timestamp"})
"""Never masked: a random request id can happen to look like an identity code."""

_TEMPLATES_OF = ("django", "_granian", "granian", "psycopg", "whitenoise", "asyncio", "py.warnings")
"""Libraries whose message templates are constant text; from others not even the template is written."""

_IDENTITY_CODE = re.compile(r"\d{6}[-+A-Fa-fU-Yu-y]\d{3}[0-9A-Za-z]")
_LONGEST = 300
_HARMLESS = (type(None), bool, int, float)
_TO_JSON = json.JSONEncoder(sort_keys=True).encode

Event = MutableMapping[str, Any]
ExceptionTriple = tuple[type[BaseException], BaseException, TracebackType | None]


def _message_of_library(_logger: object, _method: str, event: Event) -> Event:
    record: logging.LogRecord = event["_record"]
    known = record.name.split(".")[0] in _TEMPLATES_OF
    event["event"] = str(record.msg) if known else "message of a library, withheld"
    event["exc_info"] = record.exc_info
    return event


def _frame(frame: traceback.FrameSummary) -> str:
    return f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"


def _exception(_logger: object, _method: str, event: Event) -> Event:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    if isinstance(given, BaseException):
        given = (type(given), given, given.__traceback__)
    if isinstance(given, tuple) and given[0] is not None:
        kind, _, trace = given
        event["exception"] = f"{kind.__module__}.{kind.__qualname__}"
        event["frames"] = [_frame(frame) for frame in traceback.extract_tb(trace)][-20:]
    return event


def _safe(value: object) -> object:
    if isinstance(value, _HARMLESS):
        return value
    if isinstance(value, list):
        return [_safe(item) for item in value]
    return _IDENTITY_CODE.sub("******", str(value))[:_LONGEST]


def only_allowed_fields(_logger: object, _method: str, event: Event) -> Event:
    """Keep the fields of the list; anything shaped like an identity code is masked even in those."""
    return {
        name: value if name in _MADE_BY_US else _safe(value)
        for name, value in event.items()
        if name in ALLOWED_FIELDS
    }


def _only_wanted(logger: OwnLines, method: str, event: Event) -> Event:
    if not logger.writes(structlog.processors.NAME_TO_LEVEL[method]):
        raise structlog.DropEvent
    return event


def _as_json(_logger: object, _method: str, event: Event) -> str:
    return _TO_JSON(event)


_whole_lines = threading.Lock()


def _write(line: str) -> None:
    """To whatever standard error is at the moment; a replaced stream is never held on to."""
    with _whole_lines:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


class StandardError(logging.Handler):
    """Writes the lines of libraries."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            _write(self.format(record))
        except Exception:  # noqa: BLE001 - logging must never end a request; the module's own way out
            self.handleError(record)


class OwnLines:
    """Writes our own lines, finished as they come, without the detour over a record of ``logging``.

    Which are written is up to the level of the logger of that name there.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.writes = logging.getLogger(name).isEnabledFor

    def write(self, line: str) -> None:
        """Write one line. Where it cannot be written, nothing else can be said about it either."""
        with contextlib.suppress(OSError, ValueError):
            _write(line)

    debug = info = warning = error = exception = critical = write


_STAMPS = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
_FINISH = (_exception, only_allowed_fields, _as_json)


def logging_settings(level: str) -> dict[str, Any]:
    """The ``logging`` configuration: everything goes as JSON lines to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [_message_of_library, structlog.contextvars.merge_contextvars, *_STAMPS],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *_FINISH,
                ],
            }
        },
        "handlers": {"lines": {"()": StandardError, "formatter": "lines"}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # Its lines name the path; ours name the route.
            "django.request": {"level": "ERROR"},
            # The mandate service's paths hold an identity code.
            "httpx": {"handlers": [], "level": "CRITICAL", "propagate": False},
            "httpcore": {"handlers": [], "level": "CRITICAL", "propagate": False},
            "_granian": {"handlers": [], "level": "INFO", "propagate": True},
            "granian.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }


def configure(settings: dict[str, Any]) -> None:
    """Set ``logging`` and structlog up. Django calls it at the start with ``LOGGING``."""
    logging.config.dictConfig(settings)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            _only_wanted,
            structlog.contextvars.merge_contextvars,
            *_STAMPS,
            *_FINISH,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=OwnLines,
        cache_logger_on_first_use=True,
    )
