"""``kelmu notices pick`` and ``load-rules``, killed processes included."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import LiteralString

import psycopg
import pytest

from kelmu.core.period import Period
from kelmu.notices.__main__ import main
from kelmu.notices.pick_loading import PickRulesChangedError, load_pick_rules
from kelmu.notices.pick_rule_file import pick_rules
from kelmu.notices.pick_rules import PickKind
from tests.databases import ROOT, Database
from tests.notices.pick_runs import TODAY, Runs, job_seeker

KILLS = int(os.environ.get("KELMU_KILLS", "4"))
SEED = 20_261_124
_HELD: LiteralString = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 5013 AND objid = 6"
)


@pytest.fixture
def runs(clean_database: Database, monkeypatch: pytest.MonkeyPatch) -> Runs:
    monkeypatch.setenv("KELMU_WORKER_DATABASE_URL", clean_database.url("kelmu_worker"))
    monkeypatch.setenv("KELMU_OWNER_DATABASE_URL", clean_database.url("kelmu_owner"))
    return Runs(clean_database)


def process(database: Database, *arguments: str) -> subprocess.Popen[bytes]:
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "kelmu.notices", "pick", *arguments],
        cwd=ROOT, stderr=subprocess.DEVNULL,
        env={
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"),
            "KELMU_WORKER_DATABASE_URL": database.url("kelmu_worker"),
        },
    )  # fmt: skip


def sent(runs: Runs, persons: Sequence[int]) -> list[int]:
    rows = runs.database.run(
        "SELECT person_id FROM notices.notice_content WHERE person_id = ANY (%s) ORDER BY 1", list(persons)
    )
    return [int(str(person)) for (person,) in rows]


def test_runs_killed_at_any_moment_lose_and_repeat_nobody(runs: Runs) -> None:
    moments = random.Random(SEED)
    ids: list[int] = []
    for kill in range(KILLS):
        crowd = [job_seeker(range(4)) for _ in range(400)]
        runs.know(*crowd)
        ids += [person.person_id for person in crowd]
        running = process(runs.database, "--on", (TODAY - timedelta(days=kill % 2)).isoformat())
        while running.poll() is None and runs.database.run(_HELD) == [(0,)]:
            time.sleep(0.05)
        time.sleep(moments.uniform(0, 2))
        running.kill()
        running.wait()
        found = sent(runs, ids)
        assert len(found) == len(set(found))
    assert process(runs.database).wait() == 0
    assert sent(runs, ids) == ids


def test_the_command_says_how_many_it_looked_at_and_sent(
    runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    runs.run()
    runs.know(job_seeker(range(4)))
    assert main(["pick"]) == 0
    assert " persons looked at, 1 notices sent" in capsys.readouterr().err
    assert main(["pick", "--on", TODAY.isoformat()]) == 0
    assert " persons looked at, 0 notices sent" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("day", "message"),
    [(TODAY + timedelta(days=1), "31 days past"), (TODAY - timedelta(days=40), "31 days past")],
)
def test_a_day_that_cannot_be_judged_is_told(
    runs: Runs, capsys: pytest.CaptureFixture[str], day: object, message: str
) -> None:
    assert main(["pick", "--on", str(day)]) == 1
    assert message in capsys.readouterr().err


def test_another_run_is_told_of(
    runs: Runs, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kelmu.notices.picking._PATIENCE_S", 0)
    with runs.database.connect("kelmu_worker") as other:
        other.execute("SELECT pg_advisory_lock(5013, 6)")
        assert main(["pick"]) == 1
    assert "another run is under way" in capsys.readouterr().err


def test_a_missing_setting_and_a_lost_database_are_told(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KELMU_WORKER_DATABASE_URL", "postgresql://kelmu_worker:hush@127.0.0.1:1/kelmu")
    assert main(["pick"]) == 1
    said = capsys.readouterr().err
    assert "could not be reached" in said
    assert "hush" not in said
    monkeypatch.delenv("KELMU_WORKER_DATABASE_URL")
    assert main(["pick"]) == 2
    assert "KELMU_WORKER_DATABASE_URL is not set" in capsys.readouterr().err


def test_loading_the_same_rules_again_changes_nothing(runs: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT to_jsonb(r) FROM notices.pick_rule r ORDER BY kind, version"
    before = runs.database.run(query)
    assert main(["load-rules"]) == 0
    assert "unemployed_under_25/1" in capsys.readouterr().err
    assert runs.database.run(query) == before
    assert len(before) == len(pick_rules())


def test_a_version_that_was_loaded_never_reads_otherwise(runs: Runs) -> None:
    first, *others = pick_rules()
    with runs.database.connect("kelmu_owner") as owner:
        for rules in ([replace(first, months=3), *others], others):
            with pytest.raises(PickRulesChangedError, match=f"version 1 of {first.kind}"):
                load_pick_rules(owner, rules)


def test_a_new_version_picks_from_its_first_day_on(runs: Runs) -> None:
    """The old one is given its last day; a run for a day before still goes by it."""
    first = next(rule for rule in pick_rules() if rule.kind is PickKind.UNEMPLOYED_UNDER_25)
    others = [rule for rule in pick_rules() if rule is not first]
    ended = replace(first, valid=Period(first.valid.start, TODAY - timedelta(days=1)))
    stricter = replace(first, version=2, months=5, valid=Period(TODAY))
    four, five = job_seeker(range(4)), job_seeker(range(5))
    runs.run()
    runs.know(four, five)
    with runs.database.connect("kelmu_owner") as owner:
        load_pick_rules(owner, [ended, stricter, *others])
    runs.run()
    assert runs.kinds(four) == []
    assert [notice["content"]["rule"] for notice in runs.notices(five)] == ["unemployed_under_25/2"]
    runs.run(TODAY - timedelta(days=1))
    assert (runs.kinds(four), runs.kinds(five)) == (["unemployed_under_25"], ["unemployed_under_25"])


def test_only_the_owner_changes_rules(runs: Runs) -> None:
    for role in ("kelmu_worker", "kelmu_web", "kelmu_feed"):
        with runs.database.connect(role) as connection, pytest.raises(psycopg.Error) as raised:
            connection.execute("UPDATE notices.pick_rule SET months = 1")
        assert raised.value.sqlstate == "42501", role
