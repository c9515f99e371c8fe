"""A claim one may not see costs what one that is not there does."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, LiteralString

import psycopg
import pytest

from tests.claims.desks import ClaimDesks, account
from tests.databases import Database
from tests.door.costs import Cost, assert_alike, cost_of, kinds
from tests.door.looking import Desk
from tests.world import Body, Somebody, World

pytestmark = pytest.mark.usefixtures("unlimited")
DOORS: dict[str, LiteralString] = {
    "open": "SELECT door.open_claims(%s, ARRAY[%s]::uuid[], 'open')",
    "names": "SELECT door.open_claims(%s, ARRAY[%s]::uuid[], 'page')",
    "keep": "SELECT door.keep_claim(%s, %s, 1, '{}')",
    "submit": (
        "SELECT door.submit_claim(%s, %s, 1, 'HOU-YAT', 'sta23', '2026-11-01', '2026-11-30', 300, "
        "'2026-11-01', '2026-11-30', '2026-11-05', 1, NULL, 'Koe', '03', NULL, '{}')"
    ),
    "withdraw": "SELECT door.change_claim(%s, %s, 2, 'withdrawn', 'It was a mistake')",
}


def test_a_claim_one_may_not_see_costs_what_one_that_is_not_there_does(
    database: Database, world: World, body: Body, official: Somebody
) -> None:
    desks, other = ClaimDesks(world), world.body()
    maker, elsewhere = desks(body, account(world, body)), desks(other, account(world, other))
    relative, protected, discarded = world.person(), world.person(), maker.draft(world.person())
    hidden = {
        "given": uuid.uuid4(),  # not there: what all others are measured against
        "elsewhere": elsewhere.sent(world.person()),
        "family": maker.sent(relative),
        "protected since": maker.sent(protected),
        "discarded": discarded,
    }
    maker.change(discarded, 1, "discarded")
    desks.close()
    world.relate(official, relative, "child", "parent")
    world.protect(protected)
    secret = world.begin(body, official)
    with database.connect("kelmu_admin", autocommit=False) as connection:
        for name, door in DOORS.items():
            answers = alike(connection, secret, door, {kind: str(held) for kind, held in hidden.items()})
            assert {len(answer or "") for answer in answers} == {64 if name == "names" else 0}, name


def test_to_begin_a_claim_costs_the_same_whoever_the_client_is(
    database: Database, world: World, desk: Desk, official: Somebody
) -> None:
    """Inquiries that were opened and in which nobody was shown."""
    opened = {
        kind: str(desk.open(code, purpose="payment_claim")[0])
        for kind, code in kinds(world, official).items()
    }
    with database.connect("kelmu_admin", autocommit=False) as connection:
        answers = alike(connection, desk.secret, "SELECT door.start_claim(%s, %s)", opened)
    assert set(answers) == {None}


def alike(
    connection: psycopg.Connection, secret: str, door: LiteralString, asked: Mapping[str, str]
) -> list[Any]:
    """What a door answers of each, at one cost for all."""
    answers: dict[str, Any] = {}
    watched = Desk(connection, secret)

    def measured(key: str) -> Cost:
        def act() -> None:
            answers[key] = watched.call(door, secret, key)

        return cost_of(connection, act)

    # Once to plan, so that only later runs are counted.
    measured(next(iter(asked.values())))
    assert_alike(measured, asked)
    return list(answers.values())
