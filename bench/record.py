"""What a measurement writes down: its figures, with the commit, the cores and the size they hold for."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write(path: Path, *, persons: int, figures: Mapping[str, Any]) -> None:
    """Write ``figures`` and what they hold for to a JSON file, whose folder is made if need be."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    about = {"commit": commit.stdout.strip(), "cores": os.cpu_count(), "persons": persons}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({**about, **figures}, indent=1) + "\n")
