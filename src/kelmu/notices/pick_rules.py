"""For whom a notice is due by computation: pure functions over what the register knows of one person.

The same is worked out set-wise over the whole register by ``sql/picks.sql``; tests hold the two together.

**A month is assisted** if basic social assistance was paid for it. Its decision is the latest made of those
in force that anything was paid by for the month; assistance is the main income where the assistance in that
decision's reckoning is more than ``over_percent`` of it and the household's income together. What was
returned, cancelled, corrected or is yet to be paid counts for nothing, nor what was paid for no stated time.

**A month counts** for a rule if assistance was the main income and, where the rule asks for unemployment, an
unemployment benefit was paid for the month or job seeking touched it. Only months that have begun count.

**A spell** is an unbroken run of months that count. It ends with a month that does not. It runs while its
last month is among the latest ``running_months``: the present month may not be decided yet.

**Age, and years since the first residence,** are those of the first day of the spell's last month. So
neither the day of a run nor a late decision changes what somebody is picked for, and nobody of 29 is
picked for what she was at 24.

Only the person the decision was made for is picked, never others of her household.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kelmu.core.period import Period

ASSISTANCE = "SOC-PER"
JOB_SEEKER = "job_seeker"
"""Why a month is one of unemployment, where no benefit says it."""


class PickKind(StrEnum):
    """The kinds of notice that are computed."""

    UNEMPLOYED_UNDER_25 = "unemployed_under_25"
    UNEMPLOYED_25_PLUS = "unemployed_25_plus"
    IMMIGRANT = "immigrant"


@dataclass(frozen=True, slots=True)
class PickRule:
    """One version of a rule; ``valid`` are the days on which it picks. What is empty or None is not asked."""

    kind: PickKind
    version: int
    valid: Period
    months: int
    over_percent: int
    running_months: int
    from_age: int | None
    under_age: int | None
    unemployment_benefits: tuple[str, ...]
    residence_grounds: tuple[str, ...]
    within_years: int | None
    source: str

    @property
    def label(self) -> str:
        """The name that a notice keeps of the rule it was made by."""
        return f"{self.kind}/{self.version}"


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of a benefit; amounts are euros, days inclusive."""

    number: int
    benefit: str
    state: str
    paid_on: date
    period_from: date | None
    period_to: date | None
    gross: Decimal
    decision: str | None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A month of a household by a decision on basic social assistance, in euros."""

    income: Decimal
    assets: Decimal
    basic_part: Decimal
    other_basic_expenses: Decimal

    @property
    def assistance(self) -> Decimal:
        """What is missing for the month's expenses."""
        return self.basic_part + self.other_basic_expenses - self.income - self.assets

    def is_over(self, percent: int) -> bool:
        """Whether assistance is more than so many percent of income and assistance together."""
        whole = self.income + self.assistance
        return self.assistance > 0 and self.assistance * 100 > percent * whole


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on basic social assistance."""

    number: str
    decided_on: date
    annulled_on: date | None
    reckoning: Reckoning | None


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one person. ``job_seeking``: as told by the employment authority."""

    person_id: int
    birth_date: date
    death_date: date | None
    has_home: bool
    residence_ground: str | None
    first_residence_date: date | None
    payments: Sequence[Payment]
    decisions: Sequence[Decision]
    job_seeking: Sequence[Period]


@dataclass(frozen=True, slots=True)
class CountedMonth:
    """A month that counts, and why: its decision, what was paid, what says that she was out of work."""

    month: date
    decision: Decision
    payments: tuple[Payment, ...]
    unemployment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pick:
    """A notice that is due. ``reasons`` are the latest months of the spell, as many as the rule asks for."""

    person_id: int
    rule: PickRule
    first_month: date
    last_month: date
    reasons: tuple[CountedMonth, ...]


def picks(person: Person, rules: Iterable[PickRule], on: date) -> tuple[Pick, ...]:
    """What a person is to be picked for on a day, whatever was picked before.

    Nobody is picked who is dead, or lives in no municipality: there is nowhere to send it to.
    """
    if person.death_date is not None or not person.has_home:
        return ()
    in_force = (rule for rule in rules if rule.valid.contains(on))
    return tuple(pick for rule in in_force if (pick := _pick(person, rule, on)) is not None)


