"""Guessing and misuse come to an end, and the limits tell no more than the outcomes did."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import psycopg
import pytest

from tests.door.looking import Desk
from tests.world import Body, Somebody, World, make_personal_id, pseudonym_of

REASON = "a reason long enough"


def unknown(world: World) -> str:
    while True:
        code = make_personal_id(date(1961, 5, 17))
        if not world.database.run("SELECT 1 FROM register.person WHERE personal_id = %s", code):
            return code


def held(desk: Desk, code: str) -> bool:
    """Whether an opening is refused before any person: no inquiry, no ticket."""
    inquiry_id, ticket = desk.open(code)
    assert (inquiry_id is None) is (ticket is None)
    return ticket is None


def wait(desk: Desk) -> int | None:
    seconds: int | None = desk.call("SELECT door.held_for(%s)", desk.secret)
    return seconds


def sign_in(desk: Desk, official: Somebody) -> None:
    desk.call("SELECT door.log_sign_in(%s, 'signed_in', 'level')", pseudonym_of(official.personal_id))


def miss(world: World, desk: Desk, times: int) -> None:
    for _ in range(times):
        assert desk.decided(unknown(world), reason=REASON)[0] == "not_available"


def later(world: World, seconds: int, official: Somebody) -> None:
    """Let time pass for what was counted of one official."""
    world.database.run(
        "UPDATE inquiry.counted SET told_at = told_at - make_interval(secs => %s), "
        "opened_at = opened_at - make_interval(secs => %s) WHERE official_pseudonym = %s",
        seconds, seconds, pseudonym_of(official.personal_id),
    )  # fmt: skip


def released(world: World, pseudonym: str, reason: str) -> int:
    """The exit status of the command that ends a lock."""
    owner = {"KELMU_OWNER_DATABASE_URL": world.database.url("kelmu_owner")}
    command = [sys.executable, "-m", "kelmu", "release-official", pseudonym, reason]
    return subprocess.run(command, env=os.environ | owner, capture_output=True, check=False).returncode


@pytest.fixture
def figures(world: World) -> Iterator[World]:
    """The limits, put back after a test that changes them."""
    yield world
    world.set_limits()


def test_the_figures_are_those_the_tests_rest_on(world: World) -> None:
    before = world.database.run("SELECT * FROM inquiry.limits ORDER BY channel")
    world.set_limits()
    assert world.database.run("SELECT * FROM inquiry.limits ORDER BY channel") == before


def test_five_misses_in_a_row_make_the_official_wait(desk: Desk, world: World, client: Somebody) -> None:
    miss(world, desk, 4)
    assert wait(desk) == 0
    miss(world, desk, 1)
    assert held(desk, client.personal_id)
    assert 890 <= (wait(desk) or 0) <= 900


@pytest.mark.parametrize("kind", ["unknown", "family", "protected", "outside"])
def test_a_reason_asked_and_not_given_is_a_miss_whatever_the_rule(
    desk: Desk, world: World, official: Somebody, client: Somebody, kind: str
) -> None:
    for _ in range(5):
        somebody = world.person(lives_in="853" if kind == "outside" else "837")
        if kind == "family":
            world.relate(official, somebody, "child", "parent")
        if kind == "protected":
            world.protect(somebody)
        code = unknown(world) if kind == "unknown" else somebody.personal_id
        assert not held(desk, code)
    assert held(desk, client.personal_id)


def test_a_reason_given_takes_the_miss_back(desk: Desk, world: World, client: Somebody) -> None:
    opened = [desk.open(world.person(lives_in="853").personal_id)[0] for _ in range(5)]
    assert held(desk, client.personal_id)
    assert desk.reason(opened[0], REASON)
    assert not held(desk, client.personal_id)


def test_a_client_given_in_between_breaks_the_row(desk: Desk, world: World, client: Somebody) -> None:
    miss(world, desk, 4)
    assert desk.decided(client.personal_id) == ("given", "given")
    miss(world, desk, 4)
    assert wait(desk) == 0


def test_own_data_neither_break_the_row_nor_are_a_miss(desk: Desk, world: World, official: Somebody) -> None:
    miss(world, desk, 4)
    for _ in range(3):
        assert desk.decided(official.personal_id)[0] == "own_data"
    assert wait(desk) == 0
    miss(world, desk, 1)
    assert wait(desk)


def test_waiting_or_signing_in_again_lets_her_go_on(
    desk: Desk, world: World, official: Somebody, client: Somebody
) -> None:
    miss(world, desk, 5)
    later(world, 901, official)
    assert not held(desk, client.personal_id)
    miss(world, desk, 5)
    assert held(desk, client.personal_id)
    sign_in(desk, official)
    assert not held(desk, client.personal_id)


def test_another_session_or_organisation_is_no_way_round(
    desk: Desk, world: World, official: Somebody, client: Somebody
) -> None:
    miss(world, desk, 5)
    again = Desk(desk.connection, world.begin(world.body(), official))
    assert held(again, client.personal_id)


def test_twenty_misses_in_a_day_lock_the_official_until_a_review(
    desk: Desk, world: World, official: Somebody, client: Somebody
) -> None:
    for _ in range(4):
        miss(world, desk, 5)
        sign_in(desk, official)
    assert held(desk, client.personal_id)
    assert held(desk, client.personal_id)
    assert wait(desk) is None
    pseudonym = pseudonym_of(official.personal_id)
    [alarm] = world.entries(kind="locked", official_pseudonym=pseudonym)
    assert alarm["for_review"]
    later(world, 2 * 86400, official)
    assert held(desk, client.personal_id), "no time ends it"
    assert released(world, pseudonym, "too short") == 1
    assert released(world, pseudonym, "Reviewed: a faulty list of codes") == 0
    assert released(world, pseudonym, "Reviewed: a faulty list of codes") == 1, "once"
    assert not held(desk, client.personal_id)
    assert world.entries(kind="released", official_pseudonym=pseudonym)[0]["reason"].startswith("Reviewed")


def test_misses_before_a_review_or_more_than_a_day_ago_count_no_more(
    desk: Desk, world: World, official: Somebody
) -> None:
    miss(world, desk, 4)
    later(world, 86401, official)
    miss(world, desk, 4)
    assert wait(desk) == 0


def test_a_refused_opening_has_an_entry_for_review_and_nobody_in_it(
    desk: Desk, world: World, client: Somebody
) -> None:
    miss(world, desk, 5)
    assert held(desk, client.personal_id)
    [(session_id,)] = world.database.run(
        "SELECT acting_session_id::text FROM identity.acting_session WHERE secret_hash = sha256(%s::bytea)",
        desk.secret.encode(),
    )
    entry = world.entries(acting_session_id=session_id)[-1]
    assert (entry["kind"], entry["outcome"], entry["cause"]) == ("inquiry", "refused", "limit_reached")
    assert entry["for_review"]
    assert entry["subject_person_id"] is entry["inquiry_id"] is entry["facts"] is None


def test_after_many_persons_every_further_one_needs_a_reason(
    desk: Desk, world: World, official: Somebody, figures: World
) -> None:
    figures.database.run("UPDATE inquiry.limits SET persons_per_official = 3 WHERE channel = 'web'")
    persons = [world.person().personal_id for _ in range(4)]
    for code in persons[:3]:
        assert desk.decided(code) == ("given", "given")
    assert desk.decided(persons[0]) == ("given", "given"), "not a further person"
    assert desk.decided(persons[3]) == ("reason_needed", "many_persons")
    assert desk.decided(persons[3], reason=REASON) == ("given", "given_after_reason")
    assert desk.decided(official.personal_id)[0] == "own_data"
    later(world, 601, official)
    assert desk.decided(world.person().personal_id) == ("given", "given")


def test_the_same_unknown_code_typed_again_is_no_further_person_either(
    desk: Desk, world: World, figures: World
) -> None:
    figures.database.run(
        "UPDATE inquiry.limits SET persons_per_official = 3, misses_in_a_row = 100 WHERE channel = 'web'"
    )
    code = unknown(world)
    for _ in range(5):
        assert desk.decided(code)[1] == "unknown"
    assert desk.decided(world.person().personal_id) == ("given", "given")


def test_a_view_keeps_what_its_inquiry_was_opened_with(desk: Desk, world: World, figures: World) -> None:
    figures.database.run("UPDATE inquiry.limits SET persons_per_official = 1 WHERE channel = 'web'")
    first, _ = desk.open(world.person().personal_id)
    second, _ = desk.open(world.person().personal_id)
    outcomes = []
    for inquiry_id in (first, second):
        answer = desk.outcome(desk.view(inquiry_id, ["payments"]) or "")
        assert answer is not None
        outcomes.append(answer["sql_decision"]["outcome"])
    assert outcomes == ["given", "reason_needed"]


def test_an_organisations_limits_hold_for_all_its_officials(
    desk: Desk, world: World, body: Body, figures: World
) -> None:
    figures.database.run(
        "UPDATE inquiry.limits SET persons_per_organisation = 3, misses_per_organisation = 4 "
        "WHERE channel = 'web'"
    )
    for _ in range(3):
        assert desk.decided(world.person().personal_id) == ("given", "given")
    other = Desk(desk.connection, world.begin(body, world.person(lives_in="091")))
    assert other.decided(world.person().personal_id) == ("reason_needed", "many_persons")
    miss(world, other, 3)
    assert held(desk, world.person().personal_id)
    assert 86_000 < (wait(desk) or 0) <= 86_400
    elsewhere = Desk(desk.connection, world.begin(world.body(), world.person(lives_in="091")))
    assert not held(elsewhere, world.person().personal_id)


def test_two_at_once_cannot_both_be_the_last_that_is_allowed(
    desk: Desk, world: World, client: Somebody
) -> None:
    miss(world, desk, 4)
    with (
        world.database.connect(autocommit=False) as one,
        world.database.connect(autocommit=False) as two,
        one.transaction(),
    ):
        Desk(one, desk.secret).open(unknown(world))
        two.execute("SET LOCAL lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            Desk(two, desk.secret).open(client.personal_id)
    assert held(desk, client.personal_id)


def test_equal_codes_have_equal_marks_in_one_session_only(
    desk: Desk, world: World, body: Body, official: Somebody, client: Somebody
) -> None:
    other = Desk(desk.connection, world.begin(body, official))
    opened = [one.open(client.personal_id)[0] for one in (desk, desk, other)]
    marks = [
        world.database.run("SELECT code_mark FROM inquiry.counted WHERE inquiry_id = %s", inquiry_id)
        for inquiry_id in opened
    ]
    assert marks[0] == marks[1] != marks[2]
