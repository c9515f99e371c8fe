"""Start Kela's side: ``python -m tools.simulators.kela --port …``.

Credentials come from the environment (``KELMU_KELA_CLIENT_ID``, ``KELMU_KELA_KEY``), as for the worker.
"""

from __future__ import annotations

import argparse
import os

from tools.simulators.kela.app import Simulator
from tools.simulators.serving import serve


def main() -> None:
    """Read the options and serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    simulator = Simulator(os.environ["KELMU_KELA_CLIENT_ID"], os.environ["KELMU_KELA_KEY"])
    serve(simulator.app(), options.port)


if __name__ == "__main__":
    main()
