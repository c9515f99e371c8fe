"""Promises of the clock and of periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelmu.core import clock
from kelmu.core.period import Period

DAYS = st.dates(date(2020, 1, 1), date(2020, 3, 1))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(DAYS)
    end = draw(st.none() | st.integers(0, 20).map(lambda length: start + timedelta(days=length)))
    return Period(start, end)


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-23T21:59:59+00:00", date(2026, 11, 23)),
        ("2026-11-23T22:00:00+00:00", date(2026, 11, 24)),  # winter: two hours ahead
        ("2026-06-30T20:59:59+00:00", date(2026, 6, 30)),
        ("2026-06-30T21:00:00+00:00", date(2026, 7, 1)),  # summer: three
    ],
)
def test_the_day_changes_at_midnight_in_finland(moment: str, day: date) -> None:
    with clock.stopped(datetime.fromisoformat(moment)):
        assert clock.today() == day


def test_a_stopped_clock_stands_still_nests_and_goes_on() -> None:
    first = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    with clock.stopped(first) as at:
        assert at == clock.now() == first
        assert clock.now().tzinfo is UTC
        with clock.stopped(first + timedelta(days=1)):
            assert clock.now() == first + timedelta(days=1)
        assert clock.now() == first
    assert clock.now() > datetime(2026, 1, 2, tzinfo=UTC) or clock.now() != first


def test_a_stopped_clock_goes_on_after_an_error() -> None:
    at = datetime(2000, 1, 1, tzinfo=UTC)
    with pytest.raises(KeyError), clock.stopped(at):
        raise KeyError
    assert clock.now() != at


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"), clock.stopped(datetime(2026, 1, 1)):  # noqa: DTZ001 - meant
        pass


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before"):
        Period(date(2026, 1, 2), date(2026, 1, 1))
    assert Period(date(2026, 1, 1), date(2026, 1, 1)).contains(date(2026, 1, 1))


@given(periods(), periods())
def test_periods_overlap_exactly_if_they_share_a_day(one: Period, other: Period) -> None:
    days = [date(2020, 1, 1) + timedelta(days=each) for each in range(120)]
    shared = any(one.contains(day) and other.contains(day) for day in days)
    assert one.overlaps(other) is other.overlaps(one) is shared
