"""Decisions as the pages show them: the list with its filter, and one with its chain."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from kelmu.inquiry.dossier import Decision, Dossier
from kelmu.web.presentation.emptiness import Reason, Scope, scope_of
from kelmu.web.presentation.labels import OUTCOMES, PAYEE_KINDS, UNITS, Label, benefit_name

_GRANTING = ("granted", "partly", "reviewed")


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision with its words. `replaced_by` is the number of the decision that took its place."""

    decision: Decision
    benefit: str
    outcome: Label
    unit: str | Promise
    payee: str | Promise
    replaced_by: str | None

    @property
    def stands(self) -> bool:
        """Whether the decision is neither annulled nor replaced."""
        return self.decision.annulled_on is None and self.replaced_by is None

    def runs_on(self, day: date) -> bool:
        """Whether it grants a benefit on `day`; both ends of its period are inclusive."""
        start, end = self.decision.valid_from, self.decision.valid_to
        return (
            self.decision.outcome in _GRANTING
            and self.stands
            and start is not None
            and start <= day
            and (end is None or day <= end)
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter; `count` is how many rows it would show alone."""

    value: str
    label: str | Promise
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """The decisions a filter lets through, newest first.

    `total` counts all; `empty` says why there are none.
    """

    rows: tuple[DecisionRow, ...]
    total: int
    benefits: tuple[Choice, ...]
    outcomes: tuple[Choice, ...]
    filtered: bool
    scope: Scope
    empty: Reason | None


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """One decision; `scope` tells how far back decisions reach at all."""

    row: DecisionRow
    scope: Scope


def decision_rows(dossier: Dossier) -> tuple[DecisionRow, ...]:
    """The decisions of `dossier` by decision day, newest first."""
    decisions = dossier.decisions or ()
    replaced_by = {item.replaces: item.number for item in decisions if item.replaces}
    rows = [
        DecisionRow(
            decision=item,
            benefit=benefit_name(item.benefit),
            outcome=OUTCOMES[item.outcome],
            unit=UNITS[item.unit] if item.unit else "",
            payee=PAYEE_KINDS[item.payee_kind] if item.payee_kind else "",
            replaced_by=replaced_by.get(item.number),
        )
        for item in decisions
    ]
    return tuple(sorted(rows, key=lambda row: (row.decision.decided_on, row.decision.number), reverse=True))


def decisions_page(dossier: Dossier, query: Mapping[str, str]) -> DecisionsPage:
    """The decisions, filtered by the query's `benefit` and `outcome`; unknown values filter nothing."""
    scope = scope_of(dossier, "decisions")
    everything = decision_rows(dossier)
    benefit, outcome = query.get("benefit", ""), query.get("outcome", "")
    benefit = benefit if any(row.decision.benefit == benefit for row in everything) else ""
    outcome = outcome if outcome in OUTCOMES else ""
    rows = tuple(
        row
        for row in everything
        if (not benefit or row.decision.benefit == benefit)
        and (not outcome or row.decision.outcome == outcome)
    )
    return DecisionsPage(
        rows=rows,
        total=len(everything),
        benefits=_benefit_choices(everything, benefit),
        outcomes=_outcome_choices(everything, outcome),
        filtered=bool(benefit or outcome),
        scope=scope,
        empty=None if rows else scope.why_empty(filtered=bool(everything)),
    )


def _benefit_choices(rows: tuple[DecisionRow, ...], chosen: str) -> tuple[Choice, ...]:
    """The benefits there are decisions of, by name."""
    counts = Counter(row.decision.benefit for row in rows)
    names = {row.decision.benefit: row.benefit for row in rows}
    by_name = sorted(names.items(), key=lambda item: item[1])
    return tuple(Choice(code, name, counts[code], chosen=code == chosen) for code, name in by_name)


def _outcome_choices(rows: tuple[DecisionRow, ...], chosen: str) -> tuple[Choice, ...]:
    """The outcomes there are decisions of, and the chosen one."""
    counts = Counter(row.decision.outcome for row in rows)
    return tuple(
        Choice(code, label.text, counts[code], chosen=code == chosen)
        for code, label in OUTCOMES.items()
        if code in counts or code == chosen
    )


def decision_page(dossier: Dossier, number: str) -> DecisionPage | None:
    """The decision `number`, or None where the dossier has none of that number."""
    row = next((row for row in decision_rows(dossier) if row.decision.number == number), None)
    return None if row is None else DecisionPage(row=row, scope=scope_of(dossier, "decisions"))
