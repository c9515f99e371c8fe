"""A draft is its official's, her organisation's and, for a reason, its client's; it tells nobody anything."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.databases import Database
from tests.door.costs import Cost, assert_alike, cost_of, kinds, unknown_code
from tests.door.looking import Desk
from tests.door.test_tickets import refused_with
from tests.world import TURKU, Body, Somebody, World

KEY = bytes(range(32))
SEALED = "c2VhbGVk"
REASON = "a reason long enough"


def keep(desk: Desk, form: str, inquiry_id: uuid.UUID | None = None, sealed: str | None = SEALED) -> Any:
    return desk.call("SELECT door.keep_draft(%s, %s, %s, %s, %s)", desk.secret, form, inquiry_id, KEY, sealed)


def offered(desk: Desk, form: str, inquiry_id: uuid.UUID | None = None, key: bytes = KEY) -> str | None:
    row = desk.call("SELECT * FROM door.draft(%s, %s, %s, %s)", desk.secret, form, inquiry_id, key)
    return None if row is None else str(row[0])


def forget(desk: Desk, form: str, inquiry_id: uuid.UUID | None = None) -> None:
    desk.call("SELECT door.forget_draft(%s, %s, %s)", desk.secret, form, inquiry_id)


def age(world: World, body: Body, by: str) -> None:
    """Let so much time pass for a body's drafts and what was typed."""
    world.database.run(
        "UPDATE inquiry.draft SET kept_at = kept_at - %s::interval, expires_at = expires_at - %s::interval "
        "WHERE organisation_id = %s", by, by, body.organisation_id,
    )  # fmt: skip
    world.database.run(
        "UPDATE inquiry.inquiry_content c SET expires_at = c.expires_at - %s::interval "
        "FROM inquiry.inquiry i JOIN identity.acting_session s USING (acting_session_id) "
        "WHERE i.inquiry_id = c.inquiry_id AND s.organisation_id = %s", by, body.organisation_id,
    )  # fmt: skip


@pytest.fixture
def elsewhere(world: World) -> Somebody:
    """Somebody about whom a reason is asked."""
    return world.person(lives_in=TURKU)


def again(desk: Desk, world: World, body: Body, official: Somebody | None, **how: Any) -> Desk:
    """The same browser, signed in anew."""
    desk.call("SELECT door.end_acting(%s, 'signed_out')", desk.secret)
    return Desk(desk.connection, world.begin(body, official, **how))


def test_a_search_draft_comes_back_in_the_next_session_and_once_it_is_sent_no_more(
    desk: Desk, world: World, body: Body, official: Somebody
) -> None:
    assert offered(desk, "search") is None
    kept = keep(desk, "search")
    assert isinstance(kept, datetime)
    assert keep(desk, "search", sealed="bmV3ZXI") >= kept
    later = again(desk, world, body, official)
    assert offered(later, "search") == "bmV3ZXI"
    forget(later, "search")
    assert offered(later, "search") is None


def test_a_reason_draft_comes_back_where_the_same_code_is_typed_again_and_nowhere_else(
    desk: Desk, world: World, body: Body, official: Somebody, elsewhere: Somebody
) -> None:
    inquiry_id, _ = desk.open(elsewhere.personal_id)
    assert offered(desk, "reason", inquiry_id) is None
    assert keep(desk, "reason", inquiry_id)
    later = again(desk, world, body, official)
    other, _ = later.open(world.person(lives_in=TURKU).personal_id)
    assert offered(later, "reason", other) is None
    assert offered(later, "reason", inquiry_id) is None, "an inquiry of a session that is over"
    same, _ = later.open(elsewhere.personal_id)
    assert offered(later, "reason", same) == SEALED
    assert offered(later, "search") is None
    forget(later, "reason", same)
    assert offered(later, "reason", same) is None


def test_a_reason_draft_of_an_unknown_code_comes_back_like_any_other(
    desk: Desk, world: World, body: Body, official: Somebody
) -> None:
    code = unknown_code(world)
    inquiry_id, _ = desk.open(code)
    assert keep(desk, "reason", inquiry_id)
    later = again(desk, world, body, official)
    assert offered(later, "reason", later.open(code)[0]) == SEALED


def test_a_sent_reason_leaves_nothing_to_offer_and_cannot_be_kept_afterwards(
    desk: Desk, elsewhere: Somebody
) -> None:
    inquiry_id, _ = desk.open(elsewhere.personal_id)
    assert offered(desk, "reason", inquiry_id) is None
    keep(desk, "reason", inquiry_id)
    assert desk.reason(inquiry_id, REASON)
    forget(desk, "reason", inquiry_id)
    assert keep(desk, "reason", inquiry_id) is None, "a saving that came too late"
    assert offered(desk, "reason", desk.open(elsewhere.personal_id)[0]) is None


def test_a_card_that_was_shown_keeps_a_reason_after_the_code_is_gone(
    desk: Desk, world: World, body: Body, official: Somebody, elsewhere: Somebody
) -> None:
    shown, _ = desk.open(elsewhere.personal_id)
    assert offered(desk, "reason", shown) is None
    unshown, _ = desk.open(world.person(lives_in=TURKU).personal_id)
    age(world, body, "16 minutes")
    assert keep(desk, "reason", unshown) is None
    assert keep(desk, "reason", shown)
    later = again(desk, world, body, official)
    assert offered(later, "reason", later.open(elsewhere.personal_id)[0]) == SEALED


