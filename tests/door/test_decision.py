"""What the door decides of each kind of person, and that its decision is policy's own."""

from __future__ import annotations

import itertools
import json
from datetime import date, timedelta

import pytest

from kelmu.core import clock
from kelmu.policy import PersonFacts, decide_person
from tests.databases import Database
from tests.door.looking import GROUPS, Desk
from tests.grants import grant_of
from tests.world import Body, Somebody, World, pseudonym_of

TODAY = clock.today()


def years_ago(years: int, days: int = 0) -> date:
    return TODAY.replace(year=TODAY.year - years) + timedelta(days=days)


def test_the_officials_own_code_is_own_data(desk: Desk, official: Somebody) -> None:
    assert desk.decided(official.personal_id) == ("own_data", "own_data")
    assert desk.decided(official.personal_id, reason="a reason long enough") == ("own_data", "own_data")


def test_an_unknown_code_goes_the_way_of_every_other(desk: Desk, world: World) -> None:
    unknown = world.person(born=date(1999, 1, 1)).personal_id[:7] + "900"
    code = next(unknown[:10] + sign for sign in "0123456789ABCDEFHJKLMNPRSTUVWXY")
    assert desk.decided(code) == ("reason_needed", "unknown")
    assert desk.decided(code, reason="a reason long enough") == ("not_available", "unknown")


@pytest.mark.parametrize(
    ("relation", "back"),
    [
        ("child", "parent"),
        ("parent", "child"),
        ("sibling", "sibling"),
        ("spouse", "spouse"),
        ("co_parent", "co_parent"),
    ],
)
def test_family_is_asked_and_then_not_available(
    desk: Desk, world: World, official: Somebody, relation: str, back: str
) -> None:
    relative = world.person()
    world.relate(official, relative, relation, back)
    assert desk.decided(relative.personal_id) == ("reason_needed", "family")
    assert desk.decided(relative.personal_id, reason="a reason long enough") == ("not_available", "family")


def test_a_former_spouse_is_family(desk: Desk, world: World, official: Somebody) -> None:
    former = world.person()
    world.relate(official, former, "spouse", "spouse", ended=years_ago(5))
    assert desk.decided(former.personal_id) == ("reason_needed", "family")


@pytest.mark.usefixtures("unlimited")
def test_a_protected_client_needs_agreements_and_officials_right_both(world: World) -> None:
    client = world.protect(world.person())
    official = world.person(lives_in="091")
    plain, open_body = world.body(), world.body(protected_persons=True)
    with world.database.connect() as connection:
        for body in (plain, open_body):
            desk = Desk(connection, world.begin(body, official))
            assert desk.decided(client.personal_id) == ("reason_needed", "protected_without_right")
            assert desk.decided(client.personal_id, reason="a reason long enough") == (
                "not_available", "protected_without_right",
            )  # fmt: skip
            world.allow_protected(body, pseudonym_of(official.personal_id))
        assert Desk(connection, world.begin(plain, official)).decided(client.personal_id) == (
            "reason_needed", "protected_without_right",
        )  # fmt: skip
        allowed = Desk(connection, world.begin(open_body, official))
        assert allowed.decided(client.personal_id) == ("reason_needed", "protected_with_right")
        assert allowed.decided(client.personal_id, reason="a reason long enough") == (
            "given",
            "given_after_reason",
        )


def test_nothing_of_a_protected_clients_whereabouts_leaves_the_door(world: World) -> None:
    client = world.protect(world.person(phone="+358 40 900 0000"))
    world.payment(client, payee_kind="landlord", payee_name="Vuokratalot Tampere")
    world.insert(
        "matter", person_id=client.person_id, matter_number="M-1", benefit_code="SOC-PER",
        matter_type="review", received_on=TODAY, received_by="web", state="received",
        handling_office="Tampere Koskikatu",
    )  # fmt: skip
    official = world.person(lives_in="091")
    body = world.body(protected_persons=True)
    world.allow_protected(body, pseudonym_of(official.personal_id))
    with world.database.connect() as connection:
        desk = Desk(connection, world.begin(body, official))
        _, ticket = desk.open(client.personal_id, reason="a reason long enough")
        document = desk.read(ticket) or ""
    found = json.loads(document)
    assert found["person"]["protected"] is True
    assert found["person"]["municipality"] is found["person"]["phone"] is None
    assert found["payments"][0]["payee_kind"] == "landlord"
    for secret in ("Tampere", '"837"', "+358"):
        assert secret not in document


