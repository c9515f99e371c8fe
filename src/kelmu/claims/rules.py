"""What a payment claim may say: pure rules, without any database.

Grounds: Act on Social Assistance 1412/1997 23 § (an advance against a benefit to come) and Act on Client Fees
734/1992 14 § (care that the county arranges). A stop keeps a claim from being sent; a warning does not.
Days are inclusive, amounts are euros.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from kelmu.benefits.catalogue import ClaimGround
from kelmu.core.period import Period
from kelmu.core.working_days import working_day_on_or_after, working_day_on_or_before

NOTICE_DAYS = 14
"""So many calendar days before a payment day a claim has to be there to count for that payment."""
_MONTHS_AHEAD = 36
_MONDAY = 0


class Stop(StrEnum):
    """Why a claim cannot be sent here."""

    NOT_CLAIMABLE = "not_claimable"
    """Nobody can claim this benefit."""
    IN_WRITING = "in_writing"
    """This benefit can be claimed in writing only, under other provisions."""
    DETAILS_IN_WRITING = "details_in_writing"
    """Kela needs details of each instalment that only a letter can give."""
    GROUND = "ground"
    """This benefit cannot be claimed on this ground."""
    BENEFIT_NOT_IN_FORCE = "benefit_not_in_force"
    """The benefit was not there on some of the days."""
    OPEN_END = "open_end"
    """An advance was paid for days that have an end."""
    OUTSIDE_ASSISTANCE = "outside_assistance"
    """Some of the days are not among those for which assistance was paid."""
    OUTSIDE_CARE = "outside_care"
    """Some of the days are not among those of the care."""


class Caution(StrEnum):
    """What somebody should know before the claim is sent; it can be sent all the same."""

    LATE = "late"
    AFTER_DECISION = "after_decision"
    OVERLAP = "overlap"
    OVER_NET = "over_net"


class Moves(StrEnum):
    """Where a payment day goes when banks are closed."""

    BEFORE = "before"
    AFTER = "after"
    BEFORE_NOT_MONDAY = "before_not_monday"


@dataclass(frozen=True, slots=True)
class PaymentRule:
    """A benefit's payment day of each month; a month that has no such day pays on its last one."""

    day_of_month: int
    moves: Moves
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def period(self) -> Period:
        """The days on which the rule holds."""
        return Period(self.valid_from or date.min, self.valid_to)

    def named_day(self, year: int, month: int) -> date:
        """The day before banks are asked."""
        return date(year, month, min(self.day_of_month, calendar.monthrange(year, month)[1]))

    def payment_day(self, year: int, month: int) -> date:
        """The banking day on which a month's payment is made."""
        day = self.named_day(year, month)
        if self.moves is Moves.AFTER:
            return working_day_on_or_after(day)
        if self.moves is Moves.BEFORE_NOT_MONDAY and day.weekday() == _MONDAY:
            day -= timedelta(days=1)
        return working_day_on_or_before(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimable:
    """A benefit, as far as claims go."""

    code: str
    grounds: frozenset[ClaimGround]
    written: bool
    details_in_writing: bool
    in_force: tuple[Period, ...]
    paid: tuple[PaymentRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is claimed: ``amount`` a month or a payment, None: the whole benefit.

    ``basis`` is the time of the assistance that was paid, or of the care; ``paid_on`` the first day on which
    assistance was paid, None for care.
    """

    benefit: str
    ground: ClaimGround
    period: Period
    amount: Decimal | None
    basis: Period
    paid_on: date | None


def stops(claim: Claim, benefit: Claimable | None) -> tuple[Stop, ...]:
    """Everything that keeps a claim from being sent; the benefit's own reasons stand alone."""
    why = ground_stop(claim.ground, benefit)
    if why is not None or benefit is None:
        return (why or Stop.NOT_CLAIMABLE,)
    found: list[Stop] = []
    if not _covered(claim.period, benefit.in_force):
        found.append(Stop.BENEFIT_NOT_IN_FORCE)
    if claim.ground is ClaimGround.SOCIAL_ASSISTANCE_ACT:
        if claim.period.end is None:
            found.append(Stop.OPEN_END)
        elif not _within(claim.period, claim.basis):
            found.append(Stop.OUTSIDE_ASSISTANCE)
    elif not _within(claim.period, claim.basis):
        found.append(Stop.OUTSIDE_CARE)
    return tuple(found)


def ground_stop(ground: ClaimGround, benefit: Claimable | None) -> Stop | None:
    """Why a benefit cannot be claimed on a ground; None: it can."""
    if benefit is None:
        return Stop.NOT_CLAIMABLE
    if not benefit.grounds:
        return Stop.IN_WRITING if benefit.written else Stop.NOT_CLAIMABLE
    if ground not in benefit.grounds:
        return Stop.GROUND
    return Stop.DETAILS_IN_WRITING if benefit.details_in_writing else None


def latest_day(payment_day: date) -> date:
    """The last day on which a claim is in time for a payment."""
    return payment_day - timedelta(days=NOTICE_DAYS)


@dataclass(frozen=True, slots=True)
class Timing:
    """The next payment of a benefit as a claim sees it, and the first payment the claim is in time for."""

    payment_day: date
    latest_day: date
    reached: date
    late: bool


def timing(rules: Sequence[PaymentRule], sent_on: date, period: Period) -> Timing | None:
    """When a claim sent on a day takes effect; None: the benefit has no fixed payment day then."""
    following = list(payment_days(rules, max(sent_on, period.start)))
    reached = next((day for day in following if latest_day(day) >= sent_on), None)
    if reached is None:
        return None
    return Timing(following[0], latest_day(following[0]), reached, late=latest_day(following[0]) < sent_on)


def payment_days(rules: Sequence[PaymentRule], first: date) -> Iterator[date]:
    """Payment days from a day on, itself included, for three years."""
    start = first.year * 12 + first.month - 1
    for number in range(start, start + _MONTHS_AHEAD + 1):
        year, month = divmod(number, 12)
        for rule in rules:
            if rule.period.contains(rule.named_day(year, month + 1)):
                day = rule.payment_day(year, month + 1)
                if day >= first:
                    yield day


@dataclass(frozen=True, slots=True)
class Granted:
    """A decision on the benefit: when it was made, and for which days."""

    decided_on: date
    period: Period


@dataclass(frozen=True, slots=True)
class Other:
    """Another claim of the same benefit, as far as the order between them goes. ``receipt`` names it."""

    receipt: str
    ground: ClaimGround
    period: Period
    received_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the client when the claim is checked.

    ``nets``: what was paid of the benefit, by payment day. ``others``: the organisation's own claims of the
    benefit that still count.
    """

    granted: tuple[Granted, ...] = ()
    nets: tuple[tuple[date, Decimal], ...] = ()
    others: tuple[Other, ...] = ()


def cautions(claim: Claim, benefit: Claimable, known: Known, sent_on: date) -> tuple[Caution, ...]:
    """Everything somebody should know before she sends the claim, in a fixed order."""
    when = timing(benefit.paid, sent_on, claim.period)
    found = {
        Caution.LATE: when is not None and when.late,
        Caution.AFTER_DECISION: after_decision(claim, known.granted),
        Caution.OVERLAP: bool(overlapping(claim.period, known.others)),
        Caution.OVER_NET: over_net(claim.amount, known.nets),
    }
    return tuple(caution for caution, holds in found.items() if holds)


def after_decision(claim: Claim, granted: Iterable[Granted]) -> bool:
    """Whether assistance was paid after the benefit was decided for some of the days: it is no advance."""
    return claim.paid_on is not None and any(
        each.decided_on < claim.paid_on and each.period.overlaps(claim.period) for each in granted
    )


def overlapping(period: Period, others: Iterable[Other]) -> tuple[Other, ...]:
    """Those of other claims that share a day with a period."""
    return tuple(other for other in others if other.period.overlaps(period))


def over_net(amount: Decimal | None, nets: Iterable[tuple[date, Decimal]]) -> bool:
    """Whether a sum is more than what was paid out at the benefit's latest payment day."""
    latest = latest_net(nets)
    return amount is not None and latest is not None and amount > latest


def latest_net(nets: Iterable[tuple[date, Decimal]]) -> Decimal | None:
    """What was paid on the latest payment day, all payments of that day together; None: nothing was paid."""
    paid = list(nets)
    if not paid:
        return None
    latest = max(day for day, _ in paid)
    return sum((net for day, net in paid if day == latest), Decimal())


def settled_order(claims: Iterable[Other], order: Mapping[ClaimGround, int]) -> tuple[Other, ...]:
    """Claims of the same payment in the order in which they get it: by ground, then by when they came."""
    return tuple(sorted(claims, key=lambda each: (order[each.ground], each.received_on, each.receipt)))


def _within(inner: Period, outer: Period) -> bool:
    ends_within = outer.end is None or (inner.end is not None and inner.end <= outer.end)
    return outer.start <= inner.start and ends_within


def _covered(period: Period, lines: Sequence[Period]) -> bool:
    """Whether each day lies in one of some periods, which follow each other."""
    reached = period.start
    for line in lines:
        if line.start <= reached and (line.end is None or reached <= line.end):
            if line.end is None or (period.end is not None and period.end <= line.end):
                return True
            reached = line.end + timedelta(days=1)
    return False
