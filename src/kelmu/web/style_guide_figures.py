"""What the style guide shows of figures, meters, filters in use and freshness: all invented."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kelmu.inquiry.dossier import Decision, Dossier, MedicineCap, Payment, Person, Scope
from kelmu.web.presentation.client import Freshness
from kelmu.web.presentation.filters import Chip
from kelmu.web.presentation.lanes import lanes_figure
from kelmu.web.presentation.medicine import medicine_year

_TODAY = date(2026, 11, 24)
_NOW = datetime(2026, 11, 24, 7, 12, tzinfo=UTC)

_DECISION = Decision(
    number="1",
    benefit="HOU-YAT",
    decided_on=date(2026, 2, 1),
    outcome="granted",
    valid_from=date(2026, 2, 1),
    valid_to=None,
    amount=None,
    unit=None,
    gross=None,
    reason_code=None,
    reason_text=None,
    legal_ground=None,
    payee_kind=None,
    review_on=None,
    appeal_until=None,
    replaces=None,
    annulled_on=None,
)

_PAYMENT = Payment(
    number="1",
    benefit="HOU-YAT",
    paid_on=date(2026, 11, 3),
    period_from=None,
    period_to=None,
    gross=Decimal(0),
    tax=Decimal(0),
    recovery=Decimal(0),
    paid_to_others=Decimal(0),
    enforcement=Decimal(0),
    net=Decimal(0),
    payee_kind="client",
    payee_name=None,
    account_masked=None,
    state="paid",
    decision=None,
)

_CAP = MedicineCap(
    year=2026,
    accrued=Decimal(0),
    cap=Decimal("633.17"),
    remaining=Decimal("633.17"),
    initial_deductible_met=False,
    reached_on=None,
    updated_at=_NOW,
)


def figures_context(person: Person) -> dict[str, Any]:
    """The parts of the style guide's context that `style_guide` adds to its own; `person` is its client."""
    return {
        "chips": (Chip("Yleinen asumistuki", ""), Chip("Myönnetty osittain", "")),
        "sources": (Freshness("päätökset", True, _NOW), Freshness("maksut", False, _NOW)),
        "medicine_years": (
            medicine_year(_CAP),
            medicine_year(replace(_CAP, accrued=Decimal("412.35"), remaining=Decimal("220.82"))),
            medicine_year(replace(_CAP, accrued=Decimal("633.17"), remaining=Decimal(0))),
        ),
        "lanes": lanes_figure(_dossier(person), today=_TODAY),
    }


def _dossier(person: Person) -> Dossier:
    """A bar and a dot of every kind."""
    ended, reduced = date(2026, 5, 31), date(2026, 10, 31)
    return Dossier(
        person=person,
        pending=None,
        decisions=(
            _DECISION,
            replace(_DECISION, number="2", benefit="SOC-PER", outcome="partly", valid_to=reduced),
            replace(_DECISION, number="3", benefit="UNE-TMT"),
            replace(_DECISION, number="4", benefit="FAM-ET", outcome="ended", valid_to=ended),
        ),
        payments=(
            _PAYMENT,
            replace(_PAYMENT, number="2", state="planned", paid_on=date(2026, 12, 3)),
            replace(_PAYMENT, number="3", benefit="SOC-PER", paid_on=date(2026, 9, 30)),
        ),
        sources={},
        scope=(Scope(group="decisions", since=None), Scope(group="payments", since=None)),
    )
