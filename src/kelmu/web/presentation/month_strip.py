"""The strip of twelve months that social assistance is reckoned from: net sums, each a way to its rows.

The months are calendar months of the payment day, the present one last. Counted is what was paid and stayed:
neither what is still planned nor what came back. Sums are euros.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from kelmu.inquiry.dossier import Payment
from kelmu.policy.rules import months_before
from kelmu.web.presentation.emptiness import Scope
from kelmu.web.presentation.filters import query_of
from kelmu.web.presentation.periods import ChosenPeriod

MONTHS = 12
_COUNTED = ("in_payment", "paid", "corrected")
_BAR_ROOM = 36
_ZERO = Decimal("0.00")
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class StripMonth:
    """One month. `query` opens its rows; `chosen`: they are the ones shown now.

    `planned` is what is still to come in it. `hidden`: the whole month is older than the organisation may
    see; `partly`: some of its days are. `bar_y` and `bar_height` are pixels of its bar in the drawing.
    """

    first_day: date
    net: Decimal
    planned: Decimal
    count: int
    hidden: bool
    partly: bool
    bar_y: str
    bar_height: str
    query: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class MonthStrip:
    """The months, oldest first, with their sum.

    `average` is a month's over the `whole_months` that are over and can be seen whole; None where none can.
    """

    months: tuple[StripMonth, ...]
    net: Decimal
    average: Decimal | None
    whole_months: int
    room: str = str(_BAR_ROOM)


def month_strip(
    payments: Iterable[Payment], benefit: str, scope: Scope, period: ChosenPeriod, *, today: date
) -> MonthStrip | None:
    """The strip up to the month of `today`; its links keep `benefit`. None where nothing was paid in it."""
    firsts = [months_before(today.replace(day=1), back) for back in range(MONTHS - 1, -1, -1)]
    by_month: dict[date, list[Payment]] = {first: [] for first in firsts}
    for item in payments:
        by_month.get(item.paid_on.replace(day=1), []).append(item)
    sums = {first: _net(items, _COUNTED) for first, items in by_month.items()}
    if not any(item.state in _COUNTED for items in by_month.values() for item in items):
        return None
    highest = max(*sums.values(), _CENT)
    months = tuple(
        _month(first, by_month[first], round(_BAR_ROOM * max(sums[first] / highest, _ZERO)), scope)
        for first in firsts
    )
    months = tuple(_linked(month, benefit, period) for month in months)
    whole = [month.net for month in months[:-1] if not month.hidden and not month.partly]
    return MonthStrip(
        months=months,
        net=sum((month.net for month in months), _ZERO),
        average=(sum(whole, _ZERO) / len(whole)).quantize(_CENT) if whole else None,
        whole_months=len(whole),
    )


def _month(first: date, payments: list[Payment], bar: int, scope: Scope) -> StripMonth:
    last = _last_day(first)
    return StripMonth(
        first_day=first,
        net=_net(payments, _COUNTED),
        planned=_net(payments, ("planned",)),
        count=sum(item.state in _COUNTED for item in payments),
        hidden=scope.since is not None and last < scope.since,
        partly=scope.since is not None and first < scope.since <= last,
        bar_y=str(_BAR_ROOM - bar),
        bar_height=str(bar),
    )


def _linked(month: StripMonth, benefit: str, period: ChosenPeriod) -> StripMonth:
    first, last = month.first_day, _last_day(month.first_day)
    return replace(
        month,
        query=query_of({"from": first.isoformat(), "to": last.isoformat(), "benefit": benefit}),
        chosen=period.own and (period.first, period.last) == (first, last),
    )


def _last_day(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _net(payments: Iterable[Payment], states: tuple[str, ...]) -> Decimal:
    return sum((item.net for item in payments if item.state in states), _ZERO)
