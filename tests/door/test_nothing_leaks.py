"""Opening teaches nothing before its entry is committed, and nothing but the outcome after."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.databases import Database
from tests.door.costs import Cost, assert_alike, cost_of, kinds
from tests.door.looking import GROUPS, Desk
from tests.world import Somebody, World

REASON = "a reason long enough"
pytestmark = pytest.mark.usefixtures("unlimited")


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


@pytest.mark.parametrize("way", ["open", "open with a reason", "view", "give a reason"])
def test_every_kind_of_person_costs_the_same_scans_and_writes(
    database: Database, world: World, desk: Desk, official: Somebody, way: str
) -> None:
    """Measured as the superuser: for login roles the counters are closed anyway."""

    def measured(code: str) -> Cost:
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
            return cost_of(connection, ways[way])

    assert_alike(measured, kinds(world, official))


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
