"""Making chunks in two lanes, every other chunk in each; large populations with a process for each lane.

A lane gives identity codes and running numbers of its own, so that neither waits for the other and the
bytes are the same whether a process makes both lanes or each has its own.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import polars as pl

from tools.cast import load_cast
from tools.population.cast_people import codes_of
from tools.population.chunks import Run, chunk_tables, drawn_chunk
from tools.population.decisions import Numbers
from tools.population.identity_codes import IdentityCodes

LANES = 2
FEW = 4
"""So few chunks are made in this process: to begin others takes longer."""
Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Order:
    """What chunks are asked for: the day, the seed, years of payments, and the sizes of all of them."""

    as_of: int
    seed: int
    years: int
    first_id: int
    sizes: Sequence[int]

    def run(self, lane: int) -> Run:
        """What the chunks of a lane share."""
        codes = IdentityCodes(self.as_of, codes_of(load_cast()), lane, LANES)
        return Run(self.as_of, codes, self.years, Numbers(lane=lane, lanes=LANES))

    def chunk(self, run: Run, place: int) -> Tables:
        """The chunk at a place, the first being 0. A lane's are made in their order."""
        random = np.random.default_rng([self.seed, place + 1])
        first_id = self.first_id + sum(self.sizes[:place])
        return chunk_tables(run, drawn_chunk(run, random, first_id, self.sizes[place]))


def drawn(order: Order, first: Run) -> Iterator[Tables]:
    """Every chunk in order.

    Args:
        order: which.
        first: what lane 0 has shared so far.
    """
    if len(order.sizes) <= FEW:
        runs = [first, *(order.run(lane) for lane in range(1, LANES))]
        for place in range(len(order.sizes)):
            yield order.chunk(runs[place % LANES], place)
        return
    with ExitStack() as after:
        lanes = [_begun(order, lane, first.numbers if lane == 0 else None, after) for lane in range(LANES)]
        for place in range(len(order.sizes)):
            made = lanes[place % LANES].recv()
            if isinstance(made, Exception):
                raise made
            yield made


def _begun(order: Order, lane: int, numbers: Numbers | None, after: ExitStack) -> Connection:
    """A process that makes the chunks of a lane; it waits with each until it is taken."""
    # Memory that polars frees is kept for the next chunk: to give it back took a third of the time.
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:-1,muzzy_decay_ms:-1")
    # Not forked: polars holds threads.
    context = multiprocessing.get_context("spawn")
    taken, given = context.Pipe(duplex=False)
    process = context.Process(target=_lane, args=(order, lane, numbers, given), daemon=True)
    process.start()
    after.callback(process.join)
    after.callback(process.terminate)
    # Only the lane holds its end: where it dies, whoever waits is told.
    given.close()
    after.callback(taken.close)
    return taken


def _lane(order: Order, lane: int, numbers: Numbers | None, given: Connection[Any, Any]) -> None:
    run = order.run(lane)
    if numbers is not None:
        run.numbers = numbers
    try:
        for place in range(lane, len(order.sizes), LANES):
            given.send(order.chunk(run, place))
    except BrokenPipeError:
        pass
    except Exception as error:  # noqa: BLE001 - whatever it is, the process that asked tells it
        given.send(error)