def test_a_protected_third_person_is_left_out_and_an_open_one_is_mentioned(
    desk: Desk, client: Somebody, world: World
) -> None:
    hidden = world.protect(world.person(given_names="Piilo"))
    shown = world.person(given_names="Julki")
    world.payment(client, payee_kind="spouse", payee_person_id=hidden.person_id)
    world.payment(client, payee_kind="spouse", payee_person_id=shown.person_id)
    inquiry_id, ticket = desk.open(client.personal_id)
    document = desk.read(ticket) or ""
    assert "Piilo" not in document
    assert "Julki" in document
    [entry] = world.entries(inquiry_id=inquiry_id, kind="disclosed")
    mentioned = world.database.run(
        "SELECT person_id FROM audit.entry_mention WHERE entry_id = %s", entry["entry_id"]
    )
    assert mentioned == [(shown.person_id,)]


def test_a_client_outside_the_area_is_asked_and_then_given_into_review(desk: Desk, world: World) -> None:
    outsider = world.person(lives_in="853")
    inquiry_id, ticket = desk.open(outsider.personal_id)
    assert desk.outcome(ticket)["sql_decision"]["rule"] == "outside_area"  # type: ignore[index] # there is one
    ticket_after = desk.reason(inquiry_id, "The client moved here yesterday")
    assert desk.read(ticket_after or "") is not None
    entries = world.entries(inquiry_id=inquiry_id)
    assert [entry["for_review"] for entry in entries] == [False, True, False]
    assert entries[1]["reason"] == "The client moved here yesterday"


def test_the_reason_counts_for_its_inquiry_only(desk: Desk, world: World) -> None:
    outsider = world.person(lives_in="853")
    desk.decided(outsider.personal_id, reason="a reason long enough")
    assert desk.decided(outsider.personal_id) == ("reason_needed", "outside_area")


def test_a_reason_is_given_once_and_within_15_minutes(desk: Desk, world: World) -> None:
    outsider = world.person(lives_in="853")
    inquiry_id, _ = desk.open(outsider.personal_id)
    assert desk.reason(inquiry_id, "a reason long enough")
    assert desk.reason(inquiry_id, "a reason long enough") is None
    late, _ = desk.open(outsider.personal_id)
    world.database.run("UPDATE inquiry.inquiry_content SET expires_at = now() WHERE inquiry_id = %s", late)
    assert desk.reason(late, "a reason long enough") is None
    desk.open(outsider.personal_id)
    assert world.database.run("SELECT 1 FROM inquiry.inquiry_content WHERE inquiry_id = %s", late) == []


def test_a_merged_municipality_counts_as_its_successor(world: World) -> None:
    moved = world.person(lives_in="588")
    with world.database.connect() as connection:
        desk = Desk(connection, world.begin(world.body(municipality="507")))
        assert desk.decided(moved.personal_id) == ("given", "given")


def test_an_area_that_has_ended_serves_nobody(world: World, body: Body, client: Somebody) -> None:
    world.database.run(
        "UPDATE organisations.area SET valid_to = %s WHERE organisation_id = %s",
        TODAY - timedelta(days=1), body.organisation_id,
    )  # fmt: skip
    with world.database.connect() as connection:
        assert Desk(connection, world.begin(body)).decided(client.personal_id) == (
            "reason_needed",
            "outside_area",
        )


def test_a_colleague_of_the_last_12_months_is_asked(desk: Desk, world: World, body: Body) -> None:
    colleague = world.person()
    world.begin(body, colleague)
    assert desk.decided(colleague.personal_id) == ("reason_needed", "colleague")
    world.database.run(
        "UPDATE identity.acting_session SET started_at = now() - interval '13 months' "
        "WHERE official_person_id = %s",
        colleague.person_id,
    )
    assert desk.decided(colleague.personal_id) == ("given", "given")


def test_death_is_asked_about_only_after_a_year(desk: Desk, world: World) -> None:
    recent, old = world.person(death_date=years_ago(1, 1)), world.person(death_date=years_ago(1, -1))
    assert desk.decided(recent.personal_id) == ("given", "given")
    assert desk.decided(old.personal_id) == ("reason_needed", "died")


