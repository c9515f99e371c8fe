"""When a notice is seen, when it is due, whom it goes to, and that it comes once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelmu.core.clock import HELSINKI
from kelmu.core.working_days import working_day_after
from tests.databases import Database
from tests.notices.sending import BOUND_TO_DECISION, KINDS, Sender
from tests.world import LONG_AGO, TAMPERE, TURKU, World

HELSINKI_CITY = "091"
# Winter and summer time, their two changes, weekends, holidays and the turns of months and years among them.
MOMENTS = st.integers(0, 8 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
) | st.sampled_from(
    [
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # the night the clock goes forward
        datetime(2026, 3, 28, 22, 0, tzinfo=UTC),
        datetime(2026, 10, 24, 21, 0, tzinfo=UTC),  # midnight before it goes back
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 12, 31, 22, 0, tzinfo=UTC),  # the new year in Finland
        datetime(2026, 12, 31, 21, 59, 59, tzinfo=UTC),
        datetime(2026, 4, 2, 12, 0, tzinfo=UTC),  # Maundy Thursday
        datetime(2028, 2, 28, 22, 0, tzinfo=UTC),  # the 29th of February in Finland
        datetime(2026, 6, 19, 6, 0, tzinfo=UTC),  # Midsummer Eve
    ]
)


@pytest.fixture(scope="module")
def admin(clean_database: Database) -> Iterator[psycopg.Connection]:
    with clean_database.connect("kelmu_admin") as connection:
        yield connection


def seen_and_due(
    admin: psycopg.Connection, kind: str, sent_at: datetime, *, urgent: bool = False,
    decided_on: date | None = None, released_on: date | None = None,
) -> tuple[datetime, date]:  # fmt: skip
    row = admin.execute(
        "SELECT v, door_private.notice_due_on(%s, v) "
        "FROM door_private.notice_visible_from(%s, %s, %s, %s, %s) v",
        [urgent, kind, urgent, sent_at, decided_on, released_on],
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=HELSINKI)


@given(kind=st.sampled_from(KINDS), sent_at=MOMENTS)
def test_a_notice_is_seen_at_once_or_the_day_after_the_decision_and_due_seven_working_days_later(
    admin: psycopg.Connection, kind: str, sent_at: datetime
) -> None:
    decided_on = sent_at.astimezone(HELSINKI).date()
    seen, due = seen_and_due(admin, kind, sent_at, decided_on=decided_on)
    if kind in BOUND_TO_DECISION:
        assert seen == midnight(decided_on + timedelta(days=1))
    else:
        assert seen == sent_at
    assert due == working_day_after(seen.astimezone(HELSINKI).date(), 7)


@given(sent_at=MOMENTS)
def test_what_is_urgent_is_seen_at_once_and_due_the_next_working_day(
    admin: psycopg.Connection, sent_at: datetime
) -> None:
    day = sent_at.astimezone(HELSINKI).date()
    seen, due = seen_and_due(
        admin, "supplementary_preventive_application", sent_at, urgent=True, decided_on=day
    )
    assert (seen, due) == (sent_at, working_day_after(day, 1))


@given(kind=st.sampled_from(BOUND_TO_DECISION), sent_at=MOMENTS, days=st.integers(1, 400))
def test_a_notice_that_comes_late_is_seen_at_once(
    admin: psycopg.Connection, kind: str, sent_at: datetime, days: int
) -> None:
    decided_on = sent_at.astimezone(HELSINKI).date() - timedelta(days=days)
    assert seen_and_due(admin, kind, sent_at, decided_on=decided_on)[0] == sent_at


@given(kind=st.sampled_from(KINDS), sent_at=MOMENTS, days=st.integers(2, 60))
def test_a_staggered_notice_is_seen_from_the_day_of_its_release(
    admin: psycopg.Connection, kind: str, sent_at: datetime, days: int
) -> None:
    released_on = sent_at.astimezone(HELSINKI).date() + timedelta(days=days)
    seen, due = seen_and_due(admin, kind, sent_at, released_on=released_on)
    assert seen == midnight(released_on)
    assert due == working_day_after(released_on, 7)


def test_it_goes_where_the_client_lives_when_it_is_sent(world: World, sender: Sender) -> None:
    client = world.person(lives_in=None)
    moves = date(2026, 6, 1)
    world.insert(
        "residence", person_id=client.person_id, municipality_code=TAMPERE, valid_from=LONG_AGO,
        valid_to=moves - timedelta(days=1),
    )  # fmt: skip
    world.insert("residence", person_id=client.person_id, municipality_code=TURKU, valid_from=moves)
    for hour, expected in ((20, TAMPERE), (22, TURKU)):
        # Late in the evening of 31 May by UTC it is June in Finland.
        sent = sender.send(client, sent_at=datetime(2026, 5, 31, hour, 30, tzinfo=UTC))
        assert sender.notice(sent)["municipality_code"] == expected


def test_a_merged_municipality_is_its_successor(world: World, sender: Sender) -> None:
    [(old, present)] = world.database.run(
        "SELECT code, present_code FROM organisations.municipality "
        "WHERE code <> present_code ORDER BY 1 LIMIT 1"
    )
    sent = sender.send(world.person(lives_in=str(old)))
    assert sender.notice(sent)["municipality_code"] == present


def test_who_lives_nowhere_now_is_served_where_she_lived_last(world: World, sender: Sender) -> None:
    client = world.person(lives_in=None)
    world.insert(
        "residence", person_id=client.person_id, municipality_code=TURKU, valid_from=LONG_AGO,
        valid_to=date(2020, 1, 1),
    )  # fmt: skip
    assert sender.notice(sender.send(client))["municipality_code"] == TURKU
    with pytest.raises(psycopg.Error) as raised:
        sender.send(world.person(lives_in=None))
    assert raised.value.sqlstate == "KL013"


def test_a_client_with_an_order_or_one_that_is_not_known_is_restricted(world: World, sender: Sender) -> None:
    assert sender.notice(sender.send(world.protect(world.person())))["restricted"] is True
    assert sender.notice(sender.send(world.person(protection_known=False)))["restricted"] is True
    assert sender.notice(sender.send(world.person()))["restricted"] is False


def test_a_key_makes_one_notice_however_often_and_at_once_it_is_sent(world: World, sender: Sender) -> None:
    client = world.person()
    made: list[UUID | None] = []
    threads = [
        threading.Thread(target=lambda: made.append(sender.send(client, key="once"))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([each for each in made if each is not None]) == 1
    counts = "SELECT count(*) FROM notices.notice_content WHERE person_id = %s"
    assert world.database.run(counts, client.person_id) == [(1,)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_keeps_what_came_with_it(world: World, sender: Sender, kind: str) -> None:
    client = world.person()
    sent = sender.send(client, kind, phone="+358 40 000", free_text="text")
    [(person, reason, content)] = world.database.run(
        "SELECT person_id, need_reason, content FROM notices.notice_content WHERE notice_id = %s", sent
    )
    assert (person, content) == (client.person_id, {"phone": "+358 40 000", "free_text": "text"})
    assert reason == ("livelihood" if kind == "social_work_need" else None)
    assert sender.notice(sent)["version"] == 1


def test_a_notice_of_another_form_is_refused(world: World, sender: Sender) -> None:
    with pytest.raises(psycopg.Error) as raised:
        sender.send(world.person(), diagnosis="none of theirs")
    assert raised.value.sqlstate == "KL010"
    with pytest.raises(psycopg.errors.CheckViolation):
        sender.send(world.person(), "immigrant", urgent=True)
