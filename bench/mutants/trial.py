"""Tries mutants on a worker's ground: puts one fault in, runs the tests that watch the place, takes it out.

A fault within a function of the database goes into a clone that is ready and into the template from which
modules clone their own. A fault in a privilege builds a template from the changed file. A fault in Python
is put into what is loaded (see ``swapping``) or met by a child that has imported nothing of Kelmu's.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections import defaultdict
from typing import Any

import psycopg

from bench.mutants.ground import FAULTY, Ground
from bench.mutants.model import Mutant, Verdict
from bench.mutants.watching import CATALOGUE, Watching
from tests import databases

Tried = tuple[Verdict, str]
_CLUSTER_WIDE = "src/kelmu/config/sql/roles.sql"
_BUILT = "kelmu_built"
_REMEMBERED = 15
_LIKELY = 2
"""The files of so many last killers are tried by themselves first: little to import."""


class Killers:
    """The tests that killed last: in the same place, then in the same file."""

    def __init__(self) -> None:
        self._last: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, path: str, place: str, killer: str) -> None:
        """This one killed."""
        for where in (f"{path}::{place}", path):
            last = self._last[where]
            self._last[where] = [killer, *(each for each in last if each != killer)][:_REMEMBERED]

    def before(self, mutant: Mutant, tests: list[str]) -> list[str]:
        """The same tests, the last killers first.

        A fault in a function's header shows in the catalogue at once.
        """
        if mutant.in_header:
            return tests
        last = [*self._last[f"{mutant.path}::{mutant.place}"], *self._last[mutant.path]]
        known = set(tests)
        first = [test for test in dict.fromkeys(last) if test in known]
        return list(dict.fromkeys([*first, *tests]))


class Trials:
    """Verdicts on mutants, one after another."""

    def __init__(
        self, ground: Ground, watching: Watching, killers: Killers, *, quick: float | None = None
    ) -> None:
        self._ground = ground
        self._called = ground.collected.called
        self._quick = quick
        self._watching = watching
        self._killers = killers
        self._passing: set[str] = set()
        self._moment = itertools.count(1_000_000_000)

    def try_out(self, mutant: Mutant) -> Tried:
        """Put one fault in, run the tests that watch the place, take it out. Verdict and killer.

        Raises:
            RuntimeError: a trial itself went wrong.
        """
        verdict, killer = self._once(mutant)
        while verdict is Verdict.KILLED and not self._passes_without(killer, mutant):
            print(f"left out, for it fails without any fault: {killer}", flush=True)
            self._watching.leave_out(killer)
            verdict, killer = self._once(mutant)
        if verdict is Verdict.KILLED:
            self._killers.add(mutant.path, mutant.place, killer)
        return verdict, killer

    def _once(self, mutant: Mutant) -> Tried:
        if mutant.function is not None:
            return self._try_function(mutant, mutant.function)
        original = (self._ground.copy / mutant.path).read_text(encoding="utf-8")
        self._write(mutant.path, mutant.text)
        try:
            return self._try_file(mutant)
        finally:
            self._write(mutant.path, original)

    def _passes_without(self, test: str, mutant: Mutant) -> bool:
        """A test is believed to kill once it has passed on the ground as it is."""
        if test in self._passing or "::" not in test:
            return True
        if mutant.package == "policy":
            answer = self._ground.bare.ask(600, files=[test], order=[], environment={})
        else:
            own = self._ground.take_clone()
            answer = self._ground.collected.ask(600, tests=[test], database=own, template=FAULTY)
            self._ground.drop(own)
        self._ground.sweep()
        if answer.get("failed", "no end"):
            return False
        self._passing.add(test)
        return True

    def _write(self, path: str, text: str) -> None:
        file = self._ground.copy / path
        file.write_text(text, encoding="utf-8")
        # No two texts of a file share a time: what was compiled of one is never taken for the other's.
        moment = next(self._moment)
        os.utime(file, (moment, moment))

    def _try_file(self, mutant: Mutant) -> Tried:
        if mutant.package == "policy":
            return self._try_policy(mutant)
        if mutant.path == _CLUSTER_WIDE:
            return self._on_own_cluster()
        return self._try_privilege(mutant)

    def _try_policy(self, mutant: Mutant) -> Tried:
        tests = [*self._watching.of_policy(), *self._watching.of_what_builds_on_policy()]
        tests = self._killers.before(mutant, tests)
        if mutant.swappable and f"{mutant.path.rpartition('/')[2]}::{mutant.place}" not in self._called:
            return self._swapped(mutant, tests)
        likely = dict.fromkeys(test.partition("::")[0] for test in tests[:_LIKELY])
        further = dict.fromkeys(
            test.partition("::")[0] for test in tests if not test.startswith("tests/policy/")
        )
        for files in (likely, ["tests/policy"], further):
            answer = self._ground.bare.ask(
                self._longest(tests), files=list(files), order=tests, environment={},
                left_out=self._watching.left_out,
            )  # fmt: skip
            self._ground.sweep()
            if _verdict(answer)[0] is not Verdict.SURVIVED:
                break
        return _verdict(answer)

    def _swapped(self, mutant: Mutant, tests: list[str]) -> Tried:
        """In a child that has loaded everything; those that read the database in one of their own."""
        inside = [test for test in tests if not self._watching.reads_database(test)]
        answer = self._ground.collected.ask(
            self._longest(inside), tests=inside, database=databases.TEMPLATE, template=databases.TEMPLATE,
            swap=(mutant.path, mutant.place, mutant.text),
        )  # fmt: skip
        if _verdict(answer)[0] is not Verdict.SURVIVED:
            return _verdict(answer)
        outside = [test for test in tests if self._watching.reads_database(test)]
        own = self._ground.take_clone()
        return self._run(mutant, outside, own, FAULTY, swap=(mutant.path, mutant.place, mutant.text))

    def _longest(self, tests: list[str]) -> float:
        return 60 + 5 * self._watching.seconds(tests)

    def _try_function(self, mutant: Mutant, changed: str) -> Tried:
        own = self._ground.take_clone()
        try:
            self._ground.run(own, changed)
            self._ground.run(FAULTY, changed)
        except psycopg.Error:
            self._ground.drop(own)
            return Verdict.STILLBORN, ""
        try:
            return self._run(mutant, self._watching_function(mutant), own, FAULTY)
        finally:
            self._ground.run(FAULTY, str(mutant.original_function))

    def _watching_function(self, mutant: Mutant) -> list[str]:
        watching = self._watching
        asked = watching.of_header if mutant.in_header else watching.of_place
        return asked(mutant.place, mutant.path)

    def _run(self, mutant: Mutant, tests: list[str], database: str, template: str, **more: Any) -> Tried:
        asked = self._killers.before(mutant, tests)
        if self._quick is not None:
            asked = self._watching.within(asked, self._quick)
        answer = self._ground.collected.ask(
            self._longest(asked), tests=asked, database=database, template=template, **more
        )
        self._ground.drop(database)
        self._ground.sweep()
        verdict, killer = _verdict(answer)
        return (
            Verdict.UNSETTLED if verdict is Verdict.SURVIVED and len(asked) < len(tests) else verdict
        ), killer

    def _try_privilege(self, mutant: Mutant) -> Tried:
        try:
            self._ground.build(_BUILT)
        except RuntimeError as error:
            self._ground.drop(_BUILT)
            return self._not_built(str(error))
        own = self._ground.clone("kelmu_ahead_own", _BUILT)
        try:
            return self._run(mutant, self._watching.of_privilege(), own, _BUILT)
        finally:
            self._ground.drop(_BUILT)

    def _not_built(self, error: str) -> Tried:
        """Killed, if it is the fault that is in the way."""
        if "SyntaxError" in error:
            return Verdict.STILLBORN, ""
        if "psycopg.errors" in error or "django.db.utils" in error:
            return Verdict.KILLED, "no start"
        raise RuntimeError(error)

    def _on_own_cluster(self) -> Tried:
        environment = {
            name: value for name, value in self._ground.environment.items() if "CLUSTER" not in name
        }
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:warnings", CATALOGUE]
        done = subprocess.run(
            command, cwd=self._ground.copy, env=environment, capture_output=True, check=False, timeout=900
        )
        return (Verdict.KILLED, CATALOGUE) if done.returncode else (Verdict.SURVIVED, "")


def _verdict(answer: dict[str, Any]) -> Tried:
    """What an answer says.

    Raises:
        RuntimeError: the trial itself went wrong.
    """
    if answer.get("no_end"):
        return Verdict.NO_END, ""
    if "failed" not in answer:
        raise RuntimeError(str(answer.get("broken", answer)))
    return (Verdict.KILLED, answer["failed"]) if answer["failed"] else (Verdict.SURVIVED, "")
