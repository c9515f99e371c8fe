"""``make demo``: database, simulators and web server in the foreground until Ctrl-C."""

from __future__ import annotations

import argparse
import fcntl
import itertools
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.cast import load_cast
from tools.demo.database import NAME, DemoDatabase, Population
from tools.demo.greeting import greeting
from tools.demo.interruptions import Interruptions, Stopped
from tools.demo.keys import demo_secrets
from tools.demo.ports import NoPortError
from tools.demo.processes import ROOT, DemoError, Processes
from tools.demo.progress import say, step
from tools.demo.service import (
    Ports,
    start_simulators,
    start_web,
    start_worker,
    wait_for_web,
    web_environment,
)
from tools.postgres.server import EmbeddedServer, ServerError
from tools.simulators.starting import SimulatorError

_HEALTH_EVERY_S = 10


@dataclass(frozen=True)
class Options:
    """What the demo was asked to be."""

    population: Population
    data: Path


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--data", type=Path, default=ROOT / ".data", help="folder for all that the demo keeps"
    )
    given = parser.parse_args()
    return Options(Population(given.persons, given.seed), given.data.resolve())


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "demo.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise DemoError(f"a demo runs in this folder already (process {lock.read().strip()})") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _demo(processes: Processes, options: Options, interruptions: Interruptions) -> None:
    secrets = demo_secrets(options.data / "keys")
    server = EmbeddedServer(options.data / "postgres")
    processes.add_server(server)
    new = not server.exists
    with step("Making a PostgreSQL cluster" if new else "Starting PostgreSQL"), interruptions.held():
        server.start()
    _keep_temporary_files_in(options.data / "tmp")
    database = DemoDatabase(server, options.population, secrets["KELMU_PSEUDONYM_KEY"], options.data)
    database.prepare()
    ports = Ports.chosen()
    with step("Starting simulators and web server"):
        environment = web_environment(ports, secrets, server.url("kelmu_web", NAME))
        start_web(processes, environment, options.data / "log" / "web.log")
        start_simulators(processes, ports, secrets)
        wait_for_web(processes, ports)
    database.fill_inbox(ports.address)
    start_worker(
        processes, ports, secrets, server.url("kelmu_worker", NAME), options.data / "log" / "worker.log"
    )
    say(greeting(load_cast(), ports.address, options.population.persons, f"http://localhost:{ports.kela}"))
    _watch(processes)


def _keep_temporary_files_in(folder: Path) -> None:
    """What a killed demo leaves there, the next one removes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    tempfile.tempdir = str(folder)


def _watch(processes: Processes) -> None:
    for second in itertools.count(1):
        time.sleep(1)
        processes.raise_if_one_ended()
        if second % _HEALTH_EVERY_S == 0:
            processes.raise_if_one_is_mute()


def main() -> int:
    """Run until stopped; 1 if something failed."""
    options = _options()
    interruptions = Interruptions()
    interruptions.obey()
    try:
        with _only_one(options.data), Processes() as processes:
            _demo(processes, options, interruptions)
    except Stopped:
        return 0
    except (DemoError, NoPortError, ServerError, SimulatorError) as error:
        say(f"\nThe demo stops: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
