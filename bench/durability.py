"""What it costs that a look is read only after its entry is on disk.

The same looks (open; outcome and dossier in one transaction) with the door's flush and without it, in turn,
on one fresh cluster, by one connection and by eight. Run: ``python -m bench.durability``.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from pathlib import Path

from bench import record
from tools.setup.test_environment import apply

apply()

from tests import databases  # noqa: E402 - the environment first
from tests.databases import Database  # noqa: E402 - the environment first
from tests.world import Somebody, World  # noqa: E402 - the environment first

RESULTS = Path(__file__).with_name("results") / "durability.json"
CLIENTS, PAYMENTS, LOOKS, ROUNDS = 200, 12, 1600, 3
GROUPS = ["decisions", "payments", "pending"]
OPEN = "SELECT * FROM door.open_inquiry(%s, 'social_assistance', 'bench', NULL, true, %s, %s)"
FLUSH = (
    "CREATE OR REPLACE FUNCTION door_private.flush_log(wanted pg_lsn) RETURNS void LANGUAGE plpgsql "
    "SET search_path = pg_catalog, pg_temp AS $f${body}$f$"
)


def look_all(database: Database, secret: str, clients: list[Somebody], looks: int, took: list[float]) -> None:
    """Make looks one after another on one connection; seconds of each go into ``took``."""
    with database.connect() as connection:
        for number in range(looks):
            begun = time.perf_counter()
            code = clients[number % len(clients)].personal_id
            row = connection.execute(OPEN, [secret, code, GROUPS], prepare=True).fetchone()
            assert row is not None
            with connection.transaction():
                connection.execute("SELECT door.read_outcome(%s, %s)", [secret, row[1]], prepare=True)
                connection.execute("SELECT door.read_dossier(%s, %s)", [secret, row[1]], prepare=True)
            took.append(time.perf_counter() - begun)


def measure(
    database: Database, secret: str, clients: list[Somebody], connections: int
) -> tuple[float, float, float]:
    """Looks a second, median and 95th percentile in milliseconds."""
    took: list[float] = []
    threads = [
        threading.Thread(target=look_all, args=(database, secret, clients, LOOKS // connections, took))
        for _ in range(connections)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - begun
    quantiles = statistics.quantiles(took, n=20)
    return len(took) / elapsed, statistics.median(took) * 1000, quantiles[-1] * 1000


def main() -> int:
    """Measure, print and write."""
    server = databases.start_cluster()
    try:
        databases.make_template(server)
        database = databases.clone(server, "kelmu_bench")
        world = World(database)
        secret = world.begin(world.body(), world.person(lives_in="091"))
        clients = [world.person() for _ in range(CLIENTS)]
        for client in clients:
            for _ in range(PAYMENTS):
                world.payment(client)
        figures = compare(database, secret, clients)
    finally:
        databases.remove_cluster(server)
    record.write(RESULTS, persons=CLIENTS, figures=figures)
    return 0


def compare(database: Database, secret: str, clients: list[Somebody]) -> dict[str, float]:
    """The door as it is and the door without its flush, in turn."""
    [(source,)] = database.run("SELECT prosrc FROM pg_proc WHERE proname = 'flush_log'")
    bodies = {"with": str(source), "without": "BEGIN END"}
    measured: dict[tuple[str, int], list[tuple[float, float, float]]] = {}
    look_all(database, secret, clients, 100, [])
    for _ in range(ROUNDS):
        for connections in (1, 8):
            for name, body in bodies.items():
                database.run(FLUSH.format(body=body))
                found = measure(database, secret, clients, connections)
                measured.setdefault((name, connections), []).append(found)
    figures: dict[str, float] = {}
    print("flush     connections   looks/s   p50 ms   p95 ms   (medians of rounds)")
    for (name, connections), rounds in measured.items():
        rate, p50, p95 = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"{name:9} {connections:11} {rate:9.0f} {p50:8.2f} {p95:8.2f}")
        figures |= {f"{name}_{connections}_per_s": rate, f"{name}_{connections}_p50_ms": p50}
        figures[f"{name}_{connections}_p95_ms"] = p95
    for connections in (1, 8):
        pairs = zip(measured["with", connections], measured["without", connections], strict=True)
        figures[f"ratio_{connections}"] = statistics.median(one[0] / other[0] for one, other in pairs)
        print(f"ratio at {connections} connections: {figures[f'ratio_{connections}']:.2f}")
    return figures


if __name__ == "__main__":
    sys.exit(main())
