"""``make bench``: inquiries over the machine interface against pgbench making the same door calls.

One fresh cluster, one run, in turns: a bare view of two calls and pgbench making them; the interface and
pgbench at the same concurrency, with the same calls and commits in the same order, returning the same bytes;
then the interface and the summary page under a fixed arrival rate. Prints a table, writes
``bench/results/inquiry.json``.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from bench import record
from tools.setup.test_environment import apply

apply(KELMU_WORKERS="2", KELMU_THREADS="4", KELMU_DATABASE_POOL_MAX="4")

import httpx  # noqa: E402 - the environment first

from bench import page, pgbench  # noqa: E402 - the environment first
from bench.desk import Desk, inquiry, prepare  # noqa: E402 - the environment first
from bench.http_load import Taken, closed_loop, open_loop, request_bytes  # noqa: E402 - the environment first
from tests.api.server import serving  # noqa: E402 - the environment first

RESULTS = Path(__file__).with_name("results") / "inquiry.json"
CONNECTIONS = 8
OPEN_SHARE = 0.5
"""The fixed arrival rate, as a share of what the interface reached."""


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.inquiry", description=__doc__)
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=12, help="of each turn")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="kelmu-bench-"))
    desk = None
    try:
        desk = prepare(work, options.persons)
        figures = measure(desk, options.seconds, options.rounds)
    finally:
        if desk is not None:
            desk.database.server.destroy()
        shutil.rmtree(work, ignore_errors=True)
    record.write(RESULTS, persons=options.persons, figures=figures)
    return 0


def measure(desk: Desk, seconds: int, rounds: int) -> dict[str, float]:
    """All figures, in the order in which they are taken."""
    log = desk.work / "server.log"
    with serving(desk.database, log) as address:
        token = desk.token(address)
        same_bytes(desk, address, token)
        figures = bare(desk, token, seconds, rounds)
        found = [round_of_inquiries(desk, address, seconds) for _ in range(rounds)]
        figures |= compared("", found)
        rate = OPEN_SHARE * figures["http_per_s"]
        opened = open_loop(address, desk.inquiries(desk.token(address)), rate=rate, seconds=2 * seconds)
        figures |= percentiles("api", opened) | {"open_loop_per_s": rate}
        # A page is asked for as fast as one official turns pages, not at the interface's rate.
        open_loop(address, page.requests(desk), rate=10, seconds=2 * seconds)
        times = page.server_times(log, "client_summary")
        figures["page_p95_ms"] = statistics.quantiles(times, n=20)[-1]
    table(figures)
    return figures


def same_bytes(desk: Desk, address: str, token: str) -> None:
    """The interface answers what the same door calls answer; RuntimeError if not."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(
        f"{address}/api/v1/inquiries", json=inquiry(desk.codes[0]), headers=headers, trust_env=False
    )
    script = desk.scripts(token)[0]
    document = ""
    with desk.database.connect() as connection:
        kept: dict[str, str] = {}
        for statement in script.replace("\\gset", ";").split(";"):
            text = statement.strip()
            for name, value in kept.items():
                text = text.replace(f":{name}", f"'{value}'")
            cursor = connection.execute(text.encode()) if text else None
            if cursor is not None and cursor.description:
                row = cursor.fetchone()
                names = [column.name for column in cursor.description]
                kept |= {name: str(value) for name, value in zip(names, row or (), strict=True)}
        document = kept["read_dossier"]
    if answer.status_code != httpx.codes.OK or answer.content != document.encode():
        raise RuntimeError(f"the interface answers otherwise than the doors: {answer.status_code}")


def bare(desk: Desk, token: str, seconds: int, rounds: int) -> dict[str, float]:
    """The barest view that makes two light door calls, and pgbench making them."""
    script = pgbench.BARE.format(secret=desk.secret, token=token)
    found = []
    with serving(desk.database, desk.work / "bare.log", module=["bench.bare_server"]) as address:
        asked = [request_bytes("GET", "/", {"Secret": desk.secret, "Token": token})]
        for _ in range(rounds):
            http = closed_loop(address, asked, connections=CONNECTIONS, seconds=seconds)
            direct = pgbench.run(desk.database.url(), [script], connections=CONNECTIONS, seconds=seconds)
            print(f"  bare view: {http.per_second:.0f} a second, pgbench {direct:.0f}", file=sys.stderr)
            found.append((http.per_second, direct))
    return compared("bare_", found)


def round_of_inquiries(desk: Desk, address: str, seconds: int) -> tuple[float, float]:
    """Inquiries a second over the interface and by pgbench, one after the other."""
    token = desk.token(address)
    http = closed_loop(address, desk.inquiries(token), connections=CONNECTIONS, seconds=seconds)
    direct = pgbench.run(desk.database.url(), desk.scripts(token), connections=CONNECTIONS, seconds=seconds)
    print(f"  inquiries: {http.per_second:.0f} a second, pgbench {direct:.0f}", file=sys.stderr, flush=True)
    return http.per_second, direct


def compared(prefix: str, found: list[tuple[float, float]]) -> dict[str, float]:
    """Medians of the rounds; the ratio is that of each round."""
    return {
        f"{prefix}http_per_s": statistics.median(http for http, _ in found),
        f"{prefix}direct_per_s": statistics.median(direct for _, direct in found),
        f"{prefix}throughput_ratio": statistics.median(http / direct for http, direct in found),
    }


def percentiles(name: str, taken: Taken) -> dict[str, float]:
    """Median, 95th and 99th percentile in milliseconds, from when each request was due."""
    cuts = statistics.quantiles(taken.seconds, n=100)
    return {f"{name}_p{at}_ms": cuts[at - 1] * 1000 for at in (50, 95, 99)}


def table(figures: dict[str, float]) -> None:
    """The figures for people."""
    print(f"{'':34}{'HTTP/s':>9}{'pgbench/s':>11}{'ratio':>8}")
    for title, prefix in (("bare view, two light calls", "bare_"), ("inquiry", "")):
        http, direct, ratio = (
            figures[f"{prefix}{name}"] for name in ("http_per_s", "direct_per_s", "throughput_ratio")
        )
        print(f"{title:34}{http:9.0f}{direct:11.0f}{ratio:8.2f}")
    api = " ".join(f"p{at} {figures[f'api_p{at}_ms']:.1f} ms" for at in (50, 95, 99))
    print(f"inquiries at {figures['open_loop_per_s']:.0f} a second: {api}")
    print(f"summary page, server time: p95 {figures['page_p95_ms']:.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
