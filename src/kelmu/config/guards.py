"""Refusals at the start that no single setting can express."""

from __future__ import annotations

import os
from pathlib import Path

from kelmu.config.reading import SettingsError

OWNER_ROLE = "kelmu_owner"
OWNER_VARIABLE = "KELMU_OWNER_DATABASE_URL"


def _password_file() -> Path:
    return Path(os.environ.get("PGPASSFILE") or Path("~/.pgpass").expanduser())


def _in_password_file() -> bool:
    try:
        lines = _password_file().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    # host:port:database:user:password
    users = [line.split(":")[3] for line in lines if line.count(":") >= 4 and not line.startswith("#")]
    return OWNER_ROLE in users


def refuse_owner_credentials() -> None:
    """Stop a process that serves people if it can see how to connect as the owner of the database.

    Raises:
        SettingsError: the environment or libpq's password file holds the owner's credentials.
    """
    for name, value in os.environ.items():
        owner_variable = name in {OWNER_VARIABLE, f"{OWNER_VARIABLE}_FILE"}
        if value and (owner_variable or f"//{OWNER_ROLE}:" in value or f"user={OWNER_ROLE}" in value):
            raise SettingsError(f"{name}: the web process must not see the database owner's credentials")
    if _in_password_file():
        raise SettingsError("PGPASSFILE: the web process must not see the database owner's credentials")
