"""The worker: computed notices at their time and answers to Kela as they become ready, until it is stopped.

Two jobs, each in a thread with a connection of its own, so that a long run of the rules holds no answer up.
The weekly release of a large first batch is no job: each of its notices has its first day already
(``kelmu.notices.release``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

import psycopg
import structlog

from kelmu.core import clock
from kelmu.notices.delivery import deliver_answers, worker_figures
from kelmu.notices.kela import KelaService
from kelmu.notices.picking import RunUnderWayError, pick_notices
from kelmu.notices.schedule import due_runs

_log: structlog.stdlib.BoundLogger = structlog.get_logger("kelmu.worker")
# Whoever holds it sees which runs are due and makes them; the lock of a run itself is another.
_TRY_LOCK, _UNLOCK = "SELECT pg_try_advisory_lock(5013, 7)", "SELECT pg_advisory_unlock(5013, 7)"
Job = Callable[[psycopg.Connection[Any]], None]


@dataclass
class Worker:
    """One process's work. Several may run at once, on several machines: nothing is done twice.

    Attributes:
        url: connects as ``kelmu_worker``.
        service: Kela's side; None: it fetches its answers.
        pick_at: from what time of the Finnish day on the pick rules run.
        deliver_every_s: pause between rounds of delivery.
        look_every_s: pause between looks at whether a run is due, and after a fault.
    """

    url: str = field(repr=False)
    service: KelaService | None
    pick_at: time = time(5)
    deliver_every_s: float = 15.0
    look_every_s: float = 60.0
    stopped: threading.Event = field(default_factory=threading.Event)
    broken: bool = False

    def run(self) -> int:
        """Work until ``stop`` is called; 1 if a job ended by a fault of its own."""
        jobs = [threading.Thread(target=self._repeat, args=(self.pick, self.look_every_s), name="pick")]
        if self.service is not None:
            target = (self.deliver, self.deliver_every_s)
            jobs.append(threading.Thread(target=self._repeat, args=target, name="deliver"))
        for job in jobs:
            job.start()
        for job in jobs:
            job.join()
        return 1 if self.broken else 0

    def stop(self) -> None:
        """End after the step that each job is at. Safe to call from a signal handler."""
        self.stopped.set()

    def deliver(self, connection: psycopg.Connection[Any]) -> None:
        """A round of delivery."""
        assert self.service is not None
        done = deliver_answers(connection, self.service, self.stopped.is_set)
        if done.kept:
            _log.info("answers delivered", count=done.kept)
        for fault, count in done.faults.items():
            _log.warning("answers not delivered", cause=fault.value, count=count)
        if done.faults:
            stuck = worker_figures(connection)["stuck"]
            if stuck:
                _log.error("deliveries need a person: kelmu notices deliveries", count=stuck)

    def pick(self, connection: psycopg.Connection[Any]) -> None:
        """The runs of the pick rules that are due, each once whoever else looks at the same time."""
        if connection.execute(_TRY_LOCK).fetchone() != (True,):
            return
        try:
            for day in due_runs(_last_run(connection), clock.now(), self.pick_at):
                if self.stopped.is_set():
                    break
                done = pick_notices(connection, day, self._break_off_when_stopped)
                _log.info("notices picked", count=done.sent, rows=done.looked_at)
        except RunUnderWayError:
            _log.info("another run of the pick rules is under way")
        except _StoppedError:
            _log.info("run of the pick rules broken off; the next one goes on where it was")
        finally:
            if not connection.closed:
                connection.execute(_UNLOCK)

    def _break_off_when_stopped(self, _progress: object) -> None:
        if self.stopped.is_set():
            raise _StoppedError

    def _repeat(self, job: Job, every_s: float) -> None:
        try:
            while not self.stopped.is_set():
                try:
                    with closing(psycopg.connect(self.url, autocommit=True)) as connection:
                        while not self.stopped.is_set():
                            job(connection)
                            self.stopped.wait(every_s)
                except psycopg.Error as error:
                    # The driver's text may repeat parts of the URL.
                    _log.warning("the database refused or was lost", cause=error.sqlstate or "lost")
                    self.stopped.wait(min(every_s, 10.0))
        except Exception:  # noqa: BLE001 - told in the log, and it ends the process
            # What the job did not foresee ends the process, so that whoever watches it learns of it.
            _log.exception("a job of the worker broke")
            self.broken = True
            self.stop()


class _StoppedError(Exception):
    """The worker is to end in the middle of a run."""


def _last_run(connection: psycopg.Connection[Any]) -> date | None:
    day = worker_figures(connection)["picked_on"]
    return None if day is None else date.fromisoformat(day)
