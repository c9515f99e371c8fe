"""No log, no data: what a ticket must be before the door answers."""

from __future__ import annotations

import hashlib
import json
import secrets
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.door.looking import GROUPS, Desk
from tests.world import Body, Somebody, World


def refused_with(code: str) -> pytest.RaisesExc[psycopg.Error]:
    return pytest.RaisesExc(psycopg.Error, check=lambda error: error.sqlstate == code)


def test_a_look_answers_and_leaves_two_entries(desk: Desk, client: Somebody, world: World) -> None:
    inquiry_id, ticket = desk.open(client.personal_id)
    document = desk.read(ticket)
    assert document is not None
    assert json.loads(document)["payments"][0]["net"] == "612.00"
    opened, disclosed = world.entries(inquiry_id=inquiry_id)
    assert (opened["kind"], opened["outcome"], opened["rule"]) == ("inquiry", "given", "given")
    assert opened["case_reference"] == "case-1"
    assert disclosed["kind"] == "disclosed"
    assert disclosed["subject_person_id"] == client.person_id
    assert disclosed["data_groups"] == ["decisions", "payments", "pending", "person"]
    assert "payments.net" in disclosed["fields"]
    digest = hashlib.sha256(document.encode()).hexdigest()
    assert disclosed["document_digest"] == rf"\x{digest}"


def test_a_guessed_ticket_is_not_there_and_is_an_entry(desk: Desk, world: World, body: Body) -> None:
    assert desk.read(secrets.token_hex(32)) is None
    assert desk.outcome(secrets.token_hex(32)) is None
    entries = world.entries(organisation_id=body.organisation_id, kind="not_there")
    assert [entry["detail"] for entry in entries] == ["ticket unknown", "ticket unknown"]


def test_another_sessions_ticket_is_not_there_and_is_an_entry(
    desk: Desk, client: Somebody, world: World, body: Body
) -> None:
    _, ticket = desk.open(client.personal_id)
    thief = Desk(desk.connection, world.begin(body))
    assert thief.outcome(ticket) is None
    assert thief.read(ticket) is None
    entries = world.entries(organisation_id=body.organisation_id, kind="not_there")
    assert [entry["detail"] for entry in entries] == ["ticket of another session"] * 2
    assert desk.read(ticket) is not None


def test_another_sessions_inquiry_is_not_there_and_is_an_entry(
    desk: Desk, client: Somebody, world: World, body: Body
) -> None:
    inquiry_id, _ = desk.open(client.personal_id)
    thief = Desk(desk.connection, world.begin(body))
    assert thief.view(inquiry_id, ["payments"]) is None
    assert thief.reason(inquiry_id, "a reason long enough") is None
    assert len(world.entries(organisation_id=body.organisation_id, kind="not_there")) == 2


def test_a_ticket_older_than_30_seconds_is_not_there(desk: Desk, client: Somebody, world: World) -> None:
    _, ticket = desk.open(client.personal_id)
    age(world, ticket, 31)
    assert desk.outcome(ticket) is None
    assert desk.read(ticket) is None


def test_a_ticket_of_29_seconds_still_reads(desk: Desk, client: Somebody, world: World) -> None:
    _, ticket = desk.open(client.personal_id)
    age(world, ticket, 25)
    assert desk.read(ticket) is not None


def age(world: World, ticket: str, seconds: int) -> None:
    world.database.run(
        "UPDATE inquiry.ticket SET issued_at = issued_at - make_interval(secs => %s) WHERE ticket_hash = %s",
        seconds, hashlib.sha256(ticket.encode()).digest(),
    )  # fmt: skip


def test_a_ticket_reads_once(desk: Desk, client: Somebody) -> None:
    _, ticket = desk.open(client.personal_id)
    assert desk.read(ticket) is not None
    assert desk.read(ticket) is None
    assert desk.outcome(ticket) is None


def test_a_read_rolled_back_gives_its_use_back_and_repeats_the_same_answer(
    desk: Desk, client: Somebody, world: World
) -> None:
    inquiry_id, ticket = desk.open(client.personal_id)
    with desk.connection.transaction() as transaction:
        first = desk.read(ticket)
        raise psycopg.Rollback(transaction)
    second = desk.read(ticket)
    assert first is not None
    assert first == second
    assert [entry["kind"] for entry in world.entries(inquiry_id=inquiry_id)] == ["inquiry", "disclosed"]