def is_new(pick: Pick, earlier: Collection[tuple[PickKind, date, date]]) -> bool:
    """Whether no notice was made for the spell before.

    Args:
        pick: of one person.
        earlier: kind, first and last month of each spell as it was when she was picked before.

    A spell is the same as one picked before if they share a month: a correction may lengthen it at either
    end, join it to another or cut it, and there is still no second notice.
    """
    return not any(
        kind == pick.rule.kind and first <= pick.last_month and pick.first_month <= last
        for kind, first, last in earlier
    )


def _pick(person: Person, rule: PickRule, on: date) -> Pick | None:
    spell = _last_spell(counted_months(person, rule, on))
    if len(spell) < rule.months:
        return None
    first, last = spell[0].month, spell[-1].month
    if months_between(last, on) >= rule.running_months or not _fits(person, rule, last):
        return None
    return Pick(person.person_id, rule, first, last, tuple(spell[-rule.months :]))


def _last_spell(months: Sequence[CountedMonth]) -> Sequence[CountedMonth]:
    """The unbroken run that the last of some ordered months belongs to."""
    start = len(months) - 1
    while start > 0 and months_between(months[start - 1].month, months[start].month) == 1:
        start -= 1
    return months[max(start, 0) :]


def _fits(person: Person, rule: PickRule, month: date) -> bool:
    """Whether age and residence are what a rule asks for on the first day of a month."""
    age = _full_years(person.birth_date, month)
    if rule.from_age is not None and age < rule.from_age:
        return False
    if rule.under_age is not None and age >= rule.under_age:
        return False
    if rule.residence_grounds and person.residence_ground not in rule.residence_grounds:
        return False
    if rule.within_years is None:
        return True
    since = person.first_residence_date
    return since is not None and month <= _years_after(since, rule.within_years)


def counted_months(person: Person, rule: PickRule, on: date) -> tuple[CountedMonth, ...]:
    """The months that count for a rule as it is known on a day, in their order."""
    counted = []
    for month, decision, payments in _assisted_months(person, on):
        if decision.reckoning is None or not decision.reckoning.is_over(rule.over_percent):
            continue
        why = _unemployment(person, rule.unemployment_benefits, month, on)
        if why or not rule.unemployment_benefits:
            counted.append(CountedMonth(month, decision, payments, why))
    return tuple(counted)


def _assisted_months(person: Person, on: date) -> Iterator[tuple[date, Decision, tuple[Payment, ...]]]:
    """Each assisted month with its decision, and what was paid for the month by that one."""
    in_force = {
        decision.number: decision
        for decision in person.decisions
        if decision.decided_on <= on and (decision.annulled_on is None or decision.annulled_on > on)
    }
    by_month: dict[date, list[Payment]] = {}
    for payment in person.payments:
        if payment.benefit == ASSISTANCE and payment.decision in in_force:
            for month in _months_paid(payment, on):
                by_month.setdefault(month, []).append(payment)
    for month, payments in sorted(by_month.items()):
        decisions = (in_force[payment.decision or ""] for payment in payments)
        latest = max(decisions, key=lambda each: (each.decided_on, each.number))
        its_own = (payment for payment in payments if payment.decision == latest.number)
        yield month, latest, tuple(sorted(its_own, key=lambda each: (each.paid_on, each.number)))


def _months_paid(payment: Payment, on: date) -> Iterator[date]:
    """The months, begun by a day, that a payment made by then was for."""
    if payment.state != "paid" or payment.paid_on > on or payment.gross <= 0 or payment.period_from is None:
        return
    last = min(payment.period_to or payment.period_from, on)
    month = first_of_month(payment.period_from)
    while month <= last:
        yield month
        month = month_after(month)


def _unemployment(person: Person, benefits: Collection[str], month: date, on: date) -> tuple[str, ...]:
    """What says that somebody was out of work in a month: benefits, and whether she was a job seeker."""
    paid = {
        payment.benefit
        for payment in person.payments
        if payment.benefit in benefits and month in _months_paid(payment, on)
    }
    seeking = (
        period.start <= on and period.start < month_after(month) and (not period.end or period.end >= month)
        for period in person.job_seeking
    )
    return (*sorted(paid), *((JOB_SEEKER,) if benefits and any(seeking) else ()))


def first_of_month(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def month_after(day: date) -> date:
    """The first day of the month after a day's."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months_between(earlier: date, later: date) -> int:
    """How many months a day's month lies before another's."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def _full_years(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; the 28th of February for a 29th that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
