"""Real PostgreSQL for tests: one cluster a run, one migrated template, one clone a worker or module.

A clone is made with ``CREATE DATABASE … TEMPLATE``. Tests connect as the real roles and commit for real;
nothing is ever flushed, and no setting of the server loosens what the door relies on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tools.postgres.provision import create_database, drop_database, provision_roles
from tools.postgres.server import ADMIN, EmbeddedServer

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "kelmu_template"
_IN_MEMORY = Path("/dev/shm")
_GIB = 1 << 30


@dataclass(frozen=True)
class Database:
    """One database of the test cluster."""

    server: EmbeddedServer
    name: str

    def url(self, role: str = "kelmu_web") -> str:
        """A connection URL of a role."""
        return self.server.url(role, self.name)

    def connect(self, role: str = "kelmu_web", *, autocommit: bool = True) -> psycopg.Connection:
        """A new connection as a role; the caller closes it."""
        return psycopg.connect(self.url(role), autocommit=autocommit)

    def run(self, query: LiteralString, *values: object, role: str = ADMIN) -> list[tuple[object, ...]]:
        """Run one statement as a role (the superuser unless told) and return its rows."""
        with self.connect(role) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []


def start_cluster(*, in_memory: bool = False) -> EmbeddedServer:
    """A new cluster of this run, in a folder of its own; its data ``in_memory`` where there is room.

    What measures wants them on the disk, where they are in use.
    """
    base = ROOT / ".data" / "test"
    base.mkdir(parents=True, exist_ok=True)
    server = EmbeddedServer(
        Path(tempfile.mkdtemp(prefix="postgres-", dir=base)), scratch=_memory() if in_memory else None
    )
    server.start()
    provision_roles(server.url(ADMIN, "postgres"), server.passwords())
    return server


def _memory() -> Path | None:
    """A file system in memory with room for the run's clusters: clones of databases are many small files."""
    if not _IN_MEMORY.is_dir() or shutil.disk_usage(_IN_MEMORY).free < 4 * _GIB:
        return None
    return _IN_MEMORY if os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >= 8 * _GIB else None


def remove_cluster(server: EmbeddedServer) -> None:
    """Stop a cluster and remove its files."""
    server.destroy()


def make_template(server: EmbeddedServer) -> None:
    """Migrate the template as the owner and load what every database holds: policy, areas, agreements."""
    create_database(server.url(ADMIN, "postgres"), TEMPLATE)
    owner = server.url("kelmu_owner", TEMPLATE)
    _module(
        "django",
        "migrate",
        "--no-input",
        "-v",
        "0",
        "--settings",
        "kelmu.config.migrate_settings",
        owner=owner,
    )
    _module("kelmu.policy.load", owner=owner)
    _module("kelmu.notices", "load-rules", owner=owner)
    _module("kelmu.organisations.load", "areas", owner=owner)
    with tempfile.TemporaryDirectory() as folder:
        agreements = str(Path(folder) / "agreements.toml")
        _module("tools.cast.agreements", "--out", agreements, owner=owner)
        _module("kelmu.organisations.load", "agreements", agreements, owner=owner)
    with psycopg.connect(server.url("kelmu_feed", TEMPLATE)) as feed:
        feed.execute(
            "INSERT INTO register.source (source, available, as_of) SELECT s, true, now() FROM unnest(ARRAY["
            "'population', 'non_disclosure', 'matters', 'decisions', 'payments', 'coverage', 'recovery', "
            "'maintenance_collection', 'medicine_cap', 'third_party_info']) s"
        )


def clone(server: EmbeddedServer, name: str) -> Database:
    """A fresh copy of the template."""
    create_database(server.url(ADMIN, "postgres"), name, template=TEMPLATE)
    return Database(server, name)


def drop(database: Database) -> None:
    """Drop a clone."""
    drop_database(database.server.url(ADMIN, "postgres"), database.name)


def server_at(home: str) -> EmbeddedServer:
    """The running cluster whose home a parent process made."""
    return EmbeddedServer(Path(home))


def point_django_at(database: Database) -> None:
    """Make Django's default connection speak to a database as ``kelmu_web``."""
    from django.db import connections  # noqa: PLC0415 - settings must be there first

    parts = conninfo_to_dict(make_conninfo(database.url()))
    connection = connections["default"]
    connection.close()
    pool = getattr(connection, "close_pool", None)
    if pool is not None:
        pool()
    connection.settings_dict.update(
        NAME=parts["dbname"],
        USER=parts["user"],
        PASSWORD=parts["password"],
        HOST=parts["host"],
        PORT=parts["port"],
    )


def _module(name: str, *arguments: str, owner: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", name, *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "KELMU_OWNER_DATABASE_URL": owner,
            "KELMU_PSEUDONYM_KEY": os.environ["KELMU_PSEUDONYM_KEY"],
            "KELMU_ENVIRONMENT": "test",
        },
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"python -m {name} {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
