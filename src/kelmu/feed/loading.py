"""Loading a whole feed into an empty register, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from kelmu.feed.checks import check_benefits, check_headers, check_identity_codes, header_of
from kelmu.feed.errors import FeedError
from kelmu.feed.manifest import MANIFEST, Manifest, TableFile, read_manifest
from kelmu.feed.refusals import refusal
from kelmu.feed.tables import FEED_TABLES

Progress = Callable[[str, int, int], None]
"""Called with a table, the rows copied so far and the rows the manifest promises."""
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: rows by table, in the order loaded; none if the feed was there already."""

    rows: Mapping[str, int]
    already_there: bool = False


def load_feed(connection: psycopg.Connection, folder: Path, progress: Progress | None = None) -> Loaded:
    """Load the feed of a folder, all of it or nothing.

    Args:
        connection: to the database as ``kelmu_feed``, not in a transaction.
        folder: with ``manifest.json`` and the files it names.
        progress: told now and then how far a table is.

    Returns:
        The rows loaded. Loading the feed that is loaded already changes nothing and says so.

    Raises:
        FeedError: the feed is not as it should be, or the register holds another one.
    """
    manifest = read_manifest(folder)
    check_headers(folder, manifest)
    check_identity_codes(folder, manifest)
    with connection.transaction():
        if _loaded_already(connection, manifest):
            return Loaded({}, already_there=True)
        rows = {
            file.table: _copy(connection, folder, manifest, file, progress)
            for table in FEED_TABLES
            if (file := manifest.file_of(table.name)) is not None
        }
        check_benefits(connection, folder, manifest)
        _set_sources(connection, manifest)
    return Loaded(rows)


def _loaded_already(connection: psycopg.Connection, manifest: Manifest) -> bool:
    """Keep other loads out until this one ends, and see what the register holds."""
    connection.execute("LOCK TABLE register.source IN SHARE ROW EXCLUSIVE MODE")
    row = connection.execute("SELECT EXISTS (SELECT FROM register.person)").fetchone()
    if row is None or not row[0]:
        return False
    held: dict[str, datetime] = dict(
        connection.execute("SELECT source, as_of FROM register.source").fetchall()
    )
    if all(held.get(source) == as_of for source, as_of in manifest.sources.items()):
        return True
    raise FeedError(MANIFEST, "the register holds another feed already; this loads into an empty one only")


def _copy(
    connection: psycopg.Connection,
    folder: Path,
    manifest: Manifest,
    file: TableFile,
    progress: Progress | None,
) -> int:
    columns = sql.SQL(", ").join(sql.Identifier(column) for column in header_of(folder, file))
    statement = sql.SQL(
        "COPY register.{} ({}) FROM STDIN (FORMAT csv, HEADER match, ENCODING 'UTF8')"
    ).format(sql.Identifier(file.table), columns)
    lines = 0
    try:
        with connection.cursor() as cursor:
            with (folder / file.file).open("rb") as content, cursor.copy(statement) as copy:
                while block := content.read(_BLOCK):
                    copy.write(block)
                    lines += block.count(b"\n")
                    if progress is not None:
                        progress(file.table, max(lines - 1, 0), file.rows)
            rows = cursor.rowcount
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        raise refusal(folder, manifest, file, error) from None
    if rows != file.rows:
        raise FeedError(file.file, f"has {rows} rows where the manifest says {file.rows}")
    return rows


def _set_sources(connection: psycopg.Connection, manifest: Manifest) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO register.source (source, available, as_of) VALUES (%s, true, %s)"
            " ON CONFLICT (source) DO UPDATE SET available = true, as_of = excluded.as_of",
            list(manifest.sources.items()),
        )
