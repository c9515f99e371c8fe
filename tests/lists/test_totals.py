"""Every list of a synthetic country is what the register says, worked out row by row in Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from psycopg.rows import namedtuple_row

from kelmu.core import clock
from kelmu.lists.kinds import list_definitions
from kelmu.lists.running import run_lists
from kelmu.lists.schedule import ListPeriod, published_periods
from tests.databases import Database
from tests.door.many import load_register

PERIODS = 2
GRANTED = {"granted", "partly", "reviewed"}
RUNS = """
    SELECT r.municipality_code, r.row_count, r.amount, (
        SELECT array_agg(replace(w.row_key, '/', ' ')) FROM lists.run_row w WHERE w.run_id = r.run_id)
    FROM lists.run r WHERE r.kind = %s AND r.first_day = %s
"""
DAY = timedelta(days=1)
Row = tuple[str | None, str, Decimal | None]
"""Municipality, who or what, and the amount."""
Expected = Callable[["Register", ListPeriod], list[Row]]


@dataclass(frozen=True)
class Register:
    """What is known now, table by table."""

    payments: list[Any]
    decisions: list[Any]
    homes: Mapping[int, list[Any]]
    present: Mapping[str, str]
    deaths: Mapping[int, date]

    def home(self, person_id: int, day: date) -> str | None:
        """The municipality of a person on a day; of a dead one, the last before it."""
        dead = person_id in self.deaths
        homes = [home for home in self.homes[person_id] if home.valid_from <= day]
        homes = [home for home in homes if dead or home.valid_to is None or home.valid_to >= day]
        return self.present[max(homes, key=lambda home: home.valid_from).municipality_code] if homes else None


def child_care(register: Register, period: ListPeriod) -> list[Row]:
    found: list[Row] = []
    for each in register.payments:
        if not each.benefit_code.startswith(("FAM-KHT", "FAM-YHT", "FAM-JHR", "FAM-OHR")):
            continue
        home = register.home(each.person_id, each.paid_on)
        turned = each.state_on or each.paid_on
        if each.state in {"paid", "returned", "corrected"} and _in(period, each.paid_on):
            found.append((home, f"{each.payment_number} paid", each.gross))
        if each.state in {"returned", "corrected"} and _in(period, turned):
            found.append((home, f"{each.payment_number} {each.state}", -each.gross))
    return found


def veterans(register: Register, period: ListPeriod) -> list[Row]:
    who = {
        each.person_id
        for each in register.decisions
        if each.benefit_code in {"PEN-RL", "PEN-YRL", "PEN-RU"} and each.outcome in GRANTED
        and each.valid_from <= period.last_day and (each.valid_to or date.max) >= period.last_day
        and (each.annulled_on or date.max) > period.last_day
        and register.deaths.get(each.person_id, date.max) > period.last_day
    }  # fmt: skip
    return [(register.home(person, period.last_day), str(person), None) for person in who]


def long_unemployed(register: Register, period: ListPeriod) -> list[Row]:
    days: dict[int, set[date]] = defaultdict(set)
    last: dict[int, date] = {}
    for each in register.payments:
        if each.benefit_code in {"UNE-TMT", "UNE-SOV", "UNE-YT"} and each.state == "paid":
            if each.paid_on > period.last_day:
                continue
            length = (each.period_to - each.period_from).days + 1
            spell = (each.period_from + count * DAY for count in range(length))
            days[each.person_id] |= {day for day in spell if day.weekday() < 5}
            last[each.person_id] = max(last.get(each.person_id, each.paid_on), each.paid_on)
    return [
        (register.home(person, last[person]), str(person), None)
        for person, paid in days.items() if len(paid) >= 300 and _in(period, last[person])
    ]  # fmt: skip


BY_HAND: dict[str, Expected] = {
    "child_care_invoice": child_care, "front_veterans": veterans, "lms_300_days": long_unemployed,
}  # fmt: skip


def _in(period: ListPeriod, day: date) -> bool:
    return period.first_day <= day <= period.last_day


@pytest.fixture(scope="module")
def country(clean_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A synthetic country and its lists."""
    load_register(clean_database, tmp_path_factory.mktemp("feed"), persons=1_500)
    with clean_database.connect("kelmu_worker") as worker:
        run_lists(worker, list_definitions().values(), clock.today(), periods=PERIODS)
    return clean_database


@pytest.fixture(scope="module")
def register(country: Database) -> Iterator[Register]:
    with country.connect("kelmu_admin") as connection:
        cursor = connection.cursor(row_factory=namedtuple_row)

        def read(columns: str, table: str) -> list[Any]:
            query = f"SELECT {columns} FROM register.{table} WHERE superseded_at IS NULL"
            return cursor.execute(query.encode()).fetchall()

        homes: dict[int, list[Any]] = defaultdict(list)
        for home in read("person_id, municipality_code, valid_from, valid_to", "residence"):
            homes[home.person_id].append(home)
        deaths = connection.execute(
            "SELECT person_id, death_date FROM register.person WHERE death_date IS NOT NULL"
        )
        known_deaths: dict[int, date] = dict(deaths.fetchall())
        present = connection.execute("SELECT code, present_code FROM organisations.municipality")
        yield Register(
            payments=read(
                "person_id, payment_number, benefit_code, paid_on, period_from, period_to, gross, state,"
                " state_on",
                "payment",
            ),
            decisions=read("person_id, benefit_code, outcome, valid_from, valid_to, annulled_on", "decision"),
            homes=homes,
            present=dict(present.fetchall()),
            deaths=known_deaths,
        )


@pytest.mark.parametrize("kind", list_definitions().values(), ids=lambda kind: kind.kind)
def test_every_area_has_the_rows_and_the_sum_that_the_register_gives(
    country: Database, register: Register, kind: Any
) -> None:
    rows_of_all = 0
    for period in published_periods(kind, clock.today(), PERIODS):
        expected: dict[str, list[Row]] = defaultdict(list)
        for row in BY_HAND[kind.kind](register, period):
            if row[0] is not None:
                expected[row[0]].append(row)
        with country.connect("kelmu_admin") as admin:
            runs = admin.execute(RUNS, [kind.kind.value, period.first_day]).fetchall()
        assert {code for code, *_ in runs} == set(register.present.values())
        for code, count, amount, keys in runs:
            sums = [each for _, _, each in expected[code] if each is not None]
            assert (count, amount) == (len(expected[code]), sum(sums) if sums else None)
            assert sorted(keys or []) == sorted(key for _, key, _ in expected[code])
            rows_of_all += count
    assert rows_of_all > (0 if kind.kind == "front_veterans" else 10)


def test_the_country_has_every_kind_of_event(country: Database) -> None:
    """Otherwise the sums above would say little."""
    found = country.run("SELECT DISTINCT state FROM register.payment WHERE benefit_code LIKE 'FAM-KHT%%'")
    assert {str(state) for (state,) in found} >= {"paid", "returned"}
