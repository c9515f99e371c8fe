"""The simulators and the web server of the demo."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.demo.ports import choose
from tools.demo.processes import PYTHON, DemoError, Processes, child_environment
from tools.simulators.starting import (
    KelaClient,
    MandateClient,
    OidcClient,
    start_identification,
    start_kela,
    start_mandates,
)

CLIENT_ID = "kelmu"
MANDATES_CLIENT_ID = "kelmu001"
_READY_WITHIN_S = 30.0


@dataclass(frozen=True)
class Ports:
    """Where the demo's servers listen."""

    web: int
    identification: int
    mandates: int
    kela: int

    @classmethod
    def chosen(cls) -> Ports:
        """The usual ports where they are free."""
        web = choose(8000, "the service")
        identification = choose(8001, "the identification simulator", [web])
        mandates = choose(8002, "the mandate simulator", [web, identification])
        kela = choose(8003, "the simulator of Kela's side", [web, identification, mandates])
        return cls(web, identification, mandates, kela)

    @property
    def address(self) -> str:
        """The service's own address: another host name than the simulators', so that cookies stay apart."""
        return f"http://127.0.0.1:{self.web}"


def start_simulators(processes: Processes, ports: Ports, secrets: Mapping[str, str]) -> None:
    """Start the outside world: identification, mandates and Kela's side."""
    redirect = f"{ports.address}/sign-in/return/"
    keys = f"{ports.address}/.well-known/jwks.json"
    signed_out = f"{ports.address}/session-ended/?reason=signed_out"
    service = OidcClient(
        redirect_uris=[redirect], signed_out_uris=[signed_out], jwks=keys, client_id=CLIENT_ID
    )
    processes.add_simulator(start_identification(ports.identification, service))
    asker = MandateClient(
        redirect_uris=[f"{ports.address}/organisation/return/"],
        client_id=MANDATES_CLIENT_ID,
        api_key=secrets["KELMU_MANDATES_API_KEY"],
        oauth_password=secrets["KELMU_MANDATES_OAUTH_PASSWORD"],
    )
    processes.add_simulator(start_mandates(ports.mandates, asker))
    processes.add_simulator(
        start_kela(ports.kela, KelaClient(client_id=CLIENT_ID, key=secrets["KELMU_KELA_KEY"]))
    )


def web_environment(ports: Ports, secrets: Mapping[str, str], database_url: str) -> dict[str, str]:
    """All that the web server gets to know; of the database only the web role's URL."""
    return child_environment(
        **{name: value for name, value in secrets.items() if name != "KELMU_KELA_KEY"},
        KELMU_ENVIRONMENT="demo",
        KELMU_PUBLIC_URL=ports.address,
        KELMU_LISTEN_PORT=str(ports.web),
        KELMU_DATABASE_URL=database_url,
        KELMU_AGREEMENTS_CONTACT="sopimukset@kela.example",
        KELMU_OIDC_ISSUER=f"http://localhost:{ports.identification}",
        KELMU_OIDC_CLIENT_ID=CLIENT_ID,
        KELMU_OIDC_LEVELS="http://ftn.ficora.fi/2017/loatest2 http://ftn.ficora.fi/2017/loatest3",
        KELMU_MANDATES_URL=f"http://localhost:{ports.mandates}",
        KELMU_MANDATES_CLIENT_ID=MANDATES_CLIENT_ID,
    )


def start_web(processes: Processes, environment: Mapping[str, str], log: Path) -> None:
    """Start the web server, without waiting for it."""
    processes.start("the web server", [PYTHON, "-m", "kelmu", "serve"], log, environment)


def start_worker(
    processes: Processes, ports: Ports, secrets: Mapping[str, str], database_url: str, log: Path
) -> None:
    """Start the worker; it gets to know its own role's URL and Kela's side, nothing else."""
    environment = child_environment(
        KELMU_WORKER_DATABASE_URL=database_url,
        KELMU_PICK_AT="00:00",
        KELMU_KELA_URL=f"http://localhost:{ports.kela}",
        KELMU_KELA_CLIENT_ID=CLIENT_ID,
        KELMU_KELA_KEY=secrets["KELMU_KELA_KEY"],
    )
    processes.start("the worker", [PYTHON, "-m", "kelmu", "worker"], log, environment)


def wait_for_web(processes: Processes, ports: Ports) -> None:
    """Wait until the service answers with a page.

    Raises:
        DemoError: it ended, or does not answer in time.
    """
    deadline = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < deadline:
        processes.raise_if_one_ended()
        if _answers(ports.address):
            return
        time.sleep(0.1)
    raise DemoError(f"no page is answered at {ports.address}; the log is in the data folder, log/web.log")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/", timeout=5):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
