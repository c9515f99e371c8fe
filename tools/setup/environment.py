"""Makes `.venv` from the hashed lock files. Standard library only: it runs before anything is installed.

``python3 -m tools.setup.environment`` does nothing when nothing has changed since the last success.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STAMP = VENV / "kelmu-environment.sha256"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20


class SetupError(RuntimeError):
    """The environment cannot be made; the message says what to do."""


def node_is_good() -> bool:
    """Whether the machine has Node and npm, recent enough to build the pages' assets."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = done.stdout.strip().removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def lock_files() -> list[Path]:
    """The lock files this machine needs."""
    names = ["dev.lock"] if node_is_good() else ["dev.lock", "node.lock"]
    return [ROOT / "requirements" / name for name in names]


def _fingerprint(locks: Sequence[Path]) -> str:
    digest = hashlib.sha256(f"{sys.version}{sys.base_prefix}{VENV}".encode())
    for lock in locks:
        digest.update(lock.read_bytes())
    return digest.hexdigest()


def _run(*command: str | Path, what: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False)
    if done.returncode != 0:
        raise SetupError(f"{what} failed (see above)")


def _ensure_venv_module() -> None:
    """Debian keeps ``ensurepip`` in a package of its own."""
    try:
        import ensurepip  # noqa: F401, PLC0415 - whether it can be imported is the question
    except ImportError:
        if os.geteuid() == 0 and shutil.which("apt-get"):
            _run("apt-get", "update", "-qq", what="apt-get update")
            _run("apt-get", "install", "-y", "-qq", "python3-venv", what="installing python3-venv")
        else:
            raise SetupError("Python's venv module is incomplete: install python3-venv first") from None


def _put_sources_on_the_path() -> None:
    site_packages = next(_site_packages())
    (site_packages / "kelmu.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")


def _site_packages() -> Iterator[Path]:
    return VENV.glob("lib/python3*/site-packages")


def make_environment() -> bool:
    """Bring `.venv` up to date with the lock files.

    Returns:
        Whether anything had to be done.

    Raises:
        SetupError: Python is too old, or a step failed.
    """
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(
            f"Python {'.'.join(map(str, OLDEST_PYTHON))} or later is needed, "
            f"this is {sys.version.split()[0]}; name another one: make PYTHON=python3.12"
        )
    locks = lock_files()
    fingerprint = _fingerprint(locks)
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == fingerprint:
        return False
    print("Making .venv from the lock files (a few minutes the first time)", file=sys.stderr, flush=True)
    _ensure_venv_module()
    STAMP.unlink(missing_ok=True)
    _run(sys.executable, "-m", "venv", VENV, what="making .venv")
    requirements = [part for lock in locks for part in ("-r", lock)]
    _run(
        VENV / "bin/python", "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps",
        "--require-hashes", *requirements, what="installing the locked packages",
    )  # fmt: skip
    _put_sources_on_the_path()
    STAMP.write_text(fingerprint, encoding="utf-8")
    return True


def main() -> int:
    """Entry point of ``python -m tools.setup.environment``."""
    try:
        make_environment()
    except SetupError as error:
        print(f"make: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
