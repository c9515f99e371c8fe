"""What became of a list since the one before it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.databases import Database
from tests.lists.desks import CHILD_CARE, VETERANS, ListDesks, latest, paid_child_care, run
from tests.world import LONG_AGO, TAMPERE, Somebody, World

CARE = latest(CHILD_CARE)
NOW, BEFORE = latest(VETERANS), latest(VETERANS, 1)
DAY = timedelta(days=1)


def veteran(world: World, supplement: str, since: Any, until: Any = None, **columns: Any) -> Somebody:
    somebody = world.person(**columns)
    decide(world, somebody, supplement, since, until)
    return somebody


def decide(world: World, somebody: Somebody, supplement: str, since: Any, until: Any = None) -> None:
    world.insert(
        "decision", person_id=somebody.person_id, decision_number=f"D{supplement}{since}",
        benefit_code=supplement,
        decided_on=since, valid_from=since, valid_to=until, outcome="granted",
    )  # fmt: skip


@pytest.fixture(scope="module")
def told(clean_database: Database) -> dict[str, Any]:
    """The list of veterans after one came, one left, one got more, one stayed and protected ones did."""
    world = World(clean_database)
    in_between = NOW.first_day + DAY
    shielded = world.protect(veteran(world, "PEN-RL", in_between, family_name="Salattu"))
    world.protect(veteran(world, "PEN-RL", LONG_AGO, in_between, family_name="Salattu"))
    veteran(world, "PEN-RL", in_between, family_name="Uusi")
    veteran(world, "PEN-RL", LONG_AGO, in_between, family_name="Poistunut")
    more = veteran(world, "PEN-RL", LONG_AGO, family_name="Muuttunut")
    decide(world, more, "PEN-YRL", in_between)
    veteran(world, "PEN-RL", LONG_AGO, family_name="Ennallaan")
    assert shielded
    for period in (BEFORE, NOW):
        run(clean_database, VETERANS, period.first_day)
    desks = ListDesks(world)
    desk = desks(world.body())
    try:
        return {
            "present": desk.list(VETERANS, NOW.first_day),
            "left": desk.list(VETERANS, NOW.first_day, change="left"),
            "new": desk.list(VETERANS, NOW.first_day, change="new"),
            "first": desk.list(VETERANS, BEFORE.first_day),
        }
    finally:
        desks.close()


def names(told: dict[str, Any]) -> dict[str, str | None]:
    return {row["person"]["family_name"]: row["change"] for row in told["rows"]}


def test_who_came_left_and_changed_is_told_and_nobody_protected(told: dict[str, Any]) -> None:
    assert names(told["present"]) == {"Uusi": "new", "Muuttunut": "changed", "Ennallaan": None}
    assert names(told["left"]) == {"Poistunut": "left"}
    assert names(told["new"]) == {"Uusi": "new"}
    assert told["present"]["changes"] == {"new": 1, "changed": 1, "left": 1}
    assert told["present"]["total"]["rows"] == 3


def test_the_first_list_is_compared_with_nothing(told: dict[str, Any]) -> None:
    assert not told["first"]["compared"]
    assert told["first"]["changes"] == {"new": 0, "changed": 0, "left": 0}
    assert set(names(told["first"]).values()) == {None}


def test_a_corrected_list_of_payments_is_compared_with_the_one_it_supersedes(
    world: World, desks: ListDesks
) -> None:
    database = world.database
    kept, gone, late = (world.person(family_name=name) for name in ("Pysyvä", "Peruttu", "Myöhäinen"))
    for somebody in (kept, gone):
        paid_child_care(world, somebody, CARE)
    run(database, CHILD_CARE, CARE.first_day)
    database.run(
        "UPDATE register.payment SET superseded_at = now() WHERE person_id = %s",
        gone.person_id,
        role="kelmu_feed",
    )
    paid_child_care(world, late, CARE)
    assert run(database, CHILD_CARE, CARE.first_day) == (1, 1, 2)
    desk = desks(world.body("municipality", municipality=TAMPERE))
    told = desk.list(CHILD_CARE, CARE.first_day)
    assert names(told) == {"Pysyvä": None, "Myöhäinen": "new"}
    assert told["changes"] == {"new": 1, "changed": 0, "left": 1}
    assert told["runs"][0]["version"] == 2
    assert names(desk.list(CHILD_CARE, CARE.first_day, change="left")) == {"Peruttu": "left"}
