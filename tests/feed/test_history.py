"""Corrections and deletions keep history: what the register said on a day can be read again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import polars as pl
import psycopg
import pytest
from psycopg import sql

from kelmu.feed.errors import FeedError
from kelmu.feed.loading import load_feed
from kelmu.feed.merging import Change
from kelmu.feed.tables import FEED_TABLES, IN_PLACE
from tests.databases import Database
from tests.feed.feeds import Feed, Tables, deletes, known_at, sent, upserts, write_feed


def merged_at(feeder: psycopg.Connection) -> datetime:
    row = feeder.execute(
        "SELECT merged_at FROM register.feed_run WHERE state = 'merged' ORDER BY run_id DESC LIMIT 1"
    ).fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


def corrected(tables: Tables) -> dict[str, pl.DataFrame]:
    """The tables with something changed in each of five, something gone in three and something new in two."""
    person = tables["person"].with_columns(
        family_name=pl.when(pl.col("person_id") == 301).then(pl.lit("Uusinimi")).otherwise("family_name")
    )
    payment = tables["payment"].with_columns(
        state=pl.when((pl.col("person_id") == 301) & (pl.col("state") == "paid"))
        .then(pl.lit("returned"))
        .otherwise("state")
    )
    new_home = (
        tables["residence"]
        .filter(pl.col("person_id") == 314)
        .with_columns(municipality_code=pl.lit("091"), valid_from=pl.lit("2026-12-01").str.to_date())
    )
    residence = tables["residence"].with_columns(
        valid_to=pl.when(pl.col("person_id") == 314)
        .then(pl.lit("2026-11-30").str.to_date())
        .otherwise("valid_to")
    )
    return {
        **tables,
        "person": person,
        "payment": payment.filter(pl.col("person_id") != 302),
        "residence": pl.concat([residence, new_home]).sort("person_id", maintain_order=True),
        "former_personal_id": tables["former_personal_id"].with_columns(
            pl.col("valid_to").dt.offset_by("-1d")
        ),
        "matter": tables["matter"].filter(pl.col("person_id") != 301),
        "decision": tables["decision"].with_columns(
            annulled_on=pl.when(pl.col("person_id") == 317).then("decided_on").otherwise("annulled_on")
        ),
    }


@pytest.fixture(scope="module")
def days(
    clean_database: Database, first_day: Feed, tables: Tables, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Tables, list[datetime], list[dict[str, Change]]]:
    """Three feeds loaded: all, corrections as a full feed, and the first state again as a delta."""
    folder = tmp_path_factory.mktemp("days")
    changed = corrected(tables)
    moments, changes = [], []
    with clean_database.connect("kelmu_feed") as feeder:
        for feed in (
            first_day,
            write_feed(folder / "full", changed, day=1),
            write_feed(folder / "delta", back_again(tables, changed), day=2, delta=True, suffix="csv"),
        ):
            changes.append(dict(load_feed(feeder, feed.folder).changes))
            moments.append(merged_at(feeder))
    return changed, moments, changes


def back_again(tables: Tables, changed: Tables) -> dict[str, pl.DataFrame]:
    """A delta that undoes the corrections: upserts of what was, deletes of what was new."""
    found = {}
    for table in FEED_TABLES:
        was, now = tables[table.name], changed[table.name]
        gone = now.join(was, on=table.key, how="anti")
        rows = pl.concat([upserts(was), deletes(gone)])
        if not was.equals(now):
            found[table.name] = rows.sort("person_id", maintain_order=True)
    return found


def test_each_day_can_be_read_again(
    days: tuple[Tables, list[datetime], object], feeder: psycopg.Connection, tables: Tables
) -> None:
    changed, moments, _ = days
    assert known_at(feeder, moments[0]) == sent(tables)
    assert known_at(feeder, moments[1]) == sent(changed)
    assert known_at(feeder, moments[2]) == sent(tables)


def test_between_two_loads_the_earlier_one_holds(
    days: tuple[Tables, list[datetime], object], feeder: psycopg.Connection, tables: Tables
) -> None:
    _, moments, _ = days
    before_the_second = moments[0] + (moments[1] - moments[0]) / 2
    assert known_at(feeder, before_the_second) == sent(tables)


def test_the_record_counts_what_became_of_the_rows(
    days: tuple[Tables, list[datetime], list[dict[str, Change]]], tables: Tables
) -> None:
    changed, _, (_, full, delta) = days
    paid = tables["payment"].filter((pl.col("person_id") == 301) & (pl.col("state") == "paid")).height
    lost = tables["payment"].filter(pl.col("person_id") == 302).height
    assert full["payment"] == Change(changed["payment"].height, 0, paid, lost)
    assert full["person"] == Change(300, 0, 1, 0)
    assert full["residence"] == Change(changed["residence"].height, 1, 1, 0)
    assert full["coverage"] == Change(tables["coverage"].height, 0, 0, 0)
    assert delta["payment"] == Change(tables["payment"].height, lost, paid, 0)
    assert delta["residence"].closed == 1
    assert set(delta) == {"person", "former_personal_id", "residence", "matter", "decision", "payment"}


def test_one_row_at_most_is_known_of_a_key(days: object, feeder: psycopg.Connection) -> None:
    for table in FEED_TABLES:
        if table.name in IN_PLACE:
            continue
        query = sql.SQL(
            "SELECT count(*) FROM (SELECT FROM register.{} WHERE superseded_at IS NULL"
            " GROUP BY {} HAVING count(*) > 1) twice"
        ).format(sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.key)))
        assert feeder.execute(query).fetchone() == (0,), table.name


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE register.payment SET superseded_at = NULL WHERE superseded_at IS NOT NULL",
        "UPDATE register.payment SET superseded_at = now() WHERE superseded_at IS NOT NULL",
        "UPDATE register.payment SET superseded_at = now() - interval '1 day' WHERE superseded_at IS NULL",
        "UPDATE register.residence SET superseded_at = 'infinity' WHERE superseded_at IS NULL",
    ],
)
def test_the_feed_closes_a_row_once_and_now(days: object, feeder: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.IntegrityError):
        feeder.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM register.person_history",
        "UPDATE register.person_history SET family_name = 'x'",
        "INSERT INTO register.person_history SELECT p.*, now() FROM register.person p",
        "TRUNCATE register.former_personal_id_history",
        "DELETE FROM register.person",
        "INSERT INTO register.matter (person_id, recorded_at) VALUES (302, '2000-01-01')",
        "INSERT INTO register.payment (person_id, superseded_at) VALUES (302, '2000-01-01')",
        "INSERT INTO register.person (person_id, recorded_at) VALUES (1, '2000-01-01')",
        "INSERT INTO register.feed_run (feed_id, state) VALUES ('x', 'merged')",
        "UPDATE register.feed_run SET loaded_by = 'x'",
        "DELETE FROM register.feed_run",
        "UPDATE register.feed_run_table SET added = 0",
        "ALTER TABLE register.person DISABLE TRIGGER ALL",
        "SELECT register.keep_person()",
    ],
)
def test_the_feed_cannot_touch_what_is_kept(days: object, feeder: psycopg.Connection, statement: str) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
        feeder.execute(statement.encode())


def test_whoever_changes_a_person_leaves_what_she_was(
    days: object, clean_database: Database, feeder: psycopg.Connection
) -> None:
    feeder.execute(
        "UPDATE register.person SET phone = '+358 50 000 0001', recorded_at = '2000-01-01'"
        " WHERE person_id = 302"
    )
    [(recorded, superseded, phone)] = clean_database.run(
        "SELECT p.recorded_at, h.superseded_at, h.phone FROM register.person p JOIN register.person_history h"
        " USING (person_id) WHERE person_id = 302"
    )
    assert recorded == superseded
    assert phone != "+358 50 000 0001"


def test_losses_that_are_meant_are_loaded(
    days: object, feeder: psycopg.Connection, tables: Tables, tmp_path: Path
) -> None:
    few = {**tables, "payment": tables["payment"].head(100)}
    feed = write_feed(tmp_path / "feed", few, day=3)
    changes = load_feed(feeder, feed.folder, accept_losses=True).changes
    assert changes["payment"].closed == tables["payment"].height - 100
    assert known_at(feeder) == sent(few)


def test_a_load_does_not_go_back_in_time(
    days: object, clean_database: Database, feeder: psycopg.Connection, tables: Tables, tmp_path: Path
) -> None:
    clean_database.run(
        "UPDATE register.feed_run SET merged_at = now() + interval '1 day'"
        " WHERE run_id = (SELECT max(run_id) FROM register.feed_run WHERE state = 'merged')"
    )
    feed = write_feed(tmp_path / "feed", {"matter": upserts(tables["matter"])}, day=4, delta=True)
    with pytest.raises(FeedError, match="clock stands before"):
        load_feed(feeder, feed.folder)


@pytest.fixture(autouse=True)
def _no_open_transaction(feeder: psycopg.Connection) -> Iterator[None]:
    yield
    feeder.rollback()
