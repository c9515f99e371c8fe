"""``python -m kelmu.feed load DIR``, as ``kelmu_feed``: reads ``KELMU_FEED_DATABASE_URL``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from kelmu.feed.errors import FeedError
from kelmu.feed.loading import load_feed

_URL = "KELMU_FEED_DATABASE_URL"
_EVERY_SECONDS = 1.0


class _Progress:
    """Writes a line a second, and one when a table is done."""

    def __init__(self) -> None:
        self._table = ""
        self._began = self._told = time.monotonic()

    def __call__(self, table: str, rows: int, promised: int) -> None:
        now = time.monotonic()
        if table != self._table:
            self._table, self._began, self._told = table, now, now
        if now - self._told >= _EVERY_SECONDS:
            self._told = now
            rate = rows / max(now - self._began, 0.001)
            _say(f"feed: {table}: {rows:,} of {promised:,} rows, {rate:,.0f} rows/s")


def main(arguments: Sequence[str] | None = None) -> int:
    """Load a feed; exit code 1 with one line where it is refused, 2 where a setting is missing."""
    parser = argparse.ArgumentParser(prog="python -m kelmu.feed", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("load", help="load a feed into the empty register").add_argument("folder", type=Path)
    chosen = parser.parse_args(arguments)
    url = os.environ.get(_URL)
    if not url:
        _say(f"{_URL} is not set")
        return 2
    began = time.monotonic()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            loaded = load_feed(connection, chosen.folder, _Progress())
    except FeedError as error:
        _say(f"feed refused, nothing is changed: {error}")
        return 1
    except psycopg.Error:
        # The driver's text may repeat parts of the URL or of a row.
        _say("feed not loaded, nothing is changed: the database could not be reached or stopped answering")
        return 1
    if loaded.already_there:
        _say("feed: this feed is loaded already; nothing to do")
        return 0
    for table, rows in loaded.rows.items():
        _say(f"feed: {table}: {rows:,} rows")
    total, seconds = sum(loaded.rows.values()), time.monotonic() - began
    _say(f"feed: {total:,} rows in {seconds:.1f} s, {total / max(seconds, 0.001):,.0f} rows/s")
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
