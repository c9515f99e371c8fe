"""What a computed notice says of why it was made: months, decisions and payments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from kelmu.notices.pick_rules import CountedMonth, Payment, Pick, months_between


def explanation(pick: Pick) -> dict[str, Any]:
    """The content of a notice, the same as ``sql/picks.sql`` makes of the same facts.

    ``months`` are the latest months of the spell, as many as the rule asks for; ``months_counted`` is how
    long the spell is. Amounts are euros; months are ``YYYY-MM``. Residence ground and first residence, which
    are never disclosed, are not in it.
    """
    return {
        "rule": pick.rule.label,
        "spell_from": _month(pick.first_month),
        "months_counted": months_between(pick.first_month, pick.last_month) + 1,
        "months": [_reason(month) for month in pick.reasons],
    }


def _reason(counted: CountedMonth) -> dict[str, Any]:
    decision = counted.decision
    assert decision.reckoning is not None
    return {
        "month": _month(counted.month),
        "decision_number": decision.number,
        "decided_on": decision.decided_on.isoformat(),
        "assistance": _euros(decision.reckoning.assistance),
        "income": _euros(decision.reckoning.income),
        "payments": [_payment(payment) for payment in counted.payments],
        "unemployment": list(counted.unemployment),
    }


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "payment_number": str(payment.number),
        "paid_on": payment.paid_on.isoformat(),
        "gross": _euros(payment.gross),
    }


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _euros(amount: Decimal) -> float:
    """An amount as JSON has it."""
    return float(amount)
