"""The doors behind the token endpoint refuse what the endpoint would never send, and forget in time."""

from __future__ import annotations

import uuid
from typing import Any, LiteralString

import psycopg
import pytest

from kelmu.policy import policy_digest
from tests.api.calling import System
from tests.world import World

DIGEST = bytes(32)
USE: LiteralString = "SELECT door.use_api_assertion(%s, %s, now() + %s::interval)"
ISSUE: LiteralString = "SELECT door.issue_api_token(%s, %s)"


def refusal(world: World, query: LiteralString, *values: Any) -> str | None:
    """The SQLSTATE with which the web role is refused."""
    with world.database.connect() as connection, pytest.raises(psycopg.Error) as raised:
        connection.execute(query, values)
    return raised.value.sqlstate


@pytest.mark.parametrize(
    ("client", "digest", "ends"),
    [
        (None, DIGEST, "1 minute"),
        ("itself", None, "1 minute"),
        ("itself", DIGEST, None),
        ("itself", bytes(31), "1 minute"),
        ("itself", bytes(33), "1 minute"),
        ("itself", DIGEST, "10 minutes 1 second"),
    ],
)
def test_an_assertion_without_client_or_digest_or_of_a_far_end_is_refused(
    world: World, system: System, client: str | None, digest: bytes | None, ends: str | None
) -> None:
    assert refusal(world, USE, client and system.client_id, digest, ends) == "KL010"


def test_an_assertion_may_end_in_ten_minutes(world: World, system: System) -> None:
    assert world.database.run(USE, system.client_id, DIGEST, "10 minutes", role="kelmu_web") == [(True,)]


def test_assertions_are_forgotten_ten_minutes_after_their_end(world: World, system: System) -> None:
    with world.database.connect("kelmu_admin", autocommit=False) as admin:
        # Within one transaction it is one moment.
        for number, ago in enumerate(("10 minutes 1 second", "10 minutes")):
            admin.execute(
                "INSERT INTO identity.api_assertion VALUES (%s, %s, now() - %s::interval)",
                [system.client_id, bytes([number]) * 32, ago],
            )
        admin.execute(USE, [system.client_id, b"x" * 32, "1 minute"])
        kept = admin.execute(
            "SELECT jti_hash FROM identity.api_assertion WHERE client_id = %s ORDER BY 1", [system.client_id]
        ).fetchall()
        admin.rollback()
    assert kept == [(b"\x01" * 32,), (b"x" * 32,)]


@pytest.mark.parametrize(
    ("client", "digest"), [(None, DIGEST), ("itself", None), ("itself", bytes(31)), ("itself", bytes(33))]
)
def test_a_token_without_client_or_digest_is_refused(
    world: World, system: System, client: str | None, digest: bytes | None
) -> None:
    assert refusal(world, ISSUE, client and system.client_id, digest) == "KL010"


def test_the_entry_of_a_token_names_the_policy_in_force(world: World, system: System) -> None:
    older = uuid.uuid4().hex * 2
    world.database.run("INSERT INTO policy.version (digest, is_current) VALUES (%s, false)", older)
    system.token()
    [entry] = world.entries(organisation_id=system.body.organisation_id, action="api_token")
    assert entry["policy_digest"] == policy_digest()


def test_a_client_gets_no_token_before_its_first_day(world: World, system: System) -> None:
    system.run(
        "UPDATE organisations.api_client SET valid_from = current_date + 2 WHERE client_id = %s",
        system.client_id,
    )
    assert refusal(world, ISSUE, system.client_id, DIGEST) == "KL001"
