"""Making lists: once, whatever happens; corrections make new ones; nothing on one ever changes."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import psycopg
import pytest

from kelmu.core import clock
from kelmu.lists.__main__ import main
from tests.databases import Database
from tests.lists.desks import CHILD_CARE, VETERANS, latest, paid_child_care, run
from tests.world import TAMPERE, TURKU, World

PERIOD = latest(CHILD_CARE, 1)
MUNICIPALITIES = "SELECT count(*) FROM organisations.municipality WHERE present_code = code"
DAY = timedelta(days=1)


def versions(database: Database, municipality: str) -> list[tuple[object, ...]]:
    return database.run(
        "SELECT version, row_count, amount FROM lists.run WHERE kind = %s AND first_day = %s"
        " AND municipality_code = %s ORDER BY version",
        CHILD_CARE, PERIOD.first_day, municipality,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(clean_database: Database) -> Database:
    """Somebody of Tampere and somebody of Turku are on lists."""
    world = World(clean_database)
    for municipality in (TAMPERE, TURKU):
        paid_child_care(world, world.person(lives_in=municipality), PERIOD)
    [(count,)] = clean_database.run(MUNICIPALITIES)
    assert run(clean_database, CHILD_CARE, PERIOD.first_day) == (count, 0, 2)
    return clean_database


def test_every_municipality_has_its_list_an_empty_one_too(made: Database) -> None:
    assert versions(made, TAMPERE)[0] == (1, 1, 377)
    assert versions(made, "091")[0] == (1, 0, None)


def test_a_second_run_makes_nothing(made: Database) -> None:
    assert run(made, CHILD_CARE, PERIOD.first_day)[0] == 0


def test_a_correction_makes_a_new_list_of_its_municipality_only(made: Database) -> None:
    world, before = World(made), versions(made, TAMPERE)
    paid_child_care(world, world.person(lives_in=TAMPERE), PERIOD, gross=100, net=100)
    assert run(made, CHILD_CARE, PERIOD.first_day) == (1, 1, 2)
    assert versions(made, TAMPERE) == [*before, (len(before) + 1, 2, 477)]
    assert len(versions(made, TURKU)) == 1


def test_a_run_that_is_killed_leaves_nothing_and_the_next_makes_all(made: Database) -> None:
    world = World(made)
    paid_child_care(world, world.person(lives_in="091"), PERIOD)
    with made.connect("kelmu_worker", autocommit=False) as worker:
        worker.execute("SELECT door.run_list(%s, %s)", [CHILD_CARE, PERIOD.first_day])
        worker.rollback()
    assert len(versions(made, "091")) == 1
    assert run(made, CHILD_CARE, PERIOD.first_day) == (1, 1, 1)


def test_only_one_run_goes_on_at_a_time(made: Database) -> None:
    with made.connect("kelmu_worker", autocommit=False) as first:
        first.execute("SELECT door.run_list(%s, %s)", [CHILD_CARE, PERIOD.first_day])
        with pytest.raises(psycopg.Error) as raised:
            run(made, CHILD_CARE, PERIOD.first_day)
        assert raised.value.sqlstate == "KL014"
        first.rollback()


def test_runs_started_at_once_make_each_list_once(made: Database) -> None:
    first_day = latest(VETERANS).first_day
    refusals: list[str | None] = []

    def start() -> None:
        try:
            run(made, VETERANS, first_day)
        except psycopg.Error as error:
            refusals.append(error.sqlstate)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(refusals) <= {"KL014"}
    query = "SELECT count(*), count(DISTINCT municipality_code) FROM lists.run WHERE kind = %s"
    [(count, places)] = made.run(query, VETERANS)
    assert count == places == made.run(MUNICIPALITIES)[0][0]


@pytest.mark.parametrize(
    "first_day",
    [clock.today().replace(day=1), PERIOD.first_day + DAY, PERIOD.first_day.replace(year=2019)],
    ids=["not over", "no period", "before the kind"],
)
def test_there_is_no_list_of_what_is_no_period_or_not_over(made: Database, first_day: date) -> None:
    with pytest.raises(psycopg.Error) as raised:
        run(made, CHILD_CARE, first_day)
    assert raised.value.sqlstate == "KL010"


def test_nothing_is_made_while_a_source_cannot_be_read(made: Database) -> None:
    world = World(made)
    world.set_source("payments", available=False)
    try:
        with pytest.raises(psycopg.Error) as raised:
            run(made, CHILD_CARE, PERIOD.first_day)
    finally:
        world.set_source("payments", available=True)
    assert raised.value.sqlstate == "KL031"


@pytest.mark.parametrize("table", ["run", "run_row"])
@pytest.mark.parametrize("statement", ["UPDATE lists.{} SET amount = 1", "DELETE FROM lists.{}"])
def test_not_even_the_owner_changes_what_was_on_a_list(made: Database, table: str, statement: str) -> None:
    with made.connect("kelmu_owner") as owner, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        owner.execute(statement.format(table).encode())


def test_the_digest_is_that_of_the_rows(made: Database) -> None:
    rows = made.run(
        "SELECT r.digest = (SELECT sha256(coalesce(string_agg(sha256(convert_to(jsonb_build_array("
        "w.row_key, w.person_id, w.amount, w.content)::text, 'UTF8')), '' ORDER BY w.row_key), ''))"
        " FROM lists.run_row w WHERE w.run_id = r.run_id) FROM lists.run r"
    )
    assert {same for (same,) in rows} == {True}


def test_the_command_makes_what_is_due_and_says_so(
    made: Database, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KELMU_WORKER_DATABASE_URL", made.url("kelmu_worker"))
    assert main(["run", "--kind", VETERANS, "--periods", "1"]) == 0
    assert "lists: 0 lists made, 0 rows" in capfd.readouterr().err
    assert main(["schedule"]) == 0
    assert VETERANS in capfd.readouterr().err
    monkeypatch.delenv("KELMU_WORKER_DATABASE_URL")
    assert main(["run"]) == 2
