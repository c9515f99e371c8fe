"""Figures about a body's notices: what they count, and that no small number can be read or worked out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kelmu.core import clock
from kelmu.core.formats import FINLAND
from tests.databases import Database
from tests.notices.desks import Desks, NoticeDesk
from tests.notices.sending import KINDS, Sender
from tests.world import TAMPERE, TURKU, Somebody, World

NOKIA = "536"
PLACES = ("244", "425", "564")
"""Municipalities of a county where no other test sends any."""
SMALL = range(1, 5)
THIS_MONTH = clock.today().replace(day=1)
DAY = timedelta(days=1)
TABLES = {"kind": "kinds", "day": "days", "municipality": "municipalities"}


def month_before(first: date, months: int = 1) -> date:
    """The first day of a month that many months earlier."""
    return first if months == 0 else month_before((first - DAY).replace(day=1), months - 1)


LAST = month_before(THIS_MONTH)


def figures(desk: NoticeDesk, first: date = LAST, last: date = THIS_MONTH - DAY) -> list[dict[str, Any]]:
    """The months of a period."""
    answer = desk.call("SELECT door.notice_figures(%s, %s, %s)", desk.secret, first, last)
    return list(answer["months"])


def age(world: World, first: date = LAST) -> None:
    """What has come or moved in the present month came on the 5th of an ended one, at noon."""
    then = datetime(first.year, first.month, 5, 12, tzinfo=FINLAND)
    world.database.run(
        "UPDATE notices.notice SET sent_at = %s, visible_from = %s, arrived_at = %s WHERE arrived_at >= %s",
        then, then, then, datetime(THIS_MONTH.year, THIS_MONTH.month, 1, tzinfo=FINLAND),
    )  # fmt: skip
    world.database.run(
        "UPDATE notices.transfer SET moved_at = %s WHERE moved_at > now() - interval '1 hour'", then
    )


def many(sender: Sender, clients: list[Somebody], kind: str = "social_work_need") -> list[UUID | None]:
    """A notice about each."""
    with sender.world.database.connect("kelmu_admin") as connection:
        return [sender.send_over(connection, client, kind) for client in clients]


def test_what_a_month_tells(world: World, sender: Sender, desk: NoticeDesk) -> None:
    for kind, lives_in, count in (
        ("immigrant", TAMPERE, 9), ("unemployed_25_plus", TAMPERE, 3), ("unemployed_under_25", NOKIA, 7),
    ):  # fmt: skip
        sent = many(sender, [world.person(lives_in=lives_in)] * count, kind)
    # A protected client is in no figure.
    sender.send(world.protect(world.person()), "immigrant")
    for each in sent[:6]:
        desk.change(each, 1, "handled", "contacted")
    age(world)
    before, told = figures(desk, month_before(LAST))
    day = str(LAST.replace(day=5))
    assert told == {
        "month": str(LAST), "count": 19, "late": 0, "median_hours": told["median_hours"],
        "moved_in": 0, "moved_out": 0, "days": [{"day": day, "count": 19}],
        # The smallest of the others is hidden with the small one.
        "kinds": [
            {"kind": "immigrant", "count": 9}, {"kind": "unemployed_25_plus", "count": None},
            {"kind": "unemployed_under_25", "count": None},
        ],
        "municipalities": [
            {"municipality": NOKIA, "count": 7, "median_hours": told["median_hours"]},
            {"municipality": TAMPERE, "count": 12, "median_hours": None},
        ],
    }  # fmt: skip
    hours = (clock.now() - datetime(LAST.year, LAST.month, 5, 12, tzinfo=FINLAND)) / timedelta(hours=1)
    assert abs(told["median_hours"] - hours) < 1
    assert (before["count"], before["kinds"], before["late"], before["median_hours"]) == (0, [], 0, None)


def test_late_is_what_was_not_handled_by_its_last_day(world: World, sender: Sender, desk: NoticeDesk) -> None:
    sent = many(sender, [world.person()] * 15)
    for each in sent[:10]:
        desk.change(each, 1, "handled", "contacted")
    first = month_before(LAST, 6)
    age(world, first)
    world.database.run(
        "UPDATE notices.notice SET due_on = (handled_at AT TIME ZONE 'Europe/Helsinki')::date - %s "
        "WHERE notice_id = ANY (%s)", 1, sent[:5],
    )  # fmt: skip
    world.database.run("UPDATE notices.notice SET due_on = '2099-01-01' WHERE notice_id = ANY (%s)", sent[5:])
    world.database.run(
        "UPDATE notices.notice SET due_on = (handled_at AT TIME ZONE 'Europe/Helsinki')::date "
        "WHERE notice_id = ANY (%s)", sent[5:10],
    )  # fmt: skip
    assert figures(desk, first)[0]["late"] == 5
    world.database.run(
        "UPDATE notices.notice SET due_on = '2020-01-01' WHERE notice_id = ANY (%s)", sent[10:]
    )
    assert figures(desk, first)[0]["late"] == 10
    assert figures(desk, first)[0]["count"] == 15


def test_transfers_are_counted_on_both_sides_and_not_within_a_body(
    world: World, sender: Sender, desks: Desks
) -> None:
    here, there = desks(world.body(county="14")), desks(world.body(county="05"))
    client, protected = world.person(lives_in="167"), world.person(lives_in="167")
    *moved, one, two, _three = many(sender, [client] * 6 + [protected] + [client] * 3)
    for each in moved:
        here.transfer(each, 1, TURKU)
    here.transfer(one, 1, TURKU)
    here.undo(one, 2)
    here.transfer(two, 1, "276")
    # In no figure of either side.
    world.protect(protected)
    age(world)
    [[out], [in_]] = figures(here), figures(there)
    assert (out["moved_out"], in_["moved_in"]) == (6, 6)
    # Of 3 notices that are still there nothing else is told.
    assert (out["count"], out["moved_in"], out["kinds"]) == (None, None, [])


def test_a_period_is_up_to_twelve_whole_months_that_have_ended(desk: NoticeDesk, desks: Desks) -> None:
    last = THIS_MONTH - DAY
    end = (THIS_MONTH + 31 * DAY).replace(day=1) - DAY
    for first, until in (
        (THIS_MONTH, end), (LAST, end), (LAST, last - DAY), (LAST + DAY, last), (LAST, LAST - DAY),
        (month_before(LAST, 12), last),
    ):  # fmt: skip
        with pytest.raises(psycopg.Error) as raised:
            figures(desk, first, until)
        assert raised.value.sqlstate == "KL010"
    assert len(figures(desk, month_before(LAST, 11))) == 12
    other = desks(desk.body, mandates=("oversight_review",))
    assert desk.call("SELECT door.notice_figures(%s, %s, %s)", other.secret, LAST, last) is None


# What an attacker can work out. He knows the rule, reads everything that is told, and takes each table that
# agrees with it for possible.


@pytest.fixture(scope="module")
def told_parts(clean_database: Database) -> dict[tuple[int, ...], tuple[int | None, ...] | None]:
    """What is told of every table of up to four cells of 0 to 9: of those above 0, as tables are made."""
    every = [t for cells in range(1, 5) for t in product(range(10), repeat=cells) if any(t)]
    parts = sorted({tuple(filter(None, table)) for table in every})
    with clean_database.connect("kelmu_admin") as connection:
        rows = connection.execute(
            "SELECT door_private.told_parts(string_to_array(t, ',')::bigint[]) "
            "FROM unnest(%s::text[]) WITH ORDINALITY u (t, place) ORDER BY place",
            [[",".join(map(str, each)) for each in parts]],
        ).fetchall()
    made = {each: None if row is None else tuple(row) for each, (row,) in zip(parts, rows, strict=True)}
    return {table: _with_zeros(table, made[tuple(filter(None, table))]) for table in every}


def _with_zeros(table: tuple[int, ...], told: Any) -> tuple[int | None, ...] | None:
    if told is None:
        return None
    left = iter(told)
    return tuple(next(left) if cell else 0 for cell in table)


def test_no_cell_of_a_table_is_pinned_by_the_total_and_the_rule(
    told_parts: dict[tuple[int, ...], tuple[int | None, ...] | None],
) -> None:
    possible: dict[Any, list[tuple[int, ...]]] = defaultdict(list)
    for table, told in told_parts.items():
        # Where nothing is told, the total is not either.
        possible[len(table), told, None if told is None else sum(table)].append(table)
    assert any(told and None in told and any(told) for told in told_parts.values())
    for (_, told, _), tables in possible.items():
        for place, values in enumerate(zip(*tables, strict=True)):
            assert len(set(values)) > 1 or values[0] not in SMALL, (told, tables[0], place)
    for table, told in told_parts.items():
        hidden = [cell for cell, seen in zip(table, told or (), strict=False) if seen is None]
        assert not hidden or (len(hidden) > 1 and sum(hidden) > 4), table


def test_no_part_of_a_number_and_no_rest_of_it_is_pinned(clean_database: Database) -> None:
    rows: list[tuple[Any, ...]] = clean_database.run(
        "SELECT whole, part, door_private.told_share(part, whole) "
        "FROM generate_series(0, 30) whole, generate_series(0, whole) part WHERE whole NOT BETWEEN 1 AND 4"
    )
    possible: dict[Any, set[int]] = defaultdict(set)
    for whole, part, told in rows:
        possible[whole, told].add(part)
    assert possible[20, 10] == {10}
    for (whole, _), parts in possible.items():
        assert len(parts) > 1 or not ({*parts, whole - min(parts)} & set(SMALL))


def bounds(rows: list[dict[str, Any]], total: int) -> dict[str, tuple[int, int]]:
    """The least and the most each cell that is not told can be, by the total alone."""
    hidden = [row for row in rows if row["count"] is None]
    left = total - sum(row["count"] or 0 for row in rows)
    return {str(row): (1, left - len(hidden) + 1) for row in hidden}


class Made:
    """Notices made straight into the tables, in a transaction that is taken back."""

    def __init__(self, world: World, desks: Desks) -> None:
        self.person = world.person()
        self.secret = desks(world.body(county="19")).secret
        self.connection = world.database.connect("kelmu_admin", autocommit=False)

    def told(self, notices: list[tuple[int, int, int, int, bool]]) -> dict[tuple[date, date], Any]:
        """All there is to read about notices: month, day, kind, municipality, and whether taken up."""
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO notices.notice (notice_id, person_id, kind, urgent, sent_at, visible_from, "
                "arrived_at, due_on, municipality_code, restricted, source_key, taken_at) "
                "SELECT gen_random_uuid(), %s, %s, false, t, t, t, %s, %s, false, gen_random_uuid()::text, "
                "CASE WHEN %s THEN t + interval '5 hours' END FROM (SELECT %s::timestamptz) AS x (t)",
                [self._row(*each) for each in notices],
            )
        told = {period: self._months(*period) for period in _periods()}
        self.connection.rollback()
        return told

    def _months(self, first: date, last: date) -> list[dict[str, Any]]:
        [row] = self.connection.execute(
            "SELECT door.notice_figures(%s, %s, %s) -> 'months'", [self.secret, first, last]
        ).fetchall()
        return list(row[0])

    def _row(self, month: int, day: int, kind: int, place: int, taken: bool) -> tuple[Any, ...]:
        first = month_before(LAST, month)
        then = datetime(first.year, first.month, 1 + day, 12, tzinfo=FINLAND)
        due = date(2020, 1, 1) if kind % 2 else date(2099, 1, 1)
        return self.person.person_id, KINDS[kind], due, PLACES[place], taken, then


def _periods() -> Iterator[tuple[date, date]]:
    """Every period of the last three months."""
    for back, months in ((0, 1), (1, 1), (2, 1), (1, 2), (2, 2), (2, 3)):
        yield month_before(LAST, back), month_before(THIS_MONTH, back + 1 - months) - DAY


@pytest.fixture(scope="module")
def made(clean_database: Database) -> Iterator[Made]:
    world = World(clean_database)
    desks = Desks(world)
    made = Made(world, desks)
    yield made
    made.connection.close()
    desks.close()


notices = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 3), st.integers(0, 3), st.integers(0, 2), st.booleans(),
        st.integers(1, 9),
    ), max_size=8,
)  # fmt: skip


@settings(max_examples=20)
@given(notices)
@example([(0, 0, 0, 0, True, 9), (0, 1, 1, 1, False, 3)])
@example([(0, 0, 0, 0, True, 9), (0, 1, 1, 1, False, 6), (0, 2, 2, 2, True, 3)])
def test_who_reads_every_period_works_out_no_small_number(
    made: Made, drawn: list[tuple[int, int, int, int, bool, int]]
) -> None:
    every = [each[:5] for each in drawn for _ in range(each[5])]
    told = made.told(every)
    alone = {first: months[0] for (first, _), months in told.items() if len(months) == 1}
    for (first, _), months in told.items():
        # A longer period tells what its months tell, and nothing more.
        assert months[-1]["month"] >= str(first)
        assert all(each == alone.get(date.fromisoformat(each["month"]), each) for each in months)
    for back in range(3):
        month = alone[month_before(LAST, back)]
        there = [each for each in every if each[0] == back]
        if month["count"] is None:
            assert not any(month[name] for name in (*TABLES.values(), "late", "moved_in", "median_hours"))
            assert there
            continue
        assert month["count"] == len(there)
        late = sum(each[2] % 2 for each in there)
        assert month["late"] == (None if {late, len(there) - late} & set(SMALL) else late)
        for name in TABLES.values():
            assert all(row["count"] not in SMALL for row in month[name])
            for least, most in bounds(month[name], len(there)).values():
                assert most > least
        for row in month["municipalities"]:
            at = [each for each in there if PLACES[each[3]] == row["municipality"]]
            taken = sum(each[4] for each in at)
            assert row["count"] in (None, len(at))
            assert (row["median_hours"] is None) == (row["count"] is None or taken < 5)
