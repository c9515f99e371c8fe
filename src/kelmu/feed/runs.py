"""The record of loads, and whether a feed is the next one."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import psycopg

from kelmu.feed.errors import FeedError
from kelmu.feed.manifest import MANIFEST, Feed
from kelmu.feed.merging import Change

_LAST = """
    SELECT feed_id, manifest_digest, as_of, merged_at FROM register.feed_run
    WHERE state = 'merged' ORDER BY run_id DESC LIMIT 1
"""
_BEGIN = """
    INSERT INTO register.feed_run (feed_id, kind, follows, manifest_digest, as_of, loaded_by)
    VALUES (%s, %s, %s, %s, %s, %s) RETURNING run_id
"""


@dataclass(frozen=True, slots=True)
class Last:
    """The feed loaded last."""

    feed_id: str
    digest: bytes
    as_of: datetime
    merged_at: datetime


def last_merged(connection: psycopg.Connection) -> Last | None:
    """The feed loaded last, if any."""
    row = connection.execute(_LAST).fetchone()
    return None if row is None else Last(row[0], bytes(row[1]), row[2], row[3])


def check_sequence(connection: psycopg.Connection, feed: Feed, last: Last | None) -> None:
    """Refuse a feed that is not the next one.

    Raises:
        FeedError: a delta whose ``follows`` is not the feed loaded last; a feed older than that; an id
            that was loaded before.
    """
    manifest = feed.manifest
    problem = None
    if last is None:
        if manifest.is_delta:
            problem = "follows: no feed is loaded that a delta could follow"
    elif manifest.is_delta and manifest.follows != last.feed_id:
        problem = f"follows: the feed loaded last is {last.feed_id}"
    elif manifest.as_of < last.as_of or (manifest.as_of == last.as_of and not manifest.is_delta):
        problem = "as_of: the register holds a feed that is as new"
    if problem is None and _was_merged(connection, manifest.feed_id):
        problem = "feed_id: a feed of this name was loaded before"
    if problem is not None:
        raise FeedError.of(MANIFEST, problem)


def _was_merged(connection: psycopg.Connection, feed_id: str) -> bool:
    query = "SELECT EXISTS (SELECT FROM register.feed_run WHERE feed_id = %s AND state = 'merged')"
    row = connection.execute(query, [feed_id]).fetchone()
    return row is not None and bool(row[0])


def begin(connection: psycopg.Connection, feed: Feed) -> int:
    """Record that a load begins; one that broke off before is recorded as interrupted."""
    connection.execute(
        "UPDATE register.feed_run SET state = 'interrupted', ended_at = clock_timestamp()"
        " WHERE state = 'loading'"
    )
    manifest = feed.manifest
    row = connection.execute(
        _BEGIN,
        [manifest.feed_id, manifest.kind, manifest.follows, feed.digest, manifest.as_of, getpass.getuser()],
    ).fetchone()
    assert row is not None
    return int(row[0])


def refused(connection: psycopg.Connection, run_id: int, faults: int) -> None:
    """Record that a feed was refused for so many faults."""
    connection.execute(
        "UPDATE register.feed_run SET state = 'refused', ended_at = clock_timestamp(), faults = %s"
        " WHERE run_id = %s",
        [faults, run_id],
    )


def merged(connection: psycopg.Connection, run_id: int, changes: Mapping[str, Change]) -> None:
    """Record what a load did, in the transaction that does it: both are seen together."""
    connection.execute(
        "UPDATE register.feed_run SET state = 'merged', ended_at = clock_timestamp(), merged_at = now()"
        " WHERE run_id = %s",
        [run_id],
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO register.feed_run_table VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (run_id, table, change.rows_in, change.added, change.changed, change.closed)
                for table, change in changes.items()
            ],
        )
