"""Work on a notice: what each change makes of it, who may, two at once, undo, and the answer to Kela."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.notices.desks import KELA_DESK, Desks, NoticeDesk
from tests.notices.sending import Sender
from tests.world import Body, World

OUTCOMES = (
    "contacted", "invited_to_assessment", "already_a_client", "no_need", "not_reached", "wrong_person",
)  # fmt: skip


@pytest.fixture
def sent(world: World, sender: Sender) -> UUID | None:
    return sender.send(world.person())


def values(answer: dict[str, Any]) -> tuple[str, str, str | None, int]:
    notice = answer["notice"]
    return answer["result"], notice["state"], notice["assignee"], notice["version"]


def answers(world: World, notice_id: UUID | None) -> list[tuple[object, ...]]:
    return world.database.run(
        "SELECT what, outcome, withdrawn_at IS NOT NULL FROM notices.answer WHERE notice_id = %s "
        "ORDER BY answer_id",
        notice_id,
    )


def test_the_life_of_a_notice(
    world: World, body: Body, desks: Desks, desk: NoticeDesk, sent: UUID | None
) -> None:
    colleague = desks(body, world.person(lives_in="091"))
    assert values(desk.change(sent, 1, "marked_read")) == ("done", "read", None, 2)
    assert values(desk.change(sent, 2, "marked_unread")) == ("done", "new", None, 3)
    assert values(desk.change(sent, 3, "taken")) == ("done", "in_progress", desk.pseudonym, 4)
    assert values(desk.change(sent, 4, "assigned", colleague.pseudonym)) == (
        "done", "in_progress", colleague.pseudonym, 5,
    )  # fmt: skip
    assert values(colleague.change(sent, 5, "released")) == ("done", "read", None, 6)
    assert values(colleague.change(sent, 6, "noted", " Called twice ")) == ("done", "read", None, 7)
    assert values(colleague.change(sent, 7, "handled", "contacted")) == (
        "done", "handled", colleague.pseudonym, 8,
    )  # fmt: skip
    assert values(desk.change(sent, 8, "reopened")) == ("done", "in_progress", desk.pseudonym, 9)
    told = desk.read(sent)
    assert told is not None
    assert [event["what"] for event in told["history"]] == [
        "sent", "marked_read", "marked_unread", "taken", "assigned", "released", "noted", "handled",
        "reopened",
    ]  # fmt: skip
    assert told["history"][6]["note"] == "Called twice"
    assert told["history"][3]["by_name"] == "Tuuli Koeponnistus"
    assert answers(world, sent) == [
        ("taken_up", None, False), ("handled", "contacted", False), ("reopened", None, False),
    ]  # fmt: skip


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_outcome_handles_it_and_tells_kela_in_the_same_transaction(
    world: World, desk: NoticeDesk, sent: UUID | None, outcome: str
) -> None:
    with desk.connection.transaction() as transaction:
        desk.change(sent, 1, "handled", outcome)
        raise psycopg.Rollback(transaction)
    assert answers(world, sent) == []
    answer = desk.change(sent, 1, "handled", outcome)
    assert (answer["notice"]["outcome"], answer["notice"]["assignee"]) == (outcome, desk.pseudonym)
    assert answers(world, sent) == [("taken_up", None, False), ("handled", outcome, False)]


@pytest.mark.parametrize(
    ("before", "what", "value", "why"),
    [
        ("new", "released", None, "not_assigned"),
        ("new", "reopened", None, "not_handled"),
        ("new", "marked_unread", None, "not_read"),
        ("new", "assigned", "f" * 64, "assignee"),
        ("read", "marked_read", None, "not_new"),
        ("handled", "taken", None, "handled"),
        ("handled", "handled", "no_need", "handled"),
        ("handled", "released", None, "handled"),
    ],
)
def test_what_cannot_be_is_answered_with_why(
    sender: Sender, desk: NoticeDesk, sent: UUID | None, before: str, what: str, value: str | None, why: str
) -> None:
    if before != "new":
        desk.change(sent, 1, *(("marked_read",) if before == "read" else ("handled", "contacted")))
    version = sender.notice(sent)["version"]
    answer = desk.change(sent, version, what, value)
    assert (answer["result"], answer["why"]) == ("not_possible", why)
    assert sender.notice(sent)["version"] == version


@pytest.mark.parametrize(
    ("what", "value"),
    [("handled", None), ("handled", "transferred"), ("noted", " "), ("taken", "x"), ("deleted", None)],
)
def test_no_other_change_is_known(desk: NoticeDesk, sent: UUID | None, what: str, value: str | None) -> None:
    with pytest.raises(psycopg.Error) as raised:
        desk.change(sent, 1, what, value)
    assert raised.value.sqlstate == "KL010"


def test_the_second_of_two_officials_is_told_what_changed_and_loses_nothing(
    world: World, body: Body, desks: Desks, desk: NoticeDesk, sent: UUID | None
) -> None:
    second = desks(body, world.person(lives_in="091"))
    desk.change(sent, 1, "taken")
    desk.change(sent, 2, "noted", "Talked to her")
    answer = second.change(sent, 1, "handled", "no_need")
    assert answer["result"] == "changed"
    assert [(each["what"], each["by_name"]) for each in answer["changes"]] == [
        ("taken", "Tuuli Koeponnistus"), ("noted", "Tuuli Koeponnistus"),
    ]  # fmt: skip
    # What was noted is about the client: it is read with an entry of its own, or not at all.
    assert "Talked to her" not in str(answer)
    assert answer["notice"]["assignee"] == desk.pseudonym
    # A note is added whatever else changed.
    assert values(second.change(sent, 1, "noted", "She called back")) == (
        "done", "in_progress", desk.pseudonym, 4,
    )  # fmt: skip


def test_nobody_is_given_what_she_may_not_see(
    world: World, sender: Sender, body: Body, desks: Desks, desk: NoticeDesk
) -> None:
    client = world.person()
    relative = world.person()
    world.relate(relative, client, "parent", "child")
    sent = sender.send(client)
    kin, elsewhere = desks(body, relative), desks(world.body(protected_persons=True))
    for other in (kin, elsewhere):
        assert desk.change(sent, 1, "assigned", other.pseudonym)["why"] == "assignee"
    colleagues = desk.call("SELECT door.notice_officials(%s)", desk.secret)
    known = {each["pseudonym"]: each for each in colleagues}
    assert set(known) == {desk.pseudonym, kin.pseudonym}
    assert known[desk.pseudonym] == {
        "pseudonym": desk.pseudonym, "name": "Tuuli Koeponnistus", "you": True,
    }  # fmt: skip


CHANGES: tuple[tuple[str, str | None], ...] = (
    ("taken", None),
    ("handled", "contacted"),
    ("marked_read", None),
)


@pytest.mark.parametrize(("what", "value"), CHANGES)
def test_the_latest_change_can_be_taken_back_for_ten_minutes_by_who_made_it(
    world: World, sender: Sender, body: Body, desks: Desks, desk: NoticeDesk, sent: UUID | None,
    what: str, value: str | None,
) -> None:  # fmt: skip
    before = sender.notice(sent)
    desk.change(sent, 1, what, value)
    colleague = desks(body)
    assert colleague.undo(sent, 2)["why"] == "too_late"
    answer = desk.undo(sent, 2)
    assert answer["result"] == "done"
    assert {**sender.notice(sent), "version": 1} == before
    assert {withdrawn for _, _, withdrawn in answers(world, sent)} <= {True}
    assert desk.undo(sent, 3)["why"] == "too_late"


def test_undo_ends_with_the_tenth_minute_and_with_the_next_change(
    world: World, body: Body, desks: Desks, desk: NoticeDesk, sent: UUID | None
) -> None:
    desk.change(sent, 1, "taken")
    age(world, sent, timedelta(minutes=10))
    assert desk.undo(sent, 2)["why"] == "too_late"
    desk.change(sent, 2, "released")
    age(world, sent, timedelta(minutes=9, seconds=50))
    assert desk.undo(sent, 1)["result"] == "changed"
    assert desk.undo(sent, 3)["result"] == "done"
    desk.change(sent, 4, "released")
    desks(body).change(sent, 5, "taken")
    assert desk.undo(sent, 6)["why"] == "too_late"


def age(world: World, notice_id: UUID | None, by: timedelta) -> None:
    """Make everything that happened to a notice, and the answers of it, so much older."""
    world.database.run("UPDATE notices.event SET at = at - %s WHERE notice_id = %s", by, notice_id)
    world.database.run(
        "UPDATE notices.answer SET at = at - %s, ready_at = ready_at - %s WHERE notice_id = %s",
        by, by, notice_id,
    )  # fmt: skip


def test_kela_gets_each_answer_in_order_once_it_cannot_be_taken_back_and_until_it_has_kept_it(
    world: World, desks: Desks, desk: NoticeDesk
) -> None:
    kela = desks(world.body("kela", county=None, municipality="091"), mandates=(KELA_DESK,))
    ask = "SELECT door.notice_answers(%s, %s, 100)"
    taken_in = kela.take_in(world.person(), "K-1")
    sent = UUID(taken_in["notice_id"])
    desk.change(sent, 1, "handled", "invited_to_assessment")
    mine = [a for a in kela.call(ask, kela.secret, 0) if a["notice_id"] == str(sent)]
    assert mine == []
    world.database.run("UPDATE notices.answer SET ready_at = now() - interval '1 day'")
    told = [a for a in kela.call(ask, kela.secret, 0) if a["notice_id"] == str(sent)]
    assert [(a["what"], a["outcome"], a["kela_number"]) for a in told] == [
        ("taken_up", None, "K-1"), ("handled", "invited_to_assessment", "K-1"),
    ]  # fmt: skip
    last = told[-1]["answer_id"]
    assert kela.call(ask, kela.secret, last) == []
    assert kela.call("SELECT door.acknowledge_answers(%s, %s)", kela.secret, last) >= 2
    assert kela.call("SELECT door.acknowledge_answers(%s, %s)", kela.secret, last) == 0
    assert kela.call(ask, kela.secret, 0) == []
    for call in ("SELECT door.notice_answers(%s, 0, 100)", "SELECT door.acknowledge_answers(%s, 0)"):
        assert desk.call(call, desk.secret) is None


def test_work_leaves_an_entry_that_names_the_client_and_what_came_of_it(
    world: World, sender: Sender, desk: NoticeDesk
) -> None:
    client = world.person()
    sent = sender.send(client)
    desk.change(sent, 1, "taken")
    desk.change(sent, 1, "released")
    desk.undo(sent, 2)
    entries = world.entries(subject_person_id=client.person_id)
    assert [(entry["kind"], entry["action"], entry["detail"]) for entry in entries] == [
        ("notice_work", "taken", "done"), ("notice_work", "released", "changed"),
        ("notice_work", "undone", "done"),
    ]  # fmt: skip
