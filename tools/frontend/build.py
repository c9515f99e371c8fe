"""Builds what the pages need: npm packages, theme, message catalogues, static files.

``python -m tools.frontend.build`` does only what has changed since the last time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.frontend.messages import CATALOGUES, compile_catalogues
from tools.frontend.node import Node, NodeMissingError, find_node
from tools.frontend.stamps import ROOT, fingerprint, is_current, keep

MODULES = ROOT / "node_modules"
THEME = ROOT / "build" / "theme"
STATIC_ROOT = ROOT / "staticfiles"
OWN_STATIC = ROOT / "src/kelmu/web/static"
_PACKAGES = (ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
_THEME_CONFIG = ROOT / "designsystemet.config.json"
# Of what the packages carry, pages use one stylesheet and four files of fonts.
_UNUSED = ("*.d.ts", "v2", "*-italic.woff2", "*-cyrillic*", "*-greek*", "*-vietnamese*")


class BuildError(RuntimeError):
    """A step failed; what it printed stands above."""


@contextmanager
def _step(what: str) -> Iterator[None]:
    print(f"{what} …", file=sys.stderr, end=" ", flush=True)
    started = time.monotonic()
    yield
    print(f"{time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


def _run(command: Sequence[str], what: str, **environment: str) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        print(f"\n{done.stdout}{done.stderr}", file=sys.stderr)
        raise BuildError(f"{what} failed")


def install_packages(node: Node) -> bool:
    """Bring `node_modules` to the lock file. Returns whether anything had to be done."""
    wanted = fingerprint(_PACKAGES)
    stamp = MODULES / ".kelmu-packages"
    if is_current(stamp, wanted):
        return False
    with _step("Installing front-end packages"):
        # Scripts of packages are never run: nothing we use needs them.
        _run([*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "npm ci", PATH=_path(node))
    keep(stamp, wanted)
    return True


def build_theme(node: Node) -> bool:
    """Make our theme's stylesheet from its colours. Returns whether anything had to be done."""
    wanted = fingerprint([_THEME_CONFIG, *_PACKAGES[:2]])
    stamp = THEME.parent / ".kelmu-theme"
    if is_current(stamp, wanted) and (THEME / "kelmu.css").is_file():
        return False
    with _step("Building the theme"):
        _run([*node.npm, "run", "--silent", "theme"], "npm run theme", PATH=_path(node))
    keep(stamp, wanted)
    return True


def collect() -> bool:
    """Gather all static files where the server looks for them. Returns whether anything had to be done."""
    own = sorted(path for path in OWN_STATIC.rglob("*") if path.is_file())
    wanted = fingerprint([*_PACKAGES[:2], _THEME_CONFIG, THEME / "kelmu.css", *own], *_UNUSED)
    stamp = THEME.parent / ".kelmu-static"
    if is_current(stamp, wanted) and (STATIC_ROOT / "staticfiles.json").is_file():
        return False
    with _step("Collecting static files"):
        shutil.rmtree(STATIC_ROOT, ignore_errors=True)
        ignored = [part for pattern in _UNUSED for part in ("-i", pattern)]
        _run(
            [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0", *ignored],
            "collectstatic",
            DJANGO_SETTINGS_MODULE="kelmu.config.static_settings",
        )
    keep(stamp, wanted)
    return True


def build() -> bool:
    """All steps in order. Returns whether anything had to be done.

    Raises:
        BuildError: a step failed.
        NodeMissingError: there is no Node to build with.
    """
    node = find_node()
    done = [install_packages(node), build_theme(node)]
    if compile_catalogues():
        done.append(True)
        print(f"Compiled message catalogues in {CATALOGUES.relative_to(ROOT)}", file=sys.stderr)
    done.append(collect())
    return any(done)


def _path(node: Node) -> str:
    """A search path where npm's scripts find the same Node."""
    return f"{Path(node.node[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"


def main() -> int:
    """Entry point of ``python -m tools.frontend.build``."""
    try:
        build()
    except (BuildError, NodeMissingError) as error:
        print(f"make: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
