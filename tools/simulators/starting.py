"""Start the simulators as processes of their own, for the demo and for tests.

A simulator ends when it is told to, and by itself when the process that started it is gone: it
watches its standard input, which closes then.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.cast import Cast, load_cast
from tools.simulators.node import node_command

ROOT = Path(__file__).resolve().parents[2]
THEMES = ROOT / "src/kelmu/identity/mandates/data/mandates.toml"
START_SECONDS = 20.0


class SimulatorError(RuntimeError):
    """A simulator did not start; the message holds what it wrote."""


@dataclass
class Simulator:
    """A running simulator: its address, and the way to stop it."""

    name: str
    url: str
    _process: subprocess.Popen[bytes] = field(repr=False)
    _folder: tempfile.TemporaryDirectory[str] = field(repr=False)

    def control(self, switch: str, **body: object) -> None:
        """Turn one of the switches for tests; README.md lists them."""
        request = urllib.request.Request(  # noqa: S310 - the address is our own, on this machine
            f"{self.url}/control/{switch}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - as above
            pass

    def healthy(self) -> bool:
        """Whether it answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:  # noqa: S310 - as above
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def stop(self) -> None:
        """End the process and remove its files. Safe to call again."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._folder.cleanup()


def free_port() -> int:
    """A TCP port on 127.0.0.1 that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, kw_only=True)
class OidcClient:
    """The service as the identification provider is to know it.

    ``jwks`` is the service's key set, or the address it is published at. ``key_encryption`` and
    ``content_encryption`` are the JWE algorithms of its ID tokens.
    """

    redirect_uris: Sequence[str]
    jwks: Mapping[str, Any] | str
    signed_out_uris: Sequence[str] = ()
    client_id: str = "kelmu"
    key_encryption: str = "RSA-OAEP"
    content_encryption: str = "A256GCM"


@dataclass(frozen=True, kw_only=True)
class MandateClient:
    """The service as the mandate service is to know it."""

    redirect_uris: Sequence[str]
    client_id: str
    api_key: str = field(repr=False)
    oauth_password: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class KelaClient:
    """The service as Kela's back office is to know it."""

    client_id: str
    key: str = field(repr=False)


def start_kela(port: int, client: KelaClient) -> Simulator:
    """Start the side of Kela that keeps answers, on the loopback address, and wait until it answers.

    Raises:
        SimulatorError: it did not become ready.
    """
    folder = tempfile.TemporaryDirectory(prefix="kelmu-kela-")
    command = [sys.executable, "-m", "tools.simulators.kela", "--port", str(port)]
    credentials = {"KELMU_KELA_CLIENT_ID": client.client_id, "KELMU_KELA_KEY": client.key}
    return _start("kela", command, folder, credentials)


def start_identification(
    port: int, client: OidcClient, *, cast: Cast | None = None, dialect: str = "ftn"
) -> Simulator:
    """Start the identification provider on the loopback address and wait until it answers.

    Args:
        port: where it listens.
        client: the service that sends people there.
        cast: whose officials can sign in; the project's cast by default.
        dialect: names of the claims: ``ftn``, ``op`` or ``suomifi``.

    Raises:
        SimulatorError: it did not become ready.
    """
    folder = tempfile.TemporaryDirectory(prefix="kelmu-identification-")
    people = _write(folder, "people.json", cast_document(cast or load_cast()))
    if isinstance(client.jwks, str):
        keys = ["--client-jwks-url", client.jwks]
    else:
        keys = ["--client-jwks-file", str(_write(folder, "client.json", dict(client.jwks)))]
    command = [
        node_command(), "tools/simulators/identification/main.js",
        "--port", str(port), "--people", str(people), "--client-id", client.client_id, "--dialect", dialect,
        "--key-encryption", client.key_encryption, "--content-encryption", client.content_encryption,
        *(part for uri in client.redirect_uris for part in ("--redirect-uri", uri)),
        *(part for uri in client.signed_out_uris for part in ("--signed-out-uri", uri)), *keys,
    ]  # fmt: skip
    return _start("identification", command, folder, {})


def start_mandates(
    port: int, client: MandateClient, *, cast: Cast | None = None, themes: Path = THEMES
) -> Simulator:
    """Start the mandate service on the loopback address and wait until it answers.

    Args:
        port: where it listens.
        client: the service that asks it.
        cast: whose officials hold mandates; the project's cast by default.
        themes: the file that gives each mandate its theme address.

    Raises:
        SimulatorError: it did not become ready.
    """
    folder = tempfile.TemporaryDirectory(prefix="kelmu-mandates-")
    people = _write(folder, "cast.json", cast_document(cast or load_cast()))
    command = [
        sys.executable, "-m", "tools.simulators.mandates",
        "--port", str(port), "--cast", str(people), "--themes", str(themes),
        *(part for uri in client.redirect_uris for part in ("--redirect-uri", uri)),
    ]  # fmt: skip
    credentials = {
        "KELMU_MANDATES_CLIENT_ID": client.client_id,
        "KELMU_MANDATES_API_KEY": client.api_key,
        "KELMU_MANDATES_OAUTH_PASSWORD": client.oauth_password,
    }
    return _start("mandates", command, folder, credentials)


def cast_document(cast: Cast) -> dict[str, Any]:
    """What the simulators need of the cast, as JSON-able values."""
    return {
        "organisations": [
            {name: getattr(o, name) for name in ("key", "business_id", "name_fi", "name_sv", "name_en")}
            for o in cast.organisations
        ],
        "persons": [
            {
                **{n: getattr(o, n) for n in ("key", "personal_id", "family_name", "given_names", "level")},
                **{n: getattr(o, n) for n in ("story_fi", "story_en")},
                "rights": [
                    {
                        "organisation": right.organisation,
                        "mandates": list(right.mandates),
                        "kind": right.kind,
                        "complete": right.complete,
                    }
                    for right in o.rights
                ],
            }
            for o in cast.officials
        ],
    }


def _write(folder: tempfile.TemporaryDirectory[str], name: str, document: dict[str, Any]) -> Path:
    path = Path(folder.name) / name
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def _start(
    name: str, command: list[str], folder: tempfile.TemporaryDirectory[str], credentials: dict[str, str]
) -> Simulator:
    environment = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    log = Path(folder.name) / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"} | credentials,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    simulator = Simulator(name, "", process, folder)
    try:
        simulator.url = _wait_ready(process, log)
    except BaseException:
        simulator.stop()
        raise
    return simulator


def _wait_ready(process: subprocess.Popen[bytes], log: Path) -> str:
    """The address of the ready line."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        for line in lines:
            if line.startswith("ready "):
                return line.removeprefix("ready ").strip()
        if ended:
            break
        time.sleep(0.02)
    raise SimulatorError("the simulator did not start:\n" + log.read_text(encoding="utf-8", errors="replace"))
