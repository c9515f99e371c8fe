"""``make clean``: stop what a demo left running and remove its data, wherever they lie."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tools.postgres.server import EmbeddedServer

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Entry point of ``python -m tools.setup.cleaning``."""
    data = ROOT / ".data"
    for state in list(data.glob("**/server.json")):  # listed first: the loop removes what it walks over
        EmbeddedServer(state.parent).destroy()
    shutil.rmtree(data, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
