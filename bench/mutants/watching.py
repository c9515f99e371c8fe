"""Which tests watch a place: measured, by what each test calls, and kept until tests or source change."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.mutants.ground import FAULTY, TESTED, Ground
from bench.mutants.running import CALLED
from bench.mutants.sql_source import functions
from tests import databases

_MEASURED = Path(__file__).resolve().parents[1] / "results" / "mutants-watching.json"
_LONGEST_S = 3000
_DEAR_S = 1
_EDGES = ("_edges.py", "_boundaries.py", "_with_policy.py")
_OF_SHAPE = ("tests/door/test_plans.py", "tests/door/test_privileges.py")
CATALOGUE = "tests/door/test_privileges.py"
"""Watches what no call shows: who owns a function, as whom and with which search path it runs."""

_ON_POLICY = (
    "tests/inquiry/", "tests/door/test_agreement_with_policy.py", "tests/door/test_decision.py",
    "tests/api/test_inquiries.py", "tests/api/test_surface.py", "tests/identity/test_organisation_pages.py",
    "tests/identity/test_guard.py",
)  # fmt: skip


class Watching:
    """Seconds and calls of each test."""

    def __init__(self, tests: dict[str, dict[str, Any]]) -> None:
        self._tests = dict(tests)
        self.left_out: list[str] = []

    def leave_out(self, test: str) -> None:
        """Ask a test no more."""
        self._tests.pop(test, None)
        self.left_out.append(test)

    def of_function(self, name: str) -> list[str]:
        """The tests that call a function of the database.

        A function in SQL cannot be watched: all tests that call the database are taken to call it.
        """
        calling = [test for test, seen in self._tests.items() if name in seen["calls"]]
        return self._ordered(calling) if calling else self.of_privilege()

    def of_place(self, name: str, path: str) -> list[str]:
        """The same; first those of files whose names share most words with the function's and its file's.

        Then those of the edges of rules, the other tests of the door, and what takes long. At the end what
        looks at plans and privileges, where a fault in what a function does hardly shows.
        """
        kin = _words(name.rpartition(".")[2]) | _words(Path(path).stem)

        def place(test: str) -> tuple[bool, bool, int, bool, bool]:
            file = _file(test)
            shared, edges = len(kin & _words(Path(file).stem)), file.endswith(_EDGES)
            dear = self.seconds([test]) > _DEAR_S and not edges
            return file in _OF_SHAPE, dear, -shared, not edges, not test.startswith("tests/door/")

        return sorted(self.of_function(name), key=place)

    def of_header(self, name: str, path: str) -> list[str]:
        """The tests that read the catalogue, where a function's header shows; then those that call it."""
        catalogue = sorted(
            self._ordered(test for test in self._tests if test.startswith(CATALOGUE)),
            key=lambda test: "_doors_are_" not in test and "_catalogue_" not in test,
        )
        return list(dict.fromkeys([*catalogue, *self.of_place(name, path)]))

    def of_privilege(self) -> list[str]:
        """Every test that calls the database, those of the catalogue first."""
        every = self._ordered(
            test for test, seen in self._tests.items() if seen["calls"] or test.startswith(CATALOGUE)
        )
        return sorted(every, key=lambda test: not test.startswith(CATALOGUE))

    def of_policy(self) -> list[str]:
        """Policy's own tests, those that read no database first."""
        own = self._ordered(test for test in self._tests if test.startswith("tests/policy/"))
        return sorted(own, key=self.reads_database)

    def of_what_builds_on_policy(self) -> list[str]:
        """Tests of doors, looks and pages that rest on policy's decisions."""
        return self._ordered(test for test in self._tests if test.startswith(_ON_POLICY))

    def reads_database(self, test: str) -> bool:
        """Whether a test may do something with the database."""
        return (
            bool(self._tests[test]["calls"]) or not test.startswith("tests/policy/") or "door" in _file(test)
        )

    def seconds(self, tests: list[str]) -> float:
        """How long they took without a fault."""
        return sum(float(self._tests[test]["seconds"]) for test in tests)

    def within(self, tests: list[str], seconds: float) -> list[str]:
        """As many of them from the start as take so many seconds together."""
        begins = itertools.accumulate((self.seconds([test]) for test in tests), initial=0.0)
        return [test for test, begin in zip(tests, begins, strict=False) if begin < seconds]

    def _ordered(self, tests: Iterable[str]) -> list[str]:
        """File by file, the quickest first; tests that take long by themselves at the end.

        The first of a file takes what the file's own fixtures take.
        """
        wanted = set(tests)
        found = [test for test in self._tests if test in wanted]
        first = {_file(test): test for test in reversed(found)}
        dear = {test for test in found if self.seconds([test]) > _DEAR_S and first[_file(test)] != test}
        cost: defaultdict[str, float] = defaultdict(float)
        for test in found:
            cost[_file(test)] += 0 if test in dear else self.seconds([test])
        return sorted(found, key=lambda test: (test in dear, cost[_file(test)], _file(test)))


