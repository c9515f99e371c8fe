"""Loading a feed: all of it or nothing, seen by everybody at once."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import errors

from kelmu.feed import first_load, runs
from kelmu.feed.errors import Fault, Faults, FeedError
from kelmu.feed.first_load import NotCleanError, keys_aside
from kelmu.feed.manifest import MANIFEST, Feed, read_manifest
from kelmu.feed.merging import Change, merge
from kelmu.feed.opening import Opened, open_files
from kelmu.feed.staging import Progress, clear, stage
from kelmu.feed.verification import Verification

_ONE_AT_A_TIME = 7_115_230_604
"""The advisory lock that a load holds; any number no other use has."""
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did, by table in the order loaded; nothing if the feed was there already."""

    changes: Mapping[str, Change]
    already_there: bool = False

    @property
    def rows(self) -> Mapping[str, int]:
        """The rows of the feed by table."""
        return {table: change.rows_in for table, change in self.changes.items()}


def load_feed(
    connection: psycopg.Connection,
    folder: Path,
    progress: Progress | None = None,
    *,
    accept_losses: bool = False,
) -> Loaded:
    """Load the feed of a folder.

    Files are compared with the manifest, read and staged one by one, the whole is verified, and one
    transaction merges it. A load that broke off goes on where it was when it is started again. A first load
    into an empty register writes straight, in one transaction, and begins anew if it broke off; only where
    something is wrong is it staged, to tell every place.

    Args:
        connection: to the database as ``kelmu_feed``, not in a transaction, in autocommit or not.
        folder: with ``manifest.json`` and the files it names.
        progress: told now and then how far it is.
        accept_losses: a full feed may close a large share of a table (``Change.loses_much``).

    Returns:
        What was added, changed and closed. Loading the feed loaded last again changes nothing and says so.

    Raises:
        FeedError: the feed is not as it should be, or is not the next one, or another load is running.
            Every fault is told and the register is as it was.
    """
    feed = read_manifest(folder)
    tell = progress or _silent
    with _alone(connection):
        last = runs.last_merged(connection)
        if last is not None and last.digest == feed.digest:
            return Loaded({}, already_there=True)
        runs.check_sequence(connection, feed, last)
        run_id = runs.begin(connection, feed)
        try:
            load = _Load(connection, folder, feed, run_id, accept_losses)
            changes = load.run(tell)
        except FeedError as error:
            runs.refused(connection, run_id, error.total)
            clear(connection)
            raise
        clear(connection)
        connection.execute("SELECT register.learn_sizes()")
    return Loaded(changes)


@dataclass(frozen=True, slots=True)
class _Load:
    connection: psycopg.Connection
    folder: Path
    feed: Feed
    run_id: int
    accept_losses: bool

    def run(self, progress: Progress) -> Mapping[str, Change]:
        opened = open_files(self.folder, self.feed.manifest)
        if not self.feed.manifest.is_delta and first_load.is_empty(self.connection):
            with suppress(NotCleanError, errors.IntegrityError, errors.DataError):
                return self._written(opened, progress)
        return self._merged(opened, progress)

    def _written(self, opened: Mapping[int, Opened], progress: Progress) -> Mapping[str, Change]:
        connection = self.connection
        with keys_aside(connection), connection.transaction():
            changes = first_load.write(connection, self.feed.manifest, opened, progress)
            runs.merged(connection, self.run_id, changes)
        return changes

    def _merged(self, opened: Mapping[int, Opened], progress: Progress) -> Mapping[str, Change]:
        connection, manifest = self.connection, self.feed.manifest
        faults = stage(connection, self.feed, opened, progress)
        if all(fault.line is not None for fault in faults.kept):
            # Where a file as a whole is wrong, what refers to its rows would be told too, and mean nothing.
            Verification(connection, manifest, faults).run(progress)
        faults.refuse()
        try:
            with connection.transaction():
                _after_the_last(connection)
                changes = merge(connection, manifest, progress)
                self._losses(changes).refuse()
                runs.merged(connection, self.run_id, changes)
        except (errors.IntegrityError, errors.DataError) as error:
            raise _unforeseen(error) from None
        return changes

    def _losses(self, changes: Mapping[str, Change]) -> Faults:
        """Tables a full feed would empty by a large share; a delta names what it closes row by row."""
        faults = Faults()
        for table, change in changes.items():
            if change.loses_much and not (self.accept_losses or self.feed.manifest.is_delta):
                problem = f"{table}: would close {change.closed:,} rows, a large share; say so if it is meant"
                faults.add(Fault(MANIFEST, None, None, problem))
        return faults


def _after_the_last(connection: psycopg.Connection) -> None:
    """What is known from when on must follow: refuse to record at a time before the last feed's."""
    last = runs.last_merged(connection)
    row = connection.execute("SELECT now()").fetchone()
    if last is not None and row is not None and row[0] <= last.merged_at:
        raise FeedError.of(MANIFEST, "the database's clock stands before the time of the last load")


def _unforeseen(error: psycopg.Error) -> FeedError:
    """A row that the register refused though it was verified; the driver's text may repeat the row."""
    table = error.diag.table_name or "the register"
    return FeedError.of(MANIFEST, f"{table} breaks {error.diag.constraint_name or error.sqlstate}")


@contextmanager
def _alone(connection: psycopg.Connection) -> Iterator[None]:
    """Hold off other loads; wait a while for one that is ending."""
    if not connection.autocommit:
        connection.autocommit = True
    # A load that was killed still holds its lock until its server process notices.
    connection.execute("SET client_connection_check_interval = '1s'")
    until = time.monotonic() + _PATIENCE_S
    while not _locked(connection):
        if time.monotonic() > until:
            raise FeedError.of(MANIFEST, "another load is running")
        time.sleep(0.2)
    try:
        yield
    finally:
        if not connection.broken:
            connection.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])


def _locked(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME]).fetchone()
    return row is not None and bool(row[0])


def _silent(_doing: str, _table: str, _rows: int, _promised: int) -> None:
    """Tell nobody."""
