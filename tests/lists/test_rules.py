"""The rules of law behind lists, each by worked examples and against a naive reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from tests.databases import Database
from tests.world import TAMPERE, TURKU, World

DAY = timedelta(days=1)
DAYS = st.dates(date(1990, 1, 1), date(2035, 12, 31))
Periods = Sequence[tuple[date, date]]


@pytest.fixture(scope="module")
def admin(clean_database: Database) -> Iterator[psycopg.Connection]:
    with clean_database.connect("kelmu_admin") as connection:
        yield connection


def weekdays(admin: psycopg.Connection, first: date, last: date) -> int:
    row = admin.execute("SELECT door_private.weekdays(%s, %s)", [first, last]).fetchone()
    assert row is not None
    return int(row[0])


def reached(admin: psycopg.Connection, periods: Periods, number: int) -> date | None:
    days = Multirange([Range(first, last, "[]") for first, last in periods])
    row = admin.execute("SELECT door_private.day_reached(%s::datemultirange, %s)", [days, number]).fetchone()
    assert row is not None
    day: date | None = row[0]
    return day


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 11, 2), date(2026, 11, 29), 20),  # four weeks
        (date(2026, 11, 7), date(2026, 11, 8), 0),  # a Saturday and a Sunday
        (date(2026, 11, 6), date(2026, 11, 9), 2),  # from a Friday to a Monday
        (date(2026, 11, 4), date(2026, 11, 4), 1),
        (date(2026, 1, 1), date(2026, 12, 31), 261),  # holidays are benefit days
    ],
)
def test_benefit_days_are_from_monday_to_friday(
    admin: psycopg.Connection, first: date, last: date, days: int
) -> None:
    assert weekdays(admin, first, last) == days


@given(first=DAYS, length=st.integers(0, 900))
def test_benefit_days_are_those_counted_one_by_one(
    admin: psycopg.Connection, first: date, length: int
) -> None:
    days = [first + count * DAY for count in range(length)]
    assert weekdays(admin, first, first + (length - 1) * DAY) == sum(day.weekday() < 5 for day in days)


def test_300_days_of_one_long_spell_are_60_weeks(admin: psycopg.Connection) -> None:
    monday = date(2025, 1, 6)
    spell = [(monday, date(2026, 12, 31))]
    assert reached(admin, spell, 300) == monday + 59 * 7 * DAY + 4 * DAY
    assert reached(admin, [(monday, monday + 59 * 7 * DAY + 3 * DAY)], 300) is None


def test_days_paid_twice_count_once_and_gaps_do_not_count(admin: psycopg.Connection) -> None:
    week = (date(2026, 3, 2), date(2026, 3, 8))
    after = (date(2026, 6, 3), date(2026, 6, 30))
    assert reached(admin, [week, week, after], 6) == date(2026, 6, 3)
    assert reached(admin, [after, week], 8) == date(2026, 6, 5)
    assert reached(admin, [week, after], 9) == date(2026, 6, 8)


@given(
    periods=st.lists(
        st.tuples(st.dates(date(2024, 1, 1), date(2025, 6, 30)), st.integers(0, 60)), max_size=5
    ),
    number=st.integers(1, 120),
)
def test_the_day_reached_is_the_one_found_by_counting(
    admin: psycopg.Connection, periods: list[tuple[date, int]], number: int
) -> None:
    spans = [(first, first + length * DAY) for first, length in periods]
    days = {first + count * DAY for first, length in periods for count in range(length + 1)}
    benefit_days = sorted(day for day in days if day.weekday() < 5)
    assert reached(admin, spans, number) == next(islice(benefit_days, number - 1, None), None)


def events(world: World, first: date, last: date, person_id: int) -> list[tuple[str, date, str, int]]:
    with world.database.connect("kelmu_admin") as admin:
        return admin.execute(
            "SELECT event, on_day, municipality_code, amount::integer"
            " FROM door_private.payment_events('{FAM-KHT-R}', %s, %s) WHERE person_id = %s"
            " ORDER BY on_day, event",
            [first, last, person_id],
        ).fetchall()


def test_money_that_came_back_counts_against_the_month_in_which_it_did(world: World) -> None:
    somebody = world.person(lives_in=TAMPERE)
    paid_on, back_on = date(2026, 3, 27), date(2026, 4, 2)
    world.payment(
        somebody,
        benefit_code="FAM-KHT-R",
        paid_on=paid_on,
        gross=377,
        net=377,
        state="returned",
        state_on=back_on,
    )
    world.payment(somebody, benefit_code="FAM-KHT-R", paid_on=date(2026, 4, 9), gross=377, net=377)
    march, april = (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 30))
    assert events(world, *march, somebody.person_id) == [("paid", paid_on, TAMPERE, 377)]
    assert events(world, *april, somebody.person_id) == [
        ("returned", back_on, TAMPERE, -377), ("paid", date(2026, 4, 9), TAMPERE, 377),
    ]  # fmt: skip


def test_a_corrected_payment_is_taken_back_and_what_stands_in_its_place_is_paid(world: World) -> None:
    somebody = world.person()
    on = date(2026, 5, 29)
    care = {"benefit_code": "FAM-KHT-R", "net": 300, "gross": 300}
    world.payment(somebody, **care, paid_on=on, state="corrected")
    world.payment(somebody, **{**care, "net": 350, "gross": 350}, paid_on=on + 2 * DAY)
    found = events(world, date(2026, 5, 1), date(2026, 5, 31), somebody.person_id)
    # The day is not known: it counts as that of the payment.
    assert [(event, amount) for event, _, _, amount in found] == [
        ("corrected", -300), ("paid", 300), ("paid", 350)
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["planned", "in_payment", "cancelled"])
def test_what_was_never_paid_is_no_event(world: World, state: str) -> None:
    somebody = world.person()
    world.payment(somebody, benefit_code="FAM-KHT-R", paid_on=date(2026, 5, 29), state=state)
    assert events(world, date(2026, 5, 1), date(2026, 5, 31), somebody.person_id) == []


def test_the_municipality_is_the_home_on_the_payment_day(world: World) -> None:
    somebody = world.person(lives_in=None)
    moved = date(2026, 3, 20)
    home = {"person_id": somebody.person_id}
    world.insert(
        "residence", **home, municipality_code=TURKU, valid_from=date(2020, 1, 1), valid_to=moved - DAY
    )
    world.insert("residence", **home, municipality_code=TAMPERE, valid_from=moved)
    care = {"benefit_code": "FAM-KHT-R", "gross": 377, "net": 377}
    world.payment(somebody, **care, paid_on=moved - DAY, state="returned", state_on=moved + 5 * DAY)
    world.payment(somebody, **care, paid_on=moved)
    found = events(world, date(2026, 3, 1), date(2026, 3, 31), somebody.person_id)
    # What came back goes to the municipality that had paid it.
    assert [(event, place) for event, _, place, _ in found] == [
        ("paid", TURKU), ("paid", TAMPERE), ("returned", TURKU)
    ]  # fmt: skip
