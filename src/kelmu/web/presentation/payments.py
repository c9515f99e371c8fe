"""Payments by month with their sums.

A payment that was returned or cancelled is shown but not counted: the money did not stay with anybody. All
sums are euros; days are payment days in Finland.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from kelmu.inquiry.dossier import Dossier, Payment
from kelmu.web.presentation.emptiness import Reason, Scope, scope_of
from kelmu.web.presentation.filters import Chip, Choice, Preset, benefit_choices, chips, known
from kelmu.web.presentation.labels import (
    PAYEE_KINDS,
    PAYMENT_STATES,
    Label,
    benefit_name,
)
from kelmu.web.presentation.month_strip import MonthStrip, month_strip
from kelmu.web.presentation.periods import ChosenPeriod, chosen_period, period_chips, period_presets

NOT_COUNTED = ("returned", "cancelled")
TO_COME = ("planned", "in_payment")
_PLANNED = ("planned",)
_ZERO = Decimal("0.00")
_WHAT_IT_MEANS: dict[str, str | Promise] = {
    "returned": pgettext_lazy("state of a payment", "not in the sums"),
    "cancelled": pgettext_lazy("state of a payment", "not in the sums"),
    "corrected": pgettext_lazy("state of a payment", "in the sums as corrected"),
}


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment with its words.

    `meaning` says how the sums take it, empty where as any other. `counted`: whether sums
    include it; `planned`: whether it is still to come.
    """

    payment: Payment
    benefit: str
    payee: str | Promise
    state: Label
    meaning: str | Promise
    counted: bool
    planned: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of counted payments in euros; `net` is what is left after the four deductions."""

    gross: Decimal
    tax: Decimal
    recovery: Decimal
    paid_to_others: Decimal
    enforcement: Decimal
    net: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Month:
    """The payments of one calendar month, newest first; `first_day` is its first day."""

    first_day: date
    rows: tuple[PaymentRow, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class PaymentsPage:
    """Payments of the chosen period by month, newest first.

    `paid` and `planned` are the sums of what has been paid and of what is to come, `uncounted` of what came
    back or will not be paid; the last two are None when there is nothing. `coming` holds for each benefit its
    next payment from today on, whatever the period; `strip` the last twelve months, whatever the period.
    `show_enforcement`: whether any payment shown was garnished, which most never are.
    """

    months: tuple[Month, ...]
    paid: Sums
    planned: Sums | None
    uncounted: Sums | None
    coming: tuple[PaymentRow, ...]
    strip: MonthStrip | None
    show_enforcement: bool
    presets: tuple[Preset, ...]
    period: ChosenPeriod
    benefits: tuple[Choice, ...]
    chips: tuple[Chip, ...]
    scope: Scope
    empty: Reason | None

    @property
    def rows(self) -> tuple[PaymentRow, ...]:
        """All payments shown, newest first."""
        return tuple(row for month in self.months for row in month.rows)


def payment_row(payment: Payment) -> PaymentRow:
    """The words for one payment."""
    return PaymentRow(
        payment=payment,
        benefit=benefit_name(payment.benefit),
        payee=PAYEE_KINDS[payment.payee_kind],
        state=PAYMENT_STATES[payment.state],
        meaning=_WHAT_IT_MEANS.get(payment.state, ""),
        counted=payment.state not in NOT_COUNTED,
        planned=payment.state in _PLANNED,
    )


def sums_of(rows: Iterable[PaymentRow]) -> Sums:
    """The sums over the counted ones of `rows`."""
    return _sums(row for row in rows if row.counted)


def _sums(rows: Iterable[PaymentRow]) -> Sums:
    payments = [row.payment for row in rows]
    return Sums(
        gross=sum((item.gross for item in payments), _ZERO),
        tax=sum((item.tax for item in payments), _ZERO),
        recovery=sum((item.recovery for item in payments), _ZERO),
        paid_to_others=sum((item.paid_to_others for item in payments), _ZERO),
        enforcement=sum((item.enforcement for item in payments), _ZERO),
        net=sum((item.net for item in payments), _ZERO),
        count=len(payments),
    )


def upcoming_rows(dossier: Dossier, *, today: date, days: int) -> tuple[PaymentRow, ...]:
    """Payments still to be made, from `today` to `days` days after it, both inclusive, earliest first."""
    last = today + timedelta(days=days)
    coming = [
        payment
        for payment in dossier.payments or ()
        if today <= payment.paid_on <= last and payment.state in TO_COME
    ]
    return tuple(
        payment_row(payment) for payment in sorted(coming, key=lambda item: (item.paid_on, item.number))
    )


def next_by_benefit(dossier: Dossier, *, today: date, benefit: str = "") -> tuple[PaymentRow, ...]:
    """The next payment of each benefit (of `benefit` only, if given) from `today` on, earliest first."""
    found: dict[str, Payment] = {}
    for item in sorted(dossier.payments or (), key=lambda item: (item.paid_on, item.number)):
        if today <= item.paid_on and item.state in TO_COME and benefit in ("", item.benefit):
            found.setdefault(item.benefit, item)
    return tuple(payment_row(item) for item in found.values())


def payments_page(dossier: Dossier, query: Mapping[str, str], *, today: date) -> PaymentsPage:
    """The page of payments for the query's period (`periods.chosen_period`) and `benefit`.

    An unknown benefit means all of them.
    """
    scope = scope_of(dossier, "payments")
    everything = dossier.payments or ()
    benefit = known(query, "benefit", (item.benefit for item in everything))
    period = chosen_period(query, today=today)
    in_period = [item for item in everything if period.holds(item.paid_on)]
    newest_first = sorted(in_period, key=lambda item: (item.paid_on, item.number), reverse=True)
    rows = [payment_row(item) for item in newest_first if benefit in ("", item.benefit)]
    planned = [row for row in rows if row.planned]
    uncounted = [row for row in rows if not row.counted]
    return PaymentsPage(
        months=_months(rows),
        paid=sums_of(row for row in rows if not row.planned),
        planned=sums_of(planned) if planned else None,
        uncounted=_sums(uncounted) if uncounted else None,
        coming=next_by_benefit(dossier, today=today, benefit=benefit),
        strip=month_strip(_of_benefit(everything, benefit), benefit, scope, period, today=today),
        show_enforcement=any(row.payment.enforcement for row in rows),
        presets=period_presets(period, {"benefit": benefit}),
        period=period,
        benefits=benefit_choices((item.benefit for item in in_period), benefit),
        chips=_chips(period, benefit),
        scope=scope,
        empty=None if rows else scope.why_empty(filtered=bool(everything)),
    )


def _of_benefit(payments: Iterable[Payment], benefit: str) -> list[Payment]:
    return [item for item in payments if benefit in ("", item.benefit)]


def _chips(period: ChosenPeriod, benefit: str) -> tuple[Chip, ...]:
    of_benefit = {"benefit": benefit_name(benefit)} if benefit else {}
    return (
        *period_chips(period, {"benefit": benefit}),
        *chips({**period.filters, "benefit": benefit}, of_benefit),
    )


def _months(rows: list[PaymentRow]) -> tuple[Month, ...]:
    """`rows`, already newest first, by the month of their payment day."""
    months = []
    for first_day, grouped in groupby(rows, key=lambda row: row.payment.paid_on.replace(day=1)):
        of_month = tuple(grouped)
        months.append(Month(first_day=first_day, rows=of_month, sums=sums_of(of_month)))
    return tuple(months)
