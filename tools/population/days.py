"""Days as numbers, banking days, and Kela's payment days.

A day is an ``int64`` of days since 1.1.1970; a month is months since January 1970. Banking days are
Monday to Friday without Finnish public holidays, Midsummer Eve and Christmas Eve.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property

import holidays
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
OPEN = np.int64(1 << 40)
"""The end of what has no end yet."""
_FIRST_YEAR, _LAST_YEAR = 1995, 2060
_EPOCH = date(1970, 1, 1)


def number(day: date) -> int:
    """A day as a number."""
    return (day - _EPOCH).days


def day(of: int) -> date:
    """The day a number stands for."""
    return _EPOCH + timedelta(days=int(of))


def month_of(days: Ints) -> Ints:
    """The month each day lies in."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def first_of(months: Ints) -> Ints:
    """The first day of each month."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def last_of(months: Ints) -> Ints:
    """The last day of each month."""
    return first_of(months + 1) - 1


def year_of(days: Ints) -> Ints:
    """The calendar year of each day, such as 2026."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def first_of_year(years: Ints) -> Ints:
    """The first of January of each year."""
    return (years - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)


class BankingDays:
    """Which days are banking days, from 1995 to 2060."""

    def __init__(self) -> None:
        self._origin = number(date(_FIRST_YEAR, 1, 1))
        size = number(date(_LAST_YEAR, 12, 31)) - self._origin + 1
        every = np.arange(size) + self._origin
        closed = [
            number(holiday)
            for holiday in holidays.country_holidays("FI", years=range(_FIRST_YEAR, _LAST_YEAR + 1))
        ]
        # 1.1.1970 was a Thursday.
        weekday = (every + 3) % 7
        self._open = (weekday < 5) & ~np.isin(every, closed)
        positions = np.arange(size)
        self._previous = np.maximum.accumulate(np.where(self._open, positions, 0))
        self._next = np.minimum.accumulate(np.where(self._open, positions, size - 1)[::-1])[::-1]
        self._counted = np.flatnonzero(self._open)

    def is_open(self, days: Ints) -> npt.NDArray[np.bool_]:
        """Whether each day is a banking day."""
        return np.asarray(self._open[days - self._origin])

    def on_or_before(self, days: Ints) -> Ints:
        """The day itself if banks are open, else the banking day before."""
        return np.asarray(self._previous[days - self._origin] + self._origin, dtype=np.int64)

    def on_or_after(self, days: Ints) -> Ints:
        """The day itself if banks are open, else the banking day after."""
        return np.asarray(self._next[days - self._origin] + self._origin, dtype=np.int64)

    def after(self, days: Ints, count: int) -> Ints:
        """The day that many banking days after each day."""
        place = np.searchsorted(self._counted, days - self._origin, side="right")
        return np.asarray(self._counted[place + count - 1] + self._origin, dtype=np.int64)


class PaymentDays:
    """The payment day of each month by rule (Kela's published payment days).

    A monthly rule answers for the first to the last month asked; ``after_period`` and
    ``after_decision`` are no monthly rules and not answered here.
    """

    def __init__(self, banking: BankingDays, first_month: int, last_month: int) -> None:
        self._banking = banking
        self._first_month = first_month
        self._months = np.arange(first_month, last_month + 1, dtype=np.int64)

    def of(self, rule: str, months: Ints) -> Ints:
        """The payment day of each month under a rule."""
        return np.asarray(self._table[rule][months - self._first_month])

    @cached_property
    def _table(self) -> dict[str, Ints]:
        fixed: dict[str, Callable[[], Ints]] = {
            "first_banking_day": lambda: self._banking.on_or_after(first_of(self._months)),
            "fourth": lambda: self._on_or_before(4),
            "seventh": lambda: self._on_or_before(7),
            "ninth": lambda: self._on_or_before(9),
            "tenth": lambda: self._on_or_before(10),
            "sixteenth": lambda: self._on_or_before(16),
            "twenty_second": lambda: self._on_or_before(22),
            "twenty_third": lambda: self._on_or_before(23),
            "twenty_fifth": lambda: self._on_or_before(25),
            "child_benefit": self._child_benefit,
            "last_banking_day": lambda: self._banking.on_or_before(last_of(self._months)),
        }
        return {rule: make() for rule, make in fixed.items()}

    def _on_or_before(self, day_of_month: int) -> Ints:
        return self._banking.on_or_before(first_of(self._months) + day_of_month - 1)

    def _child_benefit(self) -> Ints:
        """The 26th; the banking day before if it is a weekend, a holiday or a Monday."""
        on = first_of(self._months) + 25
        monday = (on + 3) % 7 == 0
        return self._banking.on_or_before(np.where(monday, on - 1, on))
