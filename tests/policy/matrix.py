"""Writes the whole matrix of policy as text, by asking ``decide`` and ``decide_person`` only.

Part one: type x channel x mandates held x purpose, and what is open: group x benefit x months back.
Part two: nature of type x kind of purpose x all 16,384 combinations of person facts.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from kelmu.benefits.catalogue import catalogue
from kelmu.policy import Action, Channel, Decision, Grant, PersonFacts, Scope, decide, decide_person
from tests.grants import grant_of
from tests.policy.actors import FACTS, GROUPS, MANDATES, PURPOSES, TODAY, TYPES, acting

HELD_SETS = tuple(
    frozenset(held)
    for held in (
        *itertools.chain.from_iterable(itertools.combinations(MANDATES, n) for n in (0, 1, 2)),
        MANDATES,
    )
)
"""No mandate, every one, every two, and all of them."""

NO_PURPOSE = "no purpose chosen yet"
UNKNOWN = "a purpose that does not exist"
FURTHEST = 130
"""Months back that are tried; further than any limit in the data."""

HEAD = f"""\
# Policy matrix. Written by a test and read by people: every change of it is a change of rights.
# Write it anew with: KELMU_UPDATE=1 python -m pytest tests/policy/test_matrix.py
# Day: {TODAY}. Agreements in force, with every data group and both channels.
# Held: no mandate, each one, each two, and all {len(MANDATES)}. "Months": the furthest month back whose day
# still lies within. Facts that change nothing on the way to a result are not named."""


def text() -> str:
    """The matrix."""
    named = NamedSets()
    actors = list(_actors(named))
    return "\n".join([HEAD, "", *named.lines(), "", *actors, *_persons()])


class NamedSets:
    """Sets of benefits, each named once."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], str] = {}

    def name(self, codes: Sequence[str]) -> str:
        """A short set itself, the name of a long one."""
        if len(codes) <= 4:
            return " ".join(codes)
        return self._names.setdefault(tuple(codes), f"B{len(self._names) + 1}")

    def lines(self) -> Iterator[str]:
        """Every named set."""
        yield "## benefit sets"
        for codes, name in self._names.items():
            yield f"{name} ({len(codes)}): {' '.join(codes)}"


def _actors(named: NamedSets) -> Iterator[str]:
    """One section for all types and channels with the very same rights."""
    sections: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for organisation_type, channel in itertools.product(TYPES, Channel):
        sections[tuple(_of_type(organisation_type, channel, named))].append(f"{organisation_type} {channel}")
    for lines, places in sections.items():
        yield from (f"## {', '.join(places)}", *lines, "")


def _of_type(organisation_type: str, channel: Channel, named: NamedSets) -> Iterator[str]:
    told: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for purpose in (NO_PURPOSE, *PURPOSES, UNKNOWN):
        told[_of_purpose(organisation_type, channel, purpose, named)].append(purpose)
    for lines, purposes in told.items():
        if UNKNOWN not in purposes:
            yield from (f"purpose: {', '.join(purposes)}", *lines)
    last, purposes = next((lines, purposes) for lines, purposes in told.items() if UNKNOWN in purposes)
    everything = len(told) == 1
    yield from (
        "purpose: whatever" if everything else "purpose: every other, or one that does not exist",
        *last,
    )


def _of_purpose(organisation_type: str, channel: Channel, purpose: str, named: NamedSets) -> tuple[str, ...]:
    asked = None if purpose == NO_PURPOSE else purpose
    results: dict[tuple[str, ...], set[frozenset[str]]] = defaultdict(set)
    for held in HELD_SETS:
        session = acting(organisation_type, held, channel=channel)
        results[_told(decide(session, Action.INQUIRE, asked, channel, today=TODAY), named)].add(held)
    return tuple(
        line
        for result, held_sets in results.items()
        for line in (f"  holding {_holding(frozenset(held_sets))}: {result[0]}", *result[1:])
    )


@cache
def _holding(held_sets: frozenset[frozenset[str]]) -> str:
    """The plainest words that say exactly which of ``HELD_SETS`` these are."""
    if held_sets == set(HELD_SETS):
        return "anything"
    for needed in _condition_candidates():
        any_of = "any of " if len(needed) > 1 else ""
        if held_sets == {held for held in HELD_SETS if held & needed}:
            return any_of + " or ".join(sorted(needed))
        if held_sets == {held for held in HELD_SETS if not held & needed}:
            return "none of " + ", ".join(sorted(needed))
    for yes, no in itertools.permutations(MANDATES, 2):
        if held_sets == {held for held in HELD_SETS if yes in held and no not in held}:
            return f"{yes} without {no}"
    return "exactly " + "; ".join(sorted("+".join(sorted(held)) or "nothing" for held in held_sets))


def _condition_candidates() -> Iterator[frozenset[str]]:
    for size in (1, 2, 3):
        yield from map(frozenset, itertools.combinations(MANDATES, size))


def _told(decision: Decision, named: NamedSets) -> tuple[str, ...]:
    if decision.cause:
        missing = f" (missing: {', '.join(decision.missing_mandates)})" if decision.missing_mandates else ""
        return (f"refused, {decision.cause}{missing}",)
    if decision.grant is None:
        return ("a purpose can be chosen",)
    opened = (
        f"    {group}, {reach}: {named.name(codes)}" for group, reach, codes in _opened(decision.grant.scopes)
    )
    area = "national" if decision.grant.national_area else "local"
    minors = "" if decision.grant.minor_allowed else "not "
    bases = "; ".join(decision.grant.legal_bases)
    return (f"granted under {bases} ({area} area, minors {minors}allowed without a reason)", *opened)


@cache
def _opened(scopes: tuple[Scope, ...]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Group by group: how far back, and which benefits."""
    return tuple(
        (group, reach, tuple(codes))
        for group in GROUPS
        for reach, codes in _by_reach([scope for scope in scopes if scope.group == group]).items()
    )


