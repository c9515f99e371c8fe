"""Making the lists that are due: steps of ``door.run_list``, one for each kind and period."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from kelmu.lists.kinds import ListDefinition
from kelmu.lists.schedule import ListPeriod, published_periods
from kelmu.policy.vocabulary import ListKind

_RUN = "SELECT made, superseding, row_count FROM door.run_list(%s, %s)"


@dataclass(frozen=True, slots=True)
class Made:
    """What a step made: so many lists, so many of them in the place of one made before, with so many rows."""

    kind: ListKind
    period: ListPeriod
    lists: int
    superseding: int
    rows: int


def run_lists(
    connection: psycopg.Connection[Any],
    kinds: Iterable[ListDefinition],
    today: date,
    *,
    periods: int,
    tell: Callable[[Made], object] = lambda _: None,
) -> list[Made]:
    """Make the lists of the latest periods that are seen by today, but for those that are made already.

    Each kind and period is one transaction for the whole country. Whatever is killed is made by the next run.

    Args:
        connection: as ``kelmu_worker``, in autocommit mode.
        kinds: of these.
        today: the day in Finland.
        periods: how many periods back: corrections of the register that came late are on new lists.
        tell: is told of each step.

    Raises:
        psycopg.Error: the door refused (KL014: another run is under way; KL031: a source cannot be read), or
            the database is lost. What was made by then stays.
    """
    done = []
    for each in _steps(connection, kinds, today, periods):
        tell(each)
        done.append(each)
    return done


def _steps(
    connection: psycopg.Connection[Any], kinds: Iterable[ListDefinition], today: date, periods: int
) -> Iterator[Made]:
    for kind in kinds:
        # The earliest first: each is compared with the one before it.
        for period in reversed(published_periods(kind, today, periods)):
            row = connection.execute(_RUN, [kind.kind.value, period.first_day]).fetchone()
            assert row is not None
            yield Made(kind.kind, period, *row)
