"""When a list is seen."""

from __future__ import annotations

from datetime import date

import pytest

from kelmu.lists.kinds import ListDefinition, list_definitions
from kelmu.lists.schedule import ListPeriod, next_period, period_from, published_periods
from kelmu.policy.vocabulary import ListKind
from tests.databases import Database

CHILD_CARE = list_definitions()[ListKind.CHILD_CARE_INVOICE]
VETERANS = list_definitions()[ListKind.FRONT_VETERANS]
OCTOBER = ListPeriod(date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 3))


def test_a_monthly_list_is_seen_from_its_day_of_the_month_after() -> None:
    assert published_periods(CHILD_CARE, date(2026, 11, 3), 1) == (OCTOBER,)
    assert published_periods(CHILD_CARE, date(2026, 11, 2), 1)[0].first_day == date(2026, 9, 1)
    assert next_period(CHILD_CARE, date(2026, 11, 2)) == OCTOBER
    assert next_period(CHILD_CARE, date(2026, 11, 3)).first_day == date(2026, 11, 1)


def test_a_half_yearly_list_tells_of_the_half_year_before() -> None:
    half = ListPeriod(date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 15))
    assert published_periods(VETERANS, date(2026, 11, 24), 2) == (
        half, ListPeriod(date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 15)),
    )  # fmt: skip
    assert next_period(VETERANS, date(2026, 11, 24)).published_on == date(2027, 1, 15)


def test_there_is_no_list_of_what_came_before_the_kind() -> None:
    assert len(published_periods(CHILD_CARE, date(2024, 4, 1), 100)) == 2
    assert published_periods(CHILD_CARE, date(2024, 1, 31), 5) == ()
    assert next_period(CHILD_CARE, date(2024, 1, 31)).first_day == CHILD_CARE.begins


@pytest.mark.parametrize("kind", list_definitions().values(), ids=lambda kind: kind.kind)
def test_the_database_knows_the_same_periods(clean_database: Database, kind: ListDefinition) -> None:
    days = [date(year, month, day) for year in (2023, 2024, 2026) for month in range(1, 13) for day in (1, 2)]
    found = clean_database.run(
        "SELECT p.last_day, p.published_on FROM unnest(%s::date[]) WITH ORDINALITY d (day, place)"
        " CROSS JOIN LATERAL door_private.list_period(%s, d.day) p ORDER BY d.place",
        days, kind.kind.value,
    )  # fmt: skip
    periods = [period_from(kind, day) for day in days]
    expected = [(each.last_day, each.published_on) if each else (None, None) for each in periods]
    assert found == expected
