"""The door's decision is compared whole with policy's own."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from kelmu.core import clock
from kelmu.policy import (
    Action,
    Channel,
    Grant,
    GrantRefusedError,
    Outcome,
    PersonDecision,
    PersonFacts,
    Rule,
    SqlDecision,
    agrees,
    decide,
    decide_person,
)
from kelmu.policy.rules import months_before
from tests.policy.actors import FACTS, ORDINARY, TODAY, acting

GIVEN = PersonDecision(Outcome.GIVEN, Rule.GIVEN)


@pytest.fixture
def grant() -> Grant:
    made = decide(acting(), Action.INQUIRE, "client_fees", Channel.WEB, today=TODAY).grant
    assert made is not None
    return made


def told(grant: Grant, **changed: object) -> SqlDecision:
    """What a door of one mind with us tells, as it came over the wire, but for what is changed."""
    data: dict[str, Any] = {
        "outcome": "given",
        "rule": "given",
        "cause": None,
        "decided_on": TODAY.isoformat(),
        "scopes": [
            [scope.profile_id, str(scope.group), scope.since.isoformat() if scope.since else None]
            for scope in grant.scopes
        ],
    }
    return SqlDecision.from_json(data | changed)


def test_a_door_of_one_mind_agrees(grant: Grant) -> None:
    assert agrees(grant, GIVEN, told(grant))
    assert agrees(grant, decide_person(grant, ORDINARY), told(grant))


def scopes_of(grant: Grant) -> list[list[Any]]:
    return [
        [scope.profile_id, str(scope.group), scope.since.isoformat()] for scope in grant.scopes if scope.since
    ]


def test_any_difference_is_noticed(grant: Grant) -> None:
    scopes = scopes_of(grant)
    differences: list[dict[str, object]] = [
        {"outcome": "not_available"},
        {"rule": "given_after_reason"},
        {"cause": "missing_mandate"},
        {"decided_on": (TODAY - timedelta(days=1)).isoformat()},
        {"decided_on": (TODAY + timedelta(days=2)).isoformat()},
        {"scopes": []},
        {"scopes": scopes[1:]},
        {"scopes": [*scopes, [2, "pending", None]]},
        {"scopes": [[scopes[0][0], scopes[0][1], None], *scopes[1:]]},
        {"scopes": [[scopes[0][0], scopes[0][1], "2025-11-23"], *scopes[1:]]},
        {"scopes": [[scopes[0][0] + 1, *scopes[0][1:]], *scopes[1:]]},
        {"scopes": [[scopes[0][0], "recovery", scopes[0][2]], *scopes[1:]]},
    ]
    for difference in differences:
        assert not agrees(grant, GIVEN, told(grant, **difference)), difference


def test_midnight_between_the_two_is_no_difference_if_the_windows_moved_with_it(grant: Grant) -> None:
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    moved = [[profile_id, group, "2025-11-25"] for profile_id, group, _ in scopes_of(grant)]
    assert agrees(grant, GIVEN, told(grant, decided_on=tomorrow, scopes=moved))
    assert not agrees(grant, GIVEN, told(grant, decided_on=tomorrow))


@pytest.mark.parametrize("days", [-1, 2])
def test_a_decision_of_another_day_does_not_agree_even_with_windows_right_for_it(
    grant: Grant, days: int
) -> None:
    other = TODAY + timedelta(days=days)
    moved = [
        [profile_id, group, months_before(other, 12).isoformat()] for profile_id, group, _ in scopes_of(grant)
    ]
    assert not agrees(grant, GIVEN, told(grant, decided_on=other.isoformat(), scopes=moved))


def test_only_the_groups_that_were_asked_are_compared(grant: Grant) -> None:
    payments = [scope for scope in scopes_of(grant) if scope[1] == "payments"]
    answer = told(grant, scopes=payments)
    assert agrees(grant, GIVEN, answer, groups=["payments"])
    assert agrees(grant, GIVEN, answer, groups=["payments", "recovery"])  # recovery is not granted at all
    assert not agrees(grant, GIVEN, answer)
    assert not agrees(grant, GIVEN, answer, groups=["payments", "decisions"])


def test_nothing_agrees_with_a_grant_that_is_worth_nothing(grant: Grant) -> None:
    answer = told(grant)
    with clock.stopped(grant.expires_at), pytest.raises(GrantRefusedError):
        agrees(grant, GIVEN, answer)


@pytest.mark.parametrize(
    "changed",
    [
        {"scopes": None},
        {"scopes": [[2, "pending"]]},
        {"scopes": [[2, "pending", None], [2, "pending", None]]},
        {"decided_on": "yesterday"},
        {"decided_on": None},
    ],
)
def test_what_cannot_be_read_is_an_error(grant: Grant, changed: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        told(grant, **changed)


def test_facts_are_read_whole_or_not_at_all() -> None:
    assert PersonFacts.from_json(asdict(ORDINARY)) == ORDINARY
    for name in FACTS:
        for wrong in (None, 1, "true"):
            with pytest.raises(ValueError, match="fact"):
                PersonFacts.from_json(asdict(ORDINARY) | {name: wrong})
        with pytest.raises(ValueError, match="facts"):
            PersonFacts.from_json({key: value for key, value in asdict(ORDINARY).items() if key != name})
    with pytest.raises(ValueError, match="facts"):
        PersonFacts.from_json(asdict(ORDINARY) | {"famous": True})
