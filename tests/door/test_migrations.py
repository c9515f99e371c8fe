"""Migrations can be taken back and made again."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid

from tests import databases
from tests.databases import ROOT, Database


def migrate(database: Database, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--no-input", "-v", "0", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={
            "PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "kelmu.config.migrate_settings",
            "KELMU_OWNER_DATABASE_URL": database.url("kelmu_owner"),
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_every_migration_can_be_taken_back_and_made_again(database: Database) -> None:
    own = databases.clone(database.server, f"kelmu_{uuid.uuid4().hex[:12]}")
    schemas = (
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' "
        "ORDER BY 1"
    )
    made = own.run(schemas)
    functions = own.run("SELECT count(*) FROM pg_proc p WHERE p.pronamespace = 'door'::regnamespace")
    for app in (
        "claims", "lists", "notices", "inquiry", "register", "policy", "identity", "organisations", "audit",
    ):  # fmt: skip
        migrate(own, app, "zero")
    assert own.run(schemas) == [("public",)]
    migrate(own)
    assert own.run(schemas) == made
    assert own.run("SELECT count(*) FROM pg_proc p WHERE p.pronamespace = 'door'::regnamespace") == functions
    databases.drop(own)
