"""A first load lays the keys of empty tables aside; the merge takes them up, each table's at once.

A load that is killed in between leaves an empty register without keys. The next load takes them up: every
merge does, and so does a refusal. What a register with rows has is never without keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import errors

from kelmu.feed.tables import FEED_TABLES


@contextmanager
def keys_aside(connection: psycopg.Connection) -> Iterator[None]:
    """Lay keys aside if the register is empty, for the merge within; take them up if it fails.

    Args:
        connection: as ``kelmu_feed``, in autocommit and in no transaction.
    """
    # Where somebody reads for so long, rows are written with their keys, more slowly.
    with suppress(errors.LockNotAvailable):
        connection.execute("SELECT register.lay_keys_aside()")
    try:
        yield
    except BaseException:
        if not connection.broken:
            for table in FEED_TABLES:
                take_up_keys(connection, table.name)
        raise


def take_up_keys(connection: psycopg.Connection, table: str) -> None:
    """Take up the keys of a table that are laid aside, if any."""
    connection.execute("SELECT register.take_up_keys(%s)", [table])
