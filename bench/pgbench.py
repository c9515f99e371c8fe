"""pgbench making door calls: the limit that the web server is measured against."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from tools.postgres.binaries import binaries

WARM_UP_S = 3
"""Seconds that do not count."""

BARE = """SELECT door.acting('{secret}');
SELECT door.api_client('{token}');
"""
"""What the bare view asks: two light calls."""

INQUIRY = """SELECT secret, facts
    FROM door.begin_machine_acting('{token}', '{pseudonym}', 'bench', NULL) \\gset
SELECT inquiry_id, ticket
    FROM door.open_inquiry(:secret, '{purpose}', 'bench', NULL, true, '{code}', '{groups}') \\gset
SELECT door.read_outcome(:secret, :ticket);
SELECT door.read_dossier(:secret, :ticket);
"""
"""What one inquiry over the interface asks, in its order; as there, each call is a transaction of its own.

Once a minute each worker asks also whose the token is.
"""


def run(url: str, scripts: Sequence[str], *, connections: int, seconds: int) -> float:
    """Transactions (whole scripts) a second after a warm-up; each is one of the scripts by chance.

    New connections plan every statement anew, which the web server's have done long ago.

    Raises:
        RuntimeError: pgbench failed, or a script did.
    """
    parts = conninfo_to_dict(url)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, script in enumerate(scripts):
            path = Path(folder) / f"{number}.sql"
            path.write_text(script)
            files += ["-f", str(path)]
        done = subprocess.run(
            [
                binaries() / "pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", "2",
                "-P", "1", "-T", str(seconds + WARM_UP_S), "-h", str(parts["host"]), "-p", str(parts["port"]),
                "-U", str(parts["user"]), *files, str(parts["dbname"]),
            ],
            env={**os.environ, "PGPASSWORD": str(parts.get("password", ""))},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    each_second = [
        float(tps) for tps in re.findall(r"^progress: [0-9.]+ s, ([0-9.]+) tps", done.stderr, re.MULTILINE)
    ]
    if (
        done.returncode != 0
        or len(each_second) <= WARM_UP_S
        or "number of failed transactions: 0 " not in done.stdout
    ):
        raise RuntimeError(f"pgbench: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return statistics.mean(each_second[WARM_UP_S:])
