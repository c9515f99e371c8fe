"""The policy in the database is the one the package carries, as the door's own SQL reads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from kelmu.benefits.catalogue import catalogue
from kelmu.policy import policy_data, policy_digest
from kelmu.policy.actions import load_policy
from kelmu.policy.load import OWNER_VARIABLE
from tests.databases import Database

SOURCE = Path(__file__).resolve().parents[2] / "src"
TABLES = (
    "version", "organisation_type", "benefit", "mandate", "purpose", "profile", "profile_benefit", "feature",
)  # fmt: skip


def expanded(database: Database) -> dict[int, set[str]]:
    opened: dict[int, set[str]] = {profile_id: set() for profile_id in policy_data().profiles}
    with database.connect("kelmu_owner") as owner:
        for profile_id, code in owner.execute("SELECT profile_id, benefit_code FROM policy.profile_benefit"):
            opened[profile_id].add(code)
    return opened


def test_the_doors_sql_opens_the_same_benefits_for_every_profile_row(database: Database) -> None:
    assert expanded(database) == {line: set(row.benefits) for line, row in policy_data().profiles.items()}


def test_the_doors_sql_reads_every_kind_of_scope_as_policy_does(database: Database) -> None:
    """Scopes the shipped rows do not have: each code, each prefix, and mixtures, in a transaction undone."""
    codes = catalogue().codes()
    prefixes = {code.rsplit("-", count)[0] for code in codes for count in (1, 2, 3)} - set(codes)
    scopes = [[code] for code in codes] + [[prefix] for prefix in sorted(prefixes)]
    scopes += [["*", "SIC-TTP"], ["claimable", "MED-LK1"], ["DIS", "DIS-TUL", "claimable"], ["*"]]
    with database.connect("kelmu_owner", autocommit=False) as owner:
        for number, scope in enumerate(scopes, start=1000):
            owner.execute(
                "INSERT INTO policy.profile SELECT %s, organisation_type, mandate, purpose, channels,"
                " legal_basis, data_group, %s, NULL FROM policy.profile WHERE profile_id = 2",
                [number, scope],
            )
        owner.execute("SELECT policy.expand_profiles()")
        for number, scope in enumerate(scopes, start=1000):
            rows = owner.execute(
                "SELECT benefit_code FROM policy.profile_benefit WHERE profile_id = %s", [number]
            )
            reached = {code for (code,) in rows}
            known = [token for token in scope if _reaches_something(token)]
            assert reached == catalogue().matching(known), scope
        owner.rollback()


def _reaches_something(token: str) -> bool:
    """A prefix of health benefits only (such as MED) is refused by the loader; in SQL it opens nothing."""
    ordinary = [benefit.code for benefit in catalogue() if not benefit.health]
    return token in {"*", "claimable", *catalogue().codes()} or any(
        code.startswith(f"{token}-") for code in ordinary
    )


def test_every_table_holds_what_the_files_say(database: Database) -> None:
    data = policy_data()
    with database.connect("kelmu_owner") as owner:
        profiles = owner.execute(
            "SELECT profile_id, organisation_type, mandate, purpose, channels, legal_basis, data_group,"
            " benefit_scope, lookback_months FROM policy.profile"
        ).fetchall()
        types = owner.execute(
            "SELECT code, profile_type, national_area, everybody_outside FROM policy.organisation_type"
        ).fetchall()
        purposes = owner.execute("SELECT code, minor_allowed FROM policy.purpose").fetchall()
        mandates = owner.execute("SELECT code FROM policy.mandate").fetchall()
        features = owner.execute(
            "SELECT feature_id, organisation_type, mandate, feature, list_kind, purpose FROM policy.feature"
        ).fetchall()
        benefits = owner.execute(
            "SELECT code, health, claim_grounds, valid_to FROM policy.benefit"
        ).fetchall()
    assert {row[0]: row[1:] for row in profiles} == {
        line: (
            row.organisation_type, row.mandate, row.purpose, list(row.channels), row.legal_basis,
            row.data_group, list(row.benefit_scope), row.lookback_months,
        )
        for line, row in data.profiles.items()
    }  # fmt: skip
    assert set(types) == {
        (row.code, row.profile_type, row.national_area, row.everybody_outside)
        for row in data.organisation_types.values()
    }
    assert dict(purposes) == {code: purpose.minor_allowed for code, purpose in data.purposes.items()}
    assert {code for (code,) in mandates} == set(data.mandates)
    assert set(features) == {
        (line, row.organisation_type, row.mandate, row.feature, row.list_kind, row.purpose)
        for line, row in data.features.items()
    }
    assert {row[0]: (row[1], set(row[2]), row[3]) for row in benefits} == {
        each.code: (each.health, set(each.claim_grounds), each.valid_to) for each in catalogue()
    }


def test_the_current_version_is_the_packages_and_there_is_one(database: Database) -> None:
    with database.connect("kelmu_owner") as owner:
        rows = owner.execute("SELECT digest FROM policy.version WHERE is_current").fetchall()
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute("INSERT INTO policy.version (digest, is_current) VALUES (repeat('0', 64), true)")
    assert rows == [(policy_digest(),)]


def test_loading_replaces_everything_and_can_be_repeated(database: Database) -> None:
    with database.connect("kelmu_owner", autocommit=False) as owner:
        owner.execute("DELETE FROM policy.profile_benefit")
        owner.execute("DELETE FROM policy.feature")
        owner.execute("UPDATE policy.benefit SET health = false")
        owner.execute("UPDATE policy.version SET is_current = false")
        owner.execute("INSERT INTO policy.version (digest, is_current) VALUES (repeat('0', 64), true)")
        assert load_policy(owner) == load_policy(owner) == policy_digest()
        assert owner.execute("SELECT count(*) FROM policy.feature").fetchone() == (
            len(policy_data().features),
        )
        assert owner.execute("SELECT count(*) FROM policy.benefit WHERE health").fetchone() == (
            sum(benefit.health for benefit in catalogue()),
        )
        current = owner.execute("SELECT digest FROM policy.version WHERE is_current").fetchall()
        assert current == [(policy_digest(),)]
        owner.rollback()


@pytest.mark.parametrize(
    "role", ["kelmu_web", "kelmu_worker", "kelmu_feed", "kelmu_auditor", "kelmu_monitor"]
)
def test_no_login_role_but_the_owner_reads_or_rewrites_the_policy(database: Database, role: str) -> None:
    with database.connect(role) as connection:
        for table in TABLES:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT FROM policy.{table}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT policy.expand_profiles()")


def test_the_door_reads_the_policy_and_cannot_change_it(database: Database) -> None:
    with database.connect("kelmu_owner", autocommit=False) as connection:
        connection.execute("SET ROLE kelmu_door")
        for table in TABLES:
            connection.execute(f"SELECT FROM policy.{table}".encode())
        for change in (b"DELETE FROM policy.profile", b"UPDATE policy.benefit SET health = false"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(change)
        connection.rollback()


def run_load(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kelmu.policy.load"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_says_in_one_line_what_it_did_or_why_not(database: Database) -> None:
    done = run_load(**{OWNER_VARIABLE: database.url("kelmu_owner")})
    assert (done.returncode, done.stdout) == (0, f"policy {policy_digest()}\n"), done.stderr
    missing = run_load()
    assert (missing.returncode, missing.stderr) == (1, f"{OWNER_VARIABLE} is not set\n")
    refused = run_load(**{OWNER_VARIABLE: database.url("kelmu_web")})
    assert refused.returncode == 1
    assert refused.stderr.startswith("the policy was not loaded: ")
    assert len(refused.stderr.splitlines()) == 1
