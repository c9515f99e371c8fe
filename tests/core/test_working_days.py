"""Finnish working days: the library's, and those the database works out by its own rules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelmu.core.working_days import is_working_day, working_day_after
from tests.databases import Database

DAYS = st.dates(date(1991, 1, 1), date(2099, 12, 31))
FIRST, LAST = date(1991, 1, 1), date(2100, 12, 31)


def test_the_database_has_the_same_working_days(database: Database) -> None:
    rows = database.run(
        "SELECT d::date FROM generate_series(%s::date, %s::date, interval '1 day') d "
        "WHERE door_private.is_working_day(d::date)",
        FIRST,
        LAST,
    )
    every = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    assert [day for (day,) in rows] == [day for day in every if is_working_day(day)]


@pytest.mark.parametrize(
    ("day", "after", "count"),
    [
        (date(2026, 11, 24), date(2026, 12, 3), 7),  # over a weekend
        (date(2026, 11, 27), date(2026, 12, 8), 7),  # Independence Day falls on a Sunday
        (date(2026, 12, 23), date(2026, 12, 28), 1),  # Christmas Eve is closed
        (date(2026, 12, 21), date(2027, 1, 4), 7),  # over Christmas and the turn of the year
        (date(2026, 6, 17), date(2026, 6, 18), 1),
        (date(2026, 6, 18), date(2026, 6, 22), 1),  # Midsummer Eve is closed
        (date(2026, 4, 2), date(2026, 4, 7), 1),  # Easter
        (date(2026, 5, 13), date(2026, 5, 15), 1),  # Ascension Day
        (date(2026, 11, 28), date(2026, 11, 30), 1),  # from a Saturday
        (date(2028, 2, 25), date(2028, 3, 7), 7),  # over the 29th of February
    ],
)
def test_deadlines_known_by_hand(database: Database, day: date, after: date, count: int) -> None:
    assert working_day_after(day, count) == after
    assert database.run("SELECT door_private.working_day_after(%s, %s)", day, count) == [(after,)]


@given(day=DAYS, count=st.integers(1, 12))
def test_a_deadline_is_a_working_day_with_so_many_before_it(day: date, count: int) -> None:
    reached = working_day_after(day, count)
    assert is_working_day(reached)
    between = [day + timedelta(days=number) for number in range(1, (reached - day).days + 1)]
    assert sum(map(is_working_day, between)) == count


@given(day=DAYS, count=st.integers(1, 12))
def test_a_later_day_has_no_earlier_deadline(day: date, count: int) -> None:
    assert working_day_after(day + timedelta(days=1), count) >= working_day_after(day, count)


def test_a_deadline_is_never_the_same_day() -> None:
    with pytest.raises(ValueError, match="one working day"):
        working_day_after(date(2026, 11, 24), 0)
