"""When the notices of a municipality's first batch may be seen.

The first batch of a kind in a municipality is everybody whom the first run that finds anybody there picks.
Where it has more than 400, 300 are seen at once and 300 more each Monday. Whoever is picked later is no part
of it: her notice is seen at once.
``sql/pick_doors.sql`` works out the same day; a test holds the two together.

Source: Kela's bulletins to municipalities in 2017 (batches over 400 were released about 300 a week, the next
group every Monday).
"""

from __future__ import annotations

from datetime import date, timedelta

AT_ONCE_UP_TO = 400
"""So many are seen at once."""
A_WEEK = 300
"""So many of a larger batch are released at once and each Monday."""


def released_on(place: int, size: int, sent_on: date) -> date | None:
    """The first day on which a notice may be seen; None: at once.

    Args:
        place: among the batch, from 0.
        size: of the whole batch.
        sent_on: the day on which it is sent; if a Monday, the next group is that of the Monday after.

    Raises:
        ValueError: the place is not one of the batch's.
    """
    if not 0 <= place < size:
        raise ValueError("no such place in the batch")
    group = place // A_WEEK if size > AT_ONCE_UP_TO else 0
    if group == 0:
        return None
    return sent_on + timedelta(days=7 * group - sent_on.weekday())
