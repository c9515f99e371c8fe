from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest

from tests.databases import Database
from tests.feed.feeds import Feed, Tables, read_tables, write_feed
from tools.population.__main__ import populate


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The tables of a small population."""
    folder = tmp_path_factory.mktemp("population")
    populate(persons=300, seed=11, folder=folder, as_of=date(2026, 11, 24))
    return read_tables(folder)


@pytest.fixture(scope="session")
def first_day(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Feed:
    """A full feed of Parquet files."""
    return write_feed(tmp_path_factory.mktemp("feed") / "first", tables, day=0)


@pytest.fixture(scope="session")
def next_day(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same a day later: as ``csv`` and as ``parquet``, for copying."""
    folder = tmp_path_factory.mktemp("next")
    for suffix in ("csv", "parquet"):
        write_feed(folder / suffix, tables, day=1, suffix=suffix)
    return folder


@pytest.fixture
def feeder(clean_database: Database) -> Iterator[psycopg.Connection]:
    with clean_database.connect("kelmu_feed") as connection:
        yield connection
