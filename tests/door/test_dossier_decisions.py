"""What the door tells with a decision: its reckoning, commitments, and third persons in limited form only."""

from __future__ import annotations

import itertools
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kelmu.core import clock
from kelmu.inquiry.document import parse
from kelmu.inquiry.dossier import Calculation, Commitment, Decision, Dossier, Member
from tests.databases import Database
from tests.door.looking import Desk
from tests.world import Body, Somebody, World, pseudonym_of

TODAY = clock.today()
REASON = "a reason long enough"
_numbers = itertools.count(1)


def decision(world: World, client: Somebody, **columns: Any) -> str:
    number = f"D{next(_numbers)}"
    row = {
        "decision_number": number, "benefit_code": "SOC-PER", "decided_on": TODAY - timedelta(days=10),
        "outcome": "granted", "reason_code": "A01", "reason_text": "Hakemukseen on suostuttu.",
    }  # fmt: skip
    world.insert("decision", person_id=client.person_id, **{**row, **columns})
    return number


def calculation(world: World, client: Somebody, number: str, **columns: Any) -> None:
    row = {
        "adults": 2, "children": 1, "basic_part": "1350.00", "other_basic_expenses": "700.00",
        "income": "900.00", "assets": "12.50", "lowered_percent": 20, "lowered_from": date(2026, 1, 1),
        "lowered_to": date(2026, 2, 28), "split_days": [1, 16], "passed_on": True,
    }  # fmt: skip
    world.insert(
        "decision_calculation", person_id=client.person_id, decision_number=number, **{**row, **columns}
    )


def member(world: World, client: Somebody, number: str, other: Somebody, role: str = "child") -> None:
    world.insert(
        "decision_member", person_id=client.person_id, decision_number=number,
        member_person_id=other.person_id, member_role=role,
    )  # fmt: skip


def look(desk: Desk, client: Somebody, **how: Any) -> Dossier:
    _, ticket = desk.open(client.personal_id, **how)
    document = desk.read(ticket)
    assert document is not None
    return parse(document)


def only(dossier: Dossier) -> Decision:
    [one] = dossier.decisions or ()
    return one


def mentioned(database: Database, inquiry_id: object) -> set[object]:
    rows = database.run(
        "SELECT m.person_id FROM audit.entry_mention m JOIN audit.entry e USING (entry_id) "
        "WHERE e.inquiry_id = %s", inquiry_id,
    )  # fmt: skip
    return {person_id for (person_id,) in rows}


def test_the_reckoning_says_what_lacks(desk: Desk, client: Somebody, world: World) -> None:
    number = decision(world, client)
    calculation(world, client, number)
    assert only(look(desk, client)).calculation == Calculation(
        adults=2, children=1, basic_part=Decimal("1350.00"), lowered_percent=20,
        lowered_from=date(2026, 1, 1), lowered_to=date(2026, 2, 28), other_basic_expenses=Decimal("700.00"),
        income=Decimal("900.00"), assets=Decimal("12.50"), balance=Decimal("-1137.50"), split_days=(1, 16),
        passed_on=True,
    )  # fmt: skip


def test_commitments_are_told_with_their_decision(desk: Desk, client: Somebody, world: World) -> None:
    number, other = decision(world, client), decision(world, client)
    columns = {"decision_number": number, "commitment_kind": "pharmacy", "amount": "80.00"}
    for commitment, first in (("S2", date(2026, 2, 1)), ("S1", date(2026, 1, 1))):
        world.insert(
            "payment_commitment", person_id=client.person_id, commitment_number=commitment,
            valid_from=first, **columns,
        )  # fmt: skip
    seen = {each.number: each.commitments for each in look(desk, client).decisions or ()}
    assert [each.number for each in seen[number]] == ["S1", "S2"]
    assert seen[number][0] == Commitment(
        number="S1", kind="pharmacy", amount=Decimal("80.00"), valid_from=date(2026, 1, 1), valid_to=None
    )
    assert seen[other] == ()


def test_third_persons_are_told_in_limited_form_and_mentioned(
    desk: Desk, client: Somebody, world: World, database: Database
) -> None:
    child = world.person(born=date(2015, 5, 6), given_names="Lumi", family_name="Salaisuus")
    spouse = world.person(born=date(1986, 1, 2), given_names="Veikko")
    number = decision(world, client)
    member(world, client, number, child)
    member(world, client, number, spouse, "spouse")
    inquiry_id, ticket = desk.open(client.personal_id)
    document = desk.read(ticket) or ""
    assert only(parse(document)).members == (
        Member(role="spouse", given_names="Veikko", birth_year=1986),
        Member(role="child", given_names="Lumi", birth_year=2015),
    )
    assert "Salaisuus" not in document
    assert child.personal_id not in document
    assert "2015-05-06" not in document
    assert mentioned(database, inquiry_id) == {child.person_id, spouse.person_id}


@pytest.mark.parametrize("how", ["an order", "an unknown order"])
def test_a_protected_third_person_is_left_out(
    desk: Desk, client: Somebody, world: World, database: Database, how: str
) -> None:
    child = world.person(born=date(2015, 5, 6), protection_known=how == "an order")
    if how == "an order":
        world.protect(child)
    member(world, client, decision(world, client), child)
    inquiry_id, ticket = desk.open(client.personal_id)
    assert only(parse(desk.read(ticket) or "")).members == ()
    assert mentioned(database, inquiry_id) == set()


