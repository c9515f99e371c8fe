"""``kelmu feed load DIR``, as ``kelmu_feed``: reads ``KELMU_FEED_DATABASE_URL``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from kelmu.feed.errors import FeedError
from kelmu.feed.loading import Loaded, load_feed
from kelmu.feed.progress import Told
from kelmu.feed.report import summary, write_report

_URL = "KELMU_FEED_DATABASE_URL"
_REPORT = Path("feed-faults.csv")


def main(arguments: Sequence[str] | None = None) -> int:
    """Load a feed; exit code 1 where it is refused or the database is lost, 2 where a setting is missing."""
    parser = argparse.ArgumentParser(prog="kelmu feed", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    load = commands.add_parser("load", help="load a full feed or a delta into the register")
    load.add_argument("folder", type=Path, help="with manifest.json and the files it names")
    load.add_argument(
        "--report", type=Path, default=_REPORT, metavar="FILE",
        help=f"where the faults of a refused feed are written ({_REPORT})",
    )  # fmt: skip
    load.add_argument(
        "--accept-losses", action="store_true", help="let a full feed close a fifth or more of a table"
    )
    chosen = parser.parse_args(arguments)
    url = os.environ.get(_URL)
    if not url:
        _say(f"{_URL} is not set")
        return 2
    return _load(url, chosen.folder, chosen.report, accept_losses=chosen.accept_losses)


def _load(url: str, folder: Path, report: Path, *, accept_losses: bool) -> int:
    began, told = time.monotonic(), Told()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            loaded = load_feed(connection, folder, told, accept_losses=accept_losses)
    except FeedError as error:
        told.done()
        return _refused(error, report)
    except psycopg.Error:
        told.done()
        # The driver's text may repeat parts of the URL or of a row.
        _say("feed not loaded, nothing is changed: the database could not be reached or stopped answering")
        return 1
    told.done()
    _loaded(loaded, time.monotonic() - began)
    return 0


def _refused(error: FeedError, report: Path) -> int:
    for line in summary(error):
        _say(line)
    try:
        write_report(report, error)
    except OSError:
        _say(f"the report could not be written to {report}")
    else:
        _say(f"every fault by file, line and column: {report}")
    return 1


def _loaded(loaded: Loaded, seconds: float) -> None:
    if loaded.already_there:
        _say("feed: this feed is loaded already; nothing to do")
        return
    for table, change in loaded.changes.items():
        became = f"{change.added:,} added, {change.changed:,} changed, {change.closed:,} closed"
        _say(f"feed: {table}: {change.rows_in:,} rows, {became}")
    total = sum(loaded.rows.values())
    _say(f"feed: {total:,} rows in {seconds:.1f} s, {total / max(seconds, 0.001):,.0f} rows/s")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
