"""The answer goes to Kela: at least once, kept once, in the order of each notice, by however many workers."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import psycopg
import pytest

from kelmu.identity.http import OutboundClient
from kelmu.notices.__main__ import main
from kelmu.notices.delivery import Delivered, deliver_answers, worker_figures
from kelmu.notices.kela import Fault, KelaService, KelaSettingsError, checksum
from tests.databases import ROOT, Database
from tests.notices.desks import NoticeDesk
from tests.notices.sending import Sender
from tests.world import World
from tools.simulators.starting import KelaClient, Simulator, free_port, start_kela

KEY = "k" * 50
_WAITING = "delivered_at IS NULL AND withdrawn_at IS NULL"


@pytest.fixture(scope="module")
def kela() -> Iterator[Simulator]:
    simulator = start_kela(free_port(), KelaClient(client_id="kelmu", key=KEY))
    yield simulator
    simulator.stop()


@dataclass
class Post:
    """Kela's side, the way to it, and the answers on their way."""

    database: Database
    simulator: Simulator
    service: KelaService
    worker: psycopg.Connection

    def round(self, service: KelaService | None = None) -> Delivered:
        return deliver_answers(self.worker, service or self.service)

    def fault(self, fault: str) -> None:
        self.simulator.control("fault", fault=fault)

    def kept(self) -> list[dict[str, Any]]:
        return list(self._told()["kept"])

    def calls(self) -> list[str]:
        return list(self._told()["calls"])

    def _told(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.simulator.url}/control/kept", timeout=5) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

    def ready(self) -> None:
        """Nothing can be taken back any more."""
        self.database.run(
            "UPDATE notices.answer SET ready_at = now() - interval '1 minute' WHERE " + _WAITING
        )

    def due(self) -> None:
        """The pauses after faults are over."""
        self.database.run(
            "UPDATE notices.answer SET again_at = now() - interval '1 second' WHERE " + _WAITING
        )

    def rows(self, columns: str) -> list[tuple[Any, ...]]:
        return self.database.run(f"SELECT {columns} FROM notices.answer WHERE {_WAITING} ORDER BY answer_id")


