"""What can be claimed on which ground, and when it is paid: data, with the days on which they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from kelmu.benefits.catalogue import Benefit, ClaimGround, catalogue
from kelmu.claims.rules import Claimable, Moves, PaymentRule
from kelmu.core.data_files import Row, read_rows
from kelmu.core.period import Period

_DAYS = ("benefit", "day_of_month", "moves_to", "valid_from", "valid_to")
_GROUNDS = ("ground", "order", "law", "section")
# Kela asks for more about these than a claim here can say: the child, the liable parent, each instalment.
_DETAILS_IN_WRITING = frozenset({"FAM-ET", "FAM-EA"})


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision a claim rests on; ``order``: which goes first to the same payment, 1 before 2."""

    ground: ClaimGround
    order: int
    law: str
    section: str


def _data_file(name: str) -> Traversable:
    return files("kelmu.claims") / "data" / name


@cache
def provisions() -> Mapping[ClaimGround, Provision]:
    """The provisions this package carries, in their order."""
    return load_provisions(_data_file("grounds.csv"))


def load_provisions(file: Traversable) -> Mapping[ClaimGround, Provision]:
    """Read the provisions.

    Raises:
        DataFileError: an unknown ground, one that stands twice or not at all, lines not in their order, or
            whatever ``read_rows`` refuses.
    """
    known: dict[ClaimGround, Provision] = {}
    row: Row | None = None
    for row in read_rows(file, _GROUNDS):
        ground = ClaimGround(row.one_of("ground", set(ClaimGround)))
        if ground in known:
            row.fail(f"{ground} stands twice")
        order = row.number("order")
        if order != len(known) + 1:
            row.fail("the lines stand in their order, counted from 1")
        known[ground] = Provision(ground, order, row.filled("law"), row.filled("section"))
    if row is not None and set(known) != set(ClaimGround):
        row.fail("a ground is missing")
    return known


@cache
def payment_rules() -> Mapping[str, tuple[PaymentRule, ...]]:
    """The payment days this package carries, by benefit."""
    return load_payment_rules(_data_file("payment_days.csv"))


def load_payment_rules(file: Traversable) -> Mapping[str, tuple[PaymentRule, ...]]:
    """Read the payment days.

    Raises:
        DataFileError: an unknown benefit, one no claim can be made of, a day that no month has, lines of one
            benefit that overlap, or whatever ``read_rows`` refuses.
    """
    rules: dict[str, tuple[PaymentRule, ...]] = {}
    for row in read_rows(file, _DAYS):
        code = row.filled("benefit")
        if code not in catalogue() or not catalogue()[code].claim_grounds:
            row.fail(f"no claim can be made of {code!r}")
        rule = _payment_rule(row)
        if any(rule.period.overlaps(other.period) for other in rules.get(code, ())):
            row.fail(f"{code} has another line for some of these days")
        rules[code] = (*rules.get(code, ()), rule)
    return rules


def _payment_rule(row: Row) -> PaymentRule:
    day = row.number("day_of_month")
    if day is None or day > 31:
        row.fail("day_of_month is 1 to 31")
    moves = Moves(row.one_of("moves_to", set(Moves)))
    start, end = row.day("valid_from"), row.day("valid_to")
    if start and end and end < start:
        row.fail("ends before it starts")
    return PaymentRule(day, moves, start, end)


def claimable(code: str) -> Claimable | None:
    """What the rules need to know of a benefit; None: the catalogue does not have it."""
    if code not in catalogue():
        return None
    return _claimable(code, catalogue().lines(code))


def _claimable(code: str, lines: Iterable[Benefit]) -> Claimable:
    latest = catalogue()[code]
    return Claimable(
        code=code,
        grounds=latest.claim_grounds,
        written=bool(latest.written_basis),
        details_in_writing=code in _DETAILS_IN_WRITING,
        in_force=tuple(Period(line.period.start, line.period.end) for line in lines),
        paid=payment_rules().get(code, ()),
    )
