"""A full feed is loaded once, all of it, from Parquet and from CSV alike."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from kelmu.core import clock
from kelmu.feed.__main__ import main
from kelmu.feed.errors import FeedError
from kelmu.feed.loading import Loaded, load_feed
from kelmu.feed.merging import Change
from kelmu.feed.progress import Told
from kelmu.feed.tables import FEED_TABLES, Kind
from tests.databases import Database
from tests.feed.feeds import Feed, Tables, digest_of, write_feed

TYPES = {
    Kind.NUMBER: "bigint", Kind.SMALL: "smallint", Kind.EUROS: "numeric", Kind.DAY: "date",
    Kind.MOMENT: "timestamp with time zone", Kind.FLAG: "boolean", Kind.TEXT: "text",
    Kind.IDENTITY_CODE: "text", Kind.BENEFIT: "text", Kind.TEXTS: "ARRAY", Kind.SMALLS: "ARRAY",
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded(clean_database: Database, first_day: Feed) -> Loaded:
    with clean_database.connect("kelmu_feed") as connection:
        return load_feed(connection, first_day.folder)


def count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(
        sql.SQL("SELECT count(*) FROM register.{}").format(sql.Identifier(table))
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_every_row_of_the_feed_is_in_its_table(
    loaded: Loaded, feeder: psycopg.Connection, tables: Tables
) -> None:
    heights = {name: frame.height for name, frame in tables.items()}
    assert loaded.rows == heights
    assert {name: count(feeder, name) for name in heights} == heights
    assert heights["payment"] > 1000


def test_values_arrive_as_they_were_sent(loaded: Loaded, clean_database: Database, tables: Tables) -> None:
    for table in FEED_TABLES:
        query = sql.SQL("SELECT {} FROM register.{}").format(
            sql.SQL(", ").join(map(sql.Identifier, table.columns)), sql.Identifier(table.name)
        )
        with clean_database.connect("kelmu_feed") as connection:
            found = connection.execute(query).fetchall()
        sent = tables[table.name].select(*table.columns).rows()
        assert sorted(found, key=repr) == sorted(sent, key=repr), table.name


def test_a_feed_of_csv_files_gives_the_same_register(
    loaded: Loaded, clean_database: Database, next_day: Path, feeder: psycopg.Connection
) -> None:
    before = digest_of(clean_database)
    again = load_feed(feeder, next_day / "csv")
    assert set(again.changes.values()) == {Change(rows, 0, 0, 0) for rows in again.rows.values()}, (
        "the same values from another format are no change"
    )
    # Only the sources were read later.
    feeder.execute("UPDATE register.source SET as_of = as_of - interval '1 day'")
    assert digest_of(clean_database) == before


def test_the_sources_tell_when_they_were_read(loaded: Loaded, feeder: psycopg.Connection) -> None:
    rows: dict[str, datetime] = dict(
        feeder.execute("SELECT source, as_of FROM register.source WHERE available").fetchall()
    )
    assert len(rows) == 10
    assert set(rows.values()) == {datetime(2026, 11, 23, 22, 30, tzinfo=UTC)}


def test_the_same_feed_again_changes_nothing(
    loaded: Loaded, clean_database: Database, feeder: psycopg.Connection, next_day: Path
) -> None:
    before, runs = digest_of(clean_database), count(feeder, "feed_run")
    again = load_feed(feeder, next_day / "csv")
    assert again.already_there
    assert not again.changes
    assert digest_of(clean_database) == before
    assert count(feeder, "feed_run") == runs


def test_nothing_waits_in_staging_after_a_load(loaded: Loaded, feeder: psycopg.Connection) -> None:
    for name in ("staged_file", *(table.name for table in FEED_TABLES)):
        query = sql.SQL("SELECT EXISTS (SELECT FROM feed.{})").format(sql.Identifier(name))
        assert feeder.execute(query).fetchone() == (False,)


def test_the_record_of_a_load_says_who_loaded_what(loaded: Loaded, feeder: psycopg.Connection) -> None:
    row = feeder.execute(
        "SELECT feed_id, kind, follows, loaded_by <> '', state, faults, octet_length(manifest_digest),"
        " merged_at BETWEEN started_at AND ended_at FROM register.feed_run ORDER BY run_id"
    ).fetchone()
    assert row == ("day-0", "full", None, True, "merged", 0, 32, True)
    told = feeder.execute(
        "SELECT table_name, rows_in, added, changed, closed FROM register.feed_run_table"
        " WHERE run_id = (SELECT min(run_id) FROM register.feed_run)"
    ).fetchall()
    assert {name: Change(*rest) for name, *rest in told} == loaded.changes


def test_the_tables_of_a_feed_are_those_of_the_register(clean_database: Database) -> None:
    own = {"recorded_at", "superseded_at"}
    for table in FEED_TABLES:
        for schema in ("register", "feed"):
            rows = clean_database.run(
                "SELECT column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = %s AND table_name = %s", schema, table.name,
            )  # fmt: skip
            kinds = {str(name): kind for name, kind in rows if not str(name).startswith("feed_")}
            expected = {name: TYPES[kind] for name, kind in table.columns.items()}
            assert {name: kind for name, kind in kinds.items() if name not in own} == expected, table.name


def test_the_key_of_a_feed_is_that_of_the_register(clean_database: Database) -> None:
    for table in FEED_TABLES:
        rows = clean_database.run(
            "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
            " AND a.attnum = ANY (i.indkey) WHERE i.indrelid = ('register.' || %s)::regclass"
            " AND i.indisunique AND (i.indisprimary"
            "   OR pg_get_expr(i.indpred, i.indrelid) = '(superseded_at IS NULL)')", table.name,
        )  # fmt: skip
        if table.name == "payment":
            # Decision 0007: theirs is kept by what a merge adds.
            assert rows == []
            continue
        assert {str(row[0]) for row in rows} == set(table.key), table.name


def test_the_command_says_what_it_did(
    loaded: Loaded, clean_database: Database, next_day: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.delenv("KELMU_FEED_DATABASE_URL", raising=False)
    assert main(["load", str(next_day / "csv")]) == 2
    assert "KELMU_FEED_DATABASE_URL is not set" in capsys.readouterr().err
    monkeypatch.setenv("KELMU_FEED_DATABASE_URL", clean_database.url("kelmu_feed"))
    assert main(["load", str(next_day / "csv")]) == 0
    assert "loaded already" in capsys.readouterr().err
    report = tmp_path / "faults.csv"
    assert main(["load", str(next_day / "nowhere"), "--report", str(report)]) == 1
    assert "nothing is changed" in capsys.readouterr().err
    assert report.read_text().splitlines()[0] == "file,line,column,problem,found"


def test_an_unreachable_database_is_told_without_the_password(
    next_day: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KELMU_FEED_DATABASE_URL", "postgresql://kelmu_feed:hush@127.0.0.1:1/kelmu")
    assert main(["load", str(next_day / "csv")]) == 1
    assert "hush" not in capsys.readouterr().err


def test_another_load_at_the_same_time_is_refused(
    loaded: Loaded, clean_database: Database, feeder: psycopg.Connection, tables: Tables, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("kelmu.feed.loading._PATIENCE_S", 0.0)
    feed = write_feed(tmp_path / "feed", tables, day=7)
    with clean_database.connect("kelmu_feed") as other:
        other.execute("SELECT pg_advisory_lock(7115230604)")
        with pytest.raises(FeedError, match="another load is running"):
            load_feed(feeder, feed.folder)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(0, 1000, 10))
    monkeypatch.setattr("kelmu.feed.progress.time.monotonic", lambda: next(seconds))
    for stream, expected in (
        (_Terminal(), "\r\x1b[2K[############            ] staging payment: 500 of 1,000 rows, 50 rows/s"),
        (io.StringIO(), "feed: staging payment: 500 of 1,000 rows, 50 rows/s\n"),
    ):
        told = Told(stream)
        told("staging", "payment", 0, 1000)
        stream.truncate(0)
        stream.seek(0)
        told("staging", "payment", 500, 1000)
        assert stream.getvalue() == expected


def test_payments_of_this_year_and_the_next_have_partitions(loaded: Loaded, clean_database: Database) -> None:
    for year in (clock.today().year, clock.today().year + 1):
        rows = clean_database.run("SELECT to_regclass('register.payment_' || %s::int) IS NOT NULL", year)
        assert rows == [(True,)], f"docs/guide/loading-a-feed.md tells how the year {year} is added"
    [(others,)] = clean_database.run("SELECT count(*) FROM register.payment_other")
    assert others == 0
