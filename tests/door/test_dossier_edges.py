"""What a scope opens of each group, to the day and to the benefit, and whom the parts of a document name."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, LiteralString, NamedTuple

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from kelmu.core import clock
from tests.databases import Database
from tests.world import LONG_AGO, TAMPERE, TURKU, make_personal_id

TODAY = clock.today()
DAY = timedelta(days=1)
NEAR, FAR = TODAY - 10 * DAY, TODAY - 20 * DAY
NEAR_ROW, FAR_ROW, CLOSED_ROW, ILL_ROW = 90_001, 90_002, 90_003, 90_004
OPENED = {NEAR_ROW: "SOC-PER", FAR_ROW: "HOU-YAT", CLOSED_ROW: "FAM-EA", ILL_ROW: "MED-LK1"}
"""Profile rows of the tests' own, each of which opens one benefit."""
SCOPE: LiteralString = (
    "ARRAY(SELECT ROW((s ->> 0)::int, s ->> 1, coalesce((s ->> 2)::date, '-infinity'))"
    "::door_private.scope_row FROM jsonb_array_elements(%s) s)"
)
_numbers = itertools.count(1)

Scope = list[tuple[int, str, date | None]]


class Told(NamedTuple):
    """The rows of a part of a document, and the third persons named in it."""

    rows: list[dict[str, Any]]
    mentioned: list[int]

    def of(self, field: str) -> list[Any]:
        return [row[field] for row in self.rows]


class Register:
    """One transaction, taken back, that adds rows of one client and asks for parts of her document."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.client = self.person()

    def person(self, **columns: Any) -> int:
        """Somebody of whom nothing else is recorded, unless told otherwise; returns her number."""
        number = next(_numbers)
        born = date(1931, 1, 1) + number * DAY
        self.add("person", **{
            "person_id": 900_000_000 + number, "personal_id": make_personal_id(born), "birth_date": born,
            "family_name": "Laine", "given_names": "Lumi", "language": "fi", **columns})  # fmt: skip
        return 900_000_000 + number

    def one(self, query: LiteralString, *values: Any) -> tuple[Any, ...]:
        row = self.connection.execute(query, values).fetchone()
        assert row is not None
        return row

    def add(self, table: str, **columns: Any) -> None:
        row = columns if "person_id" in columns else {"person_id": self.client, **columns}
        names = sql.SQL(", ").join(map(sql.Identifier, row))
        places = sql.SQL(", ").join([sql.Placeholder()] * len(row))
        query = sql.SQL("INSERT INTO register.{} ({}) VALUES ({})")
        self.connection.execute(query.format(sql.Identifier(table), names, places), list(row.values()))

    def add_plain(self, table: str, **columns: Any) -> str:
        """A row with what every row of its table needs; returns its number."""
        number, *rest = PLAIN[table]
        row = {
            number: next(_numbers) if table == "payment" else f"{next(_numbers):06d}",
            **rest[0],
            **columns,
        }
        self.add(table, **row)
        return str(row[number])

    def told(
        self, part: str, scope: Scope, *, since: date | str | None = None, hidden: bool | None = None,
        today: date | None = None,
    ) -> Told:  # fmt: skip
        """What a part with benefits tells of the client."""
        text = Jsonb([[profile, group, day and day.isoformat()] for profile, group, day in scope])
        given = [each for each in (since, hidden, today) if each is not None]
        answer = self.connection.execute(
            f"SELECT * FROM door_private.dossier_{part}(%s, {SCOPE}{', %s' * len(given)})".encode(),
            [self.client, text, *given],
        ).fetchone()  # fmt: skip
        assert answer is not None
        return Told(answer[0], answer[1] if len(answer) > 1 else [])


@pytest.fixture(scope="module")
def connection(database: Database) -> Iterator[psycopg.Connection]:
    """The superuser's."""
    with database.connect("kelmu_admin") as connection:
        yield connection


@pytest.fixture
def register(connection: psycopg.Connection) -> Iterator[Register]:
    """The register with a client of whom nothing is recorded, and profile rows of one benefit each."""
    with connection.transaction(force_rollback=True):
        for profile, benefit in OPENED.items():
            connection.execute(
                "INSERT INTO policy.profile SELECT %s, organisation_type, mandate, purpose, channels, "
                "legal_basis, data_group, benefit_scope, lookback_months FROM policy.profile LIMIT 1",
                [profile],
            )
            connection.execute("INSERT INTO policy.profile_benefit VALUES (%s, %s)", [profile, benefit])
        yield Register(connection)


