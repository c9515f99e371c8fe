"""The client's situation at a glance: what runs now, what comes next, what is pending."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.functional import Promise

from kelmu.inquiry.dossier import Dossier, Recovery
from kelmu.web.presentation.client import PAGE_GROUPS
from kelmu.web.presentation.decisions import DecisionRow, decision_rows
from kelmu.web.presentation.emptiness import Reason, Scope, scope_of
from kelmu.web.presentation.labels import DATA_GROUPS
from kelmu.web.presentation.lanes import Lanes, lanes_figure
from kelmu.web.presentation.payments import PaymentRow, Sums, sums_of, upcoming_rows
from kelmu.web.presentation.pending import MatterRow, matter_rows
from kelmu.web.presentation.recovery import OwedRow, recovery_rows

UPCOMING_DAYS = 60
_GROUPS = PAGE_GROUPS["summary"]


@dataclass(frozen=True, slots=True)
class CurrentBenefit:
    """A benefit that runs today, by its newest standing decision, and its next payment if one is known."""

    row: DecisionRow
    next_payment: PaymentRow | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What Kela waits for from the client: in how many matters, and until which day at the earliest."""

    matters: int
    until: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """The summary; a part whose data group is not granted is left out of the page.

    `waiting` is None where Kela waits for nothing. `recoveries` are the open ones.
    """

    current: tuple[CurrentBenefit, ...]
    upcoming: tuple[PaymentRow, ...]
    upcoming_sums: Sums
    upcoming_days: int
    pending: tuple[MatterRow, ...]
    waiting: Waiting | None
    recoveries: tuple[OwedRow[Recovery], ...]
    last_decision: DecisionRow | None
    lanes: Lanes | None
    scopes: dict[str, Scope]
    empty: dict[str, Reason]
    not_granted: tuple[str | Promise, ...]

    @property
    def urgent(self) -> int:
        """How many pending matters are urgent."""
        return sum(row.matter.urgent for row in self.pending)

    @property
    def late(self) -> int:
        """In how many pending matters the day to decide by has passed."""
        return sum(row.late for row in self.pending)

    @property
    def nothing_granted(self) -> bool:
        """Whether none of the summary's parts may be seen, which is not the same as there being none."""
        return len(self.not_granted) == len(self.scopes)


def summary_page(dossier: Dossier, *, today: date) -> SummaryPage:
    """The summary on `today`, the day in Finland."""
    scopes = {group: scope_of(dossier, group) for group in _GROUPS}
    upcoming = upcoming_rows(dossier, today=today, days=UPCOMING_DAYS)
    decisions = decision_rows(dossier)
    pending = matter_rows(dossier, today=today)
    return SummaryPage(
        current=current_benefits(decisions, upcoming, today=today),
        upcoming=upcoming,
        upcoming_sums=sums_of(upcoming),
        upcoming_days=UPCOMING_DAYS,
        pending=pending,
        waiting=_waiting(pending),
        recoveries=tuple(row for row in recovery_rows(dossier) if row.still_open),
        last_decision=decisions[0] if decisions else None,
        lanes=lanes_figure(dossier, today=today),
        scopes=scopes,
        empty=_reasons(scopes),
        not_granted=tuple(DATA_GROUPS[group] for group, scope in scopes.items() if not scope.granted),
    )


def _waiting(rows: tuple[MatterRow, ...]) -> Waiting | None:
    waited_for = [row for row in rows if row.matter.missing_attachments]
    if not waited_for:
        return None
    days = [day for row in waited_for if (day := row.matter.attachments_due_on) is not None]
    return Waiting(len(waited_for), min(days, default=None), any(row.overdue for row in waited_for))


def _reasons(scopes: dict[str, Scope]) -> dict[str, Reason]:
    """Why parts are empty; no time limit hides what runs now or is to come, so it is never the reason."""
    return {group: replace(scope, since=None).why_empty() for group, scope in scopes.items()}


def current_benefits(
    decisions: tuple[DecisionRow, ...], upcoming: tuple[PaymentRow, ...], *, today: date
) -> tuple[CurrentBenefit, ...]:
    """Of each benefit the newest decision that runs today, by the benefits' names."""
    newest: dict[str, DecisionRow] = {}
    for row in decisions:
        if row.runs_on(today):
            newest.setdefault(row.decision.benefit, row)
    next_by_benefit: dict[str, PaymentRow] = {}
    for payment in upcoming:
        next_by_benefit.setdefault(payment.payment.benefit, payment)
    return tuple(
        CurrentBenefit(row=row, next_payment=next_by_benefit.get(row.decision.benefit))
        for row in sorted(newest.values(), key=lambda row: row.benefit)
    )
