"""``kelmu worker``: computed notices at their time, and answers to Kela."""

from __future__ import annotations

import signal

import structlog

from kelmu.config.environment import SettingsError, Working, read
from kelmu.config.logs import configure, logging_settings
from kelmu.notices.kela import KelaService, KelaSettingsError
from kelmu.notices.working import Worker

_log: structlog.stdlib.BoundLogger = structlog.get_logger("kelmu.worker")


def run() -> int:
    """Work until told to stop (SIGTERM or SIGINT); 1 if a job broke."""
    environment = read(Working)
    try:
        service = KelaService.from_environment()
    except KelaSettingsError as error:
        raise SettingsError(str(error)) from None
    configure(logging_settings("INFO"))
    worker = Worker(environment.worker_database_url.get_secret_value(), service, environment.pick_at)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: worker.stop())
    _log.info("starting" if service else "starting; no address of Kela's side, so it fetches its answers")
    status = worker.run()
    _log.info("stopped", status=status)
    return status