PLAIN: dict[str, tuple[str, dict[str, Any]]] = {
    "matter": ("matter_number", {
        "benefit_code": "SOC-PER", "matter_type": "review", "received_on": NEAR, "received_by": "web",
        "state": "received"}),
    "decision": ("decision_number", {"benefit_code": "SOC-PER", "decided_on": NEAR, "outcome": "granted"}),
    "payment": ("payment_number", {
        "benefit_code": "SOC-PER", "paid_on": NEAR, "gross": 1, "net": 1, "payee_kind": "client",
        "state": "paid"}),
    "recovery": ("recovery_number", {
        "benefit_code": "SOC-PER", "overpaid_from": FAR, "overpaid_to": FAR, "decided_on": NEAR, "total": 1,
        "balance": 0, "state": "paid"}),
    "maintenance_collection": ("collection_number", {
        "benefit_code": "SOC-PER", "decided_on": NEAR, "arrears": 0, "monthly": 1, "state": "paid"}),
}  # fmt: skip
"""By table: the column of its number, and what every row needs; what is over counts by its day."""


class Part(NamedTuple):
    """A part of the document that opens benefit by benefit."""

    name: str
    group: str
    table: str
    day: str
    more: dict[str, Any]


ON: dict[str, Any] = {"hidden": False, "today": TODAY}
PARTS = [
    Part("decisions", "decisions", "decision", "decided_on", ON),
    Part("payments", "payments", "payment", "paid_on", {**ON, "since": "-infinity"}),
    Part("recovery", "recovery", "recovery", "decided_on", {}),
    Part("maintenance", "maintenance_collection", "maintenance_collection", "decided_on", ON),
]
by_part = pytest.mark.parametrize("part", PARTS, ids=[part.name for part in PARTS])


def narrow(group: str) -> Scope:
    """One benefit from a near day and one from a far one; all of a third, but only to another group."""
    other = "claims"
    return [
        (NEAR_ROW, group, NEAR),
        (FAR_ROW, group, FAR),
        (NEAR_ROW, other, None),
        (CLOSED_ROW, other, None),
    ]


@by_part
def test_each_benefit_is_open_from_the_first_day_of_its_own_row_newest_first(
    register: Register, part: Part
) -> None:
    of_child = {"child_person_id": register.person()} if part.name == "maintenance" else {}

    def add(benefit: str, day: date, **columns: Any) -> str:
        return register.add_plain(
            part.table, **{part.day: day, "benefit_code": benefit, **of_child, **columns}
        )

    first = add("SOC-PER", NEAR)
    second = add("SOC-PER", NEAR)
    add("SOC-PER", NEAR - DAY)
    far = add("HOU-YAT", FAR)
    latest = add("SOC-PER", NEAR + DAY)
    add("HOU-YAT", FAR - DAY)
    add("FAM-EA", TODAY)
    assert register.told(part.name, narrow(part.group), **part.more).of("number") == [
        latest, second, first, far,
    ]  # fmt: skip


def test_what_is_pending_is_open_by_its_benefit_newest_first(register: Register) -> None:
    of = {"handling_office": "Oulu"}
    second = register.add_plain("matter", received_on=FAR, **of)
    third = register.add_plain("matter", received_on=FAR, benefit_code="HOU-YAT", **of)
    first = register.add_plain("matter", received_on=NEAR, **of)
    register.add_plain("matter", benefit_code="FAM-EA")
    register.add_plain("matter", state="decided", decided_on=TODAY)
    register.add_plain("matter", person_id=register.person())
    for hidden, office in ((False, "Oulu"), (True, None)):
        told = register.told("pending", narrow("pending"), hidden=hidden)
        assert told.of("number") == [first, second, third]
        assert set(told.of("handling_office")) == {office}


def test_a_decision_from_before_its_window_is_told_while_it_is_valid(register: Register) -> None:
    before = {"decided_on": NEAR - DAY}
    last_day = register.add_plain("decision", **before, valid_from=LONG_AGO, valid_to=TODAY)
    open_ended = register.add_plain("decision", **before, valid_from=TODAY)
    register.add_plain("decision", **before, valid_from=LONG_AGO, valid_to=TODAY - DAY)
    register.add_plain("decision", **before, valid_to=None)
    assert register.told("decisions", narrow("decisions"), **ON).of("number") == [open_ended, last_day]


