"""``make bench-feed``: loading a feed against a bare COPY of the same rows into the same indexed tables.

One cluster, in turns: a fresh database takes the feed from its Parquet files by ``load_feed``; another fresh
one takes the same rows, in the same order, by one COPY a table into tables with equal keys, constraints and
references, in one transaction. Then the feed of the next day with the same content: nothing is to be changed,
all of it is to be compared. Processor time is that of both sides, this process and its server process: on a
machine that does other things too it says more than the clock. Writes ``bench/results/feed.json``.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import record
from tools.setup.test_environment import apply

apply()

import psutil  # noqa: E402 - the environment first
import psycopg  # noqa: E402 - the environment first
from psycopg import sql  # noqa: E402 - the environment first

from bench.ground import cluster_with_feed  # noqa: E402 - the environment first
from kelmu.feed.loading import load_feed  # noqa: E402 - the environment first
from kelmu.feed.tables import FEED_TABLES, FeedTable  # noqa: E402 - the environment first
from tests import databases  # noqa: E402 - the environment first
from tests.databases import Database  # noqa: E402 - the environment first
from tools.postgres.server import EmbeddedServer  # noqa: E402 - the environment first

RESULTS = Path(__file__).with_name("results") / "feed.json"
_BLOCK = 1 << 20


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.feed", description=__doc__)
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with cluster_with_feed(options.persons) as (server, work):
        figures = measure(server, work, options.rounds)
    record.write(RESULTS, persons=options.persons, figures=figures)
    return 0


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock, and seconds of processor time of client and server together."""

    seconds: float
    processor_s: float


@dataclass(frozen=True)
class Round:
    """What one turn took: the load, the bare COPY, and the load of the same content again."""

    rows: int
    load: Taken
    copy: Taken
    again: Taken


def measure(server: EmbeddedServer, work: Path, rounds: int) -> dict[str, float]:
    """All figures; each ratio is that of one round."""
    found = [one_round(server, work) for _ in range(rounds)]
    rows = found[0].rows
    figures = {
        "rows": rows,
        "rows_per_s": statistics.median(rows / each.load.seconds for each in found),
        "copy_rows_per_s": statistics.median(rows / each.copy.seconds for each in found),
        "copy_ratio": statistics.median(each.copy.seconds / each.load.seconds for each in found),
        "copy_ratio_processor": statistics.median(
            each.copy.processor_s / each.load.processor_s for each in found
        ),
        "unchanged_rows_per_s": statistics.median(rows / each.again.seconds for each in found),
        "loader_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    table(figures)
    return figures


def table(figures: dict[str, float]) -> None:
    """The figures for people."""
    print(f"rows {figures['rows']:,}; loader's peak memory {figures['loader_peak_mb']:.0f} MB")
    for title, name in (
        ("load of the feed", "rows_per_s"),
        ("bare COPY", "copy_rows_per_s"),
        ("same content the next day", "unchanged_rows_per_s"),
    ):
        print(f"{title:36}{figures[name]:12,.0f} rows/s")
    print(f"{'load over bare COPY':36}{figures['copy_ratio']:12.2f}")
    print(f"{'the same in processor time':36}{figures['copy_ratio_processor']:12.2f}")


def one_round(server: EmbeddedServer, work: Path) -> Round:
    """One turn of each."""
    with fresh(server) as loaded:
        rows, load = timed_load(loaded, work / "feed")
        write_copies(loaded, work)
        _, again = timed_load(loaded, next_day(work))
    with fresh(server) as bare:
        copy = timed_copy(bare, work)
    print(f"  load {load}, bare COPY {copy}, again {again}", file=sys.stderr, flush=True)
    return Round(rows, load, copy, again)


@contextmanager
def taking(connection: psycopg.Connection) -> Iterator[Callable[[], Taken]]:
    """Give what has been taken since."""
    # One server process does it all, so that its time is all of the server's.
    connection.execute("SET max_parallel_workers_per_gather = 0")
    backend = psutil.Process(connection.info.backend_pid)

    def processor() -> float:
        times = backend.cpu_times()
        return time.process_time() + float(times.user + times.system)

    began, used = time.monotonic(), processor()
    yield lambda: Taken(time.monotonic() - began, processor() - used)


@contextmanager
def fresh(server: EmbeddedServer) -> Iterator[Database]:
    """A new database with an empty register, nothing of earlier ones left to write."""
    database = databases.clone(server, f"kelmu_{uuid.uuid4().hex[:12]}")
    database.run("CHECKPOINT")
    yield database
    databases.drop(database)


def timed_load(database: Database, folder: Path) -> tuple[int, Taken]:
    """Rows of a load, and what it took."""
    with database.connect("kelmu_feed") as feeder, taking(feeder) as taken:
        loaded = load_feed(feeder, folder)
        return sum(loaded.rows.values()), taken()


def next_day(work: Path) -> Path:
    """The same files with the manifest of a later day."""
    folder = work / "next"
    shutil.copytree(work / "feed", folder, dirs_exist_ok=True)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest |= {"feed_id": "next-day", "as_of": "2100-01-01T00:00:00Z"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def write_copies(database: Database, work: Path) -> None:
    """What COPY takes, in the order in which the register holds it."""
    with database.connect("kelmu_feed") as feeder:
        for table in FEED_TABLES:
            query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)").format(*_place(table))
            with feeder.cursor().copy(query) as copy, (work / table.name).open("wb") as file:
                for block in copy:
                    file.write(block)


def timed_copy(database: Database, work: Path) -> Taken:
    """What one COPY a table takes, committed at once."""
    with database.connect("kelmu_feed", autocommit=False) as feeder, taking(feeder) as taken:
        for table_ in FEED_TABLES:
            columns, name = _place(table_)
            query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(name, columns)
            with feeder.cursor().copy(query) as copy, (work / table_.name).open("rb") as file:
                while block := file.read(_BLOCK):
                    copy.write(block)
        feeder.commit()
        return taken()


def _place(table: FeedTable) -> tuple[sql.Composed, sql.Identifier]:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    return columns, sql.Identifier("register", table.name)


if __name__ == "__main__":
    sys.exit(main())
