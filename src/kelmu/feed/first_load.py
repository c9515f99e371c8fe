"""A first load: into an empty register each row is written once, in the transaction that shows all of them.

Keys of the empty tables are laid aside and taken up after the rows are written, each table's at once. The
register's own constraints judge the rows; they name one bad row at most. So a feed with any fault is given up
here and leaves nothing: whoever loads stages it then, where every place is told.

A load that is killed in between leaves an empty register without keys. The next load takes them up, whether
it ends well or not. What a register with rows has is never without keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psycopg
from psycopg import errors, sql
from psycopg.copy import QueuedLibpqWriter

from kelmu.feed.cells import for_copy
from kelmu.feed.errors import Faults
from kelmu.feed.manifest import Manifest, TableFile
from kelmu.feed.merging import Change, set_sources
from kelmu.feed.opening import Opened
from kelmu.feed.rows import Watch
from kelmu.feed.staging import Progress, checked
from kelmu.feed.tables import FEED_TABLES, FeedTable


class NotCleanError(Exception):
    """Something is wrong with the feed: the register is to stay empty, and the feed to be staged."""


@contextmanager
def keys_aside(connection: psycopg.Connection) -> Iterator[None]:
    """Lay keys aside if the register is empty, for the load within; take them up if it fails.

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
                _take_up_keys(connection, table)
        raise


def _take_up_keys(connection: psycopg.Connection, table: FeedTable) -> None:
    connection.execute("SELECT register.take_up_keys(%s)", [table.name])


def is_empty(connection: psycopg.Connection) -> bool:
    """Whether the register holds nobody."""
    row = connection.execute("SELECT NOT EXISTS (SELECT FROM register.person)").fetchone()
    return row is not None and bool(row[0])


def write(
    connection: psycopg.Connection, manifest: Manifest, opened: Mapping[int, Opened], progress: Progress
) -> dict[str, Change]:
    """Write every row of a full feed into the empty register, within the caller's transaction.

    Args:
        connection: as ``kelmu_feed``, in a transaction whose keys are aside or not.
        manifest: of a full feed.
        opened: its files by their place.
        progress: told after each batch.

    Raises:
        NotCleanError: a file, a cell, an order, a period is wrong; the transaction is to be rolled back.
        psycopg.IntegrityError, psycopg.DataError: a row breaks a rule of the register; likewise.
    """
    connection.execute("SET LOCAL work_mem = '64MB'")
    writing = _Writing(connection, opened, progress)
    promised = {table.name: rows for table, rows in manifest.brought()}
    for table, rows in manifest.brought():
        files = [(place, file) for place, file in manifest.files() if file.table == table.name]
        writing.table(table, files, rows)
    for table in FEED_TABLES:
        progress("indexing", table.name, 0, promised.get(table.name, 0))
        _take_up_keys(connection, table)
        if table.no_overlap is not None and _any_overlap(connection, table, table.no_overlap):
            raise NotCleanError
    set_sources(connection, manifest)
    return {name: Change(rows, rows, 0, 0) for name, rows in promised.items()}


@dataclass(frozen=True, slots=True)
class _Writing:
    connection: psycopg.Connection
    opened: Mapping[int, Opened]
    progress: Progress

    def table(self, table: FeedTable, files: list[tuple[int, TableFile]], promised: int) -> None:
        faults, watch, done = Faults(), Watch(table), 0
        statement = sql.SQL("COPY register.{} ({}) FROM STDIN (FORMAT csv)").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
        )
        cursor = self.connection.cursor()
        # Written by a thread: while the server takes a batch in, the next one is made.
        with cursor.copy(statement, writer=QueuedLibpqWriter(cursor)) as copy:
            for place, file in files:
                before = done
                for made in checked(self.opened[place], file, watch, faults):
                    if faults:
                        raise NotCleanError
                    copy.write(for_copy(made, table))
                    done += made.height
                    self.progress("writing", table.name, done, promised)
                if faults or done - before != file.rows:
                    raise NotCleanError


def _any_overlap(connection: psycopg.Connection, table: FeedTable, equal: tuple[str, ...]) -> bool:
    """Whether periods of one person hold at the same time."""
    query = sql.SQL(
        "SELECT EXISTS (SELECT FROM (SELECT valid_from, max(coalesce(valid_to, 'infinity')) OVER"
        " (PARTITION BY {} ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until"
        " FROM register.{}) s WHERE s.until >= s.valid_from)"
    ).format(sql.SQL(", ").join(map(sql.Identifier, ("person_id", *equal))), sql.Identifier(table.name))
    row = connection.execute(query).fetchone()
    return row is not None and bool(row[0])
