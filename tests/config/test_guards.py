"""The web process never sees how to connect as the owner of the database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kelmu.config.guards import refuse_owner_credentials
from kelmu.config.reading import SettingsError

OWNER_URL = "postgresql://kelmu_owner:secret@localhost/kelmu"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KELMU_OWNER_DATABASE_URL", OWNER_URL),
        ("KELMU_OWNER_DATABASE_URL_FILE", "/run/secrets/owner"),
        ("DATABASE_URL", OWNER_URL),
        ("PGSERVICE_DSN", "host=localhost user=kelmu_owner password=secret"),
    ],
    ids=["variable", "file", "other variable", "other form"],
)
def test_owner_credentials_in_the_environment_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=f"^{name}: ") as caught:
        refuse_owner_credentials()
    assert value not in str(caught.value)


def test_owner_credentials_in_the_password_file_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    passwords = tmp_path / "pgpass"
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    passwords.write_text("#localhost:5432:kelmu:kelmu_owner:old\nlocalhost:5432:kelmu:kelmu_web:mine\n")
    refuse_owner_credentials()

    passwords.write_text("localhost:5432:*:kelmu_owner:secret\n")
    with pytest.raises(SettingsError, match=r"^PGPASSFILE: "):
        refuse_owner_credentials()


def kelmu(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "-m", "kelmu", *arguments],
        env=environment | variables, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_the_web_server_refuses_to_start_with_the_owners_password_in_sight() -> None:
    done = kelmu("serve", KELMU_OWNER_DATABASE_URL=OWNER_URL)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "kelmu: KELMU_OWNER_DATABASE_URL: the web process must not see the database owner's credentials\n"
    )


def test_a_missing_setting_stops_the_web_server_with_one_line() -> None:
    done = kelmu("serve", KELMU_SECRET_KEY="", KELMU_PUBLIC_URL="nonsense")

    assert done.returncode == 2
    assert done.stderr.startswith("kelmu: ")
    assert "KELMU_SECRET_KEY is missing" in done.stderr
    assert "KELMU_PUBLIC_URL: " in done.stderr
    assert done.stderr.count("\n") == 1


def test_migrations_ask_for_the_owners_url_and_nothing_else() -> None:
    done = kelmu("migrate")

    assert done.returncode == 2
    assert done.stderr == "kelmu: KELMU_OWNER_DATABASE_URL is missing\n"
