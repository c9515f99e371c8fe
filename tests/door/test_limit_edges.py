"""Each figure of the limits by itself, at the moment and the number on which it hangs; whose misses count."""

from __future__ import annotations

from typing import LiteralString

import psycopg
import pytest
from psycopg import sql

from tests.door.looking import Desk
from tests.door.test_limits import held, miss, released, sign_in, wait
from tests.door.test_tickets import refused_with
from tests.world import Body, Somebody, World, pseudonym_of

REVIEWED = "Reviewed: a faulty list of codes"
OPEN: LiteralString = (
    "SELECT count(*) FROM inquiry.official_lock WHERE official_pseudonym = %s AND released_at IS NULL"
)
COUNT: LiteralString = """
    WITH asking AS (
        SELECT * FROM identity.acting_session WHERE secret_hash = sha256(convert_to(%(secret)s, 'UTF8'))
    ), looked AS (
        INSERT INTO inquiry.inquiry (
            inquiry_id, acting_session_id, former_code, purpose, told_client, data_groups, code_mark,
            many_persons, expires_at)
        SELECT gen_random_uuid(), acting_session_id, false, 'p', true, '{}', sha256(%(code)s::bytea), false,
            now()
        FROM asking
        RETURNING inquiry_id, code_mark
    )
    INSERT INTO inquiry.counted (
        inquiry_id, official_pseudonym, organisation_id, code_mark, outcome, opened_at, told_at)
    SELECT inquiry_id, official_pseudonym, organisation_id, code_mark, %(outcome)s, now() - %(ago)s::interval,
        now() - %(ago)s::interval
    FROM looked, asking
"""
FIGURES = [
    "persons_per_official", "persons_per_organisation", "misses_in_a_row", "misses_per_official",
    "misses_per_organisation",
]  # fmt: skip


def lock(world: World, pseudonym: str) -> None:
    world.database.run("INSERT INTO inquiry.official_lock (official_pseudonym) VALUES (%s)", pseudonym)


def miss_twenty(world: World, desk: Desk, official: Somebody) -> None:
    for _ in range(4):
        miss(world, desk, 5)
        sign_in(desk, official)


