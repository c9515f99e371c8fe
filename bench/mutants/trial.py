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
import time
from io import BytesIO
from pathlib import Path

import psycopg

from bench.mutants.model import Mutant, Verdict
from tests import databases
from tools.postgres.provision import drop_database
from tools.postgres.server import ADMIN

_BASELINE_S = 1800
_NO_END = "no end"
_POLICY = [
    f"tests/policy/test_{name}.py"
    for name in (
        "person_rules", "grants", "decide", "acting_session", "comparison", "loader", "door_tables",
        "naive", "matrix",
    )
]  # fmt: skip
_WATCHING = {
    "identity/sql/doors.sql": ("door/lifetimes", "door/acting", "door/boundaries"),
    "identity/sql/machine_doors.sql": ("api/token", "api/inquiries"),
    "inquiry/sql/decision.sql": ("door/decision", "door/boundaries", "door/agreement_with_policy"),
    "inquiry/sql/dossier.sql": ("door/decision", "door/boundaries", "door/dossier_groups", "door/tickets"),
    "inquiry/sql/dossier_groups.sql": ("door/dossier_groups",),
    "inquiry/sql/doors_open.sql": ("door/tickets", "door/boundaries", "door/lifetimes", "door/decision",
                                   "door/limits"),
    "inquiry/sql/doors_read.sql": ("door/tickets", "door/lifetimes", "door/acting", "door/durability"),
    "inquiry/sql/limits.sql": ("door/limits",),
    "policy/sql/tables.sql": ("policy/door_tables",),
}  # fmt: skip
"""The tests that watch the functions of a file, the quickest to kill first. Privileges are watched last."""


class Trials:
    """A campaign's copy and cluster."""

    def __init__(self, root: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kelmu-mutants-", dir=root / ".data")
        self.copy = Path(self._folder.name)
        _copy_committed(root, self.copy)
        self._server = databases.start_cluster()
        self._killers: dict[str, str] = {}
        self._longest: dict[tuple[str, ...], float] = {}
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

    def _see_it_pass(self, tests: list[str]) -> None:
        """Once before any fault: the tests pass on the copy as it is. Notes how long they may take."""
        if tuple(tests) in self._longest:
            return
        begun = time.monotonic()
        failed = self._test(tests, longest=_BASELINE_S)
        if failed is not None:
            raise RuntimeError(f"without any fault there fails {failed}")
        self._longest[tuple(tests)] = 60 + 4 * (time.monotonic() - begun)

    def try_out(self, mutant: Mutant) -> tuple[Verdict, str]:
        """Put one fault in, run the tests that watch the place, take it out. Verdict and killer.

        Raises:
            RuntimeError: the tests fail without any fault.
        """
        self._see_it_pass(self._watching(mutant))
        if mutant.function is not None:
            return self._try_function(mutant)
        file = self.copy / mutant.path
        original = file.read_text(encoding="utf-8")
        file.write_text(mutant.text, encoding="utf-8")
        try:
            killer = self._test_mutant(mutant)
        finally:
            file.write_text(original, encoding="utf-8")
        return self._verdict(mutant, killer)

    def _try_function(self, mutant: Mutant) -> tuple[Verdict, str]:
        try:
            self._redefine(mutant.function)
        except psycopg.Error:
            return Verdict.STILLBORN, ""
        try:
            killer = self._test_mutant(mutant)
        finally:
            self._redefine(mutant.original_function)
        return self._verdict(mutant, killer)

    def _test_mutant(self, mutant: Mutant) -> str | None:
        tests = self._watching(mutant)
        # A privilege's fault builds everything anew; the tests' time is short beside that.
        own = mutant.function is None and mutant.path.endswith(".sql")
        # What killed the last fault in this place comes first.
        first = self._killers.get(mutant.place)
        ordered = sorted(tests, key=lambda test: test != first)
        return self._test(ordered, own=own, longest=self._longest[tuple(tests)])

    def _verdict(self, mutant: Mutant, killer: str | None) -> tuple[Verdict, str]:
        if killer is None:
            return Verdict.SURVIVED, ""
        if killer == _NO_END:
            return Verdict.NO_END, ""
        self._killers[mutant.place] = killer.partition("::")[0]
        return Verdict.KILLED, killer

    def _watching(self, mutant: Mutant) -> list[str]:
        """The tests that watch the place of a fault."""
        if mutant.package == "policy":
            return _POLICY
        names = () if mutant.function is None else next(
            (tests for end, tests in _WATCHING.items() if mutant.path.endswith(end)), ()
        )  # fmt: skip
        paths = (name.partition("/") for name in names)
        watching = [f"tests/{folder}/test_{name}.py" for folder, _, name in paths]
        return [*watching, "tests/door/test_privileges.py"]

    def _redefine(self, function: str | None) -> None:
        if function is None:
            raise ValueError("a function's mutant holds its function")
        with psycopg.connect(self._server.url(ADMIN, databases.TEMPLATE)) as connection:
            connection.execute(function.encode())

    def _test(self, tests: list[str], *, longest: float, own: bool = False) -> str | None:
        """Run tests to the first failure; what failed, or None. ``own``: on a cluster made from the copy."""
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        if not own:
            environment["KELMU_TEST_CLUSTER_HOME"] = str(self._server.home)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-rfE", "-p", "no:warnings", *tests]
        (self.copy / ".data").mkdir(exist_ok=True)
        try:
            done = subprocess.run(
                command, cwd=self.copy, env=environment, capture_output=True, text=True, check=False,
                timeout=longest,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return _NO_END
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
