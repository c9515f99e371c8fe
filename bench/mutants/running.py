"""What a forked child of a warm server does: run tests to the first that fails, or watch what they call."""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from bench.mutants.swapping import swap

OPTIONS = (
    "-q", "--tb=short", "--capture=sys", "-p", "no:warnings", "-p", "no:xdist",
    "--hypothesis-profile=unshrunk",
)  # fmt: skip
CALLED = "kelmu mutants: called "
"""What an instrumented function of the database writes to the server's log, its name after it."""


class FirstFailure:
    """Remembers what failed first; puts collected tests into the order asked for."""

    def __init__(self, order: list[str]) -> None:
        self._order = {name: place for place, name in enumerate(order)}
        self.failed: str | None = None
        self.why = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Tests that are named come in the order of their names, the others after them."""
        items.sort(key=lambda item: self._order.get(item.nodeid, len(self._order)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test or what it needs went wrong."""
        if report.failed and self.failed is None:
            self.failed, self.why = report.nodeid, report.longreprtext[-2000:]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file could not be imported."""
        if report.failed and self.failed is None:
            self.failed = report.nodeid


def bare(request: dict[str, Any]) -> dict[str, Any]:
    """Start pytest in this process on files of tests, or build a template database."""
    os.environ.update(request["environment"])
    if "template" in request:
        from tests import databases  # noqa: PLC0415 - not before the environment, and not in the parent

        databases.TEMPLATE = request["template"]
        databases.make_template(databases.server_at(os.environ["KELMU_TEST_CLUSTER_HOME"]))
        return {"failed": None}
    watcher = FirstFailure(request["order"])
    left_out = [f"--deselect={test}" for test in request.get("left_out", [])]
    code = pytest.main([*OPTIONS, "-x", *left_out, *request["files"]], plugins=[watcher])
    return {"failed": watcher.failed or (None if code == pytest.ExitCode.OK else f"pytest ended with {code}")}


def collected(session: pytest.Session, request: dict[str, Any]) -> dict[str, Any]:
    """Run some of the collected tests in a database that is there already."""
    _point_at(request["database"], request["template"])
    if "swap" in request:
        swap(*request["swap"])
    items = _chosen(session.items, request["tests"])
    watcher: FirstFailure | Watcher
    watcher = Watcher(Path(request["log"])) if "log" in request else FirstFailure([])
    session.config.pluginmanager.register(watcher)
    for item, following in zip_longest(items, items[1:]):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if isinstance(watcher, FirstFailure) and watcher.failed:
            session._setupstate.teardown_exact(None)  # noqa: SLF001 - what a stopped session does itself
            return {"failed": watcher.failed, "why": watcher.why}
    return {"failed": None} if isinstance(watcher, FirstFailure) else watcher.seen()


def _chosen(items: list[pytest.Item], wanted: list[str]) -> list[pytest.Item]:
    """Tests by their names in the order asked for; or, where files are named, all of theirs."""
    known = {item.nodeid: item for item in items}
    files = set(wanted)
    return [known[name] for name in wanted if name in known] + [
        item for item in items if item.nodeid.partition("::")[0] in files
    ]


def _point_at(database: str, template: str) -> None:
    """What ``tests/conftest.py`` does at the start of a process, for a database made beforehand."""
    from tests import conftest, databases  # noqa: PLC0415 - only the collected server has them

    own = databases.Database(databases.server_at(os.environ[conftest.HOME]), database)
    databases.TEMPLATE = template
    conftest._own[:] = [own]  # noqa: SLF001 - the process's database is nobody else's business
    os.environ["KELMU_DATABASE_URL"] = own.url()
    databases.point_django_at(own)


class Watcher:
    """Notes how long each test takes and which functions of the database it calls.

    What the setting up of a wider fixture calls belongs to every test that may rely on it.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._place = log.stat().st_size
        self._begun = time.monotonic()
        self._own: dict[str, set[str]] = {}
        self._wide: defaultdict[str, set[str]] = defaultdict(set)
        self._seconds: dict[str, float] = {}
        self._failed: set[str] = set()

    def _new_calls(self) -> set[str]:
        with self._log.open("rb") as file:
            file.seek(self._place)
            text = file.read()
        self._place += len(text)
        lines = text.decode(errors="replace").splitlines()
        return {line.partition(CALLED)[2].strip() for line in lines if CALLED in line}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test begins."""
        self._begun = time.monotonic()
        self._own[nodeid] = set()
        self._new_calls()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A part of it is over."""
        self._own[report.nodeid] |= self._new_calls()
        self._seconds[report.nodeid] = time.monotonic() - self._begun
        if report.failed:
            print(report.longreprtext, file=sys.stderr)
            self._failed.add(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Iterator[Any]:
        """What a fixture calls is a test's own, or, of a wider fixture, that of its file or folder."""
        before = self._new_calls()
        result = yield
        called = self._new_calls()
        if fixturedef.scope != "function":
            everybody = fixturedef.scope in {"session", "package"}
            self._wide["" if everybody else request.node.nodeid.partition("::")[0]] |= called
        running = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        self._own.setdefault(running, set()).update(before | called)
        return result

    def seen(self) -> dict[str, Any]:
        """Seconds and calls of each test, and which failed."""
        tests = {
            name: {
                "seconds": round(seconds, 3),
                "calls": sorted(self._own[name].union(*(
                    called for place, called in self._wide.items() if name.startswith(place)
                ))),
            }
            for name, seconds in self._seconds.items()
        }  # fmt: skip
        return {"tests": tests, "failures": sorted(self._failed)}
