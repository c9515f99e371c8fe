"""Finnish working days: Monday to Friday without public holidays, Midsummer Eve and Christmas Eve.

Public offices are closed on the two eves, and so are banks: these are the Finnish banking days too. Deadlines
count these days; the database's own ``door_private.working_day_after`` counts the same ones by rules.
"""

from __future__ import annotations

from datetime import date, timedelta

import holidays

# Years are added as they are asked for.
_CLOSED = holidays.country_holidays("FI", language="en_US")
_FRIDAY = 4


def is_working_day(day: date) -> bool:
    """Whether public offices are open on a day."""
    return day.weekday() <= _FRIDAY and day not in _CLOSED


def working_day_after(day: date, count: int) -> date:
    """The ``count``th working day after ``day``, which itself does not count.

    Raises:
        ValueError: ``count`` is less than 1.
    """
    if count < 1:
        raise ValueError("a deadline lies at least one working day ahead")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_day_on_or_before(day: date) -> date:
    """The day itself if it is a working day, else the last one before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_day_on_or_after(day: date) -> date:
    """The day itself if it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
