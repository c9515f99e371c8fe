"""Promises of the benefit catalogue."""

from __future__ import annotations

import shutil
from datetime import date
from importlib.resources import as_file
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelmu.benefits.catalogue import (
    Catalogue,
    ClaimGround,
    Unit,
    UnknownBenefitError,
    catalogue,
    data_file,
    load_catalogue,
)
from kelmu.core.data_files import DataFileError

HEADER = (
    "code,heading,name_fi,name_sv,name_en,law,unit,claim_grounds,written_basis,health,valid_from,valid_to"
)
CODES = catalogue().codes()


def load(tmp_path: Path, *lines: str) -> Catalogue:
    file = tmp_path / "benefits.csv"
    file.write_text("\n".join((HEADER, *lines, "")), encoding="utf-8")
    return load_catalogue(file)


def line(code: str = "FAM-X", **fields: str) -> str:
    values = dict.fromkeys(HEADER.split(","), "")
    values |= {"heading": "Families", "name_fi": "etuus", "name_sv": "förmån", "name_en": "benefit"}
    values |= {"unit": "m"} | fields | {"code": code}
    return ",".join(values.values())


def test_the_whole_catalogue_is_there() -> None:
    known = catalogue()
    assert len(known) == len(CODES) == 116
    assert known["FAM-LL"].claim_grounds == frozenset(ClaimGround)
    assert known["HOU-YAT"].claim_grounds == {ClaimGround.SOCIAL_ASSISTANCE_ACT}
    assert known["SOC-MS"].unit is Unit.VOUCHER
    assert known["UNE-YT"].valid_from == date(2026, 5, 1)
    assert known["UNE-TMT"].valid_to == date(2026, 4, 30)
    assert "FAM-LL" in known
    assert "FAM" not in known


def test_a_benefit_has_its_name_in_each_language_and_finnish_otherwise() -> None:
    names = {each: catalogue().name("UNE-TMT", each) for each in ("fi", "sv-FI", "en", "de")}
    assert names == {
        "fi": "työmarkkinatuki",
        "sv-FI": "arbetsmarknadsstöd",
        "en": "labour market subsidy",
        "de": "työmarkkinatuki",
    }


def test_an_unknown_code_is_an_error() -> None:
    for ask in (
        lambda: catalogue()["FAM"],
        lambda: catalogue().name("fam-ll", "fi"),
        lambda: catalogue().lines(""),
    ):
        with pytest.raises(UnknownBenefitError):
            ask()


def test_every_means_all_that_does_not_tell_of_illness_or_treatment() -> None:
    every = catalogue().matching(["*"])
    assert every == {benefit.code for benefit in catalogue() if not benefit.health}
    assert not every & {"MED-LK1", "SIC-TTP", "REH-PSY", "FAM-EHR"}


def test_claimable_means_all_with_a_claim_ground_even_if_they_tell_of_illness() -> None:
    claimable = catalogue().matching(["claimable"])
    assert claimable == {benefit.code for benefit in catalogue() if benefit.claim_grounds}
    assert "FAM-ERR" in claimable
    assert catalogue()["FAM-ERR"].health


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (["FAM-KHT"], {"FAM-KHT-R", "FAM-KHT-L", "FAM-KHT-K"}),
        (["FAM-LL"], {"FAM-LL"}),  # not FAM-LLY, not FAM-LLP
        (["PEN-LE"], {"PEN-LE-A", "PEN-LE-J"}),
        (["DIS-16"], {"DIS-16-1", "DIS-16-2", "DIS-16-3"}),  # not DIS-U16
        (["SIC"], {"SIC-SPR", "SIC-OSPR"}),  # the two others tell of illness
        (["SIC-TTP"], {"SIC-TTP"}),  # by its full code
        (["SIC", "SIC-LUO"], {"SIC-SPR", "SIC-OSPR", "SIC-LUO"}),
        ([], set()),
    ],
)
def test_a_scope_reaches_whole_parts_and_full_codes(tokens: list[str], expected: set[str]) -> None:
    assert catalogue().matching(tokens) == expected


