"""Kinds of persons whom nothing outside may tell apart, and what a door's call costs the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import psycopg

from tests.world import Somebody, World, make_personal_id

Cost = list[tuple[Any, ...]]
"""By table, in the order of names: scans, and rows inserted, updated and deleted."""
_COUNTERS = """
    SELECT relname, seq_scan + idx_scan, n_tup_ins, n_tup_upd, n_tup_del
    FROM pg_stat_xact_all_tables
    WHERE schemaname IN ('register', 'audit', 'inquiry', 'identity', 'organisations', 'policy', 'notices',
        'claims')
    ORDER BY relid
"""


def unknown_code(world: World) -> str:
    """An identity code that nobody has."""
    while True:
        code = make_personal_id(date(1961, 5, 17))
        if not world.database.run("SELECT 1 FROM register.person WHERE personal_id = %s", code):
            return code


def kinds(world: World, official: Somebody) -> dict[str, str]:
    """One identity code of each kind of person."""
    relative = world.person()
    world.relate(official, relative, "child", "parent")
    return {
        "given": world.person().personal_id,
        "own": official.personal_id,
        "unknown": unknown_code(world),
        "family": relative.personal_id,
        "protected": world.protect(world.person()).personal_id,
        "outside": world.person(lives_in="853").personal_id,
        "nowhere": world.person(lives_in=None).personal_id,
        "dead": world.person(death_date=date(2019, 1, 1)).personal_id,
        "minor": world.person(born=date(2018, 1, 1)).personal_id,
    }


def cost_of(connection: psycopg.Connection, act: Callable[[], object]) -> Cost:
    """What ``act`` costs within the connection's transaction."""
    before = _counters(connection)
    act()
    after = _counters(connection)
    return sorted(
        (name, *(new - old for new, old in zip(after[name], before[name], strict=True))) for name in after
    )


def assert_alike(measured: Callable[[str], Cost], codes: Mapping[str, str]) -> None:
    """Every kind of person costs what one costs whose data are given."""
    for kind, code in codes.items():
        # The server may replan between two measurements, as when it has analysed a table meanwhile; a real
        # difference stays.
        pairs = ((measured(code), measured(codes["given"])) for _ in range(4))
        assert any(cost == usual for cost, usual in pairs), (kind, measured(code), measured(codes["given"]))


def _counters(connection: psycopg.Connection) -> dict[str, tuple[Any, ...]]:
    connection.execute("SELECT pg_stat_clear_snapshot()")
    return {row[0]: row[1:] for row in connection.execute(_COUNTERS).fetchall()}
