"""Loading the policy this package carries into the tables the door reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, LiteralString

import psycopg

from kelmu.benefits.catalogue import Benefit, catalogue
from kelmu.policy.content import FeatureRow, PolicyData, ProfileRow
from kelmu.policy.loader import policy_data

# Referring tables first. DELETE, not TRUNCATE: doors that are reading meanwhile keep what they see.
_CLEAR: tuple[LiteralString, ...] = (
    "DELETE FROM policy.profile_benefit",
    "DELETE FROM policy.profile",
    "DELETE FROM policy.feature",
    "DELETE FROM policy.purpose",
    "DELETE FROM policy.mandate",
    "DELETE FROM policy.benefit",
    "DELETE FROM policy.organisation_type",
    "UPDATE policy.version SET is_current = false WHERE is_current",
)
_CURRENT: LiteralString = """
    INSERT INTO policy.version AS known (digest, loaded_at, is_current) VALUES (%s, now(), true)
    ON CONFLICT (digest) DO UPDATE SET loaded_at = excluded.loaded_at, is_current = true
"""


def load_policy(connection: psycopg.Connection[Any]) -> str:
    """Replace the policy in the database by the one this package carries, in one transaction.

    Doors go on with the old one until it commits. Other loads wait for this one. Loading the same
    policy again changes only ``loaded_at``.

    Args:
        connection: as ``kelmu_owner``, in autocommit or outside a transaction.

    Returns:
        The digest of the policy now current.

    Raises:
        DataFileError: the package's files cannot be used; the database keeps what it has.
    """
    data = policy_data()
    with connection.transaction():
        connection.execute("LOCK TABLE policy.version IN SHARE ROW EXCLUSIVE MODE")
        for statement in _CLEAR:
            connection.execute(statement)
        for copy, rows in _tables(data):
            with connection.cursor().copy(copy) as target:
                for row in rows:
                    target.write_row(row)
        connection.execute("SELECT policy.expand_profiles()")
        connection.execute(_CURRENT, [data.digest])
    return data.digest


def _tables(data: PolicyData) -> Iterator[tuple[LiteralString, Iterable[Sequence[Any]]]]:
    """Each table's COPY and its rows, in the order in which they may refer to each other."""
    yield (
        "COPY policy.organisation_type (code, profile_type, national_area, everybody_outside) FROM STDIN",
        (
            (each.code, each.profile_type, each.national_area, each.everybody_outside)
            for each in data.organisation_types.values()
        ),
    )
    yield (
        "COPY policy.benefit (code, health, claim_grounds, valid_from, valid_to) FROM STDIN",
        map(_benefit_row, catalogue()),
    )
    yield "COPY policy.mandate (code) FROM STDIN", ((code,) for code in data.mandates)
    yield (
        "COPY policy.purpose (code, minor_allowed) FROM STDIN",
        ((each.code, each.minor_allowed) for each in data.purposes.values()),
    )
    yield (
        """COPY policy.profile (profile_id, organisation_type, mandate, purpose, channels, legal_basis,
            data_group, benefit_scope, lookback_months) FROM STDIN""",
        map(_profile_row, data.profiles.values()),
    )
    yield (
        """COPY policy.feature (feature_id, organisation_type, mandate, feature, list_kind, purpose,
            legal_basis) FROM STDIN""",
        map(_feature_row, data.features.values()),
    )


def _benefit_row(latest: Benefit) -> tuple[Any, ...]:
    """One row a code: from the first day of its first line to the last of its last."""
    first = catalogue().lines(latest.code)[0]
    return latest.code, latest.health, sorted(latest.claim_grounds), first.valid_from, latest.valid_to


def _profile_row(row: ProfileRow) -> tuple[Any, ...]:
    return (
        row.profile_id,
        row.organisation_type,
        row.mandate,
        row.purpose,
        list(row.channels),
        row.legal_basis,
        row.data_group,
        list(row.benefit_scope),
        row.lookback_months,
    )


def _feature_row(row: FeatureRow) -> tuple[Any, ...]:
    return (
        row.feature_id,
        row.organisation_type,
        row.mandate,
        row.feature,
        row.list_kind,
        row.purpose,
        row.legal_basis,
    )
