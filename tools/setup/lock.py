"""``make lock``: write the hashed lock files anew from ``requirements/*.in`` and ``package.json``."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UV = "uv==0.13.9"
OLDEST_PYTHON = "3.11"
NAMES = ("base", "dev", "node")
"""In this order: dev is constrained by base."""


def _uv(folder: Path) -> Path:
    print("Fetching the resolver", file=sys.stderr, flush=True)
    venv.create(folder, with_pip=True)
    command = [str(folder / "bin/python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", UV]
    subprocess.run(command, check=True)
    return folder / "bin" / "uv"


def _compile(uv: Path, name: str) -> None:
    print(f"Locking requirements/{name}.in", file=sys.stderr, flush=True)
    subprocess.run(
        [
            uv, "pip", "compile", "-q", "--upgrade", "--python-version", OLDEST_PYTHON, "--universal",
            "--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links",
            f"requirements/{name}.in", "-o", f"requirements/{name}.lock",
        ],
        cwd=ROOT, check=True,
    )  # fmt: skip


def main() -> int:
    """Entry point of ``python -m tools.setup.lock``."""
    with tempfile.TemporaryDirectory() as folder:
        uv = _uv(Path(folder) / "venv")
        for name in NAMES:
            _compile(uv, name)
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not on this machine; package-lock.json stays as it is", file=sys.stderr)
        return 0
    subprocess.run(
        [npm, "install", "--package-lock-only", "--ignore-scripts", "--no-audit"], cwd=ROOT, check=True
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
