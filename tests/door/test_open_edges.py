"""What the doors that open take, how long what was typed lives, and what of it can be used once."""

from __future__ import annotations

from typing import Any, LiteralString

import pytest

from tests.door.looking import GROUPS, Desk
from tests.door.test_tickets import refused_with
from tests.world import TURKU, Somebody, World

REASON = "a reason long enough"
TAKEN: dict[str, list[Any]] = {
    "purpose": ["client_fees", "p" * 60], "case": [None, "c" * 100], "told": [False],
    "reason": [None, "r" * 10, "r" * 255, f"  {'r' * 255}  "], "groups": [[], ["payments"] * 20],
}  # fmt: skip
REFUSED: dict[str, list[Any]] = {
    "purpose": [None, "p" * 61], "case": ["c" * 101], "told": [None],
    "reason": ["r" * 9, "r" * 256, " " * 9 + "r" + " " * 9], "groups": [None, ["payments"] * 21],
}  # fmt: skip
LEFT: LiteralString = "SELECT count(*) FROM inquiry.inquiry_content WHERE inquiry_id = %s"
"""Whether what was typed is still there."""
OVER: LiteralString = "UPDATE inquiry.inquiry_content SET expires_at = now() WHERE inquiry_id = %s"
PURGING: LiteralString = "SELECT pg_try_advisory_xact_lock(5013, 1)"


@pytest.fixture
def outsider(world: World) -> Somebody:
    """Somebody about whom a reason is asked."""
    return world.person(lives_in=TURKU)


def opened(desk: Desk, code: str, **changed: Any) -> Any:
    sent = {"purpose": "social_assistance", "case": "1", "reason": REASON, "told": True, "groups": GROUPS}
    sent |= changed
    return desk.call(
        "SELECT * FROM door.open_inquiry(%s, %s, %s, %s, %s, %s, %s)", desk.secret, sent["purpose"],
        sent["case"], sent["reason"], sent["told"], code, sent["groups"],
    )  # fmt: skip


def test_an_opening_takes_texts_up_to_their_limits(frozen: Desk, client: Somebody) -> None:
    for name, values in TAKEN.items():
        for good in values:
            assert opened(frozen, client.personal_id, **{name: good}), name
    for name, values in REFUSED.items():
        for bad in values:
            with refused_with("KL010"), frozen.connection.transaction():
                opened(frozen, client.personal_id, **{name: bad})


def test_an_opening_takes_only_what_is_shaped_as_an_identity_code(frozen: Desk) -> None:
    for code in (None, "", "010190-912", "010190-9123X", "010190x9123", "x010190-9123"):
        with refused_with("KL012"), frozen.connection.transaction():
            opened(frozen, code)  # type: ignore[arg-type] # that is what is tried


def test_views_and_reasons_take_texts_up_to_their_limits(frozen: Desk, outsider: Somebody) -> None:
    inquiry_id, _ = frozen.open(outsider.personal_id)
    for groups in (["payments"] * 21, None):
        with refused_with("KL010"), frozen.connection.transaction():
            frozen.view(inquiry_id, groups)  # type: ignore[arg-type] # that is what is tried
    assert frozen.view(inquiry_id, ["payments"] * 20)
    for reason in ("r" * 9, "r" * 256, None, " " * 20):
        with refused_with("KL010"), frozen.connection.transaction():
            frozen.reason(inquiry_id, reason)  # type: ignore[arg-type] # that is what is tried
    assert frozen.reason(inquiry_id, "r" * 255)
    again, _ = frozen.open(outsider.personal_id)
    assert frozen.reason(again, f"  {'r' * 10}  ")
    given = "SELECT reason FROM audit.entry WHERE inquiry_id = %s AND kind = 'reason_given'"
    assert frozen.call(given, again) == "r" * 10


def test_an_inquiry_lives_an_hour_to_its_last_moment_and_what_was_typed_15_minutes(
    frozen: Desk, client: Somebody
) -> None:
    inquiry_id, _ = frozen.open(client.personal_id)
    lifetimes = (
        "SELECT i.expires_at = now() + interval '60 minutes', c.expires_at = now() + interval '15 minutes', "
        "c.personal_id FROM inquiry.inquiry i JOIN inquiry.inquiry_content c USING (inquiry_id) "
        "WHERE inquiry_id = %s"
    )
    assert frozen.call(lifetimes, inquiry_id) == (True, True, client.personal_id)
    ends = "UPDATE inquiry.inquiry SET expires_at = now() + %s::interval WHERE inquiry_id = %s"
    frozen.connection.execute(ends, ["1 millisecond", inquiry_id])
    assert frozen.view(inquiry_id, GROUPS)
    frozen.connection.execute(ends, ["0", inquiry_id])
    assert frozen.view(inquiry_id, GROUPS) is None


def test_what_a_machine_types_is_not_kept(frozen: Desk, world: World, official: Somebody) -> None:
    body = world.body(channels=("web", "api"))
    machine = Desk(frozen.connection, world.begin(body, official, channel="api"))
    inquiry_id, ticket = machine.open(world.person().personal_id)
    assert ticket
    assert machine.call(LEFT, inquiry_id) == 0


def test_what_was_typed_is_gone_at_its_last_moment_whoever_opens_or_explains_next(
    frozen: Desk, client: Somebody, outsider: Somebody
) -> None:
    over, _ = frozen.open(client.personal_id)
    frozen.connection.execute(OVER, [over])
    waiting, _ = frozen.open(outsider.personal_id)
    assert (frozen.call(LEFT, over), frozen.call(LEFT, waiting)) == (0, 1)
    also_over, _ = frozen.open(client.personal_id)
    assert frozen.call(LEFT, waiting) == 1, "its time is not over"
    frozen.connection.execute(OVER, [also_over])
    assert frozen.reason(waiting, REASON)
    assert frozen.call(LEFT, also_over) == 0


def test_while_another_removes_what_is_over_nobody_waits_and_it_is_worth_nothing(
    frozen: Desk, world: World, client: Somebody, outsider: Somebody
) -> None:
    with world.database.connect("kelmu_admin", autocommit=False) as other:
        assert other.execute(PURGING).fetchone() == (True,)
        inquiry_id, _ = frozen.open(outsider.personal_id)
        frozen.connection.execute(OVER, [inquiry_id])
        assert frozen.open(client.personal_id)
        assert frozen.reason(inquiry_id, REASON) is None
        assert frozen.call(LEFT, inquiry_id) == 1, "left to the other"
        other.rollback()


def test_a_reason_is_given_once_and_holds_for_every_view(
    desk: Desk, world: World, outsider: Somebody
) -> None:
    inquiry_id, _ = desk.open(outsider.personal_id, reason=REASON)
    assert desk.reason(inquiry_id, REASON) is None
    entry = world.entries(inquiry_id=inquiry_id)[-1]
    assert (entry["kind"], entry["detail"]) == ("not_there", "reason")
    answer = desk.outcome(desk.view(inquiry_id, GROUPS) or "")
    assert answer is not None
    assert answer["sql_decision"]["rule"] == "given_after_reason"
    unexplained, _ = desk.open(outsider.personal_id)
    answer = desk.outcome(desk.view(unexplained, GROUPS) or "")
    assert answer is not None
    assert answer["sql_decision"]["rule"] == "outside_area"
