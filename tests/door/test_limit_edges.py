"""A lock is of one official alone, and a review of it leaves everybody else's as it is."""

from __future__ import annotations

from tests.door.looking import Desk
from tests.door.test_limits import held, miss, released, sign_in
from tests.world import Somebody, World, pseudonym_of

REVIEWED = "Reviewed: a faulty list of codes"
OPEN = "SELECT count(*) FROM inquiry.official_lock WHERE official_pseudonym = %s AND released_at IS NULL"


def lock(world: World, pseudonym: str) -> None:
    world.database.run("INSERT INTO inquiry.official_lock (official_pseudonym) VALUES (%s)", pseudonym)


def miss_twenty(world: World, desk: Desk, official: Somebody) -> None:
    for _ in range(4):
        miss(world, desk, 5)
        sign_in(desk, official)


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
    miss_twenty(world, desk, official)
    assert held(desk, client.personal_id)
    assert world.database.run(OPEN, own) == [(1,)]
    assert len(world.entries(kind="locked", official_pseudonym=own)) == 1
