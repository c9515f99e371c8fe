"""Recovery of overpayments, and collection of maintenance: two things that share one word in Finnish.

The first takes back a benefit paid in excess; the second collects from the liable parent the maintenance that
Kela has paid to the child. One page shows both, apart.
"""

from dataclasses import dataclass
from decimal import Decimal

from kelmu.inquiry.dossier import Dossier, MaintenanceCollection, Recovery
from kelmu.web.presentation.emptiness import Reason, Scope, scope_of
from kelmu.web.presentation.labels import COLLECTION_STATES, RECOVERY_STATES, Label, benefit_name

_OPEN = ("open", "in_instalments", "in_enforcement")
_ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class RecoveryRow:
    """One recovery with its words; `still_open` while something is left to pay back."""

    recovery: Recovery
    benefit: str
    state: Label
    still_open: bool


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """One collection of maintenance with its words."""

    collection: MaintenanceCollection
    benefit: str
    state: Label
    still_open: bool


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """Both lists, open ones first. `total` and `balance` are euros over the open recoveries shown."""

    recoveries: tuple[RecoveryRow, ...]
    total: Decimal
    balance: Decimal
    recovery_scope: Scope
    recovery_empty: Reason | None
    collections: tuple[CollectionRow, ...]
    collection_scope: Scope
    collection_empty: Reason | None


def recovery_rows(dossier: Dossier) -> tuple[RecoveryRow, ...]:
    """The recoveries of `dossier`: open ones first, each part by decision day, newest first."""
    newest_first = sorted(
        dossier.recovery or (), key=lambda item: (item.decided_on, item.number), reverse=True
    )
    rows = [
        RecoveryRow(
            recovery=item,
            benefit=benefit_name(item.benefit),
            state=RECOVERY_STATES[item.state],
            still_open=item.state in _OPEN,
        )
        for item in newest_first
    ]
    return tuple(sorted(rows, key=lambda row: not row.still_open))


def has_open_recovery(dossier: Dossier) -> bool:
    """Whether an overpayment is being recovered, as far as this dossier tells."""
    return any(row.still_open for row in recovery_rows(dossier))


def recovery_page(dossier: Dossier) -> RecoveryPage:
    """The page of recoveries and of maintenance collected."""
    recovery_scope = scope_of(dossier, "recovery")
    collection_scope = scope_of(dossier, "maintenance_collection")
    recoveries, collections = recovery_rows(dossier), _collection_rows(dossier)
    still_open = [row.recovery for row in recoveries if row.still_open]
    return RecoveryPage(
        recoveries=recoveries,
        total=sum((item.total for item in still_open), _ZERO),
        balance=sum((item.balance for item in still_open), _ZERO),
        recovery_scope=recovery_scope,
        recovery_empty=None if recoveries else recovery_scope.why_empty(),
        collections=collections,
        collection_scope=collection_scope,
        collection_empty=None if collections else collection_scope.why_empty(),
    )


def _collection_rows(dossier: Dossier) -> tuple[CollectionRow, ...]:
    newest_first = sorted(
        dossier.maintenance_collection or (), key=lambda item: (item.decided_on, item.number), reverse=True
    )
    rows = [
        CollectionRow(
            collection=item,
            benefit=benefit_name(item.benefit),
            state=COLLECTION_STATES[item.state],
            still_open=item.state in _OPEN,
        )
        for item in newest_first
    ]
    return tuple(sorted(rows, key=lambda row: not row.still_open))