def _by_reach(scopes: Sequence[Scope]) -> dict[str, list[str]]:
    reaches: dict[str, list[str]] = defaultdict(list)
    for code in catalogue().codes():
        seen = [months for months in range(FURTHEST + 1) if _seen(scopes, code, _earlier(months))]
        assert seen == list(range(len(seen))), "a window without gaps"
        if seen:
            reaches["no limit" if seen[-1] == FURTHEST else f"{seen[-1]} months"].append(code)
    return reaches


def _seen(scopes: Sequence[Scope], code: str, day: date) -> bool:
    return any(code in scope.benefits and (scope.since is None or scope.since <= day) for scope in scopes)


def _earlier(months: int) -> date:
    years, month = divmod(TODAY.month - 1 - months, 12)
    return date(TODAY.year + years, month + 1, TODAY.day)


def _persons() -> Iterator[str]:
    for national_area, minor_allowed in itertools.product((False, True), repeat=2):
        grant = grant_of(national_area=national_area, minor_allowed=minor_allowed)
        area = "national" if national_area else "local"
        minors = "" if minor_allowed else "not "
        yield f"## person facts: {area} area, minors {minors}allowed without a reason"
        yield from (f"{', '.join(way)}: {result}" for way, result in _ways(grant, {}, FACTS))
        yield ""


def _ways(grant: Grant, known: dict[str, bool], rest: Sequence[str]) -> list[tuple[tuple[str, ...], str]]:
    """The ways to each result, going through the facts one by one."""
    if not rest:
        person = decide_person(grant, PersonFacts(**known))
        return [((), f"{person.outcome} ({person.rule})")]
    fact, further = rest[0], rest[1:]
    yes = _ways(grant, {**known, fact: True}, further)
    no = _ways(grant, {**known, fact: False}, further)
    if yes == no:
        return yes
    return [
        ((word, *way), result) for word, ways in ((fact, yes), (f"not {fact}", no)) for way, result in ways
    ]
