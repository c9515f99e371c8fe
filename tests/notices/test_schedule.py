"""When the pick rules run: every day from its hour on, once, whatever clocks do and whatever was missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelmu.core import clock
from kelmu.notices.schedule import JUDGED_BACK, due_runs

FIVE = time(5)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.HELSINKI)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (date(2026, 11, 23), at(date(2026, 11, 24), 4, 59), []),
        (date(2026, 11, 23), at(date(2026, 11, 24), 5), [date(2026, 11, 24)]),
        (date(2026, 11, 24), at(date(2026, 11, 24), 23, 59), []),
        (None, at(date(2026, 11, 24), 12), [date(2026, 11, 24)]),
        # Off for a week within a month, and over the end of one.
        (date(2026, 11, 17), at(date(2026, 11, 24), 12), [date(2026, 11, 24)]),
        (date(2026, 10, 28), at(date(2026, 11, 3), 12), [date(2026, 10, 31), date(2026, 11, 3)]),
        (date(2026, 10, 31), at(date(2026, 11, 3), 12), [date(2026, 11, 3)]),
        (date(2026, 10, 30), at(date(2026, 11, 1), 12), [date(2026, 10, 31), date(2026, 11, 1)]),
        # No further back than a day can be judged.
        (date(2026, 1, 1), at(date(2026, 11, 24), 12), [date(2026, 10, 31), date(2026, 11, 24)]),
    ],
)
def test_what_is_due(last: date | None, now: datetime, due: list[date]) -> None:
    assert list(due_runs(last, now, FIVE)) == due


@given(first=DAYS, hour=st.integers(0, 23), step=st.integers(40, 400), length=st.integers(1, 30))
def test_a_worker_that_looks_again_and_again_makes_one_run_of_each_day(
    first: date, hour: int, step: int, length: int
) -> None:
    """Over days of 23 and 25 hours too: none is left out where it looks often enough, none is done twice."""
    now, end = at(first, 12).astimezone(UTC), at(first, 12).astimezone(UTC) + timedelta(days=length)
    last: date | None = first
    done: list[date] = []
    while now < end:
        for day in due_runs(last, now, time(min(hour, 16))):
            done.append(day)
            last = day
            assert now.astimezone(clock.HELSINKI).time() >= time(min(hour, 16))
        now += timedelta(minutes=step)
    assert done == [first + timedelta(days=count + 1) for count in range(len(done))]
    assert len(done) >= length - 1


@given(last=DAYS, off=st.integers(1, 400))
def test_ends_of_months_that_were_missed_are_made_up_for_once(last: date, off: int) -> None:
    today = last + timedelta(days=off)
    due = list(due_runs(last, at(today, 6), FIVE))
    assert due[-1] == today
    assert due == sorted(set(due))
    missed = [last + timedelta(days=count) for count in range(1, off)]
    ends = [day for day in missed if day.month != (day + timedelta(days=1)).month]
    assert due[:-1] == [day for day in ends if (today - day).days <= JUDGED_BACK]
    assert list(due_runs(due[-1], at(today, 6), FIVE)) == []


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_an_hour_that_is_left_out_or_comes_twice_has_its_run_once(day: date) -> None:
    """Half past three does not exist on the first of these days and comes twice on the second."""
    last, runs = day - timedelta(days=1), 0
    moment = at(day, 0).astimezone(UTC)
    for _ in range(25 * 4):
        due = due_runs(last, moment, time(3, 30))
        runs += len(due)
        last = due[-1] if due else last
        moment += timedelta(minutes=15)
        if moment.astimezone(clock.HELSINKI).date() != day:
            break
    assert runs == 1
