"""Opening teaches nothing before its entry is committed, and nothing but the outcome after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest

from tests.databases import Database
from tests.door.looking import GROUPS, Desk
from tests.world import Somebody, World, make_personal_id

REASON = "a reason long enough"
pytestmark = pytest.mark.usefixtures("unlimited")


def unknown_code(world: World) -> str:
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


def test_an_opening_rolled_back_looks_alike_for_every_kind_of_person(
    desk: Desk, world: World, official: Somebody
) -> None:
    seen = {}
    for kind, code in kinds(world, official).items():
        with desk.connection.transaction() as transaction:
            inquiry_id, ticket = desk.open(code)
            with pytest.raises(psycopg.Error) as raised, desk.connection.transaction():
                desk.outcome(ticket)
            with desk.connection.transaction():
                view = desk.view(inquiry_id, GROUPS)
            with desk.connection.transaction():
                reasoned = desk.reason(inquiry_id, REASON)
            seen[kind] = (raised.value.sqlstate, len(ticket), len(view or ""), len(reasoned or ""))
            raise psycopg.Rollback(transaction)
    assert set(seen.values()) == {("KL020", 64, 64, 64)}


MEASURE = """
    SELECT relname, seq_scan + idx_scan, n_tup_ins, n_tup_upd, n_tup_del
    FROM pg_stat_xact_all_tables
    WHERE schemaname IN ('register', 'audit', 'inquiry', 'identity', 'organisations', 'policy')
    ORDER BY relid
"""


@pytest.mark.parametrize("way", ["open", "open with a reason", "view", "give a reason"])
def test_every_kind_of_person_costs_the_same_scans_and_writes(
    database: Database, world: World, desk: Desk, official: Somebody, way: str
) -> None:
    """Measured as the superuser: for login roles the counters are closed anyway."""

    def measured(code: str) -> list[tuple[Any, ...]]:
        opened, _ = desk.open(code)
        with database.connect("kelmu_admin", autocommit=False) as connection:
            watched = Desk(connection, desk.secret)
            ways: dict[str, Callable[[], object]] = {
                "open": lambda: watched.open(code),
                "open with a reason": lambda: watched.open(code, reason=REASON),
                "view": lambda: watched.view(opened, GROUPS),
                "give a reason": lambda: watched.reason(opened, REASON),
            }
            # Once to plan, so that only the run is counted.
            ways["open"]()
            connection.execute("SELECT pg_stat_clear_snapshot()")
            before = {row[0]: row[1:] for row in connection.execute(MEASURE).fetchall()}
            ways[way]()
            connection.execute("SELECT pg_stat_clear_snapshot()")
            after = {row[0]: row[1:] for row in connection.execute(MEASURE).fetchall()}
        return sorted(
            (name, *(new - old for new, old in zip(after[name], before[name], strict=True))) for name in after
        )

    codes = kinds(world, official)
    for kind, code in codes.items():
        # The server may replan between two measurements, as when it has analysed a table meanwhile; a real
        # difference stays.
        pairs = ((measured(code), measured(codes["given"])) for _ in range(4))
        assert any(cost == usual for cost, usual in pairs), (kind, measured(code), measured(codes["given"]))


def test_outcomes_tell_no_more_than_the_four(desk: Desk, world: World, official: Somebody) -> None:
    codes = kinds(world, official)
    before = {kind: desk.decided(code)[0] for kind, code in codes.items()}
    after = {kind: desk.decided(code, reason=REASON)[0] for kind, code in codes.items()}
    asked = {"unknown", "family", "protected", "outside", "nowhere", "dead"}
    assert {kind for kind, outcome in before.items() if outcome == "reason_needed"} == asked
    assert {kind for kind, outcome in after.items() if outcome == "not_available"} == {
        "unknown",
        "family",
        "protected",
    }
    assert before["own"] == after["own"] == "own_data"
    assert before["given"] == before["minor"] == "given"