def test_of_a_decision_only_its_own_reckoning_and_members_are_told(register: Register) -> None:
    plain, reckoned = (register.add_plain("decision") for _ in range(2))
    ill = register.add_plain("decision", benefit_code="MED-LK1", reason_code="A01", reason_text="Diagnoosi")
    told_why = register.add_plain("decision", reason_code="A02", reason_text="Tulot")
    child = register.person()
    register.add(
        "decision_calculation", decision_number=reckoned, adults=1, children=0, basic_part=1,
        other_basic_expenses=1, income=0,
    )  # fmt: skip
    register.add("decision_member", decision_number=reckoned, member_person_id=child, member_role="child")
    told = register.told("decisions", [*narrow("decisions"), (ILL_ROW, "decisions", None)], **ON)
    seen = {row["number"]: (row["calculation"] is not None, len(row["members"])) for row in told.rows}
    assert seen == {plain: (False, 0), reckoned: (True, 1), ill: (False, 0), told_why: (False, 0)}
    why = {row["number"]: (row["reason_code"], row["reason_text"]) for row in told.rows}
    assert (why[ill], why[told_why]) == ((None, None), ("A02", "Tulot"))
    assert told.mentioned == [child]


class Family(NamedTuple):
    """Third persons, of whom one alone may be named."""

    shown: int
    protected: int
    unknown: int


@pytest.fixture
def family(register: Register) -> Family:
    protected = register.person()
    register.add("non_disclosure_order", person_id=protected, valid_from=LONG_AGO)
    return Family(register.person(), protected, register.person(protection_known=False))


def test_a_payee_is_named_unless_an_order_hides_her_and_mentioned_once(
    register: Register, family: Family
) -> None:
    everybody = (family.shown, family.shown, family.protected, family.unknown, register.client)
    for payee in everybody:
        register.add_plain("payment", payee_kind="guardian", payee_person_id=payee)
    register.add_plain("payment", payee_kind="landlord", payee_name="Asunnot Oy", account_end="1234")
    told = register.told("payments", narrow("payments"), since=NEAR, **ON)
    assert told.of("payee_name") == ["Asunnot Oy", None, None, None, "Lumi Laine", "Lumi Laine"]
    assert told.of("account_masked") == ["FI** **** **** **12 34", *[None] * 5]
    assert told.mentioned == [family.shown]
    hidden = register.told("payments", narrow("payments"), since=NEAR, hidden=True, today=TODAY)
    assert (hidden.of("payee_name"), hidden.mentioned) == ([None] * 6, [])


def test_a_child_is_named_unless_an_order_hides_it_and_mentioned_once(
    register: Register, family: Family
) -> None:
    for child in (family.shown, family.shown, family.protected, family.unknown):
        register.add_plain("maintenance_collection", child_person_id=child)
    told = register.told("maintenance", narrow("maintenance_collection"), **ON)
    assert told.of("child_given_names") == [None, None, "Lumi", "Lumi"]
    assert told.mentioned == [family.shown]
    hidden = register.told("maintenance", narrow("maintenance_collection"), hidden=True, today=TODAY)
    assert (hidden.of("child_given_names"), hidden.mentioned) == ([None] * 4, [])


def test_who_is_named_in_two_groups_is_mentioned_once(register: Register, family: Family) -> None:
    register.add_plain("payment", payee_kind="guardian", payee_person_id=family.shown)
    register.add(
        "decision_member", decision_number=register.add_plain("decision"),
        member_person_id=family.shown, member_role="spouse",
    )  # fmt: skip
    scope = Jsonb([[NEAR_ROW, "decisions", None], [NEAR_ROW, "payments", None]])
    asked = "SELECT mentioned FROM door_private.dossier(%s, %s, false, NULL)"
    assert register.one(asked, register.client, scope) == ([family.shown],)


def test_without_the_source_of_orders_no_home_is_told(register: Register) -> None:
    register.add("residence", municipality_code=TAMPERE, valid_from=LONG_AGO)
    asked = "SELECT document::json #> '{person,municipality}' FROM door_private.dossier(%s, %s, false, NULL)"
    values = (register.client, Jsonb([[NEAR_ROW, "payments", None]]))
    assert register.one(asked, *values) == (TAMPERE,)
    register.connection.execute(
        "UPDATE register.source SET available = false WHERE source = 'non_disclosure'"
    )
    assert register.one(asked, *values) == (None,)


