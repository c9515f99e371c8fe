"""Which periods a kind has lists of, and from which day each is seen. Days are inclusive.

``sql/running.sql`` works out the same; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from kelmu.lists.kinds import ListDefinition


@dataclass(frozen=True, slots=True)
class ListPeriod:
    """A period, and the day from which its list is seen."""

    first_day: date
    last_day: date
    published_on: date


def period_from(kind: ListDefinition, first_day: date) -> ListPeriod | None:
    """The period that begins on a day; None: none of the kind does."""
    if first_day < kind.begins or first_day.day != 1 or (first_day.month - 1) % kind.every_months:
        return None
    return _period(kind, first_day)


def published_periods(kind: ListDefinition, today: date, count: int) -> tuple[ListPeriod, ...]:
    """The latest periods whose lists are seen today, the latest first; ``count`` at most."""
    return tuple(islice(_back_from(kind, today), count))


def next_period(kind: ListDefinition, today: date) -> ListPeriod:
    """The first period whose list is not seen yet."""
    latest = next(_back_from(kind, today), None)
    return _period(kind, kind.begins if latest is None else latest.last_day + timedelta(days=1))


def _back_from(kind: ListDefinition, today: date) -> Iterator[ListPeriod]:
    first = date(today.year, (today.month - 1) // kind.every_months * kind.every_months + 1, 1)
    while first >= kind.begins:
        period = _period(kind, first)
        if period.published_on <= today:
            yield period
        first = _months_after(first, -kind.every_months)


def _period(kind: ListDefinition, first_day: date) -> ListPeriod:
    following = _months_after(first_day, kind.every_months)
    return ListPeriod(first_day, following - timedelta(days=1), following.replace(day=kind.published_day))


def _months_after(first_day: date, months: int) -> date:
    number = first_day.year * 12 + first_day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
