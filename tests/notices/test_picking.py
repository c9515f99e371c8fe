"""A run sends each computed notice exactly once, however often it is started, killed or late."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from kelmu.notices.picking import RunUnderWayError, pick_notices
from tests.databases import Database
from tests.notices.pick_households import months_before
from tests.notices.pick_runs import TODAY, Runs, job_seeker, refugee
from tests.world import TURKU

YOUNG, OLDER, NEWCOMER = "unemployed_under_25", "unemployed_25_plus", "immigrant"


@pytest.fixture
def runs(clean_database: Database) -> Runs:
    return Runs(clean_database)


def test_each_kind_is_sent_once_on_whichever_days_a_run_is_started(runs: Runs) -> None:
    young, older = job_seeker(range(4)), job_seeker(range(12), age=40)
    newcomer, nobody = refugee(range(2), age=40), job_seeker(range(3))
    runs.know(young, older, newcomer, nobody)
    for days in (0, 1, 0, 12, 31, 0):
        runs.run(TODAY - timedelta(days=days))
    assert [runs.kinds(each) for each in (young, older, newcomer, nobody)] == [
        [YOUNG],
        [OLDER],
        [NEWCOMER],
        [],
    ]


def test_a_notice_says_which_months_payments_and_decisions_it_rests_on(runs: Runs) -> None:
    person = job_seeker(range(6))
    runs.know(person)
    runs.run()
    [notice] = runs.notices(person)
    content = notice["content"]
    wanted = [f"{months_before(TODAY, ago):%Y-%m}" for ago in (3, 2, 1, 0)]
    assert [month["month"] for month in content["months"]] == wanted
    assert content["rule"] == f"{YOUNG}/1"
    assert (content["spell_from"], content["months_counted"]) == (f"{months_before(TODAY, 5):%Y-%m}", 6)
    latest, payment = content["months"][-1], person.payments[0]
    assert latest["decision_number"] == payment.decision
    assert latest["payments"] == [
        {"payment_number": str(payment.number), "paid_on": payment.paid_on.isoformat(), "gross": 800.0}
    ]
    assert latest["unemployment"] == ["job_seeker"]
    assert (latest["assistance"], latest["income"]) == (800.0, 250.5)


@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize("days_later", [0, 1])
def test_a_run_killed_between_any_two_steps_is_completed_by_the_next(
    runs: Runs, steps: int, days_later: int
) -> None:
    young, newcomer = job_seeker(range(4)), refugee(range(3), age=30)
    runs.know(young, newcomer)
    runs.begin(steps, TODAY - timedelta(days=days_later))
    runs.run()
    assert (runs.kinds(young), runs.kinds(newcomer)) == ([YOUNG], [NEWCOMER])
    [(state, running)] = runs.database.run(
        "SELECT count(*) FILTER (WHERE state = 'waiting'), (SELECT count(*) FROM notices.pick_run"
        " WHERE state IN ('looking', 'sending')) FROM notices.pick"
    )
    assert (state, running) == (0, 0)


@pytest.mark.parametrize("late", [[4], [4, 5, 6], [4, 6]], ids=["one", "three", "with a gap"])
def test_months_decided_late_before_a_spell_give_no_second_notice(runs: Runs, late: list[int]) -> None:
    person = job_seeker(range(4))
    runs.know(person)
    runs.run()
    runs.learn(person, late)
    runs.run()
    assert runs.kinds(person) == [YOUNG]


def test_spells_joined_by_a_month_decided_late_stay_with_one_notice_each(runs: Runs) -> None:
    person = job_seeker([0, 1, 2, 3, 5, 6, 7, 8])
    runs.know(person)
    runs.run()
    runs.learn(person, [4])
    runs.run()
    assert runs.kinds(person) == [YOUNG]


def test_a_month_that_makes_a_spell_long_enough_afterwards_is_in_time(runs: Runs) -> None:
    person = job_seeker([0, 1, 3, 4])
    runs.know(person)
    runs.run()
    assert runs.kinds(person) == []
    runs.learn(person, [2])
    runs.run()
    assert runs.kinds(person) == [YOUNG]
    [notice] = runs.notices(person)
    assert notice["content"]["spell_from"] == f"{months_before(TODAY, 4):%Y-%m}"


def test_a_month_taken_back_gives_no_second_notice(runs: Runs) -> None:
    person = job_seeker(range(6))
    runs.know(person)
    runs.run()
    runs.annul(person, 4)
    runs.run()
    assert runs.kinds(person) == [YOUNG]


def test_a_new_spell_gives_a_new_notice(runs: Runs) -> None:
    newcomer = refugee([3, 4, 5])
    runs.know(newcomer)
    past = months_before(TODAY, 3)
    runs.database.run(  # as if it had been found in time
        "INSERT INTO notices.pick_run (judged_on, state, persons, ended_at) VALUES (%s, 'done', 0, now())",
        past,
    )
    runs.database.run(
        "INSERT INTO notices.pick (person_id, kind, first_month, last_month, rule_version, pick_run_id,"
        " state) SELECT %s, 'immigrant', %s, %s, 1, max(pick_run_id), 'sent' FROM notices.pick_run",
        newcomer.person_id, months_before(TODAY, 5), past,
    )  # fmt: skip
    runs.learn(newcomer, [0, 1])
    runs.run()
    [notice] = runs.notices(newcomer)
    assert notice["content"]["months_counted"] == 2


def test_who_turns_25_in_a_spell_gets_the_notice_of_either_kind_once(runs: Runs) -> None:
    person = job_seeker(range(12), birth_date=months_before(TODAY, 25 * 12 - 1))
    runs.know(person)
    runs.run()
    assert runs.kinds(person) == [YOUNG]
    runs.database.run(
        "UPDATE register.person SET birth_date = birth_date - 40 WHERE person_id = %s", person.person_id,
        role="kelmu_feed",
    )  # fmt: skip
    runs.run()
    runs.run()
    assert runs.kinds(person) == [YOUNG, OLDER]


def test_who_dies_while_a_run_goes_on_gets_no_notice(runs: Runs) -> None:
    person, dead = job_seeker(range(4)), job_seeker(range(4), death_date=TODAY - timedelta(days=3))
    runs.know(person, dead)
    runs.begin(2)
    runs.die(person)
    runs.run()
    assert runs.kinds(person) == runs.kinds(dead) == []


def test_a_notice_goes_where_the_person_lives_when_it_is_sent(runs: Runs) -> None:
    person, homeless = job_seeker(range(4)), job_seeker(range(4), has_home=False)
    runs.know(person, homeless)
    runs.begin(2)
    runs.move(person, TURKU)
    runs.run()
    [notice] = runs.notices(person)
    assert notice["municipality_code"] == TURKU
    assert runs.kinds(homeless) == []


def test_a_person_under_a_non_disclosure_order_goes_to_the_restricted_queue(runs: Runs) -> None:
    person = job_seeker(range(4))
    runs.know(person)
    runs.protect(person)
    runs.run()
    [notice] = runs.notices(person)
    assert notice["restricted"] is True


def test_two_runs_do_not_go_on_at_once(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kelmu.notices.picking._PATIENCE_S", 0)
    with runs.database.connect("kelmu_worker") as one, runs.database.connect("kelmu_worker") as other:
        one.execute("SELECT pg_advisory_lock(5013, 6)")
        with pytest.raises(RunUnderWayError):
            pick_notices(other, TODAY)
        with pytest.raises(psycopg.Error) as raised:
            other.execute("SELECT * FROM door.pick_notices(%s)", [TODAY])
        assert raised.value.sqlstate == "KL014"
    runs.run()


@pytest.mark.parametrize("days", [1, -32, None])
def test_a_day_to_come_and_one_long_past_are_refused(runs: Runs, days: int | None) -> None:
    on = None if days is None else TODAY + timedelta(days=days)
    with runs.database.connect("kelmu_worker") as worker, pytest.raises(psycopg.Error) as raised:
        worker.execute("SELECT * FROM door.pick_notices(%s)", [on])
    assert raised.value.sqlstate == "KL010"


@pytest.mark.parametrize(
    "source", ["population", "non_disclosure", "decisions", "payments", "third_party_info"]
)
def test_nobody_is_picked_while_a_source_cannot_be_read(runs: Runs, source: str) -> None:
    query = "UPDATE register.source SET available = %s WHERE source = %s"
    runs.database.run(query, False, source, role="kelmu_feed")
    try:
        with pytest.raises(psycopg.Error) as raised:
            runs.run()
        assert raised.value.sqlstate == "KL031"
    finally:
        runs.database.run(query, True, source, role="kelmu_feed")


def test_the_worker_reads_neither_the_register_nor_the_picks(runs: Runs) -> None:
    for table in (
        "register.person",
        "register.payment",
        "notices.pick",
        "notices.pick_run",
        "notices.pick_rule",
    ):
        with runs.database.connect("kelmu_worker") as worker, pytest.raises(psycopg.Error) as raised:
            worker.execute(f"SELECT FROM {table}".encode())
        assert raised.value.sqlstate == "42501", table
