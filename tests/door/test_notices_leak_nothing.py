"""A notice one may not see costs what one that is not there does; its relation is its body's only."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from kelmu.core import clock
from tests.databases import Database
from tests.door.costs import Cost, assert_alike, cost_of
from tests.door.looking import Desk
from tests.notices.desks import MANDATE, REASON
from tests.notices.sending import Sender
from tests.world import TURKU, Body, Somebody, World

pytestmark = pytest.mark.usefixtures("unlimited")
DOORS = {
    "open": "SELECT door.open_notice(%s, %s, 'open')",
    "open files": "SELECT door.open_notice(%s, %s, 'attachments', 1)",
    "take": "SELECT door.change_notice(%s, %s, 1, 'taken')",
    "note": "SELECT door.change_notice(%s, %s, 1, 'noted', 'A note')",
    "transfer": f"SELECT door.transfer_notice(%s, %s, 1, '{TURKU}', '{REASON}')",
    "undo": "SELECT door.undo_notice(%s, %s, 1)",
    "names": "SELECT door.open_notice_page(%s, ARRAY[%s]::uuid[])",
}


@pytest.fixture
def sender(world: World) -> Sender:
    return Sender(world)


@pytest.fixture
def secret(world: World, body: Body, official: Somebody) -> str:
    """An official with the mandate and without the right to protected clients."""
    return world.begin(body, official, mandates=(MANDATE,))


@pytest.fixture
def hidden(world: World, sender: Sender, official: Somebody) -> dict[str, str]:
    """Notices she may not see."""
    relative = world.person()
    world.relate(official, relative, "child", "parent")
    protected_since = world.person()
    made = {
        "given": uuid.uuid4(),  # not there: what all others are measured against
        "elsewhere": sender.send(world.person(lives_in=TURKU)),
        "restricted": sender.send(world.protect(world.person())),
        "protected since": sender.send(protected_since),
        "protected elsewhere": sender.send(world.protect(world.person(lives_in=TURKU))),
        "not known": sender.send(world.person(protection_known=False)),
        "family": sender.send(relative),
        "to come": sender.send(world.person(), released_on=clock.today() + timedelta(days=7)),
    }
    world.protect(protected_since)
    return {kind: str(notice_id) for kind, notice_id in made.items()}


@pytest.mark.parametrize("door", DOORS)
def test_a_notice_one_may_not_see_costs_what_one_that_is_not_there_does(
    database: Database, secret: str, hidden: dict[str, str], door: str
) -> None:
    answers: dict[str, Any] = {}

    def measured(notice_id: str) -> Cost:
        with database.connect("kelmu_admin", autocommit=False) as connection:
            watched = Desk(connection, secret)
            # Once to plan, so that only the run is counted.
            watched.call(DOORS[door].encode(), secret, notice_id)  # type: ignore[arg-type] # constant texts

            def act() -> None:
                answers[notice_id] = watched.call(DOORS[door].encode(), secret, notice_id)  # type: ignore[arg-type] # as above

            return cost_of(connection, act)

    assert_alike(measured, hidden)
    assert {len(answer or "") for answer in answers.values()} == {64 if door == "names" else 0}


def test_an_open_notice_of_the_body_takes_the_place_of_its_area(
    world: World, sender: Sender, desk: Desk
) -> None:
    """For one who has moved away since; not when it is handled, not seen yet, or another body's."""
    client, elsewhere, later = world.person(), world.person(lives_in=TURKU), world.person()
    sent = sender.send(client)
    sender.send(elsewhere)
    sender.send(later, released_on=clock.today() + timedelta(days=7))
    for each in (client, later):
        world.insert("residence", person_id=each.person_id, municipality_code=TURKU, valid_from=clock.today())
    assert desk.decided(client.personal_id) == ("given", "given")
    for other in (elsewhere, later, world.person(lives_in=TURKU)):
        assert desk.decided(other.personal_id) == ("reason_needed", "outside_area")
    secret = world.begin(world.body(), mandates=(MANDATE,))
    desk.call("SELECT door.change_notice(%s, %s, 1, 'handled', 'no_need')", secret, sent)
    assert desk.decided(client.personal_id) == ("reason_needed", "outside_area")


def test_a_body_that_gets_no_notices_has_no_such_relation(
    world: World, sender: Sender, official: Somebody
) -> None:
    client = world.person()
    sender.send(client)
    world.insert("residence", person_id=client.person_id, municipality_code=TURKU, valid_from=clock.today())
    body = world.body("municipality")
    with world.database.connect() as connection:
        desk = Desk(connection, world.begin(body, official))
        assert desk.decided(client.personal_id, purpose="integration") == ("reason_needed", "outside_area")


def test_a_restricted_notice_is_a_relation_for_who_may_see_it_only(
    world: World, sender: Sender, official: Somebody
) -> None:
    """The order has ended since; the notice stays with those who have the right."""
    body = world.body(protected_persons=True)
    client = world.protect(world.person())
    sender.send(client)
    world.database.run(
        "UPDATE register.non_disclosure_order SET superseded_at = now() WHERE person_id = %s",
        client.person_id,
    )
    world.insert("residence", person_id=client.person_id, municipality_code=TURKU, valid_from=clock.today())
    with world.database.connect() as connection:
        desk = Desk(connection, world.begin(body, official))
        assert desk.decided(client.personal_id) == ("reason_needed", "outside_area")
        [(pseudonym,)] = world.database.run(
            "SELECT official_pseudonym FROM identity.acting_session ORDER BY started_at DESC LIMIT 1"
        )
        world.allow_protected(body, str(pseudonym))
        assert desk.decided(client.personal_id) == ("given", "given")


def test_an_inquiry_costs_the_same_whoever_has_a_notice_and_wherever(
    database: Database, world: World, sender: Sender, desk: Desk
) -> None:
    people: dict[str, Somebody] = {"given": world.person()}
    for kind, place, count in (("here", "837", 1), ("elsewhere", TURKU, 1), ("many", "837", 3)):
        people[kind] = world.person(lives_in=place)
        for _ in range(count):
            sender.send(people[kind])
    people["two places"] = world.person()
    sender.send(people["two places"])
    world.insert(
        "residence", person_id=people["two places"].person_id, municipality_code=TURKU,
        valid_from=clock.today(),
    )  # fmt: skip
    sender.send(people["two places"])

    def measured(code: str) -> Cost:
        with database.connect("kelmu_admin", autocommit=False) as connection:
            watched = Desk(connection, desk.secret)
            watched.open(code)
            return cost_of(connection, _opening(watched, code))

    assert_alike(measured, {kind: each.personal_id for kind, each in people.items()})


def _opening(desk: Desk, code: str) -> Callable[[], object]:
    return lambda: desk.open(code)


def test_no_table_of_notices_can_be_asked_by_the_web(desk: Desk) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.connection.execute("SELECT person_id FROM notices.notice")
