"""When the pick rules run: daily from a time of the Finnish day on; what was missed is made up for once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from kelmu.core import clock

JUDGED_BACK = 31
"""So many days back a day can still be judged."""


def due_runs(last: date | None, now: datetime, at: time) -> Sequence[date]:
    """The days to be judged now, in order; nothing where today's run is done or it is too early.

    A run of today finds what a missed one would have found, but for spells that can be picked to the end of a
    month only (decision 0010). So of the days missed only the last ones of months are made up for.
    The time is compared by the wall clock, so that neither a day of 23 hours nor one of 25 has no run or two.

    Args:
        last: the last day whose run is done; None: there was none yet.
        now: an aware moment.
        at: the time of the day in Finland.
    """
    local = now.astimezone(clock.HELSINKI)
    today = local.date()
    if (last is not None and last >= today) or local.time() < at:
        return ()
    missed = () if last is None else _month_ends(max(last, today - timedelta(days=JUDGED_BACK + 1)), today)
    return (*missed, today)


def _month_ends(after: date, before: date) -> Sequence[date]:
    days = (after + timedelta(days=count) for count in range(1, (before - after).days))
    return tuple(day for day in days if (day + timedelta(days=1)).day == 1)
