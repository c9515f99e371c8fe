"""The operating-system user the embedded server runs as. PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path


class ServerError(RuntimeError):
    """The embedded server could not be prepared, started or stopped; the message says why."""


@dataclass(frozen=True)
class Account:
    """An existing unprivileged user that root borrows."""

    uid: int
    gid: int

    @classmethod
    def for_server(cls) -> Account | None:
        """The user to borrow; ``None`` when we are not root and the server runs as ourselves.

        Raises:
            ServerError: we are root and there is no such user.
        """
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid)
        raise ServerError("running as root and no unprivileged user (postgres, nobody) exists")


def reachable(path: Path, account: Account | None) -> bool:
    """Whether an account can pass through every folder above ``path``, with modes as they stand."""
    if account is None:
        return True
    for folder in path.resolve().parents:
        status = folder.stat()
        if status.st_uid == account.uid:
            passes = status.st_mode & 0o100
        elif status.st_gid == account.gid:
            passes = status.st_mode & 0o010
        else:
            passes = status.st_mode & 0o001
        if not passes:
            return False
    return True


def hand_over(place: Path, account: Account | None) -> None:
    """Give everything in a folder of ours to the account."""
    if account is None:
        return
    for path in (place, *place.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
