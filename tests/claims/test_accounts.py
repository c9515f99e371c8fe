"""The accounts file, and the command that loads it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kelmu.claims.__main__ import main
from kelmu.claims.account_file import read_account_file
from tests.databases import Database
from tests.world import Body, World
from tools.cast.loading import CAST_FILE, load_cast

FILE = """
[[organisations]]
business_id = "{business_id}"
four_eyes = {four_eyes}
[[organisations.accounts]]
name = "{name}"
iban = "fi21 1234 5600 0007 85"
valid_from = 2026-01-01
{end}
"""


def load(tmp_path: Path, text: str) -> int:
    file = tmp_path / "accounts.toml"
    file.write_text(text, encoding="utf-8")
    return main(["load-accounts", str(file)])


def text(body: Body, *, four_eyes: str = "true", name: str = "Assistance", end: str = "") -> str:
    return FILE.format(business_id=body.business_id, four_eyes=four_eyes, name=name, end=end)


def known(world: World, body: Body) -> list[tuple[object, ...]]:
    return world.database.run(
        "SELECT s.four_eyes, a.name, a.iban, a.valid_from, a.valid_to FROM claims.setting s "
        "LEFT JOIN claims.account a USING (organisation_id) WHERE organisation_id = %s ORDER BY a.account_id",
        body.organisation_id,
    )


@pytest.fixture(autouse=True)
def as_owner(monkeypatch: pytest.MonkeyPatch, clean_database: Database) -> None:
    monkeypatch.setenv("KELMU_OWNER_DATABASE_URL", clean_database.url("kelmu_owner"))


def test_accounts_are_loaded_again_without_losing_one(
    tmp_path: Path, world: World, body: Body, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(tmp_path, text(body)) == 0
    assert capsys.readouterr().err == "1 organisations, 1 accounts\n"
    iban, first = "FI2112345600000785", date(2026, 1, 1)
    assert known(world, body) == [(True, "Assistance", iban, first, None)]
    assert load(tmp_path, text(body, four_eyes="false", name="Other", end="valid_to = 2026-12-31")) == 0
    assert known(world, body) == [(False, "Other", iban, first, date(2026, 12, 31))]
    emptied = f'[[organisations]]\nbusiness_id = "{body.business_id}"\nfour_eyes = true\naccounts = []\n'
    assert load(tmp_path, emptied) == 0
    assert known(world, body) == [(True, "Other", iban, first, date(2026, 12, 31))]


def test_a_file_with_a_fault_changes_nothing(
    tmp_path: Path, world: World, body: Body, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = text(body)
    for wrong, fault in (
        (whole.replace("85", "86"), "organisations.1.accounts.1.iban: Value error, no account number"),
        (whole + "colour = 1\n", "organisations.1.accounts.1.colour: Unexpected keyword argument"),
        (
            whole + "valid_to = 2025-12-31\n",
            f"organisation {body.business_id}, accounts 1: ends before it starts",
        ),
        (whole + whole, f"organisation {body.business_id} stands twice"),
        (whole + whole.replace(body.business_id, "1234567-1"), "no organisation 1234567-1 is on record"),
        ("[", "accounts.toml: Invalid"),
    ):
        assert load(tmp_path, wrong) == 1
        assert fault in capsys.readouterr().err
    assert known(world, body) == []


def test_without_a_database_it_says_so(
    tmp_path: Path, body: Body, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KELMU_OWNER_DATABASE_URL")
    assert load(tmp_path, text(body)) == 2
    monkeypatch.setenv("KELMU_OWNER_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert load(tmp_path, text(body)) == 1
    assert "cannot be reached" in capsys.readouterr().err


def test_the_casts_organisations_that_can_claim_have_accounts() -> None:
    accounts = read_account_file(CAST_FILE.with_name("claim_accounts.toml"))
    claimants = {
        organisation.business_id
        for organisation in load_cast().organisations
        for agreement in organisation.agreements
        if "claims" in agreement.data_groups
    }
    named = {each.business_id for each in accounts.organisations}
    # Jomala's claims are made by its joint authority.
    assert claimants - named == {"9900005-0"}
    assert named <= claimants
    assert all(each.accounts for each in accounts.organisations)