def _file(test: str) -> str:
    return test.partition("::")[0]


def _words(name: str) -> set[str]:
    return {word.removesuffix("s") for word in name.split("_")} - {"test", "door"}


def measured(ground: Ground, *, anew: bool = False) -> Watching:
    """What is known of each file of tests; measured now where a file is new or changed, or all ``anew``.

    Where source has changed since, a test may call what it did not call then. That can only leave out a test
    that would kill: a survivor for which this matters is met again when all is measured anew.

    Raises:
        RuntimeError: a test fails without any fault.
    """
    files = _digests(ground.copy)
    known = json.loads(_MEASURED.read_text()) if _MEASURED.exists() and not anew else {}
    kept = {path: one for path, one in known.items() if files.get(path) == one["digest"]}
    for path, tests in _measure(ground, [path for path in files if path not in kept]).items():
        kept[path] = {"digest": files[path], "tests": tests}
    _MEASURED.parent.mkdir(exist_ok=True)
    _MEASURED.write_text(json.dumps(kept), encoding="utf-8")
    return Watching({test: seen for one in kept.values() for test, seen in one["tests"].items()})


def _digests(copy: Path) -> dict[str, str]:
    paths = (path for folder in TESTED for path in sorted(copy.glob(f"tests/{folder}/test_*.py")))
    return {str(path.relative_to(copy)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _measure(ground: Ground, paths: list[str]) -> dict[str, dict[str, Any]]:
    if not paths:
        return {}
    print(f"measuring what the tests of {len(paths)} files call", flush=True)
    names = [_instrument(ground, path) for path in sorted(ground.copy.glob("src/kelmu/*/sql/*.sql"))]
    everything = sorted({name for found in names for name in found})
    log = ground.server.data.parent / "server.log"
    own = ground.clone("kelmu_ahead_own", FAULTY)
    seen = ground.collected.ask(_LONGEST_S, tests=paths, database=own, template=FAULTY, log=str(log))
    ground.drop(own)
    ground.sweep()
    ground.drop(FAULTY)
    ground.clone(FAULTY, databases.TEMPLATE)
    if "tests" not in seen:
        raise RuntimeError(str(seen))
    # What cannot be watched (it reads the functions' text, or counts what they do) is taken to call all.
    for test in seen["failures"]:
        _see_it_pass(ground, test)
        seen["tests"][test]["calls"] = everything
    found: dict[str, dict[str, Any]] = {path: {} for path in paths}
    for test, one in seen["tests"].items():
        found[_file(test)][test] = one
    return found


def _see_it_pass(ground: Ground, test: str) -> None:
    own = ground.take_clone()
    answer = ground.collected.ask(600, tests=[test], database=own, template=FAULTY)
    ground.drop(own)
    if answer != {"failed": None}:
        raise RuntimeError(f"without any fault there fails {test}:\n{answer.get('why', answer)}")


def _instrument(ground: Ground, path: Path) -> list[str]:
    """Make each function of a file say in the server's log that it is called."""
    names = []
    for name, text in functions(path.read_text(encoding="utf-8")):
        names.append(name)
        head, begin, rest = text.partition("\nBEGIN\n")
        if begin:
            ground.run(FAULTY, f"{head}{begin}RAISE LOG '{CALLED}{name}';{rest}")
    return names
