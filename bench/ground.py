"""What benches of the feed and of notices begin with: a feed, a fresh cluster on the disk, a template."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import databases
from tests.databases import ROOT
from tools.postgres.server import EmbeddedServer


@contextmanager
def cluster_with_feed(persons: int) -> Iterator[tuple[EmbeddedServer, Path]]:
    """A cluster with a migrated template, and a folder whose ``feed`` has so many persons; then removed."""
    work = Path(tempfile.mkdtemp(prefix="kelmu-bench-"))
    server = None
    try:
        _generate(work / "feed", persons)
        server = databases.start_cluster()
        databases.make_template(server)
        yield server, work
    finally:
        if server is not None:
            databases.remove_cluster(server)
        shutil.rmtree(work, ignore_errors=True)


def _generate(folder: Path, persons: int) -> None:
    """Write a feed in a process of its own, so that its memory is nobody else's."""
    command = [sys.executable, "-m", "tools.population", "--persons", str(persons), "--out", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
