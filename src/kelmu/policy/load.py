"""``python -m kelmu.policy.load``: put the policy this package carries into the database.

Run after migrations, as the owner: ``KELMU_OWNER_DATABASE_URL`` says where.
"""

from __future__ import annotations

import os
import sys

import psycopg

from kelmu.core.data_files import DataFileError
from kelmu.policy.actions import load_policy

OWNER_VARIABLE = "KELMU_OWNER_DATABASE_URL"


def main() -> int:
    """Load; print the digest. Exit status 1 with one line if it cannot be done."""
    url = os.environ.get(OWNER_VARIABLE)
    if not url:
        print(f"{OWNER_VARIABLE} is not set", file=sys.stderr)  # noqa: T201 - a command talks to its user
        return 1
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            digest = load_policy(connection)
    except (DataFileError, psycopg.Error) as error:
        print(f"the policy was not loaded: {error}", file=sys.stderr)  # noqa: T201 - as above
        return 1
    print(f"policy {digest}")  # noqa: T201 - as above
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
