"""From which day to which a system is known, how long its token lives, how it names its official."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date, timedelta
from typing import Any, LiteralString

import psycopg
import pytest

from kelmu.core import clock
from kelmu.policy import policy_digest
from tests.api.calling import VIEW, System
from tests.api.test_token_edges import ISSUE, refusal
from tests.world import LONG_AGO, Body, Somebody, World, pseudonym_of

TODAY = clock.today()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
TOKEN, PSEUDONYM = "t" * 43, "0123456789abcdef" * 4
KNOWN: LiteralString = "SELECT door.api_client(%s) ->> 'client_id'"
BEGIN: LiteralString = "SELECT session_id FROM door.begin_machine_acting(%s, %s, %s, %s)"


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@pytest.fixture
def issued(world: World, system: System) -> str:
    """A living token of the system."""
    token = f"{TOKEN}{system.client_id}"
    assert world.database.run(ISSUE, system.client_id, digest(token), role="kelmu_web") == [(600,)]
    return token


@pytest.mark.parametrize(
    ("first", "last", "known"),
    [
        (LONG_AGO, None, True), (TODAY, TODAY, True), (LONG_AGO, TODAY, True), (TODAY, None, True),
        (TOMORROW, None, False), (LONG_AGO, YESTERDAY, False), (TOMORROW, TOMORROW, False),
    ],
)  # fmt: skip
def test_a_system_is_known_from_its_first_day_to_its_last(
    world: World, system: System, issued: str, first: date, last: date | None, *, known: bool
) -> None:
    system.run(
        "UPDATE organisations.api_client SET valid_from = %s, valid_to = %s WHERE client_id = %s",
        first, last, system.client_id,
    )  # fmt: skip
    assert world.database.run(KNOWN, issued) == [(system.client_id if known else None,)]
    if known:
        assert world.database.run(ISSUE, system.client_id, digest(f"another {issued}")) == [(600,)]
    else:
        assert refusal(world, ISSUE, system.client_id, digest(f"another {issued}")) == "KL001"


def test_a_token_lives_until_its_last_moment_and_is_then_forgotten(
    moment: psycopg.Connection, system: System, issued: str
) -> None:
    change = (
        b"UPDATE identity.api_token SET issued_at = now() - interval '1 minute',"
        b" expires_at = now() + %s::interval WHERE token_hash = %s"
    )
    kept = b"SELECT count(*) FROM identity.api_token WHERE token_hash = %s"
    seen = []
    for left in ("1 millisecond", "0 seconds", "-1 millisecond"):
        moment.execute(change, [left, digest(issued)])
        seen.append(moment.execute(KNOWN, [issued]).fetchone())
        moment.execute(ISSUE, [system.client_id, digest(f"{left} {issued}")])
        seen.append(moment.execute(kept, [digest(issued)]).fetchone())
    assert seen == [(system.client_id,), (1,), (None,), (1,), (None,), (0,)]


def test_an_unknown_token_is_nobodys(world: World, issued: str) -> None:
    assert world.database.run(KNOWN, f"{issued}x") == [(None,)]
    assert refusal(world, BEGIN, f"{issued}x", PSEUDONYM, "h-1", None) == "KL002"


@pytest.mark.parametrize("official_id", ["h", "h" * 64])
def test_an_official_is_named_by_up_to_64_characters(
    world: World, system: System, issued: str, official: Somebody, official_id: str
) -> None:
    pseudonym = pseudonym_of(official.personal_id)
    [(session,)] = world.database.run(BEGIN, issued, pseudonym, official_id, official.personal_id)
    [entry] = world.entries(acting_session_id=session, kind="acting_begun")
    assert (entry["detail"], entry["official_pseudonym"]) == (f"{system.client_id} {official_id}", pseudonym)
    assert (entry["official_person_id"], entry["mandates"]) == (official.person_id, [VIEW])
    [(lifetime, mandates_digest)] = world.database.run(
        "SELECT expires_at - started_at, mandate_digest FROM identity.acting_session"
        " WHERE acting_session_id = %s",
        session,
    )
    assert (lifetime, mandates_digest) == (timedelta(minutes=1), digest(VIEW))


@pytest.mark.parametrize(
    "changed",
    [
        {1: None}, {1: PSEUDONYM[1:]}, {1: f"{PSEUDONYM}0"}, {1: f"{PSEUDONYM[1:]}g"}, {2: None}, {2: ""},
        {2: "h" * 65}, {0: None},
    ],
)  # fmt: skip
def test_a_call_without_official_or_token_is_refused(
    world: World, issued: str, changed: dict[int, Any]
) -> None:
    values = {0: issued, 1: PSEUDONYM, 2: "h-1", 3: None}
    assert refusal(world, BEGIN, *{**values, **changed}.values()) == "KL010"


def test_nobody_acts_under_an_agreement_that_is_over(world: World, body: Body, issued: str) -> None:
    world.change_agreement(body, valid_to=YESTERDAY)
    assert refusal(world, BEGIN, issued, PSEUDONYM, "h-1", None) == "KL001"


def test_a_system_is_told_the_policy_in_force(world: World, issued: str) -> None:
    older = uuid.uuid4().hex * 2
    world.database.run("INSERT INTO policy.version (digest, is_current) VALUES (%s, false)", older)
    told: LiteralString = "SELECT door.api_client(%s) ->> 'policy_digest'"
    assert world.database.run(told, issued, role="kelmu_web") == [(policy_digest(),)]


def test_only_the_commit_of_the_acting_itself_does_not_wait_for_the_disk(world: World, issued: str) -> None:
    with world.database.connect() as connection:
        assert connection.execute(BEGIN, [issued, PSEUDONYM, "h-1", None]).fetchone()
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
