"""The demo as its user meets it: it starts, says where it is, and leaves nothing running however it ends."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tools.postgres.server import EmbeddedServer

ROOT = Path(__file__).resolve().parents[2]
FIRST_START_S = 120
SECOND_START_S = 30  # alone it takes three; other tests run beside it
STOP_S = 20


@dataclass
class Demo:
    """A running demo, in a session of its own as in a terminal of its own."""

    data: Path
    process: subprocess.Popen[str]
    said: str = ""

    def wait_until_ready(self, within: float) -> str:
        """Read what it says until it has said where it is; returns the address."""
        assert self.process.stderr is not None
        deadline = time.monotonic() + within
        for line in self.process.stderr:
            self.said += line
            if line.startswith("Ctrl-C"):
                break
            assert time.monotonic() < deadline, self.said
        found = re.search(r"Kelmu is at (http://127\.0\.0\.1:\d+)", self.said)
        assert found, self.said
        return found[1]

    def wait_until_ended(self, within: float = STOP_S) -> int:
        said = self.process.communicate(timeout=within)[1]
        self.said += said
        return self.process.returncode

    def processes(self) -> list[psutil.Process]:
        """The demo's process and everything it has started, the database included."""
        server = EmbeddedServer(self.data / "postgres")
        mine = psutil.Process(self.process.pid).children(recursive=True)
        postmaster = int((server.data / "postmaster.pid").read_text().splitlines()[0])
        database = psutil.Process(postmaster)
        return [*mine, database, *database.children()]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo")
    yield folder
    EmbeddedServer(folder / "postgres").destroy()


@contextlib.contextmanager
def started(data: Path, persons: int = 300) -> Iterator[Demo]:
    """A demo that is over when the block is, also when a test failed."""
    with subprocess.Popen(
        [sys.executable, "-m", "tools.demo", "--persons", str(persons), "--data", str(data)],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            yield Demo(data, process)
        finally:
            process.terminate()


def gone(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run when they have had time to end."""
    return psutil.wait_procs(processes, timeout=STOP_S)[1]


def test_it_starts_answers_and_ends_cleanly_on_ctrl_c(data: Path) -> None:
    with started(data) as demo:
        address = demo.wait_until_ready(FIRST_START_S)
        assert "Aino Maria Korhonen" in demo.said
        assert "neither Secure nor __Host-" in demo.said
        assert "Bringing notices and working on them" in demo.said
        with urllib.request.urlopen(f"{address}/.well-known/jwks.json") as answer:
            assert answer.status == 200

        running = demo.processes()
        assert {"postgres", "node"} <= {process.name() for process in running}
        os.killpg(demo.process.pid, signal.SIGINT)

        assert demo.wait_until_ended() == 0
        assert demo.said.endswith("Everything is stopped.\n")
        assert gone(running) == []


def test_a_second_start_is_quick_does_no_work_twice_and_gives_way_on_taken_ports(data: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # somebody else has it: as good
            taken.bind(("127.0.0.1", 8001))
            taken.listen()
        begun = time.monotonic()
        with started(data) as demo:
            demo.wait_until_ready(SECOND_START_S)
            took = time.monotonic() - begun
            demo.process.terminate()
            assert demo.wait_until_ended() == 0

    assert took < SECOND_START_S
    assert "Generating" not in demo.said
    assert "Making" not in demo.said
    assert "Bringing" not in demo.said
    assert re.search(r"Port 8001 is taken; the identification simulator uses \d+\.", demo.said)


def test_a_killed_demo_leaves_nothing_running(data: Path) -> None:
    with started(data) as demo:
        demo.wait_until_ready(SECOND_START_S)
        running = demo.processes()

        demo.process.kill()

        assert demo.process.wait(STOP_S) == -signal.SIGKILL
        assert gone(running) == []


def test_a_second_demo_in_the_same_folder_is_refused(data: Path) -> None:
    with started(data) as first:
        first.wait_until_ready(SECOND_START_S)
        with started(data) as second:
            assert second.wait_until_ended() == 1
        assert f"a demo runs in this folder already (process {first.process.pid})" in second.said

        first.process.send_signal(signal.SIGHUP)
        assert first.wait_until_ended() == 0


def test_a_step_that_fails_stops_everything_and_says_why(tmp_path: Path) -> None:
    try:
        with started(tmp_path, persons=-1) as demo:
            assert demo.wait_until_ended(FIRST_START_S) == 1
        assert demo.said.endswith("The demo stops: generating the population failed (see above)\n")
        assert not EmbeddedServer(tmp_path / "postgres").running()
    finally:
        EmbeddedServer(tmp_path / "postgres").destroy()


def test_a_service_that_does_not_start_says_why(data: Path) -> None:
    (data / "keys" / "signing.pem").write_text("not a key")
    with started(data) as demo:
        assert demo.wait_until_ended(FIRST_START_S) == 1
    assert "the web server ended with status 2" in demo.said
    assert "KELMU_OIDC_SIGNING_KEY_FILE: must name an RSA private key" in demo.said
