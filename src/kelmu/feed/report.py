"""The report of a refused feed: every fault with its place, in a file; their sums on the screen."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kelmu.feed.errors import FeedError

COLUMNS = ("file", "line", "column", "problem", "found")
_MOST_KINDS = 20


def write_report(path: Path, error: FeedError) -> None:
    """Write a CSV with one line a fault, for its reader only.

    Raises:
        OSError: the file cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for fault in error.faults:
            writer.writerow((fault.file, fault.line, fault.column, fault.problem, fault.found))


def summary(error: FeedError) -> Iterator[str]:
    """Lines for the screen: how many faults of each kind in each file, the most frequent first."""
    counted = Counter((fault.file, fault.column, fault.problem) for fault in error.faults)
    first: dict[tuple[str, str | None, str], int | None] = {}
    for fault in error.faults:
        first.setdefault((fault.file, fault.column, fault.problem), fault.line)
    yield f"feed refused, nothing is changed: {error.total:,} fault{'s' if error.total > 1 else ''}"
    for place, count in counted.most_common(_MOST_KINDS):
        file, column, problem = place
        where = f"{file}: column {column}" if column else file
        line = first[place]
        since = (
            "" if line is None else f", line {line}" if count == 1 else f", {count:,} lines from {line} on"
        )
        yield f"  {where}: {problem}{since}"
    if len(counted) > _MOST_KINDS:
        yield f"  and {len(counted) - _MOST_KINDS:,} other kinds"
    if error.total > len(error.faults):
        yield f"  only the first {len(error.faults):,} are in the report"
