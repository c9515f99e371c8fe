"""The acceptance list about notices, line by line, with the clock moved to where it hurts.

The database keeps its own time. So the notice is moved instead: as much back or forth as the moment asked
for lies from now, and the door is asked.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from kelmu.core import clock
from kelmu.core.clock import HELSINKI
from kelmu.core.working_days import working_day_after
from kelmu.notices.release import released_on
from tests.notices.desks import Desks, NoticeDesk
from tests.notices.sending import KINDS, Sender
from tests.world import TAMPERE, TURKU, World

SECOND = timedelta(seconds=1)
DAYS = {
    "an ordinary Tuesday": date(2026, 11, 24),
    "a Friday": date(2026, 11, 27),
    "a Saturday": date(2026, 11, 28),
    "the day before Good Friday": date(2026, 4, 2),
    "Midsummer Eve": date(2026, 6, 19),
    "Christmas Eve": date(2026, 12, 24),
    "the last of a month": date(2026, 9, 30),
    "the last of February": date(2028, 2, 29),
    "the last of the year": date(2026, 12, 31),
    "the eve of summer time": date(2026, 3, 28),
    "the day summer time begins": date(2026, 3, 29),
    "the eve of winter time": date(2026, 10, 24),
    "the day winter time begins": date(2026, 10, 25),
}
moved = pytest.mark.parametrize("day", DAYS.values(), ids=DAYS.keys())


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=HELSINKI)


def seen_at(desk: NoticeDesk, world: World, notice_id: UUID | None, moment: datetime) -> bool:
    """Whether the desk sees the notice when its clock says so."""
    past = moment - clock.now()
    move = (
        "UPDATE notices.notice SET sent_at = sent_at + %s, visible_from = visible_from + %s, "
        "arrived_at = arrived_at + %s WHERE notice_id = %s"
    )
    world.database.run(move, -past, -past, -past, notice_id)
    seen = notice_id in desk.ids()
    assert (desk.open(notice_id) is not None) is seen
    world.database.run(move, past, past, past, notice_id)
    return seen


@moved
@pytest.mark.parametrize("hour", [0, 3, 12, 23])
def test_a_need_for_social_work_is_seen_at_once(
    world: World, sender: Sender, desk: NoticeDesk, day: date, hour: int
) -> None:
    sent_at = at(day, hour, 30)
    sent = sender.send(world.person(), sent_at=sent_at)
    assert not seen_at(desk, world, sent, sent_at - 2 * SECOND)
    assert seen_at(desk, world, sent, sent_at + 2 * SECOND)


@moved
@pytest.mark.parametrize("kind", ["supplementary_preventive_application", "lowered_basic_part"])
def test_an_application_and_a_lowered_basic_part_are_hidden_until_the_day_after_the_decision(
    world: World, sender: Sender, desk: NoticeDesk, day: date, kind: str
) -> None:
    sent = sender.send(world.person(), kind, sent_at=at(day, 9), decided_on=str(day))
    midnight = at(day + timedelta(days=1), 0)
    assert not seen_at(desk, world, sent, midnight - 2 * SECOND)
    assert seen_at(desk, world, sent, midnight + 2 * SECOND)


@moved
@pytest.mark.parametrize(
    ("kind", "urgent"),
    [
        ("supplementary_preventive_application", True), ("unemployed_under_25", False),
        ("unemployed_25_plus", False), ("immigrant", False),
    ],
)  # fmt: skip
def test_an_urgent_application_and_the_computed_kinds_are_seen_the_same_day(
    world: World, sender: Sender, desk: NoticeDesk, day: date, kind: str, *, urgent: bool
) -> None:
    sent = sender.send(world.person(), kind, urgent=urgent, sent_at=at(day, 9), decided_on=str(day))
    assert seen_at(desk, world, sent, at(day, 9) + 2 * SECOND)


@moved
def test_a_decision_must_come_in_seven_working_days_and_an_urgent_one_by_the_next(
    world: World, sender: Sender, day: date
) -> None:
    client = world.person()
    for kind, urgent, received, count in (
        ("social_work_need", False, day, 7),
        ("supplementary_preventive_application", False, day + timedelta(days=1), 7),
        ("supplementary_preventive_application", True, day, 1),
    ):
        sent = sender.send(client, kind, urgent=urgent, sent_at=at(day, 23, 59), decided_on=str(day))
        assert sender.notice(sent)["due_on"] == str(working_day_after(received, count))


def test_a_user_without_the_mandate_sees_none(world: World, sender: Sender, desks: Desks) -> None:
    body = world.body()
    sent = [sender.send(world.person(), kind) for kind in KINDS]
    others = ("benefit_view_and_claims", "labour_market_subsidy_material", "oversight_review")
    without = desks(body, mandates=others)
    assert without.page() is None
    assert [without.open(each) for each in sent] == [None] * len(KINDS)


def test_of_401_first_notices_300_are_released_and_the_rest_next_monday(
    world: World, sender: Sender, desk: NoticeDesk
) -> None:
    thursday, monday = date(2026, 11, 26), date(2026, 11, 30)
    days = [released_on(place, 401, thursday) for place in range(401)]
    assert days == [None] * 300 + [monday] * 101
    at_once, later = (
        sender.send(world.person(), "immigrant", sent_at=at(thursday, 5), released_on=days[place])
        for place in (299, 300)
    )
    assert seen_at(desk, world, at_once, at(thursday, 6))
    assert not seen_at(desk, world, later, at(monday, 0) - 2 * SECOND)
    assert seen_at(desk, world, later, at(monday, 0) + 2 * SECOND)


@pytest.mark.parametrize("kind", KINDS)
def test_transfer_works_for_every_kind_and_changes_the_addressee_without_kela(
    world: World, sender: Sender, desks: Desks, desk: NoticeDesk, kind: str
) -> None:
    there = desks(world.body(county="05"))
    sent = sender.send(world.person(lives_in=TAMPERE), kind, decided_on="2026-01-02")
    assert (sent in desk.ids(), sent in there.ids()) == (True, False)
    assert desk.transfer(sent, 1, TURKU)["result"] == "done"
    assert (sent in desk.ids(), sent in there.ids()) == (False, True)
