"""Serve a simulator's application until it is told to stop, or until whoever started it is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import threading

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette


def serve(application: Starlette, port: int) -> None:
    """Answer on the loopback address and say ``ready ADDRESS`` when it does."""
    server = Server(
        application, address="127.0.0.1", port=port, interface=Interfaces.ASGINL, log_enabled=False
    )
    server.on_startup(lambda: print(f"ready http://localhost:{port}", flush=True))
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: _end())
    # The starter holds the other end of our standard input: when it is gone, so are we.
    threading.Thread(target=_wait_for_end, daemon=True).start()
    asyncio.run(server.serve())


def _wait_for_end() -> None:
    while os.read(0, 1024):
        pass
    _end()


def _end() -> None:
    # Nothing is kept on disc, and the server's own threads must not outlive the interpreter.
    os._exit(0)
