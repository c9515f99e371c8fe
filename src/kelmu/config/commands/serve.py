"""``kelmu serve``: the web server."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import structlog
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from kelmu.config.environment import WebEnvironment
from kelmu.config.logs import configure, logging_settings

_log: structlog.stdlib.BoundLogger = structlog.get_logger("kelmu.serve")


def _settings() -> WebEnvironment:
    """Read here as well as in the workers, so that a fault stops the start with one line."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "kelmu.config.settings"
    environment = importlib.import_module("kelmu.config.settings").KELMU
    assert isinstance(environment, WebEnvironment)
    return environment


def _serve(environment: WebEnvironment) -> None:
    Granian(
        "kelmu.config.wsgi:application",
        address=environment.listen_host,
        port=environment.listen_port,
        interface=Interfaces.WSGI,
        workers=environment.workers,
        blocking_threads=environment.threads,
        http=HTTPModes.auto,
        websockets=False,
        log_level=LogLevels.info,
        log_dictconfig=logging_settings(environment.log_level),
        log_access=False,
        ssl_cert=environment.tls_certificate,
        ssl_key=environment.tls_key,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        working_dir=Path("/"),
    ).serve()


def run() -> int:
    """Serve until told to stop (SIGTERM or SIGINT)."""
    environment = _settings()
    configure(logging_settings(environment.log_level))
    _log.info("starting", environment=environment.environment.value, port=environment.listen_port)
    if not environment.secure:
        _log.warning("plain HTTP: cookies are neither Secure nor __Host-; for demo and test only")
    _serve(environment)
    return 0
