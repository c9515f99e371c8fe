"""Processes killed in the middle of transfers: each notice is in one inbox, and what was answered is kept.

A few by default; ``make notice-kills`` kills many more.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from uuid import UUID

import pytest

from tests.databases import ROOT
from tests.notices.desks import Desks, NoticeDesk
from tests.notices.sending import Sender
from tests.world import TAMPERE, TURKU, World

KILLS = int(os.environ.get("KELMU_NOTICE_KILLS", "4"))
"""At each point of a transfer."""
POINTS = ("begun", "answered", "committed")
WORKER = """
import sys, psycopg
url, secret, notice_id, version, target = sys.argv[1:]
with psycopg.connect(url) as connection:
    print("begun", flush=True)
    sys.stdin.readline()
    row = connection.execute(
        "SELECT door.transfer_notice(%s, %s, %s, %s, 'She has moved there')",
        [secret, notice_id, int(version), target],
    ).fetchone()
    print("answered " + row[0]["result"], flush=True)
    sys.stdin.readline()
    connection.commit()
    print("committed", flush=True)
    sys.stdin.readline()
"""


def killed_at(point: str, desk: NoticeDesk, world: World, notice_id: UUID, version: int, target: str) -> None:
    """Start a transfer in a process of its own and kill it without warning when it has come to a point."""
    command = [
        sys.executable,
        "-c",
        WORKER,
        world.database.url(),
        desk.secret,
        str(notice_id),
        str(version),
        target,
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        for reached in POINTS:
            assert worker.stdout.readline().startswith(reached)
            if reached == point:
                worker.send_signal(signal.SIGKILL)
                break
            worker.stdin.write("\n")
            worker.stdin.flush()
        worker.wait(timeout=30)


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_transfer_leaves_the_notice_in_one_inbox(
    world: World, sender: Sender, desks: Desks, point: str
) -> None:
    here, there = desks(world.body()), desks(world.body(county="05"))
    sent = sender.send(world.person())
    assert sent is not None
    holder, other, target, version = here, there, TURKU, 1
    for _ in range(KILLS):
        killed_at(point, holder, world, sent, version, target)
        if point == "committed":
            holder, other, target, version = other, holder, TAMPERE if target == TURKU else TURKU, version + 1
        assert_in_one_inbox(sender, sent, holder, other, version)
    # It can go on: no lock and no half of a transfer is left.
    assert holder.transfer(sent, version, target)["result"] == "done"
    assert_in_one_inbox(sender, sent, other, holder, version + 1)


def assert_in_one_inbox(
    sender: Sender, sent: UUID, holder: NoticeDesk, other: NoticeDesk, version: int
) -> None:
    # Until the killed client's backend notices, the row is locked, and readers see what was.
    assert (sent in holder.ids(), sent in other.ids()) == (True, False)
    notice = sender.notice(sent)
    assert (notice["version"], notice["moves"]) == (version, version - 1)
    for table in ("transfer", "event"):
        query = "SELECT count(*) FROM notices.transfer WHERE notice_id = %s"
        if table == "event":
            query = "SELECT count(*) - 1 FROM notices.event WHERE notice_id = %s"
        [(count,)] = sender.world.database.run(query, sent)
        assert count == version - 1
