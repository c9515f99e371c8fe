"""``kelmu notices``: as ``kelmu_worker`` (``KELMU_WORKER_DATABASE_URL``); ``load-rules`` as the owner."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date

import psycopg

from kelmu.core import clock
from kelmu.core.data_files import DataFileError
from kelmu.notices.delivery import deliver_answers
from kelmu.notices.kela import KelaService, KelaSettingsError
from kelmu.notices.pick_loading import PickRulesChangedError, load_pick_rules
from kelmu.notices.picking import Progress, RunUnderWayError, pick_notices
from kelmu.notices.watching import tell_deliveries, tell_health

_WORKER, _OWNER = "KELMU_WORKER_DATABASE_URL", "KELMU_OWNER_DATABASE_URL"
_TELL_EVERY_S = 5.0
_REFUSALS = {
    "KL010": "the day is to come, or more than 31 days past",
    "KL014": "another run is under way",
    "KL031": "a source of the register cannot be read",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; exit code 1 where it cannot be done, 2 where a setting is missing."""
    parser = argparse.ArgumentParser(prog="kelmu notices", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    pick = commands.add_parser("pick", help="send the notices that are due by computation (daily)")
    pick.add_argument(
        "--on", type=date.fromisoformat, metavar="YYYY-MM-DD",
        help="the day judged: today unless told; up to 31 days back, for a run that was missed",
    )  # fmt: skip
    deliver = commands.add_parser("deliver", help="tell Kela what officials did with notices")
    deliver.add_argument("--every", type=float, metavar="SECONDS", help="again and again; once unless told")
    deliveries = commands.add_parser("deliveries", help="list the answers to Kela that need a person")
    deliveries.add_argument("--retry", action="store_true", help="let all that failed be tried again at once")
    commands.add_parser("health", help="the worker's figures as Prometheus text; status 1: look after it")
    commands.add_parser("load-rules", help="load this version's pick rules into the database (as its owner)")
    chosen = parser.parse_args(arguments)
    match chosen.command:
        case "pick":
            return _with(_WORKER, lambda connection: _pick(connection, chosen.on or clock.today()))
        case "deliver":
            return _deliver(chosen.every)
        case "deliveries":
            return _with(_WORKER, lambda connection: tell_deliveries(connection, retry=chosen.retry))
        case "health":
            return _with(_WORKER, tell_health)
        case _:
            return _with(_OWNER, _load)


def _with(variable: str, run: Callable[[psycopg.Connection], int]) -> int:
    url = os.environ.get(variable)
    if not url:
        return _say(f"{variable} is not set", 2)
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            return run(connection)
    except psycopg.Error as error:
        # The driver's text may repeat parts of the URL.
        why = _REFUSALS.get(error.sqlstate or "", "the database could not be reached or stopped answering")
        return _say(f"notices: {why}", 1)


def _pick(connection: psycopg.Connection, on: date) -> int:
    told = _Told()
    try:
        done = pick_notices(connection, on, told)
    except RunUnderWayError:
        return _say("notices: another run is under way", 1)
    return _say(f"notices: {on}: {done.looked_at:,} persons looked at, {done.sent:,} notices sent", 0)


def _deliver(every_s: float | None) -> int:
    try:
        service = KelaService.from_environment()
    except KelaSettingsError as error:
        return _say(str(error), 2)
    if service is None:
        return _say("KELMU_KELA_URL is not set: Kela fetches its answers", 2)

    def run(connection: psycopg.Connection) -> int:
        while True:
            done = deliver_answers(connection, service)
            faults = "".join(f", {count} {fault}" for fault, count in done.faults.items())
            _say(f"notices: {done.kept} answers delivered{faults}", 0)
            if every_s is None:
                return 1 if done.faults else 0
            time.sleep(every_s)

    with closing(service.http):
        return _with(_WORKER, run)


def _load(connection: psycopg.Connection) -> int:
    try:
        labels = load_pick_rules(connection)
    except (DataFileError, PickRulesChangedError) as error:
        return _say(f"the pick rules were not loaded: {error}", 1)
    return _say(f"pick rules {' '.join(labels)}", 0)


class _Told:
    """Says now and then how far a run is."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._told < _TELL_EVERY_S:
            return
        self._told = now
        if progress.state == "looking":
            far = f"{progress.looked_at:,} of {progress.persons:,} persons"
        else:
            far = f"{progress.sent:,} of {progress.picked:,} notices sent"
        _say(f"notices: {progress.judged_on}: {progress.state}, {far}", 0)


def _say(text: str, status: int) -> int:
    sys.stderr.write(f"{text}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
