"""Decisions as the pages show them: the list with its filter, and one with its chain."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from kelmu.inquiry.dossier import Commitment, Decision, Dossier, Member
from kelmu.web.presentation.emptiness import Reason, Scope, scope_of
from kelmu.web.presentation.filters import Chip, Choice, Preset, benefit_choices, chips, known, query_of
from kelmu.web.presentation.labels import (
    COMMITMENT_KINDS,
    MEMBER_ROLES,
    OUTCOMES,
    PAYEE_KINDS,
    UNITS,
    Label,
    benefit_name,
)
from kelmu.web.presentation.periods import ChosenPeriod, chosen_period, period_chips, period_presets
from kelmu.web.presentation.terms import Term, terms_of

_GRANTING = ("granted", "partly", "reviewed")
_ALL_DAYS = "all"


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision with its words. `replaced_by` is the number of the decision that took its place.

    `replaces_shown`: the decision it replaces is in the dossier too, so that a link can lead there.
    """

    decision: Decision
    benefit: str
    outcome: Label
    unit: str | Promise
    payee: str | Promise
    replaced_by: str | None
    replaces_shown: bool

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
class CommitmentRow:
    """A payment commitment with its words; `valid`: its days hold the day of the page."""

    commitment: Commitment
    kind: str | Promise
    valid: bool


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A person a decision is about besides the client, with the word for the role."""

    member: Member
    role: str | Promise


@dataclass(frozen=True, slots=True)
class ListedDecision:
    """A row of the list. `under`: it stands below the decision that took its place."""

    row: DecisionRow
    under: bool
    can_be_appealed: bool


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """The decisions a filter lets through, newest first, each followed by those it took the place of.

    `total` counts all; `empty` says why there are none. `period` is that of the decision days, `query` the
    filter in use, for links that come back to it.
    """

    rows: tuple[ListedDecision, ...]
    total: int
    benefits: tuple[Choice, ...]
    outcomes: tuple[Choice, ...]
    presets: tuple[Preset, ...]
    period: ChosenPeriod
    chips: tuple[Chip, ...]
    query: str
    scope: Scope
    empty: Reason | None

    @property
    def filtered(self) -> bool:
        """Whether a filter is in use."""
        return bool(self.query)


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """One decision; `scope` tells how far back decisions reach at all.

    `chain` holds it with those it replaced and was replaced by, oldest first; empty where it stands alone.
    `query` is the filter of the list she came from. `appeal_days` are left for an appeal, its last day
    being 0; below that the time is over.
    """

    row: DecisionRow
    chain: tuple[DecisionRow, ...]
    commitments: tuple[CommitmentRow, ...]
    members: tuple[MemberRow, ...]
    appeal_days: int | None
    scope: Scope
    query: str

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms the page may use."""
        return terms_of("decision")


def decision_rows(dossier: Dossier) -> tuple[DecisionRow, ...]:
    """The decisions of `dossier` by decision day, newest first."""
    decisions = dossier.decisions or ()
    numbers = {item.number for item in decisions}
    replaced_by = {item.replaces: item.number for item in decisions if item.replaces}
    rows = [
        DecisionRow(
            decision=item,
            benefit=benefit_name(item.benefit),
            outcome=OUTCOMES[item.outcome],
            unit=UNITS[item.unit] if item.unit else "",
            payee=PAYEE_KINDS[item.payee_kind] if item.payee_kind else "",
            replaced_by=replaced_by.get(item.number),
            replaces_shown=item.replaces in numbers,
        )
        for item in decisions
    ]
    return tuple(sorted(rows, key=_newest, reverse=True))


def _newest(row: DecisionRow) -> tuple[date, str]:
    return row.decision.decided_on, row.decision.number


def chain_of(rows: tuple[DecisionRow, ...], number: str) -> tuple[DecisionRow, ...]:
    """The decision `number` with all that replaced each other before and after it, oldest first.

    Only what is among `rows` is in it.
    """
    chain = {number}
    while found := {
        each
        for row in rows
        for each, other in (
            (row.decision.number, row.decision.replaces),
            (row.decision.replaces, row.decision.number),
        )
        if each is not None and other in chain and each not in chain
    }:
        chain |= found
    return tuple(sorted((row for row in rows if row.decision.number in chain), key=_newest))


