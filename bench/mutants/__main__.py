"""Put small faults into policy and door, one at a time, and see whether a test fails.

Run ``make mutants`` for all of them (hours) or ``make mutants ARGS="--sample 100 --seed 7"`` for a part. A
campaign goes on where the last one of the same source stopped. Writes ``bench/results/mutants.json``.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
from pathlib import Path

from tools.setup.test_environment import apply

apply()

from bench.mutants import results  # noqa: E402 - the environment first
from bench.mutants.campaign import Campaign  # noqa: E402 - the environment first
from bench.mutants.ground import Ground  # noqa: E402 - the environment first
from bench.mutants.model import Mutant, Verdict  # noqa: E402 - the environment first
from bench.mutants.python_source import python_mutants  # noqa: E402 - the environment first
from bench.mutants.sql_source import function_mutants, privilege_mutants  # noqa: E402 - the environment first
from bench.mutants.watching import measured  # noqa: E402 - the environment first

ROOT = Path(__file__).resolve().parents[2]
_THE_FEEDS = ("register/sql/keys.sql", "register/sql/history.sql")
_BESIDE_THE_DOOR = ("notices", "lists", "claims")
_UNSETTLED = frozenset({Verdict.UNSETTLED})
_AGAIN = frozenset({Verdict.SURVIVED, Verdict.NO_END, Verdict.UNSETTLED})


def all_mutants(root: Path) -> list[Mutant]:
    """Every mutant of policy and door, policy first."""
    found: list[Mutant] = []
    for path in _paths(root, "src/kelmu/policy/*.py"):
        found += python_mutants(root, path, "policy")
    for path in _paths(root, "src/kelmu/*/sql/*.sql"):
        capability = path.split("/")[2]
        package = capability if capability in _BESIDE_THE_DOOR else "door"
        # What only a feed calls, its own tests watch, which take no part in a campaign.
        if not path.endswith(_THE_FEEDS) and "/feed/" not in path:
            found += function_mutants(root, path, package)
        found += privilege_mutants(root, path, package)
    return found


def _paths(root: Path, pattern: str) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.glob(pattern))


def chosen(mutants: list[Mutant], options: argparse.Namespace) -> list[Mutant]:
    """Those asked for: a sample as the seed has it, or all in the order asked for and of the files."""
    wanted = [
        mutant
        for text in options.only or [""]
        for mutant in mutants
        if (not options.package or mutant.package == options.package) and text in mutant.key
    ]
    wanted = list({mutant.key: mutant for mutant in wanted}.values())
    if not options.sample:
        return wanted
    random.Random(options.seed).shuffle(wanted)  # noqa: S311 - a sample, no secret
    return wanted[: options.sample]


def main() -> int:
    """Try, record, summarise. 1 where a survivor has no reason or the score is under 0.95."""
    parser = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, help="so many, chosen by the seed; without it, all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--package", choices=results.PACKAGES)
    parser.add_argument("--only", action="append", help="those whose key holds this text; then another")
    parser.add_argument("--minutes", type=float, help="begin no trial after so many minutes")
    parser.add_argument("--again", action="store_true", help="try all but the killed again")
    parser.add_argument("--quick", type=float, help="ask only the tests that take so many seconds together")
    parser.add_argument("--workers", type=int, default=1, help="so many at once, each with its own cluster")
    parser.add_argument("--measure", action="store_true", help="measure anew what all tests call")
    parser.add_argument("--report", action="store_true", help="try none, sum up what is known")
    options = parser.parse_args()
    record = results.Record(ROOT)
    if options.report:
        return results.summarise(record, all_mutants(ROOT))
    # However it is stopped, clusters and copies are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    (ROOT / ".data").mkdir(exist_ok=True)
    grounds: list[Ground] = []
    try:
        grounds += [Ground(ROOT)]
        mutants = all_mutants(grounds[0].copy)
        record = results.Record(grounds[0].copy)
        again = _AGAIN if options.again else _UNSETTLED if options.quick is None else frozenset()
        left = [each for each in chosen(mutants, options) if not record.knows(each, again=again)]
        print(f"{len(mutants)} mutants, {len(left)} to try", flush=True)
        watching = measured(grounds[0], anew=options.measure)
        grounds += [Ground(ROOT) for _ in range(1, options.workers)]
        Campaign(record, left, minutes=options.minutes, quick=options.quick).run(grounds, watching)
        return results.summarise(record, mutants)
    finally:
        for ground in grounds:
            ground.close()


if __name__ == "__main__":
    sys.exit(main())
