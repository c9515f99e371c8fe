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

from kelmu.inquiry.dossier import Dossier, Payment
from kelmu.policy.rules import months_before
from kelmu.web.presentation.emptiness import Reason, Scope, scope_of
from kelmu.web.presentation.filters import Chip, Choice, Preset, chips, choices_by_name, known, query_of
from kelmu.web.presentation.labels import PAYEE_KINDS, PAYMENT_STATES, PERIOD_PRESETS, Label, benefit_name

NOT_COUNTED = ("returned", "cancelled")
TO_COME = ("planned", "in_payment")
_PLANNED = ("planned",)
_DEFAULT_PRESET = "12m"
_ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment with its words.

    `counted`: whether sums include it; `planned`: whether it is still to come.
    """

    payment: Payment
    benefit: str
    payee: str | Promise
    state: Label
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

    `paid` and `planned` are the sums of what has been paid and of what is to come; `planned` is None when
    nothing is. `show_enforcement`: whether any payment shown was garnished, which most never are.
    """

    months: tuple[Month, ...]
    paid: Sums
    planned: Sums | None
    uncounted: int
    show_enforcement: bool
    presets: tuple[Preset, ...]
    benefits: tuple[Choice, ...]
    chips: tuple[Chip, ...]
    preset: str
    scope: Scope
    empty: Reason | None


def payment_row(payment: Payment) -> PaymentRow:
    """The words for one payment."""
    return PaymentRow(
        payment=payment,
        benefit=benefit_name(payment.benefit),
        payee=PAYEE_KINDS[payment.payee_kind],
        state=PAYMENT_STATES[payment.state],
        counted=payment.state not in NOT_COUNTED,
        planned=payment.state in _PLANNED,
    )


def sums_of(rows: Iterable[PaymentRow]) -> Sums:
    """The sums over the counted ones of `rows`."""
    payments = [row.payment for row in rows if row.counted]
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


def preset_period(preset: str, *, today: date) -> tuple[date | None, date | None]:
    """First and last payment day of a preset, inclusive; None is no bound.

    Months end on the same day of the month.
    """
    match preset:
        case "3m":
            return months_before(today, 3), None
        case "this_year":
            return date(today.year, 1, 1), date(today.year, 12, 31)
        case "last_year":
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        case "all":
            return None, None
        case _:
            return months_before(today, 12), None


def payments_page(dossier: Dossier, query: Mapping[str, str], *, today: date) -> PaymentsPage:
    """The page of payments for the query's `period`, a preset, and `benefit`.

    An unknown period means the last twelve months, an unknown benefit all of them.
    """
    scope = scope_of(dossier, "payments")
    everything = dossier.payments or ()
    benefit = known(query, "benefit", (item.benefit for item in everything))
    preset = known(query, "period", PERIOD_PRESETS) or _DEFAULT_PRESET
    in_period = _in_period(everything, preset, today=today)
    newest_first = sorted(in_period, key=lambda item: (item.paid_on, item.number), reverse=True)
    rows = [payment_row(item) for item in newest_first if not benefit or item.benefit == benefit]
    planned = [row for row in rows if row.planned]
    return PaymentsPage(
        months=_months(rows),
        paid=sums_of(row for row in rows if not row.planned),
        planned=sums_of(planned) if planned else None,
        uncounted=sum(not row.counted for row in rows),
        show_enforcement=any(row.payment.enforcement for row in rows),
        presets=_presets(preset, benefit),
        benefits=choices_by_name(((item.benefit, benefit_name(item.benefit)) for item in in_period), benefit),
        chips=_chips(preset, benefit),
        preset=preset,
        scope=scope,
        empty=None if rows else scope.why_empty(filtered=bool(everything)),
    )


def _in_period(payments: Iterable[Payment], preset: str, *, today: date) -> list[Payment]:
    first, last = preset_period(preset, today=today)
    return [
        item
        for item in payments
        if (first is None or first <= item.paid_on) and (last is None or item.paid_on <= last)
    ]


def _presets(chosen: str, benefit: str) -> tuple[Preset, ...]:
    return tuple(
        Preset(value, label, value == chosen, query_of({"period": value, "benefit": benefit}))
        for value, label in PERIOD_PRESETS.items()
    )


def _chips(preset: str, benefit: str) -> tuple[Chip, ...]:
    """The period is chosen by the presets beside, so only the benefit needs a chip."""
    return chips(
        {"period": preset, "benefit": benefit}, {"benefit": benefit_name(benefit)} if benefit else {}
    )


def _months(rows: list[PaymentRow]) -> tuple[Month, ...]:
    """`rows`, already newest first, by the month of their payment day."""
    months = []
    for first_day, grouped in groupby(rows, key=lambda row: row.payment.paid_on.replace(day=1)):
        of_month = tuple(grouped)
        months.append(Month(first_day=first_day, rows=of_month, sums=sums_of(of_month)))
    return tuple(months)
