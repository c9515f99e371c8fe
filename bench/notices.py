"""``make bench-notices``: a run of the pick rules over a synthetic register, and the run of the next day.

A fresh database takes the population's feed. Then the worker makes the first run, which finds and sends
everything there is, and a second one, which looks at everybody again and finds nothing new, as most days do.
Processor time is that of this process and its server process. Writes ``bench/results/notices.json``;
``seconds`` are those of the first run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import record
from tools.setup.test_environment import apply

apply()

import psutil  # noqa: E402 - the environment first
import psycopg  # noqa: E402 - the environment first

from bench.ground import cluster_with_feed  # noqa: E402 - the environment first
from kelmu.core import clock  # noqa: E402 - the environment first
from kelmu.feed.loading import load_feed  # noqa: E402 - the environment first
from kelmu.notices.picking import Progress, pick_notices  # noqa: E402 - the environment first
from tests import databases  # noqa: E402 - the environment first
from tests.databases import Database  # noqa: E402 - the environment first

RESULTS = Path(__file__).with_name("results") / "notices.json"
COUNTRY = 5_600_000


@dataclass
class Taken:
    """Seconds by the clock and of the processor, split into looking for and sending."""

    seconds: float
    processor_s: float
    looking_processor_s: float
    sent: int


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.notices", description=__doc__)
    parser.add_argument("--persons", type=int, default=20_000)
    options = parser.parse_args()
    with cluster_with_feed(options.persons) as (server, work):
        database = databases.clone(server, "kelmu_notices")
        with database.connect("kelmu_feed") as feeder:
            load_feed(feeder, work / "feed")
        database.run("CHECKPOINT")
        first, again = (run(database) for _ in range(2))
    report(options.persons, first, again)
    return 0


def run(database: Database) -> Taken:
    """One run by the worker."""
    with database.connect("kelmu_worker") as worker:
        processor = processor_of(worker)
        began, used = time.monotonic(), processor()
        looked = used

        def tell(progress: Progress) -> None:
            nonlocal looked
            if progress.state == "looking":
                looked = processor()

        done = pick_notices(worker, clock.today(), tell)
        return Taken(time.monotonic() - began, processor() - used, looked - used, done.sent)


def processor_of(connection: psycopg.Connection) -> Callable[[], float]:
    """Processor seconds used so far by this process and its server process."""
    backend = psutil.Process(connection.info.backend_pid)

    def used() -> float:
        times = backend.cpu_times()
        return time.process_time() + float(times.user + times.system)

    return used


def report(persons: int, first: Taken, again: Taken) -> None:
    """The table for people and the file."""
    scale = COUNTRY / persons
    print(f"{'':28}{'clock s':>10}{'processor s':>13}{f'for {COUNTRY / 1e6} million':>20}")
    for title, taken in (("first run, everything new", first), ("next run, nothing new", again)):
        whole = f"{taken.processor_s * scale:.0f} s"
        print(f"{title:28}{taken.seconds:10.2f}{taken.processor_s:13.2f}{whole:>20}")
    print(f"{first.sent:,} notices sent; looking took {first.looking_processor_s:.2f} s of the processor")
    record.write(
        RESULTS,
        persons=persons,
        figures={
            "seconds": first.seconds, "processor_s": first.processor_s, "sent": first.sent,
            "looking_processor_s": first.looking_processor_s, "again_seconds": again.seconds,
            "again_processor_s": again.processor_s, "country_processor_s": first.processor_s * scale,
        },
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