def test_a_minor_is_asked_about_where_the_purpose_is_not_for_minors(desk: Desk, world: World) -> None:
    minor, grown = world.person(born=years_ago(18, 1)), world.person(born=years_ago(18))
    assert desk.decided(minor.personal_id, purpose="client_fees") == ("reason_needed", "minor")
    assert desk.decided(grown.personal_id, purpose="client_fees") == ("given", "given")
    assert desk.decided(minor.personal_id) == ("given", "given")


def test_protection_that_cannot_be_read_closes_everything(desk: Desk, world: World, client: Somebody) -> None:
    unflagged = world.person(protection_known=False)
    assert desk.decided(unflagged.personal_id) == ("not_available", "protection_unknown")
    world.set_source("non_disclosure", available=False)
    try:
        assert desk.decided(client.personal_id) == ("not_available", "protection_unknown")
    finally:
        world.set_source("non_disclosure", available=True)
    assert desk.decided(client.personal_id) == ("given", "given")


def test_a_former_code_opens_the_person(desk: Desk, world: World, client: Somebody) -> None:
    former = world.person().personal_id[:7] + "9"
    code = next(
        candidate
        for candidate in (
            f"{former}{number:02d}{check}" for number in range(99) for check in "0123456789ABCDEFH"
        )
        if not world.database.run("SELECT 1 FROM register.person WHERE personal_id = %s", candidate)
    )
    world.insert("former_personal_id", personal_id=code, person_id=client.person_id, valid_to=years_ago(1))
    inquiry_id, ticket = desk.open(code)
    assert json.loads(desk.read(ticket) or "")["person"]["former_code"] is True
    [entry, _] = world.entries(inquiry_id=inquiry_id)
    assert (entry["subject_person_id"], entry["former_code"]) == (client.person_id, True)


def test_an_official_not_in_the_register_sends_every_look_to_review(
    world: World, body: Body, client: Somebody
) -> None:
    with world.database.connect() as connection:
        inquiry_id, _ = Desk(connection, world.begin(body)).open(client.personal_id)
    [entry] = world.entries(inquiry_id=inquiry_id)
    assert (entry["outcome"], entry["for_review"], entry["facts"]["official_known"]) == ("given", True, False)


def test_sql_and_python_decide_alike_for_every_combination_of_facts(database: Database) -> None:
    names = list(PersonFacts.__dataclass_fields__)
    combinations = list(itertools.product([False, True], repeat=len(names)))
    persons = [dict(zip(names, values, strict=True)) for values in combinations]
    sent = [json.dumps(person) for person in persons]
    for national, minor_allowed in itertools.product([False, True], repeat=2):
        grant = grant_of(national_area=national, minor_allowed=minor_allowed)
        rows = database.run(
            "SELECT o.outcome, o.rule FROM unnest(%s::jsonb[]) WITH ORDINALITY f (facts, n), "
            "door_private.person_outcome(f.facts, %s, %s) o ORDER BY f.n",
            sent, national, minor_allowed,
        )  # fmt: skip
        decided = [decide_person(grant, PersonFacts(**person)) for person in persons]
        assert rows == [(decision.outcome, decision.rule) for decision in decided]


def test_what_was_not_asked_for_is_not_opened(desk: Desk, client: Somebody) -> None:
    _, ticket = desk.open(client.personal_id, groups=["payments", "everything"])
    answer = desk.outcome(ticket)
    assert answer is not None
    assert [scope[1] for scope in answer["sql_decision"]["scopes"]] == ["payments"]
    assert GROUPS != ["payments"]


def test_the_agreements_data_groups_are_the_ceiling(world: World, client: Somebody) -> None:
    body = world.body(groups=("payments", "medicine_cap"))
    with world.database.connect() as connection:
        desk = Desk(connection, world.begin(body))
        _, ticket = desk.open(client.personal_id, groups=["decisions", "payments", "pending"])
        answer = desk.outcome(ticket)
    assert answer is not None
    assert [scope[1] for scope in answer["sql_decision"]["scopes"]] == ["payments"]


def test_one_officials_right_to_protected_clients_is_not_anothers(world: World) -> None:
    client, body = world.protect(world.person()), world.body(protected_persons=True)
    with_right, without = world.person(lives_in="091"), world.person(lives_in="091")
    world.allow_protected(body, pseudonym_of(with_right.personal_id))
    with world.database.connect() as connection:
        asked = {"personal_id": client.personal_id, "reason": "a reason long enough"}
        assert Desk(connection, world.begin(body, with_right)).decided(**asked)[0] == "given"
        assert Desk(connection, world.begin(body, without)).decided(**asked)[0] == "not_available"
