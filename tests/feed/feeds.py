"""Feeds that tests make, change and damage."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
from psycopg import sql

from kelmu.feed.manifest import FORMAT
from kelmu.feed.tables import FEED_TABLES, IN_PLACE, FeedTable
from tests.databases import Database
from tools.population.writer import SOURCES, write_table

Tables = Mapping[str, pl.DataFrame]
FIRST_DAY = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)


def read_tables(folder: Path) -> dict[str, pl.DataFrame]:
    """The tables of a Parquet feed."""
    return {table.name: pl.read_parquet(folder / f"{table.name}-*.parquet") for table in FEED_TABLES}


@dataclass(frozen=True)
class Feed:
    """A feed's folder that a test may damage."""

    folder: Path

    def edit(self, name: str, change: Callable[[bytes], bytes]) -> Feed:
        """Change a file's bytes; the manifest stays as it was."""
        path = self.folder / name
        path.write_bytes(change(path.read_bytes()))
        return self

    def manifest(self, change: Callable[[dict[str, Any]], object]) -> Feed:
        """Change the manifest."""
        path = self.folder / "manifest.json"
        document = json.loads(path.read_text())
        change(document)
        path.write_text(json.dumps(document))
        return self

    def reseal(self) -> Feed:
        """Make the manifest's digests those of the files, so that only their content is wrong."""

        def sealed(document: dict[str, Any]) -> None:
            for table in document["tables"]:
                content = (self.folder / table["file"]).read_bytes()
                table["sha256"] = hashlib.sha256(content).hexdigest()

        return self.manifest(sealed)

    def copy(self, folder: Path) -> Feed:
        """The same feed in another folder."""
        return Feed(Path(shutil.copytree(self.folder, folder)))


def write_feed(
    folder: Path, tables: Tables, *, day: int, suffix: str = "parquet", delta: bool = False
) -> Feed:
    """Write the feed of a day, counted from the first; a delta follows the feed of the day before."""
    folder.mkdir(parents=True)
    parts = []
    for name, frame in tables.items():
        path = folder / f"{name}-001.{suffix}"
        write_table(frame, path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        parts.append({"table": name, "file": path.name, "rows": frame.height, "sha256": digest})
    moment = (FIRST_DAY + timedelta(days=day)).isoformat()
    document: dict[str, Any] = {
        "format": FORMAT, "kind": "delta" if delta else "full", "feed_id": f"day-{day}", "as_of": moment,
        "sources": dict.fromkeys(SOURCES, moment), "tables": parts,
    }  # fmt: skip
    if delta:
        document["follows"] = f"day-{day - 1}"
    (folder / "manifest.json").write_text(json.dumps(document))
    return Feed(folder)


def upserts(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows for a delta that adds or changes them."""
    return frame.with_columns(operation=pl.lit("upsert"))


def deletes(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows for a delta that closes them."""
    return frame.with_columns(operation=pl.lit("delete"))


def digest_of(database: Database) -> str:
    """One digest of every row of every table of the register, but for the record of loads."""
    whole = hashlib.sha256()
    rows = database.run(
        "SELECT relname FROM pg_class c WHERE relnamespace = 'register'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relispartition AND relname NOT LIKE 'feed\\_run%%' ORDER BY 1"
    )
    with database.connect("kelmu_admin") as connection:
        for (name,) in rows:
            query = sql.SQL(
                "SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {} t"
            ).format(sql.Identifier("register", str(name)))
            whole.update(repr((name, connection.execute(query).fetchone())).encode())
    return whole.hexdigest()


Rows = dict[str, list[tuple[Any, ...]]]
_HISTORY = {"person": "person_history", "former_personal_id": "former_personal_id_history"}


def known_at(connection: psycopg.Connection, moment: datetime | None = None) -> Rows:
    """Every table as the register had it at a recorded time, that moment included; or as it is, at once."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return {table.name: _table_at(connection, table, moment) for table in FEED_TABLES}


def _table_at(
    connection: psycopg.Connection, table: FeedTable, moment: datetime | None
) -> list[tuple[Any, ...]]:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    then = sql.SQL(
        "SELECT {} FROM register.{} WHERE recorded_at <= %(at)s"
        " AND (superseded_at IS NULL OR superseded_at > %(at)s)"
    )
    query = then.format(columns, sql.Identifier(table.name))
    if table.name in IN_PLACE:
        now = sql.SQL("SELECT {} FROM register.{} WHERE recorded_at <= %(at)s").format(
            columns, sql.Identifier(table.name)
        )
        before = then.format(columns, sql.Identifier(_HISTORY[table.name]))
        query = sql.SQL("{} UNION ALL {}").format(now, before)
    return sorted(connection.execute(query, {"at": moment or "infinity"}).fetchall(), key=repr)


def sent(tables: Tables) -> Rows:
    """The rows of a feed as ``known_at`` gives them."""
    return {
        table.name: sorted(tables[table.name].select(*table.columns).rows(), key=repr)
        for table in FEED_TABLES
    }
