"""``kelmu claims load-accounts FILE``, as ``kelmu_owner`` (``KELMU_OWNER_DATABASE_URL``). Can be repeated."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg

from kelmu.claims.account_file import AccountFileError, load_accounts

_URL = "KELMU_OWNER_DATABASE_URL"


def main(arguments: Sequence[str] | None = None) -> int:
    """Load; exit code 1 with one line where the file cannot be loaded, 2 where a setting is missing."""
    parser = argparse.ArgumentParser(prog="kelmu claims", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    load = commands.add_parser("load-accounts", help="accounts of organisations, and who wants four eyes")
    load.add_argument("file", type=Path)
    chosen = parser.parse_args(arguments)
    url = os.environ.get(_URL)
    if not url:
        return _say(f"{_URL} is not set", 2)
    try:
        with psycopg.connect(url) as connection:
            organisations, accounts = load_accounts(connection, chosen.file)
    except AccountFileError as error:
        return _say(str(error), 1)
    except psycopg.OperationalError:
        # The driver's text may repeat parts of the URL.
        return _say(f"the database of {_URL} cannot be reached", 1)
    return _say(f"{organisations} organisations, {accounts} accounts", 0)


def _say(text: str, code: int) -> int:
    sys.stderr.write(f"{text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
