"""The embedded server: who runs it, where its data lie, and what it leaves behind."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tools.postgres.accounts import Account
from tools.postgres.binaries import binaries, copy_binaries
from tools.postgres.server import ADMIN, EmbeddedServer

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can borrow another user")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home whose cluster is gone afterwards, also when the test failed."""
    folder = tmp_path / "closed" / "home"
    folder.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    yield folder
    EmbeddedServer(folder).destroy()


def select_one(server: EmbeddedServer) -> object:
    with psycopg.connect(server.url(ADMIN, "postgres")) as connection:
        row = connection.execute("SELECT 1").fetchone()
    assert row is not None
    return row[0]


def modes_above(path: Path) -> dict[Path, tuple[int, int]]:
    return {folder: (folder.stat().st_mode, folder.stat().st_uid) for folder in path.parents}


@AS_ROOT
def test_root_with_an_unreachable_folder_gets_a_server_and_no_folder_is_opened(home: Path) -> None:
    before = modes_above(home)
    server = EmbeddedServer(home)
    server.start()

    assert select_one(server) == 1
    assert modes_above(home) == before
    assert not server.data.is_relative_to(home)
    assert server.data.stat().st_uid not in {0, os.geteuid()}
    assert stat.S_IMODE((home / "server.json").stat().st_mode) == 0o600


@AS_ROOT
def test_programs_in_an_unreachable_folder_are_copied_with_the_libraries_they_need(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = binaries().parents[1]
    hidden = home.parent / "site-packages"
    shutil.copytree(package / "pginstall", hidden / package.name / "pginstall", symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), hidden / f"{package.name}.libs")
    monkeypatch.setenv("KELMU_POSTGRES_BIN", str(hidden / package.name / "pginstall" / "bin"))

    server = EmbeddedServer(home)
    server.start()
    shutil.rmtree(hidden)

    assert select_one(server) == 1
    server.stop()
    assert not server.running()


@AS_ROOT
def test_an_ordinary_user_runs_the_server_as_himself(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = pwd.getpwnam("nobody")
    home = Path(tempfile.mkdtemp(prefix="kelmu-test-"))
    # This clone may lie where only root can reach it; his own would not.
    monkeypatch.setenv("KELMU_POSTGRES_BIN", str(copy_binaries(binaries(), home / "programs")))
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    try:
        assert in_child(nobody, lambda: start_look_and_stop(home)) == 0
    finally:
        shutil.rmtree(home)


def start_look_and_stop(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    try:
        assert Account.for_server() is None
        assert server.data == home / "cluster" / "data"
        assert select_one(server) == 1
    finally:
        server.stop()


def in_child(user: pwd.struct_passwd, action: Callable[[], None]) -> int:
    """Run an action in a forked process as another user; 0 if it went well."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            action()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_second_start_keeps_the_data_and_does_not_start_twice(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "home")
    try:
        server.start()
        with psycopg.connect(server.url(ADMIN, "postgres")) as connection:
            connection.execute("CREATE TABLE kept (n integer)")
        port = server.port
        EmbeddedServer(tmp_path / "home").start()
        assert server.port == port

        server.stop()
        server.stop()
        server.start()
        with psycopg.connect(server.url(ADMIN, "postgres")) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    finally:
        server.destroy()
    assert not (tmp_path / "home").exists()
    assert not server.exists


def test_nobody_connects_without_a_password(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "home")
    try:
        server.start()
        for role in (ADMIN, "kelmu_web"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(
                    host="127.0.0.1", port=server.port, user=role, dbname="postgres", password="guess"
                )
    finally:
        server.destroy()