def test_no_other_official_and_no_other_organisation_is_offered_a_draft(
    desk: Desk, world: World, body: Body, official: Somebody, elsewhere: Somebody
) -> None:
    inquiry_id, _ = desk.open(elsewhere.personal_id)
    keep(desk, "reason", inquiry_id)
    keep(desk, "search")
    colleague = Desk(desk.connection, world.begin(body, world.person(lives_in="091")))
    for_another = Desk(desk.connection, world.begin(world.body(), official))
    for other in (colleague, for_another):
        assert offered(other, "search") is None
        assert offered(other, "reason", other.open(elsewhere.personal_id)[0]) is None
        assert offered(other, "reason", inquiry_id) is None
        assert keep(other, "reason", inquiry_id) is None, "somebody else's inquiry"
        forget(other, "search")
        forget(other, "reason", inquiry_id)
    assert offered(desk, "search") == SEALED
    assert offered(desk, "reason", inquiry_id) == SEALED


def test_a_draft_is_gone_after_twelve_hours(desk: Desk, world: World, body: Body) -> None:
    keep(desk, "search")
    [(lives,)] = world.database.run(
        "SELECT expires_at - kept_at FROM inquiry.draft WHERE organisation_id = %s", body.organisation_id
    )
    assert lives == timedelta(hours=12)
    age(world, body, "11 hours 59 minutes")
    assert offered(desk, "search") == SEALED
    age(world, body, "2 minutes")
    count = "SELECT count(*) FROM inquiry.draft WHERE organisation_id = %s"
    assert world.database.run(count, body.organisation_id) == [(1,)]
    assert offered(desk, "search") is None
    assert world.database.run(count, body.organisation_id) == [(0,)]


def test_a_machine_has_no_drafts(desk: Desk, world: World, official: Somebody) -> None:
    body = world.body(channels=("web", "api"))
    machine = Desk(desk.connection, world.begin(body, official, channel="api"))
    for call in (keep, offered, forget):
        with refused_with("KL002"):
            call(machine, "search")


@pytest.mark.parametrize("sealed", [None, "", "x" * 6001])
def test_a_draft_has_a_size(desk: Desk, sealed: str | None) -> None:
    with refused_with("KL010"):
        keep(desk, "search", sealed=sealed)
    assert keep(desk, "search", sealed="x" * 6000)


def test_a_draft_is_of_a_known_form_and_its_mark_has_a_key(desk: Desk, client: Somebody) -> None:
    inquiry_id, _ = desk.open(client.personal_id)
    for form, of in (("claim", None), (None, None), ("reason", None), ("search", inquiry_id)):
        with refused_with("KL010"):
            keep(desk, form, of)  # type: ignore[arg-type] # that is what is tried
        with refused_with("KL010"):
            offered(desk, form, of)  # type: ignore[arg-type] # that is what is tried
    for key in (b"", bytes(31), None):
        with refused_with("KL010"):
            offered(desk, "search", key=key)  # type: ignore[arg-type] # that is what is tried


def test_an_ended_session_has_no_drafts_and_a_late_one_keeps_but_is_not_told(
    desk: Desk, world: World, body: Body
) -> None:
    world.database.run(
        "UPDATE identity.acting_session SET refreshed_at = now() - interval '40 minutes' "
        "WHERE organisation_id = %s", body.organisation_id,
    )  # fmt: skip
    assert keep(desk, "search")
    with refused_with("KL003"):
        offered(desk, "search")
    desk.call("SELECT door.end_acting(%s, 'expired')", desk.secret)
    for call in (keep, offered, forget):
        with refused_with("KL002"):
            call(desk, "search")


def test_the_mark_cannot_be_made_without_the_key_nor_by_trying_codes(
    desk: Desk, world: World, elsewhere: Somebody
) -> None:
    inquiry_id, _ = desk.open(elsewhere.personal_id)
    keep(desk, "reason", inquiry_id)
    assert offered(desk, "reason", desk.open(elsewhere.personal_id)[0], key=bytes(32)) is None
    found = world.database.run(
        "SELECT d FROM inquiry.draft d WHERE d::text LIKE %s", f"%{elsewhere.personal_id}%"
    )
    assert found == []


def test_keeping_is_no_entry(desk: Desk, world: World, body: Body, elsewhere: Somebody) -> None:
    inquiry_id, _ = desk.open(elsewhere.personal_id)
    before = len(world.entries(organisation_id=body.organisation_id))
    keep(desk, "reason", inquiry_id)
    offered(desk, "reason", inquiry_id)
    forget(desk, "reason", inquiry_id)
    keep(desk, "reason", uuid.uuid4())
    assert len(world.entries(organisation_id=body.organisation_id)) == before


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize("way", ["keep", "offer", "forget"])
def test_every_kind_of_person_costs_the_same_scans_and_writes(
    database: Database, world: World, desk: Desk, official: Somebody, way: str
) -> None:
    """Measured as the superuser: for login roles the counters are closed anyway."""

    def measured(code: str) -> Cost:
        opened, _ = desk.open(code)
        with database.connect("kelmu_admin", autocommit=False) as connection:
            watched = Desk(connection, desk.secret)
            ways: dict[str, Callable[[], object]] = {
                "keep": lambda: keep(watched, "reason", opened),
                "offer": lambda: offered(watched, "reason", opened),
                "forget": lambda: forget(watched, "reason", opened),
            }
            for once in ways.values():
                once()
            return cost_of(connection, ways[way])

    assert_alike(measured, kinds(world, official))
