"""What the door tells of coverage, recovery, maintenance collection, medicine cap and third parties."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kelmu.core import clock
from kelmu.inquiry.document import parse
from kelmu.inquiry.dossier import (
    GROUPS,
    Coverage,
    Dossier,
    MaintenanceCollection,
    MedicineCap,
    Recovery,
    ThirdPartyInfo,
)
from tests.door.looking import Desk
from tests.world import Body, Somebody, World, pseudonym_of

TODAY = clock.today()
DAY = timedelta(days=1)
REASON = "a reason long enough"
NEW_GROUPS = ("coverage", "recovery", "maintenance_collection", "medicine_cap", "third_party_info")
_numbers = itertools.count(1)


def months_ago(months: int) -> date:
    """The same day that many months earlier; the 31st becomes the last day of a shorter month."""
    year, month = divmod(TODAY.year * 12 + TODAY.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=TODAY.day - 1), following - DAY)


def coverage(world: World, client: Somebody, **columns: Any) -> None:
    row = {"coverage_kind": "social_security", "ground": "residence", "country": "FI"}
    world.insert("coverage", person_id=client.person_id, **{**row, **columns})


def recovery(world: World, client: Somebody, **columns: Any) -> str:
    number = f"T{next(_numbers)}"
    row = {
        "recovery_number": number, "benefit_code": "HOU-YAT", "overpaid_from": date(2019, 1, 1),
        "overpaid_to": date(2019, 6, 30), "decided_on": date(2019, 9, 2), "total": 600, "balance": 250,
        "instalment": 50, "set_off": True, "state": "in_instalments",
    }  # fmt: skip
    world.insert("recovery", person_id=client.person_id, **{**row, **columns})
    return number


def maintenance(world: World, client: Somebody, child: Somebody, **columns: Any) -> str:
    number = f"E{next(_numbers)}"
    row = {
        "collection_number": number, "benefit_code": "FAM-EA", "child_person_id": child.person_id,
        "decided_on": date(2019, 9, 2), "arrears": "1240.50", "monthly": "202.60", "state": "open",
    }  # fmt: skip
    world.insert("maintenance_collection", person_id=client.person_id, **{**row, **columns})
    return number


def medicine_cap(world: World, client: Somebody, year: int, **columns: Any) -> None:
    row = {
        "accrued": "103.17", "cap": "633.17", "initial_deductible_met": True,
        "updated_at": datetime(year, 2, 3, 4, 5, tzinfo=UTC),
    }  # fmt: skip
    world.insert("medicine_cap", person_id=client.person_id, year=year, **{**row, **columns})


def third_party(world: World, client: Somebody, **columns: Any) -> str:
    number = f"U{next(_numbers)}"
    row = {
        "info_number": number, "sender_kind": "pension_institution", "info_kind": "earnings_pension",
        "valid_from": date(2016, 1, 1), "amount": "1450.00", "unit": "month", "received_on": date(2016, 1, 7),
    }  # fmt: skip
    world.insert("third_party_info", person_id=client.person_id, **{**row, **columns})
    return number


def look(desk: Desk, client: Somebody, **how: Any) -> Dossier:
    _, ticket = desk.open(client.personal_id, **{"groups": [*GROUPS], **how})
    document = desk.read(ticket)
    assert document is not None
    return parse(document)


@pytest.fixture
def full(world: World, client: Somebody) -> Somebody:
    """The client with a row in every new group, and a child."""
    coverage(world, client, valid_from=date(1985, 3, 14))
    recovery(world, client)
    maintenance(world, client, world.person(born=date(2014, 5, 6), given_names="Lumi"))
    medicine_cap(world, client, TODAY.year)
    third_party(world, client)
    return client


def test_every_group_is_told_as_typed_values(desk: Desk, full: Somebody) -> None:
    seen = look(desk, full)
    assert seen.coverage == (
        Coverage(
            kind="social_security", ground="residence", country="FI", valid_from=date(1985, 3, 14),
            valid_to=None,
        ),
    )  # fmt: skip
    [owed] = seen.recovery or ()
    assert owed == Recovery(
        number=owed.number, benefit="HOU-YAT", overpaid_from=date(2019, 1, 1),
        overpaid_to=date(2019, 6, 30), decided_on=date(2019, 9, 2), total=Decimal("600.00"),
        balance=Decimal("250.00"), instalment=Decimal("50.00"), set_off=True, state="in_instalments",
    )  # fmt: skip
    [collected] = seen.maintenance_collection or ()
    assert collected == MaintenanceCollection(
        number=collected.number, benefit="FAM-EA", child_given_names="Lumi", decided_on=date(2019, 9, 2),
        arrears=Decimal("1240.50"), monthly=Decimal("202.60"), state="open",
    )  # fmt: skip
    assert seen.medicine_cap == (
        MedicineCap(
            year=TODAY.year, accrued=Decimal("103.17"), cap=Decimal("633.17"), remaining=Decimal("530.00"),
            initial_deductible_met=True, reached_on=None,
            updated_at=datetime(TODAY.year, 2, 3, 4, 5, tzinfo=UTC),
        ),
    )  # fmt: skip
    [told] = seen.third_party_info or ()
    assert told == ThirdPartyInfo(
        number=told.number, sender_kind="pension_institution", info_kind="earnings_pension",
        valid_from=date(2016, 1, 1), valid_to=None, amount=Decimal("1450.00"), unit="month",
        received_on=date(2016, 1, 7),
    )  # fmt: skip
    assert seen.unreadable == frozenset()


@pytest.mark.parametrize(
    "granted", [GROUPS, NEW_GROUPS, ("payments",), ("coverage", "medicine_cap"), ("recovery", "pending")]
)
def test_the_document_has_exactly_the_groups_granted(
    world: World, official: Somebody, full: Somebody, granted: tuple[str, ...]
) -> None:
    with world.database.connect() as connection:
        desk = Desk(connection, world.begin(world.body(groups=granted), official))
        inquiry_id, ticket = desk.open(full.personal_id, groups=[*GROUPS])
        document = json.loads(desk.read(ticket) or "")
    assert set(document) - {"person", "sources", "scope"} == set(granted)
    assert {scope["group"] for scope in document["scope"]} == set(granted)
    assert set(document["sources"]) == {*granted, "person", "non_disclosure"}
    [entry] = world.entries(inquiry_id=inquiry_id, kind="disclosed")
    assert set(entry["data_groups"]) == {*granted, "person"}


def test_the_entry_names_every_field_disclosed(desk: Desk, full: Somebody, world: World) -> None:
    inquiry_id, ticket = desk.open(full.personal_id, groups=[*GROUPS])
    desk.read(ticket)
    [entry] = world.entries(inquiry_id=inquiry_id, kind="disclosed")
    kinds: dict[str, type[Any]] = {
        "coverage": Coverage, "recovery": Recovery, "maintenance_collection": MaintenanceCollection,
        "medicine_cap": MedicineCap, "third_party_info": ThirdPartyInfo,
    }  # fmt: skip
    for group, kind in kinds.items():
        told = {field for field in entry["fields"] if field.startswith(f"{group}.")}
        assert told == {f"{group}.{each.name}" for each in fields(kind)}


def test_coverage_is_told_whole_however_old(desk: Desk, client: Somebody, world: World) -> None:
    coverage(world, client, valid_from=date(1985, 3, 14), valid_to=date(1999, 12, 31))
    coverage(world, client, coverage_kind="ehic", valid_from=date(2025, 1, 1), ground=None, country=None)
    seen = look(desk, client).coverage or ()
    assert [(each.kind, each.valid_to) for each in seen] == [
        ("ehic", None),
        ("social_security", date(1999, 12, 31)),
    ]


@pytest.mark.parametrize(("state", "balance"), [("paid", 0), ("written_off", 0)])
def test_a_recovery_that_is_over_counts_by_its_decision(
    desk: Desk, client: Somebody, world: World, state: str, balance: int
) -> None:
    first = recovery(world, client, state=state, balance=balance, decided_on=months_ago(60))
    recovery(world, client, state=state, balance=balance, decided_on=months_ago(60) - DAY)
    assert [each.number for each in look(desk, client).recovery or ()] == [first]


@pytest.mark.parametrize("state", ["open", "in_instalments", "in_enforcement"])
def test_an_open_recovery_is_told_however_old(desk: Desk, client: Somebody, world: World, state: str) -> None:
    number = recovery(world, client, state=state, decided_on=date(2001, 1, 2))
    assert [each.number for each in look(desk, client).recovery or ()] == [number]


def test_a_recovery_of_a_benefit_that_tells_of_illness_stays_closed(
    desk: Desk, client: Somebody, world: World
) -> None:
    recovery(world, client, benefit_code="MED-LK1")
    recovery(world, client, benefit_code="SIC-SPR")
    assert "MED-LK1" not in {each.benefit for each in look(desk, client).recovery or ()}


@pytest.mark.parametrize("state", ["paid", "ended"])
def test_a_collection_that_is_over_counts_by_its_decision(
    desk: Desk, client: Somebody, world: World, state: str
) -> None:
    child = world.person(born=date(2014, 5, 6))
    first = maintenance(world, client, child, state=state, decided_on=months_ago(60))
    maintenance(world, client, child, state=state, decided_on=months_ago(60) - DAY)
    old = maintenance(world, client, child, state="in_enforcement", decided_on=date(2001, 1, 2))
    assert [each.number for each in look(desk, client).maintenance_collection or ()] == [first, old]


def mentioned_in(world: World, inquiry_id: object) -> list[int]:
    [entry] = world.entries(inquiry_id=inquiry_id, kind="disclosed")
    rows = world.database.run(
        "SELECT person_id FROM audit.entry_mention WHERE entry_id = %s ORDER BY 1", entry["entry_id"]
    )
    return [int(str(row[0])) for row in rows]


def test_a_protected_child_is_left_out_and_others_are_mentioned_once(
    desk: Desk, client: Somebody, world: World
) -> None:
    hidden = world.protect(world.person(born=date(2014, 5, 6), given_names="Piilo"))
    unflagged = world.person(born=date(2015, 5, 6), given_names="Merkitön", protection_known=False)
    shown = world.person(born=date(2016, 5, 6), given_names="Julki")
    for child in (hidden, unflagged, shown, shown):
        maintenance(world, client, child)
    world.payment(client, payee_kind="guardian", payee_person_id=shown.person_id)
    inquiry_id, ticket = desk.open(client.personal_id, groups=[*GROUPS])
    document = desk.read(ticket) or ""
    names = {each.child_given_names for each in parse(document).maintenance_collection or ()}
    assert names == {None, "Julki"}
    assert "Piilo" not in document
    assert "Merkitön" not in document
    assert mentioned_in(world, inquiry_id) == [shown.person_id]


def test_no_child_of_a_protected_client_is_named(world: World) -> None:
    client = world.protect(world.person())
    maintenance(world, client, world.person(born=date(2016, 5, 6), given_names="Julki"))
    official = world.person(lives_in="091")
    body = world.body(protected_persons=True)
    world.allow_protected(body, pseudonym_of(official.personal_id))
    with world.database.connect() as connection:
        desk = Desk(connection, world.begin(body, official))
        inquiry_id, ticket = desk.open(client.personal_id, reason=REASON, groups=[*GROUPS])
        document = desk.read(ticket) or ""
    [collection] = parse(document).maintenance_collection or ()
    assert collection.child_given_names is None
    assert "Julki" not in document
    assert mentioned_in(world, inquiry_id) == []


def test_protection_that_goes_down_before_the_reading_hides_what_an_order_would(
    desk: Desk, client: Somebody, world: World
) -> None:
    maintenance(world, client, world.person(born=date(2016, 5, 6), given_names="Julki"))
    inquiry_id, ticket = desk.open(client.personal_id, groups=[*GROUPS])
    world.set_source("non_disclosure", available=False)
    try:
        seen = parse(desk.read(ticket) or "")
    finally:
        world.set_source("non_disclosure", available=True)
    [collection] = seen.maintenance_collection or ()
    assert (collection.child_given_names, seen.person.municipality) == (None, None)
    assert mentioned_in(world, inquiry_id) == []


def test_medicine_caps_are_told_of_the_years_that_touch_the_window(
    desk: Desk, client: Somebody, world: World
) -> None:
    first = months_ago(24).year
    for year in range(first - 1, TODAY.year + 2):
        medicine_cap(world, client, year)
    assert [each.year for each in look(desk, client).medicine_cap or ()] == [
        *range(TODAY.year, first - 1, -1)
    ]


def test_a_cap_that_is_passed_leaves_nothing(desk: Desk, client: Somebody, world: World) -> None:
    reached = date(TODAY.year, 1, 20)
    medicine_cap(world, client, TODAY.year, accrued="640.00", reached_on=reached)
    [cap] = look(desk, client).medicine_cap or ()
    assert (cap.remaining, cap.reached_on) == (Decimal("0.00"), reached)


def test_a_medicine_cap_never_tells_which_medicines(desk: Desk, full: Somebody, world: World) -> None:
    world.payment(full, benefit_code="MED-LK1", payment_number=70_007)
    _, ticket = desk.open(full.personal_id, groups=[*GROUPS])
    document = desk.read(ticket) or ""
    assert "MED-" not in document
    assert set(json.loads(document)["medicine_cap"][0]) == {
        "year", "accrued", "cap", "remaining", "initial_deductible_met", "reached_on", "updated_at",
    }  # fmt: skip


def test_third_party_information_counts_by_the_end_of_its_period(
    desk: Desk, client: Somebody, world: World
) -> None:
    on_the_day = third_party(world, client, valid_to=months_ago(24), valid_from=date(2018, 1, 1))
    third_party(world, client, valid_to=months_ago(24) - DAY, valid_from=date(2019, 1, 1))
    still_open = third_party(world, client, valid_from=date(2017, 1, 1))
    assert [each.number for each in look(desk, client).third_party_info or ()] == [on_the_day, still_open]


def test_another_purpose_has_its_own_window(desk: Desk, client: Somebody, world: World) -> None:
    year_old = third_party(world, client, valid_to=months_ago(12))
    third_party(world, client, valid_to=months_ago(12) - DAY)
    seen = look(desk, client, purpose="social_care")
    assert [each.number for each in seen.third_party_info or ()] == [year_old]
    assert (seen.recovery, seen.maintenance_collection, seen.medicine_cap) == (None, None, None)
    assert {scope.group for scope in seen.scope} == {
        "pending", "decisions", "payments", "coverage", "third_party_info",
    }  # fmt: skip


def test_superseded_rows_are_not_told(desk: Desk, full: Somebody, world: World) -> None:
    for table in NEW_GROUPS:
        world.database.run(
            f"UPDATE register.{table} SET superseded_at = now() WHERE person_id = %s",
            full.person_id,
        )  # fmt: skip
    seen = look(desk, full)
    assert all(getattr(seen, group) == () for group in NEW_GROUPS)


@pytest.fixture
def broken(world: World, request: pytest.FixtureRequest) -> Iterator[str]:
    """A source that cannot be read while the test runs."""
    world.set_source(request.param, available=False)
    yield request.param
    world.set_source(request.param, available=True)


@pytest.mark.parametrize("broken", NEW_GROUPS, indirect=True)
def test_a_source_that_is_down_is_not_an_empty_group(
    desk: Desk, full: Somebody, world: World, broken: str
) -> None:
    inquiry_id, ticket = desk.open(full.personal_id, groups=[*GROUPS])
    seen = parse(desk.read(ticket) or "")
    assert getattr(seen, broken) is None
    assert seen.unreadable == {broken}
    assert all(getattr(seen, group) for group in NEW_GROUPS if group != broken)
    [entry] = world.entries(inquiry_id=inquiry_id, kind="disclosed")
    assert not [field for field in entry["fields"] if field.startswith(f"{broken}.")]
    if broken == "maintenance_collection":
        assert mentioned_in(world, inquiry_id) == []


def test_nothing_is_told_of_somebody_else(desk: Desk, full: Somebody, world: World, body: Body) -> None:
    other = look(desk, world.person())
    assert all(getattr(other, group) == () for group in NEW_GROUPS)
