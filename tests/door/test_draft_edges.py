"""The last moment of a draft, its least text, and which one is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import LiteralString
from uuid import UUID

from tests.door.looking import Desk
from tests.door.test_drafts import SEALED, forget, keep, offered
from tests.world import TURKU, World

REST: LiteralString = "SELECT count(*) FROM inquiry.draft WHERE sealed = %s"
OVER: LiteralString = "UPDATE inquiry.draft SET expires_at = now() WHERE sealed = %s"
PURGING: LiteralString = "SELECT pg_try_advisory_xact_lock(5013, 2)"


def waiting(desk: Desk, world: World) -> UUID:
    """An inquiry that waits for a reason."""
    return desk.open(world.person(lives_in=TURKU).personal_id)[0]


def test_a_shown_card_is_remembered_an_hour(frozen: Desk, world: World) -> None:
    inquiry_id = waiting(frozen, world)
    assert offered(frozen, "reason", inquiry_id) is None
    lives = "SELECT expires_at - now() FROM inquiry.draft WHERE inquiry_id = %s"
    assert frozen.call(lives, inquiry_id) == timedelta(hours=1)


def test_a_draft_is_over_at_its_last_moment_and_removed_by_whoever_keeps_or_asks_next(
    frozen: Desk, world: World
) -> None:
    with world.database.connect("kelmu_admin", autocommit=False) as other:
        assert other.execute(PURGING).fetchone() == (True,)
        assert keep(frozen, "search", sealed="x"), "one character is a text"
        assert offered(frozen, "search") == "x"
        frozen.connection.execute(OVER, ["x"])
        assert offered(frozen, "search") is None
        assert frozen.call(REST, "x") == 1, "left to the other who removes what is over"
        other.rollback()
    assert keep(frozen, "reason", waiting(frozen, world), sealed="z")
    assert frozen.call(REST, "x") == 0
    frozen.connection.execute(OVER, ["z"])
    assert offered(frozen, "search") is None
    assert frozen.call(REST, "z") == 0


def test_a_reason_cannot_be_kept_from_the_last_moment_of_what_was_typed(frozen: Desk, world: World) -> None:
    inquiry_id = waiting(frozen, world)
    ends = "UPDATE inquiry.inquiry_content SET expires_at = now() + %s::interval WHERE inquiry_id = %s"
    frozen.connection.execute(ends, ["0", inquiry_id])
    assert keep(frozen, "reason", inquiry_id) is None
    frozen.connection.execute(ends, ["1 millisecond", inquiry_id])
    assert keep(frozen, "reason", inquiry_id)


def test_only_the_draft_of_that_form_and_inquiry_is_forgotten(frozen: Desk, world: World) -> None:
    one, other = waiting(frozen, world), waiting(frozen, world)

    def left() -> list[str | None]:
        return [offered(frozen, "search"), offered(frozen, "reason", one), offered(frozen, "reason", other)]

    keep(frozen, "search")
    keep(frozen, "reason", one)
    keep(frozen, "reason", other)
    forget(frozen, "reason")
    forget(frozen, "search", one)
    assert left() == [SEALED] * 3
    forget(frozen, "reason", other)
    assert left() == [SEALED, SEALED, None]
    forget(frozen, "search")
    assert left() == [None, SEALED, None]
