"""Start the mandate simulator: ``python -m tools.simulators.mandates --port … --cast … --redirect-uri …``.

Credentials come from the environment (``KELMU_MANDATES_CLIENT_ID``, ``KELMU_MANDATES_API_KEY``,
``KELMU_MANDATES_OAUTH_PASSWORD``), as the service itself reads them.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from tools.simulators.mandates.app import Simulator
from tools.simulators.mandates.cast import MandateRegister
from tools.simulators.mandates.checks import Credentials
from tools.simulators.serving import serve


def _simulator(options: argparse.Namespace) -> Simulator:
    credentials = Credentials(
        client_id=os.environ["KELMU_MANDATES_CLIENT_ID"],
        api_key=os.environ["KELMU_MANDATES_API_KEY"],
        oauth_password=os.environ["KELMU_MANDATES_OAUTH_PASSWORD"],
        redirect_uris=frozenset(options.redirect_uri),
    )
    return Simulator(credentials, MandateRegister.load(options.cast, options.themes))


def main() -> None:
    """Read the options and serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--cast", type=Path, required=True, help="JSON of persons, organisations and rights")
    parser.add_argument("--themes", type=Path, required=True, help="TOML of mandate theme addresses")
    parser.add_argument("--redirect-uri", action="append", required=True)
    options = parser.parse_args()
    serve(_simulator(options).app(), options.port)


if __name__ == "__main__":
    main()
