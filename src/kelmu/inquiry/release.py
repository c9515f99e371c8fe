"""``kelmu release-official``: end the lock of an official whose misses have been reviewed.

Run by whoever answers for the database, as its owner (``KELMU_OWNER_DATABASE_URL``). The official is
named by her pseudonym, as the log's ``locked`` entry has it; the reason goes into the log.
"""

from __future__ import annotations

import argparse
import os
import sys

import psycopg

OWNER_VARIABLE = "KELMU_OWNER_DATABASE_URL"
_SHORTEST, _LONGEST = 10, 255


def release(connection: psycopg.Connection, pseudonym: str, reason: str) -> bool:
    """End the lock; False if there is none.

    Args:
        connection: the owner's, in autocommit mode.
        pseudonym: the official's, 64 hexadecimal digits.
        reason: what the review came to, 10 to 255 characters.
    """
    with connection.transaction():
        connection.execute("SET LOCAL ROLE kelmu_door")
        query = "SELECT door_private.release_official(%s, %s)"
        row = connection.execute(query, [pseudonym, reason]).fetchone()
    return bool(row and row[0])


def main() -> int:
    """Release one official. Exit status 1 with one line if it cannot be done."""
    parser = argparse.ArgumentParser(prog="kelmu release-official", description=__doc__)
    parser.add_argument("pseudonym", help="of the official, from the log's entry of the lock")
    parser.add_argument("reason", help="what the review came to, for the log")
    given = parser.parse_args()
    url = os.environ.get(OWNER_VARIABLE)
    if not url:
        return _refuse(f"{OWNER_VARIABLE} is not set")
    if not _SHORTEST <= len(given.reason.strip()) <= _LONGEST:
        return _refuse(f"the reason must have {_SHORTEST} to {_LONGEST} characters")
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            found = release(connection, given.pseudonym, given.reason)
    except psycopg.Error as error:
        return _refuse(f"the lock was not ended: {type(error).__name__}")
    return 0 if found else _refuse("no such official is locked")


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)  # noqa: T201 - a command talks to its user
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
