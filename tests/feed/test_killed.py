"""A loader killed at any moment leaves the whole register of before or after, and a rerun completes.

Moments come from a seed. ``KELMU_KILLS=50`` asks for more of them than the ordinary tests take (2).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from kelmu.feed.loading import load_feed
from tests.databases import ROOT, Database
from tests.feed.feeds import Feed, Tables, known_at, sent, upserts, write_feed

KILLS = int(os.environ.get("KELMU_KILLS", "2"))
SEED = 20_261_124


def loader(database: Database, feed: Feed, report: Path) -> subprocess.Popen[bytes]:
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "kelmu.feed", "load", str(feed.folder), "--report", str(report)],
        cwd=ROOT, stderr=subprocess.DEVNULL,
        env={
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"),
            "KELMU_FEED_DATABASE_URL": database.url("kelmu_feed"),
        },
    )  # fmt: skip


def next_state(tables: Tables, day: int) -> dict[str, pl.DataFrame]:
    """Every payment and person of a day, marked by it."""
    return {
        **tables,
        "person": tables["person"].with_columns(given_names=pl.lit(f"DAY{day}")),
        "payment": tables["payment"].with_columns(payee_name=pl.lit(f"DAY{day}")),
    }


def feed_of(folder: Path, tables: Tables, day: int) -> Feed:
    """The feed of a day: full ones and deltas in turn."""
    state = next_state(tables, day)
    if day % 2:
        return write_feed(folder, state, day=day)
    changed = {name: upserts(state[name]) for name in ("person", "payment")}
    return write_feed(folder, changed, day=day, delta=True, suffix="csv")


@pytest.fixture(scope="module")
def seconds(
    clean_database: Database, first_day: Feed, tables: Tables, tmp_path_factory: pytest.TempPathFactory
) -> float:
    """How long a load takes that nobody kills."""
    with clean_database.connect("kelmu_feed") as feeder:
        load_feed(feeder, first_day.folder)
    folder = tmp_path_factory.mktemp("whole")
    began = time.monotonic()
    process = loader(clean_database, feed_of(folder / "feed", tables, 1), folder / "report.csv")
    assert process.wait() == 0
    return time.monotonic() - began


def test_a_killed_load_leaves_no_half_feed_and_its_rerun_completes(
    clean_database: Database, tables: Tables, seconds: float, tmp_path: Path
) -> None:
    moments = random.Random(SEED)
    killed, day = 0, 1
    with clean_database.connect("kelmu_feed") as feeder:
        before = sent(next_state(tables, 1))
        while killed < KILLS:
            day += 1
            assert day < 10 * (KILLS + 1), "hardly a load was killed before its end"
            feed, after = feed_of(tmp_path / str(day), tables, day), sent(next_state(tables, day))
            process = loader(clean_database, feed, tmp_path / "report.csv")
            time.sleep(moments.uniform(0.25, 1.05) * seconds)
            process.kill()
            if process.wait():
                killed += 1
            else:  # it was done: the machine is faster than it was when the whole load was timed
                seconds *= 0.8
            assert known_at(feeder) in (before, after), f"half a feed is visible after kill {day - 1}"
            assert loader(clean_database, feed, tmp_path / "report.csv").wait() == 0
            assert known_at(feeder) == after
            before = after
        found = feeder.execute("SELECT state, count(*) FROM register.feed_run GROUP BY 1").fetchall()
    states: dict[str, int] = dict(found)
    assert states["merged"] == 1 + day
    assert "refused" not in states


def test_what_was_staged_whole_is_not_copied_again(
    clean_database: Database, seconds: float, tables: Tables, tmp_path: Path
) -> None:
    day = 10 * (KILLS + 1) + 1
    feed = feed_of(tmp_path / "feed", tables, day)
    seen: list[tuple[str, str]] = []

    class Killed(BaseException):
        pass

    def killed_in_payments(doing: str, table: str, _rows: int, _promised: int) -> None:
        seen.append((doing, table))
        if table == "payment":
            raise Killed

    with clean_database.connect("kelmu_feed") as feeder, pytest.raises(Killed):
        load_feed(feeder, feed.folder, killed_in_payments)
    [(staged,)] = clean_database.run("SELECT count(*) FROM feed.staged_file")
    assert staged
    [(row_version,)] = clean_database.run("SELECT min(xmin::text::bigint) FROM feed.person")
    kept: list[object] = []

    def look(doing: str, _table: str, _rows: int, _promised: int) -> None:
        if doing == "merging" and not kept:
            kept.append(clean_database.run("SELECT min(xmin::text::bigint) FROM feed.person")[0][0])

    with clean_database.connect("kelmu_feed") as feeder:
        load_feed(feeder, feed.folder, look)
        assert known_at(feeder) == sent(next_state(tables, day))
    assert kept == [row_version]
