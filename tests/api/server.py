"""The web server itself, as ``kelmu serve`` runs it, in front of a test database."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx

from tests.databases import ROOT, Database


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextlib.contextmanager
def serving(
    database: Database, log: Path, *, module: Sequence[str] = ("kelmu", "serve"), **settings: str
) -> Iterator[str]:
    """The server's address, until the block ends. Its settings are the test run's but for those given."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "KELMU_PUBLIC_URL": address,
        "KELMU_LISTEN_PORT": str(port),
        "KELMU_DATABASE_URL": database.url(),
        **settings,
    }
    with log.open("wb") as output, subprocess.Popen(
        [sys.executable, "-m", *module], cwd=ROOT, env=environment, stdout=output, stderr=output
    ) as process:  # fmt: skip
        try:
            _wait(process, address, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{address}/api/v1/me", trust_env=False).status_code < 500:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server does not answer: {log.read_text(errors='replace')}")