def decisions_page(dossier: Dossier, query: Mapping[str, str], *, today: date) -> DecisionsPage:
    """The decisions, filtered by the query's `benefit`, `outcome` and period of decision days.

    The period is `periods.chosen_period`, all days unless told. Unknown values filter nothing.
    """
    scope = scope_of(dossier, "decisions")
    everything = decision_rows(dossier)
    period, filters = _period(query, today=today), _filters(everything, query)
    in_period = [row for row in everything if period.holds(row.decision.decided_on)]
    rows = tuple(row for row in in_period if _passes(row, filters))
    return DecisionsPage(
        rows=_listed(rows, today=today),
        total=len(everything),
        benefits=benefit_choices((row.decision.benefit for row in in_period), filters["benefit"]),
        outcomes=_outcome_choices(in_period, filters["outcome"]),
        presets=period_presets(period, filters),
        period=period,
        chips=(*period_chips(period, filters), *_chips(period, filters)),
        query=query_of(_in_use(period, filters)),
        scope=scope,
        empty=None if rows else scope.why_empty(filtered=bool(everything)),
    )


def _listed(rows: tuple[DecisionRow, ...], *, today: date) -> tuple[ListedDecision, ...]:
    """`rows`, newest first, those that were replaced moved below what took their place, if that is shown."""
    shown = {row.decision.number for row in rows}
    heads = [row for row in rows if row.replaced_by not in shown]
    listed: dict[str, ListedDecision] = {}
    # The rows once more, so that none is lost should decisions replace each other in a ring.
    for head in [*heads, *rows]:
        if head.decision.number in listed:
            continue
        listed[head.decision.number] = _listed_row(head, under=False, today=today)
        for row in reversed(chain_of(rows, head.decision.number)):
            if row not in heads:
                listed.setdefault(row.decision.number, _listed_row(row, under=True, today=today))
    return tuple(listed.values())


def _listed_row(row: DecisionRow, *, under: bool, today: date) -> ListedDecision:
    until = row.decision.appeal_until
    return ListedDecision(row, under, can_be_appealed=row.stands and until is not None and today <= until)


def _period(query: Mapping[str, str], *, today: date) -> ChosenPeriod:
    return chosen_period(query, today=today, unless_told=_ALL_DAYS)


def _filters(rows: tuple[DecisionRow, ...], query: Mapping[str, str]) -> dict[str, str]:
    """The known ones of the query's filters besides the period."""
    return {
        "benefit": known(query, "benefit", (row.decision.benefit for row in rows)),
        "outcome": known(query, "outcome", OUTCOMES),
    }


def _in_use(period: ChosenPeriod, filters: Mapping[str, str]) -> dict[str, str]:
    """The filters as they stand in an address; all days need no word there."""
    return {**filters, **(period.filters if period.preset != _ALL_DAYS else {})}


def _passes(row: DecisionRow, filters: Mapping[str, str]) -> bool:
    decision = row.decision
    return filters["benefit"] in ("", decision.benefit) and filters["outcome"] in ("", decision.outcome)


def _outcome_choices(rows: list[DecisionRow], chosen: str) -> tuple[Choice, ...]:
    """The outcomes there are decisions of, and the chosen one."""
    counts = Counter(row.decision.outcome for row in rows)
    return tuple(
        Choice(code, label.text, counts[code], chosen=code == chosen)
        for code, label in OUTCOMES.items()
        if code in counts or code == chosen
    )


def _chips(period: ChosenPeriod, filters: Mapping[str, str]) -> tuple[Chip, ...]:
    """Chips that keep the period."""
    labels: dict[str, str | Promise] = {}
    if filters["benefit"]:
        labels["benefit"] = benefit_name(filters["benefit"])
    if filters["outcome"]:
        labels["outcome"] = OUTCOMES[filters["outcome"]].text
    return chips(_in_use(period, filters), labels)


def decision_page(
    dossier: Dossier, number: str, query: Mapping[str, str], *, today: date
) -> DecisionPage | None:
    """The decision `number`, or None where the dossier has none of that number.

    `query` is the filter of the list, which the way back keeps.
    """
    rows = decision_rows(dossier)
    row = next((row for row in rows if row.decision.number == number), None)
    if row is None:
        return None
    chain, until = chain_of(rows, number), row.decision.appeal_until
    return DecisionPage(
        row=row,
        chain=chain if len(chain) > 1 else (),
        commitments=tuple(
            CommitmentRow(
                each,
                COMMITMENT_KINDS[each.kind],
                valid=each.valid_from <= today and (each.valid_to is None or today <= each.valid_to),
            )
            for each in row.decision.commitments
        ),
        members=tuple(MemberRow(each, MEMBER_ROLES[each.role]) for each in row.decision.members),
        appeal_days=None if until is None else (until - today).days,
        scope=scope_of(dossier, "decisions"),
        query=query_of(_in_use(_period(query, today=today), _filters(rows, query))),
    )