@pytest.mark.parametrize("token", ["MED", "FAM-K", "fam", "FAM-", "FAM-LL-X", "", "**"])
def test_a_token_that_reaches_nothing_is_an_error(token: str) -> None:
    with pytest.raises(UnknownBenefitError):
        catalogue().matching([token])


@given(st.lists(st.sampled_from(["*", "claimable", "FAM", "DIS", "PEN-LE", "REH", *CODES]), unique=True))
def test_scopes_add_up(tokens: list[str]) -> None:
    parts = [catalogue().matching([token]) for token in tokens]
    assert catalogue().matching(tokens) == frozenset().union(*parts)


def test_successive_lines_of_a_code_are_kept_and_the_latest_holds(tmp_path: Path) -> None:
    known = load(
        tmp_path, line(name_fi="vanha", valid_to="2025-12-31"), line(name_fi="uusi", valid_from="2026-01-01")
    )
    assert known.codes() == ("FAM-X",)
    assert len(known.lines("FAM-X")) == 2
    assert known.name("FAM-X", "fi") == "uusi"
    assert known.name("FAM-X", "fi", on=date(2025, 12, 31)) == "vanha"
    assert known.name("FAM-X", "fi", on=date(2026, 1, 1)) == "uusi"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([line("FAMX")], "benefits.csv:2: 'FAMX' has not the shape of a benefit code"),
        ([line("fam-x")], "benefits.csv:2: 'fam-x' has not the shape of a benefit code"),
        ([line(""), line()], "benefits.csv:2: code is empty"),
        ([line(name_fi="")], "benefits.csv:2: name_fi is empty"),
        ([line(), line("FAM-Y", name_sv="")], "benefits.csv:3: name_sv is empty"),
        ([line(name_en="")], "benefits.csv:2: name_en is empty"),
        ([line(heading="")], "benefits.csv:2: heading is empty"),
        ([line(unit="w")], "benefits.csv:2: unknown unit 'w'"),
        ([line(unit="")], "benefits.csv:2: unit is empty"),
        ([line(claim_grounds="sta24")], "benefits.csv:2: unknown claim ground 'sta24'"),
        ([line(health="yes")], "benefits.csv:2: health is 'yes'; only 1 or nothing is allowed"),
        ([line(valid_from="1.1.2026")], "benefits.csv:2: valid_from is '1.1.2026', which is no day"),
        ([line(valid_from="2026-02-01", valid_to="2026-01-31")], "benefits.csv:2: ends before it starts"),
        ([line(), line()], "benefits.csv:3: repeats line 2"),
        (
            [line(valid_to="2026-01-01"), line(valid_from="2026-01-01")],
            "benefits.csv:3: overlapping validity: FAM-X has another line for some of these days",
        ),
        (
            [line(), line(name_fi="toinen", valid_from="2026-01-01")],
            "benefits.csv:3: overlapping validity: FAM-X has another line for some of these days",
        ),
        (
            [line(valid_from="2026-01-01"), line(valid_to="2025-12-31")],
            "benefits.csv:3: the lines of FAM-X must stand in the order of time",
        ),
        (
            [line(valid_to="2025-12-31"), line(valid_from="2026-01-01", health="1")],
            "benefits.csv:3: the lines of FAM-X disagree on health or claim grounds",
        ),
    ],
)
def test_each_fault_is_told_with_its_line(tmp_path: Path, lines: list[str], message: str) -> None:
    with pytest.raises(DataFileError) as raised:
        load(tmp_path, *lines)
    assert str(raised.value) == message


def test_the_shipped_file_loads_from_anywhere(tmp_path: Path) -> None:
    with as_file(data_file()) as shipped:
        copied = Path(shutil.copy(shipped, tmp_path))
    assert load_catalogue(copied).codes() == CODES
