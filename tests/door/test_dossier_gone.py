"""What is gone from the register since the organisation last looked: only what would be shown is told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kelmu.core import clock
from kelmu.inquiry.dossier import GROUPS
from tests.databases import Database
from tests.door.looking import Desk
from tests.door.test_dossier_changes import LONG_BEFORE, everything, told
from tests.world import Body, Somebody, World

TABLES = {
    "pending": "matter", "decisions": "decision", "payments": "payment", "coverage": "coverage",
    "recovery": "recovery", "maintenance_collection": "maintenance_collection",
    "medicine_cap": "medicine_cap", "third_party_info": "third_party_info",
}  # fmt: skip
NUMBERS = {"pending": "V1", "decisions": "D1", "coverage": "ehic 2020-01-01", "recovery": "P1",
           "maintenance_collection": "E1", "third_party_info": "T1"}  # fmt: skip
SEEN = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
"""When the organisation is said to have looked, where a test asks the function itself."""
TODAY = date(2026, 9, 20)
THIRD: dict[str, Any] = {
    "matter_number": "3", "decision_number": "3", "payment_number": 3, "coverage_kind": "care_certificate",
    "valid_from": date(2022, 1, 1), "recovery_number": "3", "collection_number": "3", "year": 2023,
    "info_number": "3",
}  # fmt: skip
"""Values of the columns of a key that no other row of a test has."""
DAY, SECOND, HOUR = timedelta(days=1), timedelta(seconds=1), timedelta(hours=1)
OF_SOCIAL_ASSISTANCE = """
    SELECT profile_id FROM policy.profile_benefit
    GROUP BY profile_id HAVING bool_or(benefit_code = 'SOC-PER') ORDER BY count(*), profile_id LIMIT 1"""
"""The profile row that opens it and the least besides."""


@pytest.fixture
def client(world: World) -> Somebody:
    """Somebody of whom nothing is recorded."""
    return world.person()


def close(world: World, table: str, client: Somebody) -> None:
    world.database.run(
        f"UPDATE register.{table} SET superseded_at = now() WHERE person_id = %s AND superseded_at IS NULL",
        client.person_id,
    )  # fmt: skip


def gone_of(
    database: Database, client: Somebody, group: str, *, since: date | None = None, asked: str | None = None
) -> list[dict[str, Any]]:
    """What the function tells to whom sees basic social assistance, with a window from ``since``."""
    [(profile,)] = database.run(OF_SOCIAL_ASSISTANCE)
    [(told,)] = database.run(
        "SELECT door_private.dossier_gone(%s, ARRAY[ROW(%s, %s, coalesce(%s::date, '-infinity'))"
        "::door_private.scope_row], %s, %s, %s)",
        client.person_id, profile, group, since, asked or group, SEEN, TODAY,
    )  # fmt: skip
    assert isinstance(told, list)
    return told


def numbers_of(database: Database, client: Somebody, group: str, *, since: date | None = None) -> list[str]:
    return [each["number"] for each in gone_of(database, client, group, since=since)]


def past(world: World, client: Somebody, table: str, **columns: Any) -> None:
    """A row known from long ago until a second after the look."""
    rows: dict[str, dict[str, Any]] = {
        "matter": {"benefit_code": "SOC-PER", "matter_type": "review", "received_on": TODAY,
                   "received_by": "web", "state": "received"},
        "decision": {"benefit_code": "SOC-PER", "decided_on": TODAY, "outcome": "granted"},
        "payment": {"benefit_code": "SOC-PER", "paid_on": TODAY, "gross": 1, "net": 1,
                    "payee_kind": "client", "state": "paid"},
        "coverage": {"coverage_kind": "ehic", "valid_from": date(2020, 1, 1)},
        "recovery": {"benefit_code": "SOC-PER", "overpaid_from": TODAY, "overpaid_to": TODAY,
                     "decided_on": TODAY, "total": 1, "balance": 0, "state": "open"},
        "maintenance_collection": {"benefit_code": "SOC-PER", "decided_on": TODAY, "arrears": 1,
                                   "monthly": 1, "state": "open"},
        "medicine_cap": {"accrued": 1, "cap": 600, "initial_deductible_met": False, "updated_at": SEEN},
        "third_party_info": {"sender_kind": "study_register", "info_kind": "studies",
                             "valid_from": date(2020, 1, 1), "received_on": TODAY},
    }  # fmt: skip
    times = {"recorded_at": LONG_BEFORE, "superseded_at": SEEN + SECOND}
    world.insert(table, person_id=client.person_id, **{**rows[table], **times, **columns})


def test_what_was_deleted_since_the_last_look_is_told_in_every_group(
    desk: Desk, client: Somebody, world: World
) -> None:
    everything(world, client, "1", recorded_at=LONG_BEFORE)
    told(desk, client)
    assert all(change.gone == () for change in told(desk, client).values())
    for table in TABLES.values():
        close(world, table, client)
    changes = told(desk, client)
    assert set(changes) == set(GROUPS)
    assert all(len(change.gone) == 1 and change.rows == () for change in changes.values())
    assert {group: changes[group].gone[0].number for group in NUMBERS} == NUMBERS
    today = clock.today()
    assert {group: (change.gone[0].benefit, change.gone[0].day) for group, change in changes.items()} == {
        "pending": ("SOC-PER", today), "decisions": ("SOC-PER", today), "payments": ("SOC-PER", today),
        "recovery": ("HOU-YAT", today), "maintenance_collection": ("FAM-EA", today),
        "coverage": (None, date(2020, 1, 1)), "medicine_cap": (None, None),
        "third_party_info": (None, today),
    }  # fmt: skip


def test_what_was_corrected_is_not_gone(desk: Desk, client: Somebody, world: World) -> None:
    everything(world, client, "1", recorded_at=LONG_BEFORE)
    told(desk, client)
    for table in TABLES.values():
        close(world, table, client)
    everything(world, client, "1")
    changes = told(desk, client)
    assert all(change.gone == () and len(change.rows) == 1 for change in changes.values())


def test_of_a_first_look_nothing_is_gone(desk: Desk, client: Somebody, world: World) -> None:
    everything(world, client, "1", recorded_at=LONG_BEFORE)
    for table in TABLES.values():
        close(world, table, client)
    assert {(change.since, change.gone) for change in told(desk, client).values()} == {(None, ())}


def test_what_is_gone_of_a_group_not_granted_or_not_read_is_not_told(
    client: Somebody, world: World, official: Somebody
) -> None:
    body: Body = world.body(groups=("payments", "pending"))
    everything(world, client, "1", recorded_at=LONG_BEFORE)
    with world.database.connect() as connection:
        desk = Desk(connection, world.begin(body, official))
        told(desk, client)
        for table in TABLES.values():
            close(world, table, client)
        changes = told(desk, client)
        assert {group: len(change.gone) for group, change in changes.items()} == {"payments": 1, "pending": 1}
        world.set_source("payments", available=False)
        try:
            changes = told(desk, client)
        finally:
            world.set_source("payments", available=True)
    assert {group: len(change.gone) for group, change in changes.items()} == {"payments": 0, "pending": 1}


def test_the_entry_names_what_was_told_as_gone(desk: Desk, client: Somebody, world: World) -> None:
    inquiry_id, ticket = desk.open(client.personal_id, groups=["payments", "changes"])
    document = json.loads(desk.read(ticket) or "")
    assert document["changes"] == [{"group": "payments", "since": None, "rows": [], "gone": []}]
    [entry] = world.entries(inquiry_id=str(inquiry_id), kind="disclosed")
    assert "changes.gone" in entry["fields"]


def test_it_has_to_have_been_known_when_the_organisation_looked(
    world: World, database: Database, client: Somebody
) -> None:
    for number, recorded, closed in (
        (1, SEEN, SEEN + SECOND),
        (2, SEEN + SECOND, SEEN + DAY),
        (3, SEEN - DAY, SEEN - HOUR),
        (4, SEEN - DAY, SEEN - HOUR + SECOND),
    ):
        past(
            world, client, "payment", payment_number=number, recorded_at=recorded, superseded_at=closed,
            paid_on=TODAY - number * DAY,
        )  # fmt: skip
    assert numbers_of(database, client, "payments") == ["1", "4"]


def test_it_is_told_once_as_it_was_last_known_by_then(
    world: World, database: Database, client: Somebody
) -> None:
    early, late, later = (TODAY - n * DAY for n in (9, 8, 7))
    times = ((SEEN - DAY, SEEN - 60 * SECOND), (SEEN - 60 * SECOND, SEEN + HOUR), (SEEN + HOUR, SEEN + DAY))
    for day, (recorded, closed) in zip((early, late, later), times, strict=True):
        past(
            world, client, "payment", payment_number=7, paid_on=day, recorded_at=recorded,
            superseded_at=closed,
        )  # fmt: skip
    assert gone_of(database, client, "payments") == [
        {"number": "7", "benefit": "SOC-PER", "day": late.isoformat()}
    ]


def test_a_payment_moved_to_another_day_is_not_gone(
    world: World, database: Database, client: Somebody
) -> None:
    past(world, client, "payment", payment_number=7)
    assert numbers_of(database, client, "payments") == ["7"]
    past(world, client, "payment", payment_number=7, paid_on=date(2001, 1, 1), superseded_at=None)
    assert numbers_of(database, client, "payments") == []


def test_the_newest_come_first(world: World, database: Database, client: Somebody) -> None:
    for number, day in ((1, TODAY - DAY), (2, TODAY), (3, TODAY - DAY)):
        past(world, client, "payment", payment_number=number, paid_on=day)
    assert numbers_of(database, client, "payments") == ["2", "1", "3"]


@pytest.mark.parametrize(
    ("table", "group", "number"),
    [
        ("matter", "pending", "matter_number"),
        ("decision", "decisions", "decision_number"),
        ("payment", "payments", "payment_number"),
        ("recovery", "recovery", "recovery_number"),
        ("maintenance_collection", "maintenance_collection", "collection_number"),
    ],
)
def test_only_benefits_of_the_scope_are_told(
    world: World, database: Database, client: Somebody, table: str, group: str, number: str
) -> None:
    extra = {"child_person_id": world.person().person_id} if table == "maintenance_collection" else {}
    past(world, client, table, **{number: "1"}, **extra)
    [(closed,)] = database.run(
        f"SELECT min(code) FROM policy.benefit WHERE code NOT IN (SELECT benefit_code "
        f"FROM policy.profile_benefit WHERE profile_id = ({OF_SOCIAL_ASSISTANCE}))"
    )
    past(world, client, table, **{number: "2"}, benefit_code=closed, **extra)
    assert numbers_of(database, client, group) == ["1"]
    # What is open to another group says nothing of this one.
    assert gone_of(database, client, "pending" if group != "pending" else "payments", asked=group) == []
    other = world.person()
    assert gone_of(database, other, group) == []


@pytest.mark.parametrize(
    ("table", "group", "inside", "outside"),
    [
        ("payment", "payments", {"paid_on": TODAY}, {"paid_on": TODAY - DAY}),
        ("decision", "decisions", {"decided_on": TODAY}, {"decided_on": TODAY - DAY}),
        (
            "decision",
            "decisions",
            {"decided_on": TODAY - DAY, "valid_from": date(2020, 1, 1), "valid_to": TODAY},
            {"decided_on": TODAY - DAY, "valid_from": date(2020, 1, 1), "valid_to": TODAY - DAY},
        ),
        (
            "decision",
            "decisions",
            {"decided_on": TODAY - DAY, "valid_from": date(2020, 1, 1)},
            {"decided_on": TODAY - DAY, "valid_to": None},
        ),
        ("coverage", "coverage", {"valid_to": TODAY}, {"valid_to": TODAY - DAY}),
        ("coverage", "coverage", {"valid_to": None}, {"valid_to": TODAY - DAY}),
        ("recovery", "recovery", {"state": "paid"}, {"state": "paid", "decided_on": TODAY - DAY}),
        (
            "recovery",
            "recovery",
            {"state": "in_instalments", "decided_on": TODAY - DAY},
            {"state": "written_off", "decided_on": TODAY - DAY},
        ),
        (
            "maintenance_collection",
            "maintenance_collection",
            {"state": "paid"},
            {"state": "paid", "decided_on": TODAY - DAY},
        ),
        (
            "maintenance_collection",
            "maintenance_collection",
            {"state": "in_enforcement", "decided_on": TODAY - DAY},
            {"state": "ended", "decided_on": TODAY - DAY},
        ),
        ("third_party_info", "third_party_info", {"valid_to": TODAY}, {"valid_to": TODAY - DAY}),
        ("third_party_info", "third_party_info", {"valid_to": None}, {"valid_to": TODAY - DAY}),
    ],
)
def test_only_what_the_window_holds_is_told(
    world: World,
    database: Database,
    client: Somebody,
    table: str,
    group: str,
    inside: dict[str, Any],
    outside: dict[str, Any],
) -> None:
    names = {"maintenance_collection": "collection_number", "third_party_info": "info_number"}
    name = names.get(table, f"{table}_number")
    for number, columns in (("1", inside), ("2", outside)):
        named: dict[str, Any] = (
            {"valid_from": date(2020, 1, int(number))} if table == "coverage" else {name: number}
        )
        if table == "maintenance_collection":
            named["child_person_id"] = world.person().person_id
        past(world, client, table, **named, **columns)
    [told_of] = gone_of(database, client, group, since=TODAY)
    assert told_of["number"] == ("ehic 2020-01-01" if table == "coverage" else "1")


def test_a_matter_that_was_decided_was_not_shown(world: World, database: Database, client: Somebody) -> None:
    past(world, client, "matter", matter_number="V1", state="decided", decided_on=TODAY)
    past(world, client, "matter", matter_number="V2")
    assert numbers_of(database, client, "pending", since=TODAY) == ["V2"]


@pytest.mark.parametrize(
    ("year", "since", "shown"),
    [
        (2026, date(2026, 12, 31), True),
        (2026, date(2027, 1, 1), False),
        (2025, date(2025, 12, 31), True),
        (2027, None, False),
    ],
)
def test_a_medicine_cap_counts_by_its_year(
    world: World, database: Database, client: Somebody, year: int, since: date | None, shown: bool
) -> None:
    past(world, client, "medicine_cap", year=year)
    told_of = gone_of(database, client, "medicine_cap", since=since)
    assert told_of == ([{"number": str(year), "benefit": None, "day": None}] if shown else [])


@pytest.mark.parametrize(
    ("table", "group", "one", "other"),
    [
        ("matter", "pending", {"matter_number": "1"}, {"matter_number": "2"}),
        ("decision", "decisions", {"decision_number": "1"}, {"decision_number": "2"}),
        ("payment", "payments", {"payment_number": 1}, {"payment_number": 2}),
        ("coverage", "coverage", {"coverage_kind": "ehic"}, {"coverage_kind": "kela_card"}),
        ("coverage", "coverage", {}, {"valid_from": date(2021, 1, 1)}),
        ("recovery", "recovery", {"recovery_number": "1"}, {"recovery_number": "2"}),
        ("maintenance_collection", "maintenance_collection", {"collection_number": "1"},
         {"collection_number": "2"}),
        ("medicine_cap", "medicine_cap", {"year": 2025}, {"year": 2024}),
        ("third_party_info", "third_party_info", {"info_number": "1"}, {"info_number": "2"}),
    ],
)  # fmt: skip
def test_a_row_known_of_another_number_or_another_person_replaces_nothing(
    world: World,
    database: Database,
    client: Somebody,
    table: str,
    group: str,
    one: dict[str, Any],
    other: dict[str, Any],
) -> None:
    extra = {"child_person_id": world.person().person_id} if table == "maintenance_collection" else {}
    past(world, client, table, **one, **extra)
    past(world, client, table, **{**one, **other}, **extra, superseded_at=None)
    # Gone an hour before the organisation looked, or earlier: it was not there to be seen.
    third = {name: THIRD[name] for name in one or other}
    past(world, client, table, **{**one, **third}, **extra, superseded_at=SEEN - HOUR)
    past(world, world.person(), table, **one, **extra, superseded_at=None)
    # Closed again before the look: it does not count as known.
    earlier = {"recorded_at": SEEN - 2 * DAY, "superseded_at": SEEN - DAY}
    past(world, client, table, **one, **extra, **earlier)
    assert len(gone_of(database, client, group)) == 1
    past(world, client, table, **one, **extra, recorded_at=SEEN + DAY, superseded_at=None)
    assert gone_of(database, client, group) == []
