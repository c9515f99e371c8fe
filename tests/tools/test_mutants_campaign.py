"""A campaign asks the right tests in the right order, loses nothing and is fooled by nothing that hangs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from bench.mutants import results
from bench.mutants.model import Mutant, Verdict
from bench.mutants.trial import Killers
from bench.mutants.warm import in_child
from bench.mutants.watching import Watching

SEEN = {
    "tests/door/test_a.py::cheap": {"seconds": 0.1, "calls": ["door.look", "door.close"]},
    "tests/door/test_a.py::dear": {"seconds": 9.0, "calls": ["door.look"]},
    "tests/door/test_b.py::other": {"seconds": 0.01, "calls": ["door.close"]},
    "tests/door/test_privileges.py::catalogue": {"seconds": 0.2, "calls": []},
    "tests/policy/test_c.py::rule": {"seconds": 0.01, "calls": []},
}


def mutant(
    place: str = "door.look", *, original: str = "SELECT 1", key: str = "d.sql::door.look: x #1"
) -> Mutant:
    return Mutant(key, "door", "d.sql", place, "text", "SELECT 2", original)


def test_the_tests_that_call_a_function_watch_it_the_cheap_ones_first() -> None:
    watching = Watching(SEEN)
    assert watching.of_function("door.look") == ["tests/door/test_a.py::cheap", "tests/door/test_a.py::dear"]


def test_tests_named_like_the_functions_file_come_first() -> None:
    watching = Watching(SEEN)
    assert watching.of_place("door.close", "src/kelmu/inquiry/sql/as.sql")[0].startswith(
        "tests/door/test_a.py"
    )


def test_so_many_are_asked_as_take_the_time_there_is() -> None:
    watching = Watching(SEEN)
    tests = watching.of_function("door.look")
    assert watching.within(tests, 0.05) == tests[:1]
    assert watching.within(tests, 5) == tests


def test_a_function_nobody_was_seen_to_call_is_watched_by_all_that_call_any() -> None:
    assert len(Watching(SEEN).of_function("door.inlined")) == 4


def test_a_header_is_watched_by_the_catalogue_first() -> None:
    assert Watching(SEEN).of_header("door.look", "d.sql")[0] == "tests/door/test_privileges.py::catalogue"


def test_a_test_that_fails_without_a_fault_is_asked_no_more() -> None:
    watching = Watching(SEEN)
    watching.leave_out("tests/door/test_a.py::cheap")
    assert watching.of_function("door.look") == ["tests/door/test_a.py::dear"]
    assert watching.left_out == ["tests/door/test_a.py::cheap"]


def test_what_killed_last_in_the_place_comes_first_then_what_killed_in_the_file() -> None:
    killers = Killers()
    killers.add("d.sql", "door.other", "c")
    killers.add("d.sql", "door.look", "b")
    assert killers.before(mutant(), ["a", "b", "c"]) == ["b", "c", "a"]
    assert killers.before(mutant("door.third"), ["a", "c"]) == ["c", "a"]


def test_a_child_answers_and_is_gone() -> None:
    answer = in_child(lambda: {"pid": os.getpid()}, 30)
    assert answer["pid"] != os.getpid()
    assert not psutil.pid_exists(answer["pid"])


def hang(told: Path) -> dict[str, object]:
    child = os.fork()
    told.write_text(str(child or os.getpid()))
    while True:
        time.sleep(1)


def is_gone(process: int) -> bool:
    try:
        return bool(psutil.Process(process).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_what_does_not_end_is_ended_with_all_it_has_started(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    seconds = 0.5
    while not told.exists() or not told.read_text():  # a busy machine may not have begun by then
        assert in_child(lambda: hang(told), seconds) == {"no_end": True}
        seconds *= 2
    grandchild = int(told.read_text())
    while not is_gone(grandchild):  # killed already; a busy machine may take a moment
        time.sleep(0.01)


@pytest.mark.parametrize("wrong", [lambda: 1 / 0, lambda: os._exit(0)])
def test_a_child_that_breaks_says_so(wrong: Callable[[], dict[str, object]]) -> None:
    assert "broken" in in_child(wrong, 30)


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], results.Record]:
    monkeypatch.setattr(results, "_RESULTS", tmp_path)
    monkeypatch.setattr(results, "_RECORD", tmp_path / "mutants.jsonl")
    return lambda: results.Record(tmp_path)


def test_a_verdict_is_known_to_the_next_run_while_the_function_stays(
    record: Callable[[], results.Record],
) -> None:
    record().add(mutant(), Verdict.KILLED, "killer")
    again = record()
    assert again.verdict(mutant()) is Verdict.KILLED
    assert again.verdict(mutant(original="SELECT 3")) is None
    assert again.killers == [("d.sql::door.look: x #1", "killer")]


def test_only_the_verdicts_asked_for_are_tried_again(record: Callable[[], results.Record]) -> None:
    record().add(mutant(), Verdict.SURVIVED, "")
    assert record().knows(mutant(), again={Verdict.UNSETTLED})
    assert not record().knows(mutant(), again={Verdict.SURVIVED})


def test_what_did_not_end_counts_against_the_score(
    record: Callable[[], results.Record], capsys: pytest.CaptureFixture[str]
) -> None:
    mutants = [mutant(key=f"d.sql::door.look: x #{number}") for number in range(1, 6)]
    for each, verdict in zip(mutants, Verdict, strict=True):
        record().add(each, verdict, "")
    assert results.summarise(record(), mutants) == 1
    summary = capsys.readouterr().out
    assert '"killed": 1' in summary
    assert '"total": 4' in summary
    assert "survived without a reason: d.sql::door.look: x #2" in summary
