"""The demo's child processes: started in groups of their own, stopped whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tools.demo.guardian import stop_groups
from tools.demo.progress import say
from tools.postgres.server import EmbeddedServer
from tools.simulators.starting import Simulator

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable


class DemoError(RuntimeError):
    """The demo cannot go on; the message says why."""


def child_environment(**variables: str) -> dict[str, str]:
    """A child's environment: what programs need to run at all, and what it is given."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    return kept | variables


def run(*command: str, what: str, **variables: str) -> None:
    """Run a step to its end, its output on the terminal.

    Raises:
        DemoError: it failed.
    """
    done = subprocess.run(
        command, cwd=ROOT, env=child_environment(**variables), stdin=subprocess.DEVNULL,
        stdout=sys.stderr, start_new_session=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise DemoError(f"{what} failed (see above)")


@dataclass(frozen=True)
class Child:
    """A running child and its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def complain(self) -> DemoError:
        """The error that says how it ended, with the last it wrote."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        said = "\n".join(f"    {line}" for line in lines)
        return DemoError(
            f"{self.name} ended with status {self.process.returncode}; the last it wrote:\n{said}"
        )


class Processes:
    """Everything that runs for the demo. Leaving the context stops all of it."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._simulators: list[Simulator] = []
        self._servers: list[EmbeddedServer] = []
        self._guardian = subprocess.Popen(
            [PYTHON, "-m", "tools.demo.guardian"], cwd=ROOT, stdin=subprocess.PIPE, text=True,
            env=child_environment(), start_new_session=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _tell_guardian(self, line: str) -> None:
        assert self._guardian.stdin is not None
        self._guardian.stdin.write(f"{line}\n")
        self._guardian.stdin.flush()

    def add_server(self, server: EmbeddedServer) -> None:
        """Stop this database server at the end. Call before it is started."""
        self._servers.append(server)
        self._tell_guardian(f"postgres {server.home}")

    def add_simulator(self, simulator: Simulator) -> None:
        """Stop this simulator at the end. It ends by itself when we die."""
        self._simulators.append(simulator)

    def start(self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> Child:
        """Start a child in a process group of its own, with exactly this environment."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd="/", env=dict(environment), stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self._tell_guardian(f"group {process.pid}")
        child = Child(name, process, log)
        self._children.append(child)
        return child

    def raise_if_one_ended(self) -> None:
        """Notice a child or simulator that is gone.

        Raises:
            DemoError: one is; the message says which.
        """
        for child in self._children:
            if child.process.poll() is not None:
                raise child.complain()

    def raise_if_one_is_mute(self) -> None:
        """Notice a simulator that no longer answers; a slow machine gets three chances.

        Raises:
            DemoError: one is; the message says which.
        """
        for simulator in self._simulators:
            if not any(simulator.healthy() for _ in range(3)):
                raise DemoError(f"the simulator of {simulator.name} no longer answers")

    def stop(self) -> None:
        """Stop everything, the database last."""
        living = [child.process for child in self._children if child.process.poll() is None]
        stop_groups([process.pid for process in living], reap=lambda: [process.poll() for process in living])
        for process in living:
            process.wait()
        for simulator in self._simulators:
            simulator.stop()
        for server in self._servers:
            server.stop()
        self._tell_guardian("done")
        self._guardian.wait()
        say("Everything is stopped.")
