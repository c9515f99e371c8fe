"""Start the mandate simulator: ``python -m tools.simulators.mandates --port … --cast … --redirect-uri …``.

Credentials come from the environment (``KELMU_MANDATES_CLIENT_ID``, ``KELMU_MANDATES_API_KEY``,
``KELMU_MANDATES_OAUTH_PASSWORD``), as the service itself reads them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import threading
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from tools.simulators.mandates.app import Simulator
from tools.simulators.mandates.cast import MandateRegister
from tools.simulators.mandates.checks import Credentials


def _simulator(options: argparse.Namespace) -> Simulator:
    credentials = Credentials(
        client_id=os.environ["KELMU_MANDATES_CLIENT_ID"],
        api_key=os.environ["KELMU_MANDATES_API_KEY"],
        oauth_password=os.environ["KELMU_MANDATES_OAUTH_PASSWORD"],
        redirect_uris=frozenset(options.redirect_uri),
    )
    return Simulator(credentials, MandateRegister.load(options.cast, options.themes))


def _serve(options: argparse.Namespace) -> None:
    address = f"http://localhost:{options.port}"
    server = Server(
        _simulator(options).app(),
        address="127.0.0.1",
        port=options.port,
        interface=Interfaces.ASGINL,
        log_enabled=False,
    )
    server.on_startup(lambda: print(f"ready {address}", flush=True))
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


def main() -> None:
    """Read the options and serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--cast", type=Path, required=True, help="JSON of persons, organisations and rights")
    parser.add_argument("--themes", type=Path, required=True, help="TOML of mandate theme addresses")
    parser.add_argument("--redirect-uri", action="append", required=True)
    _serve(parser.parse_args())


if __name__ == "__main__":
    main()
