"""``make bench-scale``: whether an inquiry takes longer, the more persons the register holds.

One cluster for each size, each with a synthetic register of its own, all up at once. In turns, as many
inquiries are made at each, as the web role makes them: open, outcome, dossier, with all groups. Clients are
spread over the register; each is asked for once before it counts. Writes ``bench/results/scale.json``.

The sizes by default take some 50 GB of disk and hours: give ``--sizes 5600,56000`` to see it work.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench import record
from tools.setup.test_environment import apply

apply()

from bench.desk import AGREEMENT, prepare  # noqa: E402 - the environment first
from tests.databases import Database  # noqa: E402 - the environment first
from tests.door.looking import Desk  # noqa: E402 - the environment first
from tests.world import ALL_GROUPS, Body, World  # noqa: E402 - the environment first

RESULTS = Path(__file__).with_name("results") / "scale.json"
SIZES = (56_000, 560_000, 5_600_000)
# One person of each stretch of the register, so that they lie as far from each other as can be.
_CLIENTS = """
    SELECT DISTINCT ON (ntile(%s) OVER (ORDER BY p.person_id)) p.personal_id FROM register.person p
    JOIN register.residence r ON r.person_id = p.person_id AND r.superseded_at IS NULL AND r.valid_to IS NULL
    JOIN organisations.municipality m ON m.code = r.municipality_code AND m.county_code = '08'
    WHERE p.death_date IS NULL AND p.protection_known AND p.birth_date < now() - interval '19 years'
        AND NOT EXISTS (SELECT FROM register.non_disclosure_order n WHERE n.person_id = p.person_id)
"""


@dataclass
class Place:
    """A register of one size, and what was measured at it."""

    persons: int
    database: Database
    codes: list[str]
    prepared_s: float
    seconds: list[float] = field(default_factory=list)

    def round(self, *, counts: bool) -> None:
        """Ask for every client once."""
        world = World(self.database)
        with self.database.connect() as connection:
            desk = Desk(connection, world.begin(self._body()))
            for code in self.codes:
                began = time.perf_counter()
                _, ticket = desk.open(code, groups=list(ALL_GROUPS))
                desk.outcome(ticket)
                document = desk.read(ticket)
                if counts:
                    self.seconds.append(time.perf_counter() - began)
                if not document:
                    raise RuntimeError("an inquiry was not answered")

    def figures(self) -> dict[str, float]:
        """Percentiles in milliseconds, size in gigabytes, seconds to generate and load."""
        cuts = statistics.quantiles(self.seconds, n=100)
        [(size,)] = self.database.run("SELECT pg_database_size(current_database())::float8 / 1e9")
        return {
            "persons": self.persons, "p50_ms": cuts[49] * 1000, "p95_ms": cuts[94] * 1000,
            "database_gb": float(str(size)), "prepared_s": self.prepared_s,
        }  # fmt: skip

    def _body(self) -> Body:
        [(organisation, agreement, business_id)] = self.database.run(
            "SELECT a.organisation_id, a.agreement_id, o.business_id FROM organisations.agreement a"
            " JOIN organisations.organisation o USING (organisation_id) WHERE a.number = %s", AGREEMENT,
        )  # fmt: skip
        return Body(int(str(organisation)), int(str(agreement)), str(business_id))


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="of the registers, in persons")
    parser.add_argument("--clients", type=int, default=100, help="asked for at each")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    work = Path(tempfile.mkdtemp(prefix="kelmu-bench-"))
    with ExitStack() as after:
        after.callback(shutil.rmtree, work, ignore_errors=True)
        places = [prepared(work, size, options.clients, after) for size in sizes]
        for number in range(options.rounds + 1):
            for place in places:
                place.round(counts=number > 0)
        figures = [place.figures() for place in places]
    write(figures)
    return 0


def prepared(work: Path, persons: int, clients: int, after: ExitStack) -> Place:
    """A register of that size, generated and loaded as the demo does it."""
    began = time.monotonic()
    home = work / str(persons)
    home.mkdir()
    database = prepare(home, persons).database
    after.callback(database.server.destroy)
    taken = time.monotonic() - began
    World(database).lift_limits()
    codes = [str(code) for (code,) in database.run(_CLIENTS, clients)]
    return Place(persons, database, codes, taken)


def write(figures: list[dict[str, float]]) -> None:
    """The table for people and the file."""
    growth = figures[-1]["p95_ms"] / figures[0]["p95_ms"]
    print(f"{'persons':>12}{'p50 ms':>10}{'p95 ms':>10}{'GB':>10}{'prepared s':>12}")
    for each in figures:
        print(
            f"{each['persons']:12,}{each['p50_ms']:10.2f}{each['p95_ms']:10.2f}{each['database_gb']:10.2f}"
            f"{each['prepared_s']:12.0f}"
        )
    print(f"p95 at the largest over the smallest: {growth:.2f}")
    largest = {name: figures[-1][name] for name in ("p50_ms", "p95_ms", "database_gb")}
    record.write(
        RESULTS,
        persons=int(figures[-1]["persons"]),
        figures={**largest, "p95_growth": growth, "sizes": figures},
    )


if __name__ == "__main__":
    sys.exit(main())