def test_a_ticket_does_not_read_inside_its_own_transaction(desk: Desk, client: Somebody) -> None:
    with refused_with("KL020"), desk.connection.transaction():
        _, ticket = desk.open(client.personal_id)
        desk.read(ticket)
    with refused_with("KL020"), desk.connection.transaction():
        _, ticket = desk.open(client.personal_id)
        desk.outcome(ticket)


def test_a_released_savepoint_is_no_commit(desk: Desk, client: Somebody) -> None:
    with refused_with("KL020"), desk.connection.transaction():
        with desk.connection.transaction(savepoint_name="one"):
            _, ticket = desk.open(client.personal_id)
        desk.read(ticket)


def test_a_ticket_does_not_read_from_a_second_connection_before_its_commit(
    desk: Desk, client: Somebody, world: World
) -> None:
    with world.database.connect() as second, desk.connection.transaction():
        _, ticket = desk.open(client.personal_id)
        assert Desk(second, desk.secret).outcome(ticket) is None
        assert Desk(second, desk.secret).read(ticket) is None


def test_a_ticket_whose_opening_was_rolled_back_is_not_there(desk: Desk, client: Somebody) -> None:
    with desk.connection.transaction() as transaction:
        _, ticket = desk.open(client.personal_id)
        raise psycopg.Rollback(transaction)
    assert desk.read(ticket) is None


def test_a_cancelled_opening_leaves_no_ticket(desk: Desk, client: Somebody) -> None:
    desk.connection.execute("BEGIN")
    _, ticket = desk.open(client.personal_id)
    desk.connection.execute("SET LOCAL statement_timeout = '50ms'")
    with pytest.raises(psycopg.errors.QueryCanceled):
        desk.connection.execute("SELECT pg_sleep(5)")
    desk.connection.execute("COMMIT")
    assert desk.read(ticket) is None


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_no_isolation_level_reads_a_ticket_twice(
    desk: Desk, client: Somebody, world: World, level: str
) -> None:
    _, ticket = desk.open(client.personal_id)
    with world.database.connect(autocommit=False) as slow:
        slow.execute(f"SET TRANSACTION ISOLATION LEVEL {level}".encode())
        slow.execute("SELECT door.acting(%s)", [desk.secret])
        assert desk.read(ticket) is not None
        with pytest.raises(psycopg.errors.SerializationFailure):
            Desk(slow, desk.secret).read(ticket)


def test_two_readers_at_once_get_one_answer(desk: Desk, client: Somebody, world: World) -> None:
    inquiry_id, ticket = desk.open(client.personal_id)
    with world.database.connect(autocommit=False) as first, ThreadPoolExecutor(1) as pool:
        answer = Desk(first, desk.secret).read(ticket)
        waiting = pool.submit(desk.read, ticket)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.5)
        first.commit()
        assert answer is not None
        assert waiting.result(timeout=5) is None
    assert [entry["kind"] for entry in world.entries(inquiry_id=inquiry_id)] == [
        "inquiry", "disclosed", "not_there",
    ]  # fmt: skip


def test_an_opening_not_given_discloses_nothing(desk: Desk, world: World) -> None:
    outsider = world.person(lives_in="853")
    inquiry_id, ticket = desk.open(outsider.personal_id)
    with refused_with("KL021"):
        desk.read(ticket)
    assert [entry["kind"] for entry in world.entries(inquiry_id=inquiry_id)] == ["inquiry"]


def test_a_view_opens_only_its_own_groups(desk: Desk, client: Somebody) -> None:
    inquiry_id, _ = desk.open(client.personal_id)
    ticket = desk.view(inquiry_id, ["payments"])
    assert ticket is not None
    document = json.loads(desk.read(ticket) or "")
    assert "payments" in document
    assert not {"pending", "decisions"} & set(document)


def test_an_inquiry_ends_after_60_minutes(desk: Desk, client: Somebody, world: World) -> None:
    inquiry_id, _ = desk.open(client.personal_id)
    world.database.run("UPDATE inquiry.inquiry SET expires_at = now() WHERE inquiry_id = %s", inquiry_id)
    assert desk.view(inquiry_id, GROUPS) is None


def test_secrets_and_tickets_are_stored_only_as_digests(desk: Desk, client: Somebody, world: World) -> None:
    _, ticket = desk.open(client.personal_id)
    assert len(bytes.fromhex(ticket)) == len(bytes.fromhex(desk.secret)) == 32
    [(rows,)] = world.database.run(
        "SELECT (SELECT string_agg(t::text, '') FROM inquiry.ticket t) "
        "|| (SELECT string_agg(s::text, '') FROM identity.acting_session s)"
    )
    assert ticket not in str(rows)
    assert desk.secret not in str(rows)
