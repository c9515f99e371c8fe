"""Who acts for a client: custodians of minors and guardians, by name, and who of them is not named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from kelmu.core import clock
from kelmu.inquiry.document import parse
from kelmu.inquiry.dossier import Guardian, Person
from kelmu.policy.rules import months_before
from tests.databases import Database
from tests.door.looking import Desk
from tests.world import Body, Somebody, World, pseudonym_of

REASON = "a reason long enough"
TODAY = clock.today()
DAY = timedelta(days=1)
CHILD = date(TODAY.year - 12, 1, 15)
OFFICE = "Pirkanmaan edunvalvontatoimisto"
_numbers = iter(range(1, 1_000))


@pytest.fixture
def child(world: World) -> Somebody:
    """A minor of whom nothing else is recorded."""
    return world.person(born=CHILD)


@pytest.fixture
def ward(world: World) -> Somebody:
    """An adult under guardianship."""
    return world.person(under_guardianship=True)


@pytest.fixture
def entitled(world: World, body: Body, official: Somebody) -> Iterator[Desk]:
    """The desk of somebody who may see protected persons."""
    world.change_agreement(body, protected_persons=True)
    world.allow_protected(body, pseudonym_of(official.personal_id))
    with world.database.connect() as connection:
        yield Desk(connection, world.begin(body, official))


def entrust(world: World, client: Somebody, guardian: Somebody | str, **columns: Any) -> None:
    """Make somebody or an office act for a client, a guardian since long ago unless told otherwise."""
    who: dict[str, Any] = {
        "guardian_name": guardian if isinstance(guardian, str) else None,
        "guardian_person_id": None if isinstance(guardian, str) else guardian.person_id,
    }
    row = {
        "guardianship_number": f"H{next(_numbers)}",
        "guardian_kind": "guardian",
        "valid_from": CHILD,
        **who,
    }
    world.insert("guardianship", person_id=client.person_id, **{**row, **columns})


def look(desk: Desk, client: Somebody) -> tuple[UUID, str, Person]:
    inquiry_id, ticket = desk.open(client.personal_id, reason=REASON)
    document = desk.read(ticket) or ""
    return inquiry_id, document, parse(document).person


def named(desk: Desk, client: Somebody) -> list[tuple[str, str]]:
    return [(each.kind, each.name) for each in look(desk, client)[2].guardians or ()]


def mentioned(database: Database, inquiry_id: UUID) -> set[int]:
    rows = database.run(
        "SELECT m.person_id FROM audit.entry_mention m JOIN audit.entry e USING (entry_id) "
        "WHERE e.inquiry_id = %s AND e.kind = 'disclosed'", inquiry_id,
    )  # fmt: skip
    return {int(str(row[0])) for row in rows}


def test_custodians_of_a_minor_are_named_in_limited_form_and_mentioned(
    desk: Desk, child: Somebody, world: World
) -> None:
    mother = world.person(born=date(1985, 7, 9), given_names="Sanna", family_name="Laine", phone="050 1")
    father = world.person(born=date(1984, 2, 3), given_names="Mikko", family_name="Laine")
    entrust(world, child, father, guardian_kind="custodian", valid_from=CHILD + DAY)
    entrust(world, child, mother, guardian_kind="custodian")
    inquiry_id, document, person = look(desk, child)
    assert person.guardians == (
        Guardian(kind="custodian", name="Sanna Laine"),
        Guardian(kind="custodian", name="Mikko Laine"),
    )
    for hidden in (mother.personal_id, "1985-07-09", "050 1", str(mother.person_id)):
        assert hidden not in document
    assert mentioned(world.database, inquiry_id) == {mother.person_id, father.person_id}
    [entry] = world.entries(inquiry_id=str(inquiry_id), kind="disclosed")
    assert "person.guardians" in entry["fields"]


def test_an_office_is_named_and_nobody_is_mentioned(desk: Desk, ward: Somebody, world: World) -> None:
    entrust(world, ward, OFFICE)
    inquiry_id, _, person = look(desk, ward)
    assert person.guardians == (Guardian(kind="guardian", name=OFFICE),)
    assert mentioned(world.database, inquiry_id) == set()


def test_custodians_come_before_a_guardian_of_a_minor(desk: Desk, child: Somebody, world: World) -> None:
    entrust(world, child, OFFICE, valid_from=CHILD)
    entrust(world, child, world.person(), guardian_kind="custodian", valid_from=CHILD + DAY)
    assert [kind for kind, _ in named(desk, child)] == ["custodian", "guardian"]


@pytest.mark.parametrize("how", ["an order", "an unknown order", "dead"])
def test_who_is_protected_or_dead_is_left_out(desk: Desk, child: Somebody, world: World, how: str) -> None:
    facts: dict[str, Any] = {"an unknown order": {"protection_known": False}, "dead": {"death_date": TODAY}}
    hidden = world.person(given_names="Piilo", **facts.get(how, {}))
    if how == "an order":
        world.protect(hidden)
    told = world.person(given_names="Sanna", family_name="Laine")
    entrust(world, child, hidden, guardian_kind="custodian")
    entrust(world, child, told, guardian_kind="custodian")
    inquiry_id, document, person = look(desk, child)
    assert person.guardians == (Guardian(kind="custodian", name="Sanna Laine"),)
    assert "Piilo" not in document
    assert mentioned(world.database, inquiry_id) == {told.person_id}


def test_of_a_protected_client_nobody_who_acts_for_her_is_named(
    entitled: Desk, ward: Somebody, child: Somebody, world: World
) -> None:
    for client in (ward, child):
        entrust(world, client, OFFICE)
        entrust(world, client, world.person(given_names="Piilo"))
        inquiry_id, document, person = look(entitled, world.protect(client))
        assert person.guardians is None
        assert "Piilo" not in document
        assert OFFICE not in document
        assert mentioned(world.database, inquiry_id) == set()
        assert person.under_guardianship == (client is ward)


def test_of_a_dead_client_nobody_is_named(desk: Desk, world: World) -> None:
    dead = world.person(under_guardianship=True, death_date=TODAY - 30 * DAY)
    entrust(world, dead, OFFICE)
    entrust(world, dead, world.person())
    inquiry_id, _, person = look(desk, dead)
    assert person.guardians == ()
    assert mentioned(world.database, inquiry_id) == set()


def test_an_adult_has_no_custodians_and_without_guardianship_no_guardian(
    desk: Desk, ward: Somebody, world: World
) -> None:
    free = world.person()
    for client in (ward, free):
        entrust(world, client, "Huoltaja", guardian_kind="custodian")
        entrust(world, client, OFFICE)
    assert named(desk, ward) == [("guardian", OFFICE)]
    assert named(desk, free) == []


def test_the_eighteenth_birthday_is_the_first_day_without_custodians(desk: Desk, world: World) -> None:
    birthday = months_before(TODAY, 18 * 12)
    for born, told in ((birthday + DAY, 1), (birthday, 0)):
        client = world.person(born=born)
        entrust(world, client, "Huoltaja", guardian_kind="custodian", valid_from=born)
        assert len(named(desk, client)) == told


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (TODAY - DAY, TODAY, True),
        (TODAY - 2 * DAY, TODAY - DAY, False),
    ],
)
def test_only_who_acts_today_is_named(
    desk: Desk, ward: Somebody, world: World, first: date, last: date | None, told: bool
) -> None:
    entrust(world, ward, OFFICE, valid_from=first, valid_to=last)
    assert named(desk, ward) == ([("guardian", OFFICE)] if told else [])


def test_what_was_corrected_and_what_is_another_persons_is_not_told(
    desk: Desk, ward: Somebody, world: World
) -> None:
    entrust(world, ward, OFFICE, superseded_at=clock.now())
    entrust(world, world.person(under_guardianship=True), OFFICE)
    assert named(desk, ward) == []
