"""The annual limit on medicine costs as its page shows it: how full the year is, never by which medicines."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kelmu.core.formats import format_percent
from kelmu.inquiry.dossier import Dossier, MedicineCap
from kelmu.web.presentation.emptiness import Reason, Scope, scope_of
from kelmu.web.presentation.labels import language

_WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class MedicineYear:
    """One calendar year. `share` of the limit is in whole per cents, and never 100 before it is reached.

    `meter_value` and `meter_max` are what an HTML meter takes: plain numbers with a point.
    """

    cap: MedicineCap
    share: str
    reached: bool
    meter_value: str
    meter_max: str


@dataclass(frozen=True, slots=True)
class MedicinePage:
    """This year with its meter, and earlier years, newest first.

    `this_year` is None while nothing has accrued in `year`; `empty` says why there is no year at all.
    """

    year: int
    this_year: MedicineYear | None
    earlier: tuple[MedicineYear, ...]
    scope: Scope
    empty: Reason | None


def medicine_year(cap: MedicineCap) -> MedicineYear:
    """How full a year is."""
    reached = cap.reached_on is not None or cap.remaining <= 0
    share = _WHOLE if reached or cap.cap <= 0 else min(cap.accrued / cap.cap, _WHOLE)
    return MedicineYear(
        cap=cap,
        share=format_percent(share, language()),
        reached=reached,
        meter_value=f"{min(cap.accrued, cap.cap):.2f}",
        meter_max=f"{cap.cap:.2f}",
    )


def medicine_page(dossier: Dossier, *, today: date) -> MedicinePage:
    """The page of the annual limit; `today` is the day in Finland."""
    scope = scope_of(dossier, "medicine_cap")
    newest_first = sorted(dossier.medicine_cap or (), key=lambda item: item.year, reverse=True)
    years = [medicine_year(item) for item in newest_first]
    return MedicinePage(
        year=today.year,
        this_year=next((each for each in years if each.cap.year == today.year), None),
        earlier=tuple(each for each in years if each.cap.year != today.year),
        scope=scope,
        empty=None if years else scope.why_empty(),
    )
