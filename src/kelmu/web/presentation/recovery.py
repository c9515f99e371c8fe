"""Recovery of overpayments, and collection of maintenance: two things that share one word in Finnish.

The first takes back a benefit paid in excess; the second collects from the liable parent the maintenance that
Kela has paid to the child. One page shows both, apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from kelmu.inquiry.dossier import Dossier, MaintenanceCollection, Recovery
from kelmu.web.presentation.emptiness import Reason, Scope, scope_of
from kelmu.web.presentation.labels import COLLECTION_STATES, RECOVERY_STATES, Label, benefit_name

Owed = TypeVar("Owed", Recovery, MaintenanceCollection)
_OPEN = ("open", "in_instalments", "in_enforcement")
_ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class OwedRow(Generic[Owed]):
    """One debt with its words; `still_open` while something is left to pay."""

    owed: Owed
    benefit: str
    state: Label
    still_open: bool


@dataclass(frozen=True, slots=True)
class OwedList(Generic[Owed]):
    """The debts of one kind, open ones first; `empty` says why there are none."""

    rows: tuple[OwedRow[Owed], ...]
    scope: Scope
    empty: Reason | None


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """Both kinds. `total` and `balance` are euros over the open recoveries shown."""

    recoveries: OwedList[Recovery]
    total: Decimal
    balance: Decimal
    collections: OwedList[MaintenanceCollection]


def _rows(owed: tuple[Owed, ...] | None, states: Mapping[str, Label]) -> tuple[OwedRow[Owed], ...]:
    """Open ones first, each part by decision day, newest first."""
    newest_first = sorted(owed or (), key=lambda item: (item.decided_on, item.number), reverse=True)
    rows = [
        OwedRow(item, benefit_name(item.benefit), states[item.state], still_open=item.state in _OPEN)
        for item in newest_first
    ]
    return tuple(sorted(rows, key=lambda row: not row.still_open))


def recovery_rows(dossier: Dossier) -> tuple[OwedRow[Recovery], ...]:
    """The recoveries of `dossier`: open ones first, each part by decision day, newest first."""
    return _rows(dossier.recovery, RECOVERY_STATES)


def has_open_recovery(dossier: Dossier) -> bool:
    """Whether an overpayment is being recovered, as far as this dossier tells."""
    return any(row.still_open for row in recovery_rows(dossier))


def recovery_page(dossier: Dossier) -> RecoveryPage:
    """The page of recoveries and of maintenance collected."""
    recoveries = recovery_rows(dossier)
    still_open = [row.owed for row in recoveries if row.still_open]
    return RecoveryPage(
        recoveries=_listed(dossier, "recovery", recoveries),
        total=sum((item.total for item in still_open), _ZERO),
        balance=sum((item.balance for item in still_open), _ZERO),
        collections=_listed(
            dossier, "maintenance_collection", _rows(dossier.maintenance_collection, COLLECTION_STATES)
        ),
    )


def _listed(dossier: Dossier, group: str, rows: tuple[OwedRow[Owed], ...]) -> OwedList[Owed]:
    scope = scope_of(dossier, group)
    return OwedList(rows, scope, None if rows else scope.why_empty())
