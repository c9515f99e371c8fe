"""Tries mutants: in a copy of the committed tree, on one cluster kept through the campaign.

A fault within a function goes straight into the template of the cluster, which the tests clone. A fault in
a privilege builds everything anew from the changed file.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import psycopg

from bench.mutants.model import Mutant, Verdict
from tests import databases
from tools.postgres.provision import drop_database
from tools.postgres.server import ADMIN

_LONGEST_S = 240
_POLICY = [
    f"tests/policy/test_{name}.py"
    for name in (
        "person_rules", "grants", "decide", "acting_session", "comparison", "loader", "door_tables",
        "naive", "matrix",
    )
]  # fmt: skip
_FIRST = {
    "identity/sql/doors.sql": "lifetimes",
    "inquiry/sql/decision.sql": "decision",
    "inquiry/sql/dossier.sql": "decision",
    "inquiry/sql/doors_open.sql": "tickets",
    "inquiry/sql/doors_read.sql": "tickets",
}
# Nothing there can tell a function from its mutant: one migrates from the files, one is about speed.
_NOT_FOR_MUTANTS = {"test_migrations.py", "test_plans.py"}


class Trials:
    """A campaign's copy and cluster."""

    def __init__(self, root: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kelmu-mutants-", dir=root / ".data")
        self.copy = Path(self._folder.name)
        _copy_committed(root, self.copy)
        self._server = databases.start_cluster()
        self._killers: dict[str, str] = {}
        self._make_template()

    def close(self) -> None:
        """Remove cluster and copy."""
        databases.remove_cluster(self._server)
        self._folder.cleanup()

    def _make_template(self) -> None:
        """By the copy's own source, in a process that imports it."""
        program = (
            "import sys; from tools.setup.test_environment import apply; apply(); "
            "from tests import databases; "
            "databases.make_template(databases.server_at(sys.argv[1]))"
        )
        subprocess.run(
            [sys.executable, "-c", program, str(self._server.home)], cwd=self.copy, check=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{self.copy / 'src'}:{self.copy}"},
        )  # fmt: skip

    def passes_without_fault(self, packages: Iterable[str]) -> bool:
        """Whether the tests that watch some packages pass on the copy as it is."""
        tests = {"policy": _POLICY, "door": self._door_tests("")}
        return all(self._test(tests[package]) is None for package in packages)

    def try_out(self, mutant: Mutant) -> tuple[Verdict, str]:
        """Put one fault in, run the tests that watch the place, take it out. Verdict and killer."""
        if mutant.function is not None:
            return self._try_function(mutant)
        file = self.copy / mutant.path
        original = file.read_text(encoding="utf-8")
        file.write_text(mutant.text, encoding="utf-8")
        try:
            if mutant.path.endswith(".py"):
                killer = self._test(self._ordered(mutant, _POLICY))
            else:
                killer = self._test(
                    [f"tests/door/test_{name}.py" for name in ("privileges", "tickets")], own=True
                )
        finally:
            file.write_text(original, encoding="utf-8")
        return self._verdict(mutant, killer)

    def _try_function(self, mutant: Mutant) -> tuple[Verdict, str]:
        try:
            self._redefine(mutant.function)
        except psycopg.Error:
            return Verdict.STILLBORN, ""
        try:
            tests = self._door_tests(mutant.path)
            if mutant.place.startswith("policy."):
                tests = ["tests/policy/test_door_tables.py", *tests]
            killer = self._test(self._ordered(mutant, tests))
        finally:
            self._redefine(mutant.original_function)
        return self._verdict(mutant, killer)

    def _verdict(self, mutant: Mutant, killer: str | None) -> tuple[Verdict, str]:
        if killer is None:
            return Verdict.SURVIVED, ""
        self._killers[mutant.place] = killer.partition("::")[0]
        return Verdict.KILLED, killer

    def _ordered(self, mutant: Mutant, tests: list[str]) -> list[str]:
        """What killed the last fault in this place comes first."""
        first = self._killers.get(mutant.place)
        return sorted(tests, key=lambda test: test != first)

    def _door_tests(self, path: str) -> list[str]:
        """The door's tests, with those about the file's subject first and the slow ones last."""
        first = next((name for end, name in _FIRST.items() if path.endswith(end)), "privileges")
        late = {"test_agreement_with_policy.py": 2, "test_nothing_leaks.py": 3, "test_durability.py": 4}
        found = [file.name for file in (self.copy / "tests/door").glob("test_*.py")]
        wanted = [name for name in found if name not in _NOT_FOR_MUTANTS]
        wanted.sort(key=lambda name: (name != f"test_{first}.py", late.get(name, 0), name))
        return [f"tests/door/{name}" for name in wanted]

    def _redefine(self, function: str | None) -> None:
        if function is None:
            raise ValueError("a function's mutant holds its function")
        with psycopg.connect(self._server.url(ADMIN, databases.TEMPLATE)) as connection:
            connection.execute(function.encode())

    def _test(self, tests: list[str], *, own: bool = False) -> str | None:
        """Run tests to the first failure; what failed, or None. ``own``: on a cluster made from the copy."""
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        if not own:
            environment["KELMU_TEST_CLUSTER_HOME"] = str(self._server.home)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-rfE", "-p", "no:warnings", *tests]
        (self.copy / ".data").mkdir(exist_ok=True)
        try:
            done = subprocess.run(
                command, cwd=self.copy, env=environment, capture_output=True, text=True, check=False,
                timeout=_LONGEST_S,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return "no end"
        finally:
            self._drop_clones()
        if done.returncode == 0:
            return None
        failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
        return failed[1] if failed else "no start"

    def _drop_clones(self) -> None:
        admin = self._server.url(ADMIN, "postgres")
        with psycopg.connect(admin) as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'kelmu%%' AND datname <> %s",
                [databases.TEMPLATE],
            ).fetchall()
        for (name,) in rows:
            drop_database(admin, name)


def _copy_committed(root: Path, copy: Path) -> None:
    """The tree as last committed: nobody's half-done work disturbs a campaign."""
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=root, capture_output=True, check=True)
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as tar:
        tar.extractall(copy, filter="data")
