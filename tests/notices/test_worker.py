"""The worker: each day's run once however many workers there are, answers in time, a clean end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import time as time_of_day
from datetime import timedelta

import psycopg
import pytest
import structlog

from kelmu.core import clock
from kelmu.notices.watching import healthy
from kelmu.notices.working import Worker
from tests.databases import ROOT, Database
from tests.notices.desks import NoticeDesk
from tests.notices.sending import Sender
from tests.world import World
from tools.simulators.starting import KelaClient, Simulator, free_port, start_kela

KEY = "w" * 50
MIDNIGHT = time_of_day(0)
_SOURCES = "UPDATE register.source SET available = true"


@pytest.fixture(scope="module")
def ground(clean_database: Database) -> Database:
    """A register whose sources can be read."""
    clean_database.run(_SOURCES)
    return clean_database


@pytest.fixture
def kela() -> Iterator[Simulator]:
    simulator = start_kela(free_port(), KelaClient(client_id="kelmu", key=KEY))
    yield simulator
    simulator.stop()


def runs(database: Database) -> list[str]:
    return [str(day) for (day,) in database.run("SELECT judged_on FROM notices.pick_run ORDER BY 1")]


def worker(database: Database) -> Worker:
    return Worker(database.url("kelmu_worker"), None, MIDNIGHT)


def forget_runs(database: Database, *done: int) -> None:
    """As if the last runs had been so many days ago."""
    database.run("TRUNCATE notices.pick_run CASCADE")
    for ago in done:
        database.run(
            "INSERT INTO notices.pick_run (judged_on, state, ended_at, persons) "
            "VALUES (%s, 'done', now(), 0)",
            clock.today() - timedelta(days=ago),
        )


def test_a_day_has_one_run_whoever_looks_and_however_often(ground: Database) -> None:
    forget_runs(ground, 1)
    with ground.connect("kelmu_worker") as one, ground.connect("kelmu_worker") as other:
        other.execute("SELECT pg_advisory_lock(5013, 7)")
        worker(ground).pick(one)
        assert runs(ground) == [str(clock.today() - timedelta(days=1))]
        other.execute("SELECT pg_advisory_unlock(5013, 7)")
        for connection in (one, other, one):
            worker(ground).pick(connection)
    assert runs(ground) == [str(clock.today() - timedelta(days=ago)) for ago in (1, 0)]


def test_before_its_hour_a_day_has_no_run(ground: Database) -> None:
    forget_runs(ground, 1)
    late = Worker(ground.url("kelmu_worker"), None, time_of_day(23, 59, 59))
    with ground.connect("kelmu_worker") as one:
        late.pick(one)
    assert len(runs(ground)) == 1


def test_a_worker_that_is_stopped_breaks_a_run_off_and_the_next_one_ends_it(
    ground: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_runs(ground, 1)
    stopped, next_one = worker(ground), worker(ground)
    with ground.connect("kelmu_worker") as connection:
        due = iter([False])
        monkeypatch.setattr(stopped.stopped, "is_set", lambda: next(due, True))
        stopped.pick(connection)
        assert ground.run("SELECT count(*) FROM notices.pick_run WHERE state IN ('looking', 'sending')") == [
            (1,)
        ]
        next_one.pick(connection)
    assert ground.run("SELECT state FROM notices.pick_run") == [("done",), ("done",)]


def test_a_process_delivers_what_becomes_ready_and_ends_when_told(
    ground: Database, kela: Simulator, desk: NoticeDesk, sender: Sender, world: World
) -> None:
    client = world.person()
    desk.change(sender.send(client), 1, "handled", "contacted")
    ground.run("UPDATE notices.answer SET ready_at = now()")
    forget_runs(ground, 1)
    environment = {
        **os.environ, "KELMU_WORKER_DATABASE_URL": ground.url("kelmu_worker"), "KELMU_PICK_AT": "00:00",
        "KELMU_KELA_URL": kela.url, "KELMU_KELA_CLIENT_ID": "kelmu", "KELMU_KELA_KEY": KEY,
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "kelmu", "worker"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        until = time.monotonic() + 30
        while time.monotonic() < until and not (
            ground.run("SELECT count(*) FROM notices.answer WHERE delivered_at IS NULL") == [(0,)]
            and len(runs(ground)) == 2
        ):
            time.sleep(0.05)
        running.send_signal(signal.SIGTERM)
        said = running.communicate(timeout=20)[1]
    assert running.returncode == 0
    events = [json.loads(line)["event"] for line in said.splitlines()]
    assert events[0] == "starting"
    assert events[-1] == "stopped"
    assert {"answers delivered", "notices picked"} <= set(events)
    assert client.personal_id not in said
    assert KEY not in said


def test_a_job_that_breaks_ends_the_process(ground: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = worker(ground)

    def breaks(_connection: psycopg.Connection) -> None:
        raise RuntimeError("not foreseen")

    monkeypatch.setattr(broken, "pick", breaks)
    with structlog.testing.capture_logs() as lines:
        assert broken.run() == 1
    assert [line["event"] for line in lines] == ["a job of the worker broke"]


def test_a_database_that_is_gone_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Worker("postgresql://kelmu_worker:hush@127.0.0.1:1/kelmu", None, MIDNIGHT, look_every_s=0.01)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 4:
            gone.stop()

    monkeypatch.setattr(gone.stopped, "wait", wait)
    with structlog.testing.capture_logs() as lines:
        assert gone.run() == 0
    assert len(lines) == 4
    assert "hush" not in str(lines)


@pytest.mark.parametrize(
    ("stuck", "oldest", "picked", "well"),
    [
        (0, 0, 0, True),
        (0, 3599, 1, True),
        (1, 0, 0, False),
        (0, 3600, 0, False),
        (0, 0, 2, False),
        (0, 0, -1, False),
    ],
)
def test_the_worker_is_well_when_its_work_is_done(stuck: int, oldest: int, picked: int, well: bool) -> None:
    assert healthy({"stuck": stuck, "oldest_seconds": oldest}, picked) is well
