"""Pending matters as a page shows them."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from kelmu.inquiry.dossier import Dossier, Matter
from kelmu.web.presentation.emptiness import Reason, Scope, scope_of
from kelmu.web.presentation.labels import MATTER_STATES, MATTER_TYPES, RECEIVED_BY, Label, benefit_name


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One matter with its words. `overdue`: papers were asked for by a day that has passed.

    `late`: the day by which Kela should have decided has passed.
    """

    matter: Matter
    benefit: str
    matter_type: str | Promise
    received_by: str | Promise
    state: Label
    overdue: bool
    late: bool


@dataclass(frozen=True, slots=True)
class PendingPage:
    """All pending matters the grant opens, newest first; `empty` says why there are none."""

    rows: tuple[MatterRow, ...]
    scope: Scope
    empty: Reason | None


def matter_rows(dossier: Dossier, *, today: date) -> tuple[MatterRow, ...]:
    """The matters of `dossier`: urgent ones first, then by the day they arrived, newest first."""
    newest_first = sorted(dossier.pending or (), key=lambda matter: matter.received_on, reverse=True)
    ordered = sorted(newest_first, key=lambda matter: not matter.urgent)
    return tuple(
        MatterRow(
            matter=matter,
            benefit=benefit_name(matter.benefit),
            matter_type=MATTER_TYPES[matter.matter_type],
            received_by=RECEIVED_BY[matter.received_by],
            state=MATTER_STATES[matter.state],
            overdue=bool(matter.missing_attachments)
            and matter.attachments_due_on is not None
            and matter.attachments_due_on < today,
            late=matter.due_on is not None and matter.due_on < today,
        )
        for matter in ordered
    )


def pending_page(dossier: Dossier, *, today: date) -> PendingPage:
    """The page of pending matters; `today` is the day in Finland."""
    scope = scope_of(dossier, "pending")
    rows = matter_rows(dossier, today=today)
    return PendingPage(rows=rows, scope=scope, empty=None if rows else scope.why_empty())
