"""A whole feed is loaded once, all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from kelmu.feed.__main__ import main
from kelmu.feed.errors import FeedError
from kelmu.feed.loading import Loaded, load_feed
from kelmu.feed.tables import FEED_TABLES
from tests.databases import Database
from tests.feed.conftest import Files


@pytest.fixture(scope="module")
def loaded(clean_database: Database, whole_feed: Path) -> Loaded:
    with clean_database.connect("kelmu_feed") as connection:
        return load_feed(connection, whole_feed)


@pytest.fixture
def feeder(clean_database: Database) -> Iterator[psycopg.Connection]:
    with clean_database.connect("kelmu_feed") as connection:
        yield connection


def count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(
        sql.SQL("SELECT count(*) FROM register.{}").format(sql.Identifier(table))
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_every_row_of_the_manifest_is_in_its_table(
    loaded: Loaded, feeder: psycopg.Connection, whole_feed: Path
) -> None:
    manifest = json.loads((whole_feed / "manifest.json").read_text())
    promised = {table["table"]: table["rows"] for table in manifest["tables"]}
    assert loaded.rows == promised
    assert {table: count(feeder, table) for table in promised} == promised
    assert promised["payment"] > 1000


def test_the_sources_tell_when_they_were_read(loaded: Loaded, feeder: psycopg.Connection) -> None:
    rows: dict[str, datetime] = dict(
        feeder.execute("SELECT source, as_of FROM register.source WHERE available").fetchall()
    )
    assert set(rows) == {
        "population", "non_disclosure", "matters", "decisions", "payments", "coverage", "recovery",
        "maintenance_collection", "medicine_cap", "third_party_info",
    }  # fmt: skip
    assert set(rows.values()) == {datetime(2026, 11, 23, 22, 30, tzinfo=UTC)}


def test_the_same_feed_again_changes_nothing(
    loaded: Loaded, feeder: psycopg.Connection, whole_feed: Path
) -> None:
    before = count(feeder, "payment")
    assert load_feed(feeder, whole_feed).already_there
    assert count(feeder, "payment") == before


def test_another_feed_is_refused_while_the_register_holds_one(
    loaded: Loaded, feeder: psycopg.Connection, files: Files
) -> None:
    files.edit("manifest.json", lambda text: text.replace(b"T22:30:00", b"T22:31:00"))
    with pytest.raises(FeedError, match="holds another feed"):
        load_feed(feeder, files.folder)


def test_the_feed_brings_exactly_the_columns_it_may_write(loaded: Loaded, clean_database: Database) -> None:
    own = {"recorded_at", "superseded_at"}
    for table in FEED_TABLES:
        rows = clean_database.run(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'register' AND table_name = %s",
            table.name,
        )
        assert {str(row[0]) for row in rows} - own == set(table.columns), table.name


def test_the_command_says_what_it_did(
    loaded: Loaded, clean_database: Database, whole_feed: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.delenv("KELMU_FEED_DATABASE_URL", raising=False)
    assert main(["load", str(whole_feed)]) == 2
    assert "KELMU_FEED_DATABASE_URL is not set" in capsys.readouterr().err
    monkeypatch.setenv("KELMU_FEED_DATABASE_URL", clean_database.url("kelmu_feed"))
    assert main(["load", str(whole_feed)]) == 0
    assert "loaded already" in capsys.readouterr().err
    assert main(["load", str(whole_feed / "nowhere")]) == 1
    assert "nothing is changed" in capsys.readouterr().err


def test_an_unreachable_database_is_told_without_the_password(
    whole_feed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KELMU_FEED_DATABASE_URL", "postgresql://kelmu_feed:hush@127.0.0.1:1/kelmu")
    assert main(["load", str(whole_feed)]) == 1
    assert "hush" not in capsys.readouterr().err