@pytest.fixture
def post(clean_database: Database, kela: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    kela.control("reset")
    clean_database.run(f"UPDATE notices.answer SET withdrawn_at = now() WHERE {_WAITING}")
    service = KelaService(kela.url, "kelmu", KEY, OutboundClient(3.0))
    for name, value in {
        "KELMU_KELA_URL": kela.url, "KELMU_KELA_CLIENT_ID": "kelmu", "KELMU_KELA_KEY": KEY,
        "KELMU_WORKER_DATABASE_URL": clean_database.url("kelmu_worker"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    with clean_database.connect("kelmu_worker") as worker:
        yield Post(clean_database, kela, service, worker)
    service.http.close()


@pytest.fixture
def worked(desk: NoticeDesk, sender: Sender, world: World) -> Any:
    """Makes notices that were taken up, handled and reopened: three answers each, not ready yet."""

    def make(count: int = 1) -> list[UUID | None]:
        made = [sender.send(world.person()) for _ in range(count)]
        for sent in made:
            desk.change(sent, 1, "handled", "contacted")
            desk.change(sent, 2, "reopened")
        return made

    return make


def whats(messages: list[dict[str, Any]], sent: UUID | None) -> list[str]:
    return [each["what"] for each in messages if each["notice_id"] == str(sent)]


def test_an_answer_goes_out_once_it_can_no_longer_be_taken_back_and_says_nothing_of_the_case(
    post: Post, worked: Any
) -> None:
    [sent] = worked()
    assert post.round() == Delivered()
    post.ready()
    assert post.round().kept == 3
    assert whats(post.kept(), sent) == ["taken_up", "handled", "reopened"]
    assert [each["outcome"] for each in post.kept()] == [None, "contacted", None]
    assert set(post.kept()[0]) == {
        "answer_id", "message_id", "notice_id", "number", "kela_number", "what", "outcome", "at",
        "visible_from",
    }  # fmt: skip
    assert post.round() == Delivered()
    assert len(post.calls()) == 3


def test_what_was_taken_back_never_goes_out(
    post: Post, desk: NoticeDesk, sender: Sender, world: World
) -> None:
    sent = sender.send(world.person())
    desk.change(sent, 1, "handled", "no_need")
    desk.undo(sent, 2)
    post.ready()
    assert post.round() == Delivered()


@pytest.mark.parametrize(
    ("behaviour", "fault", "tried"),
    [
        ("down", Fault.BUSY, 1), ("failing", Fault.FAILED, 1), ("losing receipts", Fault.FAILED, 1),
        ("refusing", Fault.REFUSED, 2),
    ],
)  # fmt: skip
def test_a_fault_waits_longer_each_time_and_holds_back_only_its_own_notice(
    post: Post, worked: Any, behaviour: str, fault: Fault, tried: int
) -> None:
    """What is down for one is down for all, and nothing else is tried; what is refused is refused alone."""
    one, other = worked(2)
    post.ready()
    post.fault(behaviour)
    assert post.round().faults == {fault: tried}
    assert post.rows("attempts, fault, round(extract(epoch FROM again_at - now()))")[0] == (1, fault, 30)
    post.fault("none")
    first = tried == 2
    assert whats_of_round(post, one, other) == ([], [] if first else ["taken_up", "handled", "reopened"])
    post.due()
    post.round()
    assert whats(post.kept(), one) == whats(post.kept(), other) == ["taken_up", "handled", "reopened"]
    assert len({each["message_id"] for each in post.kept()}) == 6


def whats_of_round(post: Post, one: UUID | None, other: UUID | None) -> tuple[list[str], list[str]]:
    """What a round adds; what was kept and not told is there before it."""
    before = {each["message_id"] for each in post.kept()}
    post.round()
    added = [each for each in post.kept() if each["message_id"] not in before]
    return whats(added, one), whats(added, other)


def test_pauses_double_up_to_an_hour_and_a_person_sees_what_is_stuck(
    post: Post, worked: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    [sent] = worked()
    [(number,)] = post.database.run("SELECT number FROM notices.notice WHERE notice_id = %s", sent)
    post.ready()
    assert main(["deliveries"]) == 0
    post.fault("down")
    pauses = []
    for _ in range(9):
        post.due()
        assert post.round().faults == {Fault.BUSY: 1}
        pauses.append(post.rows("round(extract(epoch FROM again_at - now()))")[0][0])
        seen = worker_figures(post.worker)["stuck"]
        assert seen == (1 if len(pauses) >= 8 else 0)
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert main(["deliveries"]) == 1
    assert f"notice {number}: taken_up" in capsys.readouterr().out
    assert main(["health"]) == 1
    said = capsys.readouterr().out
    assert "\nkelmu_answers_waiting 3\n" in said
    assert "\nkelmu_answers_stuck 1\n" in said
    post.fault("none")
    assert post.round() == Delivered()
    assert main(["deliveries", "--retry"]) == 1
    assert main(["deliver"]) == 0
    assert "3 answers delivered" in capsys.readouterr().err
    assert main(["deliveries"]) == 0


def test_what_is_refused_or_late_by_a_day_is_stuck_at_once(post: Post, worked: Any) -> None:
    worked()
    post.ready()
    post.fault("refusing")
    post.round()
    assert worker_figures(post.worker)["stuck"] == 1
    post.fault("none")
    post.due()
    post.round()
    worked()
    post.database.run(f"UPDATE notices.answer SET ready_at = now() - interval '25 hours' WHERE {_WAITING}")
    figures = worker_figures(post.worker)
    assert (figures["waiting"], figures["stuck"], figures["oldest_seconds"]) == (3, 3, 25 * 3600)


def test_workers_at_once_take_different_answers_and_keep_each_notices_order(post: Post, worked: Any) -> None:
    made = worked(6)
    post.ready()
    post.fault("slow")
    rounds = []

    def work() -> None:
        with post.database.connect("kelmu_worker") as connection:
            rounds.append(deliver_answers(connection, post.service))

    workers = [threading.Thread(target=work) for _ in range(6)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    post.fault("none")
    post.round()
    assert len(post.calls()) == len(set(post.calls())) == 18
    assert all(whats(post.kept(), sent) == ["taken_up", "handled", "reopened"] for sent in made)


def claimed(connection: psycopg.Connection) -> Any:
    row = connection.execute("SELECT door.claim_answer(60)").fetchone()
    assert row is not None
    return row[0]


def test_two_claims_never_give_the_same_answer(post: Post, worked: Any) -> None:
    """The second looks while the first has not committed; nothing else of that notice is given meanwhile."""
    worked()
    post.ready()
    with (
        post.database.connect("kelmu_worker", autocommit=False) as one,
        post.database.connect("kelmu_worker") as other,
    ):
        first = claimed(one)
        assert claimed(other) is None
        one.commit()
        assert claimed(other) is None
        settle = "SELECT door.settle_answer(%s, %s, %s)"
        told = [first["message"]["answer_id"], first["attempt"], None]
        assert other.execute(settle, told).fetchone() == (True,)
        assert other.execute(settle, told).fetchone() == (False,)
        assert claimed(other)["message"]["what"] == "handled"


def test_a_fault_told_late_does_not_put_off_who_took_it_since(post: Post, worked: Any) -> None:
    worked()
    post.ready()
    claimed(post.worker)
    post.due()
    answer_id = claimed(post.worker)["message"]["answer_id"]
    settle = "SELECT door.settle_answer(%s, %s, %s)"
    assert post.worker.execute(settle, [answer_id, 1, "failed"]).fetchone() == (False,)
    # But that Kela's side has kept it is true whoever says so; what was never taken is not delivered.
    assert post.worker.execute(settle, [answer_id, 3, None]).fetchone() == (False,)
    assert post.worker.execute(settle, [answer_id, 1, None]).fetchone() == (True,)


def test_killed_workers_lose_nothing_and_kela_keeps_nothing_twice(post: Post, worked: Any) -> None:
    made = worked(8)
    post.ready()
    moments = random.Random(6)
    command = [sys.executable, "-m", "kelmu", "notices", "deliver"]
    for _ in range(3):
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as running:
            before = len(post.calls())
            while running.poll() is None and len(post.calls()) <= before:
                time.sleep(0.005)
            time.sleep(moments.uniform(0, 0.02))
            running.send_signal(signal.SIGKILL)
    post.due()
    while post.round().kept:
        post.due()
    assert post.rows("answer_id") == []
    kept = post.kept()
    assert len(kept) == len({each["message_id"] for each in kept}) == 24
    assert all(whats(kept, sent) == ["taken_up", "handled", "reopened"] for sent in made)


def test_kelas_side_takes_nothing_that_is_not_signed_by_us(post: Post, worked: Any) -> None:
    worked()
    post.ready()
    for wrong in (replace(post.service, key="x" * 50), replace(post.service, client_id="other")):
        post.due()
        assert post.round(wrong).faults == {Fault.REFUSED: 1}
    assert post.kept() == []
    first, *others = (
        checksum(KEY, *parts)
        for parts in (
            ("now", "/a", "id", b"x"), ("then", "/a", "id", b"x"), ("now", "/b", "id", b"x"),
            ("now", "/a", "other", b"x"), ("now", "/a", "id", b"y"),
        )
    )  # fmt: skip
    assert first not in others


def test_who_answers_without_naming_the_message_has_not_kept_it(post: Post, worked: Any) -> None:
    """As a page of a proxy does; and where nobody listens."""
    worked()
    post.ready()
    post.fault("other page")
    assert post.round().faults == {Fault.UNREADABLE: 1}
    post.fault("none")
    post.due()
    elsewhere = replace(post.service, base_url=f"{post.simulator.url}/nowhere")
    assert post.round(elsewhere).faults == {Fault.REFUSED: 1}
    post.due()
    assert post.round(replace(post.service, base_url="http://127.0.0.1:1")).faults == {Fault.UNREACHABLE: 1}


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"KELMU_KELA_URL": "https://kela.example"}, "KELMU_KELA_CLIENT_ID is not set"),
        ({"KELMU_KELA_KEY": KEY}, "KELMU_KELA_URL is not set"),
        (
            {"KELMU_KELA_URL": "http://kela.example", "KELMU_KELA_CLIENT_ID": "k", "KELMU_KELA_KEY": KEY},
            "must begin with https://",
        ),
        (
            {
                "KELMU_KELA_URL": "https://kela.example",
                "KELMU_KELA_CLIENT_ID": "k",
                "KELMU_KELA_KEY": "short",
            },
            "at least 50",
        ),
        ({"KELMU_KELA_KEY_FILE": "/nowhere"}, "names a file that cannot be read"),
    ],
)
def test_settings_that_make_no_sense_are_told(environment: dict[str, str], complaint: str) -> None:
    with pytest.raises(KelaSettingsError, match=complaint):
        KelaService.from_environment(environment)
    assert KelaService.from_environment({}) is None
