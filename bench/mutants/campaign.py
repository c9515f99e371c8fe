"""Hands mutants out to workers and notes what became of each."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque

from bench.mutants.ground import Ground
from bench.mutants.model import Mutant
from bench.mutants.results import Record
from bench.mutants.trial import Killers, Trials
from bench.mutants.watching import Watching


class Campaign:
    """Mutants still to be tried, handed out a place at a time, so that its killers are at hand."""

    def __init__(
        self, record: Record, left: list[Mutant], *, minutes: float | None, quick: float | None
    ) -> None:
        self._record = record
        self._quick = quick
        self._total = len(left)
        self._places = deque(
            list(place) for _, place in itertools.groupby(left, lambda mutant: (mutant.path, mutant.place))
        )
        self._ends = time.monotonic() + minutes * 60 if minutes is not None else None
        self._done = itertools.count(1)
        self._wrong: list[BaseException] = []

    def run(self, grounds: list[Ground], watching: Watching) -> None:
        """One thread for each ground, until nothing is left or the time is up.

        Raises:
            Exception: what went wrong on a ground.
        """
        workers = [
            threading.Thread(target=self._work, args=(ground, watching), daemon=True) for ground in grounds
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if self._wrong:
            raise self._wrong[0]

    def _work(self, ground: Ground, watching: Watching) -> None:
        killers = Killers()
        for key, killer in self._record.killers:
            killers.add(*_place_of(key), killer)
        trials = Trials(ground, watching, killers, quick=self._quick)
        try:
            while self._places:
                for mutant in self._places.popleft():
                    if self._is_over():
                        return
                    self._try(trials, mutant)
        except Exception as error:  # noqa: BLE001 - a thread's failure is the campaign's
            self._wrong.append(error)

    def _try(self, trials: Trials, mutant: Mutant) -> None:
        begun = time.monotonic()
        verdict, killer = trials.try_out(mutant)
        self._record.add(mutant, verdict, killer)
        seconds = time.monotonic() - begun
        print(f"{next(self._done)}/{self._total} {seconds:.1f} s {verdict} {mutant.key} {killer}", flush=True)

    def _is_over(self) -> bool:
        """Whether the time is up, or another worker is in trouble."""
        return bool(self._wrong) or (self._ends is not None and time.monotonic() > self._ends)


def _place_of(key: str) -> tuple[str, str]:
    path, _, rest = key.partition("::")
    return path, rest.partition(": ")[0]
