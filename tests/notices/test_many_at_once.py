"""One change to several notices: each row by the rules of one, each with its own answer and entry."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.notices.desks import Desks, NoticeDesk
from tests.notices.sending import Sender
from tests.world import TURKU, Body, World


def bulk(desk: NoticeDesk, rows: list[tuple[UUID | None, int]], what: str, value: str | None = None) -> Any:
    asked = [{"notice_id": str(notice_id), "version": version} for notice_id, version in rows]
    return desk.call("SELECT door.change_notices(%s, %s, %s, %s)", desk.secret, Jsonb(asked), what, value)


def test_each_row_is_answered_by_the_rules_of_one_and_none_keeps_another_from_its_change(
    world: World, sender: Sender, body: Body, desks: Desks, desk: NoticeDesk
) -> None:
    relative, colleague = world.person(), desks(body, world.person(lives_in="091"))
    world.relate(desk_official := world.person(lives_in="091"), relative, "sibling", "sibling")
    watcher = desks(body, desk_official)
    free, seen, handled, taken, kin, sent_away, elsewhere = (
        sender.send(client)
        for client in (
            world.person(), world.person(), world.person(), world.person(), relative, world.person(),
            world.person(lives_in=TURKU),
        )
    )  # fmt: skip
    colleague.change(seen, 1, "marked_read")
    colleague.change(handled, 1, "handled", "no_need")
    colleague.change(taken, 1, "taken")
    colleague.transfer(sent_away, 1, TURKU)
    unknown = uuid4()
    rows = [
        (unknown, 1),
        (taken, 2),
        (free, 1),
        (seen, 1),
        (handled, 2),
        (kin, 1),
        (sent_away, 2),
        (elsewhere, 1),
    ]
    told = bulk(watcher, rows, "taken")
    assert [UUID(each["notice_id"]) for each in told] == [notice_id for notice_id, _ in rows]
    assert [(each["result"], each["why"]) for each in told] == [
        ("not_there", None), ("done", None), ("done", None), ("changed", None), ("not_possible", "handled"),
        ("not_there", None), ("not_possible", "read_only"), ("not_there", None),
    ]  # fmt: skip
    assert [change["what"] for change in told[3]["changes"]] == ["marked_read"]
    assert {sender.notice(each)["assignee"] for each in (free, taken)} == {watcher.pseudonym}
    assert sender.notice(seen)["assignee"] is None
    assert sender.notice(kin)["version"] == 1
    assert sender.notice(elsewhere)["version"] == 1
    entries = world.entries(organisation_id=body.organisation_id, action="taken", kind="notice_work")
    by_watcher = [entry for entry in entries if entry["official_pseudonym"] == watcher.pseudonym]
    assert sorted(entry["detail"] for entry in by_watcher) == [
        "changed", "done", "done", "handled", "read_only",
    ]  # fmt: skip


def test_a_bulk_change_makes_of_each_what_a_single_one_makes(
    world: World, sender: Sender, body: Body, desks: Desks, desk: NoticeDesk
) -> None:
    colleague = desks(body, world.person(lives_in="091"))
    for what, value, ready in (
        ("taken", None, ()), ("assigned", colleague.pseudonym, ()), ("released", None, ("taken",)),
        ("marked_read", None, ()), ("marked_unread", None, ("marked_read",)),
        ("handled", "contacted", ("marked_read",)), ("reopened", None, ("handled",)),
    ):  # fmt: skip
        single, many = sender.send(world.person()), sender.send(world.person())
        for each in (single, many):
            for step in ready:
                desk.change(each, 1, step, "no_need" if step == "handled" else None)
        one = desk.change(single, len(ready) + 1, what, value)
        [other] = bulk(desk, [(many, len(ready) + 1)], what, value)
        different = {"notice_id", "number", "sent_at", "visible_from", "arrived_at", "taken_at", "handled_at"}
        assert {k: v for k, v in other["notice"].items() if k not in different} == {
            k: v for k, v in one["notice"].items() if k not in different
        }, what
        events = [
            world.database.run(
                "SELECT version, what, by_official FROM notices.event WHERE notice_id = %s ORDER BY 1", each
            )
            for each in (single, many)
        ]
        assert events[0] == events[1], what


def test_who_has_no_right_to_notices_changes_none(
    world: World, sender: Sender, body: Body, desks: Desks
) -> None:
    sent = sender.send(world.person())
    desk = desks(body, mandates=("benefit_view_and_claims",))
    assert bulk(desk, [(sent, 1)], "taken") is None
    assert sender.notice(sent)["version"] == 1


ONE = '{"notice_id": "00000000-0000-4000-8000-000000000005", "version": 1}'
WRONG = (
    ("[]", "taken", None),
    ("{}", "taken", None),
    ("[7]", "taken", None),
    ('[{"notice_id": "00000000-0000-4000-8000-000000000005"}]', "taken", None),
    (f"[{ONE}]".replace("1}", "1.5}"), "taken", None),
    (f"[{ONE}]".replace("1}", '"1"}'), "taken", None),
    ('[{"notice_id": "not one", "version": 1}]', "taken", None),
    (f"[{ONE}]".replace("}", ', "note": "x"}'), "taken", None),
    (f"[{ONE}, {ONE}]", "taken", None),
    (f"[{ONE}]", "noted", "About all of them"),
    (f"[{ONE}]", "handled", "transferred"),
    (f"[{ONE}]", "taken", "x"),
)


def test_a_list_of_another_form_is_refused(desk: NoticeDesk) -> None:
    for changes, what, value in WRONG:
        with pytest.raises(psycopg.Error) as raised:
            desk.call("SELECT door.change_notices(%s, %s::jsonb, %s, %s)", desk.secret, changes, what, value)
        assert raised.value.sqlstate == "KL010", (changes, what, value)


def test_two_hundred_is_the_most(desk: NoticeDesk) -> None:
    rows: list[tuple[UUID | None, int]] = [(uuid4(), 1) for _ in range(201)]
    with pytest.raises(psycopg.Error) as raised:
        bulk(desk, rows, "taken")
    assert raised.value.sqlstate == "KL010"
    assert {each["result"] for each in bulk(desk, rows[:200], "taken")} == {"not_there"}


def test_two_officials_who_take_the_same_rows_at_once_wait_for_each_other(
    world: World, sender: Sender, body: Body, desks: Desks
) -> None:
    """Whatever the order they name them in: each row is taken by one, and the other is told."""
    ids = [sender.send(world.person()) for _ in range(6)]
    answers: dict[str, Any] = {}
    start = threading.Barrier(2)

    def take(desk: NoticeDesk, rows: list[tuple[UUID | None, int]]) -> None:
        start.wait()
        answers[desk.pseudonym] = bulk(desk, rows, "taken")

    rows = [(each, 1) for each in ids]
    hands = [
        threading.Thread(target=take, args=(desks(body, world.person(lives_in="091")), order))
        for order in (rows, rows[::-1])
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    results = sorted({each["result"] for each in told} for told in answers.values())
    assert sorted(results, key=str) == [{"changed"}, {"done"}]


def test_the_news_count_what_is_new_and_what_came_and_leave_no_entry(
    world: World, sender: Sender, body: Body, desks: Desks, desk: NoticeDesk
) -> None:
    asked = "SELECT door.notice_news(%s, %s)"
    relative = world.person()
    world.relate(official := world.person(lives_in="091"), relative, "sibling", "sibling")
    kin = desks(body, official)
    entries = len(world.entries(organisation_id=body.organisation_id))
    before = desk.call(asked, desk.secret, None)
    kin_before = kin.call(asked, kin.secret, None)
    sent = sender.send(relative)
    sender.send(world.protect(world.person()))
    sender.send(world.person(lives_in=TURKU))
    assert before["came"] == 0
    news = desk.call(asked, desk.secret, before["now"])
    assert (news["new"] - before["new"], news["came"]) == (1, 1)
    assert kin.call(asked, kin.secret, kin_before["now"])["came"] == 0
    assert len(world.entries(organisation_id=body.organisation_id)) == entries
    desk.change(sent, 1, "taken")
    assert desk.call(asked, desk.secret, before["now"])["came"] == 0
    other = desks(body, mandates=("benefit_view_and_claims",))
    assert other.call(asked, other.secret, None) is None
