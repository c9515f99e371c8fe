"""``make bench-scale``: whether an inquiry takes longer, the more persons the register holds.

One cluster for each size, each with a synthetic register of its own, all up at once. In turns, as many
inquiries are made at each, as the web role makes them: open, outcome, dossier, with all groups. Clients are
spread over the register; each is asked for once before it counts. Writes ``bench/results/scale.json``.

``--registers FOLDER`` keeps the registers there: whoever stops goes on where it was, and the next run uses
them again. ``--apart``: each is made, measured and (if it is not to be kept) removed before the next begins,
where the disk has no room for all. The sizes by default take 45 GB of disk, some 50 GB while the largest is
loaded, and an hour: give ``--sizes 5600,56000`` to see it work.
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
from typing import Any

from bench import record
from tools.setup.test_environment import apply

apply()

from bench.desk import AGREEMENT  # noqa: E402 - the environment first
from bench.registers import NoRoomError, Register, say  # noqa: E402 - the environment first
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

    register: Register
    database: Database
    codes: list[str]
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

    def figures(self) -> dict[str, Any]:
        """Percentiles in milliseconds, size in gigabytes, seconds to generate and load, bytes by table."""
        cuts = statistics.quantiles(self.seconds, n=100)
        [(size,)] = self.database.run("SELECT pg_database_size(current_database())::float8 / 1e9")
        done = self.register.done
        return {
            "persons": self.register.persons, "rows": sum(done["rows"].values()),
            "p50_ms": cuts[49] * 1000, "p95_ms": cuts[94] * 1000, "database_gb": float(str(size)),
            "generated_s": done["generated_s"], "loaded_s": done["loaded_s"],
            "tables": self.register.tables(),
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
    parser.add_argument("--years", type=int, default=5, help="of payments")
    parser.add_argument("--clients", type=int, default=100, help="asked for at each")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--registers", type=Path, metavar="FOLDER", help="where registers are kept")
    parser.add_argument("--apart", action="store_true", help="one register after another")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with ExitStack() as after:
        home = options.registers
        if home is None:
            home = Path(tempfile.mkdtemp(prefix="kelmu-bench-"))
            after.callback(shutil.rmtree, home, ignore_errors=True)
        groups = [[size] for size in sizes] if options.apart else [sizes]
        try:
            figures = [each for group in groups for each in measured(home.resolve(), group, options)]
        except NoRoomError as error:
            say(str(error))
            return 1
    write(figures)
    return 0


def measured(home: Path, sizes: list[int], options: argparse.Namespace) -> list[dict[str, Any]]:
    """The figures of registers that are up together."""
    with ExitStack() as after:
        places = []
        for size in sizes:
            register = Register(home / f"{size}-{options.years}", size, options.years)
            end = register.server.destroy if options.registers is None else register.server.stop
            after.callback(end)
            places.append(place(register, options.clients))
        for number in range(options.rounds + 1):
            say(f"round {number} of {options.rounds}" + ("" if number else ", which does not count"))
            for each in places:
                each.round(counts=number > 0)
        return [each.figures() for each in places]


def place(register: Register, clients: int) -> Place:
    """A register, made or found, with clients from all of it."""
    database = register.prepare()
    World(database).lift_limits()
    codes = [str(code) for (code,) in database.run(_CLIENTS, clients)]
    return Place(register, database, codes)


def write(figures: list[dict[str, Any]]) -> None:
    """The table for people and the file."""
    growth = figures[-1]["p95_ms"] / figures[0]["p95_ms"]
    titles = ("persons", "rows", "p50 ms", "p95 ms", "GB", "generated s", "loaded s", "rows/s")
    print("".join(f"{title:>14}" for title in titles))
    for each in figures:
        rate = each["rows"] / each["loaded_s"]
        print(
            f"{each['persons']:14,}{each['rows']:14,}{each['p50_ms']:14.2f}{each['p95_ms']:14.2f}"
            f"{each['database_gb']:14.2f}{each['generated_s']:14.0f}{each['loaded_s']:14.0f}{rate:14,.0f}"
        )
    print(f"p95 at the largest over the smallest: {growth:.2f}\n")
    print(
        f"{'table, of the largest':28}{'rows':>14}{'MB':>10}{'index MB':>10}{'bytes a row':>13}{'index':>8}"
    )
    for name, (rows, heap, index) in figures[-1]["tables"].items():
        sizes = f"{heap / 1e6:10,.0f}{index / 1e6:10,.0f}{heap / rows:13.1f}{index / rows:8.1f}"
        print(f"{name:28}{rows:14,}{sizes}")
    largest = {name: figures[-1][name] for name in ("p50_ms", "p95_ms", "database_gb")}
    record.write(
        RESULTS,
        persons=int(figures[-1]["persons"]),
        figures={**largest, "p95_growth": growth, "sizes": figures},
    )


if __name__ == "__main__":
    sys.exit(main())
