"""Where one worker of a campaign tries mutants: a copy of the committed tree, a cluster, two warm servers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg

from tests import databases
from tools.postgres.provision import drop_database
from tools.postgres.server import ADMIN, LOGIN_ROLES

FAULTY = "kelmu_faulty"
"""The template modules clone when they want a database of their own, with the fault in it."""
TESTED = ("policy", "door", "api", "inquiry", "organisations", "identity", "notices", "lists")
"""The folders of tests whose verdict counts. Left out are the pages' looks, whole journeys and the feed: what
only they would notice counts as unnoticed."""
_LONG = ("tests/identity/test_cast_matrix.py", "tests/api/test_conformance.py")
"""Left out too: each a single test of many seconds, of routes or of odd requests rather than of rules."""


class Warm:
    """One warm server (see ``bench/mutants/warm.py``)."""

    def __init__(
        self, copy: Path, kind: str, environment: dict[str, str], tests: tuple[str, ...] = ()
    ) -> None:
        inward, self._requests = os.pipe()
        self._answers, outward = os.pipe()
        with (copy / ".data" / f"{kind}.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.mutants.warm", kind, str(inward), str(outward), *tests],
                cwd=copy, env=environment, pass_fds=(inward, outward), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log,
            )  # fmt: skip
        os.close(inward)
        os.close(outward)
        self._out = os.fdopen(self._requests, "w", encoding="utf-8")
        self._in = os.fdopen(self._answers, encoding="utf-8")
        ready = self._in.readline()
        if not ready:
            raise RuntimeError((copy / ".data" / f"{kind}.log").read_text(encoding="utf-8"))
        self.called = frozenset(json.loads(ready)["called"])
        """Functions of policy that were called before any test."""

    def ask(self, longest: float, **request: Any) -> dict[str, Any]:
        """What the child answered; ``{"no_end": True}`` if it did not in so many seconds."""
        print(json.dumps({**request, "longest": longest}), file=self._out, flush=True)
        line = self._in.readline()
        if not line:
            raise RuntimeError("a warm server has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End it, with the child it may be waiting for."""
        # The process first: a thread of ours may be reading, and holds the descriptor until the end comes.
        self._process.terminate()
        self._process.wait()
        self._out.close()
        self._in.close()


class Ground:
    """A worker's copy, cluster, templates and servers."""

    def __init__(self, root: Path) -> None:
        with ExitStack() as made:
            folder = tempfile.TemporaryDirectory(prefix="kelmu-mutants-", dir=root / ".data")
            self.copy = Path(made.enter_context(folder))
            _copy_committed(root, self.copy)
            _share_built(root, self.copy)
            (self.copy / ".data").mkdir()
            self.server = databases.start_cluster(in_memory=True)
            made.callback(databases.remove_cluster, self.server)
            self.environment = self._environment()
            self.bare = Warm(self.copy, "bare", self.environment)
            made.callback(self.bare.close)
            self.build(databases.TEMPLATE)
            self.clone(FAULTY, databases.TEMPLATE)
            folders = (f"tests/{name}" for name in TESTED)
            left_out = (f"--ignore={path}" for path in _LONG)
            self.collected = Warm(self.copy, "collected", self.environment, (*folders, *left_out))
            made.callback(self.collected.close)
            self._ahead = ThreadPoolExecutor(1)
            made.callback(self._ahead.shutdown)
            self._next: Future[str] = self._ahead.submit(self._clone)
            self._made = made.pop_all()

    def _environment(self) -> dict[str, str]:
        return {
            # The same keys in every process: pseudonyms in the template are made with one of them.
            **{name: value for name, value in os.environ.items() if name.startswith("KELMU_")},
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "PYTHONPATH": f"{self.copy / 'src'}:{self.copy}",
            "KELMU_TEST_CLUSTER_HOME": str(self.server.home),
        }  # fmt: skip

    def close(self) -> None:
        """Remove all of it."""
        self._made.close()

    def build(self, name: str) -> None:
        """A template made anew from the copy as it is.

        Raises:
            RuntimeError: it cannot be made; the text says why.
        """
        answer = self.bare.ask(600, template=name, environment={})
        if "failed" not in answer:
            raise RuntimeError(answer.get("broken", "building a template does not end"))

    def clone(self, name: str, template: str) -> str:
        """A copy of a database in which nobody is; returns its name."""
        # By files: half the work of the tests' own clones, which go through the write-ahead log.
        self.run(
            "postgres", f"CREATE DATABASE {name} OWNER kelmu_owner TEMPLATE {template} STRATEGY file_copy"
        )
        self.run("postgres", f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        self.run("postgres", f"GRANT CONNECT ON DATABASE {name} TO {', '.join(LOGIN_ROLES)}")
        return name

    def _clone(self) -> str:
        return self.clone(f"kelmu_ahead_{uuid.uuid4().hex[:12]}", databases.TEMPLATE)

    def take_clone(self) -> str:
        """A clone of the faultless template, made while the last trial ran; the next one is begun."""
        name = self._next.result()
        self._next = self._ahead.submit(self._clone)
        return name

    def run(self, database: str, query: str) -> None:
        """Some SQL as the superuser."""
        with psycopg.connect(self.server.url(ADMIN, database), autocommit=True) as connection:
            connection.execute(query.encode())

    def drop(self, name: str) -> None:
        """Drop a database, ending who is in it."""
        drop_database(self.server.url(ADMIN, "postgres"), name)

    def sweep(self) -> None:
        """Drop what the tests of a trial have cloned."""
        with psycopg.connect(self.server.url(ADMIN, "postgres")) as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'kelmu%%' "
                "AND datname NOT LIKE 'kelmu_ahead%%' AND datname <> ALL (%s)",
                [[databases.TEMPLATE, FAULTY]],
            ).fetchall()
        for (name,) in rows:
            self.drop(name)


def _copy_committed(root: Path, copy: Path) -> None:
    """The tree as last committed: nobody's half-done work disturbs a campaign."""
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=root, capture_output=True, check=True)
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as tar:
        tar.extractall(copy, filter="data")


def _share_built(root: Path, copy: Path) -> None:
    """What ``make assets`` has built for the pages, which is not committed."""
    (copy / "staticfiles").symlink_to(root / "staticfiles")
    for path in root.glob("src/**/*.mo"):
        shutil.copyfile(path, copy / path.relative_to(root))