def test_of_a_protected_client_nobody_else_is_named_and_no_home_told(
    world: World, database: Database, body: Body, official: Somebody, client: Somebody
) -> None:
    world.change_agreement(body, protected_persons=True)
    world.allow_protected(body, pseudonym_of(official.personal_id))
    number = decision(world, world.protect(client))
    member(world, client, number, world.person(born=date(2015, 5, 6)))
    calculation(world, client, number)
    with database.connect() as connection:
        desk = Desk(connection, world.begin(body, official))
        inquiry_id, ticket = desk.open(client.personal_id, reason=REASON)
        seen = parse(desk.read(ticket) or "")
    assert (only(seen).members, seen.person.residences) == ((), None)
    assert only(seen).calculation is not None
    assert mentioned(database, inquiry_id) == set()


def test_only_persons_of_decisions_that_are_told_are_mentioned(
    desk: Desk, client: Somebody, world: World, database: Database
) -> None:
    old = decision(world, client, decided_on=date(2001, 1, 1))
    member(world, client, old, world.person(born=date(2015, 5, 6)))
    inquiry_id, ticket = desk.open(client.personal_id)
    assert parse(desk.read(ticket) or "").decisions == ()
    assert mentioned(database, inquiry_id) == set()


def test_a_benefit_that_tells_of_illness_tells_no_reason(
    desk: Desk, client: Somebody, world: World, database: Database
) -> None:
    [(code,)] = database.run(
        "SELECT b.benefit_code FROM policy.profile p JOIN policy.profile_benefit b USING (profile_id) "
        "JOIN policy.benefit x ON x.code = b.benefit_code WHERE x.health AND p.data_group = 'decisions' "
        "AND p.organisation_type = 'wellbeing_county' AND p.purpose = 'social_assistance' "
        "AND p.mandate = 'benefit_view_and_claims' LIMIT 1"
    ) or [(None,)]
    ordinary = decision(world, client)
    if code is not None:
        decision(world, client, benefit_code=code)
    for each in look(desk, client).decisions or ():
        assert (each.reason_text is None, each.reason_code is None) == (each.number != ordinary,) * 2


def test_homes_are_told_newest_first_by_the_code_of_their_time(
    desk: Desk, client: Somebody, world: World
) -> None:
    world.insert(
        "residence", person_id=client.person_id, municipality_code="091", valid_from=date(1990, 1, 1),
        valid_to=date(1999, 12, 31),
    )  # fmt: skip
    homes = look(desk, client).person.residences or ()
    assert {home.municipality for home in homes} == {"837", "091"}
    assert [home.valid_from for home in homes] == sorted((home.valid_from for home in homes), reverse=True)


def test_the_law_leaves_less_of_a_dead_client(desk: Desk, world: World) -> None:
    facts: dict[str, Any] = {"phone": "050 000 0000", "under_guardianship": True}
    alive, dead = world.person(**facts), world.person(**facts, death_date=TODAY - timedelta(days=30))
    assert (look(desk, alive).person.phone, look(desk, alive).person.under_guardianship) == (
        "050 000 0000",
        True,
    )
    seen = look(desk, dead).person
    assert (seen.phone, seen.under_guardianship) == (None, False)
    assert seen.residences


def test_an_entry_tells_which_former_code_was_typed_without_the_code(desk: Desk, world: World) -> None:
    client, before = world.person(), world.person(born=date(1984, 2, 3))
    world.database.run("DELETE FROM register.residence WHERE person_id = %s", before.person_id)
    world.database.run("DELETE FROM register.person WHERE person_id = %s", before.person_id)
    world.insert(
        "former_personal_id", personal_id=before.personal_id, person_id=client.person_id,
        valid_to=date(2020, 5, 31),
    )  # fmt: skip
    inquiry_id, _ticket = desk.open(before.personal_id)
    [entry] = world.entries(inquiry_id=str(inquiry_id), kind="inquiry")
    assert (entry["subject_person_id"], entry["former_code"], entry["former_until"]) == (
        client.person_id,
        True,
        "2020-05-31",
    )
    assert before.personal_id not in json.dumps(entry)
    present, _ticket = desk.open(client.personal_id)
    [entry] = world.entries(inquiry_id=str(present), kind="inquiry")
    assert (entry["former_code"], entry["former_until"]) == (False, None)


def test_an_entry_says_what_takes_data_out_of_the_desk(desk: Desk, client: Somebody, world: World) -> None:
    inquiry_id, _ = desk.open(client.personal_id)
    for action in ("print", "meeting", None):
        desk.call("SELECT door.open_view(%s, %s, %s, %s)", desk.secret, inquiry_id, ["pending"], action)
    views = world.entries(inquiry_id=str(inquiry_id), kind="view")
    assert [entry["action"] for entry in views] == ["print", "meeting", None]
    with pytest.raises(Exception, match="too long or too short"):
        desk.call("SELECT door.open_view(%s, %s, %s, 'sell')", desk.secret, inquiry_id, ["pending"])
