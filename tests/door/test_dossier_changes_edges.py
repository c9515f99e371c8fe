"""The moment from which on something is new to an organisation, to the smallest difference between times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.databases import Database
from tests.door.looking import Desk
from tests.door.test_dossier_changes import ASKED, told
from tests.world import Somebody, World

SINCE = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
INSTANT, HOUR = timedelta(microseconds=1), timedelta(hours=1)
DAY = date(2026, 1, 1)
ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    "matter": ("matter_number", {
        "benefit_code": "SOC-PER", "matter_type": "review", "received_on": DAY, "received_by": "web",
        "state": "received"}),
    "decision": ("decision_number", {"benefit_code": "SOC-PER", "decided_on": DAY, "outcome": "granted"}),
    "decision_calculation": ("decision_number", {
        "adults": 1, "children": 0, "basic_part": 1, "other_basic_expenses": 1, "income": 0}),
    "payment_commitment": ("decision_number", {
        "commitment_kind": "grocery", "amount": 1, "valid_from": DAY}),
    "payment": ("payment_number", {
        "benefit_code": "SOC-PER", "paid_on": DAY, "gross": 1, "net": 1, "payee_kind": "client",
        "state": "paid"}),
    "coverage": ("valid_from", {"coverage_kind": "ehic"}),
    "recovery": ("recovery_number", {
        "benefit_code": "SOC-PER", "overpaid_from": DAY, "overpaid_to": DAY, "decided_on": DAY, "total": 1,
        "balance": 1, "state": "open"}),
    "maintenance_collection": ("collection_number", {
        "benefit_code": "FAM-EA", "decided_on": DAY, "arrears": 1, "monthly": 1, "state": "open"}),
    "medicine_cap": ("year", {
        "accrued": 1, "cap": 600, "initial_deductible_met": False, "updated_at": SINCE}),
    "third_party_info": ("info_number", {
        "sender_kind": "study_register", "info_kind": "studies", "valid_from": DAY, "received_on": DAY}),
}  # fmt: skip
"""By table: the column that tells rows apart here, and what every row needs."""
KEYS: dict[str, tuple[Any, Any, Any]] = {
    "payment": (1, 2, 3), "medicine_cap": (2021, 2022, 2023),
    "coverage": (date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1)),
}  # fmt: skip
SHOWN = {"coverage": "ehic 2022-01-01", "medicine_cap": "2022"}


@pytest.fixture
def client(world: World) -> Somebody:
    """Somebody of whom nothing is recorded."""
    return world.person()


@pytest.fixture(scope="module")
def somebody(database: Database) -> Somebody:
    """The one client of the rows of every group."""
    return World(database).person()


@pytest.fixture(scope="module")
def connection(database: Database) -> Iterator[psycopg.Connection]:
    """The superuser's."""
    with database.connect("kelmu_admin") as connection:
        yield connection


def add(connection: psycopg.Connection, table: str, **columns: Any) -> None:
    query = sql.SQL("INSERT INTO register.{} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
    )
    connection.execute(query, list(columns.values()))


@pytest.mark.parametrize(
    ("group", "table"),
    [
        ("pending", "matter"),
        *(("decisions", table) for table in ("decision", "decision_calculation", "payment_commitment")),
        ("payments", "payment"),
        *((table, table) for table in ("coverage", "recovery", "maintenance_collection", "medicine_cap")),
        ("third_party_info", "third_party_info"),
    ],
)
def test_what_is_known_and_was_recorded_after_the_moment_itself_is_new(
    connection: psycopg.Connection, somebody: Somebody, group: str, table: str
) -> None:
    column, plain = ROWS[table]
    row = {"person_id": somebody.person_id, **plain}
    if table == "maintenance_collection":
        row["child_person_id"] = somebody.person_id
    at_it, after, closed = KEYS.get(table, ("1", "2", "3"))
    with connection.transaction(force_rollback=True):
        for number, (key, times) in enumerate((
            (at_it, {"recorded_at": SINCE}),
            (after, {"recorded_at": SINCE + INSTANT}),
            (closed, {"recorded_at": SINCE + INSTANT, "superseded_at": SINCE + 2 * INSTANT}),
        )):  # fmt: skip
            more = {"commitment_number": f"S{number}"} if table == "payment_commitment" else {}
            add(connection, table, **{**row, column: key, **times, **more})
        found = connection.execute(
            "SELECT door_private.recorded_after(%s, %s, %s)", [somebody.person_id, group, SINCE]
        ).fetchall()
    assert found == [(SHOWN.get(table, "2"),)]


def test_an_inquiry_that_was_opened_and_not_read_told_nothing(desk: Desk, client: Somebody) -> None:
    desk.open(client.personal_id, groups=ASKED)
    assert {change.since for change in told(desk, client).values()} == {None}


def test_what_was_told_before_an_inquiry_was_opened_counts_and_not_at_that_moment(
    desk: Desk, client: Somebody, world: World, connection: psycopg.Connection
) -> None:
    inquiry_id, ticket = desk.open(client.personal_id, groups=["payments"])
    desk.read(ticket)
    [entry] = world.entries(inquiry_id=str(inquiry_id), kind="disclosed")
    at = datetime.fromisoformat(entry["at"])
    asked = (
        "SELECT told.* FROM inquiry.inquiry i CROSS JOIN LATERAL door_private.last_told(i.person_id, "
        "jsonb_populate_record(i, jsonb_build_object('opened_at', %s::timestamptz))) told "
        "WHERE i.inquiry_id = %s ORDER BY 1"
    )
    for opened_at, counts in ((at - INSTANT, False), (at, False), (at + INSTANT, True)):
        found = connection.execute(asked, [opened_at, inquiry_id]).fetchall()
        assert found == ([("payments", at), ("person", at)] if counts else [])


def test_an_hour_before_the_last_look_is_counted_in(desk: Desk, client: Somebody, world: World) -> None:
    inquiry_id, ticket = desk.open(client.personal_id, groups=["payments"])
    desk.read(ticket)
    [entry] = world.entries(inquiry_id=str(inquiry_id), kind="disclosed")
    an_hour_before = datetime.fromisoformat(entry["at"]) - HOUR
    world.payment(client, payment_number=1, recorded_at=an_hour_before)
    world.payment(client, payment_number=2, recorded_at=an_hour_before + INSTANT)
    changes = told(desk, client, ["payments", "changes"])
    assert changes["payments"].rows == ("2",)


def test_a_medicine_cap_of_a_year_that_begins_today_was_shown(
    connection: psycopg.Connection, somebody: Somebody
) -> None:
    _, plain = ROWS["medicine_cap"]
    with connection.transaction(force_rollback=True):
        for year in (2026, 2027):
            row = {"person_id": somebody.person_id, "year": year, "recorded_at": SINCE, **plain}
            add(connection, "medicine_cap", **row, superseded_at=SINCE + INSTANT)
        found = connection.execute(
            "SELECT number, counts_by FROM door_private.closed_after(%s, 'medicine_cap', %s, '2026-01-01')",
            [somebody.person_id, SINCE],
        ).fetchall()
    assert sorted(found) == [("2026", date(2026, 12, 31)), ("2027", None)]
