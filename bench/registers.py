"""Registers of a size, made step by step in a folder: whoever stops goes on with the step not done."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.databases import Database
from tools.demo.database import NAME, DemoDatabase, Population
from tools.demo.processes import PYTHON, run
from tools.postgres.server import EmbeddedServer

PEAK_BYTES_A_PERSON = 8_500
"""Disk that a first load takes at most, with five years of payments: feed, register, what is sorted."""
_WAL_BYTES = 5_000_000_000
_SIZES = """
    SELECT coalesce(p.inhparent, c.oid)::regclass::text,
        sum(pg_relation_size(c.oid)), sum(pg_indexes_size(c.oid))
    FROM pg_class c LEFT JOIN pg_inherits p ON p.inhrelid = c.oid
    WHERE c.relnamespace = 'register'::regnamespace AND c.relkind = 'r' GROUP BY 1 ORDER BY 2 DESC
"""


class NoRoomError(RuntimeError):
    """The disk cannot hold what a load takes."""


@dataclass
class Register:
    """A cluster with a synthetic register, in a folder of its own.

    ``done`` says what is done: seconds to generate, to load and to vacuum, and the rows of each table.
    """

    home: Path
    persons: int
    years: int

    @property
    def server(self) -> EmbeddedServer:
        """The cluster."""
        return EmbeddedServer(self.home / "postgres")

    @property
    def database(self) -> Database:
        """The database with the register."""
        return Database(self.server, NAME)

    @property
    def done(self) -> dict[str, Any]:
        """What is done."""
        path = self.home / "done.json"
        found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return found

    def prepare(self) -> Database:
        """Do what is not done yet; the server runs afterwards.

        Raises:
            NoRoomError: the disk is too small.
            DemoError: a step failed.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        if "loaded_s" not in self.done:
            self._make_room()
            self._begin()
            self._generate()
            self._load()
        self.server.start()
        if "vacuumed_s" not in self.done:
            with self._timed("vacuumed_s", "vacuuming"):
                # As it would be after its first hours: autovacuum has not come yet.
                self.database.run("VACUUM ANALYZE")
        return self.database

    def tables(self) -> dict[str, tuple[int, int, int]]:
        """Rows of the feed, bytes of rows and bytes of indexes of each table that has any."""
        rows = self.done["rows"]
        found = {
            str(name).removeprefix("register."): (int(str(heap)), int(str(index)))
            for name, heap, index in self.database.run(_SIZES)
        }
        return {name: (rows.get(name, 0), *found[name]) for name in found if rows.get(name)}

    def _make_room(self) -> None:
        needed = self.persons * PEAK_BYTES_A_PERSON + _WAL_BYTES
        free = shutil.disk_usage(self.home).free + sum(
            path.stat().st_size for path in self.home.rglob("*") if path.is_file()
        )
        if free < needed:
            raise NoRoomError(
                f"{self.persons:,} persons take {needed / 1e9:.0f} GB while they are loaded; "
                f"{self.home} has {free / 1e9:.0f} GB"
            )

    def _begin(self) -> None:
        """The cluster with everything but persons; shared memory and log as a register of a country has."""
        server = self.server
        server.start()
        database = Database(server, "postgres")
        database.run("ALTER SYSTEM SET shared_buffers = '2GB'")
        database.run("ALTER SYSTEM SET max_wal_size = '4GB'")
        database.run("ALTER SYSTEM SET checkpoint_timeout = '15min'")
        server.stop()
        server.start()
        DemoDatabase(
            server, Population(self.persons, 1), os.environ["KELMU_PSEUDONYM_KEY"], self.home
        ).prepare_empty()

    def _generate(self) -> None:
        if "generated_s" in self.done:
            return
        with self._timed("generated_s", "generating"):
            run(
                PYTHON, "-m", "tools.population", "--persons", str(self.persons), "--seed", "1",
                "--years", str(self.years), "--out", str(self.home / "feed"),
                what="generating the population",
            )  # fmt: skip
        manifest = json.loads((self.home / "feed" / "manifest.json").read_text())
        rows: dict[str, int] = {}
        for file in manifest["tables"]:
            rows[file["table"]] = rows.get(file["table"], 0) + file["rows"]
        self._record(rows=rows)

    def _load(self) -> None:
        with self._timed("loaded_s", "loading"):
            run(
                PYTHON, "-m", "kelmu", "feed", "load", str(self.home / "feed"),
                "--report", str(self.home / "faults.csv"), what="loading the register",
                KELMU_FEED_DATABASE_URL=self.server.url("kelmu_feed", NAME),
            )  # fmt: skip
        shutil.rmtree(self.home / "feed")

    @contextmanager
    def _timed(self, name: str, doing: str) -> Iterator[None]:
        say(f"{self.persons:,} persons: {doing}")
        began = time.monotonic()
        yield
        taken = time.monotonic() - began
        say(f"{self.persons:,} persons: {doing} took {taken:,.0f} s")
        self._record(**{name: taken})

    def _record(self, **done: Any) -> None:
        (self.home / "done.json").write_text(json.dumps({**self.done, **done}, indent=1) + "\n")


def say(text: str) -> None:
    """Tell whoever waits."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)
