"""A step of a run reads the register by keys, however many there are in it and whatever the planner knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from kelmu.core import clock
from tests.databases import Database
from tests.door.many import load_register

SCANS = """
    SELECT schemaname || '.' || relname FROM pg_stat_xact_all_tables
    WHERE schemaname IN ('register', 'notices') AND relname <> 'pick_rule' AND seq_scan > 0
        AND pg_relation_size(relid) > 0
"""
RUNS = 7
"""PL/pgSQL may change to a plan for all values after five runs."""


@pytest.mark.parametrize("analysed", [False, True])
def test_no_table_of_persons_is_read_from_end_to_end(
    clean_database: Database, tmp_path: Path, analysed: bool
) -> None:
    if clean_database.run("SELECT EXISTS (SELECT FROM register.person)") == [(False,)]:
        load_register(clean_database, tmp_path, persons=3_000)
    if analysed:
        clean_database.run("ANALYZE")
    else:
        clean_database.run(
            "SELECT count(pg_clear_relation_stats(nspname, relname)) FROM pg_class c JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE nspname = 'register' AND c.relkind IN ('r', 'p')"
        )
    [(first,)] = clean_database.run("SELECT min(person_id) FROM register.person WHERE person_id > 1000")
    start = int(str(first))
    with clean_database.connect("kelmu_admin", autocommit=False) as connection:
        for run in range(RUNS):
            after = start + 100 * run
            connection.execute(
                "SELECT count(*) FROM door_private.due_picks(%s, %s, %s)", [clock.today(), after, after + 100]
            )
        connection.execute("SELECT pg_stat_clear_snapshot()")
        assert connection.execute(SCANS).fetchall() == []