def limit(desk: Desk, **figures: int) -> None:
    """The web's figures for this moment; what is not named does not limit."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(figures.get(name))) for name in FIGURES
    )
    desk.connection.execute(sql.SQL("UPDATE inquiry.limits SET {} WHERE channel = 'web'").format(columns))


def counted(desk: Desk, *ago: str, outcome: str = "not_available", code: str | None = None) -> None:
    """Have inquiries counted, each so long ago, of a code of its own unless told."""
    for each in ago:
        desk.connection.execute(
            COUNT, {"secret": desk.secret, "code": code or each, "outcome": outcome, "ago": each}
        )


def opened(desk: Desk, code: str) -> bool | None:
    """None: refused for now; else whether a reason was asked for many persons. Taken back."""
    with desk.connection.transaction(force_rollback=True):
        inquiry_id, _ = desk.open(code)
        if inquiry_id is None:
            return None
        many: bool = desk.call("SELECT many_persons FROM inquiry.inquiry WHERE inquiry_id = %s", inquiry_id)
        return many


@pytest.fixture
def colleague(frozen: Desk, world: World, body: Body) -> Desk:
    """Another official of the same organisation."""
    return Desk(frozen.connection, world.begin(body, world.person(lives_in="091")))


@pytest.fixture
def stranger(frozen: Desk, world: World) -> Desk:
    """An official of another organisation."""
    return Desk(frozen.connection, world.begin(world.body(), world.person(lives_in="091")))


def test_one_who_is_locked_already_keeps_nobody_else_from_being_locked(
    desk: Desk, world: World, official: Somebody, client: Somebody
) -> None:
    other, own = pseudonym_of(world.person().personal_id), pseudonym_of(official.personal_id)
    lock(world, other)
    miss_twenty(world, desk, official)
    assert held(desk, client.personal_id)
    assert world.database.run(OPEN, own) == [(1,)]
    assert released(world, own, REVIEWED) == 0
    assert world.database.run(OPEN, other) == [(1,)], "the other's review is another"


def test_one_who_was_released_can_be_locked_again(
    desk: Desk, world: World, official: Somebody, client: Somebody
) -> None:
    own = pseudonym_of(official.personal_id)
    lock(world, own)
    assert held(desk, client.personal_id)
    assert released(world, own, REVIEWED) == 0
    lock(world, own)
    assert wait(desk) is None, "whatever was released before"
    assert released(world, own, REVIEWED) == 0
    miss_twenty(world, desk, official)
    assert held(desk, client.personal_id)
    assert world.database.run(OPEN, own) == [(1,)]
    assert len(world.entries(kind="locked", official_pseudonym=own)) == 1


def test_a_row_of_misses_is_the_officials_own_and_broken_at_the_moment_of_a_client_given(
    frozen: Desk, colleague: Desk, client: Somebody
) -> None:
    limit(frozen, misses_in_a_row=2)
    counted(frozen, "3 minutes", "2 minutes")
    counted(frozen, "2 minutes", outcome="given", code="given")
    counted(frozen, "1 minute")
    assert opened(frozen, client.personal_id) is False, "one miss since"
    counted(frozen, "30 seconds")
    assert wait(frozen) == 15 * 60 - 30
    counted(colleague, "10 seconds", outcome="given")
    assert wait(frozen) == 15 * 60 - 30, "another's client"
    sign_in(frozen, client)
    assert wait(frozen) == 15 * 60 - 30, "another's sign-in"
    assert opened(colleague, client.personal_id) is False


def test_she_has_waited_when_the_wait_is_over_to_the_moment(frozen: Desk, client: Somebody) -> None:
    limit(frozen, misses_in_a_row=2)
    counted(frozen, "16 minutes", "15 minutes")
    assert opened(frozen, client.personal_id) is False
    counted(frozen, "14 minutes 59 seconds")
    assert wait(frozen) == 1
    assert opened(frozen, client.personal_id) is None


def test_a_miss_of_24_hours_ago_counts_no_more(frozen: Desk, colleague: Desk, client: Somebody) -> None:
    limit(frozen, misses_per_official=2)
    counted(frozen, "24 hours", "1 hour")
    assert opened(frozen, client.personal_id) is False
    counted(frozen, "23 hours 59 minutes")
    assert wait(frozen) is None
    limit(frozen)
    assert opened(frozen, client.personal_id) is False, "nothing is limited"
    limit(frozen, misses_per_organisation=3)
    assert opened(colleague, client.personal_id) is False
    counted(colleague, "3 hours", "2 hours")
    assert wait(frozen) == wait(colleague) == 22 * 3600 - 3600, "the third latest of 1, 2, 3 and 24 hours ago"
    counted(frozen, "30 minutes")
    assert wait(frozen) == 22 * 3600


def test_officials_wait_for_their_turn_only_where_something_of_theirs_is_counted(
    frozen: Desk, world: World, official: Somebody, client: Somebody
) -> None:
    frozen.connection.execute("SET LOCAL lock_timeout = '50ms'")
    with world.database.connect("kelmu_admin", autocommit=False) as other:
        other.execute(
            "SELECT pg_advisory_xact_lock(5014, hashtext(%s))", [pseudonym_of(official.personal_id)]
        )
        for figure in ("persons_per_official", "misses_in_a_row", "misses_per_official"):
            limit(frozen, **{figure: 9})
            with pytest.raises(psycopg.errors.LockNotAvailable), frozen.connection.transaction():
                frozen.open(client.personal_id)
        limit(frozen, persons_per_organisation=9, misses_per_organisation=9)
        assert opened(frozen, client.personal_id) is False
        other.rollback()


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_no_older_snapshot_hides_what_was_counted(
    desk: Desk, world: World, client: Somebody, level: str
) -> None:
    with world.database.connect(autocommit=False) as connection:
        connection.execute(f"SET TRANSACTION ISOLATION LEVEL {level}".encode())
        with refused_with("KL011"):
            Desk(connection, desk.secret).open(client.personal_id)


@pytest.mark.parametrize("figure", ["persons_per_official", "persons_per_organisation"])
def test_a_further_person_is_one_more_than_the_figure_within_ten_minutes(
    frozen: Desk, colleague: Desk, stranger: Desk, client: Somebody, figure: str
) -> None:
    limit(frozen, **{figure: 2})
    assert frozen.open(client.personal_id), "the same code again is no further person"
    another = colleague if figure == "persons_per_organisation" else frozen
    counted(another, "10 minutes", "1 minute", outcome="given")
    counted(another, "2 minutes", code="1 minute")
    counted(stranger, "3 minutes", "4 minutes", outcome="given")
    assert opened(frozen, client.personal_id) is False, "one other person, opened twice"
    counted(another, "9 minutes 59 seconds")
    assert opened(frozen, client.personal_id) is True
    limit(frozen)
    assert opened(frozen, client.personal_id) is False, "nothing is limited"
