"""What has changed since the organisation last looked: only rows that are shown, each group for itself."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from kelmu.core import clock
from kelmu.inquiry.document import parse
from kelmu.inquiry.dossier import GROUPS, Change
from tests.door.looking import Desk
from tests.world import Body, Somebody, World

ASKED = [*GROUPS, "changes"]
LONG_BEFORE = "2026-01-01 00:00+00"


@pytest.fixture
def client(world: World) -> Somebody:
    """Somebody of whom nothing is recorded."""
    return world.person()


def told(desk: Desk, client: Somebody, groups: list[str] = ASKED) -> dict[str, Change]:
    _, ticket = desk.open(client.personal_id, groups=groups)
    dossier = parse(desk.read(ticket) or "")
    return {change.group: change for change in dossier.changes or ()}


def everything(world: World, client: Somebody, mark: str, **columns: Any) -> None:
    """A row of each group."""
    rows: dict[str, dict[str, Any]] = {
        "matter": {"matter_number": f"V{mark}", "benefit_code": "SOC-PER", "matter_type": "review",
                   "received_on": clock.today(), "received_by": "web", "state": "received"},
        "decision": {"decision_number": f"D{mark}", "benefit_code": "SOC-PER", "decided_on": clock.today(),
                     "outcome": "granted"},
        "payment": {"payment_number": int(mark), "benefit_code": "SOC-PER", "paid_on": clock.today(),
                    "gross": 10, "net": 10, "payee_kind": "client", "state": "paid"},
        "coverage": {"coverage_kind": "ehic", "valid_from": date(2020, 1, int(mark))},
        "recovery": {"recovery_number": f"P{mark}", "benefit_code": "HOU-YAT", "total": 5, "balance": 5,
                     "overpaid_from": date(2025, 1, 1), "overpaid_to": date(2025, 1, 31),
                     "decided_on": clock.today(), "state": "open"},
        "maintenance_collection": {
            "collection_number": f"E{mark}", "benefit_code": "FAM-EA", "decided_on": clock.today(),
            "child_person_id": world.person(born=date(2015, 1, 1)).person_id, "arrears": 1, "monthly": 1,
            "state": "open"},
        "medicine_cap": {"year": clock.today().year - int(mark) + 1, "accrued": 1, "cap": 600,
                         "initial_deductible_met": False, "updated_at": clock.now()},
        "third_party_info": {"info_number": f"T{mark}", "sender_kind": "study_register",
                             "info_kind": "studies", "valid_from": date(2026, 1, 1),
                             "received_on": clock.today()},
    }  # fmt: skip
    for table, row in rows.items():
        world.insert(table, person_id=client.person_id, **{**row, **columns})


def test_a_first_look_says_that_it_is_the_first(desk: Desk, client: Somebody, world: World) -> None:
    everything(world, client, "1", recorded_at=LONG_BEFORE)
    changes = told(desk, client)
    assert set(changes) == set(GROUPS)
    assert {(change.since, change.rows) for change in changes.values()} == {(None, ())}


def test_a_look_at_somebody_else_does_not_count(desk: Desk, client: Somebody, world: World) -> None:
    told(desk, world.person())
    everything(world, client, "1")
    assert {(change.since, change.rows) for change in told(desk, client).values()} == {(None, ())}


def test_what_was_recorded_after_the_last_look_is_named_in_every_group(
    desk: Desk, client: Somebody, world: World
) -> None:
    everything(world, client, "1", recorded_at=LONG_BEFORE)
    told(desk, client)
    assert {change.rows for change in told(desk, client).values()} == {()}
    everything(world, client, "2")
    changes = told(desk, client)
    assert all(change.since is not None for change in changes.values())
    named = {group: list(change.rows) for group, change in changes.items()}
    assert named == {
        "pending": ["V2"], "decisions": ["D2"], "payments": ["2"], "coverage": ["ehic 2020-01-02"],
        "recovery": ["P2"], "maintenance_collection": ["E2"],
        "medicine_cap": [str(clock.today().year - 1)], "third_party_info": ["T2"],
    }  # fmt: skip


def test_a_reckoning_or_a_commitment_changes_its_decision(desk: Desk, client: Somebody, world: World) -> None:
    everything(world, client, "1", recorded_at=LONG_BEFORE)
    told(desk, client)
    world.insert(
        "decision_calculation", person_id=client.person_id, decision_number="D1", adults=1, children=0,
        basic_part=1, other_basic_expenses=1, income=0,
    )  # fmt: skip
    assert told(desk, client)["decisions"].rows == ("D1",)


def test_each_group_counts_from_when_it_was_last_told(desk: Desk, client: Somebody, world: World) -> None:
    told(desk, client, ["pending"])
    changes = told(desk, client, ["pending", "payments", "changes"])
    assert changes["pending"].since is not None
    assert changes["payments"].since is None


def test_another_organisations_look_does_not_count(
    desk: Desk, client: Somebody, world: World, official: Somebody
) -> None:
    told(desk, client)
    with world.database.connect() as connection:
        other = Desk(connection, world.begin(world.body(), official))
        assert {change.since for change in told(other, client).values()} == {None}


def test_looks_within_the_same_inquiry_do_not_count(desk: Desk, client: Somebody, world: World) -> None:
    told(desk, client)
    inquiry_id, ticket = desk.open(client.personal_id, groups=ASKED)
    first = parse(desk.read(ticket) or "").changes
    view = desk.view(inquiry_id, ASKED)
    assert parse(desk.read(view or "") or "").changes == first


def test_nothing_is_named_that_is_not_shown(
    client: Somebody, world: World, official: Somebody, body: Body
) -> None:
    body = world.body(groups=("payments", "pending"))
    with world.database.connect() as connection:
        desk = Desk(connection, world.begin(body, official))
        told(desk, client)
        everything(world, client, "3")
        old = {"paid_on": clock.today() - timedelta(days=9000), "payment_number": 9}
        world.payment(client, **old)
        changes = told(desk, client)
    assert {group: change.rows for group, change in changes.items()} == {
        "payments": ("3",),
        "pending": ("V3",),
    }


def test_changes_are_told_only_where_asked_and_are_no_data_group(
    desk: Desk, client: Somebody, world: World
) -> None:
    inquiry_id, ticket = desk.open(client.personal_id, groups=[*GROUPS])
    assert "changes" not in json.loads(desk.read(ticket) or "")
    asked, ticket = desk.open(client.personal_id, groups=ASKED)
    desk.read(ticket)
    [plain] = world.entries(inquiry_id=str(inquiry_id), kind="disclosed")
    [with_changes] = world.entries(inquiry_id=str(asked), kind="disclosed")
    assert plain["data_groups"] == with_changes["data_groups"]
    assert {*with_changes["fields"]} - {*plain["fields"]} == {
        "changes.gone",
        "changes.group",
        "changes.rows",
        "changes.since",
    }


def test_a_group_that_cannot_be_read_has_no_changes(desk: Desk, client: Somebody, world: World) -> None:
    told(desk, client)
    everything(world, client, "4")
    world.set_source("payments", available=False)
    try:
        assert told(desk, client)["payments"].rows == ()
    finally:
        world.set_source("payments", available=True)
