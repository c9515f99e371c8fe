"""``kelmu lists``: as ``kelmu_worker`` (``KELMU_WORKER_DATABASE_URL``)."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

import psycopg

from kelmu.core import clock
from kelmu.lists.kinds import list_definitions
from kelmu.lists.running import Made, run_lists
from kelmu.lists.schedule import next_period
from kelmu.policy.vocabulary import ListKind

_WORKER = "KELMU_WORKER_DATABASE_URL"
_REFUSALS = {
    "KL014": "another run is under way",
    "KL031": "a source of the register cannot be read",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; exit code 1 where it cannot be done, 2 where a setting is missing."""
    parser = argparse.ArgumentParser(prog="kelmu lists", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="make the lists that are due (daily)")
    run.add_argument(
        "--kind", action="append", choices=[kind.value for kind in list_definitions()],
        help="only this kind; may be given several times",
    )  # fmt: skip
    run.add_argument(
        "--periods", type=int, default=3, metavar="N",
        help="the latest N periods of each kind (3): late corrections make new lists of them",
    )  # fmt: skip
    commands.add_parser("schedule", help="list the kinds with the day on which the next list is seen")
    chosen = parser.parse_args(arguments)
    if chosen.command == "schedule":
        return _schedule()
    kinds = [ListKind(kind) for kind in chosen.kind or list_definitions()]
    return _run(kinds, chosen.periods)


def _run(kinds: Sequence[ListKind], periods: int) -> int:
    url = os.environ.get(_WORKER)
    if not url:
        return _say(f"{_WORKER} is not set", 2)
    started = time.monotonic()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            chosen = [list_definitions()[kind] for kind in kinds]
            done = run_lists(connection, chosen, clock.today(), periods=periods, tell=_tell)
    except psycopg.Error as error:
        # The driver's text may repeat parts of the URL.
        why = _REFUSALS.get(error.sqlstate or "", "the database could not be reached or stopped answering")
        return _say(f"lists: {why}", 1)
    made, rows = sum(each.lists for each in done), sum(each.rows for each in done)
    return _say(f"lists: {made:,} lists made, {rows:,} rows, {time.monotonic() - started:.1f} s", 0)


def _tell(made: Made) -> None:
    _say(
        f"lists: {made.kind} {made.period.first_day}: {made.lists:,} lists made, "
        f"{made.superseding:,} in place of an earlier one, {made.rows:,} rows", 0,
    )  # fmt: skip


def _schedule() -> int:
    for kind, definition in list_definitions().items():
        coming = next_period(definition, clock.today())
        _say(f"{kind}: {coming.first_day} to {coming.last_day} on {coming.published_on}", 0)
    return 0


def _say(text: str, status: int) -> int:
    sys.stderr.write(f"{text}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