def test_years_before_the_window_of_payments_are_not_read(register: Register) -> None:
    def read_of_2016() -> int:
        register.connection.execute("SELECT pg_stat_clear_snapshot()")
        (count,) = register.one(
            "SELECT coalesce(idx_scan, 0) + coalesce(seq_scan, 0) FROM pg_stat_xact_all_tables "
            "WHERE schemaname = 'register' AND relname = 'payment_2016'"
        )
        return int(count)

    counts = [read_of_2016()]
    for first in (date(2020, 1, 1), date(2016, 1, 1)):
        register.told("payments", [(NEAR_ROW, "payments", first)], since=first, **ON)
        counts.append(read_of_2016())
    assert counts[0] == counts[1] < counts[2]


def test_only_the_homes_of_the_person_that_are_known_now_are_told(register: Register) -> None:
    register.add("residence", person_id=register.person(), municipality_code="091", valid_from=LONG_AGO)
    register.add(
        "residence", municipality_code=TURKU, valid_from=date(2010, 1, 1), valid_to=date(2014, 12, 31)
    )
    register.add("residence", municipality_code=TAMPERE, valid_from=LONG_AGO)
    register.add("residence", municipality_code="091", valid_from=LONG_AGO, superseded_at=clock.now())
    (person,) = register.one(
        "SELECT door_private.dossier_person(%s, false, false, '[]', %s)", register.client, TODAY
    )
    assert [home["municipality"] for home in person["residences"]] == [TAMPERE, TURKU]
    assert (person["municipality"], person["under_guardianship"]) == (TAMPERE, False)


def test_a_group_reaches_as_far_back_as_its_farthest_row_and_groups_come_by_name(register: Register) -> None:
    rows: Scope = [(1, "payments", FAR), (2, "payments", NEAR), (3, "decisions", NEAR), (4, "pending", None)]
    text = Jsonb([[profile, group, day and day.isoformat()] for profile, group, day in rows])
    asked: LiteralString = f"SELECT part, granted FROM door_private.dossier_scope({SCOPE})"
    part, granted = register.one(asked, text)
    assert part == [
        {"group": "decisions", "since": NEAR.isoformat()}, {"group": "payments", "since": FAR.isoformat()},
        {"group": "pending", "since": None},
    ]  # fmt: skip
    assert granted == ["decisions", "payments", "pending"]


def test_of_sources_only_those_behind_what_is_granted_are_told(register: Register) -> None:
    (sources,) = register.one("SELECT part FROM door_private.dossier_sources(%s)", ["pending", "payments"])
    assert set(sources) == {"person", "non_disclosure", "pending", "payments"}


def test_coverage_and_third_parties_count_by_their_last_day_newest_first(register: Register) -> None:
    for kind, first, last in (
        ("ehic", FAR, NEAR), ("kela_card", FAR, NEAR - DAY), ("sickness_insurance", FAR, None),
        ("social_security", NEAR, None),
    ):  # fmt: skip
        register.add("coverage", coverage_kind=kind, valid_from=first, valid_to=last)
    for number, first, last in (
        ("1", FAR, NEAR),
        ("2", FAR, NEAR),
        ("3", FAR, NEAR - DAY),
        ("4", NEAR, None),
    ):
        register.add(
            "third_party_info", info_number=number, valid_from=first, valid_to=last, received_on=FAR,
            sender_kind="study_register", info_kind="studies",
        )  # fmt: skip
    (covered,) = register.one("SELECT door_private.dossier_coverage(%s, %s)", register.client, NEAR)
    assert [row["kind"] for row in covered] == ["social_security", "ehic", "sickness_insurance"]
    (informed,) = register.one("SELECT door_private.dossier_third_party_info(%s, %s)", register.client, NEAR)
    assert [row["number"] for row in informed] == ["4", "2", "1"]


def test_a_medicine_cap_is_told_from_the_first_day_of_its_year_to_the_last(register: Register) -> None:
    for year, accrued in ((2024, 1), (2025, 640), (2026, 1), (2027, 1)):
        register.add(
            "medicine_cap", year=year, accrued=accrued, cap=600, initial_deductible_met=True,
            updated_at=clock.now(),
        )  # fmt: skip
    (caps,) = register.one(
        "SELECT door_private.dossier_medicine_cap(%s, %s, %s)",
        register.client, date(2025, 12, 31), date(2026, 1, 1),
    )  # fmt: skip
    assert [(cap["year"], cap["remaining"]) for cap in caps] == [(2026, "599.00"), (2025, "0.00")]
