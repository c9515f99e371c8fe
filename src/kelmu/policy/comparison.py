"""Comparing policy's decision with the one the door made for itself, in its own SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kelmu.policy.grants import Grant, require
from kelmu.policy.loader import policy_data
from kelmu.policy.rules import PersonDecision, window_start


@dataclass(frozen=True, slots=True)
class SqlDecision:
    """What the door decided: the outcome and its rule, or the cause of a refusal before any person.

    ``scopes`` are (profile id, group, first day that may be seen), whatever the outcome.
    """

    outcome: str
    rule: str
    cause: str | None
    decided_on: date
    scopes: frozenset[tuple[int, str, date | None]]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SqlDecision:
        """Read what the door told.

        Raises:
            KeyError, TypeError, ValueError: something is missing or not what it should be.
        """
        scopes = [
            (int(profile_id), str(group), None if since is None else date.fromisoformat(since))
            for profile_id, group, since in data["scopes"]
        ]
        if len(set(scopes)) < len(scopes):
            raise ValueError("the door names a scope twice")
        return cls(
            outcome=data["outcome"],
            rule=data["rule"],
            cause=data["cause"],
            decided_on=date.fromisoformat(data["decided_on"]),
            scopes=frozenset(scopes),
        )


def agrees(
    grant: Grant,
    person_decision: PersonDecision,
    sql_decision: SqlDecision,
    *,
    groups: Collection[str] | None = None,
) -> bool:
    """Whether the door decided the same: outcome, rule, and every scope with its first day.

    The door may have decided just after midnight what was granted just before: its day counts then,
    and its windows must be right for that day.

    Args:
        grant: what was decided here before any person.
        person_decision: what was decided here about the person.
        sql_decision: what the door told.
        groups: those the door was asked for; None means all of the grant's.

    Raises:
        GrantRefusedError: the grant is worth nothing.
    """
    require(grant)
    asked = frozenset(grant.groups if groups is None else groups)
    days = {grant.decided_on, grant.decided_on + timedelta(days=1)}
    profiles = policy_data().profiles
    expected = {
        (
            scope.profile_id,
            str(scope.group),
            window_start(sql_decision.decided_on, profiles[scope.profile_id].lookback_months),
        )
        for scope in grant.scopes
        if scope.group in asked
    }
    return (
        sql_decision.cause is None
        and sql_decision.decided_on in days
        and (sql_decision.outcome, sql_decision.rule) == (person_decision.outcome, person_decision.rule)
        and sql_decision.scopes == expected
    )
