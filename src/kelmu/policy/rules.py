"""The rules themselves, pure: no database, no framework, no clock. ``decisions`` applies them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache

from kelmu.policy.content import ProfileRow
from kelmu.policy.vocabulary import Cause, Outcome, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What the door found out about a person and this official's tie to her; nothing but yes and no.

    Without a known official (``official_known``) the door says no to ``own_data``, ``family`` and
    ``colleague``. ``outside_area`` is yes for everybody where the organisation has no area of its own.
    ``many_persons``: the official or her organisation has opened so many others lately that every
    further person needs a reason.
    """

    found: bool
    own_data: bool
    family: bool
    outside_area: bool
    has_relation: bool
    colleague: bool
    died_over_a_year_ago: bool
    protected: bool
    protection_known: bool
    protected_right: bool
    minor: bool
    reason_given: bool
    official_known: bool
    many_persons: bool

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> PersonFacts:
        """Read what the door told.

        Raises:
            ValueError: a fact is missing, unknown or neither true nor false. Nothing is assumed.
        """
        if data.keys() != _FACTS:
            raise ValueError(f"the facts are not the ones agreed on: {sorted(_FACTS ^ data.keys())}")
        if not {*map(type, data.values())} == {bool}:
            raise ValueError("a fact is neither true nor false")
        return cls(**data)  # type: ignore[arg-type] # each has just been seen to be true or false


_FACTS = frozenset(each.name for each in fields(PersonFacts))


@dataclass(frozen=True, slots=True)
class PersonDecision:
    """What the caller may learn (``outcome``), and why, for the audit entry only (``rule``)."""

    outcome: Outcome
    rule: Rule


@dataclass(frozen=True, slots=True)
class InquiryAccess:
    """Which profile rows are open, or the cause why none is, with the mandates that would open some.

    Without a chosen purpose ``rows`` are those of every purpose that could be chosen.
    """

    cause: Cause | None
    missing_mandates: frozenset[str]
    rows: tuple[ProfileRow, ...]


def judge_person(facts: PersonFacts, *, national_area: bool, minor_allowed: bool) -> PersonDecision:
    """The person rules in their order: own data, a reason needed, not available, given."""
    if facts.own_data:
        return PersonDecision(Outcome.OWN_DATA, Rule.OWN_DATA)
    if not facts.reason_given:
        for rule in _asking(facts, national_area=national_area, minor_allowed=minor_allowed):
            return PersonDecision(Outcome.REASON_NEEDED, rule)
    for rule in _barring(facts):
        return PersonDecision(Outcome.NOT_AVAILABLE, rule)
    return PersonDecision(Outcome.GIVEN, Rule.GIVEN_AFTER_REASON if facts.reason_given else Rule.GIVEN)


def _asking(facts: PersonFacts, *, national_area: bool, minor_allowed: bool) -> Iterator[Rule]:
    """What asks for a reason, so that being asked tells nothing; the first one is the rule.

    Types with a national area are not asked for an unknown code, family, protection without the
    right, or the area: those are refused at once, or do not apply.
    """
    if not national_area:
        yield from _withheld(facts)
    if facts.protected and facts.protected_right:
        yield Rule.PROTECTED_WITH_RIGHT
    if not national_area and facts.outside_area and not facts.has_relation:
        yield Rule.OUTSIDE_AREA
    if facts.colleague:
        yield Rule.COLLEAGUE
    if facts.died_over_a_year_ago:
        yield Rule.DIED
    if facts.minor and not minor_allowed:
        yield Rule.MINOR
    if facts.many_persons:
        yield Rule.MANY_PERSONS


def _withheld(facts: PersonFacts) -> Iterator[Rule]:
    """Persons no reason opens: nobody may learn from an outcome which of them somebody is."""
    if not facts.found:
        yield Rule.UNKNOWN
    if facts.family:
        yield Rule.FAMILY
    if facts.protected and not facts.protected_right:
        yield Rule.PROTECTED_WITHOUT_RIGHT


def _barring(facts: PersonFacts) -> Iterator[Rule]:
    """What bars the data whatever reason is given; the first one is the rule."""
    yield from _withheld(facts)
    if not facts.protection_known:
        yield Rule.PROTECTION_UNKNOWN


def inquiry_access(
    rows: Sequence[ProfileRow],
    *,
    mandates: AbstractSet[str],
    data_groups: AbstractSet[str],
    purpose: str | None,
) -> InquiryAccess:
    """Which profile rows of a type and channel are open under an agreement that is in force.

    Args:
        rows: all profile rows of the agreement's type in the channel.
        mandates: those held in the organisation itself; representation mandates open no inquiry.
        data_groups: the agreement's, beyond which nothing is open.
        purpose: the chosen one; None before it is chosen.
    """
    asked = [row for row in rows if purpose in {None, row.purpose}]
    opening = {row.mandate for row in asked or rows}
    if rows and not any(row.mandate in mandates for row in asked or rows):
        return InquiryAccess(Cause.MISSING_MANDATE, frozenset(opening), ())
    open_rows = tuple(row for row in asked if row.mandate in mandates and row.data_group in data_groups)
    if not open_rows:
        return InquiryAccess(Cause.PURPOSE_NOT_ALLOWED, frozenset(), ())
    return InquiryAccess(None, frozenset(), open_rows)


@lru_cache(maxsize=1024)
def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last day of that month where it has no such day."""
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def window_start(today: date, lookback_months: int | None) -> date | None:
    """The first day that may be seen, itself included; None where there is no limit."""
    return None if lookback_months is None else months_before(today, lookback_months)
