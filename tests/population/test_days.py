"""Kela's payment days by rule."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.population.days import BankingDays, PaymentDays, day, last_of, month_of, number

BANKING = BankingDays()
FIRST, LAST = (2015 - 1970) * 12, (2040 - 1970) * 12
PAYMENT_DAYS = PaymentDays(BANKING, FIRST, LAST)
months = st.integers(FIRST, LAST)


def on(rule: str, year: int, month: int) -> date:
    return day(int(PAYMENT_DAYS.of(rule, np.array([(year - 1970) * 12 + month - 1]))[0]))


@pytest.mark.parametrize(
    ("rule", "year", "month", "expected"),
    [
        ("child_benefit", 2026, 10, date(2026, 10, 23)),  # the 26th is a Monday
        ("child_benefit", 2026, 11, date(2026, 11, 26)),
        ("child_benefit", 2026, 12, date(2026, 12, 23)),  # Boxing Day, Christmas, Christmas Eve
        ("first_banking_day", 2026, 1, date(2026, 1, 2)),
        ("first_banking_day", 2026, 5, date(2026, 5, 4)),  # May Day is a Friday
        ("fourth", 2026, 10, date(2026, 10, 2)),
        ("seventh", 2026, 11, date(2026, 11, 6)),
        ("twenty_second", 2026, 11, date(2026, 11, 20)),
        ("last_banking_day", 2026, 10, date(2026, 10, 30)),
        ("sixteenth", 2026, 8, date(2026, 8, 14)),
    ],
)
def test_known_payment_days(rule: str, year: int, month: int, expected: date) -> None:
    assert on(rule, year, month) == expected


@given(
    months,
    st.sampled_from(["fourth", "seventh", "tenth", "twenty_second", "child_benefit", "last_banking_day"]),
)
def test_a_monthly_payment_is_on_an_open_day_no_more_than_a_week_early(month: int, rule: str) -> None:
    paid = PAYMENT_DAYS.of(rule, np.array([month]))
    nominal = {"fourth": 4, "seventh": 7, "tenth": 10, "twenty_second": 22, "child_benefit": 26}.get(rule)
    wanted = (
        int(last_of(np.array([month]))[0])
        if nominal is None
        else number(day(int(last_of(np.array([month]))[0])).replace(day=nominal))
    )
    assert BANKING.is_open(paid).all()
    assert 0 <= wanted - int(paid[0]) <= 6


@given(months)
def test_child_benefit_is_never_moved_to_or_paid_on_a_monday_26th(month: int) -> None:
    paid = day(int(PAYMENT_DAYS.of("child_benefit", np.array([month]))[0]))
    assert not (paid.day == 26 and paid.weekday() == 0)


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 20))
def test_so_many_banking_days_later_are_counted_one_by_one(start: date, count: int) -> None:
    expected = number(start)
    for _ in range(count):
        expected += 1
        while not BANKING.is_open(np.array([expected]))[0]:
            expected += 1
    assert int(BANKING.after(np.array([number(start)]), count)[0]) == expected


@given(st.dates(date(1890, 1, 1), date(2060, 1, 1)))
def test_months_and_days_agree_with_the_calendar(of: date) -> None:
    month = int(month_of(np.array([number(of)]))[0])
    assert month == (of.year - 1970) * 12 + of.month - 1
    assert day(number(of)) == of
