"""A municipality's first batch of a kind is released about 300 a week, on Mondays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kelmu.notices.release import released_on
from tests.databases import Database
from tests.notices.pick_runs import TODAY, Runs, job_seeker, refugee
from tests.world import TAMPERE, TURKU

TUESDAY, MONDAY = date(2026, 11, 24), date(2026, 11, 30)
batches = st.integers(1, 1300).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))


def days(size: int, sent_on: date = TUESDAY) -> Counter[date | None]:
    return Counter(released_on(place, size, sent_on) for place in range(size))


@pytest.mark.parametrize("size", [1, 300, 301, 400])
def test_up_to_400_are_seen_at_once(size: int) -> None:
    assert days(size) == {None: size}


def test_of_401_are_300_seen_at_once_and_the_rest_next_monday() -> None:
    assert days(401) == {None: 300, MONDAY: 101}


def test_each_monday_brings_300_more() -> None:
    week = timedelta(days=7)
    assert days(1000) == {None: 300, MONDAY: 300, MONDAY + week: 300, MONDAY + 2 * week: 100}


def test_a_batch_sent_on_a_monday_waits_for_the_next() -> None:
    assert days(401, MONDAY) == {None: 300, MONDAY + timedelta(days=7): 101}


@given(batches, st.dates(date(2017, 1, 1), date(2060, 1, 1)))
def test_what_waits_is_seen_on_a_monday_to_come_and_earlier_places_not_later(
    batch: tuple[int, int], sent_on: date
) -> None:
    place, size = batch
    first = released_on(place, size, sent_on)
    if first is not None:
        assert first > sent_on
        assert first.weekday() == 0
        assert (released_on(place - 1, size, sent_on) or sent_on) <= first


@pytest.mark.parametrize(("place", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_a_place_outside_the_batch_is_refused(place: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such place"):
        released_on(place, size, TUESDAY)


@pytest.fixture(scope="module")
def admin(database: Database) -> Iterator[psycopg.Connection]:
    with database.connect("kelmu_admin") as connection:
        yield connection


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example((300, 401), MONDAY)
@example((399, 400), TUESDAY)
@given(batches, st.dates(date(2017, 1, 1), date(2060, 1, 1)))
def test_the_door_works_out_the_same_day(
    admin: psycopg.Connection, batch: tuple[int, int], sent_on: date
) -> None:
    [(found,)] = admin.execute("SELECT door_private.release_day(%s, %s, %s)", [*batch, sent_on]).fetchall()
    assert found == released_on(*batch, sent_on)


def seen(runs: Runs, kind: str, municipality: str) -> dict[date, int]:
    """How many notices are seen first on each day, in Finland."""
    rows = runs.database.run(
        "SELECT (visible_from AT TIME ZONE 'Europe/Helsinki')::date, count(*) FROM notices.notice"
        " WHERE kind = %s AND municipality_code = %s GROUP BY 1",
        kind, municipality,
    )  # fmt: skip
    return {day: int(str(count)) for day, count in rows if isinstance(day, date)}


def test_a_first_load_is_spread_for_each_municipality_and_kind(clean_database: Database) -> None:
    runs = Runs(clean_database)
    crowd = [refugee(range(2 + place % 2)) for place in range(401)]
    others = [job_seeker(range(4)) for _ in range(3)]
    elsewhere = [refugee(range(2)) for _ in range(2)]
    runs.know(*crowd, *others, *elsewhere)
    for person in elsewhere:
        runs.move(person, TURKU)
    # Killed in the midst of sending: which of them is seen when was settled before.
    assert runs.begin(3) == ["looking", "sending", "sending"]
    runs.run()
    monday = TODAY + timedelta(days=7 - TODAY.weekday())
    assert seen(runs, "immigrant", TAMPERE) == {TODAY: 300, monday: 101}
    assert seen(runs, "immigrant", TURKU) == {TODAY: 2}
    assert seen(runs, "unemployed_under_25", TAMPERE) == {TODAY: 3}
    # The longest spells come first.
    waiting = runs.database.run(
        "SELECT DISTINCT c.content -> 'months_counted' FROM notices.notice n JOIN notices.notice_content c"
        " USING (notice_id) WHERE n.kind = 'immigrant' AND n.visible_from > n.sent_at"
    )
    assert waiting == [(2,)]
    # Whoever is found later is no part of the first batch.
    late = [refugee(range(2)) for _ in range(410)]
    runs.know(*late)
    runs.run()
    assert seen(runs, "immigrant", TAMPERE) == {TODAY: 710, monday: 101}
