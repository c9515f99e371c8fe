"""Officials look up while a feed is loaded: nobody waits, and nobody sees half a feed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import psycopg
import pytest

from kelmu.feed.loading import load_feed
from kelmu.feed.manifest import read_manifest
from kelmu.feed.merging import merge
from kelmu.feed.opening import open_files
from kelmu.feed.staging import clear, stage
from tests.databases import Database
from tests.door.looking import Desk
from tests.feed.feeds import Feed, Tables, upserts, write_feed
from tests.world import World
from tools.cast import load_cast

CLIENT = load_cast().client("ordinary")
WRITERS = {"AccessShareLock", "RowShareLock", "RowExclusiveLock"}
SWITCHES = 6


@pytest.fixture(scope="module")
def loaded(clean_database: Database, first_day: Feed) -> Database:
    with clean_database.connect("kelmu_feed") as feeder:
        load_feed(feeder, first_day.folder)
    return clean_database


@pytest.fixture
def desk(loaded: Database) -> Iterator[Desk]:
    world = World(loaded)
    world.lift_limits()
    with loaded.connect() as connection:
        connection.execute("SET lock_timeout = '1s'")
        yield Desk(connection, world.begin(world.body()))


def marked(tables: Tables, mark: str) -> dict[str, pl.DataFrame]:
    """A delta that writes a mark into something of everybody in each table that shows texts."""
    matter, decision, payment = tables["matter"], tables["decision"], tables["payment"]
    return {
        "person": upserts(tables["person"].with_columns(given_names=pl.lit(mark))),
        "matter": upserts(matter.with_columns(handling_office=pl.lit(mark))),
        "decision": upserts(decision.with_columns(legal_ground=pl.lit(mark))),
        "payment": upserts(payment.with_columns(payee_name=pl.lit(mark), payee_person_id=None)),
    }


def test_a_dossier_shows_the_register_before_a_feed_or_after_it(
    desk: Desk, loaded: Database, tables: Tables, tmp_path: Path
) -> None:
    marks = [f"MARK{number}" for number in range(SWITCHES)]
    feeds = [
        write_feed(tmp_path / mark, marked(tables, mark), day=day, delta=True)
        for day, mark in enumerate(marks, start=1)
    ]

    def load_all() -> None:
        with loaded.connect("kelmu_feed") as feeder:
            for feed in feeds:
                load_feed(feeder, feed.folder)

    seen: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(load_all)
        while not loading.done():
            seen.append(look(desk))
        loading.result()
    seen.append(look(desk))
    assert seen == sorted(seen), "nobody saw an older feed after a newer one"
    assert seen[-1] == marks[-1]
    assert len(seen) > SWITCHES, "there were looks while it loaded"


def look(desk: Desk) -> str:
    """Which feed a dossier shows; every part of it must show the same one."""
    _, ticket = desk.open(CLIENT.personal_id)
    document = desk.read(ticket) or ""
    shown = json.loads(document)
    texts = {shown["person"]["given_names"]}
    texts |= {matter["handling_office"] for matter in shown["pending"]}
    texts |= {decision["legal_ground"] for decision in shown["decisions"]}
    texts |= {payment["payee_name"] for payment in shown["payments"]}
    marks = {text if text and text.startswith("MARK") else "" for text in texts}
    assert len(marks) == 1, marks
    return marks.pop()


def test_a_merge_takes_writers_locks_only_and_keeps_no_reader_waiting(
    desk: Desk, loaded: Database, tables: Tables, tmp_path: Path
) -> None:
    feed = read_manifest(write_feed(tmp_path / "feed", marked(tables, "LOCKS"), day=99, delta=True).folder)
    with loaded.connect("kelmu_feed") as feeder:
        stage(feeder, feed, open_files(tmp_path / "feed", feed.manifest), lambda *_: None)
        with feeder.transaction():
            merge(feeder, feed.manifest, lambda *_: None)
            rows = loaded.run(
                "SELECT DISTINCT l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE l.pid = %s AND n.nspname = 'register'",
                feeder.info.backend_pid,
            )
            assert {str(mode) for (mode,) in rows} <= WRITERS
            assert "LOCKS" not in look(desk)
            raise psycopg.Rollback


def test_a_small_delta_reads_what_it_changes_and_no_table_from_end_to_end(
    loaded: Database, tables: Tables, tmp_path: Path
) -> None:
    paid = tables["payment"].filter(pl.col("person_id") == 301).head(3)
    folder = write_feed(
        tmp_path / "feed",
        {"payment": upserts(paid.with_columns(state=pl.lit("returned")))},
        day=98,
        delta=True,
    ).folder
    feed = read_manifest(folder)
    with loaded.connect("kelmu_feed") as feeder:
        clear(feeder)
        stage(feeder, feed, open_files(folder, feed.manifest), lambda *_: None)
    # The superuser alone sees the counters.
    with loaded.connect("kelmu_admin") as admin, admin.transaction():
        changes = merge(admin, feed.manifest, lambda *_: None)
        assert changes["payment"].changed == 3
        row = admin.execute(
            "SELECT sum(seq_tup_read) FROM pg_stat_xact_all_tables"
            " WHERE schemaname = 'register' AND relname LIKE 'payment%'"
        ).fetchone()
        assert row is not None
        assert row[0] <= 1, "whether there is any payment is asked, and no more"
        raise psycopg.Rollback


def test_the_planner_knows_the_sizes_after_a_load(loaded: Database) -> None:
    rows = loaded.run(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'register'::regnamespace"
        " AND c.relkind IN ('r', 'p') AND c.reltuples < 0 AND NOT c.relispartition"
        " AND c.relname NOT IN"
        " ('source', 'key_aside', 'feed_run', 'feed_run_table', 'former_personal_id_history')"
    )
    assert rows == []
