"""``make demo``: database, simulators and web server in the foreground until Ctrl-C."""

from __future__ import annotations

import argparse
import fcntl
import itertools
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.cast import load_cast
from tools.demo.database import NAME, DemoDatabase, Population
from tools.demo.greeting import greeting
from tools.demo.interruptions import Interruptions, Stopped
from tools.demo.keys import demo_secrets
from tools.demo.ports import NoPortError
from tools.demo.processes import ROOT, DemoError, Processes
from tools.demo.progress import say, step
from tools.demo.service import Ports, start_simulators, start_web, web_environment
from tools.postgres.server import EmbeddedServer, ServerError
from tools.simulators.starting import SimulatorError

DATA = ROOT / ".data"
_HEALTH_EVERY_S = 10


def _arguments() -> Population:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    return Population(given.persons, given.seed)


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


def _demo(processes: Processes, population: Population, interruptions: Interruptions) -> None:
    secrets = demo_secrets(DATA / "keys")
    server = EmbeddedServer(DATA / "postgres")
    processes.add_server(server)
    new = not server.exists
    with step("Making a PostgreSQL cluster" if new else "Starting PostgreSQL"), interruptions.held():
        server.start()
    DemoDatabase(server, population, secrets["KELMU_PSEUDONYM_KEY"], DATA).prepare()
    ports = Ports.chosen()
    with step("Starting simulators and web server"):
        start_simulators(processes, ports, secrets)
        environment = web_environment(ports, secrets, server.url("kelmu_web", NAME))
        start_web(processes, ports, environment, DATA / "log" / "web.log")
    say(greeting(load_cast(), ports.address, population.persons))
    _watch(processes)


def _watch(processes: Processes) -> None:
    for second in itertools.count(1):
        time.sleep(1)
        processes.raise_if_one_ended()
        if second % _HEALTH_EVERY_S == 0:
            processes.raise_if_one_is_mute()


def main() -> int:
    """Run until stopped; 1 if something failed."""
    population = _arguments()
    interruptions = Interruptions()
    interruptions.obey()
    try:
        with _only_one(DATA), Processes() as processes:
            _demo(processes, population, interruptions)
    except Stopped:
        return 0
    except (DemoError, NoPortError, ServerError, SimulatorError) as error:
        say(f"\nThe demo stops: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
