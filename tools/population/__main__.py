"""``python -m tools.population --persons 20000 --seed 1 --out DIR``: write a feed.

The cast comes first, with fixed person ids; then drawn people, chunk by chunk, so that memory does not
grow with their number, with two processes where there are many. Same seed, size, chunk size and day: same
bytes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from kelmu.core.clock import today
from tools.cast import load_cast
from tools.population.cast_people import cast_chunk, people_in_register
from tools.population.chunks import YEARS, chunk_tables
from tools.population.days import number
from tools.population.lanes import Order, drawn
from tools.population.writer import FeedWriter, FileFormat

CHUNK = 20_000
FIRST_ID = 1_000_001


def populate(  # noqa: PLR0913 - all of them are options of the command
    *,
    persons: int,
    seed: int,
    folder: Path,
    as_of: date,
    chunk: int = CHUNK,
    years: int = YEARS,
    file_format: FileFormat = "parquet",
) -> dict[str, int]:
    """Write the feed of so many persons, the cast among them; give the rows of each table.

    Args:
        persons: how many in all.
        seed: of the random numbers.
        folder: where the files go; made if needed, files of an earlier feed are replaced.
        as_of: the day the register is made for.
        chunk: how many are made at a time.
        years: of payments before that day.
        file_format: of the files.

    Raises:
        ValueError: fewer persons than the cast has.
    """
    cast = load_cast()
    own = len(people_in_register(cast))
    if persons < own + 100:
        raise ValueError(f"at least {own + 100} persons are needed: {own} are the cast's")
    order = Order(number(as_of), seed, years, FIRST_ID, _sizes(persons - own, chunk))
    run = order.run(0)
    made_by = {"tool": "tools.population", "seed": seed, "persons": persons, "chunk": chunk, "years": years}
    started = time.monotonic()
    writer = FeedWriter(folder, file_format)
    writer.append(chunk_tables(run, cast_chunk(run, cast, np.random.default_rng([seed, 0]))))
    done = 0
    for size, tables in zip(order.sizes, drawn(order, run), strict=True):
        writer.append(tables)
        done += size
        _progress(own + done, persons, sum(writer.rows.values()), started)
    writer.finish(f"population-{as_of.isoformat()}-{seed}-{persons}", run.as_of, made_by)
    return writer.rows


def _sizes(persons: int, chunk: int) -> Sequence[int]:
    """Chunk sizes, as even as they can be, none above ``chunk``."""
    count = -(-persons // chunk)
    return [persons // count + (place < persons % count) for place in range(count)]


def _progress(done: int, persons: int, rows: int, started: float) -> None:
    seconds = max(time.monotonic() - started, 0.001)
    sys.stderr.write(
        f"population: {done:,} of {persons:,} persons, {rows:,} rows, {rows / seconds:,.0f} rows/s\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a feed as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tools.population", description=__doc__)
    parser.add_argument("--persons", type=int, default=20_000, help="how many in all (20000)")
    parser.add_argument("--seed", type=int, default=1, help="of the random numbers (1)")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the feed")
    parser.add_argument("--as-of", type=date.fromisoformat, help="the day it is made for (today)")
    parser.add_argument("--years", type=int, default=YEARS, help=f"of payments ({YEARS})")
    parser.add_argument(
        "--format", choices=("parquet", "csv"), default="parquet", help="of the files (parquet)"
    )
    chosen = parser.parse_args(arguments)
    try:
        populate(
            persons=chosen.persons, seed=chosen.seed, folder=chosen.out, as_of=chosen.as_of or today(),
            years=chosen.years, file_format=chosen.format,
        )  # fmt: skip
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
