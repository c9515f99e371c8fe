"""Finds or installs the Chromium that browser tests drive.

In this order: ``KELMU_CHROMIUM``; one on the machine; Debian's package, where we may install one;
Playwright's own download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class BrowserError(RuntimeError):
    """No browser could be found or installed; the message says what was tried."""


def chromium_on_machine() -> str | None:
    """The path of a Chromium installed on the machine."""
    configured = os.environ.get("KELMU_CHROMIUM")
    if configured:
        return configured
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.access(path, os.X_OK) else None


def chromium() -> str:
    """The path of the Chromium to drive; installs nothing.

    Raises:
        BrowserError: there is none.
    """
    path = chromium_on_machine() or _playwrights_own()
    if path is None:
        raise BrowserError("no Chromium found; `make browser` installs one")
    return path


def _quietly(*command: str) -> bool:
    print(f"  {' '.join(command)}", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment, check=False
    )
    return done.returncode == 0


def _install() -> None:
    print("Installing a Chromium for the browser tests", file=sys.stderr, flush=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _quietly("apt-get", "update", "-qq")
        if _quietly("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"):
            return
    if not _quietly(sys.executable, "-m", "playwright", "install", "chromium"):
        raise BrowserError(
            "neither Debian's chromium nor Playwright's own could be installed; set KELMU_CHROMIUM"
        )


def main() -> int:
    """Entry point of ``python -m tools.setup.browser``: make sure there is one."""
    try:
        if chromium_on_machine() is None and _playwrights_own() is None:
            _install()
        chromium()
    except BrowserError as error:
        print(f"make: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
