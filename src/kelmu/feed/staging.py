"""From files to the staging tables, one transaction a file; what is staged whole is not copied again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl
import psycopg
from psycopg import sql
from psycopg.copy import QueuedLibpqWriter

from kelmu.feed.cells import cell_faults, for_copy, typed
from kelmu.feed.csv_files import CsvFile
from kelmu.feed.errors import Fault, Faults
from kelmu.feed.manifest import Feed, TableFile
from kelmu.feed.opening import Opened
from kelmu.feed.rows import Watch
from kelmu.feed.tables import FEED_TABLES, TABLE_OF

Progress = Callable[[str, str, int, int], None]
"""Told the step, the table, rows done and rows in all.

Steps are ``staging``, ``checking``, ``merging``; of a first load ``writing`` and ``indexing``.
"""


@dataclass(frozen=True, slots=True)
class _Staging:
    """What staging a feed's files takes."""

    connection: psycopg.Connection
    feed: Feed
    opened: Mapping[int, Opened]
    faults: Faults
    progress: Progress

    def table(self, name: str, files: list[tuple[int, TableFile]], staged: set[int]) -> None:
        """Stage the files of a table that are not staged yet."""
        if all(place in staged for place, _ in files):
            return
        # Order and repetition are seen over all files of a table, so those staged already are read again.
        watch, total = Watch(TABLE_OF[name]), sum(file.rows for _, file in files)
        done = 0
        for place, file in files:
            if place in staged:
                for made in self._checked(place, file, watch):
                    done += made.height
                    self.progress("staging", name, done, total)
                continue
            with self.connection.transaction():
                done = self._copy(place, file, watch, done, total)

    def _copy(self, place: int, file: TableFile, watch: Watch, done: int, total: int) -> int:
        before, rows = self.faults.total, 0
        columns = ["feed_file", "feed_line", "feed_removed", *TABLE_OF[file.table].columns]
        statement = sql.SQL("COPY feed.{} ({}) FROM STDIN (FORMAT csv)").format(
            sql.Identifier(file.table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        cursor = self.connection.cursor()
        # Written by a thread: while the server takes a batch in, the next one is made.
        with cursor.copy(statement, writer=QueuedLibpqWriter(cursor)) as copy:
            for made in self._checked(place, file, watch):
                copy.write(for_copy(made, TABLE_OF[file.table], place))
                rows += made.height
                self.progress("staging", file.table, done + rows, total)
        wrong = self.faults.total - before
        if rows != file.rows and not wrong:
            self.faults.add(
                Fault(file.file, None, None, f"has {rows} rows where the manifest says {file.rows}")
            )
            wrong = 1
        self.connection.execute(
            "INSERT INTO feed.staged_file VALUES (%s, %s, %s, %s)", [self.feed.digest, place, rows, wrong]
        )
        return done + rows

    def _checked(self, place: int, file: TableFile, watch: Watch) -> Iterator[pl.DataFrame]:
        yield from checked(self.opened[place], file, watch, self.faults)


def checked(opened: Opened, file: TableFile, watch: Watch, faults: Faults) -> Iterator[pl.DataFrame]:
    """The rows of a file batch by batch; what is wrong with cells and order is added to the faults."""
    table = TABLE_OF[file.table]
    for raw in opened.batches(faults):
        made = typed(raw, table, text=isinstance(opened, CsvFile))
        faults.extend(cell_faults(raw, made, table, file.file))
        faults.extend(watch.faults(made, file.file))
        yield made.with_columns(feed_removed=made["feed_removed"].fill_null(value=False))


def stage(
    connection: psycopg.Connection, feed: Feed, opened: Mapping[int, Opened], progress: Progress
) -> Faults:
    """Copy every row of a feed into its staging table; give what is wrong with files, cells and rows.

    Rows with a wrong cell are staged with nothing in it, so that the checks that follow see every row.

    Args:
        connection: as ``kelmu_feed``, in autocommit.
        feed: whose files.
        opened: the files by their place.
        progress: told after each batch.
    """
    staged = _staged(connection, feed.digest)
    if staged is None:
        clear(connection)
        staged = set()
    staging = _Staging(connection, feed, opened, Faults(), progress)
    for table in FEED_TABLES:
        files = [(place, file) for place, file in feed.manifest.files() if file.table == table.name]
        staging.table(table.name, files, staged)
    # What is staged will be compared with what is known, large or small.
    connection.execute("SELECT feed.learn_sizes()")
    return staging.faults


def clear(connection: psycopg.Connection) -> None:
    """Leave nothing staged."""
    tables = sql.SQL(", ").join(sql.Identifier("feed", table.name) for table in FEED_TABLES)
    connection.execute(sql.SQL("TRUNCATE feed.staged_file, {}").format(tables))


def _staged(connection: psycopg.Connection, digest: bytes) -> set[int] | None:
    """Which files of this feed are staged; None if another feed's are, or files with faults."""
    rows = connection.execute("SELECT manifest_digest, feed_file, faults FROM feed.staged_file").fetchall()
    if any(bytes(of) != digest or faults for of, _, faults in rows):
        return None
    return {int(place) for _, place, _ in rows}
